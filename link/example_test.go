package link_test

import (
	"errors"
	"fmt"

	"github.com/icsplice/icsplice/internal/wasmtest"
	"github.com/icsplice/icsplice/link"
)

// A program imports a function, and a polyfill exports it under the import's
// two names.
func ExampleMerge() {
	program := &wasmtest.Module{}
	program.Import("env", "answer", "-> i32")
	program.Memory(1, -1)
	program.Func("main", "-> i32", "", "call 0")
	polyfill := &wasmtest.Module{}
	polyfill.Memory(2, 2) // of fixed size
	polyfill.Func("env.answer", "-> i32", "", "i32.const 42")

	r, err := link.Merge(program.Encode(), polyfill.Encode())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Report.Resolved[0].Import, "is linked,", r.Report.BasePages, "pages lie below the program's memory")
	// Output: env.answer is linked, 2 pages lie below the program's memory
}

// What cannot be resolved is reported at once, with its type and who needs it.
func ExampleUnresolvedError() {
	program := &wasmtest.Module{}
	program.Import("env", "one", "i32 ->")
	program.Import("env", "two", "-> i64")
	program.Func("main", "", "", "i32.const 1 call 0 call 1 drop")

	_, err := link.Merge(program.Encode(), (&wasmtest.Module{}).Encode())
	var unresolved *link.UnresolvedError
	if errors.As(err, &unresolved) {
		for _, u := range unresolved.Imports {
			fmt.Println(u.Name, u.Type)
		}
	}
	// Output:
	// env.one func (i32)
	// env.two func () -> i64
}
