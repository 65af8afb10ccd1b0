package main

import (
	"errors"
	"testing"

	"github.com/spf13/cobra"
)

func TestParseMount(t *testing.T) {
	tests := []struct{ dir, host, guest string }{
		{"data", "data", "/data"},
		{"./a/../data/", "./a/../data/", "/data"},
		{".", ".", "/"},
		{"./", "./", "/"},
		{"data::/srv", "data", "/srv"},
		{"data::srv//x/../y/", "data", "/srv/y"},
		{"/abs/data::/", "/abs/data", "/"},
		{"data::../../etc", "data", "/etc"},
	}
	for _, tt := range tests {
		m, err := parseMount(tt.dir)
		if err != nil || m.host != tt.host || m.guest != tt.guest {
			t.Errorf("parseMount(%q) = %+v, %v; want %s at %s", tt.dir, m, err, tt.host, tt.guest)
		}
	}
}

func TestParseMountsRefuses(t *testing.T) {
	tests := [][]string{
		{""}, {"::/x"}, {"x::"},
		{"a::/x", "b::/x"},
		{"a::/x", "b::/x/y"},
		{"a::/x/y", "b::/x"},
		{"a", "."},
	}
	for _, dirs := range tests {
		_, err := parseMounts(&cobra.Command{}, dirs)
		var wrong *usageError
		if !errors.As(err, &wrong) {
			t.Errorf("parseMounts(%q): error %v", dirs, err)
		}
	}
	if _, err := parseMounts(&cobra.Command{}, []string{"a::/x", "b::/xy"}); err != nil {
		t.Error(err)
	}
}

func TestThousands(t *testing.T) {
	for n, want := range map[uint64]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", 123456: "123,456"} {
		if got := thousands(n); got != want {
			t.Errorf("thousands(%d) = %q", n, got)
		}
	}
}
