/*
 * insert_combine.c: see insert_combine.h.
 *
 * flow     insert.c → here → sort.h, gather.h, combining.h
 * keys     the value of PARTITION BY, then the sort key; equal ones keep the order of insertion
 * memory   twice the INSERT's rows, or those of one part of a large one
 */
#include "storage/insert_combine.h"

#include "base/metrics.h"
#include "storage/combining.h"
#include "storage/gather.h"
#include "storage/sort.h"
#include "storage/table_private.h"

METRIC_COUNTER(combined, "weir_insert_combined_rows_total",
               "rows of INSERTs that optimize_on_insert combined with others before they were stored");

struct combine_insert {
    struct arena *arena;
    struct table *table;
    const struct table_def *def;
    struct chunk **chunks;
    uint32_t count;
    uint32_t key_count;          /* PARTITION BY's first, if there is one */
    const struct column ***keys; /* [key][chunk] */
    struct sort_chunk *sorted;
};

static struct err *evaluate_keys(struct combine_insert *own)
{
    struct err *err = NULL;
    struct arena *arena = own->arena;
    const struct table_def *def = own->def;
    bool parted = def->partition_by[0] != 0;

    own->key_count = def->order_by_count + (parted ? 1 : 0);
    own->keys = ARENA_ARRAY(arena, const struct column **, own->key_count + 1U);
    own->sorted = ARENA_ARRAY(arena, struct sort_chunk, own->count + 1U);
    for (uint32_t k = 0; own->keys != NULL && k < own->key_count; k++) {
        own->keys[k] = ARENA_ARRAY(arena, const struct column *, own->count + 1U);
        own->keys = own->keys[k] == NULL ? NULL : own->keys;
    }
    if (own->keys == NULL || own->sorted == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < own->count; i++) {
        const struct column **keys = ARENA_ARRAY(arena, const struct column *, own->key_count + 1U);
        if (keys == NULL) {
            return arena_error(arena);
        }
        for (uint32_t k = 0; k < own->key_count; k++) {
            struct column *column = NULL;
            bool partition = parted && k == 0;
            uint32_t index = partition ? 0 : k - (parted ? 1 : 0);
            int plain = partition ? -1 : table_plain_column(def, def->order_by[index]);
            if (plain >= 0) {
                column = own->chunks[i]->columns[plain];
            } else {
                OR_DONE(table_evaluate(def, table_program_of(own->table, def), arena,
                                       partition ? TABLE_PARTITION_BY : TABLE_ORDER_BY, index, own->chunks[i],
                                       &column));
            }
            keys[k] = column_flat(arena, column);
            own->keys[k][i] = keys[k];
            if (keys[k] == NULL) {
                return arena_error(arena);
            }
        }
        own->sorted[i] = (struct sort_chunk){keys, own->chunks[i]->row_count};
    }
done:
    return err;
}

/* Has each row the keys of the one before? */
static struct err *find_same(const struct combine_insert *own, const uint32_t *order, uint32_t rows, uint8_t **out)
{
    struct err *err = NULL;
    uint8_t *same = arena_zalloc(own->arena, (size_t)rows + 1);
    if (same == NULL) {
        return arena_error(own->arena);
    }
    memset(same, 1, (size_t)rows + 1);
    same[0] = 0;
    for (uint32_t k = 0; k < own->key_count; k++) {
        struct column *key = NULL;
        OR_DONE(gather_rows(own->arena, NULL, own->keys[k], own->count, order, rows, &key));
        for (uint32_t row = 1; row < rows; row++) {
            same[row] = same[row] && column_compare(key, row - 1, key, row) == 0;
        }
    }
    *out = same;
done:
    return err;
}

static struct err *cut(struct combine_insert *own, const struct chunk *rows)
{
    own->count = 0;
    own->chunks = ARENA_ARRAY(own->arena, struct chunk *, rows->row_count / CHUNK_ROWS_MAX + 2U);
    if (own->chunks == NULL) {
        return arena_error(own->arena);
    }
    for (uint32_t begin = 0; begin < rows->row_count; begin += CHUNK_ROWS_MAX) {
        uint32_t left = rows->row_count - begin;
        const struct chunk *part =
            chunk_part(own->arena, rows, begin, begin + (left < CHUNK_ROWS_MAX ? left : CHUNK_ROWS_MAX));
        /* with room for hidden columns */
        struct chunk *chunk =
            part == NULL ? NULL : chunk_new(own->arena, part->column_count + COLUMN_HIDDEN_COUNT, part->row_count);
        if (chunk == NULL) {
            return arena_error(own->arena);
        }
        chunk->column_count = part->column_count;
        memcpy(chunk->columns, part->columns, part->column_count * sizeof(struct column *));
        own->chunks[own->count++] = chunk;
    }
    return NULL;
}

struct err *insert_combine(struct arena *arena, struct table *table, const struct table_def *def,
                           struct chunk ***chunks, uint32_t *count)
{
    struct err *err = NULL;
    struct combine_insert own = {.arena = arena, .table = table, .def = def, .chunks = *chunks, .count = *count};
    struct combining *combining = NULL;
    struct combiner *combiner = NULL;
    struct combine_result result;
    uint32_t *order = NULL, *places = ARENA_ARRAY(arena, uint32_t, def->column_count + 1U);
    struct column **columns = ARENA_ARRAY(arena, struct column *, def->column_count + 1U);
    uint8_t *same = NULL;
    uint64_t rows = 0;

    if (places == NULL || columns == NULL) {
        return arena_error(arena);
    }
    OR_DONE(combining_of(arena, table, def, &combining));
    if (combining == NULL || own.count == 0) {
        goto done;
    }
    OR_DONE(evaluate_keys(&own));
    OR_DONE(sort_rows(arena, own.sorted, own.count, own.key_count, &order, &rows, NULL));
    OR_DONE(find_same(&own, order, (uint32_t)rows, &same));
    if (memchr(same, 1, (size_t)rows) == NULL && !combining->drops_zeros) {
        goto done; /* every row has a key of its own */
    }
    for (uint32_t c = 0; c < def->column_count; c++) {
        const struct column **parts = ARENA_ARRAY(arena, const struct column *, own.count + 1U);
        for (uint32_t i = 0; parts != NULL && i < own.count; i++) {
            parts[i] = own.chunks[i]->columns[c];
        }
        if (parts == NULL) {
            err = arena_error(arena);
            goto done;
        }
        places[c] = c;
        OR_DONE(gather_rows(arena, NULL, parts, own.count, order, (uint32_t)rows, &columns[c]));
    }
    OR_DONE(combiner_create(arena, combining, def, places, def->column_count, false, false, &combiner));
    const struct combine_batch batch = {.row_count = (uint32_t)rows, .columns = columns, .same = same};
    OR_DONE(combiner_run(combiner, arena, &batch, true, &result));
    OR_DONE(cut(&own, result.rows));
    *chunks = own.chunks;
    *count = own.count;
    metric_add(&metric_combined, rows - result.rows->row_count);
done:
    return err_while(err, "combining the rows of an INSERT");
}
