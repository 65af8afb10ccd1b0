package wasm

// Features are those that the declarations show, without a look at the bodies.
func (m *Module) Features() Feature {
	var f Feature
	for i := range m.Types {
		f |= m.Types[i].features()
	}
	for _, g := range m.RecGroups {
		if g.Explicit {
			f |= FeatureGc
		}
	}
	s := m.Spaces()
	for _, g := range s.Globals {
		f |= g.Type.feature()
		f |= when(g.Shared, FeatureSharedEverything)
	}
	for _, l := range s.Memories {
		f |= l.features(FeatureThreads)
	}
	for _, t := range s.Tables {
		f |= t.Elem.feature() | t.Limits.features(FeatureSharedEverything)
	}
	f |= when(len(s.Memories) > 1, FeatureMultiMemory)
	f |= when(len(s.Tables) > 1, FeatureReferenceTypes)
	f |= when(len(s.Tags) > 0, FeatureExceptions)
	return f | m.segmentFeatures()
}

func when(is bool, f Feature) Feature {
	if is {
		return f
	}
	return 0
}

func (t *SubType) features() Feature {
	var f Feature
	for _, p := range t.Params {
		f |= p.feature()
	}
	for _, r := range t.Results {
		f |= r.feature()
	}
	f |= when(len(t.Results) > 1, FeatureMultiValue)
	f |= when(t.Sub != 0 || t.Kind == KindStruct || t.Kind == KindArray, FeatureGc)
	return f | when(t.Kind == KindCont, FeatureStackSwitching)
}

// feature is the one that brought a value type.
func (t ValType) feature() Feature {
	switch {
	case t == V128:
		return FeatureSimd
	case t.hasHeap():
		return FeatureFunctionReferences
	case t == FuncRef || !t.IsRef():
		return FeatureMVP
	case t == ExternRef:
		return FeatureReferenceTypes
	case t.Code == 0x69 || t.Code == 0x74: // exn, noexn
		return FeatureExceptions
	case t.Code == 0x68 || t.Code == 0x75: // cont, nocont
		return FeatureStackSwitching
	}
	return FeatureGc
}

func (l Limits) features(shared Feature) Feature {
	return when(l.Shared, shared) | when(l.Is64, FeatureMemory64) | when(l.CustomPage, FeatureCustomPageSizes)
}

func (m *Module) segmentFeatures() Feature {
	f := when(m.DataCount != nil, FeatureBulkMemory)
	for i := range m.Data {
		f |= when(m.Data[i].Mode() != Active, FeatureBulkMemory)
		f |= exprFeatures(m.Data[i].Offset)
	}
	for i := range m.Elems {
		e := &m.Elems[i]
		f |= e.Type.feature() | exprFeatures(e.Offset)
		f |= when(e.Mode() == Passive, FeatureBulkMemory)
		f |= when(e.Mode() == Declarative || e.Flags&elemExprs != 0, FeatureReferenceTypes)
	}
	for i := range m.Globals {
		f |= exprFeatures(m.Globals[i].Init)
	}
	for i := range m.Tables {
		f |= when(m.Tables[i].Init != nil, FeatureFunctionReferences)
	}
	return f
}

// exprFeatures are those of a constant expression that Read or a caller made; a
// malformed one shows what comes before the fault.
func exprFeatures(x Expr) Feature {
	var f Feature
	var in Instr
	r := NewCodeReader(x, 0)
	for {
		if more, err := r.Next(&in); !more || err != nil {
			return f
		}
		info, _ := in.Op.Info()
		f |= info.Feature
		switch in.Op {
		case OpI32Add, OpI32Sub, OpI32Mul, OpI64Add, OpI64Sub, OpI64Mul:
			f |= FeatureExtendedConst
		}
	}
}
