/*
 * merge_read.c: rows of a merge's inputs, of any schema version, with the columns of its output.
 *
 * flow     merge.c, compactor.c (splits of mixed segments) → here → segment reader, evolve.c
 */
#include "storage/evolve.h"
#include "storage/merge.h"

struct granule {
    struct segment *segment;
    const struct row_set *deleted; /* or NULL */
    uint32_t granule;
    uint32_t live; /* rows that were not deleted */
};

uint32_t merge_live_rows(const struct merge *merge, uint32_t input, const struct segment *segment, uint32_t granule)
{
    const struct row_set *deleted = table_segment_deleted_read(merge->inputs[input]);
    return segment_granule_rows(segment, granule) - (deleted == NULL ? 0 : row_set_count_in(deleted, granule));
}

static struct granule granule_of(const struct merge *merge, uint32_t input, struct segment *segment, uint32_t granule)
{
    return (struct granule){segment, table_segment_deleted_read(merge->inputs[input]), granule,
                            merge_live_rows(merge, input, segment, granule)};
}

static struct err *read_id(void *user, struct arena *arena, uint32_t id, struct column **out)
{
    const struct granule *from = user;
    int32_t index = segment_column_find(from->segment, id);
    struct err *err = NULL;
    uint32_t rows = segment_granule_rows(from->segment, from->granule);

    *out = NULL;
    if (index < 0) {
        return NULL;
    }
    OR_DONE(segment_read(from->segment, arena, from->granule, (uint32_t)index, out));
    if (from->live < rows) {
        uint32_t *positions = ARENA_ARRAY(arena, uint32_t, rows);
        if (positions == NULL) {
            return arena_error(arena);
        }
        (void)row_set_rows(from->deleted, from->granule, rows, false, positions);
        *out = column_take(arena, *out, positions, from->live);
        err = *out == NULL ? arena_error(arena) : NULL;
    }
done:
    return err;
}

static struct err *read_column(const struct merge *merge, struct evolution *evolution, struct arena *arena,
                               uint32_t column, struct column **out)
{
    struct err *err = NULL;
    uint32_t id = table_column_id(merge->def, column);
    if (evolution->from_version < merge->def->schema_version && column < merge->def->column_count) {
        return evolve_column(evolution, arena, column, out);
    }
    OR_DONE(read_id(evolution->user, arena, id, out));
    if (*out == NULL) {
        err = err_new(ERR_CORRUPT, "a segment of schema version %u has no column with id %u", evolution->from_version,
                      id);
    }
done:
    return err;
}

static struct evolution evolution_of(const struct merge *merge, uint32_t input, struct granule *from)
{
    return (struct evolution){.table = merge->table,
                              .def = merge->def,
                              /* of the same layout: as if it were of the same version */
                              .from_version = merge->evolved[input] ? segment_schema_version(from->segment)
                                                                    : merge->def->schema_version,
                              .row_count = from->live,
                              .read = read_id,
                              .user = from};
}

struct err *merge_read_column(const struct merge *merge, uint32_t input, struct segment *segment, struct arena *arena,
                              uint32_t granule, uint32_t column, struct column **out)
{
    struct granule from = granule_of(merge, input, segment, granule);
    struct evolution evolution = evolution_of(merge, input, &from);
    return read_column(merge, &evolution, arena, column, out);
}

struct err *merge_written(const struct merge *merge, struct arena *arena, struct chunk *chunk, struct chunk **out)
{
    *out = chunk;
    if (merge->into == NULL) {
        return NULL;
    }
    *out = chunk_new(arena, chunk->column_count, chunk->row_count);
    for (uint32_t c = 0; *out != NULL && c < chunk->column_count; c++) {
        (*out)->columns[c] = chunk->columns[merge->into_places[c]];
    }
    return *out == NULL ? arena_error(arena) : NULL;
}

struct err *merge_read(struct merge *merge, uint32_t input, struct segment *segment, struct arena *arena,
                       uint32_t granule, struct chunk **out)
{
    struct err *err = NULL;
    struct granule from = granule_of(merge, input, segment, granule);
    struct evolution evolution = evolution_of(merge, input, &from);
    uint32_t columns = table_column_count(merge->def);
    struct chunk *chunk = chunk_new(arena, columns, evolution.row_count);

    *out = chunk;
    if (chunk == NULL) {
        err = arena_error(arena);
        goto done;
    }
    if (chunk->row_count == 0) {
        goto done;
    }
    for (uint32_t c = 0; c < columns; c++) {
        OR_DONE(read_column(merge, &evolution, arena, c, &chunk->columns[c]));
    }
    if (merge->evolved[input] || merge->into != NULL) {
        struct chunk *written = NULL;
        OR_DONE(merge_written(merge, arena, chunk, &written));
        OR_DONE(chunk_row_sum(arena, written, &merge->sums[input]));
    }
done:
    return err;
}
