/*
 * int256.h: integers of 256 bits, signed and unsigned: the same bits, two's complement, and wrapping arithmetic.
 *
 * Where a sign matters the function says so: compare and shift right take is_signed, division works on magnitudes.
 * layout   four words, the least significant first: the bytes that ClickHouse writes and that docs/FORMAT.md stores
 * source   division: Knuth, The Art of Computer Programming 2, 4.3.1, algorithm D, with digits of 32 bits
 *
 * thread   any: pure functions.
 */
#ifndef BASE_INT256_H
#define BASE_INT256_H

#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct int256 {
    uint64_t word[4];
};

#define INT256_TEXT_MAX 80U /* a sign and 78 digits */

static inline bool int256_is_negative(struct int256 x)
{
    return x.word[3] >> 63 != 0;
}

static inline bool int256_is_zero(struct int256 x)
{
    return (x.word[0] | x.word[1] | x.word[2] | x.word[3]) == 0;
}

/* All of the sign's bits above the word: 0 or −1. */
static inline struct int256 int256_extend(uint64_t low, uint64_t high, bool negative)
{
    uint64_t sign = negative ? UINT64_MAX : 0;
    return (struct int256){{low, high, sign, sign}};
}

static inline struct int256 int256_of(__int128 x)
{
    return int256_extend((uint64_t)x, (uint64_t)((unsigned __int128)x >> 64), x < 0);
}

static inline struct int256 int256_of_unsigned(unsigned __int128 x)
{
    return int256_extend((uint64_t)x, (uint64_t)(x >> 64), false);
}

/* The lower half. */
static inline unsigned __int128 int256_low(struct int256 x)
{
    return (unsigned __int128)x.word[1] << 64 | x.word[0];
}

static inline struct int256 int256_add(struct int256 a, struct int256 b)
{
    struct int256 sum;
    unsigned __int128 carry = 0;
    for (int i = 0; i < 4; i++) {
        carry += (unsigned __int128)a.word[i] + b.word[i];
        sum.word[i] = (uint64_t)carry;
        carry >>= 64;
    }
    return sum;
}

static inline struct int256 int256_not(struct int256 x)
{
    return (struct int256){{~x.word[0], ~x.word[1], ~x.word[2], ~x.word[3]}};
}

static inline struct int256 int256_negate(struct int256 x)
{
    return int256_add(int256_not(x), (struct int256){{1, 0, 0, 0}});
}

static inline struct int256 int256_subtract(struct int256 a, struct int256 b)
{
    return int256_add(a, int256_negate(b));
}

/* |x| of a signed number; the least one stays itself, which is its magnitude read unsigned. */
static inline struct int256 int256_magnitude(struct int256 x)
{
    return int256_is_negative(x) ? int256_negate(x) : x;
}

static inline struct int256 int256_multiply(struct int256 a, struct int256 b)
{
    struct int256 product = {{0, 0, 0, 0}};
    for (int i = 0; i < 4; i++) {
        unsigned __int128 carry = 0;
        for (int k = 0; i + k < 4; k++) {
            carry += (unsigned __int128)a.word[i] * b.word[k] + product.word[i + k];
            product.word[i + k] = (uint64_t)carry;
            carry >>= 64;
        }
    }
    return product;
}

static inline struct int256 int256_and(struct int256 a, struct int256 b)
{
    return (struct int256){
        {a.word[0] & b.word[0], a.word[1] & b.word[1], a.word[2] & b.word[2], a.word[3] & b.word[3]}};
}

static inline struct int256 int256_or(struct int256 a, struct int256 b)
{
    return (struct int256){
        {a.word[0] | b.word[0], a.word[1] | b.word[1], a.word[2] | b.word[2], a.word[3] | b.word[3]}};
}

static inline struct int256 int256_xor(struct int256 a, struct int256 b)
{
    return (struct int256){
        {a.word[0] ^ b.word[0], a.word[1] ^ b.word[1], a.word[2] ^ b.word[2], a.word[3] ^ b.word[3]}};
}

/* Negative, 0 or positive. */
static inline int int256_compare(struct int256 a, struct int256 b, bool is_signed)
{
    if (is_signed && int256_is_negative(a) != int256_is_negative(b)) {
        return int256_is_negative(a) ? -1 : 1;
    }
    for (int i = 3; i >= 0; i--) {
        if (a.word[i] != b.word[i]) {
            return a.word[i] < b.word[i] ? -1 : 1;
        }
    }
    return 0;
}

/* bits < 256. */
static inline struct int256 int256_shift_left(struct int256 x, uint32_t bits)
{
    struct int256 result = {{0, 0, 0, 0}};
    uint32_t words = bits / 64, rest = bits % 64;
    for (uint32_t i = words; i < 4; i++) {
        result.word[i] = x.word[i - words] << rest;
        if (rest != 0 && i > words) {
            result.word[i] |= x.word[i - words - 1] >> (64 - rest);
        }
    }
    return result;
}

/* bits < 256; with copies of the sign if is_signed. */
static inline struct int256 int256_shift_right(struct int256 x, uint32_t bits, bool is_signed)
{
    uint64_t sign = is_signed && int256_is_negative(x) ? UINT64_MAX : 0;
    struct int256 result = {{sign, sign, sign, sign}};
    uint32_t words = bits / 64, rest = bits % 64;
    for (uint32_t i = 0; i + words < 4; i++) {
        uint64_t above = i + words + 1 < 4 ? x.word[i + words + 1] : sign;
        result.word[i] = x.word[i + words] >> rest;
        if (rest != 0) {
            result.word[i] |= above << (64 - rest);
        }
    }
    return result;
}

static inline uint32_t int256_bit_count(struct int256 x)
{
    return (uint32_t)(__builtin_popcountll(x.word[0]) + __builtin_popcountll(x.word[1]) +
                      __builtin_popcountll(x.word[2]) + __builtin_popcountll(x.word[3]));
}

/* Unsigned: a = quotient × b + *rest; b is not 0. */
struct int256 int256_divide(struct int256 a, struct int256 b, struct int256 *rest);

/* The nearest double but for the last bit; and towards zero from one, modulo 2^256, with the rounding of ClickHouse's
 * way: by divisions by 2^64 − 1 in the long double of x86, so that 1e20 is 100000000000000000003. Not of infinities and
 * NaN (0). */
double int256_to_double(struct int256 x, bool is_signed);
struct int256 int256_from_double(double x);

/* Optional sign ('-' only if is_signed), digits; false: anything else, or out of range. */
bool int256_parse(struct slice text, bool is_signed, struct int256 *out);
/* The same modulo 2^256; *fits: it is in range. */
bool int256_parse_wrapping(struct slice text, bool is_signed, struct int256 *out, bool *fits);
/* Writes at most INT256_TEXT_MAX bytes, not terminated; how many. */
size_t int256_print(struct int256 x, bool is_signed, char *to);

#endif
