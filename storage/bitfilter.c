/*
 * bitfilter.c: packed numbers compared with ranges, 64 of them a step.
 *
 * lanes    the narrowest of 8, 16, 32 and 64 bits that hold the width, whatever the type is; a number lies in a range
 *          if number − low, modulo the lane, is not above high − low
 * AVX-512  with byte permutation (VBMI) each 64 bits get the bytes that their numbers lie in, one instruction moves
 *          each number to its lane (multishift: eight bits from any bit on), and a comparison gives the bits. Loads are
 *          masked, so that nothing behind the numbers is touched.
 * others   unpacked into lanes on the stack, compared byte by byte by the loops that the compiler makes
 */
#include "storage/bitfilter.h"

#include "base/byte_mask.h"
#include "base/vector.h"

#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#define HAS_PERMUTE 1
#else
#define HAS_PERMUTE 0
#endif

/* Bits of the lanes that hold numbers of a width. Two of 31 bits may begin behind six others: 68. */
static inline uint32_t lane_bits(uint32_t width)
{
    return width <= 8 ? 8 : width <= 16 ? 16 : width <= 32 && width != 31 ? 32 : 64;
}

/* ---- for every processor */

#define PART 512U /* numbers unpacked at a time */

#define COMPARE(bits)                                                                                                  \
    VECTORISED static void compare##bits(const uint##bits##_t *values, struct number_range range, uint8_t *passed)     \
    {                                                                                                                  \
        uint##bits##_t low = (uint##bits##_t)range.low, span = (uint##bits##_t)(range.high - range.low);               \
        for (uint32_t k = 0; k < PART; k++) {                                                                          \
            passed[k] |= (uint8_t)((uint##bits##_t)(values[k] - low) <= span);                                         \
        }                                                                                                              \
    }
COMPARE(8)
COMPARE(16)
COMPARE(32)
COMPARE(64)

/* Of up to PART numbers. */
#define PASS(lane)                                                                                                     \
    do {                                                                                                               \
        bitpack_unpack##lane(packed, count, width, 0, values.of##lane);                                                \
        for (uint32_t r = 0; r < range_count; r++) {                                                                   \
            compare##lane(values.of##lane, ranges[r], passed);                                                         \
        }                                                                                                              \
    } while (0)

static void pass_part(const uint8_t *packed, uint32_t count, uint32_t width, const struct number_range *ranges,
                      uint32_t range_count, uint8_t *passed)
{
    union {
        uint8_t of8[PART];
        uint16_t of16[PART];
        uint32_t of32[PART];
        uint64_t of64[PART];
    } values;
    if (count < PART) {
        memset(&values, 0, sizeof(values)); /* what is not there is compared, too */
    }
    switch (lane_bits(width)) {
    case 8:
        PASS(8);
        break;
    case 16:
        PASS(16);
        break;
    case 32:
        PASS(32);
        break;
    default:
        PASS(64);
        break;
    }
}

/* The bits of the numbers that there are. */
static inline uint64_t bits_below(uint32_t count)
{
    return count >= 64 ? UINT64_MAX : ((uint64_t)1 << count) - 1;
}

void bitfilter_portable(const uint8_t *packed, uint32_t count, uint32_t width, const struct number_range *ranges,
                        uint32_t range_count, uint64_t *bits)
{
    uint8_t passed[PART];
    for (uint32_t begin = 0; begin < count; begin += PART) {
        uint32_t left = count - begin, part = left < PART ? left : PART;
        memset(passed, 0, sizeof(passed));
        pass_part(packed + (size_t)begin * width / 8, part, width, ranges, range_count, passed);
        for (uint32_t k = 0; k < part; k += 64) {
            bits[(begin + k) / 64] = byte_mask(passed + k) & bits_below(part - k);
        }
    }
}

/* ---- AVX-512 */

#if HAS_PERMUTE
#define PERMUTE __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi")))

/* What gets the numbers of 64 bytes into lanes. */
struct lanes {
    uint8_t bytes[64];  /* of the 64, for each byte of the lanes */
    uint8_t shifts[64]; /* the bit, in its 64, where each of these bytes begins afterwards */
};

static void lanes_of(uint32_t width, uint32_t lane, struct lanes *lanes)
{
    uint32_t numbers = 64 / lane; /* in 64 bits */
    for (uint32_t k = 0; k < 64; k++) {
        uint32_t first = k / 8 * numbers * width; /* bit of the 64 bytes where its first number begins */
        lanes->bytes[k] = (uint8_t)(first / 8 + k % 8);
        lanes->shifts[k] = (uint8_t)(first % 8 + k % 8 * 8 / lane * width + k % (lane / 8) * 8);
    }
}

#define AHEAD 2048U /* bytes: blocks come from memory faster so */

/* 64 numbers are 8 · width bytes, in lane ÷ 8 loads of width · 64 ÷ lane bytes each. */
#define FILTER(lane, set1)                                                                                             \
    PERMUTE static inline __attribute__((always_inline)) void permute##lane(                                           \
        const uint8_t *packed, uint32_t count, uint32_t width, const struct number_range *ranges,                      \
        uint32_t range_count, uint64_t *bits)                                                                          \
    {                                                                                                                  \
        struct lanes lanes;                                                                                            \
        __m512i lows[BITFILTER_RANGES_MAX], spans[BITFILTER_RANGES_MAX];                                               \
        size_t bytes = bitpack_bytes(count, width);                                                                    \
        uint32_t a_load = width * (64 / (lane));                                                                       \
        lanes_of(width, lane, &lanes);                                                                                 \
        __m512i order = _mm512_loadu_si512(lanes.bytes), shift = _mm512_loadu_si512(lanes.shifts);                     \
        __m512i mask = set1(UINT64_MAX >> (64 - width));                                                               \
        __mmask64 loaded = bits_below(a_load);                                                                         \
        for (uint32_t r = 0; r < range_count; r++) {                                                                   \
            lows[r] = set1(ranges[r].low);                                                                             \
            spans[r] = set1(ranges[r].high - ranges[r].low);                                                           \
        }                                                                                                              \
        for (uint32_t begin = 0; begin < count; begin += 64) {                                                         \
            uint64_t word = 0;                                                                                         \
            for (uint32_t part = 0; part < (lane) / 8; part++) {                                                       \
                size_t at = ((size_t)begin / 64 * ((lane) / 8) + part) * a_load;                                       \
                if (at + a_load > bytes) {                                                                             \
                    loaded = at < bytes ? bits_below((uint32_t)(bytes - at)) : 0;                                      \
                }                                                                                                      \
                _mm_prefetch((const char *)packed + at + AHEAD, _MM_HINT_T0);                                          \
                __m512i raw = _mm512_maskz_loadu_epi8(loaded, packed + at);                                            \
                __m512i values =                                                                                       \
                    _mm512_and_si512(_mm512_multishift_epi64_epi8(shift, _mm512_permutexvar_epi8(order, raw)), mask);  \
                uint64_t some = 0;                                                                                     \
                for (uint32_t r = 0; r < range_count; r++) {                                                           \
                    some |= _mm512_cmple_epu##lane##_mask(_mm512_sub_epi##lane(values, lows[r]), spans[r]);            \
                }                                                                                                      \
                word |= some << part * (512 / (lane));                                                                 \
            }                                                                                                          \
            bits[begin / 64] = word & bits_below(count - begin);                                                       \
        }                                                                                                              \
    }
#define SET8(value)  _mm512_set1_epi8((char)(value))
#define SET16(value) _mm512_set1_epi16((short)(value))
#define SET32(value) _mm512_set1_epi32((int)(value))
#define SET64(value) _mm512_set1_epi64((long long)(value))
FILTER(8, SET8)
FILTER(16, SET16)
FILTER(32, SET32)
FILTER(64, SET64)

/* Nearly all have one range: a loop without another one inside. */
PERMUTE static void permute_one(const uint8_t *packed, uint32_t count, uint32_t width, const struct number_range *range,
                                uint64_t *bits)
{
    switch (lane_bits(width)) {
    case 8:
        permute8(packed, count, width, range, 1, bits);
        break;
    case 16:
        permute16(packed, count, width, range, 1, bits);
        break;
    case 32:
        permute32(packed, count, width, range, 1, bits);
        break;
    default:
        permute64(packed, count, width, range, 1, bits);
        break;
    }
}

PERMUTE static void permute_some(const uint8_t *packed, uint32_t count, uint32_t width,
                                 const struct number_range *ranges, uint32_t range_count, uint64_t *bits)
{
    switch (lane_bits(width)) {
    case 8:
        permute8(packed, count, width, ranges, range_count, bits);
        break;
    case 16:
        permute16(packed, count, width, ranges, range_count, bits);
        break;
    case 32:
        permute32(packed, count, width, ranges, range_count, bits);
        break;
    default:
        permute64(packed, count, width, ranges, range_count, bits);
        break;
    }
}

bool bitfilter_permute(const uint8_t *packed, uint32_t count, uint32_t width, const struct number_range *ranges,
                       uint32_t range_count, uint64_t *bits)
{
    if (width == 0 || !__builtin_cpu_supports("avx512vbmi") || !__builtin_cpu_supports("avx512bw") ||
        !__builtin_cpu_supports("avx512vl")) {
        return false;
    }
    if (range_count == 1) {
        permute_one(packed, count, width, ranges, bits);
    } else {
        permute_some(packed, count, width, ranges, range_count, bits);
    }
    return true;
}
#else
bool bitfilter_permute(const uint8_t *packed, uint32_t count, uint32_t width, const struct number_range *ranges,
                       uint32_t range_count, uint64_t *bits)
{
    (void)packed, (void)count, (void)width, (void)ranges, (void)range_count, (void)bits;
    return false;
}
#endif

void bitfilter(const uint8_t *packed, uint32_t count, uint32_t width, const struct number_range *ranges,
               uint32_t range_count, uint64_t *bits)
{
    if (!bitfilter_permute(packed, count, width, ranges, range_count, bits)) {
        bitfilter_portable(packed, count, width, ranges, range_count, bits);
    }
}

/* ---- bits among bits */

/* The 64 bits of `from` that begin at a bit of it; those behind `words` words are 0. */
static inline uint64_t bits_from(const uint64_t *from, uint32_t bit, uint32_t words)
{
    uint32_t word = bit / 64, shift = bit % 64;
    uint64_t low = word < words ? from[word] >> shift : 0;
    return shift == 0 || word + 1 >= words ? low : low | from[word + 1] << (64 - shift);
}

/* No row's bit is the others' bit behind the rows': at most one for each row. */
#define SPREAD(deposit)                                                                                                \
    uint32_t words = (count + 63) / 64;                                                                                \
    uint32_t used = 0;                                                                                                 \
    for (uint32_t w = 0; w < words; w++) {                                                                             \
        uint64_t set = rows[w];                                                                                        \
        out[w] = deposit(bits_from(from, used, words), set);                                                           \
        used += (uint32_t)__builtin_popcountll(set);                                                                   \
    }

static inline uint64_t deposit_bits(uint64_t bits, uint64_t set)
{
    uint64_t out = 0;
    for (; set != 0; set &= set - 1, bits >>= 1) {
        out |= (bits & 1) != 0 ? set & -set : 0;
    }
    return out;
}

void bitfilter_spread_portable(const uint64_t *rows, const uint64_t *from, uint32_t count, uint64_t *out)
{
    SPREAD(deposit_bits)
}

#if defined(__x86_64__)
__attribute__((target("bmi2,popcnt"))) static void spread_deposit(const uint64_t *rows, const uint64_t *from,
                                                                  uint32_t count, uint64_t *out)
{
    SPREAD(_pdep_u64)
}
#endif

void bitfilter_spread(const uint64_t *rows, const uint64_t *from, uint32_t count, uint64_t *out)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("bmi2")) {
        spread_deposit(rows, from, count, out);
        return;
    }
#endif
    bitfilter_spread_portable(rows, from, count, out);
}
