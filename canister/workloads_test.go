package canister

import (
	"context"
	"encoding/binary"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"

	"github.com/icsplice/icsplice"
	"github.com/icsplice/icsplice/corpus"
	"github.com/icsplice/icsplice/internal/candid"
	"github.com/icsplice/icsplice/internal/wasm"
)

// What files cost. A workload's operators (see Result.Operators) are counted
// twice: for the program alone on a native WASI, and for the canister. What is
// between them is the polyfill's share, and that is bounded.
//
// The goals and the incumbent's figures were taken with another build of the
// same workloads, whose own code costs less or more. They are shares, too:
// measured there less the program alone there.

var printTable = flag.Bool("table", false, "print the table of BENCHMARKS.md")

// workload is one method of the program workloads_canister.
type workload struct {
	name      string
	after     string // workloads that leave what this one needs
	payload   uint64 // bytes that it writes to files or reads from them
	goal      uint64 // the polyfill's share, in operators
	incumbent uint64 // the incumbent's share
}

const big = 16 << 20

var workloads = []workload{
	{"w4k", "", big, 2_200_000 - 262_616, 67_770_836 - 262_616},
	{"w64k", "", big, 850_000 - 669_656, 51_047_197 - 669_656},
	{"w1m", "", big, 10_600_000 - 10_487_076, 59_658_425 - 10_487_076},
	{"r4k", "w4k", big, 1_300_000 - 221_673, 12_704_340 - 221_673},
	{"r64k", "w4k", big, 90_000 - 14_313, 1_369_516 - 14_313},
	{"r1m", "w4k", big, 8_000 - 1_353, 803_356 - 1_353},
	{"rand4k", "w4k", 4_096_000, 370_000 - 69_430, 3_167_149 - 69_430},
	{"randw4k", "w4k", 4_096_000, 460_000 - 108_344, 3_209_814 - 108_344},
	{"o4k", "w4k", big, 1_700_000 - 262_612, 12_756_038 - 262_612},
	{"o64k", "w4k", big, 760_000 - 669_652, 2_257_478 - 669_652},
	{"mk1000", "", 100_000, 5_000_000 - 506_158, 21_655_303_351 - 506_158},
	{"stat1000", "mk1000", 0, 1_500_000 - 527_023, 158_894_513 - 527_023},
	{"read1000", "mk1000", 100_000, 2_700_000 - 501_021, 183_569_174 - 501_021},
	{"readdir1000", "mk1000", 0, 500_000 - 300_951, 14_765_846 - 300_951},
	{"rename100", "mk1000", 0, 430_000 - 71_120, 2_886_660_154 - 71_120},
	{"unlink1000", "mk1000", 0, 2_800_000 - 343_020, 508_475_319 - 343_020},
	{"replace20", "", 20 << 20, 10_300_000 - 9_980_734, 82_841_603 - 9_980_734},
	{"recreate20", "", 20 << 20, 10_300_000 - 9_976_198, 94_937_701 - 9_976_198},
}

// spliced builds a program of the corpus, whose own instructions stay, so that
// what it costs more is the polyfill.
func spliced(t testing.TB, program string) []byte {
	t.Helper()
	r, err := icsplice.Build(moduleOf(t, program), icsplice.Options{Public: true, Verbatim: true})
	if err != nil {
		t.Fatal(err)
	}
	return r.Wasm
}

func moduleOf(t testing.TB, program string) []byte {
	t.Helper()
	b, err := corpus.Module(program)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// start installs a canister that counts operators and closes it after the test.
func start(t testing.TB, module []byte, opts Options) *Canister {
	t.Helper()
	opts.CountOperators = true
	opts.Time = func() uint64 { return 1_700_000_000_000_000_000 }
	c, err := Install(ctx, module, nil, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(ctx) })
	return c
}

// measure runs a workload, after what it needs, in a new canister.
func (w *workload) measure(t testing.TB, module []byte, cache string) *Result {
	t.Helper()
	c := start(t, module, Options{Cache: cache})
	if w.after != "" {
		update(t, c, w.after, nil)
	}
	return update(t, c, w.name, nil)
}

func update(t testing.TB, c *Canister, method string, arg []byte) *Result {
	t.Helper()
	r, err := c.Update(ctx, nil, method, arg)
	if err != nil || r.Reject != nil {
		t.Fatalf("%s: %v, %+v", method, err, r)
	}
	return r
}

// alone is a program without polyfill on wazero's own WASI, instrumented.
type alone struct {
	module api.Module
	arg    []byte // of the message
}

// compiled keeps what newAlone compiles.
var compiled = wazero.NewCompilationCache()

func newAlone(t testing.TB, program string, args ...string) *alone {
	t.Helper()
	read, err := wasm.Read(moduleOf(t, program))
	if err != nil {
		t.Fatal(err)
	}
	p, err := instrument(read, true)
	if err != nil {
		t.Fatal(err)
	}
	r := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfig().WithCompilationCache(compiled))
	t.Cleanup(func() { r.Close(ctx) })
	if _, err := wasi_snapshot_preview1.Instantiate(ctx, r); err != nil {
		t.Fatal(err)
	}
	a := &alone{}
	host := r.NewHostModuleBuilder("ic0")
	host.NewFunctionBuilder().WithFunc(func() uint32 { return uint32(len(a.arg)) }).Export("msg_arg_data_size")
	host.NewFunctionBuilder().WithFunc(func(_ context.Context, m api.Module, to, offset, n uint32) {
		m.Memory().Write(to, a.arg[offset:offset+n])
	}).Export("msg_arg_data_copy")
	host.NewFunctionBuilder().WithFunc(func() {}).Export("msg_reply")
	host.NewFunctionBuilder().WithFunc(func(uint32, uint32) {}).Export("msg_reply_data_append")
	host.NewFunctionBuilder().WithFunc(func(_ context.Context, m api.Module, p, n uint32) {
		text, _ := m.Memory().Read(p, n)
		panic(fmt.Sprintf("ic0.trap: %s", text))
	}).Export("trap")
	if _, err := host.Instantiate(ctx); err != nil {
		t.Fatal(err)
	}
	config := wazero.NewModuleConfig().WithFSConfig(wazero.NewFSConfig().WithDirMount(t.TempDir(), "/")).
		WithStartFunctions().WithArgs(append([]string{program}, args...)...)
	a.module, err = r.InstantiateWithConfig(ctx, p.module.Encode(), config)
	if err != nil {
		t.Fatal(err)
	}
	if a.module.ExportedFunction("_initialize") != nil {
		a.call(t, "_initialize")
	}
	return a
}

// call gives the operators and instructions of one call.
func (a *alone) call(t testing.TB, export string, args ...uint64) (operators, instructions uint64) {
	t.Helper()
	fuel := a.module.ExportedGlobal(exportOperators).(api.MutableGlobal)
	left := a.module.ExportedGlobal(exportLeft).(api.MutableGlobal)
	const budget = 1 << 40
	fuel.Set(0)
	left.Set(budget)
	if _, err := a.module.ExportedFunction(export).Call(ctx, args...); err != nil {
		t.Fatalf("%s: %v", export, err)
	}
	return fuel.Get(), budget - left.Get()
}

func (w *workload) alone(t testing.TB) uint64 {
	t.Helper()
	a := newAlone(t, "workloads_canister")
	if w.after != "" {
		a.call(t, "canister_update "+w.after)
	}
	operators, _ := a.call(t, "canister_update "+w.name)
	return operators
}

// TestWorkloads holds the polyfill's share of each workload to its goal, and
// the bytes that pass to and from stable memory to the payload.
func TestWorkloads(t *testing.T) {
	module, cache := spliced(t, "workloads_canister"), t.TempDir()
	var b strings.Builder
	b.WriteString("| workload | program alone | as a canister | polyfill's share | goal | incumbent's share | instructions | stable reads: calls, bytes | stable writes: calls, bytes |\n")
	b.WriteString("|---|---:|---:|---:|---:|---:|---:|---:|---:|\n")
	for i := range workloads {
		w := &workloads[i]
		r, own := w.measure(t, module, cache), w.alone(t)
		share := r.Operators - own
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s | %s, %s | %s, %s |\n", w.name, grouped(own), grouped(r.Operators),
			grouped(share), grouped(w.goal), grouped(w.incumbent), grouped(r.Instructions),
			grouped(r.StableReads), grouped(r.StableReadBytes), grouped(r.StableWrites), grouped(r.StableWriteBytes))
		atMost(t, w.name+": the polyfill's operators", share, w.goal)
		w.checkTraffic(t, r)
	}
	if *printTable {
		fmt.Fprint(os.Stdout, b.String())
	}
}

// checkTraffic: what is written is the payload and 5 %, what is read in order
// the payload and 2 %, and a small file takes 1,000 bytes.
func (w *workload) checkTraffic(t *testing.T, r *Result) {
	t.Helper()
	switch w.name[0] {
	case 'w', 'o':
		atMost(t, w.name+": bytes written", r.StableWriteBytes, w.payload*105/100)
	case 'm':
		atMost(t, w.name+": bytes written", r.StableWriteBytes, 1000*1000)
	case 'r':
		if w.name == "r4k" || w.name == "r64k" || w.name == "r1m" {
			atMost(t, w.name+": bytes read", r.StableReadBytes, w.payload*102/100)
		}
	}
}

func atMost(t *testing.T, what string, got, most uint64) {
	t.Helper()
	if got > most {
		t.Errorf("%s: %d, more than %d", what, got, most)
	}
}

// grouped writes a number with commas.
func grouped(n uint64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// BenchmarkWorkloads runs each workload in a new canister; the metrics are the
// same in each run.
func BenchmarkWorkloads(b *testing.B) {
	module, cache := spliced(b, "workloads_canister"), b.TempDir()
	for i := range workloads {
		w := &workloads[i]
		b.Run(w.name, func(b *testing.B) {
			var r *Result
			for b.Loop() {
				r = w.measure(b, module, cache)
			}
			for unit, n := range map[string]uint64{
				"operators": r.Operators, "instructions": r.Instructions, "pages": r.StablePages,
				"stable-reads": r.StableReads, "stable-read-bytes": r.StableReadBytes,
				"stable-writes": r.StableWrites, "stable-write-bytes": r.StableWriteBytes,
			} {
				b.ReportMetric(float64(n), unit)
			}
		})
	}
}

var scaleTo = flag.Uint("scale", 100_000, "entries of the large folder in TestScale")

// pair encodes the argument of a method of the program scale.
func pair(a, b uint32) []byte {
	return binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(nil, a), b)
}

// TestScale: in a large folder the polyfill executes at most 1.3 times what it
// executes in one of 1,000 entries.
func TestScale(t *testing.T) {
	const small, ops = 1000, 500
	module, cache := spliced(t, "scale"), t.TempDir()
	cost := func(entries uint32) map[string]uint64 {
		c := start(t, module, Options{Cache: cache})
		return scaled(entries, ops, func(method string, arg []byte) uint64 {
			return update(t, c, method, arg).Operators
		})
	}
	a := newAlone(t, "scale")
	own := scaled(small, ops, func(method string, arg []byte) uint64 {
		a.arg = arg
		operators, _ := a.call(t, "canister_update "+method)
		return operators
	})
	few, many := cost(small), cost(uint32(*scaleTo))
	for method := range own {
		before, after := few[method]-own[method], many[method]-own[method]
		t.Logf("%s: %d operators, then %d", method, before/ops, after/ops)
		atMost(t, method+": operators", after, before*13/10)
	}
}

// scaled fills a folder and gives what some calls of each kind cost there.
func scaled(entries, ops uint32, call func(method string, arg []byte) uint64) map[string]uint64 {
	call("create", pair(0, entries))
	costs := map[string]uint64{}
	for _, method := range []string{"stat", "open", "unlink"} {
		costs[method] = call(method, pair(entries/2, ops))
	}
	costs["create"] = call("create", pair(entries, ops))
	return costs
}

// TestSparse: random reads in a file of 8 GiB cost what they cost in one of
// 16 MiB, and in a large dense file what they cost in a small one. To write blocks
// here and there is cheap, and they take few pages.
func TestSparse(t *testing.T) {
	const reads, blocks, write = 1000, 256, 5000
	module, cache := spliced(t, "scale"), t.TempDir()
	cost := func(mebibytes, blocks uint32) (made, read *Result) {
		c := start(t, module, Options{Cache: cache})
		made = update(t, c, "sparse", pair(mebibytes, blocks))
		return made, update(t, c, "scatter", pair(reads, blocks))
	}
	compare := func(what string, small, large *Result) {
		t.Logf("%s: %d operators for a read, then %d", what, small.Operators/reads, large.Operators/reads)
		atMost(t, what+": operators", large.Operators, small.Operators*103/100)
		atMost(t, what+": bytes read", large.StableReadBytes, small.StableReadBytes*101/100)
	}
	few, small := cost(16, blocks)
	many, large := cost(8192, blocks)
	compare("sparse", small, large)
	for _, made := range []*Result{few, many} {
		t.Logf("%d operators for a write, %d pages", made.Operators/blocks, made.StablePages)
		atMost(t, "operators for a scattered write", made.Operators/blocks, write)
		atMost(t, "pages of a sparse file", made.StablePages, 48)
	}
	_, small = cost(16, 16*blocks)
	_, large = cost(128, 128*blocks)
	compare("dense", small, large)
}

// TestMount: what it costs to find the file system, empty and with many files.
func TestMount(t *testing.T) {
	module, cache := spliced(t, "scale"), t.TempDir()
	stable := NewStableMemory()
	c := start(t, module, Options{Cache: cache, Stable: stable})
	// libc looks for preopened folders when it starts, and so mounts at install.
	empty := c.Installed().Instructions - c.Installed().Cost.Compilation
	atMost(t, "instructions of an empty file system's start", empty, mountEmpty)
	atMost(t, "pages of an empty file system", stable.Size(), 16)
	const batch = 10_000
	for i := uint32(0); i < uint32(*scaleTo); i += batch {
		update(t, c, "create", pair(i, min(batch, uint32(*scaleTo)-i)))
	}
	again := start(t, module, Options{Cache: cache, Stable: stable, Upgrade: true})
	full := again.Installed().Instructions - again.Installed().Cost.Compilation
	t.Logf("empty: %+v; full: %+v", c.Installed().Cost, again.Installed().Cost)
	t.Logf("%d instructions for an empty one, %d with %d files", empty, full, *scaleTo)
	atMost(t, "instructions of a full file system's start", full, mountFull)
}

const (
	mountEmpty = 20_000
	mountFull  = 100_000
)

// TestCodeSize: how much code the polyfill and the linker add to a module that
// opens files, and to one that only prints.
func TestCodeSize(t *testing.T) {
	const whole, printing = 64 << 10, 8 << 10
	for _, tt := range []struct {
		program string
		most    uint64
	}{{"workloads_canister", whole}, {"files", whole}, {"links", whole}, {"gokit", whole}, {"fib", printing}} {
		user := moduleOf(t, tt.program)
		r, err := icsplice.Build(user, icsplice.Options{StripNames: true})
		if err != nil {
			t.Fatal(err)
		}
		code := r.Report.CodePolyfill + r.Report.CodeLinker
		t.Logf("%s: %d bytes of code added, the module %d of %d larger", tt.program, code, len(r.Wasm)-len(user), len(user))
		atMost(t, tt.program+": bytes of code added", uint64(code), tt.most)
	}
}

// TestCompute: a program's own code executes to the instruction what it
// executes without the polyfill. Two sizes whose arguments and results are
// equally long cancel out what comes before and after.
func TestCompute(t *testing.T) {
	for _, tt := range []struct {
		program string
		n       [2]string
	}{{"fib", [2]string{"18", "20"}}, {"nbody", [2]string{"20", "90"}}, {"sha", [2]string{"30", "50"}}} {
		module := spliced(t, tt.program)
		var native, here [2]uint64
		var printed [2]int
		for i, n := range tt.n {
			_, native[i] = newAlone(t, tt.program, n).call(t, "_start")
			r := update(t, start(t, module, Options{}), candid.Method,
				candid.EncodeRun([]string{tt.program, n}, nil, nil))
			reply, err := candid.DecodeRunReply(r.Reply)
			if err != nil || reply.ExitCode != 0 {
				t.Fatalf("%s: %v, %+v", tt.program, err, reply)
			}
			here[i], printed[i] = r.Cost.Code, len(reply.Stdout)
		}
		if printed[0] != printed[1] {
			t.Errorf("%s: results of %d and %d bytes cannot be compared", tt.program, printed[0], printed[1])
		}
		if got, want := here[1]-here[0], native[1]-native[0]; got != want {
			t.Errorf("%s: %d instructions more for the larger size, natively %d", tt.program, got, want)
		} else {
			t.Logf("%s: %d instructions more for the larger size, as natively", tt.program, got)
		}
	}
}
