package stablefs

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/icsplice/icsplice/abi"
)

// TestOpenTable: the table counts as a map does, with inodes that want the same
// place, wrap around its ends and come and go in any order.
func TestOpenTable(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	var table openTable
	counts := map[Ino]uint32{}
	for range 20_000 {
		ino := 1 + Ino(r.IntN(8)) + openSlots*Ino(r.IntN(8))
		i := table.find(ino)
		switch {
		case r.IntN(2) == 0 && (counts[ino] > 0 || table.used < MaxOpen):
			if counts[ino] == 0 {
				table.used++
			}
			counts[ino]++
			table.places[i] = opened{ino, counts[ino]}
		case counts[ino] == 1:
			table.remove(i)
			delete(counts, ino)
		case counts[ino] > 1:
			counts[ino]--
			table.places[i].count--
		}
		if int(table.used) != len(counts) {
			t.Fatalf("%d inodes open, want %d", table.used, len(counts))
		}
		for ino, count := range counts {
			if p := table.places[table.find(ino)]; p != (opened{ino, count}) {
				t.Fatalf("inode %d: %+v, want count %d", ino, p, count)
			}
		}
	}
}

// TestOpenLimit: MaxOpen inodes can be open at once, one more is nfile, and a
// close makes room.
func TestOpenLimit(t *testing.T) {
	fs := New(newMemory())
	var inos []Ino
	for i := range MaxOpen + 1 {
		inos = append(inos, create(t, fs, Root, fmt.Sprint(i), fileType))
	}
	for _, ino := range inos[:MaxOpen] {
		want(t, "open", fs.Open(ino), 0)
	}
	want(t, "one too many", fs.Open(inos[MaxOpen]), abi.ErrnoNfile)
	want(t, "again", fs.Open(inos[7]), 0)
	want(t, "close", fs.Close(inos[3]), 0)
	want(t, "the last", fs.Open(inos[MaxOpen]), 0)
	want(t, "close what is not open", fs.Close(inos[3]), abi.ErrnoBadf)
}
