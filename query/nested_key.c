/*
 * nested_key.c: arrays, tuples and maps as strings of bytes and back.
 *
 * encode   measured first, then written into one piece of memory
 * decode   a walk over all keys counts the values at every level of the type, columns of these sizes are made, and a
 *          second walk fills them
 * thread   any: pure functions
 */
#include "query/nested_key.h"

/* --- encode ------------------------------------------------------------------------------------------------------ */

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

static uint64_t encoded_size(const struct column *column, uint32_t row)
{
    column = locate(column, &row);
    const struct type *type = column->type;
    uint64_t size = type->nullable;
    if (column->nulls != NULL && column->nulls[row] != 0) {
        return size;
    }
    if (type->kind == TYPE_STRING) {
        return size + 4 + ((const struct slice *)column->values)[row].length;
    }
    if (type->width > 0) {
        return size + type->width;
    }
    if (type->kind == TYPE_TUPLE) {
        for (uint32_t k = 0; k < type->child_count; k++) {
            size += encoded_size(column->children[k], row);
        }
        return size;
    }
    size += 4;
    for (uint32_t e = column->offsets[row]; e < column->offsets[row + 1]; e++) {
        size += encoded_size(column->children[0], e);
    }
    return size;
}

static char *put_length(char *to, uint32_t length)
{
    memcpy(to, &length, 4);
    return to + 4;
}

static char *put_number(char *to, const struct type *type, const void *value)
{
    memcpy(to, value, type->width);
    if (type->kind == TYPE_FLOAT32) {
        float number;
        memcpy(&number, value, 4);
        number = number == 0 ? 0 : number != number ? __builtin_nanf("") : number;
        memcpy(to, &number, 4);
    } else if (type->kind == TYPE_FLOAT64) {
        double number;
        memcpy(&number, value, 8);
        number = number == 0 ? 0 : number != number ? __builtin_nan("") : number;
        memcpy(to, &number, 8);
    }
    return to + type->width;
}

static char *encode(char *to, const struct column *column, uint32_t row)
{
    column = locate(column, &row);
    const struct type *type = column->type;
    bool null = column->nulls != NULL && column->nulls[row] != 0;
    if (type->nullable) {
        *to++ = (char)null;
    }
    if (null) {
        return to;
    }
    if (type->kind == TYPE_STRING) {
        struct slice text = ((const struct slice *)column->values)[row];
        to = put_length(to, (uint32_t)text.length);
        memcpy(to, text.length == 0 ? "" : text.data, text.length);
        return to + text.length;
    }
    if (type->width > 0) {
        return put_number(to, type, (const char *)column->values + (size_t)row * type->width);
    }
    if (type->kind == TYPE_TUPLE) {
        for (uint32_t k = 0; k < type->child_count; k++) {
            to = encode(to, column->children[k], row);
        }
        return to;
    }
    to = put_length(to, column->offsets[row + 1] - column->offsets[row]);
    for (uint32_t e = column->offsets[row]; e < column->offsets[row + 1]; e++) {
        to = encode(to, column->children[0], e);
    }
    return to;
}

struct err *nested_key_encode(struct arena *arena, const struct column *column, uint32_t row_count, struct slice *out)
{
    uint32_t count = column->form == COLUMN_CONST && row_count > 0 ? 1 : row_count;
    uint64_t total = 0;
    for (uint32_t i = 0; i < count; i++) {
        out[i].length = encoded_size(column, i);
        total += out[i].length;
    }
    char *to = arena_alloc_aligned(arena, total + 1, 1);
    if (to == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < count; i++) {
        out[i].data = to;
        to = encode(to, column, i);
    }
    return NULL;
}

/* --- decode ------------------------------------------------------------------------------------------------------ */

/* One level of the type: how many values it has in all, then the column that takes them. */
struct level {
    const struct type *type;
    uint32_t count;
    uint32_t filled;
    struct column *column;
    struct level *children;
};

static struct level *level_new(struct arena *arena, const struct type *type)
{
    struct level *level = ARENA_NEW(arena, struct level);
    if (level == NULL) {
        return NULL;
    }
    level->type = type;
    level->children = ARENA_ARRAY(arena, struct level, type->child_count + 1U);
    for (uint32_t k = 0; level->children != NULL && k < type->child_count; k++) {
        struct level *child = level_new(arena, type->children[k]);
        if (child == NULL) {
            return NULL;
        }
        level->children[k] = *child;
    }
    return level->children == NULL ? NULL : level;
}

static uint32_t get_length(const char **at)
{
    uint32_t length;
    memcpy(&length, *at, 4);
    *at += 4;
    return length;
}

/* A NULL's value below: as many children as a value would have. */
static void count_default(struct level *level)
{
    level->count++;
    for (uint32_t k = 0; level->type->kind == TYPE_TUPLE && k < level->type->child_count; k++) {
        count_default(&level->children[k]);
    }
}

static const char *count_values(struct level *level, const char *at)
{
    const struct type *type = level->type;
    if (type->nullable && *at++ != 0) {
        count_default(level);
        return at;
    }
    level->count++;
    if (type->kind == TYPE_STRING) {
        uint32_t length = get_length(&at);
        return at + length;
    }
    if (type->width > 0) {
        return at + type->width;
    }
    if (type->kind == TYPE_TUPLE) {
        for (uint32_t k = 0; k < type->child_count; k++) {
            at = count_values(&level->children[k], at);
        }
        return at;
    }
    for (uint32_t left = get_length(&at); left > 0; left--) {
        at = count_values(&level->children[0], at);
    }
    return at;
}

static bool make_columns(struct arena *arena, struct level *level)
{
    level->column = column_new(arena, level->type, level->count);
    if (level->column == NULL) {
        return false;
    }
    if (level->type->width > 0) {
        memset(level->column->values, 0, (size_t)level->count * level->type->width);
    }
    if (level->column->offsets != NULL) {
        level->column->offsets[0] = 0;
    }
    for (uint32_t k = 0; k < level->type->child_count; k++) {
        if (!make_columns(arena, &level->children[k])) {
            return false;
        }
        level->column->children[k] = level->children[k].column;
    }
    return true;
}

static void fill_default(struct level *level)
{
    uint32_t row = level->filled++;
    if (level->column->nulls != NULL) {
        level->column->nulls[row] = 1;
    }
    for (uint32_t k = 0; level->type->kind == TYPE_TUPLE && k < level->type->child_count; k++) {
        fill_default(&level->children[k]);
    }
}

static const char *fill(struct level *level, const char *at)
{
    const struct type *type = level->type;
    if (type->nullable && *at++ != 0) {
        fill_default(level);
        return at;
    }
    uint32_t row = level->filled++;
    if (type->kind == TYPE_STRING) {
        uint32_t length = get_length(&at);
        ((struct slice *)level->column->values)[row] = slice_of(at, length);
        return at + length;
    }
    if (type->width > 0) {
        memcpy((char *)level->column->values + (size_t)row * type->width, at, type->width);
        return at + type->width;
    }
    if (type->kind == TYPE_TUPLE) {
        for (uint32_t k = 0; k < type->child_count; k++) {
            at = fill(&level->children[k], at);
        }
        return at;
    }
    for (uint32_t left = get_length(&at); left > 0; left--) {
        at = fill(&level->children[0], at);
    }
    level->column->offsets[row + 1] = level->children[0].filled;
    return at;
}

struct err *nested_key_decode(struct arena *arena, const struct type *type, const struct slice *keys, uint32_t count,
                              struct column **out)
{
    struct level *level = level_new(arena, type);
    if (level == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < count; i++) {
        count_values(level, keys[i].data);
    }
    if (!make_columns(arena, level)) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < count; i++) {
        fill(level, keys[i].data);
    }
    *out = level->column;
    return NULL;
}
