package canister

import (
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"github.com/icsplice/icsplice/internal/wasm"
)

// BenchmarkMetering compares work in a canister with the same code on wazero
// without instrumentation, "plain", so that the difference is the meter.
func BenchmarkMetering(b *testing.B) {
	for _, work := range []string{"sieve", "fib"} {
		b.Run(work+"/plain", func(b *testing.B) {
			r := wazero.NewRuntime(ctx)
			defer r.Close(ctx)
			m := plain(b, r)
			for b.Loop() {
				if _, err := m.ExportedFunction("canister_query " + work).Call(ctx); err != nil {
					b.Fatal(err)
				}
			}
		})
		for name, fuel := range map[string]bool{"metered": false, "metered with operators": true} {
			b.Run(work+"/"+name, func(b *testing.B) {
				c := install(b, "compute", Options{CountOperators: fuel})
				var r *Result
				for b.Loop() {
					var err error
					if r, err = c.Query(ctx, nil, work, nil); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(r.Instructions), "instructions")
			})
		}
	}
}

// plain instantiates compute.wat without a meter, with an ic0 that does nothing.
func plain(b *testing.B, r wazero.Runtime) api.Module {
	b.Helper()
	host := r.NewHostModuleBuilder("ic0")
	host.NewFunctionBuilder().WithFunc(func(int64) int64 { return 0 }).Export("stable64_grow")
	host.NewFunctionBuilder().WithFunc(func(int64, int64, int64) {}).Export("stable64_read")
	host.NewFunctionBuilder().WithFunc(func(int64, int64, int64) {}).Export("stable64_write")
	if _, err := host.Instantiate(ctx); err != nil {
		b.Fatal(err)
	}
	m, err := r.Instantiate(ctx, load(b, "compute"))
	if err != nil {
		b.Fatal(err)
	}
	return m
}

// BenchmarkStableCalls makes 20,000 calls of ic0 functions in one message.
func BenchmarkStableCalls(b *testing.B) {
	c := install(b, "compute", Options{})
	for b.Loop() {
		if _, err := c.Query(ctx, nil, "stable", nil); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/20_000, "ns/call")
}

// BenchmarkInstall installs a module that does nothing.
func BenchmarkInstall(b *testing.B) {
	module := load(b, "empty")
	for b.Loop() {
		c, err := Install(ctx, module, nil, Options{})
		if err != nil {
			b.Fatal(err)
		}
		c.Close(ctx)
	}
}

// BenchmarkLargeHeap installs a canister whose one message makes a heap of
// 500 MiB, in both ways of keeping it.
func BenchmarkLargeHeap(b *testing.B) {
	for name, once := range map[string]bool{"kept": false, "one shot": true} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				c := install(b, "compute", Options{OneShot: once})
				if _, err := c.Update(ctx, nil, "large", nil); err != nil {
					b.Fatal(err)
				}
				c.Close(ctx)
			}
		})
	}
}

func BenchmarkInstrument(b *testing.B) {
	m, err := wasm.Read(load(b, "behaviour"))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := instrument(m, false); err != nil {
			b.Fatal(err)
		}
	}
}
