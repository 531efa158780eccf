/*
 * readable.c: see readable.h.
 */
#include "format/readable.h"

#include "base/number.h"

#include <math.h>
#include <stdio.h>

size_t readable_print(double value, double step, const char *const *units, uint32_t last, char *to)
{
    uint32_t unit = 0;
    while (unit < last && fabs(value) >= step) {
        value /= step;
        unit++;
    }
    bool plain = fabs(value) < 1e60; /* larger ones, infinities and NaN are not written out */
    size_t length = plain ? (size_t)snprintf(to, READABLE_TEXT_MAX, "%.2f", value) : number_print_double(value, to);
    return length + (size_t)snprintf(to + length, READABLE_TEXT_MAX - length, "%s", units[unit]);
}

size_t readable_quantity(double value, char *to)
{
    static const char *const units[] = {"",
                                        " thousand",
                                        " million",
                                        " billion",
                                        " trillion",
                                        " quadrillion",
                                        " quintillion",
                                        " sextillion",
                                        " septillion",
                                        " octillion",
                                        " nonillion",
                                        " decillion",
                                        " undecillion",
                                        " duodecillion",
                                        " tredecillion",
                                        " quattuordecillion",
                                        " quindecillion",
                                        " sexdecillion",
                                        " septendecillion",
                                        " octodecillion",
                                        " novemdecillion",
                                        " vigintillion"};
    return readable_print(value, 1000, units, sizeof(units) / sizeof(units[0]) - 1, to);
}
