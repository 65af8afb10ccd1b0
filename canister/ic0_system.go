package canister

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/icsplice/icsplice/abi"
)

func canisterSelf(e *execution) []byte { return e.c.opts.ID }
func subnetSelf(e *execution) []byte   { return e.c.opts.Subnet }
func rootKey(e *execution) []byte      { return e.c.opts.RootKey }

func canisterVersion(e *execution, _ []uint64) uint64 { return e.c.state.version }

func certifiedDataSet(e *execution, a []uint64) uint64 {
	if a[1] > 32 {
		e.refuse("certified data is longer than 32 bytes")
	}
	e.c.state.certified = append([]byte{}, e.bytes(a[0], a[1])...)
	return 0
}

// noCertificate traps: only the IC can certify.
func noCertificate(e *execution, _ []uint64) uint64 {
	e.refuse("there is no data certificate")
	return 0
}

func currentTime(e *execution, _ []uint64) uint64 { return e.now }

func globalTimerSet(e *execution, a []uint64) uint64 {
	old := e.c.state.timer
	e.c.state.timer = a[0]
	return old
}

func performanceCounter(e *execution, a []uint64) uint64 {
	switch a[0] {
	case 0:
		return e.spent()
	case 1:
		return e.cc.instructions + e.spent()
	}
	e.refuse(fmt.Sprintf("unknown counter %d", a[0]))
	return 0
}

func isController(e *execution, a []uint64) uint64 {
	if a[1] > MaxPrincipal {
		e.refuse("a principal is at most 29 bytes")
	}
	return truth(contains(e.c.opts.Controllers, e.bytes(a[0], a[1])))
}

func inReplicatedExecution(e *execution, _ []uint64) uint64 {
	const alone = abi.ModeQuery | abi.ModeTransform | abi.ModeCompositeQuery | abi.ModeCompositeReply |
		abi.ModeCompositeReject | abi.ModeCompositeCleanup | abi.ModeInspect
	return truth(e.mode&alone == 0)
}

func truth(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

// chargeLog takes the price of a line of the canister's log.
func (e *execution) chargeLog(size uint64) {
	kept := min(size, e.logLeft)
	e.logLeft -= kept
	e.charge(&e.charged.SystemCalls, 2*min(size, logCapacity)+50*kept)
}

// debugPrint leaves out what lies outside of memory, as it must not trap.
func debugPrint(e *execution, a []uint64) uint64 {
	e.chargeLog(a[1])
	if text, ok := e.c.inst.heap.slice(a[0], a[1]); ok && e.c.opts.Debug != nil {
		e.c.opts.Debug.Write(text) // in one piece, however long
		e.c.opts.Debug.Write([]byte{'\n'})
	}
	return 0
}

func trap(e *execution, a []uint64) uint64 {
	e.chargeLog(a[1])
	text := e.bytes(a[0], a[1])
	text = text[:min(len(text), maxTrapMessage)]
	panic(&CalledTrap{Message: strings.ToValidUTF8(string(text), "\uFFFD")})
}

// maxTrapMessage is where the IC cuts the message of a trap, in bytes.
const maxTrapMessage = 32 << 10

func envVarCount(e *execution, _ []uint64) uint64 { return uint64(len(e.c.opts.EnvVars)) }

func (e *execution) envVar(index uint64) EnvVar {
	if index >= uint64(len(e.c.opts.EnvVars)) {
		e.refuse("no environment variable has this index")
	}
	return e.c.opts.EnvVars[index]
}

func envVarNameSize(e *execution, a []uint64) uint64 { return uint64(len(e.envVar(a[0]).Name)) }

func envVarNameCopy(e *execution, a []uint64) uint64 {
	e.copyOut([]byte(e.envVar(a[0]).Name), a[1], a[2], a[3])
	return 0
}

// findEnvVar is the index of the variable whose name is at src, or -1.
func (e *execution) findEnvVar(src, size uint64) int {
	name := e.bytes(src, size)
	if !utf8.Valid(name) {
		e.refuse("the name is not UTF-8")
	}
	for i, v := range e.c.opts.EnvVars {
		if v.Name == string(name) {
			return i
		}
	}
	return -1
}

func envVarNameExists(e *execution, a []uint64) uint64 {
	return truth(e.findEnvVar(a[0], a[1]) >= 0)
}

func (e *execution) envVarValue(src, size uint64) []byte {
	i := e.findEnvVar(src, size)
	if i < 0 {
		e.refuse("there is no environment variable of this name")
	}
	return []byte(e.c.opts.EnvVars[i].Value)
}

func envVarValueSize(e *execution, a []uint64) uint64 {
	return uint64(len(e.envVarValue(a[0], a[1])))
}

func envVarValueCopy(e *execution, a []uint64) uint64 {
	e.copyOut(e.envVarValue(a[0], a[1]), a[2], a[3], a[4])
	return 0
}
