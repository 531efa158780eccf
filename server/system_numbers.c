/*
 * system_numbers.c: what is counted: system.metrics (how it is now), events (since the start), asynchronous_metrics (of
 * the machine and of all tables), errors, warnings.
 *
 * names    ClickHouse's for what both mean alike. Behind them system.metrics has all numbers of /metrics, by their own
 *          names. What is not counted here has no row.
 */
#include "server/numbers.h"
#include "server/system_tables.h"

#include "base/metrics.h"
#include "storage/quarantine.h"
#include "storage/table.h"

#include <math.h>
#include <stdio.h>

static void put(struct source_rows *rows, uint32_t column, const char *value)
{
    source_row_text(rows, column, slice_text(value));
}

/* ---- metrics */

static const char *const metric_columns[] = {"metric",  "String", "value",  "Int64",  "description", "String", "number",
                                             "Float64", "kind",   "String", "labels", "String",      NULL};
static const char *const metric_aliases[] = {"name", "metric", NULL};
enum { METRIC_METRIC, METRIC_VALUE, METRIC_DESCRIPTION, METRIC_NUMBER, METRIC_KIND, METRIC_LABELS };

struct metric_rows {
    struct source_rows *rows;
    struct err *err;
    bool stop;
    enum metric_kind kind;
    const char *help;
};

static void metric_family(void *user, const char *name, enum metric_kind kind, const char *help)
{
    struct metric_rows *visit = user;
    (void)name;
    visit->kind = kind;
    visit->help = help;
}

static void put_metric(struct metric_rows *visit, const char *name, double value, const char *help, const char *kind,
                       struct slice labels)
{
    if (visit->err != NULL || visit->stop) {
        return;
    }
    put(visit->rows, METRIC_METRIC, name);
    source_row_int(visit->rows, METRIC_VALUE, fabs(value) < 9e18 ? (int64_t)value : 0);
    put(visit->rows, METRIC_DESCRIPTION, help);
    source_row_double(visit->rows, METRIC_NUMBER, value);
    put(visit->rows, METRIC_KIND, kind);
    source_row_text(visit->rows, METRIC_LABELS, labels);
    visit->err = source_row_end(visit->rows, &visit->stop);
}

static void metric_row(void *user, const struct metric_sample *sample)
{
    struct metric_rows *visit = user;
    char name[128];
    (void)snprintf(name, sizeof(name), "%s%s", sample->name, sample->suffix);
    put_metric(visit, name, sample->value, visit->help, metric_kind_name(visit->kind), sample->labels);
}

static struct err *metrics(struct table_source *source, struct arena *arena, const struct source_request *request,
                           struct source_output *output)
{
    struct err *err = NULL;
    struct server *server = system_server();
    struct metric_rows visit = {0};
    struct numbers_of_tables tables;
    struct number numbers[CURRENT_NUMBERS];
    OR_DONE(source_rows_begin(source, arena, request, output, &visit.rows));
    OR_DONE(numbers_of_tables(server, arena, &tables));
    numbers_current(server, &tables, numbers);
    for (size_t k = 0; k < CURRENT_NUMBERS; k++) {
        put_metric(&visit, numbers[k].name, numbers[k].value, numbers[k].help, "gauge", (struct slice){0});
    }
    struct metric_visitor visitor = {.user = &visit, .family = metric_family, .sample = metric_row};
    metrics_each(server, &visitor);
    OR_DONE(visit.err);
    err = source_rows_end(visit.rows);
done:
    return err;
}

/* ---- events */

static const char *const event_columns[] = {"event", "String", "value", "UInt64", "description", "String", NULL};
static const char *const event_aliases[] = {"name", "event", NULL};

/* As in ClickHouse, what did not happen yet has no row. */
static struct err *events(struct table_source *source, struct arena *arena, const struct source_request *request,
                          struct source_output *output)
{
    struct err *err = NULL;
    struct source_rows *rows = NULL;
    struct number numbers[EVENT_NUMBERS];
    bool stop = false;
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    numbers_events(system_server(), numbers);
    for (size_t k = 0; k < EVENT_NUMBERS && !stop; k++) {
        if (numbers[k].value >= 1) {
            put(rows, 0, numbers[k].name);
            source_row_uint(rows, 1, (uint64_t)numbers[k].value);
            put(rows, 2, numbers[k].help);
            OR_DONE(source_row_end(rows, &stop));
        }
    }
    err = source_rows_end(rows);
done:
    return err;
}

/* ---- asynchronous_metrics: computed when they are asked for */

static const char *const asynchronous_columns[] = {"metric", "String", "value",  "Float64", "description",
                                                   "String", "name",   "String", NULL};

static struct err *asynchronous(struct table_source *source, struct arena *arena, const struct source_request *request,
                                struct source_output *output)
{
    struct err *err = NULL;
    struct source_rows *rows = NULL;
    struct numbers_of_tables tables;
    struct number numbers[MACHINE_NUMBERS_MAX];
    uint32_t count;
    bool stop = false;
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    OR_DONE(numbers_of_tables(system_server(), arena, &tables));
    numbers_of_machine(system_server(), &tables, numbers, &count);
    for (uint32_t k = 0; k < count && !stop; k++) {
        put(rows, 0, numbers[k].name);
        source_row_double(rows, 1, numbers[k].value);
        put(rows, 2, numbers[k].help);
        put(rows, 3, numbers[k].name);
        OR_DONE(source_row_end(rows, &stop));
    }
    err = source_rows_end(rows);
done:
    return err;
}

/* ---- errors */

static const char *const error_columns[] = {
    "name",   "String", "code",  "Int32",    "value",  "UInt64", "last_error_time", "DateTime", "last_error_message",
    "String", "remote", "UInt8", "query_id", "String", NULL};

static struct err *errors(struct table_source *source, struct arena *arena, const struct source_request *request,
                          struct source_output *output)
{
    struct err *err = NULL;
    struct source_rows *rows = NULL;
    struct error_count count;
    bool stop = false;
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    for (uint32_t k = 0; !stop && metrics_error_count(k, &count); k++) {
        if (count.count > 0) {
            put(rows, 0, count.name);
            source_row_int(rows, 1, count.code);
            source_row_uint(rows, 2, count.count);
            source_row_uint(rows, 3, (uint64_t)(count.last_at_us / 1000000));
            put(rows, 4, count.last_message);
            put(rows, 6, count.last_query_id);
            OR_DONE(source_row_end(rows, &stop));
        }
    }
    err = source_rows_end(rows);
done:
    return err;
}

/* ---- warnings: what an operator should look at */

static const char *const warning_columns[] = {"message", "String", "message_format_string", "LowCardinality(String)",
                                              NULL};

static struct err *put_warning(struct source_rows *rows, const char *message, const char *form, bool *stop)
{
    put(rows, 0, message);
    put(rows, 1, form);
    return *stop ? NULL : source_row_end(rows, stop);
}

/* reason: freed. */
static struct err *put_reason(struct source_rows *rows, struct arena *arena, struct err *reason, const char *what,
                              bool *stop)
{
    struct err *err = NULL;
    char *message = reason == NULL ? NULL : arena_format(arena, "%s: %s", what, err_message(reason));
    if (reason != NULL) {
        err = message == NULL ? arena_error(arena) : put_warning(rows, message, what, stop);
    }
    err_free(reason);
    return err;
}

static struct err *warnings(struct table_source *source, struct arena *arena, const struct source_request *request,
                            struct source_output *output)
{
    struct err *err = NULL;
    struct store *store = system_server()->store;
    struct source_rows *rows = NULL;
    struct table **tables = NULL;
    struct table_def **defs = NULL;
    struct quarantined *list = NULL;
    uint32_t table_count = 0, count = 0, damaged = 0;
    bool stop = false;
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    OR_DONE(
        put_reason(rows, arena, ledger_read_only(store->ledger), "The store takes no commits until a restart", &stop));
    OR_DONE(put_reason(rows, arena, store_clock_guard(store), "Retention waits", &stop));
    OR_DONE(catalogue_tables(store->catalogue, arena, NULL, &tables, &defs, &table_count));
    for (uint32_t i = 0; i < table_count; i++) {
        OR_DONE(quarantine_list(tables[i], arena, &list, &count));
        damaged += count;
    }
    if (damaged > 0) {
        char *message = arena_format(arena, "Damaged segments: %u; see system.quarantined_segments", damaged);
        OR_DONE(message == NULL
                    ? arena_error(arena)
                    : put_warning(rows, message, "Damaged segments: {}; see system.quarantined_segments", &stop));
    }
    err = source_rows_end(rows);
done:
    return err;
}

void system_numbers_register(void)
{
    static struct system_table list[] = {
        {.name = "metrics", .columns = metric_columns, .aliases = metric_aliases, .generate = metrics},
        {.name = "events", .columns = event_columns, .aliases = event_aliases, .generate = events},
        {.name = "asynchronous_metrics", .columns = asynchronous_columns, .generate = asynchronous},
        {.name = "errors", .columns = error_columns, .generate = errors},
        {.name = "warnings", .columns = warning_columns, .generate = warnings},
    };
    for (size_t k = 0; k < sizeof(list) / sizeof(list[0]); k++) {
        system_table_register(&list[k]);
    }
}
