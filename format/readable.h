/*
 * readable.h: numbers for people: "12.35 million", "1.50 KiB".
 *
 * Digits and names are ClickHouse's (formatReadableQuantity and the like, the tips of Pretty formats).
 * thread   any: pure functions.
 */
#ifndef FORMAT_READABLE_H
#define FORMAT_READABLE_H

#include <stddef.h>
#include <stdint.h>

#define READABLE_TEXT_MAX 128

/* value divided by step as long as it is not below, up to units[last] times; two digits, then the unit. A value that is
 * 1e60 or more even so is printed with an exponent. to: READABLE_TEXT_MAX bytes. Returns the length. */
size_t readable_print(double value, double step, const char *const *units, uint32_t last, char *to);
/* "12.35 million", to "vigintillion" (10^63). */
size_t readable_quantity(double value, char *to);

#endif
