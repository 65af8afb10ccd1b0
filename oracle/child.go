package oracle

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// Child is an engine in a process of its own, which may crash or hang. The
// process reads and writes lines of JSON: it is sent a load first, answered by a
// reply, and then runs, answered by a reply each.
type Child struct {
	name, version string
	command       []string
	rootFD        uint32
}

// load is the first line that a process is sent.
type childLoad struct {
	Module string `json:"module"` // the path of its file
}

// childRun asks for a run with the files stdin, stdout and stderr of a folder.
type childRun struct {
	Args []string `json:"args"`
	Env  []string `json:"env"`
	Dir  string   `json:"dir"`
	Root string   `json:"root"`
}

type childReply struct {
	Exit  uint32 `json:"exit"`
	Trap  string `json:"trap"`
	Error string `json:"error"` // of the engine or the machine
}

// Name is the engine's.
func (c *Child) Name() string { return c.name }

// Version is the engine's, as it says itself.
func (c *Child) Version() string { return c.version }

// RootFD is the descriptor of the folder that is preopened as "/". It is 3 but
// for engines that open something else first.
func (c *Child) RootFD() uint32 { return c.rootFD }

// Close has nothing to end: processes belong to programs.
func (c *Child) Close() error { return nil }

// newChild makes an oracle of a command that tells its version when its argument
// is "version".
func newChild(name string, rootFD uint32, command ...string) (*Child, error) {
	out, err := exec.Command(command[0], append(command[1:], "version")...).Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, withStderr(err))
	}
	return &Child{name, strings.TrimSpace(string(out)), command, rootFD}, nil
}

// withStderr adds what a process has said to its error.
func withStderr(err error) error {
	var exit *exec.ExitError
	if errors.As(err, &exit) && len(exit.Stderr) > 0 {
		return fmt.Errorf("%w: %s", err, strings.TrimSpace(string(exit.Stderr)))
	}
	return err
}

// Load starts a process and has it compile the module.
func (c *Child) Load(module []byte) (Program, error) {
	if err := check(module); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "icsplice-child-")
	if err != nil {
		return nil, err
	}
	p := &childProgram{child: c, module: filepath.Join(dir, "module.wasm")}
	if err = os.WriteFile(p.module, module, 0o600); err == nil {
		err = p.start()
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", c.name, err), p.Close())
	}
	return p, nil
}

type childProgram struct {
	child  *Child
	module string

	mu      sync.Mutex
	process *exec.Cmd // nil where there is none now
	to      io.WriteCloser
	from    *bufio.Reader
}

// childEnv makes processes quick: backtraces take longer than most runs, and
// work that goes from thread to thread waits for each of them to be woken.
var childEnv = []string{"RUST_BACKTRACE=0", "TOKIO_WORKER_THREADS=1", "GOMAXPROCS=1"}

// start starts the process.
func (p *childProgram) start() (err error) {
	c := exec.Command(p.child.command[0], p.child.command[1:]...)
	c.Env = append(os.Environ(), childEnv...)
	to, err := c.StdinPipe()
	if err != nil {
		return err
	}
	from, err := c.StdoutPipe()
	if err != nil {
		return err
	}
	if err := c.Start(); err != nil {
		return err
	}
	p.process, p.to, p.from = c, to, bufio.NewReader(from)
	_, err = p.ask(childLoad{p.module}, time.Minute)
	return err
}

// stop ends the process, whatever it does.
func (p *childProgram) stop() {
	if p.process == nil {
		return
	}
	p.process.Process.Kill()
	p.process.Wait()
	p.process = nil
}

// ask sends a line and waits for the answer. After an error there is no process.
func (p *childProgram) ask(request any, timeout time.Duration) (childReply, error) {
	line, err := json.Marshal(request)
	if err != nil {
		return childReply{}, err
	}
	late := time.AfterFunc(timeout, func() { p.process.Process.Kill() })
	_, err = p.to.Write(append(line, '\n'))
	var reply childReply
	if err == nil {
		line, err = p.from.ReadBytes('\n')
	}
	if err == nil {
		err = json.Unmarshal(line, &reply)
	}
	if err == nil && reply.Error != "" {
		err = errors.New(reply.Error)
	}
	if !late.Stop() {
		err = ErrTimeout
	}
	if err != nil {
		p.stop()
	}
	return reply, err
}

func (p *childProgram) Start(root string) (Session, error) {
	dir, err := newFolder(root)
	if err != nil {
		return nil, err
	}
	return &childSession{p, dir}, nil
}

func (p *childProgram) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stop()
	return os.RemoveAll(filepath.Dir(p.module))
}

type childSession struct {
	program *childProgram
	folder
}

func (s *childSession) Run(r Run) (Outcome, error) {
	if s.gone() {
		return Outcome{Trap: rootGone}, nil
	}
	p := s.program
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.process == nil {
		if err := p.start(); err != nil {
			return Outcome{}, err
		}
	}
	if err := s.prepare(r.Stdin); err != nil {
		return Outcome{}, err
	}
	reply, err := p.ask(childRun{r.Args, r.Env, s.outer, s.root}, r.timeout())
	if err != nil {
		return s.crashed(err)
	}
	o := Outcome{Exit: reply.Exit, Trap: reply.Trap}
	if o.Stdout, err = s.stream("stdout"); err == nil {
		o.Stderr, err = s.stream("stderr")
	}
	return o, err
}

// maxStream is how much is kept of what a run has written to a stream, in bytes.
// The stream is a file, which some engines let a program make as large as it
// likes.
const maxStream = 16 << 20

// stream is the beginning of what was written to a stream.
func (s *childSession) stream(name string) ([]byte, error) {
	f, err := os.Open(filepath.Join(s.outer, name))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxStream))
}

// prepare makes the files of the standard streams.
func (s *childSession) prepare(stdin []byte) error {
	err := os.WriteFile(filepath.Join(s.outer, "stdin"), stdin, 0o600)
	for _, name := range []string{"stdout", "stderr"} {
		if err == nil {
			err = os.WriteFile(filepath.Join(s.outer, name), nil, 0o600)
		}
	}
	return err
}

// crashed makes an outcome of a process that has ended by itself, as that is what
// the program has brought the engine to. One that took too long is an error, but
// what it has written is there as well.
func (s *childSession) crashed(err error) (Outcome, error) {
	stderr, readErr := s.stream("stderr")
	if errors.Is(err, io.EOF) {
		return Outcome{Trap: "the engine's process has ended", Stderr: stderr}, readErr
	}
	return Outcome{Stderr: stderr}, fmt.Errorf("%s: %w", s.program.child.name, err)
}
