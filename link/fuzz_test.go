package link_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"github.com/icsplice/icsplice/internal/wasm"
	"github.com/icsplice/icsplice/link"
	"github.com/icsplice/icsplice/relocate"
)

// FuzzMerge links hostile programs. Whatever they are, Merge ends with a typed
// error or a module; a program that an engine accepts gives a module that it
// accepts, too.
func FuzzMerge(f *testing.F) {
	ctx := context.Background()
	engine := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfigInterpreter().
		WithCoreFeatures(api.CoreFeaturesV2|experimental.CoreFeaturesTailCall))
	f.Cleanup(func() { engine.Close(ctx) })
	valid := func(b []byte) error {
		m, err := engine.CompileModule(ctx, b)
		if err == nil {
			m.Close(ctx)
		}
		return err
	}
	for _, path := range smallPrograms(f) {
		b, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	polyfill := wasiPolyfill()
	f.Fuzz(func(t *testing.T, user []byte) {
		if len(user) > 1<<18 {
			return
		}
		r, err := link.Merge(user, polyfill, link.ExportAs("run", "run"))
		if err != nil {
			if !typed(err) {
				t.Fatalf("untyped error %T: %v", err, err)
			}
			return
		}
		if _, err := wasm.Read(r.Wasm); err != nil {
			t.Fatalf("the output cannot be read: %v", err)
		}
		if valid(user) != nil {
			return
		}
		if err := valid(r.Wasm); err != nil {
			t.Fatalf("a valid program became invalid: %v", err)
		}
	})
}

func typed(err error) bool {
	var a *link.Error
	var b *link.UnresolvedError
	var c *relocate.Error
	var d *wasm.Error
	var conflict *link.ConflictError
	var option *link.OptionError
	return errors.As(err, &conflict) || errors.As(err, &option) || errors.As(err, &a) || errors.As(err, &b) || errors.As(err, &c) || errors.As(err, &d)
}

// smallPrograms are programs of the corpus that make good seeds.
func smallPrograms(tb testing.TB) []string {
	tb.Helper()
	all, err := filepath.Glob(filepath.Join("..", "corpus", "bin", "*.wasm"))
	if err != nil {
		tb.Fatal(err)
	}
	var small []string
	for _, path := range all {
		if s, err := os.Stat(path); err == nil && s.Size() < 64<<10 {
			small = append(small, path)
		}
	}
	if len(small) < 5 {
		tb.Fatalf("only %d small programs in the corpus", len(small))
	}
	return small
}
