/* Built with SIMD, bulk memory, sign extension and saturating conversions switched on. */
#include <string.h>
#include <wasm_simd128.h>

#include "compute.h"

#define N 4096

static float a[N], b[N];
static uint8_t bytes[3 * N];

static float dot(void) {
    v128_t sum = wasm_f32x4_splat(0);
    for (int i = 0; i < N; i += 4)
        sum = wasm_f32x4_add(sum, wasm_f32x4_mul(wasm_v128_load(a + i), wasm_v128_load(b + i)));
    return wasm_f32x4_extract_lane(sum, 0) + wasm_f32x4_extract_lane(sum, 1)
         + wasm_f32x4_extract_lane(sum, 2) + wasm_f32x4_extract_lane(sum, 3);
}

/* Counts the bytes that equal c, 16 at a time. */
static uint32_t count(uint8_t c) {
    uint32_t n = 0;
    for (int i = 0; i < N; i += 16)
        n += (uint32_t)__builtin_popcount(wasm_i8x16_bitmask(wasm_i8x16_eq(wasm_v128_load(bytes + i), wasm_i8x16_splat((int8_t)c))));
    return n;
}

EXPORT("simd") uint64_t simd(uint32_t n) {
    uint64_t total = 0;
    for (uint32_t r = 1; r <= n; r++) {
        for (int i = 0; i < N; i++) {
            a[i] = (float)((i * r) % 17);
            b[i] = (float)(i % 5) - 2;
            bytes[i] = (uint8_t)(i * r);
        }
        memcpy(bytes + N, bytes, N);
        memmove(bytes + 1, bytes, 2 * N);
        memset(bytes, (int)r, 32);
        total = total * 31 + (uint64_t)(int64_t)dot() + count((uint8_t)r);
        total += (uint64_t)(int8_t)bytes[r % N] + (uint64_t)(a[1] * 1e30f);
    }
    return total;
}

int main(int argc, char **argv) { return compute_main(argc, argv, 200, simd); }
