package canister

// pageSet is a set of page numbers, in blocks so that a run of pages costs a
// bit each.
type pageSet map[uint64]*[64]uint64

// add puts n pages from first on into the set and returns how many of them
// were not there.
func (s pageSet) add(first, n uint64) (fresh uint64) {
	for page := first; page < first+n; page++ {
		block := s[page>>12]
		if block == nil {
			block = new([64]uint64)
			s[page>>12] = block
		}
		word, bit := &block[page>>6&63], uint64(1)<<(page&63)
		if *word&bit == 0 {
			*word |= bit
			fresh++
		}
	}
	return fresh
}
