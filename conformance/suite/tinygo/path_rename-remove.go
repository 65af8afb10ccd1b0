//go:build ignore

// path_rename, path_unlink_file, path_remove_directory: Rename, Remove, Mkdir.
package main

import "os"

func main() {
	succeed("Mkdir", os.Mkdir("/new", 0o777))
	succeed("Rename", os.Rename("/hello.txt", "/new/moved.txt"))
	data, err := os.ReadFile("/new/moved.txt")
	succeed("ReadFile", err)
	expect("content", string(data), "hello, world\n")
	truth("a full folder stays", os.Remove("/new") != nil)
	succeed("Remove", os.Remove("/new/moved.txt"))
	succeed("Remove", os.Remove("/new"))
	_, err = os.Stat("/new")
	truth("gone", os.IsNotExist(err))
}
