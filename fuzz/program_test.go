package fuzz

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	headers "github.com/AdaLogics/go-fuzz-headers"
	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/internal/wasmtest"
	"github.com/icsplice/icsplice/oracle"
)

// program draws whole programs: a few functions with loops, memory that grows,
// indirect calls, and WASI calls between. Each comes to an end, as loops and
// calls use up fuel, though perhaps in a trap.
type program struct {
	source *headers.ConsumeFuzzer
	b      strings.Builder
	fn     int // being drawn; functions call later ones only
	funcs  int
	depth  int
}

func (p *program) n(max int) int {
	b, err := p.source.GetByte()
	if err != nil {
		return 0
	}
	return int(b) * max >> 8
}

// Indices of imports.
const (
	fdWrite = iota
	procExit
	clockTimeGet
	pathOpen
	firstFunc
)

// What lies in the program's memory: a path, an iovec, and from there on what it
// likes.
const layoutText = `i32.const 64 i32.const 0x61 i32.store8 0 0
	i32.const 16 i32.const 256 i32.store 2 0 i32.const 20 i32.const 8 i32.store 2 0`

// drawProgram makes a module of bytes.
func drawProgram(data []byte) []byte {
	p := &program{source: headers.NewConsumer(data)}
	m := &wasmtest.Module{}
	m.Import("wasi_snapshot_preview1", "fd_write", "i32 i32 i32 i32 -> i32")
	m.Import("wasi_snapshot_preview1", "proc_exit", "i32 ->")
	m.Import("wasi_snapshot_preview1", "clock_time_get", "i32 i64 i32 -> i32")
	m.Import("wasi_snapshot_preview1", "path_open", "i32 i32 i32 i32 i32 i64 i64 i32 i32 -> i32")
	m.Global("i32", true, fmt.Sprint("i32.const ", 200+100*p.n(20)))
	m.Global("i64", true, "i64.const 0")
	m.Global("f64", true, "f64.const 0.5")
	m.Memory(1+p.n(3), 12)
	p.funcs = 2 + p.n(4)
	var table []uint32
	for p.fn = range p.funcs {
		signature, end := "i32 -> i32", "local.get 0"
		export := ""
		if p.fn == 0 {
			export, signature, end = "_start", "->", p.finish()
		}
		p.b.Reset()
		if p.fn == 0 {
			p.b.WriteString(layoutText)
		}
		p.statements(3 + p.n(8))
		p.b.WriteString(" " + end)
		locals := "i32 i32 i32 i64"
		if p.fn == 0 {
			locals = "i32 " + locals // in place of the parameter
		}
		table = append(table, m.Func(export, signature, locals, p.b.String()))
	}
	m.Table(table[1:]...)
	m.Exports = append(m.Exports, wasm.Export{Name: "memory", Kind: wasm.ExternMemory})
	return m.Encode()
}

// finish adds up the memory and prints the sum, with the globals and the size.
func (p *program) finish() string {
	return `i32.const 0 local.set 1
	loop void
		global.get 1 i64.const 31 i64.mul local.get 1 i64.load 0 0 i64.add global.set 1
		local.get 1 i32.const 8 i32.add local.tee 1 i32.const 65536 i32.lt_u br_if 0
	end
	i32.const 256 global.get 1 i64.store 0 0
	i32.const 264 memory.size 0 i32.store 0 0 i32.const 268 global.get 0 i32.store 0 0
	i32.const 272 global.get 2 f64.store 0 0
	i32.const 16 i32.const 256 i32.store 2 0 i32.const 20 i32.const 24 i32.store 2 0
	i32.const 1 i32.const 16 i32.const 1 i32.const 24 call 0 drop`
}

func (p *program) emit(format string, args ...any) { fmt.Fprintf(&p.b, " "+format, args...) }

func (p *program) statements(n int) {
	p.depth++
	for range n {
		p.statement()
	}
	p.depth--
}

// burn ends the function where the fuel is used up.
func (p *program) burn() {
	leave := "return"
	if p.fn != 0 {
		leave = "i32.const 0 return"
	}
	p.emit("global.get 0 i32.const 1 i32.sub global.set 0 global.get 0 i32.const 0 i32.lt_s if void %s end", leave)
}

func (p *program) statement() {
	switch k := p.n(20); {
	case k < 5:
		p.expression(3)
		p.emit("local.set %d", p.n(4))
	case k < 8:
		p.address()
		p.expression(2)
		p.emit("%s 0 %d", []string{"i32.store", "i32.store8", "i32.store16"}[p.n(3)], p.offset())
	case k < 9:
		p.address()
		p.emit("local.get 4 i64.store 0 %d", p.offset())
	case k < 11 && p.depth < 4:
		p.emit("loop void")
		p.burn()
		p.statements(1 + p.n(3))
		p.expression(1)
		p.emit("i32.const 7 i32.and br_if 0 end")
	case k < 13 && p.depth < 4:
		p.expression(2)
		p.emit("if void")
		p.statements(1 + p.n(2))
		p.emit("else")
		p.statements(1 + p.n(2))
		p.emit("end")
	case k == 13:
		p.emit("i32.const %d memory.grow 0 local.set %d", p.n(5), p.n(4))
	case k == 14:
		p.emit("i32.const 256")
		p.expression(1)
		p.emit("i32.store 0 0 i32.const 1 i32.const 16 i32.const 1 i32.const 24 call %d local.set %d", fdWrite, p.n(4))
	case k == 15 && p.fn+1 < p.funcs:
		p.burn()
		p.expression(1)
		p.emit("call %d local.set %d", firstFunc+p.fn+1+p.n(p.funcs-p.fn-1), p.n(4))
	case k == 16:
		p.address()
		p.expression(1)
		p.emit("i32.const %d %s", p.n(256)*p.n(256), []string{"memory.fill 0", "drop drop drop"}[p.n(2)])
	case k == 17:
		p.rare()
	default:
		p.emit("local.get 4")
		p.expression(1)
		p.emit("i64.extend_i32_u %s local.set 4", []string{"i64.add", "i64.mul", "i64.xor", "i64.rotl"}[p.n(4)])
	}
}

// rare is what ends most programs, or what few do.
func (p *program) rare() {
	switch p.n(12) {
	case 0:
		p.expression(1)
		p.emit("i32.const 127 i32.and call %d", procExit)
	case 1:
		p.emit("i32.const 1 i64.const 0 i32.const 32 call %d local.set %d i32.const 32 i64.const 0 i64.store 0 0", clockTimeGet, p.n(4))
	case 2:
		p.emit(`i32.const 3 i32.const 0 i32.const 64 i32.const 1 i32.const %d i64.const 66 i64.const 0 i32.const 0
			i32.const 40 call %d local.set 1`, p.n(16), pathOpen)
	case 3:
		p.emit("global.get 2 f64.const 1.5 f64.mul f64.const 3.25 f64.sub global.set 2")
	case 4:
		p.emit("unreachable")
	case 5:
		p.emit("i32.const 100 i32.const 200 i32.const %d memory.copy 0 0", p.n(256))
	default:
		p.expression(2)
		p.emit("drop")
	}
}

// address is mostly inside of the memory.
func (p *program) address() {
	p.expression(1)
	if p.n(12) > 0 {
		p.emit("i32.const 32767 i32.and")
	}
	p.emit("i32.const 512 i32.add")
}

func (p *program) offset() int {
	return []int{0, 0, 1, 4, 100, 65536, 1 << 20, 1<<31 - 1}[p.n(8)*p.n(2)]
}

// expression leaves an i32.
func (p *program) expression(depth int) {
	switch k := p.n(10); {
	case depth == 0 || k < 2:
		p.emit("i32.const %d", []int{0, 1, -1, 7, 255, -1 << 31, 65536, p.n(256)}[p.n(8)])
	case k < 5:
		p.emit("local.get %d", p.n(4))
	case k < 6:
		p.address()
		p.emit("i32.load 0 %d", p.offset())
	case k == 6:
		p.emit("memory.size 0")
	case k == 7:
		p.emit("local.get 4 i32.wrap_i64")
	default:
		p.expression(depth - 1)
		p.expression(depth - 1)
		ops := strings.Fields("i32.add i32.sub i32.mul i32.xor i32.and i32.shl i32.shr_s i32.lt_u i32.eq i32.rotr i32.rem_u i32.div_s")
		p.emit("%s", ops[p.n(len(ops)-p.n(3))])
	}
}

// native gives the engines that programs are compared on.
func programEngines(t testing.TB) (ours, native oracle.Oracle) {
	t.Helper()
	w, err := oracle.NewWazero()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	return oracle.NewCanister(), w
}

// sameProgram: a program comes to the same on the canister as on a native
// engine.
func sameProgram(t *testing.T, ours, native oracle.Oracle, module []byte) (trapped bool) {
	t.Helper()
	var outcomes [2]oracle.Outcome
	for i, o := range []oracle.Oracle{ours, native} {
		p, err := o.Load(module)
		if err != nil {
			t.Fatalf("%s: %v", o.Name(), err)
		}
		defer p.Close()
		s, err := p.Start("")
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if outcomes[i], err = s.Run(oracle.Run{Args: []string{"p"}}); err != nil {
			t.Fatalf("%s: %v", o.Name(), err)
		}
	}
	a, b := outcomes[0], outcomes[1]
	if (a.Trap != "") != (b.Trap != "") || a.Trap == "" && (a.Exit != b.Exit || string(a.Stdout) != string(b.Stdout)) {
		t.Errorf("the canister: exit %d, trap %q, %x\n%s: exit %d, trap %q, %x\n% x",
			a.Exit, a.Trap, a.Stdout, native.Name(), b.Exit, b.Trap, b.Stdout, module)
	}
	return a.Trap != ""
}

// TestPrograms runs programs that are the same each time.
func TestPrograms(t *testing.T) {
	ours, native := programEngines(t)
	r := rand.New(rand.NewPCG(7, 0))
	trapped := 0
	for range *programs {
		if sameProgram(t, ours, native, drawProgram(randomBytes(r))) {
			trapped++
		}
	}
	if trapped > *programs/2 {
		t.Errorf("%d of %d programs trap", trapped, *programs)
	}
}

// FuzzPrograms draws programs, rewrites them and runs them against the original.
func FuzzPrograms(f *testing.F) {
	ours, native := programEngines(f)
	f.Fuzz(func(t *testing.T, data []byte) { sameProgram(t, ours, native, drawProgram(data)) })
}
