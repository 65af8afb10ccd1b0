package fuzz

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/icsplice/icsplice/abi"
	"github.com/icsplice/icsplice/oracle"
)

// Engine is an oracle with the driver loaded.
type Engine struct {
	oracle   oracle.Oracle
	program  oracle.Program
	root     uint8 // the descriptor of "/"
	cautious bool  // it often stops in the middle of a script
	silent   bool  // nothing is seen of a run that stops in the middle
}

// NewEngine loads the driver. The engine closes the oracle.
func NewEngine(o oracle.Oracle) (*Engine, error) {
	p, err := o.Load(Driver)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", o.Name(), err), o.Close())
	}
	e := &Engine{oracle: o, program: p, root: 3, cautious: o.Name() == "node" || o.Name() == "wasmer"}
	_, e.silent = o.(*oracle.Canister)
	if other, ok := o.(interface{ RootFD() uint32 }); ok {
		e.root = uint8(other.RootFD())
	}
	return e, nil
}

// Name is that of the oracle.
func (e *Engine) Name() string { return e.oracle.Name() }

// Version is that of the oracle.
func (e *Engine) Version() string { return e.oracle.Version() }

// Close ends the engine.
func (e *Engine) Close() error { return errors.Join(e.program.Close(), e.oracle.Close()) }

// View is what an engine makes of a script, in lines that can be compared with
// another engine's.
type View struct {
	Messages []Answers
	Tree     []string
}

// Answers are a line for each call of a message that was answered, and how the
// message ended.
type Answers struct {
	Lines []string
	End   string // "exit 0", "trap", or "left out"
	Trap  string // in the engine's words
}

// leftOut says that a message was taken back, so that it counts for nothing.
const leftOut = "left out"

// keeper is a program on the IC that can keep its heap from message to message.
type keeper interface {
	Install() (oracle.Session, error)
}

// upgrader is a session that can be upgraded.
type upgrader interface{ Upgrade() error }

func (e *Engine) start(s Script) (oracle.Session, error) {
	if k, ok := e.program.(keeper); ok && slices.ContainsFunc(s[min(1, len(s)):], func(m Message) bool { return !m.Upgrade }) {
		return k.Install()
	}
	return e.program.Start("")
}

// Run runs a script on fresh files. Messages for which skip is true are left
// out. Where an engine stops in the middle, which calls it answered shows only if
// they are written before the next, so it begins anew in that way. The error is
// one of the engine or of the machine.
func (e *Engine) Run(s Script, skip []bool) (*View, error) {
	view, err := e.once(s, skip, e.cautious)
	if err == nil && !e.cautious && !e.silent && view.stopped() {
		return e.once(s, skip, true)
	}
	return view, err
}

// stopped says that a message ended in a trap of the engine.
func (v *View) stopped() bool {
	return slices.ContainsFunc(v.Messages, func(a Answers) bool { return a.End == "trap" })
}

func (e *Engine) once(s Script, skip []bool, cautious bool) (*View, error) {
	session, err := e.start(s)
	if err != nil {
		return nil, err
	}
	view, err := e.runOn(session, s, skip, cautious)
	if err = errors.Join(err, session.Close()); err != nil {
		return nil, fmt.Errorf("%s: %w", e.Name(), err)
	}
	return view, nil
}

func (e *Engine) runOn(session oracle.Session, s Script, skip []bool, cautious bool) (*View, error) {
	d := newDescriber(s)
	v := &View{}
	start := now()
	for i := range s {
		if skip != nil && skip[i] {
			v.Messages = append(v.Messages, Answers{End: leftOut})
			continue
		}
		if u, ok := session.(upgrader); ok && s[i].Upgrade {
			if err := u.Upgrade(); err != nil {
				return nil, err
			}
		}
		a, err := e.message(session, d, &s[i], cautious)
		if err != nil {
			return nil, err
		}
		v.Messages = append(v.Messages, a)
	}
	tree, err := session.Tree()
	if err != nil {
		return nil, err
	}
	d.start, d.end = start, now()
	v.Tree = d.tree(tree)
	return v, nil
}

// enough instructions for any message that ends by itself, and few for one that
// does not.
const (
	enough = 100_000_000
	few    = 3_000_000
)

// limit is the most instructions of a message on the canister.
func (m *Message) limit() uint64 {
	switch {
	case m.Limit > 0:
		return m.Limit
	case slices.ContainsFunc(m.Calls, func(c Call) bool { return c.Op == opSpin }):
		return few
	}
	return enough
}

// patience is how long a run may take that takes milliseconds elsewhere. An
// engine that hangs loses no more than its voice.
const patience = 2 * time.Second

func now() uint64 { return uint64(time.Now().UnixNano()) }

func (e *Engine) message(session oracle.Session, d *describer, m *Message, cautious bool) (Answers, error) {
	stdin, err := m.stdin(cautious, e.root)
	if err != nil {
		return Answers{}, err
	}
	start := now()
	o, err := session.Run(oracle.Run{
		Args: driverArgs, Env: driverEnv, Stdin: stdin, Instructions: m.limit(), Timeout: patience,
	})
	if errors.Is(err, oracle.ErrTimeout) {
		err, o.Trap = nil, "it hangs"
	}
	if err != nil {
		return Answers{}, err
	}
	a := Answers{Lines: d.message(m, o.Stderr, start, now()), Trap: o.Trap}
	switch {
	case o.Trap != "":
		a.End = "trap"
	default:
		a.End = fmt.Sprintf("exit %d", o.Exit)
		if len(o.Stdout) > 0 {
			d.b = append(d.b[:0], " printed "...)
			d.content(o.Stdout)
			a.End += string(d.b)
		}
	}
	return a, nil
}

// tree describes files, in lines that can be compared with another engine's.
func (d *describer) tree(t oracle.Tree) []string {
	groups := map[uint64]int{}
	lines := make([]string, 0, len(t))
	for i := range t {
		n := &t[i]
		d.b = append(quote(d.b[:0], []byte(n.Path)), ' ')
		d.b = append(d.b, typeName(n.Type)...)
		switch n.Type {
		case abi.FiletypeRegularFile:
			d.field("size", n.Size)
			d.links(groups, n)
			d.b = append(d.b, ' ', '"')
			d.content(n.Data)
			d.b = append(d.b, '"')
		case abi.FiletypeSymbolicLink:
			d.links(groups, n)
			d.b = quote(append(d.b, " to "...), []byte(n.Target))
		}
		d.stamp("mtim", n.Mtim)
		lines = append(lines, string(d.b))
	}
	return lines
}

// links writes how many links a file has, and which group of them it is of.
func (d *describer) links(groups map[uint64]int, n *oracle.Node) {
	if n.Nlink == 1 {
		return
	}
	if groups[n.Ino] == 0 {
		groups[n.Ino] = len(groups) + 1
	}
	d.field("nlink", n.Nlink)
	d.field("same", uint64(groups[n.Ino]))
}

// skips says which messages the canister has taken back.
func (v *View) skips() []bool {
	skip := make([]bool, len(v.Messages))
	for i, a := range v.Messages {
		skip[i] = strings.HasPrefix(a.End, "trap")
	}
	return skip
}
