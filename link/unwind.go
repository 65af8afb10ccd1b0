package link

// unwinding says which functions may return with the unwinding flag raised.
type unwinding struct {
	funcs    []bool // by function id
	indirect []bool // by type of the user: calls through a table
	any      bool   // calls through a typed reference may
}

// unwinds reports whether functions of an input may have to be unwound.
func (p *plan) unwinds(in *input) bool {
	return p.splice != nil && p.splice.unwinds && in == p.splice.user
}

// unwinders follows the call graph backwards from link.unwind. A call through
// a table reaches every function of its type whose reference is taken anywhere.
func unwinders(p *plan) *unwinding {
	if p.splice == nil || !p.splice.unwinds {
		return nil
	}
	user := p.splice.user
	u := &unwinding{funcs: make([]bool, p.size(Func)), indirect: make([]bool, len(user.types))}
	b := callers(p)
	queue := []int{int(*p.splice.unwind)}
	seen := make([]bool, b.nodes())
	seen[*p.splice.unwind] = true
	for len(queue) > 0 {
		n := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		for _, c := range b.from[b.start[n]:b.start[n+1]] {
			if !seen[c] {
				seen[c] = true
				queue = append(queue, int(c))
			}
		}
	}
	copy(u.funcs, seen)
	for t, to := range user.types {
		u.indirect[t] = seen[b.typeNode(to)]
	}
	u.any = seen[b.anyNode()]
	return u
}

// backEdges is the call graph turned round. Behind the functions there is a
// node for each type, which stands for the user's calls through a table, and
// one for all calls through references. The callers of node n are
// from[start[n]:start[n+1]].
type backEdges struct {
	*plan
	start, from []uint32
	filling     bool // the edges are counted first
	sub         bool // the user has subtypes: a call may reach functions of other types
}

func (b *backEdges) nodes() int { return b.anyNode() + 1 }

func (b *backEdges) typeNode(t uint32) int {
	if b.sub {
		return b.anyNode()
	}
	return b.size(Func) + int(t)
}

func (b *backEdges) anyNode() int { return b.size(Func) + len(b.types.types) }

func (b *backEdges) edge(from, to int) {
	if b.filling {
		b.from[b.start[to]] = uint32(from)
	}
	b.start[to]++
}

func callers(p *plan) *backEdges {
	b := &backEdges{plan: p}
	for _, t := range p.splice.user.mod.Types {
		b.sub = b.sub || t.Sub != 0
	}
	b.start = make([]uint32, b.nodes()+1)
	b.edges()
	sum := uint32(0)
	for n, count := range b.start {
		b.start[n] = sum
		sum += count
	}
	b.from, b.filling = make([]uint32, sum), true
	b.edges()
	copy(b.start[1:], b.start) // each has moved to where the next begins
	b.start[0] = 0
	return b
}

// edges lists every edge.
func (b *backEdges) edges() {
	for i := range id(b.size(Func)) {
		if b.live[Func][i] {
			b.function(i)
		}
		if b.taken[i] {
			b.edge(b.anyNode(), int(i))
			b.edge(b.typeNode(b.funcType(i)), int(i))
		}
	}
}

// function notes whom a function calls.
func (b *backEdges) function(i id) {
	in, f := b.owner(Func, i)
	if in == nil {
		for _, c := range b.synth(i).calls {
			b.edge(int(i), int(b.resolve(Func, c)))
		}
		return
	}
	for _, r := range in.refs.body(in.code(f)) {
		switch kind, to := r.split(); kind {
		case refFuncCall, refFuncTail, refFuncTake:
			b.edge(int(i), int(b.of(in, Func, to)))
		case refTypeCall:
			if in == b.splice.user {
				b.edge(int(i), b.typeNode(in.types[to]))
			}
		case refTypeRef:
			if in == b.splice.user {
				b.edge(int(i), b.anyNode())
			}
		}
	}
}
