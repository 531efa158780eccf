/*
 * column.c: making, cutting, taking, copying and joining columns and chunks.
 *
 * thread   any: columns are immutable once handed on
 */
#include "storage/column.h"

#include "base/int256.h"
#include "base/interrupt.h"

#include <math.h>

struct column *column_new(struct arena *arena, const struct type *type, uint32_t row_count)
{
    struct column *column = ARENA_NEW(arena, struct column);
    if (column == NULL) {
        return NULL;
    }
    column->type = type;
    column->form = COLUMN_FLAT;
    column->row_count = row_count;
    if (type->width > 0) {
        column->values = arena_array(arena, row_count, type->width);
        if (column->values == NULL) {
            return NULL;
        }
    }
    if (type->kind == TYPE_ARRAY || type->kind == TYPE_MAP) {
        column->offsets = ARENA_ARRAY(arena, uint32_t, (size_t)row_count + 1);
        if (column->offsets == NULL) {
            return NULL;
        }
    }
    if (type->child_count > 0) {
        column->children = ARENA_ARRAY(arena, struct column *, type->child_count);
        if (column->children == NULL) {
            return NULL;
        }
        memset(column->children, 0, type->child_count * sizeof(struct column *));
    }
    if (type->nullable) {
        column->nulls = arena_array(arena, row_count, 1);
        if (column->nulls == NULL) {
            return NULL;
        }
        memset(column->nulls, 0, row_count);
    }
    return column;
}

struct column *column_const(struct arena *arena, const struct type *type, const void *value, uint32_t row_count)
{
    struct column *column = column_new(arena, type, 1);
    if (column != NULL) {
        column->form = COLUMN_CONST;
        column->row_count = row_count;
        if (type->width > 0) {
            memcpy(column->values, value, type->width);
        }
    }
    return column;
}

/* Sets one value of a new column to zero, an empty string, or a tuple or array of nothing. */
static bool clear_value(struct arena *arena, struct column *column)
{
    const struct type *type = column->type;
    if (type->width > 0) {
        memset(column->values, 0, type->width);
    }
    if (column->offsets != NULL) {
        column->offsets[0] = 0;
        column->offsets[1] = 0;
        column->children[0] = column_empty(arena, type->children[0]);
        return column->children[0] != NULL;
    }
    for (uint32_t k = 0; k < type->child_count; k++) {
        column->children[k] = column_default(arena, type->children[k], 1);
        if (column->children[k] == NULL) {
            return false;
        }
    }
    return true;
}

struct column *column_const_null(struct arena *arena, const struct type *type, uint32_t row_count)
{
    ASSERT(type->nullable);
    struct column *column = column_new(arena, type, 1);
    if (column == NULL || !clear_value(arena, column)) {
        return NULL;
    }
    column->form = COLUMN_CONST;
    column->row_count = row_count;
    column->nulls[0] = 1;
    return column;
}

struct column *column_default(struct arena *arena, const struct type *type, uint32_t row_count)
{
    if (type->nullable) {
        return column_const_null(arena, type, row_count);
    }
    struct column *column = column_new(arena, type, 1);
    if (column == NULL || !clear_value(arena, column)) {
        return NULL;
    }
    if (type->kind == TYPE_ENUM8) {
        *(int8_t *)column->values = (int8_t)type->values[0].value;
    } else if (type->kind == TYPE_ENUM16) {
        *(int16_t *)column->values = type->values[0].value;
    }
    column->form = COLUMN_CONST;
    column->row_count = row_count;
    return column;
}

struct column *column_dict(struct arena *arena, const struct type *type, uint32_t *codes, uint32_t row_count,
                           const struct column *dictionary, uint64_t dictionary_id)
{
    struct column *column = ARENA_NEW(arena, struct column);
    if (column != NULL) {
        column->type = type;
        column->form = COLUMN_DICT;
        column->row_count = row_count;
        column->codes = codes;
        column->dictionary = dictionary;
        column->dictionary_id = dictionary_id;
    }
    return column;
}

struct column *column_part(struct arena *arena, const struct column *column, uint32_t begin, uint32_t end)
{
    ASSERT(begin <= end && end <= column->row_count);
    struct column *part = ARENA_NEW(arena, struct column);
    if (part == NULL) {
        return NULL;
    }
    *part = *column;
    part->row_count = end - begin;
    if (column->form == COLUMN_CONST) {
        return part;
    }
    if (column->form == COLUMN_DICT) {
        part->codes = column->codes + begin;
        return part;
    }
    if (column->values != NULL) {
        part->values = (char *)column->values + (size_t)begin * column->type->width;
    }
    if (column->nulls != NULL) {
        part->nulls = column->nulls + begin;
    }
    if (column->offsets != NULL) {
        part->offsets = column->offsets + begin; /* still into the same child */
        return part;
    }
    if (column->type->child_count > 0) {
        part->children = ARENA_ARRAY(arena, struct column *, column->type->child_count);
        for (uint32_t k = 0; part->children != NULL && k < column->type->child_count; k++) {
            part->children[k] = column_part(arena, column->children[k], begin, end);
            if (part->children[k] == NULL) {
                return NULL;
            }
        }
        return part->children == NULL ? NULL : part;
    }
    return part;
}

/* Copies the strings of `count` values into one piece of the arena. */
static bool own_strings(struct arena *arena, struct slice *slices, uint32_t count)
{
    size_t bytes = 0;
    for (uint32_t k = 0; k < count; k++) {
        bytes += slices[k].length;
    }
    char *heap = arena_alloc_aligned(arena, bytes, 1);
    if (heap == NULL) {
        return false;
    }
    for (uint32_t k = 0; k < count; k++) {
        if (interrupted_at(k)) {
            return false;
        }
        if (slices[k].length > 0) {
            memcpy(heap, slices[k].data, slices[k].length);
        }
        slices[k].data = heap;
        heap += slices[k].length;
    }
    return true;
}

void column_own_types(struct column *column, const struct type *type)
{
    column->type = type;
    if (column->form == COLUMN_DICT) {
        column_own_types((struct column *)(uintptr_t)column->dictionary, type);
    }
    for (uint32_t k = 0; column->children != NULL && k < type->child_count; k++) {
        column_own_types(column->children[k], type->children[k]);
    }
}

struct column *column_copy(struct arena *arena, const struct column *column)
{
    struct column *copy = ARENA_NEW(arena, struct column);
    if (copy == NULL) {
        return NULL;
    }
    *copy = *column;
    uint32_t count = column->form == COLUMN_CONST ? 1 : column->row_count;
    if (column->form == COLUMN_DICT) {
        copy->codes = ARENA_ARRAY(arena, uint32_t, count);
        copy->dictionary = column_copy(arena, column->dictionary);
        if (copy->codes == NULL || copy->dictionary == NULL) {
            return NULL;
        }
        memcpy(copy->codes, column->codes, count * sizeof(uint32_t));
        return copy;
    }
    if (column->values != NULL) {
        copy->values = arena_array(arena, count, column->type->width);
        if (copy->values == NULL) {
            return NULL;
        }
        memcpy(copy->values, column->values, (size_t)count * column->type->width);
        if (column->type->kind == TYPE_STRING && !own_strings(arena, copy->values, count)) {
            return NULL;
        }
    }
    if (column->nulls != NULL) {
        copy->nulls = arena_array(arena, count, 1);
        if (copy->nulls == NULL) {
            return NULL;
        }
        memcpy(copy->nulls, column->nulls, count);
    }
    if (column->offsets != NULL) {
        copy->offsets = ARENA_ARRAY(arena, uint32_t, (size_t)count + 1);
        if (copy->offsets == NULL) {
            return NULL;
        }
        for (uint32_t k = 0; k <= count; k++) {
            copy->offsets[k] = column->offsets[k] - column->offsets[0];
        }
    }
    if (column->type->child_count > 0) {
        copy->children = ARENA_ARRAY(arena, struct column *, column->type->child_count);
        for (uint32_t k = 0; copy->children != NULL && k < column->type->child_count; k++) {
            const struct column *child = column->children[k];
            if (column->offsets != NULL) { /* only what the rows refer to */
                child = column_part(arena, child, column->offsets[0], column->offsets[count]);
            }
            copy->children[k] = child == NULL ? NULL : column_copy(arena, child);
            if (copy->children[k] == NULL) {
                return NULL;
            }
        }
        return copy->children == NULL ? NULL : copy;
    }
    return copy;
}

/* Joins the codes of columns that share one dictionary. */
static struct column *concat_codes(struct arena *arena, const struct column *const *columns, uint32_t count,
                                   uint32_t row_count)
{
    uint32_t *codes = ARENA_ARRAY(arena, uint32_t, row_count);
    if (codes == NULL) {
        return NULL;
    }
    uint32_t at = 0;
    for (uint32_t k = 0; k < count; k++) {
        memcpy(codes + at, columns[k]->codes, columns[k]->row_count * sizeof(uint32_t));
        at += columns[k]->row_count;
    }
    return column_dict(arena, columns[0]->type, codes, row_count, columns[0]->dictionary, columns[0]->dictionary_id);
}

struct column *column_concat(struct arena *arena, const struct column *const *columns, uint32_t count)
{
    ASSERT(count > 0);
    uint32_t row_count = 0;
    bool one_dictionary = true;
    for (uint32_t k = 0; k < count; k++) {
        row_count += columns[k]->row_count;
        one_dictionary &= columns[k]->form == COLUMN_DICT && columns[k]->dictionary == columns[0]->dictionary;
    }
    if (one_dictionary) {
        return concat_codes(arena, columns, count, row_count);
    }
    struct column *out = column_new(arena, columns[0]->type, row_count);
    const struct column **flats = arena_array(arena, count, sizeof(*flats));
    if (out == NULL || flats == NULL) {
        return NULL;
    }
    uint32_t at = 0, elements = 0, width = out->type->width;
    for (uint32_t k = 0; k < count; k++) {
        const struct column *flat = flats[k] = column_flat(arena, columns[k]);
        if (flat == NULL || (k > 0 && interrupted())) {
            return NULL;
        }
        if (width > 0) {
            memcpy((char *)out->values + (size_t)at * width, flat->values, (size_t)flat->row_count * width);
        }
        if (flat->nulls != NULL) {
            memcpy(out->nulls + at, flat->nulls, flat->row_count);
        }
        if (flat->offsets != NULL) {
            for (uint32_t row = 0; row < flat->row_count; row++) {
                out->offsets[at + row] = elements + flat->offsets[row] - flat->offsets[0];
            }
            elements += flat->offsets[flat->row_count] - flat->offsets[0];
        }
        at += flat->row_count;
    }
    if (out->offsets != NULL) {
        out->offsets[row_count] = elements;
    }
    for (uint32_t child = 0; child < out->type->child_count; child++) {
        const struct column **pieces = arena_array(arena, count, sizeof(*pieces));
        if (pieces == NULL) {
            return NULL;
        }
        for (uint32_t k = 0; k < count; k++) {
            const struct column *flat = flats[k];
            pieces[k] = flat->offsets == NULL
                            ? flat->children[child]
                            : column_part(arena, flat->children[0], flat->offsets[0], flat->offsets[flat->row_count]);
            if (pieces[k] == NULL) {
                return NULL;
            }
        }
        out->children[child] = column_concat(arena, pieces, count);
        if (out->children[child] == NULL) {
            return NULL;
        }
    }
    return out;
}

uint64_t column_bytes(const struct column *column)
{
    uint64_t count = column->form == COLUMN_CONST ? 1 : column->row_count;
    uint64_t bytes = sizeof(*column);
    if (column->form == COLUMN_DICT) {
        return bytes + count * sizeof(uint32_t);
    }
    bytes += count * column->type->width;
    if (column->nulls != NULL) {
        bytes += count;
    }
    if (column->type->kind == TYPE_STRING) {
        const struct slice *slices = column->values;
        for (uint64_t k = 0; k < count; k++) {
            bytes += slices[k].length;
        }
    }
    if (column->offsets != NULL) {
        bytes += (count + 1) * sizeof(uint32_t);
    }
    for (uint32_t k = 0; k < column->type->child_count; k++) {
        bytes += column_bytes(column->children[k]);
    }
    return bytes;
}

struct chunk *chunk_new(struct arena *arena, uint32_t column_count, uint32_t row_count)
{
    struct chunk *chunk = ARENA_NEW(arena, struct chunk);
    if (chunk == NULL) {
        return NULL;
    }
    chunk->row_count = row_count;
    chunk->column_count = column_count;
    chunk->columns = ARENA_ARRAY(arena, struct column *, column_count);
    if (chunk->columns == NULL) {
        return NULL;
    }
    memset(chunk->columns, 0, column_count * sizeof(struct column *));
    return chunk;
}

struct chunk *chunk_take(struct arena *arena, const struct chunk *chunk, const uint32_t *positions, uint32_t count)
{
    struct chunk *out = chunk_new(arena, chunk->column_count, count);
    for (uint32_t k = 0; out != NULL && k < chunk->column_count; k++) {
        if (chunk->columns[k] == NULL) { /* nobody reads it */
            continue;
        }
        out->columns[k] = column_take(arena, chunk->columns[k], positions, count);
        if (out->columns[k] == NULL) {
            return NULL;
        }
    }
    return out;
}

struct chunk *chunk_part(struct arena *arena, const struct chunk *chunk, uint32_t begin, uint32_t end)
{
    struct chunk *out = chunk_new(arena, chunk->column_count, end - begin);
    for (uint32_t k = 0; out != NULL && k < chunk->column_count; k++) {
        out->columns[k] = column_part(arena, chunk->columns[k], begin, end);
        if (out->columns[k] == NULL) {
            return NULL;
        }
    }
    return out;
}

struct chunk *chunk_copy(struct arena *arena, const struct chunk *chunk)
{
    struct chunk *out = chunk_new(arena, chunk->column_count, chunk->row_count);
    for (uint32_t k = 0; out != NULL && k < chunk->column_count; k++) {
        out->columns[k] = column_copy(arena, chunk->columns[k]);
        if (out->columns[k] == NULL) {
            return NULL;
        }
    }
    return out;
}

/* The column and row that hold a row's value, behind CONST and DICT. */
static const struct column *locate(const struct column *column, uint32_t *row)
{
    if (column->form == COLUMN_DICT) {
        *row = column->codes[*row];
        return column->dictionary;
    }
    if (column->form == COLUMN_CONST) {
        *row = 0;
    }
    return column;
}

bool column_is_null(const struct column *column, uint32_t row)
{
    column = locate(column, &row);
    return column->nulls != NULL && column->nulls[row] != 0;
}

const void *column_value(const struct column *column, uint32_t row)
{
    column = locate(column, &row);
    /* nested columns have children, no values */
    return column->values == NULL ? NULL : (const char *)column->values + (size_t)row * column->type->width;
}

/* missing: 1: NULL and NaN are the greatest, -1: the least. */
static int compare_doubles(double a, double b, int missing)
{
    bool a_nan = isnan(a), b_nan = isnan(b);
    if (a_nan || b_nan) {
        return missing * ((int)a_nan - (int)b_nan);
    }
    return (a > b) - (a < b);
}

static int compare(const struct column *a, uint32_t row_a, const struct column *b, uint32_t row_b, int missing)
{
    a = locate(a, &row_a);
    b = locate(b, &row_b);
    bool null_a = a->nulls != NULL && a->nulls[row_a] != 0, null_b = b->nulls != NULL && b->nulls[row_b] != 0;
    if (null_a || null_b) {
        return missing * ((int)null_a - (int)null_b);
    }
#define COMPARE(c_type)                                                                                                \
    do {                                                                                                               \
        c_type x = ((const c_type *)a->values)[row_a], y = ((const c_type *)b->values)[row_b];                         \
        return (x > y) - (x < y);                                                                                      \
    } while (0)
    switch (a->type->kind) {
    case TYPE_NOTHING:
    case TYPE_KINDS:
        return 0;
    case TYPE_BOOL:
    case TYPE_UINT8:
        COMPARE(uint8_t);
    case TYPE_INT8:
    case TYPE_ENUM8:
        COMPARE(int8_t);
    case TYPE_INT16:
    case TYPE_ENUM16:
        COMPARE(int16_t);
    case TYPE_UINT16:
    case TYPE_DATE:
        COMPARE(uint16_t);
    case TYPE_INT32:
    case TYPE_DATE32:
        COMPARE(int32_t);
    case TYPE_UINT32:
    case TYPE_DATETIME:
    case TYPE_IPV4:
        COMPARE(uint32_t);
    case TYPE_INT64:
    case TYPE_DATETIME64:
    case TYPE_INTERVAL:
        COMPARE(int64_t);
    case TYPE_UINT64:
        COMPARE(uint64_t);
    case TYPE_INT128:
        COMPARE(__int128);
    case TYPE_UINT128:
    case TYPE_UUID:
        COMPARE(unsigned __int128);
    case TYPE_INT256:
    case TYPE_UINT256:
        return int256_compare(((const struct int256 *)a->values)[row_a], ((const struct int256 *)b->values)[row_b],
                              a->type->kind == TYPE_INT256);
    case TYPE_DECIMAL:
        if (a->type->width == 4) {
            COMPARE(int32_t);
        }
        if (a->type->width == 8) {
            COMPARE(int64_t);
        }
        COMPARE(__int128);
    case TYPE_FLOAT32:
        return compare_doubles((double)((const float *)a->values)[row_a], (double)((const float *)b->values)[row_b],
                               missing);
    case TYPE_FLOAT64:
        return compare_doubles(((const double *)a->values)[row_a], ((const double *)b->values)[row_b], missing);
    case TYPE_STRING:
        return slice_compare(((const struct slice *)a->values)[row_a], ((const struct slice *)b->values)[row_b]);
    case TYPE_FIXED_STRING:
    case TYPE_IPV6:
        return memcmp((const char *)a->values + (size_t)row_a * a->type->width,
                      (const char *)b->values + (size_t)row_b * b->type->width, a->type->width);
    case TYPE_ARRAY:
    case TYPE_MAP: {
        uint32_t i = a->offsets[row_a], k = b->offsets[row_b];
        uint32_t end_a = a->offsets[row_a + 1], end_b = b->offsets[row_b + 1];
        for (; i < end_a && k < end_b; i++, k++) {
            int order = compare(a->children[0], i, b->children[0], k, missing);
            if (order != 0) {
                return order;
            }
        }
        return (int)(i < end_a) - (int)(k < end_b);
    }
    case TYPE_TUPLE:
        for (uint32_t k = 0; k < a->type->child_count; k++) {
            int order = compare(a->children[k], row_a, b->children[k], row_b, missing);
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }
#undef COMPARE
    return 0;
}

int column_compare(const struct column *a, uint32_t row_a, const struct column *b, uint32_t row_b)
{
    return compare(a, row_a, b, row_b, 1);
}

int column_compare_extreme(const struct column *a, uint32_t row_a, const struct column *b, uint32_t row_b,
                           bool greatest)
{
    return compare(a, row_a, b, row_b, greatest ? -1 : 1);
}
