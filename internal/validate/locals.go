package validate

import (
	"sort"

	"github.com/icsplice/icsplice/internal/wasm"
)

// locals are those of one body. A body may declare many in a few bytes, so that
// only the first ones are listed.
type locals struct {
	count   uint64 // parameters included
	params  []valType
	dense   []valType // the types of the first ones
	runs    []localRun
	written []wasm.LocalRun

	// A local whose type has no default value must be set before it is read. The
	// set bits of isSet are in inits, in the order in which they were set.
	tracked bool // there is such a local
	isSet   bitset
	inits   []uint32
}

// localRun are the locals of one type up to end.
type localRun struct {
	end uint64
	typ valType
}

// declare takes over the locals of a body and gives its code.
func (v *checker) declare(sig *funcType, b wasm.Body) (code []byte, offset int, err error) {
	l := &v.locals
	l.reset(0)
	if l.written, code, offset, err = b.LocalsInto(l.written[:0]); err != nil {
		return nil, 0, err
	}
	l.params, l.count, l.tracked = sig.params, uint64(len(sig.params)), false
	l.dense = append(l.dense[:0], sig.params[:min(len(sig.params), denseLocals)]...)
	l.runs = l.runs[:0]
	for _, r := range l.written {
		t, err := v.types.convert(r.Type)
		if err != nil {
			return nil, 0, &wasm.Error{Section: wasm.SectionNone, Index: -1, Offset: b.Offset, Msg: "locals", Err: err}
		}
		l.add(r.Count, t)
	}
	if words := int(l.count+63) / 64; l.tracked && len(l.isSet) < words {
		l.isSet = newBitset(int(l.count))
	}
	return code, offset, nil
}

func (l *locals) add(n uint32, t valType) {
	l.count += uint64(n)
	l.runs = append(l.runs, localRun{l.count, t})
	l.tracked = l.tracked || n > 0 && !t.defaultable()
	for len(l.dense) < denseLocals && uint64(len(l.dense)) < l.count {
		l.dense = append(l.dense, t)
	}
}

// rare gives the type of a local that is not among the first ones; false if
// there is none.
func (l *locals) rare(i uint64) (valType, bool) {
	if i < uint64(len(l.params)) {
		return l.params[i], true
	}
	k := sort.Search(len(l.runs), func(k int) bool { return l.runs[k].end > i })
	if k == len(l.runs) {
		return bottom, false
	}
	return l.runs[k].typ, true
}

// reset forgets which locals were set since there were so many.
func (l *locals) reset(inits int) {
	for _, i := range l.inits[inits:] {
		l.isSet.remove(uint64(i))
	}
	l.inits = l.inits[:inits]
}

// local gives the type of a local that the instruction names.
func (v *checker) local(i uint64) valType {
	if i < uint64(len(v.locals.dense)) {
		return v.locals.dense[i]
	}
	t, ok := v.locals.rare(i)
	if !ok {
		v.fail("%s: local %d of %d", v.in.Op, i, v.locals.count)
	}
	return t
}

// needsInit tells whether a local must be set before it is read, and is not.
func (l *locals) needsInit(i uint64, t valType) bool {
	return !t.defaultable() && i >= uint64(len(l.params)) && !l.isSet.has(i)
}

func (v *checker) getLocal(i uint64) {
	if i < uint64(len(v.locals.dense)) && !v.locals.tracked {
		v.push(v.locals.dense[i])
		return
	}
	t := v.local(i)
	if v.locals.tracked && v.err == nil && v.locals.needsInit(i, t) {
		v.fail("%s: local %d, of type %s, is not set yet", v.in.Op, i, t)
	}
	v.push(t)
}

// setLocal is local.set, and local.tee if the value stays.
func (v *checker) setLocal(i uint64, stays bool) {
	t := v.local(i)
	v.pop(t)
	if v.locals.tracked && v.err == nil && v.locals.needsInit(i, t) {
		v.locals.isSet.add(i)
		v.locals.inits = append(v.locals.inits, uint32(i))
	}
	if stays {
		v.push(t)
	}
}
