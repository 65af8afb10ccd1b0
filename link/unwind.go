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
	seen := make([]bool, len(b.into))
	seen[*p.splice.unwind] = true
	for len(queue) > 0 {
		n := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		for _, c := range b.into[n] {
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
// one for all calls through references.
type backEdges struct {
	*plan
	into [][]uint32
	sub  bool // the user has subtypes: a call may reach functions of other types
}

func (b *backEdges) typeNode(t uint32) int {
	if b.sub {
		return b.anyNode()
	}
	return b.size(Func) + int(t)
}

func (b *backEdges) anyNode() int { return b.size(Func) + len(b.types.types) }

func (b *backEdges) edge(from, to int) { b.into[to] = append(b.into[to], uint32(from)) }

func callers(p *plan) *backEdges {
	b := &backEdges{plan: p}
	for _, t := range p.splice.user.mod.Types {
		b.sub = b.sub || t.Sub != 0
	}
	b.into = make([][]uint32, b.anyNode()+1)
	for i := range id(p.size(Func)) {
		if p.live[Func][i] {
			b.function(i)
		}
		if p.taken[i] {
			b.edge(b.anyNode(), int(i))
			b.edge(b.typeNode(p.funcType(i)), int(i))
		}
	}
	return b
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
