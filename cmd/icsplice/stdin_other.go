//go:build !linux

package main

import "os"

// dataWaits would tell whether a pipe holds bytes; here that is not known.
func dataWaits(*os.File) bool { return false }
