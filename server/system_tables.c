/*
 * system_tables.c: what the server knows of itself, as tables: their registration.
 *
 * Each table is a generator (query/table_source.h): names and types, and a function that emits rows. What is stored is
 * in system_stored.c, sources and offsets in system_sources.c, queries in system_queries.c, settings in
 * system_settings.c, counters in system_numbers.c, what SQL has in system_about.c.
 * data     a source's data is the query's function_context
 */
#include "server/system_tables.h"

#include "server/alerts.h"
#include "server/dictionaries.h"

#include <string.h>

static struct server *the_server; /* the one that runs in this process; set before it listens */

struct server *system_server(void)
{
    return the_server;
}

/* ---- registration */

/* Adds the aliases behind the columns. */
static struct err *add_aliases(struct arena *arena, const char *const *names, struct table_source *source)
{
    uint32_t count = 0;
    while (names[2 * (size_t)count] != NULL) {
        count++;
    }
    uint32_t columns = source->column_count;
    struct source_column *all = ARENA_ARRAY(arena, struct source_column, columns + count);
    struct source_alias *aliases = ARENA_ARRAY(arena, struct source_alias, count);
    if (all == NULL || aliases == NULL) {
        return arena_error(arena);
    }
    memcpy(all, source->columns, columns * sizeof(*all));
    for (uint32_t k = 0; k < count; k++) {
        uint32_t of = 0;
        while (of < columns && !slice_equal(all[of].name, slice_text(names[2 * (size_t)k + 1]))) {
            of++;
        }
        ASSERT(of < columns);
        all[columns + k] = (struct source_column){slice_text(names[2 * (size_t)k]), all[of].type};
        aliases[k] = (struct source_alias){.column = columns + k, .of = of};
    }
    source->columns = all;
    source->column_count += count;
    source->hidden_count = count;
    source->aliases = aliases;
    source->alias_count = count;
    return NULL;
}

static struct err *make(const struct source_maker *maker, struct arena *arena, const struct function_context *context,
                        const struct source_argument *arguments, uint32_t argument_count, struct table_source **out)
{
    const struct system_table *table = maker->user;
    (void)arguments;
    (void)argument_count;
    void *data = (void *)(uintptr_t)context; /* only read */
    struct err *err = source_make(maker, arena, table->columns, table->generate, data, out);
    if (err == NULL && table->aliases != NULL) {
        err = add_aliases(arena, table->aliases, *out);
    }
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
    subject.table = strcmp(table->name, "view_refreshes") == 0 ? column_place(table, "view") : subject.table;
    if (strcmp(table->name, "processes") == 0 || strcmp(table->name, "query_log") == 0 ||
        strcmp(table->name, "live_queries") == 0) {
        subject.user = column_place(table, "user");
    } else if (strcmp(table->name, "databases") == 0) {
        subject.database = name;
    } else if (strcmp(table->name, "columns") == 0) {
        subject.column = name;
    } else if (strcmp(table->name, "parts_columns") == 0) {
        subject.column = column_place(table, "column");
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
    if (the_server == NULL) {
        system_settings_register();
        system_numbers_register();
        system_metric_log_register();
        system_about_register();
        system_queries_register();
        system_stored_register();
        system_indexes_register();
        system_retention_register();
        system_access_register();
        system_async_inserts_register();
        system_live_register();
        dictionaries_register();
    }
    the_server = server;
    system_sources_register();
    system_alerts_register();
    system_backups_register();
    system_mutations_register();
    system_refreshes_register();
    system_quarantine_register();
}
