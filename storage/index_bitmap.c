/*
 * index_bitmap.c: see index_bitmap.h.
 *
 * flow     index_build.c → index_bitmap_put; storage/snapshot.c → index_bitmap_rows; segment_check.c
 * input    hostile: lengths, orders and places are looked at as they are read
 */
#include "storage/index_bitmap.h"

#include "storage/segment.h"

#include <roaring/roaring.h>
#include <stdlib.h>

/* The portable form of CRoaring: with run containers, and without. */
#define COOKIE_RUNS    12347U
#define COOKIE         12346U
#define ARRAY_MAX      4096U
#define BITSET_BYTES   8192U
#define ENTRY_BYTES    8U /* code, bytes */
#define CONTAINER_ROWS (BITMAP_GROUP_MAX * CHUNK_ROWS_MAX)

/* ---- writing */

static struct err *put_rows(const uint32_t *rows, uint32_t count, struct buffer *out)
{
    roaring_bitmap_t *bitmap = roaring_bitmap_of_ptr(count, rows);
    if (bitmap == NULL) {
        return err_oom();
    }
    (void)roaring_bitmap_run_optimize(bitmap);
    size_t bytes = roaring_bitmap_portable_size_in_bytes(bitmap);
    buffer_grow(out, bytes);
    if (!out->failed) {
        out->length += roaring_bitmap_portable_serialize(bitmap, out->data + out->length);
    }
    roaring_bitmap_free(bitmap);
    return out->failed ? err_oom() : NULL;
}

struct err *index_bitmap_put(const uint32_t *codes, uint32_t row_count, uint32_t entry_count, struct buffer *out)
{
    struct err *err = NULL;
    uint32_t *begins = calloc((size_t)entry_count + 2, sizeof(*begins)), *rows = malloc((size_t)row_count * 4 + 4);
    size_t list = out->length + 4;
    uint32_t used = 0;

    if (begins == NULL || rows == NULL) {
        err = err_oom();
        goto done;
    }
    for (uint32_t row = 0; row < row_count; row++) {
        begins[codes[row] + 2]++;
    }
    for (uint32_t code = 0; code < entry_count; code++) {
        used += begins[code + 2] > 0;
        begins[code + 2] += begins[code + 1];
    }
    for (uint32_t row = 0; row < row_count; row++) {
        rows[begins[codes[row] + 1]++] = row;
    }
    buffer_append(out, &used, 4);
    for (uint32_t code = 0; code < entry_count; code++) {
        const uint32_t entry[2] = {code, 0};
        if (begins[code + 1] > begins[code]) {
            buffer_append(out, entry, ENTRY_BYTES);
        }
    }
    for (uint32_t code = 0; code < entry_count && !out->failed; code++) {
        size_t begin = out->length;
        if (begins[code + 1] > begins[code]) {
            OR_DONE(put_rows(rows + begins[code], begins[code + 1] - begins[code], out));
            uint32_t bytes = (uint32_t)(out->length - begin);
            memcpy(out->data + list + 4, &bytes, 4);
            list += ENTRY_BYTES;
        }
    }
    err = out->failed ? err_oom() : NULL;
done:
    free(begins);
    free(rows);
    return err;
}

/* ---- reading */

static uint32_t number_at(struct slice block, size_t at, size_t width)
{
    uint32_t number = 0;
    memcpy(&number, block.data + at, width);
    return number;
}

bool index_bitmap_valid(struct slice block)
{
    if (block.length < 4) {
        return false;
    }
    size_t count = number_at(block, 0, 4), bytes = 0;
    if (count == 0 || count > CONTAINER_ROWS || (block.length - 4) / ENTRY_BYTES < count) {
        return false;
    }
    for (size_t k = 0; k < count; k++) {
        size_t at = 4 + k * ENTRY_BYTES;
        if (k > 0 && number_at(block, at, 4) <= number_at(block, at - ENTRY_BYTES, 4)) {
            return false;
        }
        bytes += number_at(block, at + 4, 4);
    }
    return bytes == block.length - 4 - count * ENTRY_BYTES;
}

/* The code's bitmap; false: it has none. */
static bool find_bitmap(struct slice block, uint32_t code, struct slice *out)
{
    size_t count = number_at(block, 0, 4), offset = 4 + count * ENTRY_BYTES;
    for (size_t k = 0; k < count; k++) {
        size_t at = 4 + k * ENTRY_BYTES, bytes = number_at(block, at + 4, 4);
        if (number_at(block, at, 4) == code) {
            *out = slice_of(block.data + offset, bytes);
            return true;
        }
        offset += bytes;
    }
    return false;
}

bool index_bitmap_has(struct slice block, uint32_t code)
{
    struct slice bitmap;
    return find_bitmap(block, code, &bitmap);
}

/* Sets bits [from, to) of the granule that begins at row `first`; rows beside it are left out. */
static void set_range(struct granule_bits *bits, uint32_t first, uint32_t from, uint32_t to)
{
    from = from < first ? first : from;
    to = to > first + CHUNK_ROWS_MAX ? first + CHUNK_ROWS_MAX : to;
    for (uint32_t row = from; row < to;) {
        uint32_t at = row - first, left = 64 - at % 64, count = to - row < left ? to - row : left;
        bits->words[at / 64] |= (count == 64 ? UINT64_MAX : ((uint64_t)1 << count) - 1) << at % 64;
        row += count;
    }
}

static bool add_array(struct slice container, uint32_t count, uint32_t first, struct granule_bits *bits)
{
    if (container.length != (size_t)count * 2) {
        return false;
    }
    for (uint32_t k = 0; k < count; k++) {
        uint32_t row = number_at(container, (size_t)k * 2, 2);
        if (k > 0 && row <= number_at(container, (size_t)k * 2 - 2, 2)) {
            return false;
        }
        if (row - first < CHUNK_ROWS_MAX) {
            bits->words[(row - first) / 64] |= (uint64_t)1 << (row - first) % 64;
        }
    }
    return true;
}

static bool add_runs(struct slice container, uint32_t count, uint32_t first, struct granule_bits *bits)
{
    uint32_t runs = container.length < 2 ? 0 : number_at(container, 0, 2), end = 0, rows = 0;
    if (runs == 0 || container.length != 2 + (size_t)runs * 4) {
        return false;
    }
    for (uint32_t k = 0; k < runs; k++) {
        uint32_t from = number_at(container, 2 + (size_t)k * 4, 2);
        uint32_t to = from + number_at(container, 4 + (size_t)k * 4, 2) + 1;
        if (to > CONTAINER_ROWS || (k > 0 && from < end)) {
            return false;
        }
        set_range(bits, first, from, to);
        rows += to - from;
        end = to;
    }
    return rows == count;
}

static bool add_bitset(struct slice container, uint32_t count, uint32_t first, struct granule_bits *bits)
{
    uint64_t words[CHUNK_ROWS_MAX / 64];
    (void)count; /* of all rows */
    if (container.length != BITSET_BYTES) {
        return false;
    }
    memcpy(words, container.data + first / 8, sizeof(words));
    for (uint32_t k = 0; k < CHUNK_ROWS_MAX / 64; k++) {
        bits->words[k] |= words[k];
    }
    return true;
}

/* One container, of key 0. */
static bool add_bitmap(struct slice bitmap, uint32_t first, struct granule_bits *bits)
{
    size_t at = 4;
    if (bitmap.length < 13) {
        return false;
    }
    uint32_t cookie = number_at(bitmap, 0, 4);
    bool runs = cookie == COOKIE_RUNS; /* above its 16 bits: containers − 1 */
    if (runs) {
        runs = (number_at(bitmap, at++, 1) & 1) != 0;
    } else if (cookie == COOKIE && number_at(bitmap, at, 4) == 1) {
        at += 4;
    } else {
        return false;
    }
    if (bitmap.length - at < 8 || number_at(bitmap, at, 2) != 0) {
        return false;
    }
    uint32_t count = number_at(bitmap, at + 2, 2) + 1;
    at += cookie == COOKIE ? 8 : 4; /* an offset, but not of few containers with runs */
    struct slice container = slice_of(bitmap.data + at, bitmap.length - at);
    return runs                 ? add_runs(container, count, first, bits)
           : count <= ARRAY_MAX ? add_array(container, count, first, bits)
                                : add_bitset(container, count, first, bits);
}

bool index_bitmap_add(struct slice block, uint32_t code, uint32_t granule, struct granule_bits *bits)
{
    struct slice bitmap;
    return !find_bitmap(block, code, &bitmap) || add_bitmap(bitmap, granule * CHUNK_ROWS_MAX, bits);
}

bool index_bitmap_agrees(struct slice block, uint32_t granule, const struct column *column)
{
    if (column->form != COLUMN_DICT) {
        return false;
    }
    uint32_t found = 0; /* rows; each that a bitmap has is this code's, so that all are found if there are as many */
    for (uint32_t code = 0; code < column->dictionary->row_count; code++) {
        struct granule_bits bits = {{0}};
        if (!index_bitmap_add(block, code, granule, &bits)) {
            return false;
        }
        for (uint32_t k = 0; k < CHUNK_ROWS_MAX / 64; k++) {
            for (uint64_t word = bits.words[k]; word != 0; word &= word - 1, found++) {
                uint32_t row = k * 64 + (uint32_t)__builtin_ctzll(word);
                if (row >= column->row_count || column->codes[row] != code) {
                    return false;
                }
            }
        }
    }
    return found == column->row_count;
}

/* ---- conditions */

static void invert(struct granule_bits *bits, uint32_t rows)
{
    for (uint32_t k = 0; k < CHUNK_ROWS_MAX / 64; k++) {
        uint32_t left = rows > k * 64 ? rows - k * 64 : 0;
        uint64_t mask = left >= 64 ? UINT64_MAX : ((uint64_t)1 << left) - 1;
        bits->words[k] = ~bits->words[k] & mask;
    }
}

static struct err *damaged_bitmap(const struct segment *segment, uint32_t column, uint32_t granule)
{
    return err_new(ERR_CORRUPT, "\"%s\", column %u, granule %u: a damaged bitmap", segment_path(segment), column,
                   granule);
}

/* Rows with one of the values. */
static struct err *value_rows(struct segment *segment, struct arena *arena, uint32_t granule,
                              const struct index_test *test, uint32_t column, struct granule_bits *bits, bool *known)
{
    struct err *err = NULL;
    const struct column *dictionary = NULL;
    struct slice block = slice_text("");
    const struct index_shape *shape = NULL;
    uint32_t index = 0;

    *known = false;
    while (index < segment_index_count(segment) && shape == NULL) {
        const struct index_shape *found = segment_index(segment, index);
        shape = found->kind == INDEX_BITMAP && found->column == column ? found : NULL;
        index += shape == NULL;
    }
    if (shape == NULL) {
        return NULL;
    }
    OR_DONE(segment_index_block(segment, arena, index, granule, &block));
    OR_DONE(segment_dictionary(segment, column, &dictionary));
    if (block.length == 0 || dictionary == NULL) {
        return NULL;
    }
    for (uint32_t value = 0; value < test->values->row_count; value++) {
        uint32_t low = 0, high = dictionary->row_count;
        while (low < high) {
            uint32_t middle = low + (high - low) / 2;
            if (column_compare(dictionary, middle, test->values, value) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        if (low < dictionary->row_count && column_compare(dictionary, low, test->values, value) == 0 &&
            !index_bitmap_add(block, low, granule % shape->group, bits)) {
            err = damaged_bitmap(segment, column, granule);
            goto done;
        }
    }
    struct granule_bits there = {{0}};
    invert(&there, segment_granule_rows(segment, granule)); /* rows that there are */
    for (uint32_t k = 0; k < CHUNK_ROWS_MAX / 64; k++) {
        if ((bits->words[k] & ~there.words[k]) != 0) {
            err = damaged_bitmap(segment, column, granule);
            goto done;
        }
    }
    *known = true;
done:
    return err;
}

struct err *index_bitmap_rows(struct segment *segment, struct arena *arena, uint32_t granule,
                              const struct index_test *test, index_place *place, void *user, struct granule_bits *bits,
                              bool *known)
{
    struct err *err = NULL;
    bool all = test->kind == INDEX_TEST_AND;

    memset(bits, all ? 0xff : 0, sizeof(*bits));
    *known = false;
    if (test->kind == INDEX_TEST_VALUES) {
        int32_t column = place(user, test->column);
        return column < 0 || test->input != INDEX_PLAIN
                   ? NULL
                   : value_rows(segment, arena, granule, test, (uint32_t)column, bits, known);
    }
    if (test->kind == INDEX_TEST_PARTS) {
        return NULL;
    }
    for (uint32_t k = 0; k < test->count; k++) {
        struct granule_bits one;
        OR_DONE(index_bitmap_rows(segment, arena, granule, test->children[k], place, user, &one, known));
        if (!*known) {
            return NULL;
        }
        for (uint32_t w = 0; w < CHUNK_ROWS_MAX / 64; w++) {
            bits->words[w] = all ? bits->words[w] & one.words[w] : bits->words[w] | one.words[w];
        }
    }
    if (test->kind == INDEX_TEST_NOT) {
        invert(bits, segment_granule_rows(segment, granule));
    }
done:
    return err;
}
