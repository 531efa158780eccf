/*
 * metric_log.c: see metric_log.h.
 *
 * events   are kept as counted since the start; a row shows what was added since the sample before it, as ClickHouse's
 *          does. The oldest sample of a full ring is there for that alone.
 */
#include "server/metric_log.h"

#include "base/clock.h"
#include "base/timezone.h"
#include "server/numbers.h"
#include "server/system_tables.h"

#include <stdio.h>
#include <stdlib.h>

#define MACHINE_STEP_S  10U
#define MACHINE_SAMPLES (MACHINE_LOG_SECONDS / MACHINE_STEP_S)
#define COPIED          256U /* samples at once, under the lock */

struct metric_sample_row {
    int64_t at_us;
    uint64_t events[EVENT_NUMBERS];
    int64_t current[CURRENT_NUMBERS];
};

struct machine_sample {
    int64_t at_us;
    uint32_t count;
    const char *names[MACHINE_NUMBERS_MAX];
    double values[MACHINE_NUMBERS_MAX];
};

struct metric_log {
    struct numbers_of_tables tables; /* as of the last look at them; of who samples */
    uint64_t sampled_us, looked_us;  /* monotonic; likewise */
    struct lock lock;
    struct metric_sample_row *rows;    /* a ring of METRIC_LOG_SECONDS */
    struct machine_sample *machine;    /* a ring of MACHINE_SAMPLES */
    uint64_t row_count, machine_count; /* ever taken */
};

struct err *metric_log_create(struct metric_log **out)
{
    struct metric_log *log = calloc(1, sizeof(*log));
    if (log == NULL) {
        return err_oom();
    }
    lock_init(&log->lock, LOCK_METRIC_LOG);
    log->rows = calloc(METRIC_LOG_SECONDS, sizeof(*log->rows));
    log->machine = calloc(MACHINE_SAMPLES, sizeof(*log->machine));
    if (log->rows == NULL || log->machine == NULL) {
        metric_log_destroy(log);
        return err_oom();
    }
    *out = log;
    return NULL;
}

void metric_log_destroy(struct metric_log *log)
{
    if (log != NULL) {
        lock_deinit(&log->lock);
        free(log->rows);
        free(log->machine);
        free(log);
    }
}

/* ---- samples */

static void look_at_machine(struct server *server, struct metric_log *log, int64_t now_us)
{
    struct number numbers[MACHINE_NUMBERS_MAX];
    struct machine_sample sample = {.at_us = now_us};
    struct arena *arena = arena_create(NULL);
    struct err *err = arena == NULL ? err_oom() : numbers_of_tables(server, arena, &log->tables);
    arena_destroy(arena);
    if (err != NULL) { /* memory: there is a next time */
        err_free(err);
        return;
    }
    numbers_of_machine(server, &log->tables, numbers, &sample.count);
    for (uint32_t k = 0; k < sample.count; k++) {
        sample.names[k] = numbers[k].name;
        sample.values[k] = numbers[k].value;
    }
    lock_take(&log->lock);
    log->machine[log->machine_count++ % MACHINE_SAMPLES] = sample;
    lock_give(&log->lock);
}

void metric_log_sample(struct server *server)
{
    struct metric_log *log = server->metric_log;
    struct number current[CURRENT_NUMBERS], events[EVENT_NUMBERS];
    struct metric_sample_row row = {.at_us = clock_wall_us()};
    uint64_t now_us = clock_monotonic_us();
    if (log->sampled_us != 0 && now_us < log->sampled_us + 900000) { /* it is called a little more often */
        return;
    }
    log->sampled_us = now_us;
    if (log->looked_us == 0 || now_us >= log->looked_us + MACHINE_STEP_S * 1000000 - 500000) {
        log->looked_us = now_us;
        look_at_machine(server, log, row.at_us);
    }
    numbers_current(server, &log->tables, current);
    numbers_events(server, events);
    for (uint32_t k = 0; k < CURRENT_NUMBERS; k++) {
        row.current[k] = (int64_t)current[k].value;
    }
    for (uint32_t k = 0; k < EVENT_NUMBERS; k++) {
        row.events[k] = (uint64_t)events[k].value;
    }
    lock_take(&log->lock);
    log->rows[log->row_count++ % METRIC_LOG_SECONDS] = row;
    lock_give(&log->lock);
}

/* Those from *next on, which moves on; what the ring has lost meanwhile is passed over. */
static uint32_t copy_samples(struct metric_log *log, const void *ring, size_t size, uint64_t ring_count,
                             const uint64_t *taken, uint64_t *next, void *out)
{
    uint32_t count = 0;
    lock_take(&log->lock);
    uint64_t first = *taken > ring_count ? *taken - ring_count : 0;
    for (*next = *next < first ? first : *next; *next < *taken && count < COPIED; (*next)++, count++) {
        memcpy((char *)out + count * size, (const char *)ring + *next % ring_count * size, size);
    }
    lock_give(&log->lock);
    return count;
}

/* ---- system.metric_log */

enum { LOG_HOSTNAME, LOG_DATE, LOG_TIME, LOG_MICROSECONDS, LOG_FIRST };

static void put_times(struct source_rows *rows, int64_t at_us)
{
    int64_t at_s = at_us / 1000000;
    source_row_text(rows, LOG_HOSTNAME, slice_text("weir"));
    source_row_uint(rows, LOG_DATE, (uint64_t)((at_s + timezone_offset(system_server()->zone, at_s)) / 86400));
    source_row_uint(rows, LOG_TIME, (uint64_t)at_s);
}

static struct err *put_row(struct source_rows *rows, const struct metric_sample_row *row, const uint64_t *before,
                           bool *stop)
{
    put_times(rows, row->at_us);
    source_row_int(rows, LOG_MICROSECONDS, row->at_us);
    for (uint32_t k = 0; k < EVENT_NUMBERS; k++) {
        source_row_uint(rows, LOG_FIRST + k, row->events[k] - before[k]);
    }
    for (uint32_t k = 0; k < CURRENT_NUMBERS; k++) {
        source_row_int(rows, LOG_FIRST + EVENT_NUMBERS + k, row->current[k]);
    }
    return source_row_end(rows, stop);
}

static struct err *metric_log(struct table_source *source, struct arena *arena, const struct source_request *request,
                              struct source_output *output)
{
    struct err *err = NULL;
    struct metric_log *log = system_server()->metric_log;
    struct source_rows *rows = NULL;
    struct metric_sample_row *copies = ARENA_ARRAY(arena, struct metric_sample_row, COPIED);
    uint64_t before[EVENT_NUMBERS] = {0}, next = 0;
    bool stop = false, begun = false;
    if (copies == NULL) {
        return arena_error(arena);
    }
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    for (uint32_t count = 1; count > 0 && !stop;) {
        count = copy_samples(log, log->rows, sizeof(*copies), METRIC_LOG_SECONDS, &log->row_count, &next, copies);
        begun = begun || next == count; /* the first ever: what was before it is nothing */
        for (uint32_t k = 0; k < count && !stop; k++) {
            if (begun) {
                OR_DONE(put_row(rows, &copies[k], before, &stop));
            }
            begun = true;
            memcpy(before, copies[k].events, sizeof(before));
        }
    }
    err = source_rows_end(rows);
done:
    return err;
}

/* ---- system.asynchronous_metric_log */

static const char *const machine_columns[] = {
    "hostname", "LowCardinality(String)", "event_date", "Date",    "event_time", "DateTime",
    "metric",   "LowCardinality(String)", "value",      "Float64", NULL};
enum { MACHINE_METRIC = 3, MACHINE_VALUE };

static struct err *machine_log(struct table_source *source, struct arena *arena, const struct source_request *request,
                               struct source_output *output)
{
    struct err *err = NULL;
    struct metric_log *log = system_server()->metric_log;
    struct source_rows *rows = NULL;
    struct machine_sample *copies = ARENA_ARRAY(arena, struct machine_sample, COPIED);
    uint64_t next = 0;
    bool stop = false;
    if (copies == NULL) {
        return arena_error(arena);
    }
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    for (uint32_t count = 1; count > 0 && !stop;) {
        count = copy_samples(log, log->machine, sizeof(*copies), MACHINE_SAMPLES, &log->machine_count, &next, copies);
        for (uint32_t k = 0; k < count; k++) {
            for (uint32_t i = 0; i < copies[k].count && !stop; i++) {
                put_times(rows, copies[k].at_us);
                source_row_text(rows, MACHINE_METRIC, slice_text(copies[k].names[i]));
                source_row_double(rows, MACHINE_VALUE, copies[k].values[i]);
                OR_DONE(source_row_end(rows, &stop));
            }
        }
    }
    err = source_rows_end(rows);
done:
    return err;
}

void system_metric_log_register(void)
{
    static char names[EVENT_NUMBERS + CURRENT_NUMBERS][64];
    static const char *columns[2 * (LOG_FIRST + EVENT_NUMBERS + CURRENT_NUMBERS) + 1] = {
        "hostname", "LowCardinality(String)",  "event_date",   "Date", "event_time",
        "DateTime", "event_time_microseconds", "DateTime64(6)"};
    static struct system_table list[] = {
        {.name = "metric_log", .columns = columns, .generate = metric_log},
        {.name = "asynchronous_metric_log", .columns = machine_columns, .generate = machine_log},
    };
    static const struct numbers_of_tables none;
    struct number events[EVENT_NUMBERS], current[CURRENT_NUMBERS];
    numbers_events(NULL, events);
    numbers_current(NULL, &none, current);
    for (size_t k = 0; k < EVENT_NUMBERS + CURRENT_NUMBERS; k++) {
        bool is_event = k < EVENT_NUMBERS;
        (void)snprintf(names[k], sizeof(names[k]), "%s_%s", is_event ? "ProfileEvent" : "CurrentMetric",
                       is_event ? events[k].name : current[k - EVENT_NUMBERS].name);
        columns[2 * (LOG_FIRST + k)] = names[k];
        columns[2 * (LOG_FIRST + k) + 1] = is_event ? "UInt64" : "Int64";
    }
    for (size_t k = 0; k < sizeof(list) / sizeof(list[0]); k++) {
        system_table_register(&list[k]);
    }
}
