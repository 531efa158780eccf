/*
 * packed.c: arrays, tuples and maps as strings of bytes and back.
 *
 * read     a walk over all values counts those at every level of the type, columns of these sizes are made, and a
 *          second walk fills them
 * thread   any: pure functions
 */
#include "storage/packed.h"

#include "base/interrupt.h"

/* Elements that stand one behind the other as columns have them. */
static bool is_plain(const struct type *type)
{
    return !type->nullable && type->kind != TYPE_STRING && type->width > 0;
}

/* --- write ------------------------------------------------------------------------------------------------------- */

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

uint64_t packed_size(const struct column *column, uint32_t row)
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
            size += packed_size(column->children[k], row);
        }
        return size;
    }
    const struct column *elements = column->children[0];
    size += 4;
    if (is_plain(elements->type)) {
        return size + (uint64_t)(column->offsets[row + 1] - column->offsets[row]) * elements->type->width;
    }
    for (uint32_t e = column->offsets[row]; e < column->offsets[row + 1]; e++) {
        size += packed_size(elements, e);
    }
    return size;
}

static char *put_length(char *to, uint32_t length)
{
    memcpy(to, &length, 4);
    return to + 4;
}

char *packed_write(char *to, const struct column *column, uint32_t row)
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
        memcpy(to, (const char *)column->values + (size_t)row * type->width, type->width);
        return to + type->width;
    }
    if (type->kind == TYPE_TUPLE) {
        for (uint32_t k = 0; k < type->child_count; k++) {
            to = packed_write(to, column->children[k], row);
        }
        return to;
    }
    const struct column *elements = column->children[0];
    uint32_t first = column->offsets[row];
    uint32_t length = column->offsets[row + 1] - first;
    to = put_length(to, length);
    if (is_plain(elements->type) && elements->form == COLUMN_FLAT && length > 0) {
        size_t width = elements->type->width;
        memcpy(to, (const char *)elements->values + first * width, length * width);
        return to + length * width;
    }
    for (uint32_t e = first; e < first + length; e++) {
        to = packed_write(to, elements, e);
    }
    return to;
}

void packed_default(struct buffer *out, const struct type *type)
{
    static const char zeros[256];
    if (type->nullable) {
        buffer_char(out, 1);
    } else if (type->kind == TYPE_TUPLE) {
        for (uint32_t k = 0; k < type->child_count; k++) {
            packed_default(out, type->children[k]);
        }
    } else if (type->kind == TYPE_ENUM8 || type->kind == TYPE_ENUM16) {
        buffer_append(out, &type->values[0].value, type->width); /* little-endian */
    } else {
        size_t left = type->kind == TYPE_STRING || type->width == 0 ? 4 : type->width;
        for (; left > sizeof(zeros); left -= sizeof(zeros)) {
            buffer_append(out, zeros, sizeof(zeros));
        }
        buffer_append(out, zeros, left);
    }
}

/* --- read -------------------------------------------------------------------------------------------------------- */

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
    uint32_t length = get_length(&at);
    struct level *elements = &level->children[0];
    if (is_plain(elements->type)) {
        elements->count += length;
        return at + (size_t)length * elements->type->width;
    }
    for (; length > 0; length--) {
        at = count_values(elements, at);
    }
    return at;
}

static bool levels_fit(const struct level *level, bool is_element)
{
    bool fit = !is_element || level->count <= PACKED_ELEMENTS_MAX;
    for (uint32_t k = 0; fit && k < level->type->child_count; k++) {
        fit = levels_fit(&level->children[k], is_element || level->type->kind != TYPE_TUPLE);
    }
    return fit;
}

struct err *packed_check(const struct type *type, struct slice value)
{
    struct err *err = NULL;
    if (value.length <= PACKED_ELEMENTS_MAX) { /* every element has a byte */
        return NULL;
    }
    struct arena *arena = arena_create(NULL);
    struct level *level = arena == NULL ? NULL : level_new(arena, type);
    if (level == NULL) {
        err = err_oom();
        goto done;
    }
    (void)count_values(level, value.data);
    if (!levels_fit(level, false)) {
        err = err_new(ERR_TOO_LARGE_ARRAY, "an array or map has more than %u elements", PACKED_ELEMENTS_MAX);
    }
done:
    arena_destroy(arena);
    return err;
}

static struct err *make_columns(struct arena *arena, struct level *level)
{
    struct err *err = NULL;
    level->column = column_new(arena, level->type, level->count);
    if (level->column == NULL) {
        return arena_error(arena);
    }
    if (level->type->width > 0) {
        OR_DONE(interrupt_zero(level->column->values, (size_t)level->count * level->type->width));
    }
    if (level->column->offsets != NULL) {
        level->column->offsets[0] = 0;
    }
    for (uint32_t k = 0; k < level->type->child_count; k++) {
        OR_DONE(make_columns(arena, &level->children[k]));
        level->column->children[k] = level->children[k].column;
    }
done:
    return err;
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
    uint32_t length = get_length(&at);
    struct level *elements = &level->children[0];
    if (is_plain(elements->type)) {
        size_t bytes = (size_t)length * elements->type->width;
        if (bytes > 0) {
            memcpy((char *)elements->column->values + (size_t)elements->filled * elements->type->width, at, bytes);
        }
        elements->filled += length;
        at += bytes;
    } else {
        for (; length > 0; length--) {
            at = fill(elements, at);
        }
    }
    level->column->offsets[row + 1] = elements->filled;
    return at;
}

struct err *packed_read(struct arena *arena, const struct type *type, const struct slice *values, uint32_t count,
                        struct column **out)
{
    struct err *err = NULL;
    struct level *level = level_new(arena, type);
    uint64_t steps = 0;
    if (level == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < count; i++) {
        count_values(level, values[i].data);
        OR_DONE(interrupt_steps(&steps, values[i].length));
    }
    OR_DONE(make_columns(arena, level));
    for (uint32_t i = 0; i < count; i++) {
        fill(level, values[i].data);
        OR_DONE(interrupt_steps(&steps, values[i].length));
    }
    *out = level->column;
done:
    return err;
}
