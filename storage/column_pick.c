/*
 * column_pick.c: a column out of single rows of several columns; values compared bit by bit.
 *
 * how      rows are first located behind CONST and DICT; then one loop per width, and the same again for the
 *          children of tuples, and for the elements of arrays and maps
 * thread   any: columns are immutable once handed on
 */
#include "storage/column.h"

#include "base/interrupt.h"

struct picking {
    struct arena *arena;
    const struct column *const *bases; /* FLAT, or CONST (row 0) */
    uint32_t column_count;
    const uint32_t *sources; /* NULL: all 0 */
    const uint32_t *rows;    /* in the base */
    uint32_t count;
};

static inline uint32_t source_of(const struct picking *picking, uint32_t i)
{
    return picking->sources == NULL ? 0 : picking->sources[i];
}

#define PICK(c_type)                                                                                                   \
    for (uint32_t i = 0; i < picking->count && !interrupted_at(i); i++) {                                              \
        ((c_type *)out)[i] = ((const c_type *)picking->bases[source_of(picking, i)]->values)[picking->rows[i]];        \
    }                                                                                                                  \
    break

static void pick_values(const struct picking *picking, void *out, uint32_t width)
{
    switch (width) {
    case 0:
        break;
    case 1:
        PICK(uint8_t);
    case 2:
        PICK(uint16_t);
    case 4:
        PICK(uint32_t);
    case 8:
        PICK(uint64_t);
    default:
        for (uint32_t i = 0; i < picking->count && !interrupted_at(i); i++) {
            memcpy((char *)out + (size_t)i * width,
                   (const char *)picking->bases[source_of(picking, i)]->values + (size_t)picking->rows[i] * width,
                   width);
        }
        break;
    }
}

/* The elements of picked arrays, one after the other. */
static bool pick_elements(const struct picking *picking, const struct type *type, struct column *out)
{
    uint64_t total = 0;
    for (uint32_t i = 0; i < picking->count; i++) {
        const uint32_t *offsets = picking->bases[source_of(picking, i)]->offsets + picking->rows[i];
        total += offsets[1] - offsets[0];
    }
    uint32_t *sources = ARENA_ARRAY(picking->arena, uint32_t, total);
    uint32_t *rows = ARENA_ARRAY(picking->arena, uint32_t, total);
    const struct column **children = ARENA_ARRAY(picking->arena, const struct column *, picking->column_count);
    if (total > UINT32_MAX || sources == NULL || rows == NULL || children == NULL) {
        return false;
    }
    for (uint32_t k = 0; k < picking->column_count; k++) {
        children[k] = picking->bases[k]->children[0];
    }
    uint32_t at = 0;
    for (uint32_t i = 0; i < picking->count; i++) {
        uint32_t source = source_of(picking, i);
        const uint32_t *offsets = picking->bases[source]->offsets + picking->rows[i];
        out->offsets[i] = at;
        for (uint32_t e = offsets[0]; e < offsets[1]; e++) {
            sources[at] = source;
            rows[at++] = e;
        }
    }
    out->offsets[picking->count] = at;
    out->children[0] =
        column_pick(picking->arena, type->children[0], children, picking->column_count, sources, rows, at);
    return out->children[0] != NULL;
}

static bool pick_fields(const struct picking *picking, const struct type *type, struct column *out)
{
    const struct column **children = ARENA_ARRAY(picking->arena, const struct column *, picking->column_count);
    for (uint32_t child = 0; children != NULL && child < type->child_count; child++) {
        for (uint32_t k = 0; k < picking->column_count; k++) {
            children[k] = picking->bases[k]->children[child];
        }
        out->children[child] = column_pick(picking->arena, type->children[child], children, picking->column_count,
                                           picking->sources, picking->rows, picking->count);
        if (out->children[child] == NULL) {
            return false;
        }
    }
    return children != NULL;
}

struct column *column_pick(struct arena *arena, const struct type *type, const struct column *const *columns,
                           uint32_t column_count, const uint32_t *sources, const uint32_t *rows, uint32_t count)
{
    struct picking picking = {arena, columns, column_count, sources, rows, count};
    struct column *out = column_new(arena, type, count);
    bool flat = true;
    for (uint32_t k = 0; k < column_count; k++) {
        flat = flat && columns[k]->form == COLUMN_FLAT;
    }
    if (out == NULL) {
        return NULL;
    }
    if (!flat) {
        const struct column **bases = ARENA_ARRAY(arena, const struct column *, column_count);
        uint32_t *located = ARENA_ARRAY(arena, uint32_t, count);
        if (bases == NULL || located == NULL) {
            return NULL;
        }
        for (uint32_t i = 0; i < count; i++) {
            const struct column *column = columns[source_of(&picking, i)];
            located[i] = column->form == COLUMN_FLAT   ? rows[i]
                         : column->form == COLUMN_DICT ? column->codes[rows[i]]
                                                       : 0;
        }
        for (uint32_t k = 0; k < column_count; k++) {
            bases[k] = columns[k]->form == COLUMN_DICT ? columns[k]->dictionary : columns[k];
        }
        picking.bases = bases;
        picking.rows = located;
    }
    pick_values(&picking, out->values, type->width);
    if (interrupted()) {
        return NULL; /* it is not whole; arena_error says why */
    }
    for (uint32_t i = 0; out->nulls != NULL && i < count; i++) {
        const struct column *base = picking.bases[source_of(&picking, i)];
        out->nulls[i] = base->nulls != NULL && base->nulls[picking.rows[i]] != 0;
    }
    if (out->offsets != NULL) {
        return pick_elements(&picking, type, out) ? out : NULL;
    }
    return type->kind != TYPE_TUPLE || pick_fields(&picking, type, out) ? out : NULL;
}

struct column *column_empty(struct arena *arena, const struct type *type)
{
    return column_pick(arena, type, NULL, 0, NULL, NULL, 0);
}

struct column *column_spread(struct arena *arena, const struct column *column, const uint32_t *positions,
                             uint32_t row_count)
{
    const struct column *both[2] = {column, column_default(arena, column->type, 1)};
    uint32_t *sources = ARENA_ARRAY(arena, uint32_t, row_count);
    uint32_t *rows = arena_zalloc(arena, row_count * sizeof(uint32_t) + 1);
    if (both[1] == NULL || sources == NULL || rows == NULL) {
        return NULL;
    }
    for (uint32_t i = 0; i < row_count; i++) {
        sources[i] = 1;
    }
    for (uint32_t i = 0; i < column->row_count; i++) {
        sources[positions[i]] = 0;
        rows[positions[i]] = i;
    }
    return column_pick(arena, column->type, both, 2, sources, rows, row_count);
}

bool column_identical(const struct column *a, uint32_t row_a, const struct column *b, uint32_t row_b)
{
    const struct column *sides[2] = {a, b};
    uint32_t rows[2] = {row_a, row_b};
    for (int i = 0; i < 2; i++) {
        if (sides[i]->form == COLUMN_DICT) {
            rows[i] = sides[i]->codes[rows[i]];
            sides[i] = sides[i]->dictionary;
        } else if (sides[i]->form == COLUMN_CONST) {
            rows[i] = 0;
        }
    }
    a = sides[0];
    b = sides[1];
    bool null = column_is_null(a, rows[0]);
    if (null || column_is_null(b, rows[1])) {
        return null && column_is_null(b, rows[1]);
    }
    const struct type *type = a->type;
    if (type->kind == TYPE_STRING) {
        return slice_equal(((const struct slice *)a->values)[rows[0]], ((const struct slice *)b->values)[rows[1]]);
    }
    if (type->width > 0) {
        return memcmp((const char *)a->values + (size_t)rows[0] * type->width,
                      (const char *)b->values + (size_t)rows[1] * type->width, type->width) == 0;
    }
    if (type->kind == TYPE_TUPLE) {
        for (uint32_t k = 0; k < type->child_count; k++) {
            if (!column_identical(a->children[k], rows[0], b->children[k], rows[1])) {
                return false;
            }
        }
        return true;
    }
    uint32_t length = a->offsets[rows[0] + 1] - a->offsets[rows[0]];
    if (length != b->offsets[rows[1] + 1] - b->offsets[rows[1]]) {
        return false;
    }
    for (uint32_t e = 0; e < length; e++) {
        if (!column_identical(a->children[0], a->offsets[rows[0]] + e, b->children[0], b->offsets[rows[1]] + e)) {
            return false;
        }
    }
    return true;
}
