/*
 * number.h: numbers as text and back, without locales and without allocation.
 *
 * Reading takes the whole slice or says no: no spaces, no trailing bytes. Printing writes at most NUMBER_TEXT_MAX
 * bytes, not terminated, and returns how many. Floats are printed with the fewest digits that read back as the same
 * number, laid out as ClickHouse does: 0.1, 1e21, 1e-7, inf, nan, -0.
 *
 * thread   any: pure functions.
 */
#ifndef BASE_NUMBER_H
#define BASE_NUMBER_H

#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NUMBER_TEXT_MAX 64U

/* Optional sign ('-' only for signed ones), digits; false on overflow, too. */
bool number_parse_u64(struct slice text, uint64_t *out);
bool number_parse_i64(struct slice text, int64_t *out);
bool number_parse_i128(struct slice text, __int128 *out);
bool number_parse_u128(struct slice text, unsigned __int128 *out);
/* Decimal notation with optional exponent; inf, nan in any case, with a sign. */
bool number_parse_double(struct slice text, double *out);
/* value × 10^scale as a whole number; more digits behind the point are cut off; false: more than precision digits. */
bool number_parse_decimal(struct slice text, uint32_t precision, uint32_t scale, __int128 *out);

size_t number_print_u64(uint64_t value, char *to);
size_t number_print_i64(int64_t value, char *to);
size_t number_print_i128(__int128 value, char *to);
size_t number_print_u128(unsigned __int128 value, char *to);
size_t number_print_double(double value, char *to);
size_t number_print_float(float value, char *to);
/* whole / 10^scale; zeros at the end of the fraction only when `zeros`. */
size_t number_print_decimal(__int128 whole, uint32_t scale, bool zeros, char *to);

/* mantissa × 10^exponent when that can be computed exactly [Clinger, PLDI 1990: fast path]; false otherwise. */
static inline bool number_exact_double(uint64_t mantissa, int exponent, double *out)
{
    static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    if (mantissa > (uint64_t)1 << 53 || exponent < -22 || exponent > 22) {
        return false;
    }
    *out = exponent < 0 ? (double)mantissa / powers[-exponent] : (double)mantissa * powers[exponent];
    return true;
}

#endif
