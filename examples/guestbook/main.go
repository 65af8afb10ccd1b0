// Guestbook keeps the entries of a guestbook and the page that shows them. It
// is an ordinary Go program: it reads an entry as JSON from standard input, or
// nothing to see the page, and knows nothing of the IC.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"os"
)

const (
	entriesFile = "entries.json"
	pageFile    = "public/index.html"
)

type entry struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

var page = template.Must(template.New("page").Parse(`<!doctype html>
<title>Guestbook</title>
{{range .}}<p><b>{{.Name}}</b> {{.Text}}</p>
{{else}}<p>Nobody has signed yet.</p>
{{end}}`))

func main() {
	limit := flag.Int("limit", 100, "most entries")
	flag.Parse()
	if err := sign(os.Stdin, os.Stdout, *limit); err != nil {
		fmt.Fprintln(os.Stderr, "guestbook:", err)
		os.Exit(1)
	}
}

// sign adds what it reads and writes the page.
func sign(in io.Reader, out io.Writer, limit int) error {
	entries, err := load()
	if err != nil {
		return err
	}
	var e entry
	switch err := json.NewDecoder(in).Decode(&e); {
	case err == io.EOF:
	case err != nil:
		return fmt.Errorf("entry: %w", err)
	case e.Name == "":
		return errors.New("entry: nobody's name")
	case len(entries) >= limit:
		return fmt.Errorf("the book is full: %d entries", limit)
	default:
		entries = append(entries, e)
		if err := save(entries); err != nil {
			return err
		}
	}
	return page.Execute(out, entries)
}

func load() (entries []entry, err error) {
	data, err := os.ReadFile(entriesFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return entries, json.Unmarshal(data, &entries)
}

// save replaces the entries in one step, then the page.
func save(entries []entry) error {
	data, err := json.MarshalIndent(entries, "", "\t")
	if err != nil {
		return err
	}
	if err := os.WriteFile(entriesFile+".new", data, 0o666); err != nil {
		return err
	}
	if err := os.Rename(entriesFile+".new", entriesFile); err != nil {
		return err
	}
	if err := os.MkdirAll("public", 0o777); err != nil {
		return err
	}
	f, err := os.Create(pageFile)
	if err != nil {
		return err
	}
	return errors.Join(page.Execute(f, entries), f.Close())
}
