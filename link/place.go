package link

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/icsplice/icsplice/internal/wasm"
)

// place is where a memory or table of the inputs lies in the output. Its unit
// is the page for memories and the element for tables.
type place struct {
	out     uint32 // index in the output
	base    uint64 // how much lies below it
	size    uint64 // its size when the output is instantiated
	fixed   bool   // it shares an output's memory or table and does not grow
	bounded bool   // something lies above it that it must not reach
}

// moved reports whether its addresses are not those of the output.
func (p *place) moved() bool { return p.base > 0 || p.bounded }

// stacked reports whether something else is in the same memory or table.
func (p *place) stacked() bool { return p.moved() || p.fixed }

// stack is a memory or table of the output.
type stack struct {
	ids    []id // what lies in it, from the bottom
	limits wasm.Limits
	host   *host
}

// stacker decides where the memories, or the tables, go.
type stacker struct {
	*plan
	kind    Kind
	layout  Layout
	places  []place
	stacks  []stack
	growing map[id]bool
}

// layoutPlaces decides where memories and tables go.
func (p *plan) layoutPlaces() error {
	for _, s := range []*stacker{
		{plan: p, kind: Memory, layout: p.o.Memories},
		{plan: p, kind: Table, layout: p.o.Tables},
	} {
		s.places = make([]place, p.size(s.kind))
		s.findGrowing()
		if err := s.stackAll(); err != nil {
			return err
		}
		p.places[s.kind], p.stacks[s.kind] = s.places, s.stacks
	}
	return nil
}

func (s *stacker) stackAll() error {
	hosts, groups := s.group()
	if weight := s.weights(); s.kind == Memory {
		// Each access to another memory than 0 takes a byte more.
		slices.SortStableFunc(groups, func(a, b []id) int { return cmp.Compare(weight[b[0]], weight[a[0]]) })
	}
	for _, h := range hosts {
		s.add(stack{ids: []id{h}, limits: s.limits(h), host: s.host(s.kind, h)})
	}
	for _, ids := range groups {
		if err := s.stack(ids); err != nil {
			return err
		}
	}
	if s.kind == Memory && s.layout == Stack && len(s.stacks) > 1 {
		return s.refuse(s.stacks[len(s.stacks)-1].ids[0],
			"cannot be stacked with %s: one of the two is imported, shared, of 64 bits or of another page size", s.name(s.kind, s.stacks[0].ids[0]))
	}
	return nil
}

// refuse is an error about a memory or table, with the way out.
func (s *stacker) refuse(i id, format string, args ...any) error {
	msg := fmt.Sprintf(format, args...) + fmt.Sprintf("; with the layout apart each %s stays as it is", kindNames[s.kind])
	if in, at := s.owner(s.kind, i); in != nil {
		return in.refuse(s.kind, at, "%s", msg)
	}
	imp := s.host(s.kind, i).imp
	return &Error{Section: "import", Index: -1, Offset: imp.Offset, Symbol: Name{imp.Module, imp.Name}.String(), Msg: msg,
		Input: s.host(s.kind, i).in.name}
}

// group lists what is imported, and what goes into one memory or table of the
// output each.
func (s *stacker) group() (hosts []id, groups [][]id) {
	at := map[string]int{}
	for i := range id(s.size(s.kind)) {
		switch {
		case !s.live[s.kind][i]:
		case i >= s.first[s.kind]:
			hosts = append(hosts, i)
		case s.layout == Apart:
			groups = append(groups, []id{i})
		default:
			key := s.groupKey(i)
			g, ok := at[key]
			if !ok {
				g = len(groups)
				at[key] = g
				groups = append(groups, nil)
			}
			groups[g] = append(groups[g], i)
		}
	}
	return hosts, groups
}

// groupKey tells apart what cannot lie in one memory or table.
func (s *stacker) groupKey(i id) string {
	l := s.limits(i)
	key := fmt.Sprint(l.Is64, l.Shared, l.PageSizeLog2)
	if l.Is64 || l.Shared {
		key += fmt.Sprint(i)
	}
	if s.kind == Table {
		key += fmt.Sprint(s.tableType(i).Elem)
	} else if l.PageSizeLog2 != 16 {
		key += fmt.Sprint(i)
	}
	return key
}

func (s *stacker) limits(i id) wasm.Limits {
	if s.kind == Memory {
		return s.memoryType(i)
	}
	return s.tableType(i).Limits
}

// most is the largest size that a stack may begin with.
func (s *stacker) most() uint64 {
	if s.kind == Memory {
		return maxPages
	}
	return wasm.MaxTableSize
}

func (s *stacker) add(st stack) {
	if len(st.ids) == 1 {
		s.places[st.ids[0]] = place{size: st.limits.Min}
	}
	for _, i := range st.ids {
		s.places[i].out = uint32(len(s.stacks))
	}
	s.stacks = append(s.stacks, st)
}

// stack puts memories or tables of one type above each other.
func (s *stacker) stack(ids []id) error {
	if len(ids) == 1 {
		s.add(stack{ids: ids, limits: s.limits(ids[0])})
		return nil
	}
	ids, err := s.arrange(ids)
	if err != nil {
		return err
	}
	base := uint64(0)
	for n, i := range ids {
		l, last := s.limits(i), n == len(ids)-1
		if err := s.checkInitial(i); err != nil {
			return err
		}
		s.places[i] = place{base: base, size: l.Min, fixed: !last, bounded: !last && !s.trusts(i)}
		base += l.Min
		if base > s.most() {
			return s.refuse(i, "needs %d %s with those that it is stacked with, and at most %d fit", base, s.unit(), s.most())
		}
	}
	s.add(stack{ids: ids, limits: s.stackedLimits(s.limits(ids[len(ids)-1]), base)})
	return nil
}

// stackedLimits are those of a stack of that size with the limits of its top.
// In a memory something was moved, or is kept below another, and then an access
// at 2^32-1 must trap; in a table it always does.
func (s *stacker) stackedLimits(top wasm.Limits, size uint64) wasm.Limits {
	below := size - top.Min
	l := wasm.Limits{Min: size, PageSizeLog2: top.PageSizeLog2}
	l.HasMax = top.HasMax || s.kind == Memory && (below > 0 || s.splice == nil)
	if l.HasMax {
		l.Max = math.MaxUint32
		if s.kind == Memory {
			l.Max = maxPages
		}
		if top.HasMax {
			l.Max = min(l.Max, below+top.Max)
		}
	}
	return l
}

func (s *stacker) unit() string {
	if s.kind == Memory {
		return "pages"
	}
	return "elements"
}

// trusts reports whether accesses never leave a memory that lies below others.
func (s *stacker) trusts(i id) bool {
	in, _ := s.owner(s.kind, i)
	return s.splice != nil && in == s.splice.polyfill
}

// checkInitial refuses tables that begin with other than null.
func (s *stacker) checkInitial(i id) error {
	if s.kind != Table {
		return nil
	}
	if in, at := s.owner(Table, i); in.table(at).Init != nil {
		return s.refuse(i, "has an initial value and cannot be stacked")
	}
	return nil
}

// arrange puts what may grow on top; where nothing grows, what the most code
// is written for, as its accesses cost nothing.
func (s *stacker) arrange(ids []id) ([]id, error) {
	if s.splice != nil && s.kind == Memory {
		return []id{s.splice.polyfill.first[s.kind], s.splice.user.first[s.kind]}, nil
	}
	weight := s.weights()
	top, grows := ids[0], s.growing[ids[0]]
	for _, i := range ids[1:] {
		switch g := s.growing[i]; {
		case g && grows:
			return nil, s.refuse(i, "may grow, and so may %s, but only one of those that are stacked can", s.name(s.kind, top))
		case g, !grows && weight[i] > weight[top]:
			top, grows = i, g
		}
	}
	ids = slices.DeleteFunc(slices.Clone(ids), func(i id) bool { return i == top })
	return append(ids, top), nil
}

// findGrowing notes what a live instruction may make larger.
func (s *stacker) findGrowing() {
	op := wasm.OpMemoryGrow
	if s.kind == Table {
		op = wasm.OpTableGrow
	}
	s.growing = map[id]bool{}
	for _, use := range s.rareOps {
		if use.op == op {
			i := s.of(use.in, s.kind, use.x)
			l := s.limits(i)
			s.growing[i] = !l.HasMax || l.Max > l.Min
		}
	}
}

// weights are the bytes of live code of the modules that a memory or table is
// known to.
func (s *stacker) weights() map[id]int {
	weight := map[id]int{}
	for _, in := range s.inputs {
		code := 0
		for i := range in.mod.Code {
			if s.live[Func][in.first[Func]+id(len(in.imports[Func])+i)] {
				code += len(in.mod.Code[i].Bytes)
			}
		}
		for i := range in.count[s.kind] {
			weight[s.of(in, s.kind, uint32(i))] += code
		}
	}
	return weight
}
