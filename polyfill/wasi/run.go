package wasi

// CommandRun is the run method of command mode: it checks who calls, decodes the
// message, puts the program into its initial state, runs it and replies with its
// exit code and output. See runArgument for the argument; the reply is
//
//	(record { exit_code : nat32; stdout : blob; stderr : blob })
//
// A caller without permission and a malformed argument are rejected.
func (s *System) CommandRun() {
	if !configPublic() && !icIsController(s.scratch[:icCaller(s.scratch[:])]) {
		s.reject("only a controller may call run")
		return
	}
	if problem := s.run.decode(); problem != "" {
		s.reject(problem)
		return
	}
	s.begin()
	linkRewind()
	linkInstantiate()
	if !s.exited {
		userStart()
	}
	s.finish()
}

func (s *System) reject(problem string) {
	n := copy(s.scratch[:], "icsplice: ")
	n += copy(s.scratch[n:], problem)
	icReject(s.scratch[:n])
}

// begin gives the program a fresh process.
func (s *System) begin() {
	s.command, s.exited, s.code = true, false, 0
	s.random.seeded = false
	o := &s.output
	o.streams, o.blocks, o.total = [2]stream{}, 0, 0
	s.reset()
}

// replyHeader is the type of the reply: type 0 is the record of stderr, stdout
// and exit_code (in the order of their hashes), type 1 is blob.
const replyHeader = "DIDL\x02" +
	"\x6c\x03\xa2\xcd\xb0\x3f\x01\xcb\xff\xce\x3f\x01\xae\x92\xb5\xeb\x06\x79" +
	"\x6d\x7b\x01\x00"

// finish replies and closes what the program left open.
func (s *System) finish() {
	s.flushLines()
	icReplyAppend(s.scratch[:copy(s.scratch[:], replyHeader)])
	s.reply(1)
	s.reply(0)
	store32(s.scratch[:], 0, s.code)
	icReplyAppend(s.scratch[:4])
	icReply()
	for fd := range s.used {
		s.FdClose(fd)
	}
	for stream := range s.output.streams {
		if s.output.streams[stream].spilled > 0 {
			spillClose(s, uint32(stream))
		}
	}
	s.ready, s.command = false, false
}

// LibraryInit is canister_init of library mode: the start function and
// _initialize of the program, and then its own canister_init.
func (s *System) LibraryInit() {
	linkStart()
	userInitialize()
	userCanisterInit()
}

// LibraryPostUpgrade is canister_post_upgrade of library mode.
func (s *System) LibraryPostUpgrade() {
	linkStart()
	userInitialize()
	userCanisterPostUpgrade()
}
