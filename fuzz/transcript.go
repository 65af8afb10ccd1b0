package fuzz

import (
	"encoding/binary"

	"github.com/icsplice/icsplice/abi"
)

// answer is what a call came to, as the transcript has it:
//
//	result u32
//	type   u8     of the new descriptor, after a success of a function that gives one
//	runs   { offset u16, length u16, bytes }...   of the arena, in whole words
//	0xffff u16
//
// For the step list it is
//
//	{ length u16, type u8, inode u64, name, [errno u16 of the removal] }...
//	0xffff u16
//	result u32
type answer struct {
	result  uint32
	opened  uint8
	runs    []run
	entries []dirent
}

type run struct {
	at   uint32
	data []byte
}

type dirent struct {
	name    string
	kind    abi.Filetype
	ino     uint64
	removal uint16
}

const endOfRuns = 0xffff

// transcript is what is left of one to read.
type transcript struct {
	rest []byte
	bad  bool // it ends in the middle of a call
}

func (t *transcript) take(n int) []byte {
	if n > len(t.rest) {
		t.bad, t.rest = true, nil
		return make([]byte, n)
	}
	b := t.rest[:n]
	t.rest = t.rest[n:]
	return b
}

func (t *transcript) u16() uint32 { return uint32(binary.LittleEndian.Uint16(t.take(2))) }
func (t *transcript) u32() uint32 { return binary.LittleEndian.Uint32(t.take(4)) }

// next reads the answer to a call. It is false at the transcript's end.
func (t *transcript) next(c *Call, l *lowered, a *answer) bool {
	if len(t.rest) == 0 {
		return false
	}
	a.runs, a.entries = a.runs[:0], a.entries[:0]
	if c.Op == opList {
		t.list(c, a)
		return !t.bad
	}
	a.result = t.u32()
	f := &functions[c.Op]
	if place := l.outs[0]; f.opens && a.result == 0 && place <= arenaSize-4 {
		a.opened = t.take(1)[0]
	}
	for {
		at := t.u16()
		if at == endOfRuns || t.bad {
			return !t.bad
		}
		n := t.u16()
		if at+n > arenaSize {
			t.bad = true
			return false
		}
		a.runs = append(a.runs, run{at, t.take(int(n))})
	}
}

func (t *transcript) list(c *Call, a *answer) {
	for {
		n := t.u16()
		if n == endOfRuns || t.bad {
			break
		}
		e := dirent{kind: abi.Filetype(t.take(1)[0]), ino: binary.LittleEndian.Uint64(t.take(8))}
		e.name = string(t.take(int(n)))
		if c.Args[2].Num == listUnlink {
			e.removal = uint16(t.u16())
		}
		a.entries = append(a.entries, e)
	}
	a.result = t.u32()
}
