package canister

const stable32Pages = 4 << 30 / StablePageSize

// stable32 makes a function with 32-bit addresses of one with 64-bit ones: it
// has no meaning for a larger memory.
func stable32(f ic0Func) ic0Func {
	return func(e *execution, a []uint64) uint64 {
		if e.c.stable.Size() > stable32Pages {
			e.refuse("stable memory is larger than 4 GiB")
		}
		return f(e, a)
	}
}

func stableSize(e *execution, _ []uint64) uint64 { return e.c.stable.Size() }

func stableGrow(e *execution, a []uint64) uint64 {
	old, ok := e.c.stable.Grow(a[0])
	if !ok {
		return ^uint64(0)
	}
	return old
}

// stableGrow32 fails where the result would be larger than 4 GiB.
func stableGrow32(e *execution, a []uint64) uint64 {
	if e.c.stable.Size()+a[0] > stable32Pages {
		return uint64(^uint32(0))
	}
	return stableGrow(e, a)
}

func stableRead(e *execution, a []uint64) uint64 {
	dst, offset, size := a[0], a[1], a[2]
	e.r.StableReads++
	if size == 0 {
		return 0
	}
	p := e.bytes(dst, size)
	if err := e.c.stable.Read(p, offset); err != nil {
		e.fail(err)
	}
	e.r.StableReadBytes += size
	e.touch(offset, size)
	return 0
}

func stableWrite(e *execution, a []uint64) uint64 {
	offset, src, size := a[0], a[1], a[2]
	e.r.StableWrites++
	if size == 0 {
		return 0
	}
	p := e.bytes(src, size)
	if err := checkStableBounds(e.c.stable.Size(), len(p), offset); err != nil {
		e.fail(err)
	}
	e.touch(offset, size)
	fresh := e.written.add(pagesOf(offset, size))
	e.r.StablePagesDirty += fresh
	e.charge(&e.charged.StablePages, fresh*dirtyPageCost)
	if err := e.c.stable.Write(p, offset); err != nil {
		e.fail(err)
	}
	e.r.StableWriteBytes += size
	return 0
}

func (e *execution) touch(offset, size uint64) {
	e.r.StablePagesAccessed += e.accessed.add(pagesOf(offset, size))
}

// pagesOf is the first 4 KiB page of a range in stable memory and their count.
func pagesOf(offset, size uint64) (first, n uint64) {
	first = offset / osPage
	return first, (offset+size-1)/osPage - first + 1
}
