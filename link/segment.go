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
	size  int
	bytes []byte // of one that is as in its input
	// parts are those that became one, of which no instruction names any. Their
	// bytes go straight to the output.
	parts []where
	fill  func(zeros []byte)
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
			if err := p.checkBounds(in, Memory, &d.where, d.size); err != nil {
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

// readDatas are the live data segments of an input. They become fewer where no
// instruction can tell, and all are known to fill the input's own memories before
// anything else does.
func (p *plan) readDatas(in *input, l *lateness) []dataSegment {
	list := segmentList{data: in.mod.Data, first: in.first[dataKind], places: p.dataPlaces(in)}
	if !p.dataUsed[in.at] && !p.o.KeepAll && l.fillsFirst(in, &list) {
		if joined, ok := list.join(); ok {
			return joined
		}
	}
	return list.apart()
}

// dataPlaces says what each live data segment fills.
func (p *plan) dataPlaces(in *input) []where {
	places := make([]where, 0, len(in.mod.Data))
	for i := range in.mod.Data {
		d := &in.mod.Data[i]
		switch {
		case !p.live[dataKind][in.first[dataKind]+id(i)]:
		case d.Mode() == wasm.Active:
			places = append(places, p.place(in, dataKind, i, p.of(in, Memory, uint32(d.Memory)), d.Offset))
		default:
			places = append(places, where{id: in.first[dataKind] + id(i)})
		}
	}
	return places
}

// fillsFirst reports whether the active ones of an input's segments have known
// places in memories of its own, where they fit and which nothing else has filled.
func (l *lateness) fillsFirst(in *input, list *segmentList) bool {
	ends := map[id]uint64{} // of what they fill
	target, end := ^id(0), uint64(0)
	for i := range list.places {
		w := &list.places[i]
		if !w.active {
			continue
		}
		if !w.known || w.offset > wasm.MaxMemoryBytes32 {
			return false
		}
		if w.target != target {
			target, end = w.target, ends[w.target]
		}
		if e := list.end(w); e >= end {
			ends[target], end = e, e
		}
	}
	for target, end := range ends {
		what := entity{Memory, target}
		if owner, _ := l.owner(Memory, target); owner != in || l.seen[what] || end > l.initialSize(what) {
			return false
		}
	}
	return true
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

// segmentList are data segments of an input.
type segmentList struct {
	places []where
	data   []wasm.Data // of the whole input
	first  id          // of data[0]
}

func (l *segmentList) bytes(w *where) []byte { return l.data[w.id-l.first].Init }

// end is the offset behind the last byte.
func (l *segmentList) end(w *where) uint64 { return w.offset + uint64(len(l.bytes(w))) }

// apart leaves them as they are.
func (l *segmentList) apart() []dataSegment {
	list := make([]dataSegment, len(l.places))
	for i := range l.places {
		list[i] = l.alone(&l.places[i])
	}
	return list
}

// join joins neighbours and leaves out passive segments, as no instruction names
// one. It is false where segments overlap, as a later one then writes over an
// earlier one.
func (l *segmentList) join() ([]dataSegment, bool) {
	order := inPlaceOrder(l.places)
	var joined []dataSegment
	for from, to := 0, 0; from < len(order); from = to {
		to = l.groupEnd(order, from)
		if last := &order[to-1]; to < len(order) && order[to].target == last.target && order[to].offset < l.end(last) {
			return nil, false
		}
		joined = append(joined, l.one(order[from:to:to]))
	}
	return joined, true
}

// inPlaceOrder lists the active segments by the places that they fill. In most
// modules they are in order, or in a few runs that are.
func inPlaceOrder(places []where) []where {
	if slices.ContainsFunc(places, func(w where) bool { return !w.active }) {
		places = slices.DeleteFunc(slices.Clone(places), func(w where) bool { return !w.active })
	}
	runs := placeRuns(places)
	for len(runs) > 1 {
		var longer [][]where
		for pair := range slices.Chunk(runs, 2) {
			if len(pair) == 2 {
				pair[0] = mergePlaces(pair[0], pair[1])
			}
			longer = append(longer, pair[0])
		}
		runs = longer
	}
	if len(runs) == 0 {
		return nil
	}
	return runs[0]
}

// mergePlaces makes one list in order of two.
func mergePlaces(a, b []where) []where {
	merged := make([]where, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if comparePlaces(a[0], b[0]) < 0 {
			merged, a = append(merged, a[0]), a[1:]
		} else {
			merged, b = append(merged, b[0]), b[1:]
		}
	}
	return append(append(merged, a...), b...)
}

func comparePlaces(a, b where) int {
	return cmp.Or(cmp.Compare(a.target, b.target), cmp.Compare(a.offset, b.offset), cmp.Compare(a.id, b.id))
}

// placeRuns cuts a list where it is not in order.
func placeRuns(places []where) (runs [][]where) {
	from := 0
	for i := range places {
		if i+1 == len(places) || comparePlaces(places[i], places[i+1]) > 0 {
			runs, from = append(runs, places[from:i+1]), i+1
		}
	}
	return runs
}

// groupEnd is the end of a run of segments that become one: each begins where
// the one before ends, or a little behind.
func (l *segmentList) groupEnd(order []where, from int) int {
	to := from + 1
	for ; to < len(order); to++ {
		before, s := &order[to-1], &order[to]
		if s.target != before.target || s.offset-l.end(before) > maxGap {
			break
		}
	}
	return to
}

// alone is a segment that is as in its input.
func (l *segmentList) alone(w *where) dataSegment {
	return dataSegment{where: *w, size: len(l.bytes(w)), bytes: l.bytes(w)}
}

// one makes one segment of those that lie behind one another, with zeros in the
// gaps.
func (l *segmentList) one(parts []where) dataSegment {
	first := &parts[0]
	if len(parts) == 1 {
		return l.alone(first)
	}
	s := dataSegment{where: *first, size: int(l.end(&parts[len(parts)-1]) - first.offset), parts: parts}
	s.fill = func(zeros []byte) {
		for i := range parts {
			copy(zeros[parts[i].offset-first.offset:], l.bytes(&parts[i]))
		}
	}
	return s
}
