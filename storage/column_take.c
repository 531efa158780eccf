/*
 * column_take.c: rows of a column by their positions; a column without its dictionary.
 *
 * how      one loop per width; looks now and then whether the thread is interrupted
 * thread   any: columns are immutable once handed on
 */
#include "storage/column.h"

#include "base/interrupt.h"
#include "base/vector.h"

#define RANGE_ROWS_MIN 4U /* positions of each byte, on average */

/*
 * Many bytes of few, by position: what a condition that was evaluated once per entry of a dictionary gives, by rows'
 * codes. Dictionaries are sorted, so nearly always one range of codes has one byte and all others another. false: not
 * here.
 */
VECTORISED static bool take_range(uint8_t *restrict out, const uint8_t *bytes, uint32_t byte_count,
                                  const uint32_t *restrict positions, uint32_t count)
{
    uint32_t begin = 0;
    while (begin < byte_count && bytes[begin] == bytes[0]) {
        begin++;
    }
    uint32_t end = begin;
    while (end < byte_count && bytes[end] == bytes[begin]) {
        end++;
    }
    for (uint32_t k = end; k < byte_count; k++) {
        if (bytes[k] != bytes[0]) {
            return false;
        }
    }
    uint8_t beside = bytes[0], inside = begin < end ? bytes[begin] : beside;
    uint32_t length = end - begin;
    for (uint32_t k = 0; k < count; k++) {
        out[k] = positions[k] - begin < length ? inside : beside;
    }
    return true;
}

#define TAKE_ROWS 65536U /* and between two looks whether the thread is interrupted */

static void take_some(void *out, const void *values, uint32_t width, uint32_t value_count, const uint32_t *positions,
                      uint32_t count)
{
#define TAKE(bits)                                                                                                     \
    for (uint32_t k = 0; k < count; k++) {                                                                             \
        ((uint##bits##_t *)out)[k] = ((const uint##bits##_t *)values)[positions[k]];                                   \
    }                                                                                                                  \
    break
    switch (width) {
    case 0:
        break;
    case 1:
        if (value_count > 0 && value_count <= count / RANGE_ROWS_MIN &&
            take_range(out, values, value_count, positions, count)) {
            break;
        }
        TAKE(8);
    case 2:
        TAKE(16);
    case 4:
        TAKE(32);
    case 8:
        TAKE(64);
    case 16:
        for (uint32_t k = 0; k < count; k++) {
            ((unsigned __int128 *)out)[k] = ((const unsigned __int128 *)values)[positions[k]];
        }
        break;
    default:
        for (uint32_t k = 0; k < count; k++) {
            memcpy((char *)out + (size_t)k * width, (const char *)values + (size_t)positions[k] * width, width);
        }
        break;
    }
#undef TAKE
}

/* out[k] = values[positions[k]] for values of one width; false: interrupted. */
static bool take_values(void *out, const void *values, uint32_t width, uint32_t value_count, const uint32_t *positions,
                        uint32_t count)
{
    if (width == 0) { /* tuples have no values of their own */
        return true;
    }
    for (uint32_t begin = 0; begin < count; begin += TAKE_ROWS) {
        if (begin > 0 && interrupted()) {
            return false;
        }
        take_some((char *)out + (size_t)begin * width, values, width, value_count, positions + begin,
                  count - begin < TAKE_ROWS ? count - begin : TAKE_ROWS);
    }
    return true;
}

/* Rows of an array or map: their elements are taken from the child. */
static struct column *take_lists(struct arena *arena, const struct column *column, const uint32_t *positions,
                                 uint32_t count)
{
    struct column *out = column_new(arena, column->type, count);
    uint64_t elements = 0;
    for (uint32_t k = 0; k < count; k++) {
        elements += column->offsets[positions[k] + 1] - column->offsets[positions[k]];
    }
    if (elements > UINT32_MAX) {
        return NULL;
    }
    bool same = column->children[0]->form == COLUMN_CONST; /* of elements that nobody looks at */
    uint32_t *element_positions = ARENA_ARRAY(arena, uint32_t, same ? 0 : elements);
    if (out == NULL || element_positions == NULL) {
        return NULL;
    }
    uint32_t at = 0;
    for (uint32_t k = 0; k < count; k++) {
        if (interrupted_at(k)) {
            return NULL;
        }
        out->offsets[k] = at;
        at += same ? column->offsets[positions[k] + 1] - column->offsets[positions[k]] : 0;
        for (uint32_t e = column->offsets[positions[k]]; !same && e < column->offsets[positions[k] + 1]; e++) {
            if (interrupted_at(at)) {
                return NULL;
            }
            element_positions[at++] = e;
        }
    }
    out->offsets[count] = at;
    out->children[0] = column_take(arena, column->children[0], element_positions, at);
    return out->children[0] == NULL ? NULL : out;
}

static struct column *take_flat(struct arena *arena, const struct column *column, const uint32_t *positions,
                                uint32_t count)
{
    struct column *out;
    if (column->offsets != NULL) {
        out = take_lists(arena, column, positions, count);
    } else {
        out = column_new(arena, column->type, count);
    }
    if (out == NULL) {
        return NULL;
    }
    if (!take_values(out->values, column->values, column->type->width, column->row_count, positions, count) ||
        (column->nulls != NULL && !take_values(out->nulls, column->nulls, 1, column->row_count, positions, count))) {
        return NULL;
    }
    for (uint32_t k = 0; column->offsets == NULL && k < column->type->child_count; k++) {
        out->children[k] = column_take(arena, column->children[k], positions, count);
        if (out->children[k] == NULL) {
            return NULL;
        }
    }
    return out;
}

struct column *column_take(struct arena *arena, const struct column *column, const uint32_t *positions, uint32_t count)
{
    if (column->form == COLUMN_FLAT) {
        return take_flat(arena, column, positions, count);
    }
    struct column *out = ARENA_NEW(arena, struct column);
    if (out == NULL) {
        return NULL;
    }
    *out = *column;
    out->row_count = count;
    if (column->form == COLUMN_DICT) {
        out->codes = ARENA_ARRAY(arena, uint32_t, count);
        if (out->codes == NULL ||
            !take_values(out->codes, column->codes, sizeof(uint32_t), column->row_count, positions, count)) {
            return NULL;
        }
    }
    return out;
}

const struct column *column_flat(struct arena *arena, const struct column *column)
{
    if (column->form == COLUMN_FLAT) {
        return column;
    }
    if (column->form == COLUMN_DICT) {
        return take_flat(arena, column->dictionary, column->codes, column->row_count);
    }
    uint32_t *zeros = ARENA_ARRAY(arena, uint32_t, column->row_count);
    if (zeros == NULL) {
        return NULL;
    }
    memset(zeros, 0, column->row_count * sizeof(*zeros));
    struct column one = *column;
    one.form = COLUMN_FLAT;
    one.row_count = 1;
    return take_flat(arena, &one, zeros, column->row_count);
}
