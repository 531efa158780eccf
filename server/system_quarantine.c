/*
 * system_quarantine.c: system.quarantined_segments: what is damaged, and which messages it held.
 */
#include "server/system_tables.h"
#include "storage/quarantine.h"
#include "storage/table.h"

static const char *const columns[] = {"database", "String",        "table",  "String", "partition", "String", "pack",
                                      "UInt64",   "offset",        "UInt64", "rows",   "UInt64",    "bytes",  "UInt64",
                                      "found_at", "DateTime64(6)", "cause",  "String", "messages",  "String", NULL};

static struct err *rows_of(struct source_rows *rows, const struct table_def *def, const struct quarantined *one,
                           bool *stop)
{
    source_row_text(rows, 0, slice_text(def->database));
    source_row_text(rows, 1, slice_text(def->name));
    source_row_text(rows, 2, one->partition);
    source_row_uint(rows, 3, one->pack);
    source_row_uint(rows, 4, one->offset);
    source_row_uint(rows, 5, one->rows);
    source_row_uint(rows, 6, one->bytes);
    source_row_int(rows, 7, one->at_us);
    source_row_text(rows, 8, one->reason);
    source_row_text(rows, 9, one->messages);
    return source_row_end(rows, stop);
}

static struct err *generate(struct table_source *source, struct arena *arena, const struct source_request *request,
                            struct source_output *output)
{
    struct err *err = NULL;
    struct source_rows *rows = NULL;
    struct table **tables = NULL;
    struct table_def **defs = NULL;
    struct quarantined *list = NULL;
    uint32_t table_count = 0, count = 0;
    bool stop = false;

    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    OR_DONE(catalogue_tables(system_server()->store->catalogue, arena, NULL, &tables, &defs, &table_count));
    for (uint32_t i = 0; i < table_count && !stop; i++) {
        OR_DONE(quarantine_list(tables[i], arena, &list, &count));
        for (uint32_t k = 0; k < count && !stop; k++) {
            OR_DONE(rows_of(rows, defs[i], &list[k], &stop));
        }
    }
    err = source_rows_end(rows);
done:
    return err;
}

void system_quarantine_register(void)
{
    static struct system_table table = {.name = "quarantined_segments", .columns = columns, .generate = generate};
    system_table_register(&table);
}
