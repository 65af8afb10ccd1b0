package wasmtest

import (
	"os"
	"strconv"
	"strings"
)

// HighWater is the most memory that this process has had, in bytes.
func HighWater() (uint64, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	_, line, _ := strings.Cut(string(status), "VmHWM:")
	kib, err := strconv.ParseUint(strings.Fields(line)[0], 10, 64)
	return kib << 10, err
}
