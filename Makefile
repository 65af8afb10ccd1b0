# `make check` is what continuous integration runs.

STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.8.2
ACTIONLINT = github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
FUZZ_EXECS ?= 5000
FUZZ_SLOW_EXECS ?= 200
LIBFUZZER_EXECS ?= 20000
# The engines that the fuzz targets of ./fuzz compare with.
ORACLES ?= wazero

# Where other people's programs are built for their test.
REAL ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/icsplice/real

.PHONY: check format vet staticcheck workflows generated build test fuzz libfuzzer polyfill driver real golden bench

check: format vet staticcheck workflows generated build test fuzz polyfill driver real

format:
	@files=$$(git ls-files '*.go' | xargs gofmt -l); \
	if [ -n "$$files" ]; then echo "not formatted by gofmt:"; echo "$$files"; exit 1; fi

vet:
	go vet ./...

staticcheck:
	go run $(STATICCHECK) ./...

# The workflows of continuous integration are well formed.
workflows:
	go run $(ACTIONLINT)

# The generated files in the tree are those that the generators write today.
generated:
	go generate ./...
	git diff --exit-code -- '*_gen.go'

build:
	CGO_ENABLED=0 go build ./...

test:
	go test ./...

# Every fuzz target for a fixed number of executions, so that the result does
# not hang on the speed of the machine. Those that compile and run whole modules
# in an engine each time are slow.
comma = ,
SLOW = FuzzLinkedBehave|FuzzPrograms|FuzzMergedBehave|FuzzRewritten|FuzzScripts|FuzzSeek|FuzzMerge|FuzzDraw
fuzz:
	@set -e; native=$$(mktemp -d); trap 'rm -rf "$$native"' EXIT; \
	for engine in $(filter wasmtime wasmer,$(subst $(comma), ,$(ORACLES))); do \
		CGO_ENABLED=1 go build -o "$$native/$$engine" ./oracle/native/$$engine; \
	done; \
	for package in $$(go list ./...); do \
		flags=; \
		case $$package in */icsplice/fuzz) flags="-oracles=$(ORACLES) -native=$$native";; esac; \
		for target in $$(go test -list '^Fuzz' $$package | grep '^Fuzz' || true); do \
			execs=$(FUZZ_EXECS); \
			if echo "$$target" | grep -Eqx '$(SLOW)'; then execs=$(FUZZ_SLOW_EXECS); fi; \
			echo "$$package $$target $$execs"; \
			go test -run '^$$' -fuzz "^$$target\$$" -fuzztime=$${execs}x -fuzzminimizetime=10x $$package $$flags; \
		done; \
	done

# The same targets under libFuzzer, built as OSS-Fuzz builds them.
libfuzzer:
	tools/libfuzzer.sh $(LIBFUZZER_EXECS)

# polyfill.wasm in the tree is what its sources give, to the byte.
polyfill:
	tools/build-polyfill.sh --check

# fuzz/driver/driver.wasm is what its source gives with clang-19, to the byte.
driver:
	fuzz/driver/build.sh --check

# SQLite, Lua, QuickJS, zlib and bzip2, from the sources in their crates.
real:
	corpus/real/build.sh $(REAL)
	ICSPLICE_REAL=$(REAL) go test -count=1 ./corpus/real

# Rewrites the golden files of the packages that have some; read the diff.
golden:
	go test $$(grep -rl --include='*_test.go' 'flag.Bool("update"' . | xargs -n 1 dirname | sort -u) -update

bench:
	go test -run '^$$' -bench . ./...
