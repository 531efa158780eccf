/*
 * live_every.c: see live_every.h.
 */
#include "server/live_every.h"

#include "server/completeness.h"
#include "server/data_time.h"
#include "storage/catalogue.h"
#include "storage/snapshot.h"
#include "storage/table.h"

static struct err *count_rows(struct execution *execution, const struct data_table *name, uint64_t *rows)
{
    struct snapshot *snapshot = NULL;
    const char *database = arena_text(execution->arena, name->database);
    const char *table_name = arena_text(execution->arena, name->name);
    if (database == NULL || table_name == NULL) {
        return arena_error(execution->arena);
    }
    struct table *table = catalogue_table_find(execution->server->store->catalogue, database, table_name);
    struct err *err = table == NULL ? NULL : snapshot_take(table, &snapshot);
    if (snapshot != NULL) {
        *rows += snapshot_rows(snapshot);
    }
    snapshot_unref(snapshot);
    table_unref(table);
    return err;
}

struct err *live_every_step(struct execution *execution, const struct live_spec *spec, uint64_t *step)
{
    struct err *err = NULL;
    struct data_table *tables;
    struct data_time time;
    uint32_t count;
    uint64_t rows = 0;

    *step = 0;
    OR_DONE(completeness_tables(execution, execution->arena, &tables, &count));
    if (spec->every_us > 0) {
        OR_DONE(data_time_of(execution->server, execution->arena, tables, count, &time));
        *step = time.known && time.t_us > 0 ? (uint64_t)(time.t_us / spec->every_us) + 1 : 0;
        goto done;
    }
    for (uint32_t i = 0; i < count; i++) {
        OR_DONE(count_rows(execution, &tables[i], &rows));
    }
    *step = rows / spec->every_rows + 1;
done:
    return err;
}
