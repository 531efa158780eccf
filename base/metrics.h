/*
 * metrics.h: numbers that operators watch, counted where things happen: counters and histograms of durations.
 *
 *     METRIC_COUNTER(merges, "weir_merges_total", "merges that ended well");
 *     METRIC_SECONDS(commit, "weir_commit_seconds", "from the first byte of a pack to the ledger's sync");
 *     …
 *     metric_add(&metric_merges, 1);
 *     metric_observe_us(&metric_commit, clock_monotonic_us() - begin);
 *
 * A metric registers itself before main; numbers that can be looked up when somebody asks (gauges of the store, of
 * sources) are not kept here but collected by server/metrics.c. Names follow Prometheus' conventions: weir_ in front,
 * the unit, _total behind counters. thread   any: relaxed atomics; a reader may see a histogram's sum a moment before
 * its count spec     Prometheus text exposition format 0.0.4
 */
#ifndef BASE_METRICS_H
#define BASE_METRICS_H

#include "base/text.h"

#include <assert.h>

#include <stdatomic.h>
#include <stdint.h>

enum metric_kind { METRIC_IS_COUNTER, METRIC_IS_SECONDS };

/* Upper bounds in microseconds: 100 µs … 60 s; one more bucket for all above. */
#define METRIC_BUCKETS 14U

struct metric {
    const char *name;
    const char *help;
    enum metric_kind kind;
    struct metric *next;
    _Atomic uint64_t value;                       /* counter: so many; seconds: the sum in microseconds */
    _Atomic uint64_t buckets[METRIC_BUCKETS + 1]; /* seconds: observations in each, not added up */
};

void metric_register(struct metric *metric);

#define METRIC_DEFINE(id, shown, text, of)                                                                             \
    static struct metric metric_##id = {.name = (shown), .help = (text), .kind = (of)};                                \
    __attribute__((constructor)) static void metric_register_##id(void)                                                \
    {                                                                                                                  \
        metric_register(&metric_##id);                                                                                 \
    }                                                                                                                  \
    static_assert(1, "a semicolon follows")
#define METRIC_COUNTER(id, shown, text) METRIC_DEFINE(id, shown, text, METRIC_IS_COUNTER)
#define METRIC_SECONDS(id, shown, text) METRIC_DEFINE(id, shown, text, METRIC_IS_SECONDS)

static inline void metric_add(struct metric *metric, uint64_t count)
{
    atomic_fetch_add_explicit(&metric->value, count, memory_order_relaxed);
}
void metric_observe_us(struct metric *metric, uint64_t microseconds);

/* All of them, by name: a counter once, a histogram as name_count and name_sum (seconds). */
void metrics_visit(void (*visit)(void *user, const char *name, const char *kind, const char *help, double value),
                   void *user);
/* All of them as text. */
void metrics_expose(struct buffer *out);

#endif
