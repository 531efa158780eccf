/*
 * segment_check.c: does a segment's footer say the truth about its rows?
 *
 * flow     storage/verify.c (weir check, VERIFY TABLE) → here → storage/segment_reader.c
 * checks   each block against its checksum and its form; zones against the values; dictionaries sorted and distinct;
 *          indexes against the values; the key index against the first rows; rows in order of the sort key, over
 *          granules too; the row sum
 * memory   one granule of all columns, and the last row of the one before
 */
#include "storage/segment.h"

#include "base/interrupt.h"
#include "storage/index_bitmap.h"

#include <inttypes.h>
#include <math.h>

static struct err *wrong(const struct segment *segment, uint32_t column, uint32_t granule, const char *what)
{
    return err_new(ERR_CORRUPT, "\"%s\", column %u, granule %u: %s", segment_path(segment), column, granule, what);
}

static bool is_nan(const struct type *type, const void *value)
{
    return (type->kind == TYPE_FLOAT64 && isnan(*(const double *)value)) ||
           (type->kind == TYPE_FLOAT32 && isnan(*(const float *)value));
}

static __int128 number_of(const struct type *type, const void *value)
{
    bool is_signed = type_is_signed(type) || type->kind == TYPE_DECIMAL;
    switch (type->width) {
    case 1:
        return is_signed ? *(const int8_t *)value : *(const uint8_t *)value;
    case 2:
        return is_signed ? *(const int16_t *)value : *(const uint16_t *)value;
    case 4:
        return is_signed ? (__int128)*(const int32_t *)value : (__int128)*(const uint32_t *)value;
    default:
        return is_signed ? (__int128)*(const int64_t *)value : (__int128)*(const uint64_t *)value;
    }
}

static bool has_sum(const struct type *type)
{
    return type->width <= 8 && (type_is_integer(type) || type->kind == TYPE_BOOL || type->kind == TYPE_DECIMAL);
}

/* A zone's bound as one row; the text of a string's bound. */
struct bound {
    struct slice text;
    struct column column;
};

static void bound_make(struct bound *bound, const struct type *type, const union zone_value *value)
{
    bound->text = slice_of(value->string.text, value->string.length);
    bound->column = (struct column){.type = type, .form = COLUMN_FLAT, .row_count = 1};
    bound->column.values = type->kind == TYPE_STRING ? (void *)&bound->text : (void *)(uintptr_t)value->bytes;
}

static struct err *check_zone(const struct segment *segment, const struct column *column, uint32_t index,
                              uint32_t granule)
{
    const struct type *type = column->type;
    const struct zone *zone = segment_zone(segment, granule, index), *all = segment_zone_all(segment, index);
    struct bound min, max, all_min, all_max;
    uint32_t null_count = 0;
    bool min_found = false, max_found = false;
    __int128 sum = 0;

    if (type_is_nested(type)) {
        bool none = !zone->known && !all->known && zone->null_count == 0 && zone->sum == 0;
        return none ? NULL : wrong(segment, index, granule, "a zone of arrays, tuples or maps");
    }
    bound_make(&min, type, &zone->min);
    bound_make(&max, type, &zone->max);
    bound_make(&all_min, type, &all->min);
    bound_make(&all_max, type, &all->max);
    for (uint32_t row = 0; row < column->row_count; row++) {
        if (column_is_null(column, row)) {
            null_count++;
            continue;
        }
        const void *value = column_value(column, row);
        if (has_sum(type)) {
            sum += number_of(type, value);
        }
        if (zone->known && !is_nan(type, value)) {
            int low = column_compare(&min.column, 0, column, row), high = column_compare(&max.column, 0, column, row);
            if (low > 0 || high < 0) {
                return wrong(segment, index, granule, "a value lies outside its zone");
            }
            min_found = min_found || low == 0;
            max_found = max_found || high == 0;
        }
        if (all->known && !is_nan(type, value) && !zone->known) {
            return wrong(segment, index, granule, "the segment's zone is bounded, but this granule's is not");
        }
    }
    if (zone->known && zone->exact && (!min_found || !max_found)) {
        return wrong(segment, index, granule, "its zone is not exact");
    }
    if (zone->known && all->known &&
        (column_compare(&all_min.column, 0, &min.column, 0) > 0 ||
         column_compare(&all_max.column, 0, &max.column, 0) < 0)) {
        return wrong(segment, index, granule, "its zone lies outside the segment's");
    }
    if (null_count != zone->null_count) {
        return err_new(ERR_CORRUPT, "\"%s\", column %u, granule %u: %u NULLs, but its zone map says %u",
                       segment_path(segment), index, granule, null_count, zone->null_count);
    }
    return sum == zone->sum ? NULL : wrong(segment, index, granule, "its values do not add up to its zone's sum");
}

struct index_look {
    const struct index_shape *shape;
    struct slice block;
};

static bool look_for(void *user, uint64_t hash)
{
    const struct index_look *look = user;
    return index_block_has(look->shape, look->block, hash);
}

/* Does every index know the granule's values? */
static struct err *check_indexes(struct segment *segment, struct arena *work, uint32_t granule,
                                 const struct chunk *chunk)
{
    struct err *err = NULL;
    for (uint32_t k = 0; k < segment_index_count(segment); k++) {
        struct index_look look = {segment_index(segment, k), {NULL, 0}};
        OR_DONE(segment_index_block(segment, work, k, granule, &look.block));
        const struct column *column = chunk->columns[look.shape->column];
        if (look.shape->kind == INDEX_BITMAP) {
            if (look.block.length > 0 && !index_bitmap_agrees(look.block, granule % look.shape->group, column)) {
                return wrong(segment, look.shape->column, granule, "its bitmaps are not those of its rows");
            }
        } else if (look.block.length > 0 && !index_hashes(work, look.shape, column, look_for, &look)) {
            return wrong(segment, look.shape->column, granule, "a value is missing in an index");
        }
    }
done:
    return err;
}

static struct err *check_dictionary(struct segment *segment, uint32_t index)
{
    const struct column *entries = NULL;
    struct err *err = segment_dictionary(segment, index, &entries);
    for (uint32_t k = 1; err == NULL && entries != NULL && k < entries->row_count; k++) {
        if (column_compare(entries, k - 1, entries, k) >= 0) {
            err = err_new(ERR_CORRUPT, "\"%s\", column %u: entry %u of its dictionary is out of order",
                          segment_path(segment), index, k);
        }
    }
    return err;
}

/* Order of two rows by the key columns. */
static int compare_rows(const struct segment *segment, const struct chunk *a, uint32_t row_a, const struct chunk *b,
                        uint32_t row_b)
{
    int order = 0;
    for (uint32_t key = 0; order == 0 && key < segment_key_count(segment); key++) {
        uint32_t column = segment_key_column(segment, key);
        order = column_compare(a->columns[column], row_a, b->columns[column], row_b);
    }
    return order;
}

/* last: the row before the granule, or NULL. */
static struct err *check_granule(struct segment *segment, uint32_t granule, const struct chunk *chunk,
                                 struct column *const *index, const struct chunk *last)
{
    for (uint32_t k = 0; k < chunk->column_count; k++) {
        struct err *err = check_zone(segment, chunk->columns[k], k, granule);
        if (err != NULL) {
            return err;
        }
    }
    for (uint32_t key = 0; key < segment_key_count(segment); key++) {
        if (column_compare(index[key], granule, chunk->columns[segment_key_column(segment, key)], 0) != 0) {
            return wrong(segment, segment_key_column(segment, key), granule, "its first row is not the key index's");
        }
    }
    for (uint32_t row = last == NULL ? 1 : 0; row < chunk->row_count; row++) {
        if (compare_rows(segment, row == 0 ? last : chunk, row == 0 ? 0 : row - 1, chunk, row) > 0) {
            return err_new(ERR_CORRUPT, "\"%s\", granule %u: row %u is out of order", segment_path(segment), granule,
                           row);
        }
    }
    return NULL;
}

struct err *segment_check(struct segment *segment)
{
    struct err *err = NULL;
    unsigned __int128 row_sum = 0;
    uint32_t key_count = segment_key_count(segment);
    struct arena *keys = arena_create(NULL), *work = arena_create(NULL), *before = arena_create(NULL);
    struct chunk *last = NULL;

    if (keys == NULL || work == NULL || before == NULL) {
        err = err_oom();
        goto done;
    }
    struct column **index = ARENA_ARRAY(keys, struct column *, key_count + 1);
    if (index == NULL) {
        err = arena_error(keys);
        goto done;
    }
    for (uint32_t key = 0; key < key_count; key++) {
        OR_DONE(segment_key_index(segment, keys, key, &index[key]));
    }
    for (uint32_t k = 0; k < segment_column_count(segment); k++) {
        OR_DONE(check_dictionary(segment, k));
    }
    for (uint32_t granule = 0; granule < segment_granule_count(segment); granule++) {
        uint32_t rows = segment_granule_rows(segment, granule);
        struct chunk *chunk = chunk_new(work, segment_column_count(segment), rows);
        OR_DONE(interrupt_check());
        if (chunk == NULL) {
            err = arena_error(work);
            goto done;
        }
        for (uint32_t k = 0; k < chunk->column_count; k++) {
            OR_DONE(segment_read(segment, work, granule, k, &chunk->columns[k]));
        }
        OR_DONE(check_granule(segment, granule, chunk, index, last));
        OR_DONE(check_indexes(segment, work, granule, chunk));
        OR_DONE(chunk_row_sum(work, chunk, &row_sum));
        arena_reset(before);
        struct chunk *row = chunk_part(work, chunk, rows - 1, rows);
        last = row == NULL ? NULL : chunk_copy(before, row);
        if (last == NULL) {
            err = err_oom();
            goto done;
        }
        arena_reset(work);
    }
    if (row_sum != segment_row_sum(segment)) {
        err = err_new(ERR_CORRUPT, "\"%s\": the rows of a segment do not add up to its row sum", segment_path(segment));
    }
done:
    arena_destroy(keys);
    arena_destroy(work);
    arena_destroy(before);
    return err;
}
