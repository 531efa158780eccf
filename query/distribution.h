/*
 * distribution.h: distribution functions of tests: normal, Student's t, Fisher's F, Kolmogorov's.
 *
 * exact    to about 1e-15 of the value: computed in long double
 * errors   NaN where a parameter is none
 * thread   any: pure functions
 * source   Press et al., "Numerical Recipes", 6.4 (incomplete beta function by its continued fraction); Hodges, "The
 *          significance probability of the Smirnov two-sample test", 1958
 */
#ifndef QUERY_DISTRIBUTION_H
#define QUERY_DISTRIBUTION_H

#include "base/arena.h"

double normal_below(double z);       /* P(Z < z) */
double normal_quantile(double part); /* of part in (0, 1) */
/* P(|T| > |t|) with so many degrees of freedom. */
double student_outside(double t, double freedom);
/* t > 0 with P(T > t) = part, below 0.5. */
double student_above(double part, double freedom);
/* P(F < f). */
double fisher_below(double f, double freedom_between, double freedom_within);

enum side { SIDE_BOTH, SIDE_LESS, SIDE_GREATER };
/* The probability of a distance of two samples of that many values that is at least d. */
struct err *smirnov_exact(struct arena *arena, enum side side, double d, uint64_t n1, uint64_t n2, double *out);
double smirnov_limit(enum side side, double d, uint64_t n1, uint64_t n2);

#endif
