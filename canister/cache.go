package canister

import (
	"os"
	"path/filepath"
)

// CacheFolder is the user's folder for Options.Cache, made if it does not exist;
// "" where none can be written to.
func CacheFolder() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	dir = filepath.Join(dir, "icsplice")
	if os.MkdirAll(dir, 0o755) != nil {
		return ""
	}
	probe, err := os.CreateTemp(dir, "probe")
	if err != nil {
		return ""
	}
	probe.Close()
	os.Remove(probe.Name())
	return dir
}
