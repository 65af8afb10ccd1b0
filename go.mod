module github.com/icsplice/icsplice

go 1.25.0
