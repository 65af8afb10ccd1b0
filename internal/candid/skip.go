package candid

// Bounds of what a reply may hold besides the fields that we want.
const (
	maxDepth     = 64      // values inside values
	maxZeroSized = 1 << 16 // values that take no bytes, which a count alone can claim
)

// skipper passes over values by their type.
type skipper struct {
	*reader
	defs      []typeDef
	zeroSized int
}

// skip passes over one value of type t.
func (s *skipper) skip(t int64, depth int) {
	switch {
	case s.err != nil:
	case depth > maxDepth:
		s.fail("values nested more than %d deep", maxDepth)
	case t >= 0:
		s.skipComposite(&s.defs[t], depth)
	case t == typeBool:
		if s.byte() > 1 {
			s.fail("a bool is neither 0 nor 1")
		}
	case t == typeNat || t == typeInt:
		s.bigLeb()
	case t == typeText:
		s.text()
	case t == typePrincipal:
		s.reference()
	case t == typeEmpty:
		s.fail("a value of the empty type")
	case fixedSize(t) > 0:
		s.take(fixedSize(t))
	default:
		s.countZeroSized()
	}
}

// fixedSize is the size in bytes of a sized number, otherwise 0.
func fixedSize(t int64) uint64 {
	if t > typeNat8 || t < typeFloat64 {
		return 0
	}
	return [...]uint64{1, 2, 4, 8, 1, 2, 4, 8, 4, 8}[typeNat8-t]
}

func (s *skipper) countZeroSized() {
	if s.zeroSized++; s.zeroSized > maxZeroSized {
		s.fail("more than %d values without bytes", maxZeroSized)
	}
}

func (s *skipper) skipComposite(d *typeDef, depth int) {
	switch d.op {
	case typeOpt:
		s.skipOpt(d, depth)
	case typeVec:
		s.skipVec(d, depth)
	case typeRecord:
		s.skipRecord(d, depth)
	case typeVariant:
		i := s.uleb()
		if i >= uint64(len(d.fields)) {
			s.fail("alternative %d of a variant of %d", i, len(d.fields))
			return
		}
		s.skip(d.fields[i].typ, depth+1)
	case typeFunc:
		s.skipFunc()
	case typeService:
		s.reference()
	default:
		s.skipFuture()
	}
}

func (s *skipper) skipOpt(d *typeDef, depth int) {
	switch s.byte() {
	case 0:
	case 1:
		s.skip(d.elem, depth+1)
	default:
		s.fail("the tag of an opt is neither 0 nor 1")
	}
}

func (s *skipper) skipVec(d *typeDef, depth int) {
	n := s.uleb()
	if size := fixedSize(d.elem); size > 0 {
		if n > s.left()/size {
			s.fail("vector of %d elements, %d bytes left", n, s.left())
			return
		}
		s.take(n * size)
		return
	}
	for ; n > 0 && s.err == nil; n-- {
		s.skip(d.elem, depth+1)
	}
}

func (s *skipper) skipRecord(d *typeDef, depth int) {
	if len(d.fields) == 0 {
		s.countZeroSized()
	}
	for _, f := range d.fields {
		if s.err != nil {
			return
		}
		s.skip(f.typ, depth+1)
	}
}

// reference passes over a principal or a service.
func (s *skipper) reference() {
	if s.byte() != 1 {
		s.fail("an opaque reference")
		return
	}
	s.take(s.uleb())
}

func (s *skipper) skipFunc() {
	if s.byte() != 1 {
		s.fail("an opaque reference")
		return
	}
	s.reference()
	s.text()
}

// skipFuture passes over a value of a type that this version does not know.
func (s *skipper) skipFuture() {
	size := s.uleb()
	s.uleb() // number of references, which stand outside of the message
	s.take(size)
}
