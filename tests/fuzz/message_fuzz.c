/*
 * message_fuzz.c: any bytes as Kafka messages, one after the other, cut at bytes 0xff: a bad message leaves no row
 * behind, and the reader goes on with the next.
 */
#include "tests/fuzz/format_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_create(NULL);
    struct writer_column columns[CONVERT_COLUMNS_MAX];
    struct reader_column fields[CONVERT_COLUMNS_MAX];
    const struct type *types[CONVERT_COLUMNS_MAX];
    uint32_t count = convert_columns(arena, FUZZ_COLUMNS, columns);
    struct builder *builder;
    struct reader *reader;
    struct buffer out = {0};
    uint64_t expected = 0;

    for (uint32_t k = 0; k < count; k++) {
        types[k] = columns[k].type;
        fields[k] = (struct reader_column){.name = columns[k].name, .type = columns[k].type, .column = k};
    }
    ASSERT(builder_create(types, count, &(struct builder_options){.first_capacity = 4}, &builder) == NULL);
    ASSERT(reader_create(slice_text("JSONEachRow"), fields, count, count, &(struct reader_options){0}, &reader) ==
           NULL);
    while (size > 0) {
        const uint8_t *cut = memchr(data, 0xff, size);
        size_t bytes = cut == NULL ? size : (size_t)(cut - data);
        char *copy = malloc(bytes + 1); /* its own bounds, for the sanitizer */
        uint64_t rows;
        ASSERT(copy != NULL);
        memcpy(copy, data, bytes);
        struct err *err = reader_message(reader, builder, slice_of(copy, bytes), &rows);
        ASSERT(err == NULL || rows == 0);
        expected += rows;
        ASSERT(builder_rows(builder) == expected);
        err_free(err);
        free(copy);
        size_t used = bytes + (cut != NULL);
        data += used;
        size -= used;
    }
    struct err *err = convert_write(arena, builder, "JSONEachRow", columns, count, &(struct writer_options){0}, &out);
    ASSERT(err == NULL);
    buffer_deinit(&out);
    reader_destroy(reader);
    builder_destroy(builder);
    arena_destroy(arena);
    return 0;
}
