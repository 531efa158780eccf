/*
 * distribution.c: see the header.
 */
#include "query/distribution.h"

#include "base/interrupt.h"

#include <math.h>

#define FRACTION_STEPS 1000000

double normal_below(double z)
{
    return erfc(-z / sqrt(2)) / 2;
}

double normal_quantile(double part)
{
    if (!(part > 0 && part < 1)) {
        return (double)NAN;
    }
    /* bisection on the side where the probability is small, then Newton's steps */
    double tail = part < 0.5 ? part : 1 - part;
    double low = -40, high = 0;
    for (int i = 0; i < 60; i++) {
        double middle = (low + high) / 2;
        *(normal_below(middle) < tail ? &low : &high) = middle;
    }
    double z = (low + high) / 2;
    for (int i = 0; i < 3; i++) {
        double density = exp(-z * z / 2) / sqrt(2 * M_PI);
        z -= density > 0 ? (normal_below(z) - tail) / density : 0;
    }
    return part < 0.5 ? z : -z;
}

/* The continued fraction of the incomplete beta function, by Lentz's method. */
static long double beta_fraction(long double a, long double b, long double x)
{
    const long double tiny = 1e-4000L;
    long double c = 1, d = 1 - (a + b) * x / (a + 1);
    d = 1 / (fabsl(d) < tiny ? tiny : d);
    long double value = d;
    for (int m = 1; m < FRACTION_STEPS; m++) {
        long double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        d = 1 + even * d;
        c = 1 + even / c;
        d = 1 / (fabsl(d) < tiny ? tiny : d);
        c = fabsl(c) < tiny ? tiny : c;
        value *= d * c;
        long double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 + odd * d;
        c = 1 + odd / c;
        d = 1 / (fabsl(d) < tiny ? tiny : d);
        c = fabsl(c) < tiny ? tiny : c;
        value *= d * c;
        if (fabsl(d * c - 1) < 1e-18L) {
            break;
        }
    }
    return value;
}

/* The regularised incomplete beta function at x; y is 1 - x. */
static long double beta_part(long double a, long double b, long double x, long double y)
{
    int sign;
    if (!(x > 0)) {
        return x == 0 ? 0 : x; /* or NaN */
    }
    if (!(y > 0)) {
        return y == 0 ? 1 : y;
    }
    long double front =
        expl(lgammal_r(a + b, &sign) - lgammal_r(a, &sign) - lgammal_r(b, &sign) + a * logl(x) + b * logl(y));
    return x < (a + 1) / (a + b + 2) ? front * beta_fraction(a, b, x) / a : 1 - front * beta_fraction(b, a, y) / b;
}

double student_outside(double t, double freedom)
{
    long double square = (long double)t * t;
    if (!(freedom > 0) || isnan(t)) {
        return (double)NAN;
    }
    return isinf(t) ? 0
                    : (double)beta_part((long double)freedom / 2, 0.5L, freedom / (freedom + square),
                                        square / (freedom + square));
}

double student_above(double part, double freedom)
{
    double low = 0, high = 1;
    if (!(part > 0 && part < 0.5 && freedom > 0)) {
        return part == 0.5 ? 0 : (double)NAN;
    }
    while (high < 1e300 && student_outside(high, freedom) > 2 * part) {
        low = high;
        high *= 2;
    }
    for (int i = 0; i < 200 && low < high; i++) {
        double middle = (low + high) / 2;
        if (middle == low || middle == high) {
            break;
        }
        *(student_outside(middle, freedom) > 2 * part ? &low : &high) = middle;
    }
    return (low + high) / 2;
}

double fisher_below(double f, double freedom_between, double freedom_within)
{
    if (!(f >= 0 && freedom_between > 0 && freedom_within > 0)) {
        return (double)NAN;
    }
    if (isinf(f)) {
        return 1;
    }
    long double between = (long double)f * freedom_between;
    long double all = between + freedom_within;
    return (double)beta_part((long double)freedom_between / 2, (long double)freedom_within / 2, between / all,
                             freedom_within / all);
}

struct err *smirnov_exact(struct arena *arena, enum side side, double d, uint64_t n1, uint64_t n2, double *out)
{
    struct err *err = NULL;
    if (n1 > n2) {
        uint64_t swap = n1;
        n1 = n2;
        n2 = swap;
    }
    double few = (double)n1, many = (double)n2;
    double bound = (0.5 + floor(d * many * few - 1e-7)) / (many * few);
    double *parts = ARENA_ARRAY(arena, double, n1 + 1);
    uint64_t steps = 0;
    if (parts == NULL) {
        return arena_error(arena);
    }
    parts[0] = 0;
    for (uint64_t j = 1; j <= n1; j++) {
        double away = (double)j / few;
        parts[j] = (side == SIDE_BOTH ? away : -away) >= bound ? 1 : parts[j - 1];
    }
    for (uint64_t i = 1; i <= n2; i++) {
        double here = (double)i / many;
        if (here >= bound) {
            parts[0] = 1;
        }
        for (uint64_t j = 1; j <= n1; j++) {
            double away = here - (double)j / few;
            if ((side == SIDE_BOTH ? fabs(away) : away) >= bound) {
                parts[j] = 1;
            } else {
                double both = (double)(i + j);
                parts[j] = (double)i / both * parts[j] + (double)j / both * parts[j - 1];
            }
        }
        OR_DONE(interrupt_steps(&steps, n1 * 20));
    }
    *out = parts[n1];
done:
    return err;
}

double smirnov_limit(enum side side, double d, uint64_t n1, uint64_t n2)
{
    double n = (double)(n1 < n2 ? n1 : n2), m = (double)(n1 < n2 ? n2 : n1);
    double z = sqrt(n * m / (n + m)) * d;
    if (side != SIDE_BOTH) {
        return exp(-2 * z * z - 2 * z * (m + 2 * n) / sqrt(m * n * (m + n)) / 3);
    }
    double sum = 0;
    if (z <= 0) {
        return 1;
    }
    if (z < 1) {
        double factor = -(M_PI_2 * M_PI_4) / (z * z);
        for (int k = 1; k < 20; k += 2) {
            sum += exp(k * k * factor - log(z));
        }
        return 1 - sum * sqrt(2 * M_PI);
    }
    for (int k = 1; k < 20; k++) {
        sum += (k % 2 == 1 ? 2 : -2) * exp(-2 * z * z * k * k);
    }
    return 1 - (1 - sum); /* what is below the last digit of 1 is 0 */
}
