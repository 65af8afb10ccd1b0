package wasi

// runArgument is the argument of the run method:
//
//	(args : vec text, stdin : blob, env : vec record { text; text })
//
// Only positions are kept; the bytes stay in the message.
type runArgument struct {
	decoder  decoder
	args     texts
	env      texts
	envMore  uint32 // fields of an env record besides 0 and 1
	envTypes uint32 // position of their types
	stdinPos uint32
	stdinEnd uint32
}

// texts is a vector of texts (or of pairs of them) in the message.
type texts struct {
	pos   uint32 // of the first one
	count uint32
	bytes uint32 // as strings that end with NUL
}

// decode reads the whole message once and gives the first problem, or "".
func (a *runArgument) decode() string {
	d := &a.decoder
	d.begin()
	d.table()
	count := d.leb()
	if d.problem == "" && count < 3 {
		d.fail("expected (vec text, blob, vec record { text; text })")
	}
	types := [3]int32{d.ref(), d.ref(), d.ref()}
	more := d.pos
	for i := uint32(3); i < count && d.problem == ""; i++ {
		d.ref()
	}
	if d.problem != "" {
		return d.problem
	}
	a.decodeArgs(types[0])
	a.decodeStdin(types[1])
	a.decodeEnv(types[2])
	d.skipArguments(count-3, more)
	if d.problem == "" && d.pos != d.size {
		d.fail("bytes follow the last value")
	}
	return d.problem
}

// element gives the element type of t, which must be a vector.
//
//go:noinline
func (d *decoder) element(t int32, problem string) int32 {
	value := d.pos
	elem := int32(typeEmpty)
	if t < 0 || d.open(t) != typeVec {
		d.fail(problem)
		return elem
	}
	elem = d.ref()
	d.pos = value
	return elem
}

// count reads the count of a vector. Its elements must be of the right type, or
// of the type empty, and then there must be none.
//
//go:noinline
func (d *decoder) count(elem int32, right bool, problem string) uint32 {
	if !right && elem != typeEmpty {
		d.fail(problem)
		return 0
	}
	n := d.leb()
	if elem == typeEmpty && n > 0 {
		d.fail("a value has the type empty")
	}
	return n
}

func (a *runArgument) decodeArgs(t int32) {
	const problem = "args is not a vec text"
	d := &a.decoder
	elem := d.element(t, problem)
	n := d.count(elem, elem == typeText, problem)
	a.args = texts{pos: d.pos, count: n}
	for ; n > 0 && d.problem == ""; n-- {
		a.args.bytes += d.text(0) + 1
	}
}

func (a *runArgument) decodeStdin(t int32) {
	const problem = "stdin is not a blob"
	d := &a.decoder
	elem := d.element(t, problem)
	n := d.count(elem, elem == typeNat8, problem)
	a.stdinPos = d.pos
	d.skipBytes(n)
	a.stdinEnd = d.pos
}

func (a *runArgument) decodeEnv(t int32) {
	const problem = "env is not a vec record { text; text }"
	d := &a.decoder
	elem := d.element(t, problem)
	n := d.count(elem, elem >= 0 && a.isPair(elem), problem)
	a.env = texts{pos: d.pos, count: n}
	for ; n > 0 && d.problem == ""; n-- {
		a.env.bytes += a.pair()
	}
}

// isPair says whether a type is a record whose fields 0 and 1 are texts, and
// keeps what other fields it has.
func (a *runArgument) isPair(t int32) bool {
	d := &a.decoder
	value := d.pos
	ok := d.open(t) == typeRecord
	n := d.leb()
	ok = ok && n >= 2 && d.leb() == 0 && d.ref() == typeText && d.leb() == 1 && d.ref() == typeText
	a.envMore, a.envTypes = n-2, d.pos
	d.pos = value
	return ok
}

// pair passes over one variable and gives its length as NAME=VALUE and NUL.
func (a *runArgument) pair() uint32 {
	d := &a.decoder
	name := d.text('=')
	if name == 0 {
		d.fail("a variable has no name")
	}
	value := d.text(0)
	d.skipFields(a.envMore, a.envTypes, d.pos, 0)
	return name + value + 2
}

// skipArguments passes over n arguments whose types begin at types.
func (d *decoder) skipArguments(n, types uint32) {
	for ; n > 0 && d.problem == ""; n-- {
		value := d.pos
		d.pos = types
		t := d.ref()
		types = d.pos
		d.pos = value
		d.skip(t, 0)
	}
}
