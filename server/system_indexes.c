/*
 * system_indexes.c: system.data_skipping_indices: indexes that tables ask for, and those that merges made by the rule.
 */
#include "server/system_tables.h"

#include "base/text.h"
#include "server/server.h"
#include "storage/index.h"
#include "storage/segment.h"
#include "storage/snapshot.h"
#include "storage/store.h"
#include "storage/table.h"

#include <string.h>

static const char *const index_columns[] = {"database",
                                            "String",
                                            "table",
                                            "String",
                                            "name",
                                            "String",
                                            "type",
                                            "String",
                                            "type_full",
                                            "String",
                                            "expr",
                                            "String",
                                            "creation",
                                            "Enum8('Explicit' = 0, 'Implicit' = 1)",
                                            "granularity",
                                            "UInt64",
                                            "data_compressed_bytes",
                                            "UInt64",
                                            "data_uncompressed_bytes",
                                            "UInt64",
                                            "marks_bytes",
                                            "UInt64",
                                            NULL};

/* One that segments have by the rule. */
struct implicit_index {
    struct index_shape shape; /* its column is one of the definition's */
    uint64_t bytes;
};

struct index_list {
    struct arena *arena;
    const struct table_def *def;
    uint64_t *bytes; /* of each of the definition's */
    struct implicit_index *implicit;
    uint32_t implicit_count, implicit_room;
};

static bool same(const struct index_def *def, const struct index_shape *shape)
{
    return def->kind == (uint32_t)shape->kind && def->input == (uint32_t)shape->input && def->column == shape->column &&
           def->parameter == shape->parameter && def->granularity == shape->group;
}

static struct err *count_implicit(struct index_list *list, const struct index_shape *shape, uint64_t bytes)
{
    for (uint32_t k = 0; k < list->implicit_count; k++) {
        if (list->implicit[k].shape.kind == shape->kind && list->implicit[k].shape.column == shape->column) {
            list->implicit[k].bytes += bytes;
            return NULL;
        }
    }
    if (list->implicit_count == list->implicit_room) {
        uint32_t room = list->implicit_room == 0 ? 8 : list->implicit_room * 2;
        struct implicit_index *grown = ARENA_ARRAY(list->arena, struct implicit_index, room);
        if (grown == NULL) {
            return arena_error(list->arena);
        }
        if (list->implicit_count > 0) {
            memcpy(grown, list->implicit, list->implicit_count * sizeof(*grown));
        }
        list->implicit = grown;
        list->implicit_room = room;
    }
    list->implicit[list->implicit_count++] = (struct implicit_index){*shape, bytes};
    return NULL;
}

static struct err *count_segment(struct index_list *list, const struct segment *segment)
{
    struct err *err = NULL;
    for (uint32_t k = 0; k < segment_index_count(segment); k++) {
        struct index_shape shape = *segment_index(segment, k);
        uint32_t id = segment_column(segment, shape.column)->id, d = 0;
        shape.column = 0;
        while (shape.column < list->def->column_count && list->def->columns[shape.column].id != id) {
            shape.column++;
        }
        while (d < list->def->index_count && !same(&list->def->indexes[d], &shape)) {
            d++;
        }
        if (d < list->def->index_count) {
            list->bytes[d] += segment_index_bytes(segment, k);
        } else if (shape.column < list->def->column_count) {
            OR_DONE(count_implicit(list, &shape, segment_index_bytes(segment, k)));
        }
    }
done:
    return err;
}

struct index_row {
    const char *name, *type, *expression;
    bool implicit;
    uint64_t granularity, bytes;
};

static struct err *put(struct source_rows *rows, const struct table_def *def, const struct index_row *row, bool *stop)
{
    const char *open = strchr(row->type, '(');
    size_t length = open == NULL ? strlen(row->type) : (size_t)(open - row->type);
    source_row_text(rows, 0, slice_text(def->database));
    source_row_text(rows, 1, slice_text(def->name));
    source_row_text(rows, 2, slice_text(row->name));
    source_row_text(rows, 3, slice_of(row->type, length));
    source_row_text(rows, 4, slice_text(row->type));
    source_row_text(rows, 5, slice_text(row->expression));
    source_row_int(rows, 6, row->implicit);
    source_row_uint(rows, 7, row->granularity);
    source_row_uint(rows, 8, row->bytes);
    source_row_uint(rows, 9, row->bytes);
    source_row_uint(rows, 10, 0);
    return source_row_end(rows, stop);
}

static struct err *table_rows(struct source_rows *rows, struct arena *arena, struct table *table, bool *stop)
{
    struct err *err = NULL;
    struct snapshot *snapshot = NULL;

    OR_DONE(snapshot_take(table, &snapshot));
    struct index_list list = {.arena = arena, .def = snapshot_def(snapshot)};
    list.bytes = arena_zalloc(arena, (list.def->index_count + 1U) * sizeof(*list.bytes));
    if (list.bytes == NULL) {
        err = arena_error(arena);
        goto done;
    }
    for (uint32_t k = 0; k < snapshot_segment_count(snapshot); k++) {
        struct segment *segment = NULL;
        OR_DONE(snapshot_segment_open(snapshot, k, &segment));
        err = count_segment(&list, segment);
        segment_unref(segment);
        if (err != NULL) {
            goto done;
        }
    }
    for (uint32_t k = 0; k < list.def->index_count && !*stop; k++) {
        const struct index_def *index = &list.def->indexes[k];
        const struct index_row row = {index->name, index->type,        index->expression,
                                      false,       index->granularity, list.bytes[k]};
        OR_DONE(put(rows, list.def, &row, stop));
    }
    for (uint32_t k = 0; k < list.implicit_count && !*stop; k++) {
        const struct implicit_index *index = &list.implicit[k];
        const char *column = list.def->columns[index->shape.column].name;
        const char *name = arena_format(arena, "%s of %s", index_kind_name(index->shape.kind), column);
        const struct index_row row = {name,        index_kind_name(index->shape.kind), column, true, index->shape.group,
                                      index->bytes};
        OR_DONE(name == NULL ? arena_error(arena) : NULL);
        OR_DONE(put(rows, list.def, &row, stop));
    }
done:
    snapshot_unref(snapshot);
    return err;
}

static struct err *indexes(struct table_source *source, struct arena *arena, const struct source_request *request,
                           struct source_output *output)
{
    struct err *err = NULL;
    struct source_rows *rows = NULL;
    struct table **list;
    struct table_def **defs;
    uint32_t count;
    bool stop = false;
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    OR_DONE(catalogue_tables(system_server()->store->catalogue, arena, NULL, &list, &defs, &count));
    for (uint32_t t = 0; t < count && !stop; t++) {
        OR_DONE(table_rows(rows, arena, list[t], &stop));
    }
    err = source_rows_end(rows);
done:
    return err;
}

void system_indexes_register(void)
{
    static struct system_table table = {.name = "data_skipping_indices", .columns = index_columns, .generate = indexes};
    system_table_register(&table);
}
