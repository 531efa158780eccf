/*
 * int256.c: division, text and doubles of integers of 256 bits.
 *
 * thread   any: pure functions
 */
#include "base/int256.h"

#include "base/err.h"

#include <math.h>
#include <string.h>

#define DIGITS 8

static uint32_t digit_count(const uint32_t *digits)
{
    uint32_t count = DIGITS;
    while (count > 0 && digits[count - 1] == 0) {
        count--;
    }
    return count;
}

static void to_digits(struct int256 x, uint32_t *digits)
{
    for (uint32_t i = 0; i < DIGITS; i++) {
        digits[i] = (uint32_t)(x.word[i / 2] >> 32 * (i % 2));
    }
}

static struct int256 from_digits(const uint32_t *digits)
{
    struct int256 x = {{0, 0, 0, 0}};
    for (uint32_t i = 0; i < DIGITS; i++) {
        x.word[i / 2] |= (uint64_t)digits[i] << 32 * (i % 2);
    }
    return x;
}

/* By one digit; the remainder. */
static uint32_t divide_short(const uint32_t *a, uint32_t b, uint32_t *quotient)
{
    uint64_t rest = 0;
    for (int i = DIGITS - 1; i >= 0; i--) {
        rest = rest << 32 | a[i];
        quotient[i] = (uint32_t)(rest / b);
        rest %= b;
    }
    return (uint32_t)rest;
}

/* x << shift into digits of count + 1. */
static void normalize(const uint32_t *x, uint32_t count, uint32_t shift, uint32_t *out)
{
    uint64_t carry = 0;
    for (uint32_t i = 0; i < count; i++) {
        carry |= (uint64_t)x[i] << shift;
        out[i] = (uint32_t)carry;
        carry >>= 32;
    }
    out[count] = (uint32_t)carry;
}

/* Algorithm D: u of m + 1 digits by v of n ≥ 2 digits, whose highest bit is set; u becomes the remainder. */
static void divide_long(uint32_t *u, uint32_t m, const uint32_t *v, uint32_t n, uint32_t *quotient)
{
    ASSERT(n >= 2 && m >= n && v[n - 1] >> 31 != 0);
    for (uint32_t j = m - n + 1; j-- > 0;) {
        uint64_t top = (uint64_t)u[j + n] << 32 | u[j + n - 1];
        uint64_t guess = top / v[n - 1], rest = top % v[n - 1];
        while (guess >> 32 != 0 || guess * v[n - 2] > (rest << 32 | u[j + n - 2])) {
            guess--;
            rest += v[n - 1];
            if (rest >> 32 != 0) {
                break;
            }
        }
        int64_t borrow = 0;
        for (uint32_t i = 0; i < n; i++) {
            uint64_t product = guess * v[i];
            int64_t digit = (int64_t)u[i + j] - borrow - (int64_t)(product & UINT32_MAX);
            u[i + j] = (uint32_t)digit;
            borrow = (int64_t)(product >> 32) - (digit >> 32);
        }
        int64_t digit = (int64_t)u[j + n] - borrow;
        u[j + n] = (uint32_t)digit;
        if (digit < 0) { /* the guess was one too much: add back */
            uint64_t carry = 0;
            guess--;
            for (uint32_t i = 0; i < n; i++) {
                carry += (uint64_t)u[i + j] + v[i];
                u[i + j] = (uint32_t)carry;
                carry >>= 32;
            }
            u[j + n] += (uint32_t)carry;
        }
        quotient[j] = (uint32_t)guess;
    }
}

struct int256 int256_divide(struct int256 a, struct int256 b, struct int256 *rest)
{
    uint32_t x[DIGITS], y[DIGITS], quotient[DIGITS] = {0};
    uint32_t u[DIGITS + 1] = {0}, v[DIGITS + 1] = {0};

    if ((a.word[2] | a.word[3] | b.word[2] | b.word[3]) == 0) {
        *rest = int256_of_unsigned(int256_low(a) % int256_low(b));
        return int256_of_unsigned(int256_low(a) / int256_low(b));
    }
    if (int256_compare(a, b, false) < 0) {
        *rest = a;
        return (struct int256){{0, 0, 0, 0}};
    }
    to_digits(a, x);
    to_digits(b, y);
    uint32_t m = digit_count(x), n = digit_count(y);
    if (n == 1) {
        *rest = int256_of_unsigned(divide_short(x, y[0], quotient));
        return from_digits(quotient);
    }
    uint32_t shift = (uint32_t)__builtin_clz(y[n - 1]);
    normalize(x, m, shift, u);
    normalize(y, n, shift, v);
    divide_long(u, m, v, n, quotient);
    *rest = int256_shift_right(from_digits(u), shift, false);
    return from_digits(quotient);
}

double int256_to_double(struct int256 x, bool is_signed)
{
    bool negative = is_signed && int256_is_negative(x);
    struct int256 size = negative ? int256_negate(x) : x;
    long double sum = 0;
    for (int i = 3; i >= 0; i--) {
        sum = sum * 18446744073709551616.0L + (long double)size.word[i];
    }
    return negative ? -(double)sum : (double)sum;
}

#define WORD_MOST 18446744073709551615.0L

/* x ≥ 0 by its quotient and rest of 2^64 − 1, the quotient likewise; there the divisor, as a double, is 2^64. */
static struct int256 from_real(long double x, bool exact)
{
    long double base = exact ? 18446744073709551616.0L : WORD_MOST;
    long double quotient = exact ? (long double)(double)(x / base) : x / base;
    struct int256 result = {{0, 0, 0, 0}};
    if (quotient <= WORD_MOST) {
        result.word[0] = (uint64_t)quotient;
    } else {
        result = from_real((long double)(double)quotient, true);
    }
    long double rest = x - floorl(quotient) * base;
    struct int256 whole = int256_subtract(int256_shift_left(result, 64), result);
    return int256_add(whole, int256_of_unsigned(rest > 0 && rest <= WORD_MOST ? (uint64_t)rest : 0));
}

struct int256 int256_from_double(double x)
{
    double size = fabs(x);
    if (!(size < 0x1p1000)) {
        return (struct int256){{0, 0, 0, 0}};
    }
    if (size < 9223372036854775808.0) {
        return int256_of((int64_t)x);
    }
    struct int256 result = from_real((long double)size, false);
    return x < 0 ? int256_negate(result) : result;
}

bool int256_parse_wrapping(struct slice text, bool is_signed, struct int256 *out, bool *fits)
{
    struct int256 value = {{0, 0, 0, 0}};
    bool negative = text.length > 0 && text.data[0] == '-';
    size_t at = negative || (text.length > 0 && text.data[0] == '+') ? 1 : 0;
    *fits = true;
    if (at == text.length || (negative && !is_signed)) {
        return false;
    }
    for (; at < text.length; at++) {
        uint64_t carry = (uint64_t)(uint8_t)text.data[at] - '0';
        if (carry > 9) {
            return false;
        }
        for (int i = 0; i < 4; i++) {
            unsigned __int128 next = (unsigned __int128)value.word[i] * 10 + carry;
            value.word[i] = (uint64_t)next;
            carry = (uint64_t)(next >> 64);
        }
        *fits = *fits && carry == 0;
    }
    struct int256 least = {{0, 0, 0, (uint64_t)1 << 63}};
    if (is_signed && int256_is_negative(value)) {
        *fits = *fits && negative && int256_compare(value, least, false) == 0;
    }
    *out = negative ? int256_negate(value) : value;
    return true;
}

bool int256_parse(struct slice text, bool is_signed, struct int256 *out)
{
    bool fits;
    return int256_parse_wrapping(text, is_signed, out, &fits) && fits;
}

size_t int256_print(struct int256 x, bool is_signed, char *to)
{
    char text[INT256_TEXT_MAX];
    size_t at = sizeof(text);
    bool negative = is_signed && int256_is_negative(x);
    uint32_t digits[DIGITS];
    to_digits(negative ? int256_negate(x) : x, digits);
    do {
        uint32_t nine = divide_short(digits, 1000000000, digits);
        bool last = digit_count(digits) == 0;
        for (int k = 0; k < 9 && (!last || nine > 0 || k == 0); k++, nine /= 10) {
            text[--at] = (char)('0' + nine % 10);
        }
    } while (digit_count(digits) > 0);
    if (negative) {
        text[--at] = '-';
    }
    memcpy(to, text + at, sizeof(text) - at);
    return sizeof(text) - at;
}
