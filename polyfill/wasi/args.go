package wasi

import "github.com/icsplice/icsplice/abi"

// stringList writes a list of strings into the program's memory: an array of
// addresses, and the strings, each with a NUL behind it.
type stringList struct {
	list []byte // where the next address goes
	text []byte // where the next string goes
	at   uint32 // the address of text in the program's memory
}

// begin checks both spans whole.
//
//go:noinline
func (w *stringList) begin(list, text, count, bytes uint32) bool {
	var ok, ok1 bool
	if count > maxSpan/4 {
		return false
	}
	w.list, ok = guest(list, 4*count)
	w.text, ok1 = guest(text, bytes)
	w.at = text
	return ok && ok1
}

// start begins a string.
//
//go:noinline
func (w *stringList) start() {
	store32(w.list, 0, w.at)
	w.list = w.list[4:]
}

// add goes past n bytes that were put into text, and end puts one there.
//
//go:noinline
func (w *stringList) add(n uint32) {
	w.text = w.text[n:]
	w.at += n
}

//go:noinline
func (w *stringList) end(b byte) {
	w.text[0] = b
	w.add(1)
}

// message copies the next n bytes of the message.
//
//go:noinline
func (w *stringList) message(d *decoder, n uint32) {
	icArgument(w.text[:n], d.pos)
	d.pos += n
	w.add(n)
}

// config copies strings that the canister was built with.
func (w *stringList) config(from configList, bytes uint32) {
	if bytes == 0 {
		return
	}
	blob := w.text[:bytes]
	blob[bytes-1] = 0
	configCopy(from, blob[:configSize(from)], 0)
	w.start()
	for i, b := range blob {
		w.add(1)
		if b == 0 && i+1 < len(blob) {
			w.start()
		}
	}
}

// configSizes counts the strings of a list. NUL stands between them and may
// stand at the end.
func (s *System) configSizes(from configList) (count, bytes uint32) {
	bytes = configSize(from)
	last := byte(0)
	for at := uint32(0); at < bytes; at += uint32(len(s.scratch)) {
		b := s.scratch[:min(bytes-at, uint32(len(s.scratch)))]
		configCopy(from, b, at)
		for _, c := range b {
			if c == 0 {
				count++
			}
			last = c
		}
	}
	if last != 0 {
		count, bytes = count+1, bytes+1
	}
	return count, bytes
}

//go:noinline
func (s *System) argsSizes() (count, bytes uint32) {
	if s.command && s.run.args.count > 0 {
		return s.run.args.count, s.run.args.bytes
	}
	return s.configSizes(configArgs)
}

// ArgsSizesGet implements args_sizes_get. Errors: fault.
func (s *System) ArgsSizesGet(argc, size uint32) abi.Errno {
	count, bytes := s.argsSizes()
	return putSizes(argc, size, count, bytes)
}

//go:noinline
func putSizes(p, q, count, bytes uint32) abi.Errno {
	if _, ok := guest(q, 4); !ok {
		return abi.ErrnoFault
	}
	if errno := put32(p, count); errno != abi.ErrnoSuccess {
		return errno
	}
	return put32(q, bytes)
}

// ArgsGet implements args_get. The arguments are those of the message; where it
// has none, and in library mode, those that the canister was built with.
// Errors: fault.
func (s *System) ArgsGet(argv, buf uint32) abi.Errno {
	var w stringList
	count, bytes := s.argsSizes()
	if !w.begin(argv, buf, count, bytes) {
		return abi.ErrnoFault
	}
	if !s.command || s.run.args.count == 0 {
		w.config(configArgs, bytes)
		return abi.ErrnoSuccess
	}
	d := &s.run.decoder
	d.pos = s.run.args.pos
	for range count {
		w.start()
		w.message(d, d.leb())
		w.end(0)
	}
	return abi.ErrnoSuccess
}

// EnvironSizesGet implements environ_sizes_get. Errors: fault.
func (s *System) EnvironSizesGet(count, size uint32) abi.Errno {
	n, bytes := s.environSizes()
	return putSizes(count, size, n, bytes)
}

// environSizes adds up the variables of the message, those that the canister's
// controllers set on the IC, and those that the canister was built with.
func (s *System) environSizes() (count, bytes uint32) {
	count, bytes = s.configSizes(configEnv)
	if s.command {
		count += s.run.env.count
		bytes += s.run.env.bytes
	}
	set := icVariables()
	for i := range set {
		name := s.variable(i)
		bytes += uint32(len(name)) + icValueSize(name) + 2
	}
	return count + set, bytes
}

// variable gives the name of one of the IC's variables, at most 256 bytes of it.
//
//go:noinline
func (s *System) variable(i uint32) []byte {
	name := s.scratch[:min(icNameSize(i), uint32(len(s.scratch)))]
	icName(i, name)
	return name
}

// EnvironGet implements environ_get. Where a name is there twice, programs take
// the first: so the message comes first, then what controllers set, then what
// the canister was built with. Errors: fault.
func (s *System) EnvironGet(environ, buf uint32) abi.Errno {
	var w stringList
	count, bytes := s.environSizes()
	if !w.begin(environ, buf, count, bytes) {
		return abi.ErrnoFault
	}
	if s.command {
		s.run.copyEnv(&w)
	}
	for i := range icVariables() {
		name := s.variable(i)
		w.start()
		w.add(uint32(copy(w.text, name)))
		w.end('=')
		value := w.text[:icValueSize(name)]
		icValue(name, value)
		w.add(uint32(len(value)))
		w.end(0)
	}
	w.config(configEnv, uint32(len(w.text)))
	return abi.ErrnoSuccess
}

func (a *runArgument) copyEnv(w *stringList) {
	d := &a.decoder
	d.pos = a.env.pos
	d.values = 1<<16 + d.size
	for range a.env.count {
		w.start()
		w.message(d, d.leb())
		w.end('=')
		w.message(d, d.leb())
		w.end(0)
		d.skipFields(a.envMore, a.envTypes, d.pos, 0)
	}
}
