package canister

// put stores an amount of 128 bits at dst.
func (e *execution) put(dst uint64, amount Cycles) uint64 {
	copy(e.bytes(dst, 16), amount.bytes())
	return 0
}

// low is an amount for a function that returns 64 bits.
func (e *execution) low(amount Cycles) uint64 {
	if amount.Hi != 0 {
		e.refuse("the amount does not fit into 64 bits")
	}
	return amount.Lo
}

func cyclesAvailable(e *execution, _ []uint64) uint64 { return e.low(e.cc.available) }

func cyclesAvailable128(e *execution, a []uint64) uint64 { return e.put(a[0], e.cc.available) }

func (e *execution) refunded() Cycles {
	if e.incoming == nil {
		return Cycles{}
	}
	return e.incoming.refund
}

func cyclesRefunded(e *execution, _ []uint64) uint64 { return e.low(e.refunded()) }

func cyclesRefunded128(e *execution, a []uint64) uint64 { return e.put(a[0], e.refunded()) }

// accept moves cycles from the message to the canister.
func (e *execution) accept(limit Cycles) Cycles {
	got := limit.min(e.cc.available)
	e.cc.available = e.cc.available.Sub(got)
	e.c.state.balance = e.c.state.balance.Add(got)
	return got
}

func cyclesAccept(e *execution, a []uint64) uint64 { return e.accept(Cycles{Lo: a[0]}).Lo }

func cyclesAccept128(e *execution, a []uint64) uint64 {
	return e.put(a[2], e.accept(Cycles{a[0], a[1]}))
}

func cyclesBurn128(e *execution, a []uint64) uint64 {
	burnt := Cycles{a[0], a[1]}.min(e.c.state.balance)
	e.c.state.balance = e.c.state.balance.Sub(burnt)
	return e.put(a[2], burnt)
}

func cycleBalance(e *execution, _ []uint64) uint64 { return e.low(e.c.state.balance) }

func cycleBalance128(e *execution, a []uint64) uint64 { return e.put(a[0], e.c.state.balance) }

// Prices in cycles on a subnet of 13 nodes, of the IC's documentation.
const (
	callFee           = 260_000
	callByteFee       = 1_000
	executionFee      = 5_000_000
	createCanisterFee = 500_000_000_000
	httpFee           = 49_140_000
	httpRequestByte   = 5_200
	httpResponseByte  = 10_400
	productionKeyFee  = 26_153_846_153
	testKeyFee        = 10_000_000_000
	maxResponse       = 2 << 20
)

// costCall includes what is set aside for the response and its callback.
func costCall(e *execution, a []uint64) uint64 {
	total := Cycles{Lo: callFee + maxResponse*callByteFee + executionFee + ICLimits.Update}
	total = total.Add(times(a[0], callByteFee)).Add(times(a[1], callByteFee))
	return e.put(a[2], total)
}

func costCreateCanister(e *execution, a []uint64) uint64 {
	return e.put(a[0], Cycles{Lo: createCanisterFee})
}

func costHTTPRequest(e *execution, a []uint64) uint64 {
	total := Cycles{Lo: httpFee}
	total = total.Add(times(a[0], httpRequestByte)).Add(times(a[1], httpResponseByte))
	return e.put(a[2], total)
}

// costOfKey prices the use of a threshold key. The curve or algorithm must be
// below known.
func costOfKey(known uint64) ic0Func {
	return func(e *execution, a []uint64) uint64 {
		name := string(e.bytes(a[0], a[1]))
		switch {
		case a[2] >= known:
			return 1
		case name == "key_1":
			e.put(a[3], Cycles{Lo: productionKeyFee})
		case name == "test_key_1", name == "dfx_test_key":
			e.put(a[3], Cycles{Lo: testKeyFee})
		default:
			return 2
		}
		return 0
	}
}
