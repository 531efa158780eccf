/*
 * metrics.h: the registry of the numbers that operators watch: counters, gauges and histograms.
 *
 * A metric is an object at file level, as a failpoint is: METRIC_COUNTER(packs, "weir_packs_written_total", "packs
 * written"); then metric_add(&metric_packs, 1). Names begin with weir_, carry their unit (seconds, bytes, rows) and end
 * in _total for counters. Metrics of one name with different labels are one family. A metric counts in cells of
 * METRIC_SHARDS shards, a thread in one of them, so that busy threads do not share a cache line.
 * Numbers that somebody keeps anyway (the ledger's, a source's) are not counted again: who shows the registry
 * (server/metrics.c) hands them to the same visitor.
 * source   Prometheus, "Exposition formats", text format 0.0.4; "Metric and label naming".
 * thread   any. A reading is no snapshot: each cell is read once; a histogram's count is the sum of its buckets.
 */
#ifndef BASE_METRICS_H
#define BASE_METRICS_H

#include "base/slice.h"
#include "base/text.h"

#include <assert.h>

#include <stdatomic.h>
#include <stdint.h>

enum metric_kind { METRIC_KIND_COUNTER, METRIC_KIND_GAUGE, METRIC_KIND_HISTOGRAM };

#define METRIC_SHARDS     8U
#define METRIC_BOUNDS_MAX 22U

struct metric_cells {
    _Alignas(64) _Atomic uint64_t values[8];
};

struct metric {
    const char *name;
    const char *labels; /* kind="select",…; "": none */
    const char *help;
    enum metric_kind kind;
    double divisor;         /* a value counted, divided by this, is the value shown */
    const uint64_t *bounds; /* of a histogram, rising: bucket k holds values ≤ bounds[k] */
    uint32_t bound_count;
    struct metric_cells *cells; /* METRIC_SHARDS shards of shard_cells; a histogram's last value is its sum */
    uint32_t shard_cells;
    struct metric *next;
};

/* Bounds of durations: 100 µs to a minute. */
#define METRIC_DURATION_BOUNDS 18U
extern const uint64_t metric_bounds_us[METRIC_DURATION_BOUNDS];

#define METRIC_DEFINE(id, cell_count, ...)                                                                             \
    static struct metric_cells metric_cells_##id[METRIC_SHARDS * (cell_count)];                                        \
    static struct metric metric_##id = {.cells = metric_cells_##id, .shard_cells = (cell_count), __VA_ARGS__};         \
    __attribute__((constructor)) static void metric_register_##id(void)                                                \
    {                                                                                                                  \
        metric_register(&metric_##id);                                                                                 \
    }                                                                                                                  \
    static_assert(1, "a semicolon follows")

/* At file level. Labels: fixed ones as in the exposition, "kind=\"select\"". */
#define METRIC_COUNTER(id, shown, text)                                                                                \
    METRIC_DEFINE(id, 1, .name = (shown), .labels = "", .help = (text), .kind = METRIC_KIND_COUNTER, .divisor = 1)
#define METRIC_GAUGE(id, shown, text)                                                                                  \
    METRIC_DEFINE(id, 1, .name = (shown), .labels = "", .help = (text), .kind = METRIC_KIND_GAUGE, .divisor = 1)
/* A histogram of durations, observed in microseconds, shown in seconds. */
#define METRIC_SECONDS_OF(id, shown, label_text, text)                                                                 \
    METRIC_DEFINE(id, 3, .name = (shown), .labels = (label_text), .help = (text), .kind = METRIC_KIND_HISTOGRAM,       \
                  .divisor = 1e6, .bounds = metric_bounds_us, .bound_count = METRIC_DURATION_BOUNDS)
#define METRIC_SECONDS(id, shown, text) METRIC_SECONDS_OF(id, shown, "", text)

/* Before threads start; asserts a good name and, for one of a family, the same kind and help. */
void metric_register(struct metric *metric);

void metric_add(struct metric *metric, uint64_t count);               /* a counter */
void metric_change(struct metric *metric, int64_t by);                /* a gauge goes up or down */
void metric_observe_us(struct metric *metric, uint64_t microseconds); /* a histogram of durations */
double metric_value(const struct metric *metric);                     /* a counter or gauge; a histogram's count */

/* ---- showing them */

struct metric_sample {
    const char *name;    /* of the family */
    const char *suffix;  /* "", or of a histogram "_bucket", "_sum", "_count" */
    struct slice labels; /* name="value",… with escapes; borrowed for the call */
    double value;
};

/* Families come one after the other, each followed by all its samples. */
struct metric_visitor {
    void *user;
    void (*family)(void *user, const char *name, enum metric_kind kind, const char *help);
    void (*sample)(void *user, const struct metric_sample *sample);
};

/* All that are registered, by name, then by labels. */
void metrics_visit(const struct metric_visitor *visitor);
/* Writes what it is handed as Prometheus text to the end of out. */
struct metric_visitor metrics_exposition(struct buffer *out);
const char *metric_kind_name(enum metric_kind kind);
/* Appends name="value" to a sample's labels; bytes that are no UTF-8 become U+FFFD. */
void metric_label(struct buffer *labels, const char *name, struct slice value);

#endif
