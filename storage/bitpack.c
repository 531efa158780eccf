/*
 * bitpack.c: packing by a 64-bit accumulator, unpacking by one unaligned load per value.
 *
 * load     64 bits at the value's byte hold it whole while width + 7 ≤ 64 − 1, so widths 57…63 are not used
 * AVX-512  with byte permutation (VBMI) 64 bytes are loaded at once, each lane gets the bytes that its value lies in,
 *          and shifts and masks them: 8 or 16 values a step. Lemire, Boytsov, "Decoding billions of integers per second
 *          through vectorization", 2015, has the idea for bytes of 128 bits.
 */
#include "storage/bitpack.h"

#include "base/vector.h"

#include <stdbool.h>
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#define HAS_PERMUTE 1
#else
#define HAS_PERMUTE 0
#endif

uint32_t bitpack_width(uint64_t max)
{
    uint32_t width = max == 0 ? 0 : 64U - (uint32_t)__builtin_clzll(max);
    return width > 56 ? 64 : width;
}

#define PACK(values)                                                                                                   \
    uint64_t accumulator = 0;                                                                                          \
    uint32_t bits = 0;                                                                                                 \
    if (width == 0) {                                                                                                  \
        memset(out, 0, BITPACK_SLACK);                                                                                 \
        return;                                                                                                        \
    }                                                                                                                  \
    for (uint32_t i = 0; i < count; i++) {                                                                             \
        uint64_t value = (values)[i];                                                                                  \
        accumulator |= value << bits;                                                                                  \
        bits += width;                                                                                                 \
        if (bits >= 64) {                                                                                              \
            memcpy(out, &accumulator, 8);                                                                              \
            out += 8;                                                                                                  \
            bits -= 64;                                                                                                \
            accumulator = bits == 0 ? 0 : value >> (width - bits);                                                     \
        }                                                                                                              \
    }                                                                                                                  \
    memcpy(out, &accumulator, 8);                                                                                      \
    memset(out + (bits + 7) / 8, 0, BITPACK_SLACK)

void bitpack_pack(const uint64_t *values, uint32_t count, uint32_t width, uint8_t *out)
{
    if (width == 64) {
        memcpy(out, values, (size_t)count * 8);
        memset(out + (size_t)count * 8, 0, BITPACK_SLACK);
        return;
    }
    PACK(values);
}

void bitpack_pack32(const uint32_t *values, uint32_t count, uint32_t width, uint8_t *out)
{
    PACK(values);
}

#define UNPACK(type, c_out, begin)                                                                                     \
    if (width == 0) {                                                                                                  \
        for (uint32_t i = 0; i < count; i++) {                                                                         \
            (c_out)[i] = base;                                                                                         \
        }                                                                                                              \
        return;                                                                                                        \
    }                                                                                                                  \
    uint64_t mask = ~(uint64_t)0 >> (64 - width);                                                                      \
    for (uint32_t i = (begin); i < count; i++) {                                                                       \
        uint64_t word;                                                                                                 \
        size_t bit = (size_t)i * width;                                                                                \
        memcpy(&word, packed + bit / 8, 8);                                                                            \
        (c_out)[i] = (type)(base + (type)(word >> bit % 8 & mask));                                                    \
    }

#if HAS_PERMUTE
#define PERMUTE __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi")))

static bool can_permute(void)
{
    return __builtin_cpu_supports("avx512vbmi") != 0 && __builtin_cpu_supports("avx512bw") != 0 &&
           __builtin_cpu_supports("avx512vl") != 0;
}

/* Which bytes of a step's 64 go to each lane of lane_bytes, and how far its value is to be shifted. */
static void lanes_of(uint32_t width, uint32_t lane_bytes, uint8_t bytes[64], uint8_t shifts[16])
{
    for (uint32_t lane = 0; lane < 64 / lane_bytes; lane++) {
        shifts[lane] = (uint8_t)(lane * width % 8);
        for (uint32_t b = 0; b < lane_bytes; b++) {
            bytes[lane * lane_bytes + b] = (uint8_t)(lane * width / 8 + b);
        }
    }
}

/* Steps of `lanes` values that may load 64 bytes without going past the slack. */
static uint32_t steps_of(uint32_t count, uint32_t width, uint32_t lanes)
{
    size_t bytes = bitpack_bytes(count, width) + BITPACK_SLACK;
    size_t a_step = (size_t)lanes * width / 8;
    size_t loads = bytes < 64 ? 0 : (bytes - 64) / a_step + 1;
    return loads < count / lanes ? (uint32_t)loads : count / lanes;
}

/* Widths up to 25. How many values were unpacked. */
#define PERMUTE32(bits, store)                                                                                         \
    PERMUTE static uint32_t permute##bits(const uint8_t *packed, uint32_t count, uint32_t width, uint##bits##_t base,  \
                                          uint##bits##_t *out)                                                         \
    {                                                                                                                  \
        uint8_t bytes[64], shifts[16];                                                                                 \
        lanes_of(width, 4, bytes, shifts);                                                                             \
        __m512i order = _mm512_loadu_si512(bytes);                                                                     \
        __m512i shift = _mm512_cvtepu8_epi32(_mm_loadu_si128((const void *)shifts));                                   \
        __m512i mask = _mm512_set1_epi32((int)((1U << width) - 1));                                                    \
        __m512i low = _mm512_set1_epi32((int)base);                                                                    \
        uint32_t steps = steps_of(count, width, 16);                                                                   \
        for (uint32_t s = 0; s < steps; s++) {                                                                         \
            __m512i loaded = _mm512_loadu_si512(packed + (size_t)s * 2 * width);                                       \
            __m512i lanes = _mm512_srlv_epi32(_mm512_permutexvar_epi8(order, loaded), shift);                          \
            __m512i values = _mm512_add_epi32(_mm512_and_si512(lanes, mask), low);                                     \
            store;                                                                                                     \
        }                                                                                                              \
        return steps * 16;                                                                                             \
    }
PERMUTE32(8, _mm_storeu_si128((void *)(out + s * 16), _mm512_cvtepi32_epi8(values)))
PERMUTE32(16, _mm256_storeu_si256((void *)(out + s * 16), _mm512_cvtepi32_epi16(values)))
PERMUTE32(32, _mm512_storeu_si512(out + s * 16, values))

/* Widths up to 56. */
#define PERMUTE64(name, out_type, store)                                                                               \
    PERMUTE static uint32_t name(const uint8_t *packed, uint32_t count, uint32_t width, uint64_t base, out_type *out)  \
    {                                                                                                                  \
        uint8_t bytes[64], shifts[16];                                                                                 \
        lanes_of(width, 8, bytes, shifts);                                                                             \
        __m512i order = _mm512_loadu_si512(bytes);                                                                     \
        __m512i shift = _mm512_cvtepu8_epi64(_mm_loadu_si64(shifts));                                                  \
        __m512i mask = _mm512_set1_epi64((long long)(((uint64_t)1 << width) - 1));                                     \
        __m512i low = _mm512_set1_epi64((long long)base);                                                              \
        uint32_t steps = steps_of(count, width, 8);                                                                    \
        for (uint32_t s = 0; s < steps; s++) {                                                                         \
            __m512i loaded = _mm512_loadu_si512(packed + (size_t)s * width);                                           \
            __m512i lanes = _mm512_srlv_epi64(_mm512_permutexvar_epi8(order, loaded), shift);                          \
            __m512i values = _mm512_add_epi64(_mm512_and_si512(lanes, mask), low);                                     \
            store;                                                                                                     \
        }                                                                                                              \
        return steps * 8;                                                                                              \
    }
PERMUTE64(permute64, uint64_t, _mm512_storeu_si512(out + s * 8, values))
PERMUTE64(permute32_wide, uint32_t, _mm256_storeu_si256((void *)(out + s * 8), _mm512_cvtepi64_epi32(values)))

/* The first values by permutation, where the processor can; the loop takes the rest. */
#define BEGIN(call) (width > 0 && can_permute() ? (call) : 0)
#else
#define BEGIN(call) 0
#endif

/* Widths of whole bytes need no shifts: the compiler turns these loops into vector code. */
#define WIDEN(from, type, c_out)                                                                                       \
    for (uint32_t i = 0; i < count; i++) {                                                                             \
        from value;                                                                                                    \
        memcpy(&value, packed + (size_t)i * sizeof(value), sizeof(value));                                             \
        (c_out)[i] = (type)(base + (type)value);                                                                       \
    }                                                                                                                  \
    return

VECTORISED void bitpack_unpack64(const uint8_t *packed, uint32_t count, uint32_t width, uint64_t base, uint64_t *out)
{
    switch (width) {
    case 8:
        WIDEN(uint8_t, uint64_t, out);
    case 16:
        WIDEN(uint16_t, uint64_t, out);
    case 32:
        WIDEN(uint32_t, uint64_t, out);
    case 64:
        WIDEN(uint64_t, uint64_t, out);
    default:
        break;
    }
    UNPACK(uint64_t, out, BEGIN(permute64(packed, count, width, base, out)));
}

VECTORISED void bitpack_unpack32(const uint8_t *packed, uint32_t count, uint32_t width, uint32_t base, uint32_t *out)
{
    switch (width) {
    case 8:
        WIDEN(uint8_t, uint32_t, out);
    case 16:
        WIDEN(uint16_t, uint32_t, out);
    case 32:
        WIDEN(uint32_t, uint32_t, out);
    default:
        break;
    }
    UNPACK(uint32_t, out,
           BEGIN(width <= 25 ? permute32(packed, count, width, base, out)
                             : permute32_wide(packed, count, width, base, out)));
}

VECTORISED void bitpack_unpack16(const uint8_t *packed, uint32_t count, uint32_t width, uint16_t base, uint16_t *out)
{
    switch (width) {
    case 8:
        WIDEN(uint8_t, uint16_t, out);
    case 16:
        WIDEN(uint16_t, uint16_t, out);
    default:
        break;
    }
    UNPACK(uint16_t, out, BEGIN(permute16(packed, count, width, base, out)));
}

VECTORISED void bitpack_unpack8(const uint8_t *packed, uint32_t count, uint32_t width, uint8_t base, uint8_t *out)
{
    if (width == 8) {
        WIDEN(uint8_t, uint8_t, out);
    }
    UNPACK(uint8_t, out, BEGIN(permute8(packed, count, width, base, out)));
}
