/*
 * system_retention.c: system.detached_parts, holds: what is set aside, and what nothing may leave.
 */
#include "server/system_tables.h"

#include "storage/partition.h"

static void text(struct source_rows *rows, uint32_t column, const char *value)
{
    source_row_text(rows, column, slice_text(value == NULL ? "" : value));
}

static const char *const detached_columns[] = {"database",
                                               "String",
                                               "table",
                                               "String",
                                               "partition_id",
                                               "Nullable(String)",
                                               "name",
                                               "String",
                                               "bytes_on_disk",
                                               "UInt64",
                                               "modification_time",
                                               "DateTime",
                                               "disk",
                                               "String",
                                               "path",
                                               "String",
                                               "reason",
                                               "Nullable(String)",
                                               "min_block_number",
                                               "Nullable(Int64)",
                                               "max_block_number",
                                               "Nullable(Int64)",
                                               "level",
                                               "Nullable(UInt32)",
                                               "rows",
                                               "UInt64",
                                               NULL};

static struct err *detached_parts(struct table_source *source, struct arena *arena,
                                  const struct source_request *request, struct source_output *output)
{
    struct err *err = NULL;
    struct source_rows *rows = NULL;
    struct ledger_segment *segments;
    struct table_def *def = NULL;
    uint32_t count;
    bool stop = false;
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    OR_DONE(ledger_detached(system_server()->store->ledger, arena, 0, &segments, &count));
    for (uint32_t k = 0; k < count && !stop; k++) {
        const struct ledger_segment *segment = &segments[k];
        if (def == NULL || def->id != segment->table_id) {
            table_def_unref(def);
            def = catalogue_table_def(system_server()->store->catalogue, segment->table_id);
        }
        if (def == NULL) { /* dropped meanwhile */
            continue;
        }
        text(rows, 0, def->database);
        text(rows, 1, def->name);
        source_row_text(rows, 2, segment->partition.length == 0 ? slice_text("all") : segment->partition);
        text(rows, 3,
             arena_format(arena, "%.*s_%llu_%llu_%u", SLICE_ARG(segment->partition), (unsigned long long)segment->pack,
                          (unsigned long long)segment->offset, segment->level));
        source_row_uint(rows, 4, segment->length);
        source_row_uint(rows, 5, (uint64_t)(segment->committed_at_us / 1000000));
        text(rows, 6, "default");
        text(rows, 7, arena_format(arena, "packs/%08llu.pack", (unsigned long long)segment->pack));
        text(rows, 8, "");
        source_row_null(rows, 9);
        source_row_null(rows, 10);
        source_row_uint(rows, 11, segment->level);
        source_row_uint(rows, 12, segment->row_count);
        OR_DONE(source_row_end(rows, &stop));
    }
    err = source_rows_end(rows);
done:
    table_def_unref(def);
    return err;
}

static const char *const hold_columns[] = {"database", "String",    "table",         "String", "reason",
                                           "String",   "placed_at", "DateTime64(6)", NULL};

static struct err *holds(struct table_source *source, struct arena *arena, const struct source_request *request,
                         struct source_output *output)
{
    struct err *err = NULL;
    struct source_rows *rows = NULL;
    struct ledger_hold *list;
    uint32_t count;
    bool stop = false;
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    OR_DONE(ledger_holds(system_server()->store->ledger, arena, 0, &list, &count));
    for (uint32_t k = 0; k < count && !stop; k++) {
        struct table_def *def = catalogue_table_def(system_server()->store->catalogue, list[k].table_id);
        if (def == NULL) {
            continue;
        }
        text(rows, 0, def->database);
        text(rows, 1, def->name);
        source_row_text(rows, 2, list[k].reason);
        source_row_int(rows, 3, list[k].placed_at_us);
        table_def_unref(def);
        OR_DONE(source_row_end(rows, &stop));
    }
    err = source_rows_end(rows);
done:
    return err;
}

void system_retention_register(void)
{
    static struct system_table list[] = {
        {.name = "detached_parts", .columns = detached_columns, .generate = detached_parts},
        {.name = "holds", .columns = hold_columns, .generate = holds},
    };
    for (size_t k = 0; k < sizeof(list) / sizeof(list[0]); k++) {
        system_table_register(&list[k]);
    }
}
