package link

// unwinding says which functions may return with the unwinding flag raised.
type unwinding struct {
	funcs    []bool // by function id
	indirect []bool // by type of the user: calls through a table
	any      bool   // calls through a typed reference may
}

// unwinders follows the call graph backwards from link.unwind. A call through
// a table reaches every function of its type whose reference is taken anywhere.
func unwinders(g *graph, live *liveness) *unwinding {
	u := &unwinding{funcs: make([]bool, g.size()), indirect: make([]bool, len(g.user.mod.Types))}
	if g.unwind == nil || !live.live[*g.unwind] {
		return u
	}
	b := callers(g, live)
	queue := []int{int(*g.unwind)}
	seen := make([]bool, len(b.into))
	seen[*g.unwind] = true
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
	for t := range u.indirect {
		u.indirect[t] = seen[b.typeNode(uint32(t))]
	}
	u.any = seen[b.anyNode()]
	return u
}

// backEdges is the call graph turned round. Behind the functions there is a
// node for each type of the user, which stands for a call through a table, and
// one for all calls through references.
type backEdges struct {
	*graph
	into  [][]uint32
	types map[string]uint32 // of the user, by key
	sub   bool              // the user has subtypes: a call may reach functions of other types
}

func (b *backEdges) typeNode(t uint32) int {
	if b.sub || int(t) >= len(b.user.types) {
		return b.anyNode()
	}
	return b.size() + int(b.user.types[t])
}

func (b *backEdges) anyNode() int { return b.size() + len(b.user.mod.Types) }

func (b *backEdges) edge(from, to int) { b.into[to] = append(b.into[to], uint32(from)) }

func callers(g *graph, live *liveness) *backEdges {
	b := &backEdges{graph: g, types: map[string]uint32{}}
	for i := range g.user.mod.Types {
		t := &g.user.mod.Types[i]
		b.sub = b.sub || t.Sub != 0
		if int(g.user.types[i]) == i {
			b.types[typeKey(t)] = uint32(i)
		}
	}
	b.into = make([][]uint32, b.anyNode()+1)
	for id := range funcID(g.size()) {
		if live.live[id] {
			b.function(id)
		}
		if live.taken[id] {
			b.reference(id)
		}
	}
	return b
}

func (b *backEdges) function(id funcID) {
	in, f := b.owner(id)
	if in == nil {
		for _, c := range b.synth(id).calls {
			b.edge(int(id), int(b.resolve(c)))
		}
		return
	}
	r := &in.refs[int(f)-len(in.imports)]
	for _, list := range [][]uint32{r.calls, r.funcs} {
		for _, c := range list {
			b.edge(int(id), int(b.resolve(in.id+funcID(c))))
		}
	}
	if in != b.user {
		return
	}
	for _, t := range r.indirect {
		b.edge(int(id), b.typeNode(t))
	}
	if r.uses&usesCallRef != 0 {
		b.edge(int(id), b.anyNode())
	}
}

// reference notes a function that an indirect call may reach.
func (b *backEdges) reference(id funcID) {
	b.edge(b.anyNode(), int(id))
	if in, f := b.owner(id); in == b.user {
		t, _ := in.funcType(f)
		b.edge(b.typeNode(uint32(t)), int(id))
	} else if t, ok := b.types[typeKey(b.funcType(id))]; ok {
		b.edge(b.typeNode(t), int(id))
	}
}
