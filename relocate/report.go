package relocate

// Report is what Func tells besides the code.
type Report struct {
	Growth Growth // each call adds its own
	// Offsets are those of instructions in the input's body, from its first
	// byte, in ascending order. The caller sets them; Places then holds for
	// each where the instruction went, from the first byte of the output's
	// body, or -1 where it is gone.
	Offsets, Places []int
}

// Growth says by how many bytes code has grown, by cause.
type Growth struct {
	Offsets   int // static offsets of accesses to memory, shifted
	Bounds    int // bounded addresses, converted indices of tables
	Indices   int // new numbers of what code refers to
	Replaced  int // code in place of calls and of instructions on memories
	Unwinding int // tests of the unwinding flag
	Integers  int // integers written in fewer bytes
	Peepholes int // shorter instructions of the same effect
}

// Add adds the growth of o.
func (g *Growth) Add(o *Growth) {
	g.Offsets += o.Offsets
	g.Bounds += o.Bounds
	g.Indices += o.Indices
	g.Replaced += o.Replaced
	g.Unwinding += o.Unwinding
	g.Integers += o.Integers
	g.Peepholes += o.Peepholes
}

// Total is the sum over all causes, in bytes.
func (g *Growth) Total() int {
	return g.Offsets + g.Bounds + g.Indices + g.Replaced + g.Unwinding + g.Integers + g.Peepholes
}

// marks follows instructions of the input to the output.
type marks struct {
	offsets []int // those that are still to come
	places  []int
	from    int // the code's offset in the input's body
	to      int // where the output's body begins in dst
}

// start begins a body that is written at dst[to].
func (k *marks) start(r *Report, to int) {
	k.offsets, k.places, k.to = r.Offsets, r.Places[:0], to
}

// copied says that code[from:end] is about to be copied to dst[at:], and that
// what lies before it and was not copied is gone.
func (k *marks) copied(from, end, at int) {
	for len(k.offsets) > 0 && k.offsets[0]-k.from < end {
		place := -1
		if o := k.offsets[0] - k.from; o >= from {
			place = at + o - from - k.to
		}
		k.places, k.offsets = append(k.places, place), k.offsets[1:]
	}
}

// end says that the body ends here.
func (k *marks) end() []int {
	for range k.offsets {
		k.places = append(k.places, -1)
	}
	return k.places
}

// shift moves all places.
func (k *marks) shift(by int) {
	for i := range k.places {
		if k.places[i] >= 0 {
			k.places[i] += by
		}
	}
}
