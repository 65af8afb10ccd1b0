package abi

// Where wasi_unstable (preview0) differs from preview1: its whence counts from
// cur, end and set in this order, and two structures have other layouts.
const (
	Whence0Cur = 0
	Whence0End = 1
	Whence0Set = 2

	Filestat0Size     = 56
	Filestat0Dev      = 0
	Filestat0Ino      = 8
	Filestat0Filetype = 16
	Filestat0Nlink    = 20 // u32
	Filestat0FileSize = 24
	Filestat0Atim     = 32
	Filestat0Mtim     = 40
	Filestat0Ctim     = 48

	Subscription0Size           = 56
	Subscription0ClockID        = 24 // behind a u64 identifier
	Subscription0ClockTimeout   = 32
	Subscription0ClockPrecision = 40
	Subscription0ClockFlags     = 48
)
