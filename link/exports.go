package link

import (
	"slices"

	"github.com/icsplice/icsplice/internal/wasm"
)

// chosenExport is an export on its way to the output.
type chosenExport struct {
	from Name
	as   string
	what entity
}

// chooseExports lists the output's exports by the options.
func chooseExports(g *graph, o *Options) ([]root, error) {
	rules := o.Exports
	if rules == nil {
		for _, in := range g.inputs {
			rules = append(rules, Export{Module: in.name, Name: "*"})
		}
	}
	hidden, err := g.hidden(o.Hide)
	if err != nil {
		return nil, err
	}
	var list []chosenExport
	for _, rule := range rules {
		chosen, err := g.choose(rule)
		if err != nil {
			return nil, err
		}
		list = append(list, slices.DeleteFunc(chosen, func(c chosenExport) bool {
			return hidden[c.from] || hidden[Name{c.from.Module, "*"}]
		})...)
	}
	if o.DeferStart != "" {
		list = slices.Insert(list, 0, chosenExport{from: Name{Name: "the deferred start"}, as: o.DeferStart, what: entity{kind: numKinds}})
	}
	return g.unique(list, o.Conflicts)
}

// hidden are the exports to be left out, as a set.
func (g *graph) hidden(names []Name) (map[Name]bool, error) {
	set := map[Name]bool{}
	for _, n := range names {
		if _, err := g.exportsNamed("Hide", n); err != nil {
			return nil, err
		}
		set[n] = true
	}
	return set, nil
}

// exportsNamed are the exports of a name, or of a module.
func (g *graph) exportsNamed(option string, n Name) ([]chosenExport, error) {
	i := slices.IndexFunc(g.inputs, func(in *input) bool { return in.name == n.Module })
	if i < 0 {
		return nil, &OptionError{option, n.String(), "there is no module of that name"}
	}
	in := g.inputs[i]
	var list []chosenExport
	for _, e := range in.mod.Exports {
		if n.Name == "*" || n.Name == e.Name {
			list = append(list, chosenExport{Name{in.name, e.Name}, e.Name, entity{e.Kind, in.first[e.Kind] + id(e.Index)}})
		}
	}
	if len(list) == 0 && n.Name != "*" {
		return nil, &OptionError{option, n.String(), "the module exports nothing of that name"}
	}
	return list, nil
}

// choose lists the exports that a rule names.
func (g *graph) choose(rule Export) ([]chosenExport, error) {
	list, err := g.exportsNamed("Exports", Name{rule.Module, rule.Name})
	for i := range list {
		switch {
		case rule.Name == "*":
			list[i].as = rule.As + list[i].as
		case rule.As != "":
			list[i].as = rule.As
		}
	}
	return list, err
}

// unique gives each name to one thing.
func (g *graph) unique(list []chosenExport, rule Conflicts) ([]root, error) {
	var roots []root
	var conflicts []Conflict
	byName := map[string]chosenExport{}
	for _, c := range list {
		c.what.id = g.resolve(c.what.kind, c.what.id)
		first, taken := byName[c.as]
		if taken && first.what != c.what && rule == Rename {
			c.as = c.from.String()
			first, taken = byName[c.as]
		}
		if taken {
			if first.what != c.what { // otherwise the same thing by two ways
				conflicts = append(conflicts, Conflict{c.as, first.from, c.from})
			}
			continue
		}
		byName[c.as] = c
		if c.what.kind < numKinds {
			roots = append(roots, root{c.as, c.what})
		}
	}
	if len(conflicts) > 0 {
		return nil, &ConflictError{conflicts}
	}
	return roots, nil
}

// mergeExports lists what the output of Merge exports: the program's exports
// that stay, and what the options name of the polyfill's.
func mergeExports(s *splice) ([]root, error) {
	var list []chosenExport
	for _, e := range s.user.mod.Exports {
		if as, ok := s.o.keep(e.Name, e.Kind); ok {
			list = append(list, chosenExport{Name{s.user.name, e.Name}, as, entity{e.Kind, s.user.first[e.Kind] + id(e.Index)}})
		}
	}
	for _, e := range s.o.exports {
		i, ok := s.polyfillExport(e.name)
		if !ok {
			return nil, &Error{Input: s.polyfill.name, Section: "export", Index: -1, Offset: -1, Symbol: e.name, Msg: "there is no such function"}
		}
		list = append(list, chosenExport{Name{s.polyfill.name, e.name}, e.as, entity{wasm.ExternFunc, i}})
	}
	return s.unique(list, Refuse)
}
