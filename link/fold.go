package link

import (
	"bytes"
	"hash/maphash"
)

// folded is a function that another one of its module stands for.
type folded struct{ id, by id }

// fold lets one function stand for all of a module that have its type and its
// bytes: as they name the same entities, they do the same. It changes what the
// graph resolves them to, and gives them in order.
func fold(g *graph, live *liveness) []folded {
	var list []folded
	for _, in := range g.inputs {
		hashes := in.hashBodies(live)
		first := map[uint64]uint32{}
		for i, h := range hashes {
			f := uint32(len(in.imports[Func]) + i)
			if !live.live[Func][in.first[Func]+id(f)] {
				continue
			}
			same, ok := first[h]
			if !ok {
				first[h] = f
				continue
			}
			if in.equalFuncs(same, f) {
				list = append(list, g.foldInto(live, in, f, same))
			}
		}
	}
	return list
}

func (g *graph) foldInto(live *liveness, in *input, f, by uint32) folded {
	x := folded{in.first[Func] + id(f), in.first[Func] + id(by)}
	g.alias[Func][x.id] = x.by
	live.live[Func][x.id] = false
	live.taken[x.by] = live.taken[x.by] || live.taken[x.id]
	live.declared[x.by] = live.declared[x.by] || live.declared[x.id]
	live.declared[x.id] = false
	return x
}

// hashBodies gives a hash of the type and the body of each live function.
func (in *input) hashBodies(live *liveness) []uint64 {
	hashes := make([]uint64, len(in.mod.Code))
	seed := maphash.MakeSeed()
	parallel(len(hashes), func(from, to int) error {
		for i := from; i < to; i++ {
			f := len(in.imports[Func]) + i
			if live.live[Func][in.first[Func]+id(f)] {
				hashes[i] = maphash.Bytes(seed, in.mod.Code[i].Bytes) + uint64(in.types[in.spaces.Funcs[f]])
			}
		}
		return nil
	})
	return hashes
}

func (in *input) equalFuncs(a, b uint32) bool {
	return in.types[in.spaces.Funcs[a]] == in.types[in.spaces.Funcs[b]] &&
		bytes.Equal(in.mod.Code[in.code(a)].Bytes, in.mod.Code[in.code(b)].Bytes)
}
