/* metrics.c: the list of metrics, sorted by name; their text. */
#include "base/metrics.h"

#include "base/number.h"

#include <stdio.h>
#include <string.h>

static const uint64_t bounds_us[METRIC_BUCKETS] = {100,    1000,   5000,    10000,   25000,   50000,    100000,
                                                   250000, 500000, 1000000, 2500000, 5000000, 10000000, 60000000};
static struct metric *first;

void metric_register(struct metric *metric)
{
    struct metric **link = &first;
    while (*link != NULL && strcmp((*link)->name, metric->name) < 0) {
        link = &(*link)->next;
    }
    metric->next = *link;
    *link = metric;
}

void metric_observe_us(struct metric *metric, uint64_t microseconds)
{
    uint32_t bucket = 0;
    while (bucket < METRIC_BUCKETS && microseconds > bounds_us[bucket]) {
        bucket++;
    }
    atomic_fetch_add_explicit(&metric->buckets[bucket], 1, memory_order_relaxed);
    metric_add(metric, microseconds);
}

static double sum_of(struct metric *metric)
{
    double value = (double)atomic_load_explicit(&metric->value, memory_order_relaxed);
    return metric->kind == METRIC_IS_SECONDS ? value / 1e6 : value;
}

static uint64_t count_of(struct metric *metric)
{
    uint64_t count = 0;
    for (uint32_t k = 0; k <= METRIC_BUCKETS; k++) {
        count += atomic_load_explicit(&metric->buckets[k], memory_order_relaxed);
    }
    return count;
}

void metrics_visit(void (*visit)(void *user, const char *name, const char *kind, const char *help, double value),
                   void *user)
{
    for (struct metric *metric = first; metric != NULL; metric = metric->next) {
        if (metric->kind == METRIC_IS_COUNTER) {
            visit(user, metric->name, "counter", metric->help, sum_of(metric));
            continue;
        }
        char name[128];
        (void)snprintf(name, sizeof(name), "%s_count", metric->name);
        visit(user, name, "histogram", metric->help, (double)count_of(metric));
        (void)snprintf(name, sizeof(name), "%s_sum", metric->name);
        visit(user, name, "histogram", metric->help, sum_of(metric));
    }
}

static void put_number(struct buffer *out, double value)
{
    char text[NUMBER_TEXT_MAX];
    buffer_append(out, text, number_print_double(value, text));
}

static void put_histogram(struct buffer *out, struct metric *metric)
{
    uint64_t below = 0;
    for (uint32_t k = 0; k <= METRIC_BUCKETS; k++) {
        below += atomic_load_explicit(&metric->buckets[k], memory_order_relaxed);
        buffer_printf(out, "%s_bucket{le=\"", metric->name);
        if (k < METRIC_BUCKETS) {
            put_number(out, (double)bounds_us[k] / 1e6);
        } else {
            buffer_text(out, "+Inf");
        }
        buffer_printf(out, "\"} %llu\n", (unsigned long long)below);
    }
    buffer_printf(out, "%s_sum ", metric->name);
    put_number(out, sum_of(metric));
    buffer_printf(out, "\n%s_count %llu\n", metric->name, (unsigned long long)below);
}

void metrics_expose(struct buffer *out)
{
    for (struct metric *metric = first; metric != NULL; metric = metric->next) {
        bool counter = metric->kind == METRIC_IS_COUNTER;
        buffer_printf(out, "# HELP %s %s\n# TYPE %s %s\n", metric->name, metric->help, metric->name,
                      counter ? "counter" : "histogram");
        if (counter) {
            buffer_printf(out, "%s ", metric->name);
            put_number(out, sum_of(metric));
            buffer_char(out, '\n');
        } else {
            put_histogram(out, metric);
        }
    }
}
