package fuzz

// Shrink makes a script smaller as long as bad says that it still shows what it
// should: it leaves out messages and calls, and makes arguments simple.
func Shrink(s Script, bad func(Script) bool) Script {
	s = s.clone()
	for changed := true; changed; {
		changed = false
		for n := s.size(); n > 0; n /= 2 {
			for from := 0; from+n <= s.size(); {
				if t := s.without(from, n); bad(t) {
					s, changed = t, true
				} else {
					from += n
				}
			}
		}
		for i := range s {
			changed = s.plainHead(i, bad) || changed
			for k := range s[i].Calls {
				changed = s.simplify(i, k, bad) || changed
			}
		}
	}
	return s
}

// without leaves out n calls from the one given on, counted through all
// messages.
func (s Script) without(from, n int) Script {
	t := make(Script, len(s))
	at := 0
	for i, m := range s {
		t[i] = m
		t[i].Calls = nil
		for _, c := range m.Calls {
			if at < from || at >= from+n {
				t[i].Calls = append(t[i].Calls, c)
			}
			at++
		}
	}
	return t.clone().tidy()
}

// try changes a script, and changes it back if that is not bad any more.
func try(s Script, bad func(Script) bool, change, undo func()) bool {
	change()
	if bad(s) {
		return true
	}
	undo()
	return false
}

func (s Script) plainHead(i int, bad func(Script) bool) bool {
	m := &s[i]
	changed := false
	if old := m.Limit; old > 0 {
		changed = try(s, bad, func() { m.Limit = 0 }, func() { m.Limit = old })
	}
	if i > 0 && !m.Upgrade {
		changed = try(s, bad, func() { m.Upgrade = true }, func() { m.Upgrade = false }) || changed
	}
	return changed
}

// simplify tries simpler arguments for one call.
func (s Script) simplify(i, k int, bad func(Script) bool) bool {
	c := &s[i].Calls[k]
	changed := false
	for n := range c.Args {
		for _, simple := range c.Args[n].simpler() {
			old := c.Args[n]
			if try(s, func(s Script) bool { return c.check() == nil && bad(s) },
				func() { c.Args[n] = simple }, func() { c.Args[n] = old }) {
				changed = true
				break
			}
		}
	}
	return changed
}

// simpler gives arguments to try in place of one. All are smaller in some sense,
// so that shrinking ends.
func (a Arg) simpler() []Arg {
	var list []Arg
	add := func(change func(*Arg)) {
		b := a
		change(&b)
		list = append(list, b)
	}
	if a.Ptr.Kind != Chosen && a.Kind != Text {
		add(func(b *Arg) { b.Ptr = Pointer{} })
	}
	switch a.Kind {
	case Number:
		for _, n := range []uint64{0, 1, a.Num / 2} {
			if n < a.Num {
				add(func(b *Arg) { b.Num = n })
			}
		}
		for bit := range 30 {
			if a.Num>>bit&1 != 0 && a.Num < 1<<30 {
				add(func(b *Arg) { b.Num &^= 1 << bit })
			}
		}
	case Text:
		for _, t := range simplerText(string(a.Text)) {
			add(func(b *Arg) { b.Text = []byte(t) })
		}
	case Vectors:
		for n := range a.Vecs {
			add(func(b *Arg) { b.Vecs = append(append([]Vec(nil), a.Vecs[:n]...), a.Vecs[n+1:]...) })
			if v := a.Vecs[n]; len(v.Text) > 1 || v.Len > 1 {
				add(func(b *Arg) {
					b.Vecs = append([]Vec(nil), a.Vecs...)
					b.Vecs[n].Text, b.Vecs[n].Len = v.Text[:(len(v.Text)+1)/2], v.Len/2
				})
			}
		}
	case Subscriptions:
		for n := range a.Subs {
			add(func(b *Arg) { b.Subs = append(append([]Sub(nil), a.Subs[:n]...), a.Subs[n+1:]...) })
		}
	}
	return list
}

// simplerText leaves out parts of a path, and bytes of a long one.
func simplerText(t string) []string {
	var list []string
	if len(t) > 20 {
		list = append(list, t[:len(t)/2], t[len(t)/2:])
	}
	for i := range t {
		if t[i] == '/' {
			list = append(list, t[:i], t[i+1:])
		}
	}
	if len(t) > 1 && len(t) <= 20 {
		list = append(list, t[1:], t[:len(t)-1])
	}
	return list
}
