;; Work without system calls, for benchmarks.
(module
  (import "ic0" "stable64_grow" (func $grow (param i64) (result i64)))
  (import "ic0" "stable64_read" (func $read (param i64 i64 i64)))
  (import "ic0" "stable64_write" (func $write (param i64 i64 i64)))
  (memory (export "memory") 16)
  ;; Counts the primes below 200,000 with a sieve of bytes.
  (func $sieve (export "canister_query sieve") (local $i i32) (local $j i32) (local $n i32)
    (memory.fill (i32.const 0) (i32.const 0) (i32.const 200000))
    (local.set $i (i32.const 2))
    (loop $outer
      (if (i32.eqz (i32.load8_u (local.get $i)))
        (then
          (local.set $n (i32.add (local.get $n) (i32.const 1)))
          (local.set $j (i32.add (local.get $i) (local.get $i)))
          (block $done
            (loop $inner
              (br_if $done (i32.ge_u (local.get $j) (i32.const 200000)))
              (i32.store8 (local.get $j) (i32.const 1))
              (local.set $j (i32.add (local.get $j) (local.get $i)))
              (br $inner)))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $outer (i32.lt_u (local.get $i) (i32.const 200000))))
    (i32.store (i32.const 0) (local.get $n)))
  (func $fib (param i32) (result i32)
    (if (result i32) (i32.lt_u (local.get 0) (i32.const 2))
      (then (local.get 0))
      (else (i32.add (call $fib (i32.sub (local.get 0) (i32.const 1)))
                     (call $fib (i32.sub (local.get 0) (i32.const 2)))))))
  (func (export "canister_query fib") (drop (call $fib (i32.const 24))))
  ;; Makes a heap of 500 MiB with one byte set in every 64 KiB.
  (func (export "canister_update large") (local $i i32)
    (drop (memory.grow (i32.const 7984)))
    (loop
      (i32.store8 (local.get $i) (i32.const 1))
      (local.set $i (i32.add (local.get $i) (i32.const 65536)))
      (br_if 0 (i32.lt_u (local.get $i) (i32.const 524288000)))))
  ;; 10,000 times eight bytes from and to stable memory.
  (func (export "canister_query stable") (local $i i64)
    (drop (call $grow (i64.const 16)))
    (loop
      (call $read (i64.const 0) (local.get $i) (i64.const 8))
      (call $write (local.get $i) (i64.const 0) (i64.const 8))
      (local.set $i (i64.add (local.get $i) (i64.const 40)))
      (br_if 0 (i64.lt_u (local.get $i) (i64.const 400000))))))
