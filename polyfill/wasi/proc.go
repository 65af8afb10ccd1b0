package wasi

import "github.com/icsplice/icsplice/abi"

// CommandProcExit implements proc_exit for command mode: it keeps the code and
// raises the unwinding flag, so that the program's frames return.
func (s *System) CommandProcExit(code uint32) {
	s.exited, s.code = true, code
	linkUnwind()
}

// LibraryProcExit implements proc_exit for library mode, where there is nobody
// to hand a code to: it traps and names the code.
func (s *System) LibraryProcExit(code uint32) {
	s.flushLines()
	const text = "wasi: proc_exit with code "
	b := s.scratch[:copy(s.scratch[:], text)+10]
	icTrap(b[:decimal(b, len(text), code)])
}

// decimal writes v at b[at:] and gives the position behind it.
func decimal(b []byte, at int, v uint32) int {
	n := 1
	for rest := v; rest >= 10; rest /= 10 {
		n++
	}
	for i := at + n - 1; i >= at; i-- {
		b[i] = '0' + byte(v%10)
		v /= 10
	}
	return at + n
}

// ignored are the signals that a process survives by default: none, CHLD, CONT,
// URG and WINCH.
const ignored = 1<<0 | 1<<16 | 1<<17 | 1<<22 | 1<<27

// signals holds the names of signals 0 to 30 in order, six letters each.
const signals = "NONE  HUP   INT   QUIT  ILL   TRAP  ABRT  BUS   FPE   KILL  USR1  SEGV  USR2  PIPE  ALRM  TERM  " +
	"CHLD  CONT  STOP  TSTP  TTIN  TTOU  URG   XCPU  XFSZ  VTALRMPROF  WINCH POLL  PWR   SYS   "

// ProcRaise implements proc_raise. A signal that is ignored by default does
// nothing, the others trap with their name. Errors: inval (no such signal).
func (s *System) ProcRaise(sig uint32) abi.Errno {
	if sig > 30 {
		return abi.ErrnoInval
	}
	if ignored>>sig&1 != 0 {
		return abi.ErrnoSuccess
	}
	s.flushLines()
	n := copy(s.scratch[:], "wasi: proc_raise of SIG")
	for i := 6 * sig; i < 6*sig+6 && signals[i] != ' '; i++ {
		s.scratch[n] = signals[i]
		n++
	}
	icTrap(s.scratch[:n])
	return abi.ErrnoSuccess
}

// SchedYield implements sched_yield: there is nobody to yield to.
func (s *System) SchedYield() abi.Errno { return abi.ErrnoSuccess }
