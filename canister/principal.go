package canister

import (
	"bytes"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"strings"
)

// Principal identifies a user or a canister: at most 29 bytes (IC interface
// specification, "Principals"). The empty principal is the management canister.
type Principal []byte

// Anonymous is the principal of a caller without an identity.
var Anonymous = Principal{4}

// MaxPrincipal is a principal's greatest length in bytes.
const MaxPrincipal = 29

// ErrPrincipal says that a text is not the textual form of a principal.
var ErrPrincipal = errors.New("not a principal")

var principalText = base32.StdEncoding.WithPadding(base32.NoPadding)

// String is the textual form: CRC-32 and bytes in base 32, in groups of five
// characters.
func (p Principal) String() string {
	b := binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(p))
	s := strings.ToLower(principalText.EncodeToString(append(b, p...)))
	var groups []string
	for ; len(s) > 5; s = s[5:] {
		groups = append(groups, s[:5])
	}
	return strings.Join(append(groups, s), "-")
}

// Equal says whether both are the same principal.
func (p Principal) Equal(q Principal) bool { return bytes.Equal(p, q) }

// ParsePrincipal reads the textual form. Its errors are ErrPrincipal, wrapped.
func ParsePrincipal(s string) (Principal, error) {
	b, err := principalText.DecodeString(strings.ToUpper(strings.ReplaceAll(s, "-", "")))
	if err != nil || len(b) < 4 || len(b) > 4+MaxPrincipal {
		return nil, fmt.Errorf("%w: %q", ErrPrincipal, s)
	}
	p := Principal(b[4:])
	if p.String() != s {
		return nil, fmt.Errorf("%w: %q has a wrong checksum or grouping", ErrPrincipal, s)
	}
	return p, nil
}

func contains(set []Principal, p Principal) bool {
	for _, q := range set {
		if p.Equal(q) {
			return true
		}
	}
	return false
}
