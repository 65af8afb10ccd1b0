package abi

// Errno is a WASI error number; the names are those of the errno type of
// wasi_snapshot_preview1.
type Errno uint16

// The error numbers.
const (
	ErrnoSuccess        Errno = 0
	Errno2big           Errno = 1
	ErrnoAcces          Errno = 2
	ErrnoAddrinuse      Errno = 3
	ErrnoAddrnotavail   Errno = 4
	ErrnoAfnosupport    Errno = 5
	ErrnoAgain          Errno = 6
	ErrnoAlready        Errno = 7
	ErrnoBadf           Errno = 8
	ErrnoBadmsg         Errno = 9
	ErrnoBusy           Errno = 10
	ErrnoCanceled       Errno = 11
	ErrnoChild          Errno = 12
	ErrnoConnaborted    Errno = 13
	ErrnoConnrefused    Errno = 14
	ErrnoConnreset      Errno = 15
	ErrnoDeadlk         Errno = 16
	ErrnoDestaddrreq    Errno = 17
	ErrnoDom            Errno = 18
	ErrnoDquot          Errno = 19
	ErrnoExist          Errno = 20
	ErrnoFault          Errno = 21
	ErrnoFbig           Errno = 22
	ErrnoHostunreach    Errno = 23
	ErrnoIdrm           Errno = 24
	ErrnoIlseq          Errno = 25
	ErrnoInprogress     Errno = 26
	ErrnoIntr           Errno = 27
	ErrnoInval          Errno = 28
	ErrnoIo             Errno = 29
	ErrnoIsconn         Errno = 30
	ErrnoIsdir          Errno = 31
	ErrnoLoop           Errno = 32
	ErrnoMfile          Errno = 33
	ErrnoMlink          Errno = 34
	ErrnoMsgsize        Errno = 35
	ErrnoMultihop       Errno = 36
	ErrnoNametoolong    Errno = 37
	ErrnoNetdown        Errno = 38
	ErrnoNetreset       Errno = 39
	ErrnoNetunreach     Errno = 40
	ErrnoNfile          Errno = 41
	ErrnoNobufs         Errno = 42
	ErrnoNodev          Errno = 43
	ErrnoNoent          Errno = 44
	ErrnoNoexec         Errno = 45
	ErrnoNolck          Errno = 46
	ErrnoNolink         Errno = 47
	ErrnoNomem          Errno = 48
	ErrnoNomsg          Errno = 49
	ErrnoNoprotoopt     Errno = 50
	ErrnoNospc          Errno = 51
	ErrnoNosys          Errno = 52
	ErrnoNotconn        Errno = 53
	ErrnoNotdir         Errno = 54
	ErrnoNotempty       Errno = 55
	ErrnoNotrecoverable Errno = 56
	ErrnoNotsock        Errno = 57
	ErrnoNotsup         Errno = 58
	ErrnoNotty          Errno = 59
	ErrnoNxio           Errno = 60
	ErrnoOverflow       Errno = 61
	ErrnoOwnerdead      Errno = 62
	ErrnoPerm           Errno = 63
	ErrnoPipe           Errno = 64
	ErrnoProto          Errno = 65
	ErrnoProtonosupport Errno = 66
	ErrnoPrototype      Errno = 67
	ErrnoRange          Errno = 68
	ErrnoRofs           Errno = 69
	ErrnoSpipe          Errno = 70
	ErrnoSrch           Errno = 71
	ErrnoStale          Errno = 72
	ErrnoTimedout       Errno = 73
	ErrnoTxtbsy         Errno = 74
	ErrnoXdev           Errno = 75
	ErrnoNotcapable     Errno = 76
)

var errnoNames = [...]string{
	ErrnoSuccess:        "success",
	Errno2big:           "2big",
	ErrnoAcces:          "acces",
	ErrnoAddrinuse:      "addrinuse",
	ErrnoAddrnotavail:   "addrnotavail",
	ErrnoAfnosupport:    "afnosupport",
	ErrnoAgain:          "again",
	ErrnoAlready:        "already",
	ErrnoBadf:           "badf",
	ErrnoBadmsg:         "badmsg",
	ErrnoBusy:           "busy",
	ErrnoCanceled:       "canceled",
	ErrnoChild:          "child",
	ErrnoConnaborted:    "connaborted",
	ErrnoConnrefused:    "connrefused",
	ErrnoConnreset:      "connreset",
	ErrnoDeadlk:         "deadlk",
	ErrnoDestaddrreq:    "destaddrreq",
	ErrnoDom:            "dom",
	ErrnoDquot:          "dquot",
	ErrnoExist:          "exist",
	ErrnoFault:          "fault",
	ErrnoFbig:           "fbig",
	ErrnoHostunreach:    "hostunreach",
	ErrnoIdrm:           "idrm",
	ErrnoIlseq:          "ilseq",
	ErrnoInprogress:     "inprogress",
	ErrnoIntr:           "intr",
	ErrnoInval:          "inval",
	ErrnoIo:             "io",
	ErrnoIsconn:         "isconn",
	ErrnoIsdir:          "isdir",
	ErrnoLoop:           "loop",
	ErrnoMfile:          "mfile",
	ErrnoMlink:          "mlink",
	ErrnoMsgsize:        "msgsize",
	ErrnoMultihop:       "multihop",
	ErrnoNametoolong:    "nametoolong",
	ErrnoNetdown:        "netdown",
	ErrnoNetreset:       "netreset",
	ErrnoNetunreach:     "netunreach",
	ErrnoNfile:          "nfile",
	ErrnoNobufs:         "nobufs",
	ErrnoNodev:          "nodev",
	ErrnoNoent:          "noent",
	ErrnoNoexec:         "noexec",
	ErrnoNolck:          "nolck",
	ErrnoNolink:         "nolink",
	ErrnoNomem:          "nomem",
	ErrnoNomsg:          "nomsg",
	ErrnoNoprotoopt:     "noprotoopt",
	ErrnoNospc:          "nospc",
	ErrnoNosys:          "nosys",
	ErrnoNotconn:        "notconn",
	ErrnoNotdir:         "notdir",
	ErrnoNotempty:       "notempty",
	ErrnoNotrecoverable: "notrecoverable",
	ErrnoNotsock:        "notsock",
	ErrnoNotsup:         "notsup",
	ErrnoNotty:          "notty",
	ErrnoNxio:           "nxio",
	ErrnoOverflow:       "overflow",
	ErrnoOwnerdead:      "ownerdead",
	ErrnoPerm:           "perm",
	ErrnoPipe:           "pipe",
	ErrnoProto:          "proto",
	ErrnoProtonosupport: "protonosupport",
	ErrnoPrototype:      "prototype",
	ErrnoRange:          "range",
	ErrnoRofs:           "rofs",
	ErrnoSpipe:          "spipe",
	ErrnoSrch:           "srch",
	ErrnoStale:          "stale",
	ErrnoTimedout:       "timedout",
	ErrnoTxtbsy:         "txtbsy",
	ErrnoXdev:           "xdev",
	ErrnoNotcapable:     "notcapable",
}

// String is the error's name in the specification, such as "noent".
func (e Errno) String() string {
	if int(e) < len(errnoNames) {
		return errnoNames[e]
	}
	return "unknown errno"
}

// Error makes an Errno an error for native callers.
func (e Errno) Error() string { return "wasi: " + e.String() }
