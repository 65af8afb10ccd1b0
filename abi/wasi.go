package abi

// The import modules of WASI.
const (
	ModulePreview1 = "wasi_snapshot_preview1"
	ModulePreview0 = "wasi_unstable"
)

// Fdflags are the flags of an open descriptor.
type Fdflags uint16

const (
	FdflagAppend   Fdflags = 1
	FdflagDsync    Fdflags = 2
	FdflagNonblock Fdflags = 4
	FdflagRsync    Fdflags = 8
	FdflagSync     Fdflags = 16
)

// Oflags are the flags of path_open.
type Oflags uint16

const (
	OflagCreat     Oflags = 1
	OflagDirectory Oflags = 2
	OflagExcl      Oflags = 4
	OflagTrunc     Oflags = 8
)

// Lookupflags say how a path is resolved.
type Lookupflags uint32

// LookupSymlinkFollow follows a symbolic link in the last component.
const LookupSymlinkFollow Lookupflags = 1

// Fstflags say which times to set, and whether to now.
type Fstflags uint16

const (
	FstflagAtim    Fstflags = 1
	FstflagAtimNow Fstflags = 2
	FstflagMtim    Fstflags = 4
	FstflagMtimNow Fstflags = 8
)

// Filetype is the type of a file.
type Filetype uint8

const (
	FiletypeUnknown         Filetype = 0
	FiletypeBlockDevice     Filetype = 1
	FiletypeCharacterDevice Filetype = 2
	FiletypeDirectory       Filetype = 3
	FiletypeRegularFile     Filetype = 4
	FiletypeSocketDgram     Filetype = 5
	FiletypeSocketStream    Filetype = 6
	FiletypeSymbolicLink    Filetype = 7
)

// Whence is what an offset of fd_seek counts from.
type Whence uint8

const (
	WhenceSet Whence = 0
	WhenceCur Whence = 1
	WhenceEnd Whence = 2
)

// Clockid names a clock.
type Clockid uint32

const (
	ClockRealtime         Clockid = 0
	ClockMonotonic        Clockid = 1
	ClockProcessCputimeID Clockid = 2
	ClockThreadCputimeID  Clockid = 3
)

// Eventtype is the type of a subscription and of its event.
type Eventtype uint8

const (
	EventClock   Eventtype = 0
	EventFdRead  Eventtype = 1
	EventFdWrite Eventtype = 2
)

// SubclockAbstime makes a clock subscription's timeout a point in time.
const SubclockAbstime = 1

// Sizes in bytes and offsets of fields in the structures that WASI functions
// read and write. All are little-endian.
const (
	IovecSize = 8 // 0 buf u32, 4 len u32

	PrestatSize = 8 // 0 tag u8 (0 directory), 4 name_len u32

	FdstatSize             = 24
	FdstatFiletype         = 0
	FdstatFlags            = 2
	FdstatRightsBase       = 8
	FdstatRightsInheriting = 16

	FilestatSize     = 64
	FilestatDev      = 0
	FilestatIno      = 8
	FilestatFiletype = 16
	FilestatNlink    = 24
	FilestatFileSize = 32
	FilestatAtim     = 40
	FilestatMtim     = 48
	FilestatCtim     = 56

	DirentSize   = 24
	DirentNext   = 0
	DirentIno    = 8
	DirentNamlen = 16
	DirentType   = 20

	SubscriptionSize           = 48
	SubscriptionUserdata       = 0
	SubscriptionTag            = 8
	SubscriptionFd             = 16
	SubscriptionClockID        = 16
	SubscriptionClockTimeout   = 24
	SubscriptionClockPrecision = 32
	SubscriptionClockFlags     = 40

	EventSize     = 32
	EventUserdata = 0
	EventErrno    = 8
	EventType     = 10
	EventNbytes   = 16
	EventRwflags  = 24
)
