// Package conformance runs suites of small WASI programs on the spliced canister
// and on native runtimes, and reports what each of them got right.
//
// A suite is a folder of modules. NAME.wasm is a case; it passes where its exit
// code and its standard output are as expected. An optional NAME.json beside it
// says what the case is given and what must come of it:
//
//	{
//	  "args": ["one", "two"],       behind the program's name
//	  "env": {"NAME": "value"},
//	  "root": "files",              a folder beside it, copied for each run
//	  "exit_code": 3,               0 where it is not given
//	  "stdout": "text\n"            anything where it is not given
//	}
//
// The program finds the copy of root, or an empty folder, preopened as "/".
//
// A file RUNTIME.expected in the suite's folder lists the cases that are known to
// fail on that runtime, with the reason of each. A case that passes although it
// is listed is a failure, too.
//
// Suites are untrusted: what is read of them and kept of a run is bounded, and a
// root cannot lead out of the suite's folder. What a program can reach is a matter
// of the engine: wazero follows symbolic links out of the root, so a suite that you
// do not trust is for the canister alone.
package conformance
