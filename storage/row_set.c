/*
 * row_set.c: the rows that were deleted from a segment, in memory and as bytes of a pack.
 *
 * flow     mutation.c makes them; table_segment.c reads them for snapshots and merges; verify.c checks them
 * format   docs/FORMAT.md, "Deleted rows"
 */
#include "storage/row_set.h"

#include "base/interrupt.h"
#include "storage/codec.h"
#include "storage/segment.h"

#include <assert.h>
#include <inttypes.h>

#define WORDS (CHUNK_ROWS_MAX / 64)
static_assert(CHUNK_ROWS_MAX % 64 == 0, "granules are whole words");

static const char MAGIC[8] = {'D', 'E', 'L', 'E', 'T', 'E', 'D', 0};
#define HEADER_BYTES 32U

struct row_set {
    struct arena *arena;
    uint64_t segment_rows;
    uint64_t count;
    uint32_t granule_count;
    uint32_t *counts;
    uint64_t **granules; /* WORDS each; NULL: none of its rows */
};

struct err *row_set_create(struct arena *arena, uint64_t segment_rows, struct row_set **out)
{
    struct row_set *set = ARENA_NEW(arena, struct row_set);
    if (set == NULL) {
        return arena_error(arena);
    }
    uint64_t granules = (segment_rows + CHUNK_ROWS_MAX - 1) / CHUNK_ROWS_MAX;
    if (granules > UINT32_MAX) {
        return err_new(ERR_LOGICAL, "a segment of %" PRIu64 " rows is too large", segment_rows);
    }
    set->arena = arena;
    set->segment_rows = segment_rows;
    set->granule_count = (uint32_t)granules;
    set->counts = arena_zalloc(arena, (granules + 1) * sizeof(*set->counts));
    set->granules = arena_zalloc(arena, (granules + 1) * sizeof(*set->granules));
    if (set->counts == NULL || set->granules == NULL) {
        return arena_error(arena);
    }
    *out = set;
    return NULL;
}

static uint64_t *words_of(struct row_set *set, uint32_t granule)
{
    if (set->granules[granule] == NULL) {
        set->granules[granule] = arena_zalloc(set->arena, WORDS * sizeof(uint64_t));
    }
    return set->granules[granule];
}

struct err *row_set_add(struct row_set *set, uint64_t row)
{
    if (row >= set->segment_rows) {
        return err_new(ERR_LOGICAL, "row %" PRIu64 " of a segment that has %" PRIu64, row, set->segment_rows);
    }
    uint32_t granule = (uint32_t)(row / CHUNK_ROWS_MAX);
    uint64_t *words = words_of(set, granule);
    if (words == NULL) {
        return arena_error(set->arena);
    }
    uint64_t *word = &words[row % CHUNK_ROWS_MAX / 64];
    uint64_t bit = (uint64_t)1 << (row % 64);
    if ((*word & bit) == 0) {
        *word |= bit;
        set->counts[granule]++;
        set->count++;
    }
    return NULL;
}

struct err *row_set_add_all(struct row_set *set, const struct row_set *other)
{
    ASSERT(set->segment_rows == other->segment_rows);
    for (uint32_t g = 0; g < other->granule_count; g++) {
        uint64_t *words = other->counts[g] == 0 ? NULL : words_of(set, g);
        if (other->counts[g] == 0) {
            continue;
        }
        if (words == NULL) {
            return arena_error(set->arena);
        }
        uint32_t count = 0;
        for (uint32_t w = 0; w < WORDS; w++) {
            words[w] |= other->granules[g][w];
            count += (uint32_t)__builtin_popcountll(words[w]);
        }
        set->count += count - set->counts[g];
        set->counts[g] = count;
    }
    return NULL;
}

uint64_t row_set_count(const struct row_set *set)
{
    return set->count;
}

uint32_t row_set_count_in(const struct row_set *set, uint32_t granule)
{
    return granule < set->granule_count ? set->counts[granule] : 0;
}

bool row_set_holds(const struct row_set *set, uint64_t row)
{
    uint64_t granule = row / CHUNK_ROWS_MAX;
    return row < set->segment_rows && set->counts[granule] > 0 &&
           (set->granules[granule][row % CHUNK_ROWS_MAX / 64] >> (row % 64) & 1) != 0;
}

uint32_t row_set_rows(const struct row_set *set, uint32_t granule, uint32_t granule_rows, bool in_set,
                      uint32_t *positions)
{
    uint32_t count = 0;
    const uint64_t *words = granule < set->granule_count ? set->granules[granule] : NULL;
    for (uint32_t begin = 0; begin < granule_rows; begin += 64) {
        uint64_t word = words == NULL ? 0 : words[begin / 64];
        uint32_t left = granule_rows - begin;
        word = in_set ? word : ~word;
        word &= left >= 64 ? UINT64_MAX : ((uint64_t)1 << left) - 1;
        for (; word != 0; word &= word - 1) {
            positions[count++] = begin + (uint32_t)__builtin_ctzll(word);
        }
    }
    return count;
}

/* ---- bytes */

static void put(struct buffer *out, uint64_t value, size_t width)
{
    buffer_append(out, &value, width);
}

/* A block of so many numbers, behind its length. */
static struct err *put_block(uint64_t *numbers, uint32_t count, struct codec_scratch *scratch, struct buffer *out)
{
    struct column column = {
        .type = type_simple(TYPE_UINT64), .form = COLUMN_FLAT, .row_count = count, .values = numbers};
    size_t begin = out->length;
    put(out, 0, 4);
    struct err *err = codec_encode(&column, scratch, out, NULL);
    if (err == NULL && out->failed) {
        err = err_oom();
    }
    if (err == NULL) {
        uint32_t bytes = (uint32_t)(out->length - begin - 4);
        memcpy(out->data + begin, &bytes, 4);
    }
    return err;
}

struct err *row_set_encode(const struct row_set *set, const struct segment_name *segment, struct buffer *out)
{
    struct err *err = NULL;
    struct codec_scratch scratch = {0};
    struct arena *work = arena_create(NULL);
    uint32_t *positions = work == NULL ? NULL : ARENA_ARRAY(work, uint32_t, CHUNK_ROWS_MAX);
    uint64_t *numbers = work == NULL ? NULL : ARENA_ARRAY(work, uint64_t, CHUNK_ROWS_MAX);
    uint32_t count = 0;

    if (positions == NULL || numbers == NULL) {
        err = err_oom();
        goto done;
    }
    buffer_append(out, MAGIC, sizeof(MAGIC));
    put(out, segment->pack, 8);
    put(out, segment->offset, 8);
    put(out, set->count, 8);
    for (uint32_t g = 0; g < set->granule_count; g++) {
        OR_DONE(interrupt_check());
        uint32_t found = set->counts[g] == 0 ? 0 : row_set_rows(set, g, CHUNK_ROWS_MAX, true, positions);
        for (uint32_t i = 0; i < found; i++) {
            numbers[count++] = (uint64_t)g * CHUNK_ROWS_MAX + positions[i];
            if (count == CHUNK_ROWS_MAX) {
                OR_DONE(put_block(numbers, count, &scratch, out));
                count = 0;
            }
        }
    }
    if (count > 0) {
        OR_DONE(put_block(numbers, count, &scratch, out));
    }
    err = out->failed ? err_oom() : NULL;
done:
    codec_scratch_deinit(&scratch);
    arena_destroy(work);
    return err;
}

static uint64_t number_at(const char *data, size_t width)
{
    uint64_t value = 0;
    memcpy(&value, data, width);
    return value;
}

/* The next block of so many numbers, each greater than the one before. */
static struct err *get_block(struct row_set *set, struct arena *work, struct slice *bytes, uint32_t count,
                             uint64_t *least)
{
    struct err *err = NULL;
    struct column *column = NULL;

    uint64_t length = bytes->length < 4 ? 0 : number_at(bytes->data, 4);
    if (bytes->length < 4 || length > bytes->length - 4) {
        return err_new(ERR_CORRUPT, "a list of deleted rows ends within a block");
    }
    OR_DONE(codec_decode(work, slice_of(bytes->data + 4, (size_t)length), type_simple(TYPE_UINT64), count, NULL, 0,
                         &column));
    *bytes = slice_of(bytes->data + 4 + length, bytes->length - 4 - (size_t)length);
    for (uint32_t i = 0; i < count; i++) {
        uint64_t row = *(const uint64_t *)column_value(column, i);
        if (row < *least || row >= set->segment_rows) {
            return err_new(ERR_CORRUPT, "a list of deleted rows names row %" PRIu64 " of %" PRIu64 " out of order", row,
                           set->segment_rows);
        }
        *least = row + 1;
        OR_DONE(row_set_add(set, row));
    }
done:
    return err;
}

struct err *row_set_decode(struct arena *arena, struct slice bytes, const struct segment_name *segment,
                           uint64_t segment_rows, uint64_t rows, struct row_set **out)
{
    struct err *err = NULL;
    struct arena *work = arena_create(NULL);
    uint64_t least = 0;

    if (work == NULL) {
        return err_oom();
    }
    if (bytes.length < HEADER_BYTES || memcmp(bytes.data, MAGIC, sizeof(MAGIC)) != 0) {
        err = err_new(ERR_CORRUPT, "there is no list of deleted rows");
        goto done;
    }
    if (number_at(bytes.data + 8, 8) != segment->pack || number_at(bytes.data + 16, 8) != segment->offset ||
        number_at(bytes.data + 24, 8) != rows || rows == 0 || rows > segment_rows) {
        err = err_new(ERR_CORRUPT,
                      "a list of %" PRIu64 " rows deleted from the segment at %" PRIu64 " of pack %" PRIu64
                      " stands where the ledger has %" PRIu64 " rows of the segment at %" PRIu64 " of pack %" PRIu64,
                      number_at(bytes.data + 24, 8), number_at(bytes.data + 16, 8), number_at(bytes.data + 8, 8), rows,
                      segment->offset, segment->pack);
        goto done;
    }
    OR_DONE(row_set_create(arena, segment_rows, out));
    bytes = slice_of(bytes.data + HEADER_BYTES, bytes.length - HEADER_BYTES);
    while (rows > 0) {
        uint32_t count = rows > CHUNK_ROWS_MAX ? CHUNK_ROWS_MAX : (uint32_t)rows;
        OR_DONE(get_block(*out, work, &bytes, count, &least));
        arena_reset(work);
        rows -= count;
    }
    if (bytes.length > 0) {
        err = err_new(ERR_CORRUPT, "%zu bytes stand behind a list of deleted rows", bytes.length);
    }
done:
    arena_destroy(work);
    return err;
}

/* ---- what the rows are */

struct err *row_set_sum(const struct row_set *set, const struct row_set *besides, struct segment *segment,
                        unsigned __int128 *sum)
{
    struct err *err = NULL;
    struct arena *work = arena_create(NULL);
    uint32_t columns = segment_column_count(segment);

    *sum = 0;
    if (work == NULL) {
        return err_oom();
    }
    for (uint32_t g = 0; g < set->granule_count && g < segment_granule_count(segment); g++) {
        uint32_t rows = segment_granule_rows(segment, g), count = 0;
        if (set->counts[g] == 0) {
            continue;
        }
        OR_DONE(interrupt_check());
        uint32_t *positions = ARENA_ARRAY(work, uint32_t, rows);
        if (positions == NULL) {
            err = arena_error(work);
            goto done;
        }
        uint32_t found = row_set_rows(set, g, rows, true, positions);
        for (uint32_t i = 0; i < found; i++) {
            if (besides == NULL || !row_set_holds(besides, (uint64_t)g * CHUNK_ROWS_MAX + positions[i])) {
                positions[count++] = positions[i];
            }
        }
        struct chunk *chunk = chunk_new(work, columns, count);
        if (chunk == NULL) {
            err = arena_error(work);
            goto done;
        }
        for (uint32_t c = 0; c < columns && count > 0; c++) {
            struct column *column = NULL;
            OR_DONE(segment_read(segment, work, g, c, &column));
            chunk->columns[c] = column_take(work, column, positions, count);
            if (chunk->columns[c] == NULL) {
                err = arena_error(work);
                goto done;
            }
        }
        if (count > 0) {
            OR_DONE(chunk_row_sum(work, chunk, sum));
        }
        arena_reset(work);
    }
done:
    arena_destroy(work);
    return err;
}
