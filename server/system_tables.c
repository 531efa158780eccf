/*
 * system_tables.c: what the server knows of itself, as tables: system.settings, metrics.
 *
 * Each table is a generator (query/table_source.h): names and types, and a function that emits rows. What is stored is
 * in system_stored.c, sources and offsets in system_sources.c, queries in system_queries.c.
 */
#include "server/system_tables.h"

#include "base/clock.h"
#include "server/dictionaries.h"
#include "base/metrics.h"

#include <stdio.h>

static struct server *the_server; /* the one that runs in this process; set before it listens */

struct server *system_server(void)
{
    return the_server;
}

static void text(struct source_rows *rows, uint32_t column, const char *value)
{
    source_row_text(rows, column, slice_text(value == NULL ? "" : value));
}

/* ---- settings */

static const char *const setting_columns[] = {
    "name",
    "String",
    "value",
    "String",
    "changed",
    "UInt8",
    "description",
    "String",
    "min",
    "Nullable(String)",
    "max",
    "Nullable(String)",
    "disallowed_values",
    "Array(String)",
    "readonly",
    "UInt8",
    "type",
    "String",
    "default",
    "String",
    "alias_for",
    "String",
    "is_obsolete",
    "UInt8",
    "tier",
    "Enum8('Production' = 0, 'Obsolete' = 4, 'Experimental' = 8, 'Beta' = 12)",
    NULL};
enum {
    SETTING_name,
    SETTING_value,
    SETTING_description = 3,
    SETTING_min,
    SETTING_max,
    SETTING_type = 8,
    SETTING_default
};

static struct err *settings_rows(struct table_source *source, struct arena *arena, const struct source_request *request,
                                 struct source_output *output)
{
    struct err *err = NULL;
    struct source_rows *rows = NULL;
    struct setting_description setting;
    bool stop = false;
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    for (uint32_t k = 0; settings_describe(k, &setting) && !stop; k++) {
        text(rows, SETTING_name, setting.name);
        text(rows, SETTING_value, setting.fallback);
        text(rows, SETTING_description, setting.description);
        source_row_null(rows, SETTING_min);
        source_row_null(rows, SETTING_max);
        text(rows, SETTING_type, setting.type);
        text(rows, SETTING_default, setting.fallback);
        OR_DONE(source_row_end(rows, &stop));
    }
    err = source_rows_end(rows);
done:
    return err;
}

/* ---- metrics: the numbers of /metrics */

static const char *const metric_columns[] = {"metric", "String", "value",  "Float64", "description", "String",
                                             "kind",   "String", "labels", "String",  NULL};

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

static void metric_row(void *user, const struct metric_sample *sample)
{
    struct metric_rows *visit = user;
    char name[128];
    if (visit->err != NULL || visit->stop) {
        return;
    }
    (void)snprintf(name, sizeof(name), "%s%s", sample->name, sample->suffix);
    text(visit->rows, 0, name);
    source_row_double(visit->rows, 1, sample->value);
    text(visit->rows, 2, visit->help);
    text(visit->rows, 3, metric_kind_name(visit->kind));
    source_row_text(visit->rows, 4, sample->labels);
    visit->err = source_row_end(visit->rows, &visit->stop);
}

static struct err *metrics(struct table_source *source, struct arena *arena, const struct source_request *request,
                           struct source_output *output)
{
    struct err *err = NULL;
    struct metric_rows visit = {0};
    OR_DONE(source_rows_begin(source, arena, request, output, &visit.rows));
    struct metric_visitor visitor = {.user = &visit, .family = metric_family, .sample = metric_row};
    metrics_each(the_server, &visitor);
    OR_DONE(visit.err);
    err = source_rows_end(visit.rows);
done:
    return err;
}

/* ---- registration */

static struct err *make(const struct source_maker *maker, struct arena *arena, const struct function_context *context,
                        const struct source_argument *arguments, uint32_t argument_count, struct table_source **out)
{
    const struct system_table *table = maker->user;
    (void)arguments;
    (void)argument_count;
    struct err *err = source_make(maker, arena, table->columns, table->generate, NULL, out);
    if (err == NULL) {
        (*out)->rights = context == NULL ? NULL : context->rights;
        (*out)->subject = &table->subject;
    }
    return err;
}

/* Index + 1 of a String column; 0: there is none. */
static uint32_t column_place(const struct system_table *table, const char *name)
{
    for (uint32_t i = 0; table->columns[2 * (size_t)i] != NULL; i++) {
        if (strcmp(table->columns[2 * (size_t)i], name) == 0) {
            return i + 1;
        }
    }
    return 0;
}

/* What its rows are about, by the names of its columns: a database, a table (`name`, where there is no `table`), a
 * column; or a query of a user. */
static struct row_subject subject_of(const struct system_table *table)
{
    if (strcmp(table->name, "grants") == 0) { /* who may see them sees all of them */
        return (struct row_subject){0};
    }
    struct row_subject subject = {.database = column_place(table, "database"), .table = column_place(table, "table")};
    uint32_t name = column_place(table, "name");
    if (strcmp(table->name, "processes") == 0 || strcmp(table->name, "query_log") == 0) {
        subject.user = column_place(table, "user");
    } else if (strcmp(table->name, "databases") == 0) {
        subject.database = name;
    } else if (strcmp(table->name, "columns") == 0) {
        subject.column = name;
    } else if (subject.database != 0 && subject.table == 0) {
        subject.table = name;
    }
    return subject;
}

void system_table_register(struct system_table *table)
{
    table->maker = (struct source_maker){.database = "system", .name = table->name, .make = make, .user = table};
    table->subject = subject_of(table);
    source_register(&table->maker);
}

void system_tables_register(struct server *server)
{
    static struct system_table list[] = {
        {.name = "settings", .columns = setting_columns, .generate = settings_rows},
        {.name = "metrics", .columns = metric_columns, .generate = metrics},
    };
    if (the_server == NULL) {
        for (size_t k = 0; k < sizeof(list) / sizeof(list[0]); k++) {
            system_table_register(&list[k]);
        }
        system_queries_register();
        system_stored_register();
        system_indexes_register();
        system_retention_register();
        system_access_register();
        system_async_inserts_register();
        dictionaries_register();
    }
    the_server = server;
    system_sources_register();
    system_backups_register();
    system_mutations_register();
    system_quarantine_register();
}
