package icsplice

import (
	"strings"

	"github.com/icsplice/icsplice/internal/wasm"
)

// Custom sections that the IC shows to callers begin with "icp:".
const (
	icpPrefix  = "icp:"
	icpPublic  = "icp:public "
	icpPrivate = "icp:private "
)

// Custom sections of a spliced module.
const (
	// CandidSection holds the service description, where tools look for it.
	CandidSection = icpPublic + "candid:service"
	// MarkSection tells a spliced module from others. It holds the entry mode.
	MarkSection = "icsplice"
)

// findCustom returns the first custom section of that name.
func findCustom(m *wasm.Module, name string) ([]byte, bool) {
	for _, c := range m.Customs {
		if c.Name == name {
			return c.Bytes, true
		}
	}
	return nil, false
}

func isICP(name string) bool { return strings.HasPrefix(name, icpPrefix) }

// icpName is what follows the visibility in the name of an icp: section.
func icpName(section string) (string, bool) {
	if name, ok := strings.CutPrefix(section, icpPublic); ok {
		return name, true
	}
	return strings.CutPrefix(section, icpPrivate)
}
