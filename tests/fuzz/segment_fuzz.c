/*
 * segment_fuzz.c: hostile blocks and footers of packs, behind checksums that fit.
 *
 * input    first byte: which half. Even: byte 1 the type, bytes 2–3 the number of rows, the rest a block for
 *          codec_decode, which is encoded again when it was good. Odd: a footer; a pack is made around it, opened and
 *          checked.
 */
#include "base/checksum.h"
#include "base/io_memory.h"
#include "storage/segment.h"
#include "storage/segment_layout.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static const char *const types[] = {"UInt8",
                                    "Int16",
                                    "UInt32",
                                    "Int64",
                                    "Float64",
                                    "String",
                                    "FixedString(3)",
                                    "UUID",
                                    "Nullable(Int32)",
                                    "Nullable(String)",
                                    "Float32",
                                    "DateTime64(3)",
                                    "Array(Array(Nullable(String)))",
                                    "Tuple(Int32, Map(String, Array(UInt8)))"};

/* Two rows alone: those of the column, if it is a sound one. */
static void try_pick(struct arena *arena, struct slice block, const struct type *type, uint32_t rows,
                     const struct column *dictionary, const struct column *column)
{
    const uint32_t positions[] = {0, rows - 1};
    struct column *picked = NULL;
    if (rows < 2) {
        return;
    }
    struct err *err = codec_pick(arena, block, type, rows, dictionary, 1, positions, 2, &picked);
    for (uint32_t k = 0; k < 2 && err == NULL && picked != NULL && column != NULL && !type_is_float(type); k++) {
        ASSERT(column_is_null(picked, k) == column_is_null(column, positions[k]));
        ASSERT(column_is_null(picked, k) || column_compare(picked, k, column, positions[k]) == 0);
    }
    ASSERT(err == NULL || column == NULL);
    err_free(err);
}

/* The rows between the first one's number and the greatest: those of the column, if it is a sound one. */
static void try_filter(struct arena *arena, struct slice block, const struct type *type, uint32_t rows,
                       const struct column *column)
{
    uint64_t bits[CHUNK_ROWS_MAX / 64 + 1];
    bool known;
    if (!number_ranges_suit(type)) {
        return;
    }
    struct number_range range = number_range_of_type(type);
    range.low = column == NULL ? range.low + 1 : number_order(type, column_value(column, 0));
    struct number_ranges ranges = {1, &range};
    ASSERT(codec_filter(arena, block, type, rows, &ranges, bits, &known) == NULL);
    for (uint32_t row = 0; known && column != NULL && row < rows; row++) {
        bool in =
            !column_is_null(column, row) && number_ranges_have(&ranges, number_order(type, column_value(column, row)));
        ASSERT((bits[row / 64] >> row % 64 & 1) == in);
    }
}

static void try_block(const uint8_t *data, size_t bytes)
{
    const struct type *type;
    struct column *column = NULL, *dictionary;
    struct arena *arena = arena_create(NULL);
    struct codec_scratch scratch = {0};
    struct buffer again = {0};
    struct zone zone;
    if (bytes < 3 || arena == NULL) {
        arena_destroy(arena);
        return;
    }
    ASSERT(type_parse(arena, slice_text(types[data[0] % (sizeof(types) / sizeof(types[0]))]), &type) == NULL);
    uint32_t rows = (uint32_t)(data[1] << 8 | data[2]) % (CHUNK_ROWS_MAX + 2);
    dictionary = column_new(arena, type, 5);
    if (dictionary->values != NULL) {
        memset(dictionary->values, 0, 5 * (size_t)type->width);
    }
    struct err *err =
        codec_decode(arena, slice_of((const char *)data + 3, bytes - 3), type, rows, dictionary, 1, &column);
    if (err == NULL) {
        ASSERT(column->row_count == rows);
        const struct column *flat = column_flat(arena, column);
        ASSERT(flat != NULL);
        ASSERT(codec_encode(flat, &scratch, &again, &zone) == NULL);
    }
    try_pick(arena, slice_of((const char *)data + 3, bytes - 3), type, rows, dictionary, err == NULL ? column : NULL);
    try_filter(arena, slice_of((const char *)data + 3, bytes - 3), type, rows, err == NULL ? column : NULL);
    err_free(err);
    buffer_deinit(&again);
    codec_scratch_deinit(&scratch);
    arena_destroy(arena);
}

static void put(struct buffer *out, uint64_t value, size_t width)
{
    buffer_append(out, &value, width);
}

static void try_footer(const uint8_t *data, size_t bytes)
{
    struct io *io = NULL;
    struct io_file *file = NULL;
    struct segment *segment = NULL;
    struct buffer pack = {0};
    buffer_append(&pack, PACK_MAGIC, 8);
    put(&pack, bytes > 0 && data[0] < PACK_FORMAT_VERSION ? data[0] : PACK_FORMAT_VERSION, 4); /* as the footer's */
    put(&pack, 0, 4);
    for (int k = 0; k < 256; k++) { /* blocks */
        put(&pack, (uint64_t)k, 1);
    }
    buffer_append(&pack, data, bytes);
    uint64_t hash = checksum(data, bytes);
    put(&pack, bytes, 4);
    put(&pack, 0, 4);
    put(&pack, hash, 8);
    put(&pack, 0, 4);
    put(&pack, SEGMENT_MAGIC, 4);
    struct block_cache *cache = block_cache_create(1 << 20);
    ASSERT(io_memory(&io) == NULL && cache != NULL);
    ASSERT(io_open(io, "a.pack", IO_CREATE, &file) == NULL);
    ASSERT(io_write(file, 0, pack.data, pack.length, NULL) == NULL);
    io_close(file);
    struct segment_place place = {.path = "a.pack",
                                  .pack = 1,
                                  .offset = PACK_HEADER_BYTES,
                                  .length = pack.length - PACK_HEADER_BYTES,
                                  .footer_hash = hash};
    struct err *err = segment_open(io, cache, &place, &segment);
    if (err == NULL) {
        err = segment_check(segment);
    }
    err_free(err);
    segment_unref(segment);
    block_cache_destroy(cache);
    buffer_deinit(&pack);
    io_destroy(io);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    if (bytes > 1 && data[0] % 2 == 0) {
        try_block(data + 1, bytes - 1);
    } else if (bytes > 1) {
        try_footer(data + 1, bytes - 1);
    }
    return 0;
}
