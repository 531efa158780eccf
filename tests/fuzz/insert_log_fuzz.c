/*
 * insert_log_fuzz.c: any bytes as a record of the insert log, and as its chunks of columns of many types. What decodes
 * is encoded and decoded again, and must stay the same.
 */
#include "base/checksum.h"
#include "storage/insert_log.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define COLUMNS 7U

static void chunks_read(struct slice bytes)
{
    struct arena *arena = arena_create(NULL);
    const struct type *types[COLUMNS] = {
        type_simple(TYPE_UINT8),
        type_simple(TYPE_STRING),
        type_nullable(arena, type_simple(TYPE_STRING), true),
        type_nullable(arena, type_simple(TYPE_INT64), true),
        type_fixed_string(arena, 3),
        type_simple(TYPE_FLOAT64),
        NULL,
    };
    if (type_parse(arena, slice_text("Array(Tuple(Nullable(String), Map(UInt8, Array(Int16))))"), &types[6]) != NULL) {
        abort();
    }
    while (bytes.length > 0) {
        struct chunk *chunk = NULL, *again = NULL;
        struct buffer encoded = {0};
        struct err *err = insert_chunk_decode(arena, &bytes, types, COLUMNS, &chunk);
        if (err != NULL) {
            err_free(err);
            break;
        }
        err = insert_chunk_encode(chunk, &encoded);
        if (err != NULL) {
            abort();
        }
        struct slice rest = buffer_all(&encoded);
        err = insert_chunk_decode(arena, &rest, types, COLUMNS, &again);
        if (err != NULL || rest.length != 0 || again->row_count != chunk->row_count) {
            abort();
        }
        for (uint32_t c = 0; c < COLUMNS; c++) {
            for (uint32_t row = 0; row < chunk->row_count; row++) {
                if (column_compare(chunk->columns[c], row, again->columns[c], row) != 0) {
                    abort();
                }
            }
        }
        buffer_deinit(&encoded);
    }
    arena_destroy(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct insert_record record;
    if (size > (size_t)1 << 20) {
        return 0;
    }
    chunks_read(slice_of((const char *)data, size));
    if (size < INSERT_RECORD_HEADER_BYTES) {
        return 0;
    }
    if (insert_record_read(slice_of((const char *)data, size), &record) > 0) {
        chunks_read(record.chunks);
    }
    /* behind the checksum: the header's own fields, as far as they are consistent */
    size_t padded = (size + 7) / 8 * 8;
    char *copy = calloc(1, padded);
    if (copy == NULL) {
        return 0;
    }
    memcpy(copy, data, size);
    uint64_t magic = 0x54524e49U; /* and zero */
    uint64_t length = size - INSERT_RECORD_HEADER_BYTES;
    memcpy(copy, &magic, sizeof(magic));
    memcpy(copy + 16, &length, sizeof(length));
    uint64_t sum = checksum(copy + 16, size - 16);
    memcpy(copy + 8, &sum, sizeof(sum));
    if (insert_record_read(slice_of(copy, padded), &record) != padded || record.chunks.length != length) {
        abort();
    }
    free(copy);
    return 0;
}
