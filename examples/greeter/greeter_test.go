package greeter_test

import (
	"context"
	_ "embed"
	"fmt"
	"log"

	"github.com/icsplice/icsplice"
	"github.com/icsplice/icsplice/canister"
)

//go:embed greeter.wasm
var module []byte

//go:embed greeter.did
var interfaceText string

// A C library with methods of its own becomes a canister, keeps its guests in
// a file, and still knows them after an upgrade.
func Example() {
	built, err := icsplice.Build(module, icsplice.Options{Candid: interfaceText})
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	c, err := canister.Install(ctx, built.Wasm, nil, canister.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close(ctx)

	greet := func(name string) {
		r, err := c.Update(ctx, canister.Anonymous, "greet", encodeText(name))
		switch {
		case err != nil:
			fmt.Println("trap:", err)
		case r.Reject != nil:
			fmt.Println("reject:", r.Reject.Message)
		default:
			fmt.Println(decodeText(r.Reply))
		}
	}
	greet("Ann")
	greet("Bob")
	if _, err := c.Upgrade(ctx, built.Wasm, nil); err != nil {
		log.Fatal(err)
	}
	greet("Ann")
	greet("")

	r, err := c.Query(ctx, canister.Anonymous, "visits", []byte("DIDL\x00\x00"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("visits:", r.Reply[len("DIDL\x00\x01\x7d")])
	// Output:
	// Hello, Ann! This is visit number 1.
	// Hello, Bob! This is visit number 1.
	// Hello, Ann! This is visit number 2.
	// reject: greet wants one text: a name of 1 to 60 bytes
	// visits: 3
}

const textHead = "DIDL\x00\x01\x71" // Candid: one value, a text

// encodeText is a short text in Candid.
func encodeText(s string) []byte {
	return append([]byte(textHead), append([]byte{byte(len(s))}, s...)...)
}

func decodeText(reply []byte) string {
	return string(reply[len(textHead)+1:])
}
