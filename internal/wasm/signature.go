package wasm

// AddressType stands in a Signature for the type of addresses: i32, or i64 where
// the memory or table of the instruction has 64-bit ones.
const AddressType byte = 0

// Signature is the type of an instruction that the opcode alone decides.
type Signature struct {
	Params  string // a value type's code for each operand, that on top of the stack last
	Results string // as Params
	Width   uint8  // bytes of memory that it accesses, 0 if it has no memarg
}

// Signature looks the type of an instruction up. It is nil for instructions
// whose type depends on their immediates, on the module or on the stack, and for
// those of proposals that leave types open still. It must not be written to.
func (op Op) Signature() *Signature {
	page, sub := op>>16, op&0xffff
	if page > 0xfa {
		page -= 0xfa
	} else if page != 0 {
		return nil
	}
	if page >= Op(len(signatures)) || sub >= Op(len(signatures[page])) {
		return nil
	}
	return signatures[page][sub]
}
