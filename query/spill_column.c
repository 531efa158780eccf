/*
 * spill_column.c: a column as bytes, for temporary files: written and read by the same program.
 *
 *   form     1 byte: absent, FLAT, CONST or DICT. A CONST column is its one row; a DICT column its codes (4 bytes
 *            each), the number of entries (4 bytes), and the dictionary as a column
 *   nulls    1 byte: are there any? Then one per row
 *   values   of width bytes each; strings: 4 bytes of length each, then all bytes; lists: 4 bytes of length each, then
 *            the elements as a column; tuples: a column per element
 *
 * thread   any, no shared state
 */
#include "query/spill.h"

#define ABSENT 0xff

static uint32_t stored_rows(const struct column *column)
{
    return column->form == COLUMN_CONST ? 1 : column->row_count;
}

const struct column *spill_column_ready(struct arena *arena, const struct column *column)
{
    if (column->form == COLUMN_DICT && column->dictionary->row_count > column->row_count) {
        column = column_flat(arena, column);
    }
    struct column *ready = column == NULL ? NULL : ARENA_NEW(arena, struct column);
    if (ready == NULL) {
        return NULL;
    }
    *ready = *column;
    if (column->form == COLUMN_DICT) {
        ready->dictionary = spill_column_ready(arena, column->dictionary);
        return ready->dictionary == NULL ? NULL : ready;
    }
    if (column->type->child_count == 0) {
        return ready;
    }
    uint32_t rows = stored_rows(column);
    ready->children = ARENA_ARRAY(arena, struct column *, column->type->child_count);
    for (uint32_t k = 0; ready->children != NULL && k < column->type->child_count; k++) {
        const struct column *child = column->children[k];
        if (column->offsets != NULL) {
            child = column_part(arena, child, column->offsets[0], column->offsets[rows]);
        }
        ready->children[k] = child == NULL ? NULL : (struct column *)(uintptr_t)spill_column_ready(arena, child);
        if (ready->children[k] == NULL) {
            return NULL;
        }
    }
    return ready->children == NULL ? NULL : ready;
}

uint64_t spill_column_bytes(const struct column *column)
{
    if (column == NULL) {
        return 1;
    }
    uint64_t rows = stored_rows(column);
    uint64_t bytes = 2;
    if (column->form == COLUMN_DICT) {
        return bytes + rows * 4 + 4 + spill_column_bytes(column->dictionary);
    }
    bytes += column->nulls == NULL ? 0 : rows;
    if (column->type->kind == TYPE_STRING) {
        const struct slice *slices = column->values;
        bytes += rows * 4;
        for (uint64_t i = 0; i < rows; i++) {
            bytes += slices[i].length;
        }
    } else {
        bytes += rows * (column->offsets != NULL ? 4 : column->type->width);
    }
    for (uint32_t k = 0; k < column->type->child_count; k++) {
        bytes += spill_column_bytes(column->children[k]);
    }
    return bytes;
}

static char *put(char *to, const void *data, size_t bytes)
{
    if (bytes > 0) {
        memcpy(to, data, bytes);
    }
    return to + bytes;
}

static char *put_length(char *to, uint64_t length)
{
    uint32_t number = (uint32_t)length;
    ASSERT(length <= UINT32_MAX);
    return put(to, &number, sizeof(number));
}

char *spill_column_put(const struct column *column, char *to)
{
    if (column == NULL) {
        *to++ = (char)ABSENT;
        return to;
    }
    uint32_t rows = stored_rows(column);
    *to++ = (char)column->form;
    *to++ = column->form != COLUMN_DICT && column->nulls != NULL;
    if (column->form == COLUMN_DICT) {
        to = put(to, column->codes, (size_t)rows * 4);
        to = put_length(to, column->dictionary->row_count);
        return spill_column_put(column->dictionary, to);
    }
    to = put(to, column->nulls, column->nulls == NULL ? 0 : rows);
    if (column->type->kind == TYPE_STRING) {
        const struct slice *slices = column->values;
        for (uint32_t i = 0; i < rows; i++) {
            to = put_length(to, slices[i].length);
        }
        for (uint32_t i = 0; i < rows; i++) {
            to = put(to, slices[i].data, slices[i].length);
        }
    } else if (column->offsets != NULL) {
        for (uint32_t i = 0; i < rows; i++) {
            to = put_length(to, column->offsets[i + 1] - column->offsets[i]);
        }
    } else {
        to = put(to, column->values, (size_t)rows * column->type->width);
    }
    for (uint32_t k = 0; k < column->type->child_count; k++) {
        to = spill_column_put(column->children[k], to);
    }
    return to;
}

/* --- reading --------------------------------------------------------------------------------------------------------
 */

static struct err *corrupt(void)
{
    return err_new(ERR_CORRUPT, "a temporary file is damaged: a column ends too early");
}

static bool take(const char **at, const char *end, void *to, uint64_t bytes)
{
    if ((uint64_t)(end - *at) < bytes) {
        return false;
    }
    if (bytes > 0) {
        memcpy(to, *at, bytes);
    }
    *at += bytes;
    return true;
}

static struct err *get_strings(struct column *column, uint32_t rows, const char **at, const char *end)
{
    struct slice *slices = column->values;
    const char *lengths = *at;
    if ((uint64_t)(end - *at) < (uint64_t)rows * 4) {
        return corrupt();
    }
    *at += (size_t)rows * 4;
    for (uint32_t i = 0; i < rows; i++) {
        uint32_t length;
        memcpy(&length, lengths + (size_t)i * 4, 4);
        if ((uint64_t)(end - *at) < length) {
            return corrupt();
        }
        slices[i] = slice_of(*at, length);
        *at += length;
    }
    return NULL;
}

static struct err *get_offsets(struct column *column, uint32_t rows, const char **at, const char *end)
{
    uint64_t total = 0;
    for (uint32_t i = 0; i < rows; i++) {
        uint32_t length;
        column->offsets[i] = (uint32_t)total;
        if (!take(at, end, &length, 4)) {
            return corrupt();
        }
        total += length;
        if (total > UINT32_MAX) {
            return corrupt();
        }
    }
    column->offsets[rows] = (uint32_t)total;
    return NULL;
}

static struct err *get_codes(struct arena *arena, const struct type *type, uint32_t row_count, const char **at,
                             const char *end, struct column **out)
{
    struct err *err = NULL;
    uint32_t entries;
    uint32_t *codes = ARENA_ARRAY(arena, uint32_t, row_count);
    struct column *dictionary = NULL;
    if (codes == NULL) {
        return arena_error(arena);
    }
    if (!take(at, end, codes, (uint64_t)row_count * 4) || !take(at, end, &entries, 4) || entries > row_count) {
        return corrupt();
    }
    for (uint32_t i = 0; i < row_count; i++) {
        if (codes[i] >= entries) {
            return corrupt();
        }
    }
    OR_DONE(spill_column_get(arena, type, entries, at, end, &dictionary));
    if (dictionary == NULL || dictionary->form != COLUMN_FLAT) {
        return corrupt();
    }
    *out = column_dict(arena, type, codes, row_count, dictionary, 0);
    err = *out == NULL ? arena_error(arena) : NULL;
done:
    return err;
}

struct err *spill_column_get(struct arena *arena, const struct type *type, uint32_t row_count, const char **at,
                             const char *end, struct column **out)
{
    struct err *err = NULL;
    uint8_t head[2];
    *out = NULL;
    if (*at < end && (uint8_t) * *at == ABSENT) {
        (*at)++;
        return NULL;
    }
    if (!take(at, end, head, 2)) {
        return corrupt();
    }
    if (head[0] == COLUMN_DICT) {
        return get_codes(arena, type, row_count, at, end, out);
    }
    uint32_t rows = head[0] == COLUMN_CONST ? 1 : row_count;
    struct column *column = column_new(arena, type, rows);
    if (column == NULL) {
        return arena_error(arena);
    }
    column->nulls = head[1] == 0 ? NULL : column->nulls != NULL ? column->nulls : arena_array(arena, rows, 1);
    if (head[1] != 0 && column->nulls == NULL) {
        return arena_error(arena);
    }
    if (head[1] != 0 && !take(at, end, column->nulls, rows)) {
        return corrupt();
    }
    if (type->kind == TYPE_STRING) {
        OR_DONE(get_strings(column, rows, at, end));
    } else if (column->offsets != NULL) {
        OR_DONE(get_offsets(column, rows, at, end));
    } else if (!take(at, end, column->values, (uint64_t)rows * type->width)) {
        return corrupt();
    }
    for (uint32_t k = 0; k < type->child_count; k++) {
        uint32_t child_rows = column->offsets != NULL ? column->offsets[rows] : rows;
        OR_DONE(spill_column_get(arena, type->children[k], child_rows, at, end, &column->children[k]));
        if (column->children[k] == NULL) {
            return corrupt();
        }
    }
    column->form = head[0] == COLUMN_CONST ? COLUMN_CONST : COLUMN_FLAT;
    column->row_count = row_count;
    *out = column;
done:
    return err;
}
