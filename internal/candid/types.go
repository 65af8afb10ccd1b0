package candid

// field is a field of a record or variant.
type field struct {
	id  uint32
	typ int64
}

// typeDef is one entry of the type table.
type typeDef struct {
	op     int64
	elem   int64   // opt, vec
	fields []field // record, variant: by rising id
}

// readTypes reads the type table. It grows with the bytes read.
func (r *reader) readTypes() []typeDef {
	count := r.uleb()
	var defs []typeDef
	for i := uint64(0); i < count && r.err == nil; i++ {
		defs = append(defs, r.readTypeDef(count))
	}
	return defs
}

func (r *reader) readTypeDef(count uint64) typeDef {
	d := typeDef{op: r.sleb()}
	switch {
	case d.op == typeOpt || d.op == typeVec:
		d.elem = r.ref(count)
	case d.op == typeRecord || d.op == typeVariant:
		d.fields = r.readFields(count)
	case d.op == typeFunc:
		r.readFunc(count)
	case d.op == typeService:
		r.readService(count)
	case d.op < typePrincipal:
		r.take(r.uleb()) // a type of a future version says its own length
	default:
		r.fail("type code %d does not belong in the type table", d.op)
	}
	return d
}

// ref reads a reference to a type: a primitive type or an entry of the table.
func (r *reader) ref(count uint64) int64 {
	t := r.sleb()
	if t >= 0 && uint64(t) >= count {
		r.fail("type %d of a table of %d", t, count)
	}
	if t < 0 && !isPrimitive(t) {
		r.fail("type code %d is not a primitive type", t)
	}
	return t
}

func isPrimitive(t int64) bool {
	return t >= typeEmpty && t <= typeNull || t == typePrincipal
}

func (r *reader) readFields(count uint64) []field {
	n := r.uleb()
	var fields []field
	for i := uint64(0); i < n && r.err == nil; i++ {
		id := r.uleb()
		if id > 1<<32-1 {
			r.fail("field number %d is above 32 bits", id)
		}
		if i > 0 && uint32(id) <= fields[i-1].id {
			r.fail("field %d does not come after field %d", id, fields[i-1].id)
		}
		fields = append(fields, field{id: uint32(id), typ: r.ref(count)})
	}
	return fields
}

func (r *reader) readFunc(count uint64) {
	for range 2 { // arguments, then results
		for n := r.uleb(); n > 0 && r.err == nil; n-- {
			r.ref(count)
		}
	}
	r.take(r.uleb()) // annotations, a byte each
}

func (r *reader) readService(count uint64) {
	for n := r.uleb(); n > 0 && r.err == nil; n-- {
		r.text()
		r.ref(count)
	}
}
