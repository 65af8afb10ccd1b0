(module (global i32 (i32.const 0)) (func (export "canister_update f")))
