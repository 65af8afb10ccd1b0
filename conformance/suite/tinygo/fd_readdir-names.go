//go:build ignore

// fd_readdir: ReadDir gives the names and types of a folder.
package main

import (
	"os"
	"sort"
)

func main() {
	entries, err := os.ReadDir("/")
	succeed("ReadDir", err)
	var names []string
	for _, e := range entries {
		name := e.Name()
		if e.IsDir() {
			name += "/"
		}
		names = append(names, name)
	}
	sort.Strings(names)
	all := ""
	for _, name := range names {
		all += name + " "
	}
	expect("names", all, "dir/ hello.txt lines.txt ")
}
