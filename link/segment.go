package link

import (
	"cmp"
	"slices"

	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/relocate"
)

// where says what an active segment fills, in the input's terms.
type where struct {
	in     *input
	id     id        // of the segment; of the first where several became one
	target id        // the memory or table
	expr   wasm.Expr // its place, where that is not known before the program runs
	offset uint64    // its place otherwise, in bytes or elements
	known  bool
	init   wasm.Expr // its place for the output's instructions
}

// dataSegment is a data segment on its way to the output. It is active when it
// fills a memory; late when the start chain copies it, and not the engine.
type dataSegment struct {
	where
	active, late bool
	bytes        []byte
	parts        []dataSegment // those that became one, of which no instruction names any
}

// elemSegment is an element segment on its way to the output.
type elemSegment struct {
	where
	active, late bool
	elem         *wasm.Elem
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
			if e.late = e.active && l.late(Table, &e.where); e.late {
				s.elems = append(s.elems, len(p.elems)+i)
			}
			if err := p.checkBounds(Table, &e.where, e.active && !e.late, e.size()); err != nil {
				return err
			}
		}
		for i := range datas {
			d := &datas[i]
			if d.late = d.active && l.late(Memory, &d.where); d.late {
				s.datas = append(s.datas, len(p.datas)+i)
			}
			if err := p.checkBounds(Memory, &d.where, d.active && !d.late, len(d.bytes)); err != nil {
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

func (l *lateness) late(k Kind, w *where) bool {
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

func (p *plan) place(in *input, k Kind, i int, target uint32, x wasm.Expr) where {
	w := where{in: in, id: in.first[k] + id(i), expr: x}
	w.offset, w.known = p.number(in, x)
	if k == elemKind {
		w.target = p.of(in, Table, target)
	} else {
		w.target = p.of(in, Memory, target)
	}
	return w
}

func (p *plan) readElems(in *input) []elemSegment {
	var list []elemSegment
	for i := range in.mod.Elems {
		e := &in.mod.Elems[i]
		if !p.live[elemKind][in.first[elemKind]+id(i)] {
			continue
		}
		s := elemSegment{where: where{in: in, id: in.first[elemKind] + id(i)}, elem: e}
		if s.active = e.Mode() == wasm.Active; s.active {
			s.where = p.place(in, elemKind, i, uint32(e.Table), e.Offset)
		}
		list = append(list, s)
	}
	return list
}

// size is the number of elements.
func (s *elemSegment) size() int { return len(s.elem.Funcs) + len(s.elem.Exprs) }

func (p *plan) readDatas(in *input, l *lateness) []dataSegment {
	var list []dataSegment
	joinable := !p.dataUsed[in.at] && !p.o.KeepAll
	for i := range in.mod.Data {
		d := &in.mod.Data[i]
		if !p.live[dataKind][in.first[dataKind]+id(i)] {
			continue
		}
		s := dataSegment{where: where{in: in, id: in.first[dataKind] + id(i)}, bytes: d.Init}
		if s.active = d.Mode() == wasm.Active; s.active {
			s.where = p.place(in, dataKind, i, uint32(d.Memory), d.Offset)
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
func (p *plan) checkBounds(k Kind, w *where, active bool, n int) error {
	if !active || !w.known || !p.places[k][w.target].stacked() {
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
		return w.in.refuse(segment, uint32(w.id-w.in.first[segment]), "ends at %d, past the %s's initial %d %s",
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
	sorted := slices.DeleteFunc(slices.Clone(list), func(s dataSegment) bool { return !s.active })
	slices.SortStableFunc(sorted, func(a, b dataSegment) int {
		return cmp.Or(cmp.Compare(a.target, b.target), cmp.Compare(a.offset, b.offset))
	})
	for i := 1; i < len(sorted); i++ {
		if sorted[i].target == sorted[i-1].target && sorted[i].offset < sorted[i-1].end() {
			return list
		}
	}
	var joined []dataSegment
	for len(sorted) > 0 {
		n := 1
		for n < len(sorted) && sorted[n].target == sorted[n-1].target && sorted[n].offset-sorted[n-1].end() <= maxGap {
			n++
		}
		joined = append(joined, join(sorted[:n]))
		sorted = sorted[n:]
	}
	return joined
}

// join makes one segment of several that lie behind one another, with zeros in
// the gaps.
func join(group []dataSegment) dataSegment {
	first := group[0]
	if len(group) == 1 {
		return first
	}
	first.parts = group
	first.bytes = make([]byte, group[len(group)-1].end()-first.offset)
	for _, s := range group {
		copy(first.bytes[s.offset-first.offset:], s.bytes)
	}
	return first
}

// end is the offset behind the last byte.
func (s *dataSegment) end() uint64 { return s.offset + uint64(len(s.bytes)) }
