/*
 * defaults.c: DEFAULT and MATERIALIZED columns of rows that do not give them.
 *
 * flow     storage/insert.c, ingest/decode.c, ingest/transform.c, server/insert.c → here → the table's program
 */
#include "storage/gather.h"
#include "storage/sort.h"
#include "storage/table_private.h"

bool table_column_has_default(const struct column_def *column)
{
    return column->default_kind == COLUMN_DEFAULT_DEFAULT || column->default_kind == COLUMN_DEFAULT_MATERIALIZED;
}

/* The expression's values where a row misses one, the rows' own elsewhere. */
static struct err *fill_some(struct table *table, const struct table_def *def, struct arena *arena, struct chunk *chunk,
                             uint32_t index, const uint8_t *missing)
{
    struct err *err = NULL;
    struct column *values = NULL;
    uint32_t *order = ARENA_ARRAY(arena, uint32_t, chunk->row_count);
    if (order == NULL) {
        return arena_error(arena);
    }
    OR_DONE(table_evaluate(def, table_program_of(table, def), arena, TABLE_DEFAULT, index, chunk, &values));
    for (uint32_t row = 0; row < chunk->row_count; row++) {
        order[row] = (missing[row] != 0 ? 1U << SORT_ROW_BITS : 0) | row;
    }
    const struct column *both[2] = {chunk->columns[index], values};
    err = gather_rows(arena, NULL, both, 2, order, chunk->row_count, &chunk->columns[index]);
done:
    return err;
}

struct err *table_fill_defaults(struct table *table, const struct table_def *def, struct arena *arena,
                                struct chunk *chunk, const uint8_t *const *missing)
{
    struct err *err = NULL;
    bool *whole = ARENA_ARRAY(arena, bool, (size_t)def->column_count + 1);
    if (whole == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < def->column_count; i++) { /* expressions see every column */
        whole[i] = chunk->columns[i] == NULL;
        if (whole[i]) {
            chunk->columns[i] = column_default(arena, def->columns[i].type, chunk->row_count);
        }
        if (chunk->columns[i] == NULL) {
            return arena_error(arena);
        }
    }
    for (uint32_t i = 0; i < def->column_count; i++) {
        const struct column_def *column = &def->columns[i];
        if (!table_column_has_default(column)) {
            continue;
        }
        if (whole[i]) {
            OR_DONE(err_while(
                table_evaluate(def, table_program_of(table, def), arena, TABLE_DEFAULT, i, chunk, &chunk->columns[i]),
                "default value of column %s", column->name));
        } else if (missing != NULL && missing[i] != NULL && memchr(missing[i], 1, chunk->row_count) != NULL) {
            OR_DONE(err_while(fill_some(table, def, arena, chunk, i, missing[i]), "default value of column %s",
                              column->name));
        }
    }
done:
    return err;
}
