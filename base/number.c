/*
 * number.c: reading and printing numbers.
 */
#include "base/number.h"

#include "base/err.h"
#include "base/shortest.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

static bool take_sign(struct slice *text, bool allow_minus)
{
    bool negative = allow_minus && text->length > 0 && text->data[0] == '-';
    if (negative || (text->length > 0 && text->data[0] == '+')) {
        text->data++;
        text->length--;
    }
    return negative;
}

bool number_parse_u64(struct slice text, uint64_t *out)
{
    uint64_t value = 0;
    (void)take_sign(&text, false);
    if (text.length == 0) {
        return false;
    }
    for (size_t k = 0; k < text.length; k++) {
        unsigned digit = (unsigned)(unsigned char)text.data[k] - '0';
        if (digit > 9 || (k >= 19 && (__builtin_mul_overflow(value, 10, &value) ||
                                      __builtin_add_overflow(value, (uint64_t)digit, &value)))) {
            return false;
        }
        if (k < 19) {
            value = value * 10 + digit;
        }
    }
    *out = value;
    return true;
}

bool number_parse_i64(struct slice text, int64_t *out)
{
    uint64_t value;
    bool negative = take_sign(&text, true);
    if (text.length == 0 || text.data[0] == '+' || !number_parse_u64(text, &value) ||
        value > (uint64_t)INT64_MAX + negative) {
        return false;
    }
    *out = (int64_t)(negative ? 0 - value : value);
    return true;
}

bool number_parse_u128(struct slice text, unsigned __int128 *out)
{
    unsigned __int128 value = 0;
    (void)take_sign(&text, false);
    if (text.length == 0) {
        return false;
    }
    for (size_t k = 0; k < text.length; k++) {
        unsigned digit = (unsigned)(unsigned char)text.data[k] - '0';
        if (digit > 9 || __builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, (unsigned __int128)digit, &value)) {
            return false;
        }
    }
    *out = value;
    return true;
}

bool number_parse_i128(struct slice text, __int128 *out)
{
    unsigned __int128 value, limit = (unsigned __int128)1 << 127;
    bool negative = take_sign(&text, true);
    if (text.length == 0 || text.data[0] == '+' || !number_parse_u128(text, &value) || value > limit - !negative) {
        return false;
    }
    *out = (__int128)(negative ? 0 - value : value);
    return true;
}

static bool parse_special(struct slice text, double *out)
{
    bool negative = take_sign(&text, true);
    if ((text.length == 3 && strncasecmp(text.data, "inf", 3) == 0) ||
        (text.length == 8 && strncasecmp(text.data, "infinity", 8) == 0)) {
        *out = negative ? -INFINITY : INFINITY;
        return true;
    }
    if (text.length == 3 && strncasecmp(text.data, "nan", 3) == 0) {
        *out = NAN;
        return true;
    }
    return false;
}

/* Sign, digits, point and exponent as mantissa × 10^exponent; *exact: no digit was left out. False: not a number. */
static bool scan_double(struct slice text, bool *negative, uint64_t *mantissa, int *exponent, bool *exact)
{
    *negative = take_sign(&text, true);
    *mantissa = 0;
    *exact = true;
    int scale = 0;
    size_t digits = 0, at = 0;
    bool point = false;
    for (; at < text.length; at++) {
        unsigned digit = (unsigned)(unsigned char)text.data[at] - '0';
        if (digit <= 9) {
            digits++;
            if (*mantissa < 1000000000000000000ULL) {
                *mantissa = *mantissa * 10 + digit;
                scale -= point;
            } else {
                *exact = *exact && digit == 0;
                scale += !point;
            }
        } else if (text.data[at] == '.' && !point) {
            point = true;
        } else {
            break;
        }
    }
    if (digits == 0) {
        return false;
    }
    if (at < text.length) {
        int64_t value;
        if ((text.data[at] != 'e' && text.data[at] != 'E') ||
            !number_parse_i64(slice_of(text.data + at + 1, text.length - at - 1), &value)) {
            return false;
        }
        value = value < -100000 ? -100000 : value > 100000 ? 100000 : value;
        scale += (int)value;
    }
    *exponent = scale;
    return true;
}

bool number_parse_double(struct slice text, double *out)
{
    bool negative, exact;
    uint64_t mantissa;
    int exponent;
    if (text.length > 400000) {
        return false;
    }
    if (!scan_double(text, &negative, &mantissa, &exponent, &exact)) {
        return parse_special(text, out);
    }
    if (!exact || !number_exact_double(mantissa, exponent, out)) {
        char small[64];
        char *copy = text.length < sizeof(small) ? small : malloc(text.length + 1);
        if (copy == NULL) {
            return false;
        }
        memcpy(copy, text.data, text.length);
        copy[text.length] = 0;
        *out = strtod(copy, NULL); /* the program runs in the C locale */
        if (copy != small) {
            free(copy);
        }
        return true;
    }
    *out = negative ? -*out : *out;
    return true;
}

bool number_parse_decimal(struct slice text, uint32_t precision, uint32_t scale, __int128 *out)
{
    bool negative = take_sign(&text, true), point = false;
    unsigned __int128 value = 0, bound = 1;
    size_t digits = 0, at = 0;
    int64_t fraction = 0, exponent = 0, extra = 0;
    for (; at < text.length; at++) {
        unsigned digit = (unsigned)(unsigned char)text.data[at] - '0';
        if (digit <= 9) {
            digits++;
            if (value >= (unsigned __int128)1 << 123) {
                extra += !point; /* too large already, unless an exponent makes it small again */
                continue;
            }
            value = value * 10 + digit;
            fraction += point;
        } else if (text.data[at] == '.' && !point) {
            point = true;
        } else {
            break;
        }
    }
    if (digits == 0) {
        return false;
    }
    if (at < text.length) {
        if ((text.data[at] != 'e' && text.data[at] != 'E') ||
            !number_parse_i64(slice_of(text.data + at + 1, text.length - at - 1), &exponent)) {
            return false;
        }
        exponent = exponent < -1000 ? -1000 : exponent > 1000 ? 1000 : exponent;
    }
    for (uint32_t k = 0; k < precision; k++) {
        bound *= 10;
    }
    int64_t shift = (int64_t)scale - fraction + exponent + extra;
    for (; shift > 0 && value != 0; shift--) {
        if (value >= bound) {
            return false;
        }
        value *= 10;
    }
    for (; shift < 0 && value != 0; shift++) {
        value /= 10;
    }
    if (value >= bound) {
        return false;
    }
    *out = negative ? -(__int128)value : (__int128)value;
    return true;
}

size_t number_print_u64(uint64_t value, char *to)
{
    static const char pairs[] = "00010203040506070809101112131415161718192021222324252627282930313233343536373839"
                                "40414243444546474849505152535455565758596061626364656667686970717273747576777879"
                                "8081828384858687888990919293949596979899";
    char text[20];
    size_t at = sizeof(text);
    while (value >= 100) {
        at -= 2;
        memcpy(text + at, pairs + value % 100 * 2, 2);
        value /= 100;
    }
    if (value >= 10) {
        at -= 2;
        memcpy(text + at, pairs + value * 2, 2);
    } else {
        text[--at] = (char)('0' + value);
    }
    memcpy(to, text + at, sizeof(text) - at);
    return sizeof(text) - at;
}

size_t number_print_i64(int64_t value, char *to)
{
    if (value >= 0) {
        return number_print_u64((uint64_t)value, to);
    }
    *to = '-';
    return number_print_u64(0 - (uint64_t)value, to + 1) + 1;
}

size_t number_print_u128(unsigned __int128 value, char *to)
{
    const uint64_t part = 10000000000000000000ULL;
    if (value <= UINT64_MAX) {
        return number_print_u64((uint64_t)value, to);
    }
    size_t length = number_print_u128(value / part, to);
    char low[20];
    size_t low_length = number_print_u64((uint64_t)(value % part), low);
    memset(to + length, '0', 19 - low_length);
    memcpy(to + length + 19 - low_length, low, low_length);
    return length + 19;
}

size_t number_print_i128(__int128 value, char *to)
{
    if (value >= 0) {
        return number_print_u128((unsigned __int128)value, to);
    }
    *to = '-';
    return number_print_u128(0 - (unsigned __int128)value, to + 1) + 1;
}

/* digits × 10^(exponent − count): plain between 1e-6 and 1e21, else with an exponent. */
static size_t print_digits(const char *digits, int count, int exponent, char *to)
{
    char *at = to;
    if (exponent > 0 && exponent <= 21) {
        for (int k = 0; k < exponent; k++) {
            *at++ = k < count ? digits[k] : '0';
        }
        if (count > exponent) {
            *at++ = '.';
            memcpy(at, digits + exponent, (size_t)(count - exponent));
            at += count - exponent;
        }
    } else if (exponent <= 0 && exponent > -6) {
        *at++ = '0';
        *at++ = '.';
        for (int k = exponent; k < 0; k++) {
            *at++ = '0';
        }
        memcpy(at, digits, (size_t)count);
        at += count;
    } else {
        *at++ = digits[0];
        if (count > 1) {
            *at++ = '.';
            memcpy(at, digits + 1, (size_t)count - 1);
            at += count - 1;
        }
        *at++ = 'e';
        at += number_print_i64(exponent - 1, at);
    }
    return (size_t)(at - to);
}

static size_t print_real(double value, bool single, char *to)
{
    static const double powers[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};
    if (isnan(value)) {
        memcpy(to, "nan", 3);
        return 3;
    }
    if (signbit(value)) {
        *to = '-';
        return print_real(-value, single, to + 1) + 1;
    }
    if (isinf(value)) {
        memcpy(to, "inf", 3);
        return 3;
    }
    /* short decimals, by far the most: fewer than 16 digits are always the shortest text of their number */
    for (uint32_t k = 0; !single && k < sizeof(powers) / sizeof(powers[0]) && value < 1e9; k++) {
        double whole = nearbyint(value * powers[k]);
        if (whole / powers[k] == value && whole < 1e15) {
            if (value != 0 && value < 1e-6) {
                break;
            }
            return number_print_decimal((__int128)whole, k, false, to);
        }
    }
    if (single && value < 1e6 && value == nearbyint(value)) {
        return number_print_u64((uint64_t)value, to);
    }
    char text[SHORTEST_BYTES_MAX + 1];
    text[single ? shortest_float((float)value, text) : shortest_double(value, text)] = 0;
    char digits[24];
    int count = 0;
    const char *at = text;
    for (; *at != 'e'; at++) {
        if (*at != '.') {
            digits[count++] = *at;
        }
    }
    ASSERT(count > 0);
    return print_digits(digits, count, (int)strtol(at + 1, NULL, 10) + 1, to);
}

size_t number_print_double(double value, char *to)
{
    return print_real(value, false, to);
}

size_t number_print_float(float value, char *to)
{
    return print_real((double)value, true, to);
}

size_t number_print_decimal(__int128 whole, uint32_t scale, bool zeros, char *to)
{
    char digits[48];
    size_t length = 0;
    if (whole < 0) {
        to[length++] = '-';
    }
    size_t count = number_print_u128(whole < 0 ? 0 - (unsigned __int128)whole : (unsigned __int128)whole, digits);
    if (count <= scale) {
        to[length++] = '0';
    } else {
        memcpy(to + length, digits, count - scale);
        length += count - scale;
    }
    size_t point = length;
    to[length++] = '.';
    for (uint32_t k = scale; k > 0; k--) {
        to[length++] = k > count ? '0' : digits[count - k];
    }
    while (!zeros && to[length - 1] == '0') {
        length--;
    }
    return length == point + 1 ? point : length;
}
