package link

import (
	"cmp"
	"slices"

	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/relocate"
)

// where says which segment it is and, of an active one, what it fills.
type where struct {
	id     id     // of the segment; of the first where several became one
	target id     // the memory or table
	offset uint64 // its place there, in bytes or elements
	known  bool   // before the program runs; otherwise the segment's expression says it
	active bool
	late   bool // the start chain copies it, and not the engine
}

// dataSegment is a data segment on its way to the output.
type dataSegment struct {
	where
	bytes []byte
	parts []where // those that became one, of which no instruction names any
}

// elemSegment is an element segment on its way to the output.
type elemSegment struct {
	where
	elem *wasm.Elem
}

// step is what the start chain does for one input: copy segments, then call its
// start function.
type step struct {
	in    *input
	elems []int // of plan.elems
	datas []int // of plan.datas
	start *id
}

// layoutSegments decides on the output's segments, and on what instantiation
// runs.
//
// Modules that are instantiated one after the other fill their memories and
// tables one after the other, with start functions in between. Where a segment
// fills what an earlier step of the output may have seen, it becomes a step
// itself.
func (p *plan) layoutSegments() error {
	l := &lateness{plan: p, seen: map[entity]bool{}, touched: map[entity]bool{}}
	for _, in := range p.graph.order {
		s := step{in: in, start: p.startOf(in)}
		elems, datas := p.readElems(in), p.readDatas(in, l)
		for i := range elems {
			e := &elems[i]
			if e.late = e.active && l.comesLate(Table, &e.where); e.late {
				s.elems = append(s.elems, len(p.elems)+i)
			}
			if err := p.checkBounds(in, Table, &e.where, e.size()); err != nil {
				return err
			}
		}
		for i := range datas {
			d := &datas[i]
			if d.late = d.active && l.comesLate(Memory, &d.where); d.late {
				s.datas = append(s.datas, len(p.datas)+i)
			}
			if err := p.checkBounds(in, Memory, &d.where, len(d.bytes)); err != nil {
				return err
			}
		}
		p.elems, p.datas = append(p.elems, elems...), append(p.datas, datas...)
		l.leave(&s)
	}
	p.numberSegments()
	return nil
}

// lateness tells which active segments become steps of the start chain.
type lateness struct {
	*plan
	any     bool            // there is an earlier step
	seen    map[entity]bool // known to an earlier module
	touched map[entity]bool // filled by a step
}

func (l *lateness) comesLate(k Kind, w *where) bool {
	target := entity{k, w.target}
	late := l.touched[target] || l.any && l.seen[target] || !w.known && l.places[k][w.target].moved()
	if late {
		l.touched[target] = true
	}
	return late
}

// leave ends the work on one module.
func (l *lateness) leave(s *step) {
	if s.start != nil || len(s.elems)+len(s.datas) > 0 {
		l.steps = append(l.steps, *s)
		l.any = true
	}
	for _, k := range []Kind{Memory, Table} {
		for i := range s.in.count[k] {
			l.seen[entity{k, l.of(s.in, k, uint32(i))}] = true
		}
	}
}

// startOf is the start function of an input that instantiation runs.
func (p *plan) startOf(in *input) *id {
	if in.mod.Start == nil || p.splice != nil && p.splice.defersStart && in == p.splice.user {
		return nil
	}
	f := in.first[Func] + id(*in.mod.Start)
	return &f
}

// place is where an active segment goes, with its target in its module and the
// expression that says where there.
func (p *plan) place(in *input, k Kind, i int, target id, x wasm.Expr) where {
	w := where{id: in.first[k] + id(i), target: target, active: true}
	w.offset, w.known = p.number(in, x)
	return w
}

func (p *plan) readElems(in *input) []elemSegment {
	var list []elemSegment
	for i := range in.mod.Elems {
		e := &in.mod.Elems[i]
		if !p.live[elemKind][in.first[elemKind]+id(i)] {
			continue
		}
		s := elemSegment{where: where{id: in.first[elemKind] + id(i)}, elem: e}
		if e.Mode() == wasm.Active {
			s.where = p.place(in, elemKind, i, p.of(in, Table, uint32(e.Table)), e.Offset)
		}
		list = append(list, s)
	}
	return list
}

// size is the number of elements.
func (s *elemSegment) size() int { return len(s.elem.Funcs) + len(s.elem.Exprs) }

func (p *plan) readDatas(in *input, l *lateness) []dataSegment {
	list := make([]dataSegment, 0, len(in.mod.Data))
	joinable := !p.dataUsed[in.at] && !p.o.KeepAll
	for i := range in.mod.Data {
		d := &in.mod.Data[i]
		if !p.live[dataKind][in.first[dataKind]+id(i)] {
			continue
		}
		s := dataSegment{where: where{id: in.first[dataKind] + id(i)}, bytes: d.Init}
		if d.Mode() == wasm.Active {
			s.where = p.place(in, dataKind, i, p.of(in, Memory, uint32(d.Memory)), d.Offset)
			owner, _ := p.owner(Memory, s.target)
			joinable = joinable && s.known && owner == in && !l.seen[entity{Memory, s.target}]
		}
		list = append(list, s)
	}
	if joinable {
		return joinSegments(list)
	}
	return list
}

// checkBounds refuses an active segment that does not fit into what was stacked:
// instantiation would trap, and its bytes must not reach a neighbour.
func (p *plan) checkBounds(in *input, k Kind, w *where, n int) error {
	if !w.active || w.late || !w.known || !p.places[k][w.target].stacked() {
		return nil
	}
	size, unit := p.places[k][w.target].size, "elements"
	if k == Memory {
		size, unit = size<<p.memoryType(w.target).PageSizeLog2, "bytes"
	}
	if w.offset > size || uint64(n) > size-w.offset {
		segment := elemKind
		if k == Memory {
			segment = dataKind
		}
		return in.refuse(segment, uint32(w.id-in.first[segment]), "ends at %d, past the %s's initial %d %s",
			w.offset+uint64(n), kindNames[k], size, unit)
	}
	return nil
}

// numberSegments gives segments their indices. Those that were joined have
// none that an instruction could name.
func (p *plan) numberSegments() {
	p.index[elemKind] = slices.Repeat([]uint32{relocate.Removed}, p.size(elemKind))
	p.index[dataKind] = slices.Repeat([]uint32{relocate.Removed}, p.size(dataKind))
	for n := range p.elems {
		p.index[elemKind][p.elems[n].id] = uint32(n)
	}
	for n := range p.datas {
		if p.datas[n].parts == nil {
			p.index[dataKind][p.datas[n].id] = uint32(n)
		}
	}
}

// maxGap is the number of zero bytes between two segments up to which they
// become one. Go's linker makes a segment of each run between sixteen zeros and
// more: tens of thousands, each of which costs a header of about six bytes, and
// fifteen bytes of code and a hundred instructions where segments are copied
// again for every run.
const maxGap = 32

// joinSegments joins neighbours and leaves out passive segments, as no
// instruction names one. The active ones have known places in memories that
// nothing else fills. Where segments overlap all stay as they are, as a later
// one then writes over an earlier one.
func joinSegments(list []dataSegment) []dataSegment {
	order := placeOrder(list)
	if len(order) == 0 {
		return nil
	}
	groups, size := 0, 0 // of the output; and the bytes of those of several parts
	for from, to := 0, 0; from < len(order); from, groups = to, groups+1 {
		if to = groupEnd(list, order, from); to < len(order) && list[order[to-1]].overlaps(&list[order[to]]) {
			return list
		}
		if to-from > 1 {
			size += int(list[order[to-1]].end() - list[order[from]].offset)
		}
	}
	joined, bytes := make([]dataSegment, groups), make([]byte, size)
	parts := make([]where, len(order))
	for n, from := 0, 0; n < groups; n++ {
		to := groupEnd(list, order, from)
		bytes = joined[n].join(list, order[from:to], bytes, parts[from:to:to])
		from = to
	}
	return joined
}

// groupEnd is the end of a run of segments that become one: each begins where
// the one before ends, or a little behind.
func groupEnd(list []dataSegment, order []uint32, from int) int {
	to := from + 1
	for ; to < len(order); to++ {
		before, s := &list[order[to-1]], &list[order[to]]
		if s.target != before.target || s.offset-before.end() > maxGap {
			break
		}
	}
	return to
}

// overlaps reports whether a segment that comes behind s begins within it.
func (s *dataSegment) overlaps(next *dataSegment) bool {
	return next.target == s.target && next.offset < s.end()
}

// placeOrder lists the active segments by the places that they fill.
func placeOrder(list []dataSegment) []uint32 {
	order := make([]uint32, 0, len(list))
	sorted := true
	byPlace := func(i, j uint32) int {
		a, b := &list[i], &list[j]
		return cmp.Or(cmp.Compare(a.target, b.target), cmp.Compare(a.offset, b.offset), cmp.Compare(i, j))
	}
	for i := range uint32(len(list)) {
		if list[i].active {
			sorted = sorted && (len(order) == 0 || byPlace(order[len(order)-1], i) < 0)
			order = append(order, i)
		}
	}
	if !sorted {
		slices.SortFunc(order, byPlace)
	}
	return order
}

// join makes s of those of list that lie behind one another in the order given,
// with zeros in the gaps. Bytes are zeros to be used up, and parts is what there
// are of them.
func (s *dataSegment) join(list []dataSegment, order []uint32, bytes []byte, parts []where) (left []byte) {
	*s = list[order[0]]
	if len(order) == 1 {
		return bytes
	}
	n := list[order[len(order)-1]].end() - s.offset
	s.bytes, s.parts = bytes[:n:n], parts
	for n, i := range order {
		part := &list[i]
		copy(s.bytes[part.offset-s.offset:], part.bytes)
		parts[n] = part.where
	}
	return bytes[n:]
}

// end is the offset behind the last byte.
func (s *dataSegment) end() uint64 { return s.offset + uint64(len(s.bytes)) }
