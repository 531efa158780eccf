/*
 * metrics.c: sharded counters, and the text that Prometheus reads.
 */
#include "base/metrics.h"

#include "base/err.h"
#include "base/number.h"

#include <math.h>
#include <utf8proc.h>

const uint64_t metric_bounds_us[METRIC_DURATION_BOUNDS] = {100,     250,     500,     1000,     2500,     5000,
                                                           10000,   25000,   50000,   100000,   250000,   500000,
                                                           1000000, 2500000, 5000000, 10000000, 30000000, 60000000};

/* Sorted by name, then labels. Filled before main, read afterwards. */
static struct metric *first;

static bool is_name(const char *text)
{
    size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_");
    return strncmp(text, "weir_", 5) == 0 && text[length] == 0;
}

void metric_register(struct metric *metric)
{
    struct metric **place = &first;
    ASSERT(is_name(metric->name));
    ASSERT(metric->bound_count <= METRIC_BOUNDS_MAX && metric->bound_count + 2 <= metric->shard_cells * 8);
    while (*place != NULL) {
        int order = strcmp((*place)->name, metric->name);
        if (order == 0) {
            ASSERT((*place)->kind == metric->kind && strcmp((*place)->help, metric->help) == 0);
            order = strcmp((*place)->labels, metric->labels);
            ASSERT(order != 0);
        }
        if (order > 0) {
            break;
        }
        place = &(*place)->next;
    }
    metric->next = *place;
    *place = metric;
}

static _Atomic uint64_t *cell(const struct metric *metric, uint32_t shard, uint32_t value)
{
    return &metric->cells[shard * metric->shard_cells + value / 8].values[value % 8];
}

/* The shard of this thread. */
static uint32_t shard_here(void)
{
    static _Atomic uint32_t threads;
    static _Thread_local uint32_t shard = UINT32_MAX;
    if (shard == UINT32_MAX) {
        shard = atomic_fetch_add_explicit(&threads, 1, memory_order_relaxed) % METRIC_SHARDS;
    }
    return shard;
}

static void cell_add(const struct metric *metric, uint32_t value, uint64_t by)
{
    atomic_fetch_add_explicit(cell(metric, shard_here(), value), by, memory_order_relaxed);
}

static uint64_t cell_sum(const struct metric *metric, uint32_t value)
{
    uint64_t sum = 0;
    for (uint32_t shard = 0; shard < METRIC_SHARDS; shard++) {
        sum += atomic_load_explicit(cell(metric, shard, value), memory_order_relaxed);
    }
    return sum;
}

/* A histogram's values: buckets, the bucket without a bound, the sum. */
static uint32_t sum_index(const struct metric *metric)
{
    return metric->bound_count + 1;
}

void metric_add(struct metric *metric, uint64_t count)
{
    DCHECK(metric->kind == METRIC_KIND_COUNTER);
    cell_add(metric, 0, count);
}

void metric_change(struct metric *metric, int64_t by)
{
    DCHECK(metric->kind == METRIC_KIND_GAUGE);
    cell_add(metric, 0, (uint64_t)by);
}

void metric_observe_us(struct metric *metric, uint64_t microseconds)
{
    uint32_t bucket = 0;
    DCHECK(metric->kind == METRIC_KIND_HISTOGRAM);
    while (bucket < metric->bound_count && microseconds > metric->bounds[bucket]) {
        bucket++;
    }
    cell_add(metric, bucket, 1);
    cell_add(metric, sum_index(metric), microseconds);
}

double metric_value(const struct metric *metric)
{
    uint64_t count = 0;
    switch (metric->kind) {
    case METRIC_KIND_COUNTER:
        return (double)cell_sum(metric, 0) / metric->divisor;
    case METRIC_KIND_GAUGE:
        return (double)(int64_t)cell_sum(metric, 0) / metric->divisor;
    case METRIC_KIND_HISTOGRAM:
        break;
    }
    for (uint32_t k = 0; k <= metric->bound_count; k++) {
        count += cell_sum(metric, k);
    }
    return (double)count;
}

static void visit_histogram(const struct metric *metric, const struct metric_visitor *visitor)
{
    struct metric_sample sample = {.name = metric->name, .suffix = "_bucket"};
    struct buffer labels = {0};
    uint64_t count = 0;
    for (uint32_t k = 0; k <= metric->bound_count; k++) {
        char bound[NUMBER_TEXT_MAX] = "+Inf";
        size_t length = 4;
        if (k < metric->bound_count) {
            length = number_print_double((double)metric->bounds[k] / metric->divisor, bound);
        }
        labels.length = 0;
        buffer_text(&labels, metric->labels);
        metric_label(&labels, "le", slice_of(bound, length));
        count += cell_sum(metric, k);
        sample.labels = buffer_all(&labels);
        sample.value = (double)count;
        if (!labels.failed) {
            visitor->sample(visitor->user, &sample);
        }
    }
    sample.labels = slice_text(metric->labels);
    sample.suffix = "_sum";
    sample.value = (double)cell_sum(metric, sum_index(metric)) / metric->divisor;
    visitor->sample(visitor->user, &sample);
    sample.suffix = "_count";
    sample.value = (double)count;
    visitor->sample(visitor->user, &sample);
    buffer_deinit(&labels);
}

void metrics_visit(const struct metric_visitor *visitor)
{
    const char *family = "";
    for (const struct metric *metric = first; metric != NULL; metric = metric->next) {
        if (strcmp(family, metric->name) != 0) {
            family = metric->name;
            visitor->family(visitor->user, metric->name, metric->kind, metric->help);
        }
        if (metric->kind == METRIC_KIND_HISTOGRAM) {
            visit_histogram(metric, visitor);
        } else {
            struct metric_sample sample = {.name = metric->name,
                                           .suffix = "",
                                           .labels = slice_text(metric->labels),
                                           .value = metric_value(metric)};
            visitor->sample(visitor->user, &sample);
        }
    }
}

const char *metric_kind_name(enum metric_kind kind)
{
    static const char *const names[] = {"counter", "gauge", "histogram"};
    return names[kind];
}

static void write_family(void *user, const char *name, enum metric_kind kind, const char *help)
{
    struct buffer *out = user;
    buffer_printf(out, "# HELP %s ", name);
    for (const char *at = help; *at != 0; at++) {
        if (*at == '\\' || *at == '\n') {
            buffer_char(out, '\\');
        }
        buffer_char(out, *at == '\n' ? 'n' : *at);
    }
    buffer_printf(out, "\n# TYPE %s %s\n", name, metric_kind_name(kind));
}

static void write_sample(void *user, const struct metric_sample *sample)
{
    struct buffer *out = user;
    char text[NUMBER_TEXT_MAX];
    buffer_text(out, sample->name);
    buffer_text(out, sample->suffix);
    if (sample->labels.length > 0) {
        buffer_char(out, '{');
        buffer_slice(out, sample->labels);
        buffer_char(out, '}');
    }
    buffer_char(out, ' ');
    if (isfinite(sample->value)) {
        buffer_append(out, text, number_print_double(sample->value, text));
    } else {
        buffer_text(out, isnan(sample->value) ? "NaN" : sample->value > 0 ? "+Inf" : "-Inf");
    }
    buffer_char(out, '\n');
}

struct metric_visitor metrics_exposition(struct buffer *out)
{
    return (struct metric_visitor){.user = out, .family = write_family, .sample = write_sample};
}

void metric_label(struct buffer *labels, const char *name, struct slice value)
{
    if (labels->length > 0) {
        buffer_char(labels, ',');
    }
    buffer_text(labels, name);
    buffer_text(labels, "=\"");
    for (size_t k = 0; k < value.length;) {
        utf8proc_int32_t point;
        utf8proc_ssize_t length =
            utf8proc_iterate((const utf8proc_uint8_t *)value.data + k, (utf8proc_ssize_t)(value.length - k), &point);
        if (length <= 0) {
            buffer_text(labels, "\xef\xbf\xbd");
            k++;
            continue;
        }
        if (point == '"' || point == '\\' || point == '\n') {
            buffer_char(labels, '\\');
        }
        if (point == '\n') {
            buffer_char(labels, 'n');
        } else {
            buffer_append(labels, value.data + k, (size_t)length);
        }
        k += (size_t)length;
    }
    buffer_char(labels, '"');
}
