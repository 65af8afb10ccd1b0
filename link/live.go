package link

import (
	"slices"

	"github.com/icsplice/icsplice/internal/wasm"
)

// liveness says what the output needs. A function is taken when something
// other than a direct call refers to it, so that it needs an index even if its
// calls are replaced by code.
type liveness struct {
	live      [numKinds][]bool
	taken     []bool      // functions
	declared  []bool      // functions that a live body takes by ref.func
	liveTypes []bool      // of the type space
	ops       [][]bool    // of each input's rare instructions
	read      map[id]bool // globals that constant expressions read
	dataUsed  []bool      // of each input: a live body names a data segment
}

// root is what the outside sees: exports in the output's order.
type root struct {
	as   string
	what entity
}

// marker finds everything that roots reach.
type marker struct {
	*graph
	*liveness
	queue   []entity
	filled  [Memory + 1][]filled // of memories and tables
	scanner scanner              // of constant expressions
	err     error
}

// mark finds everything that the roots reach and what is needed without them,
// such as start functions, or marks all.
func mark(g *graph, roots []root, needed []entity, all bool) (*liveness, error) {
	m := &marker{graph: g, liveness: &liveness{read: map[id]bool{}}}
	m.scanner.ops = &opTable{index: map[rareOp]uint32{}}
	for k := range numKinds {
		m.live[k] = make([]bool, g.size(k))
	}
	m.taken, m.declared = make([]bool, g.size(Func)), make([]bool, g.size(Func))
	m.liveTypes = make([]bool, len(g.types.types))
	m.listFilled()
	for _, in := range g.inputs {
		m.ops = append(m.ops, make([]bool, len(in.refs.ops)))
		m.dataUsed = append(m.dataUsed, false)
		m.listSegments(in)
	}
	for _, r := range roots {
		m.reach(r.what.kind, r.what.id)
		if i := m.resolve(Func, r.what.id); r.what.kind == Func && m.synth(i) != nil {
			m.taken[i] = true
		}
	}
	for _, e := range needed {
		m.reach(e.kind, e.id)
	}
	if all {
		m.everything()
	}
	m.drain()
	return m.liveness, m.err
}

// everything marks all that the inputs define.
func (m *marker) everything() {
	for _, in := range m.inputs {
		for k := range numKinds {
			for i := range in.count[k] {
				if !in.imported(k, uint32(i)) {
					m.reach(k, in.first[k]+id(i))
				}
			}
		}
		for _, t := range in.types {
			m.liveTypes[t] = true
		}
	}
}

// filled is a memory or table that segments may fill.
type filled struct {
	size     uint64 // initial, in bytes or elements
	outside  bool   // it is imported
	segments []id   // those of data or of elements
}

// listFilled notes what segments may fill.
func (m *marker) listFilled() {
	for _, k := range []Kind{Memory, Table} {
		m.filled[k] = make([]filled, m.size(k))
		for i := range m.filled[k] {
			if target := id(i); m.resolve(k, target) == target {
				m.filled[k][i] = filled{size: m.initialSize(entity{k, target}), outside: m.host(k, target) != nil}
			}
		}
	}
}

// listSegments notes which memory or table each active segment of an input
// fills. One that the outside sees, as what it fills is imported, and one that
// may not fit, which the outside sees too, take effect whether something uses
// what they fill or not.
func (m *marker) listSegments(in *input) {
	if in.count[Memory] > 0 {
		f := &m.filled[Memory][m.of(in, Memory, 0)]
		f.segments = slices.Grow(f.segments, len(in.mod.Data))
	}
	for i := range in.mod.Data {
		if d := &in.mod.Data[i]; d.Mode() == wasm.Active {
			target := m.of(in, Memory, uint32(d.Memory))
			m.listSegment(in.first[dataKind]+id(i), Memory, target, d.Offset, len(d.Init))
		}
	}
	for i := range in.mod.Elems {
		if e := &in.mod.Elems[i]; e.Mode() == wasm.Active {
			target := m.of(in, Table, uint32(e.Table))
			m.listSegment(in.first[elemKind]+id(i), Table, target, e.Offset, len(e.Funcs)+len(e.Exprs))
		}
	}
}

func (m *marker) listSegment(segment id, k Kind, target id, offset wasm.Expr, n int) {
	f := &m.filled[k][target]
	f.segments = append(f.segments, segment)
	if f.outside || !f.fits(offset, n) {
		m.reach(k, target)
	}
}

// fits reports whether n bytes or elements at an offset are known to fit.
func (f *filled) fits(offset wasm.Expr, n int) bool {
	if !isConst(offset) {
		return false
	}
	at, ok := constValue(offset)
	return ok && at <= f.size && uint64(n) <= f.size-at
}

// constValue is the number that a constant is, without its sign.
func constValue(x wasm.Expr) (uint64, bool) {
	v, n := wasm.ReadSleb64(x[1:])
	if wasm.Op(x[0]) == wasm.OpI32Const {
		return uint64(uint32(v)), n > 0
	}
	return uint64(v), n > 0
}

// isConst reports whether a constant expression is a number and nothing else.
func isConst(x wasm.Expr) bool {
	if len(x) < 3 || wasm.Op(x[0]) != wasm.OpI32Const && wasm.Op(x[0]) != wasm.OpI64Const {
		return false
	}
	last := 1 // byte of the LEB128
	for last < len(x)-2 && x[last]&0x80 != 0 {
		last++
	}
	return last == len(x)-2
}

// reach marks an entity and what it is in truth.
func (m *marker) reach(k Kind, i id) {
	i = m.resolve(k, i)
	if !m.live[k][i] {
		m.live[k][i] = true
		m.queue = append(m.queue, entity{k, i})
	}
}

func (m *marker) take(i id) {
	m.taken[m.resolve(Func, i)] = true
	m.reach(Func, i)
}

func (m *marker) drain() {
	for len(m.queue) > 0 && m.err == nil {
		e := m.queue[len(m.queue)-1]
		m.queue = m.queue[:len(m.queue)-1]
		m.entity(e)
	}
	// References in types go to earlier groups, or stay in their own.
	for g := len(m.types.groups) - 1; g >= 0; g-- {
		m.typeGroup(m.types.groups[g])
	}
}

// typeGroup marks a whole group, and what it refers to, when one of its types
// is live.
func (m *marker) typeGroup(g wasm.RecGroup) {
	live := false
	for i := range g.Count {
		live = live || m.liveTypes[uint32(g.First)+i]
	}
	for i := uint32(0); live && i < g.Count; i++ {
		t := uint32(g.First) + i
		m.liveTypes[t] = true
		typeRefs(&m.types.types[t], func(r uint32) { m.liveTypes[r] = true })
	}
}

// entity marks what an entity refers to.
func (m *marker) entity(e entity) {
	if e.kind == Memory || e.kind == Table {
		m.fill(e)
	}
	in, i := m.owner(e.kind, e.id)
	if in == nil {
		m.added(e)
		return
	}
	switch e.kind {
	case Func:
		m.liveTypes[m.funcType(e.id)] = true
		m.body(in, in.code(i))
	case Table:
		m.valType(m.tableType(e.id).Elem)
		m.expr(in, in.table(i).Init)
	case Global:
		m.valType(m.globalType(e.id).Type)
		m.expr(in, in.global(i).Init)
	case Tag:
		m.liveTypes[m.tagType(e.id)] = true
	case elemKind, dataKind:
		m.segment(e.kind, e.id)
	}
}

// fill marks the active segments that fill a memory or table. They do not queue:
// there are tens of thousands in a program of Go.
func (m *marker) fill(e entity) {
	k := dataKind
	if e.kind == Table {
		k = elemKind
	}
	for _, s := range m.filled[e.kind][e.id].segments {
		if !m.live[k][s] {
			m.live[k][s] = true
			m.segment(k, s)
		}
	}
}

// segment marks what a segment refers to.
func (m *marker) segment(k Kind, s id) {
	in, i := m.owner(k, s)
	if k == dataKind {
		m.data(in, &in.mod.Data[i])
	} else {
		m.elem(in, &in.mod.Elems[i])
	}
}

// added marks what something that the linker adds refers to.
func (m *marker) added(e entity) {
	switch e.kind {
	case Func:
		s := m.synth(e.id)
		m.liveTypes[s.typ] = true
		for _, c := range s.calls {
			m.reach(Func, c)
		}
	case Table:
		m.valType(m.tableType(e.id).Elem)
	case Global:
		m.valType(m.globalType(e.id).Type)
	case Tag:
		m.liveTypes[m.tagType(e.id)] = true
	}
}

// valType marks a type of the type space.
func (m *marker) valType(v wasm.ValType) {
	if t, ok := concrete(v); ok {
		m.liveTypes[t] = true
	}
}

func (m *marker) elem(in *input, e *wasm.Elem) {
	if e.Mode() == wasm.Active {
		m.reach(Table, in.first[Table]+id(e.Table))
		m.expr(in, e.Offset)
	}
	m.valType(in.valType(e.Type))
	for _, f := range e.Funcs {
		m.take(in.first[Func] + id(f))
	}
	for _, x := range e.Exprs {
		m.expr(in, x)
	}
}

func (m *marker) data(in *input, d *wasm.Data) {
	if d.Mode() == wasm.Active {
		m.reach(Memory, in.first[Memory]+id(d.Memory))
		m.expr(in, d.Offset)
	}
}

// expr marks what a constant expression refers to.
func (m *marker) expr(in *input, x wasm.Expr) {
	if x == nil || isConst(x) || m.err != nil {
		return
	}
	s := &m.scanner
	s.in, s.list, s.sites = in, s.list[:0], s.sites[:0]
	s.stamp++
	if m.err = s.code(x, 0); m.err != nil {
		m.err = &Error{Input: in.name, Section: "constant expression", Index: -1, Offset: -1, Err: m.err}
		return
	}
	m.refs(in, s.list, false)
}

// body marks what a body refers to.
func (m *marker) body(in *input, i int) { m.refs(in, in.refs.body(i), true) }

// externKinds are the index spaces of references that name an entity.
var externKinds = [...]Kind{
	refFuncCall: Func, refFuncTail: Func, refFuncTake: Func, refTable: Table, refMemory: Memory,
	refGlobal: Global, refTag: Tag, refElem: elemKind, refData: dataKind,
}

func (m *marker) refs(in *input, list []ref, inBody bool) {
	for _, r := range list {
		kind, i := r.split()
		switch kind {
		case refTypeCall, refTypeRef, refType:
			m.liveTypes[in.types[i]] = true
		case refOp:
			if inBody {
				m.ops[in.at][i] = true
			}
		case refFuncTail, refFuncTake:
			f := m.of(in, Func, i)
			m.take(f)
			m.declared[f] = m.declared[f] || inBody && kind == refFuncTake
		default:
			k := externKinds[kind]
			m.reach(k, in.first[k]+id(i))
			if k == Global && !inBody {
				m.read[m.of(in, k, i)] = true
			}
			m.dataUsed[in.at] = m.dataUsed[in.at] || k == dataKind
		}
	}
}
