package wasi

// maxTypes and maxDepth bound the type table of a message and how deep its
// values nest.
const (
	maxTypes = 256
	maxDepth = 32
)

// Candid's primitive types and constructors, as opcodes in a type table.
const (
	typeNull      = -1
	typeBool      = -2
	typeNat       = -3
	typeInt       = -4
	typeNat8      = -5
	typeText      = -15
	typeReserved  = -16
	typeEmpty     = -17
	typeOpt       = -18
	typeVec       = -19
	typeRecord    = -20
	typeVariant   = -21
	typeFunc      = -22
	typeService   = -23
	typePrincipal = -24
)

// widths are the sizes of the fixed-width types nat8 (-5) to float64 (-14).
var widths = [...]byte{1, 2, 4, 8, 1, 2, 4, 8, 4, 8}

// decoder reads the message where it lies, through a window. The first problem
// ends everything: from then on it stands at the message's end and reads zeros.
type decoder struct {
	pos, size uint32
	problem   string
	window    [256]byte
	windowAt  uint32 // position of the window's first byte
	windowLen uint32
	types     [maxTypes]uint32 // position of each type in the table
	typeCount uint32
	values    uint32 // how many more values may be skipped
}

func (d *decoder) begin() {
	d.pos, d.size, d.problem = 0, icArgumentSize(), ""
	d.windowLen, d.typeCount = 0, 0
	d.values = 1<<16 + d.size
}

//go:noinline
func (d *decoder) fail(problem string) {
	if d.problem == "" {
		d.problem = problem
	}
	d.pos = d.size
}

//go:noinline
func (d *decoder) byte() byte {
	if d.pos >= d.size {
		d.fail("the argument ends early")
		return 0
	}
	at := d.pos - d.windowAt
	if d.pos < d.windowAt || at >= d.windowLen {
		d.windowAt, d.windowLen, at = d.pos, min(d.size-d.pos, uint32(len(d.window))), 0
		icArgument(d.window[:d.windowLen], d.pos)
	}
	d.pos++
	return d.window[at]
}

// skipBytes passes over n bytes.
//
//go:noinline
func (d *decoder) skipBytes(n uint32) {
	if n > d.size-d.pos {
		d.fail("the argument ends early")
		return
	}
	d.pos += n
}

// number reads a LEB128 number of at most 32 bits, which need not be in its
// shortest form.
func (d *decoder) number(signed bool) int64 {
	v, shift := int64(0), uint32(0)
	for {
		b := d.byte()
		v |= int64(b&0x7f) << shift
		shift += 7
		if b < 0x80 {
			if signed && b&0x40 != 0 {
				v |= -1 << shift
			}
			break
		}
		if shift >= 56 { // the longest padding taken
			break
		}
	}
	if signed && v != int64(int32(v)) || !signed && v>>32 != 0 {
		d.fail("a number is out of range")
		return 0
	}
	return v
}

// leb reads an unsigned number.
//
//go:noinline
func (d *decoder) leb() uint32 { return uint32(d.number(false)) }

// sleb reads a signed number.
//
//go:noinline
func (d *decoder) sleb() int32 { return int32(d.number(true)) }

// skipLEB passes over a number of any length.
func (d *decoder) skipLEB() {
	for d.byte() >= 0x80 {
	}
}

// text passes over a text, which must be well-formed UTF-8, and gives its
// length. Where it goes into a string that ends with NUL it must hold none, and
// no stop either; anyText allows all.
//
//go:noinline
func (d *decoder) text(stop byte) uint32 {
	n := d.leb()
	var u utf8State
	for i := uint32(0); i < n && d.problem == ""; i++ {
		b := d.byte()
		if !u.step(b) {
			u.need = 1
			break
		}
		if (b == 0 || b == stop) && stop != anyText {
			d.fail("a text holds a character that it must not")
		}
	}
	if u.need != 0 {
		d.fail("a text is not UTF-8")
	}
	return n
}

// anyText is no byte of a well-formed text.
const anyText = 0xff

// ref reads a reference to a type: a primitive's opcode or a table index.
//
//go:noinline
func (d *decoder) ref() int32 {
	t := d.sleb()
	if t >= int32(d.typeCount) || t < typePrincipal || t <= typeOpt && t > typePrincipal {
		d.fail("a type is out of range")
		return typeNull
	}
	return t
}

// table reads the header and the type table.
func (d *decoder) table() {
	if d.byte() != 'D' || d.byte() != 'I' || d.byte() != 'D' || d.byte() != 'L' {
		d.fail("the argument is not Candid")
	}
	count := d.leb()
	if count > maxTypes {
		d.fail("the argument has too many types")
		return
	}
	d.typeCount = count
	for i := range count {
		d.types[i] = d.pos
		d.composite()
	}
}

// composite passes over one type of the table.
func (d *decoder) composite() {
	switch op := d.sleb(); op {
	case typeOpt, typeVec:
		d.ref()
	case typeRecord, typeVariant:
		d.fields()
	case typeFunc:
		d.refs()
		d.refs()
		for n := d.leb(); n > 0 && d.problem == ""; n-- {
			if a := d.byte(); a < 1 || a > 3 {
				d.fail("a function's annotation is unknown")
			}
		}
	case typeService:
		for n := d.leb(); n > 0 && d.problem == ""; n-- {
			d.text(anyText)
			d.ref()
		}
	default:
		if op >= typePrincipal {
			d.fail("a type is unknown")
		}
		d.skipBytes(d.leb()) // a type of the future
	}
}

func (d *decoder) refs() {
	for n := d.leb(); n > 0 && d.problem == ""; n-- {
		d.ref()
	}
}

func (d *decoder) fields() {
	last := int64(-1)
	for n := d.leb(); n > 0 && d.problem == ""; n-- {
		id := int64(d.leb())
		if id <= last {
			d.fail("a record's fields are out of order")
		}
		last = id
		d.ref()
	}
}

// open starts reading type t of the table and gives its opcode; the caller puts
// pos back.
//
//go:noinline
func (d *decoder) open(t int32) int32 {
	d.pos = d.types[t]
	return d.sleb()
}

// skip passes over one value of type t.
func (d *decoder) skip(t int32, depth int) {
	if d.values == 0 || depth > maxDepth {
		d.fail("the argument has too many values")
		return
	}
	d.values--
	switch {
	case t >= 0:
		d.skipComposite(t, depth)
	case t == typeBool:
		if d.byte() > 1 {
			d.fail("a boolean is neither 0 nor 1")
		}
	case t == typeNat, t == typeInt:
		d.skipLEB()
	case t <= typeNat8 && t > typeText:
		d.skipBytes(uint32(widths[typeNat8-t]))
	case t == typeText:
		d.text(anyText)
	case t == typeEmpty:
		d.fail("a value has the type empty")
	case t == typePrincipal:
		d.skipPrincipal()
	}
}

//go:noinline
func (d *decoder) skipPrincipal() {
	if d.byte() != 1 {
		d.fail("a reference is opaque")
	}
	d.skipBytes(d.leb())
}

// skipComposite passes over a value whose type is in the table; pos moves
// between the type and the value.
func (d *decoder) skipComposite(t int32, depth int) {
	value := d.pos
	op := d.open(t)
	switch op {
	case typeOpt, typeVec:
		elem := d.ref()
		d.pos = value
		n := d.leb()
		if op == typeOpt && n > 1 {
			d.fail("an option is neither 0 nor 1")
		}
		for ; n > 0 && d.problem == ""; n-- {
			d.skip(elem, depth+1)
		}
	case typeRecord:
		n := d.leb()
		d.skipFields(n, d.pos, value, depth)
	case typeVariant:
		d.skipVariant(value, depth)
	case typeFunc:
		d.pos = value
		if d.byte() != 1 {
			d.fail("a reference is opaque")
		}
		d.skipPrincipal()
		d.text(anyText)
	case typeService:
		d.pos = value
		d.skipPrincipal()
	default: // a type of the future: its size and its references
		d.pos = value
		n := d.leb()
		if d.leb() != 0 {
			d.fail("a reference is opaque")
		}
		d.skipBytes(n)
	}
}

// skipFields passes over n fields of a record: their types begin at fields, and
// their values at value.
//
//go:noinline
func (d *decoder) skipFields(n, fields, value uint32, depth int) {
	for ; n > 0 && d.problem == ""; n-- {
		d.pos = fields
		d.leb()
		t := d.ref()
		fields = d.pos
		d.pos = value
		d.skip(t, depth+1)
		value = d.pos
	}
	if d.problem == "" {
		d.pos = value
	}
}

func (d *decoder) skipVariant(value uint32, depth int) {
	n := d.leb()
	fields := d.pos
	d.pos = value
	index := d.leb()
	if index >= n {
		d.fail("a variant's index is out of range")
		return
	}
	value = d.pos
	d.pos = fields
	for ; index > 0; index-- {
		d.leb()
		d.ref()
	}
	d.leb()
	t := d.ref()
	if d.problem == "" {
		d.pos = value
		d.skip(t, depth+1)
	}
}
