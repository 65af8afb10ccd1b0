package icsplice

import (
	"fmt"
	"runtime"
	"sync"

	"github.com/icsplice/icsplice/internal/wasm"
)

// disabled are the features that the IC's validator does not switch on.
const disabled = wasm.FeatureRelaxedSimd | wasm.FeatureExtendedConst | wasm.FeatureExceptions |
	wasm.FeatureLegacyExceptions | wasm.FeatureFunctionReferences | wasm.FeatureGc | wasm.FeatureThreads |
	wasm.FeatureMultiMemory | wasm.FeatureCustomPageSizes | wasm.FeatureWideArithmetic |
	wasm.FeatureStackSwitching | wasm.FeatureSharedEverything | wasm.FeatureCustomDescriptors |
	wasm.FeatureMemoryControl

// bodies walks every function once, many of them at a time.
func (c *checker) bodies() error {
	const step = 1024
	parts := make([]*checker, (len(c.m.Code)+step-1)/step)
	errs := make([]error, len(parts))
	var wg sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i := range parts {
		slots <- struct{}{}
		wg.Go(func() {
			parts[i] = &checker{m: c.m, names: c.names, count: map[Rule]int{}}
			errs[i] = parts[i].functions(i*step, min((i+1)*step, len(c.m.Code)))
			<-slots
		})
	}
	wg.Wait()
	for i, part := range parts {
		if errs[i] != nil {
			return errs[i]
		}
		c.join(part)
	}
	return nil
}

// join adds what another checker found, which comes later in the module.
func (c *checker) join(part *checker) {
	c.features |= part.features
	for _, v := range part.found {
		c.add(v)
		part.count[v.Rule]--
	}
	for rule, n := range part.count {
		c.count[rule] += n // those that were not listed
	}
}

// functions walks the defined functions from one up to another.
func (c *checker) functions(from, to int) error {
	first := uint32(c.m.NumImportedFuncs())
	for i := from; i < to; i++ {
		if err := c.body(first+uint32(i), c.m.Code[i]); err != nil {
			err = wasm.InSection(err, wasm.SectionCode, i)
			return fmt.Errorf("%s: %w", c.function(first+uint32(i)), err)
		}
	}
	return nil
}

// body names the first instruction that the IC refuses for each reason, so
// that a function full of them takes few lines.
func (c *checker) body(index uint32, b wasm.Body) error {
	var buf [16]wasm.LocalRun
	locals, code, offset, err := b.LocalsInto(buf[:0])
	if err != nil {
		return err
	}
	c.locals(index, locals, b.Offset)
	r := wasm.NewCodeReader(code, offset)
	if c.has64BitMemory() {
		r.AllowOffset64()
	}
	var in wasm.Instr
	var named wasm.Feature
	tables := false
	operators, weight := 0, uint64(0)
	for {
		more, err := r.Next(&in)
		if err != nil {
			return err
		}
		if !more {
			break
		}
		operators++
		if in.Op < 256 && ordinary[in.Op] && !in.MemIdx {
			weight += uint64(complexityOf[in.Op])
			continue
		}
		weight += complexity(in.Op)
		if changesTable(in.Op) && !tables {
			tables = true
			c.instruction(index, offset+in.Start, in.Op, "the IC keeps the table as it is; build with -mno-reference-types")
		}
		f := featureOf(&in)
		c.features |= f
		if f &= disabled &^ named; f != 0 {
			named |= f
			c.instruction(index, offset+in.Start, in.Op, "build without the "+f.String()+" feature")
		}
	}
	const split = "split the function"
	c.limit(RuleFunctionSize, "instructions of "+c.function(index), operators, MaxOperators, split)
	c.limit(RuleFunctionSize, "complexity of "+c.function(index), int(weight), MaxComplexity, split)
	return nil
}

func (c *checker) locals(index uint32, runs []wasm.LocalRun, offset int) {
	for _, run := range runs {
		if !isNumber(run.Type) && !isPlainRef(run.Type) {
			c.refuse(RuleType, "build without the "+featureOfType(run.Type).String()+" feature",
				"%s, at byte %#x: a local of a reference type that the IC lacks", c.function(index), offset)
			return
		}
	}
}

// featureOfType is the feature that a reference type belongs to which the IC
// does not have: references to exceptions came with these.
func featureOfType(t wasm.ValType) wasm.Feature {
	const exn, noexn = 0x69, 0x74
	code := t.Code
	if t.Heap < 0 {
		code = byte(t.Heap & 0x7f)
	}
	if code == exn || code == noexn {
		return wasm.FeatureExceptions
	}
	return wasm.FeatureGc
}

func (c *checker) instruction(index uint32, offset int, op wasm.Op, hint string) {
	c.refuse(RuleInstruction, hint, "%s in %s, at byte %#x", op, c.function(index), offset)
}

func changesTable(op wasm.Op) bool {
	switch op {
	case wasm.OpTableSet, wasm.OpTableGrow, wasm.OpTableFill, wasm.OpTableCopy, wasm.OpTableInit:
		return true
	}
	return false
}

// featureOf is the feature of an instruction, with its immediates.
func featureOf(in *wasm.Instr) wasm.Feature {
	if in.MemIdx {
		return wasm.FeatureMultiMemory
	}
	if in.Op < 256 {
		return plainFeature[in.Op]
	}
	info, _ := in.Op.Info()
	return info.Feature
}

// plainFeature spares the look-up for the instructions that code consists of.
var plainFeature = func() (features [256]wasm.Feature) {
	for op := range features {
		info, _ := wasm.Op(op).Info()
		features[op] = info.Feature
	}
	return features
}()

// ordinary are the instructions of the first version of Wasm, of which the IC
// only wants to know the number and the weight.
var ordinary = func() (list [256]bool) {
	for op := range list {
		_, ok := wasm.Op(op).Info()
		list[op] = ok && plainFeature[op] == wasm.FeatureMVP && !changesTable(wasm.Op(op))
	}
	return list
}()

// functionNames are those of the name section; one that cannot be read counts as
// none.
func functionNames(m *wasm.Module) wasm.NameMap {
	names := m.Names()
	if names == nil {
		return nil
	}
	return names.Funcs
}
