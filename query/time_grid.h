/*
 * time_grid.h: samples of one time series at the points of a regular grid of times, as PromQL has its functions: each
 * point's value is made of the samples in the window that ends there.
 *
 * grid      points start, start + step, …; the window of a point t is (t - window, t]. Times in ticks.
 * work      one pass: a sample enters and leaves the window once. Linear regressions go over the window's samples at
 *           each point; both look at the thread's flag.
 * source    Prometheus, promql/functions.go: extrapolation of rate, increase and delta to the window's edges, never
 *           below zero; compensated sums
 */
#ifndef QUERY_TIME_GRID_H
#define QUERY_TIME_GRID_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

/* ClickHouse's limit. */
#define TIME_GRID_POINTS_MAX 16777215U

enum time_grid_function {
    GRID_RATE, /* a decrease is a reset: the counter began again at zero */
    GRID_INCREASE,
    GRID_DELTA,
    GRID_INSTANT_RATE, /* of the last two samples */
    GRID_INSTANT_DELTA,
    GRID_LAST,
    GRID_CHANGES,
    GRID_RESETS,
    GRID_COUNT,
    GRID_SUM,
    GRID_AVG,
    GRID_MIN, /* NaN only of NaN alone */
    GRID_MAX,
    GRID_TIME_OF_MIN, /* of the latest such sample, in seconds */
    GRID_TIME_OF_MAX,
    GRID_DERIV,   /* the slope of a simple linear regression, per second */
    GRID_PREDICT, /* its value `offset` seconds after the point */
};

struct sample {
    int64_t time;
    double value;
};

struct time_grid {
    enum time_grid_function function;
    uint32_t points; /* 1 at least */
    int64_t start;
    int64_t step; /* positive when there are two points */
    int64_t window;
    int64_t ticks; /* a second */
    double offset; /* PREDICT */
    bool narrow;   /* values were Float32: differences are */
};

/* Can a sample of that time count for any point? */
bool time_grid_takes(const struct time_grid *grid, int64_t time);

/*
 * The values of all points.
 *
 * samples  of rising times, no two the same; borrowed for the call
 * scratch  for a few bytes a sample; may be reset when the call returns
 * values   double[points], 0 where nulls[i] is set to 1: too few samples in the window
 * errors   ERR_MEMORY_LIMIT, ERR_QUERY_CANCELLED
 */
struct err *time_grid_evaluate(const struct time_grid *grid, struct arena *scratch, const struct sample *samples,
                               uint32_t count, double *values, uint8_t *nulls);

#endif
