/*
 * convert.h: for tests and fuzz targets: a text of one format through reader, builder and writer into another.
 */
#ifndef TESTS_FORMAT_CONVERT_H
#define TESTS_FORMAT_CONVERT_H

#include "format/reader.h"
#include "format/writer.h"

#include <stdio.h>
#include <stdlib.h>

#define CONVERT_COLUMNS_MAX 32U

/* "a String, b Nullable(Int32)": names and types; parentheses may hold commas. */
static inline uint32_t convert_columns(struct arena *arena, const char *text, struct writer_column *columns)
{
    uint32_t count = 0;
    while (*text != 0) {
        const char *space = strchr(text, ' '), *at = space + 1;
        for (int depth = 0; *at != 0 && (depth > 0 || *at != ','); at++) {
            depth += (*at == '(') - (*at == ')');
        }
        ASSERT(count < CONVERT_COLUMNS_MAX);
        columns[count].name = slice_of(text, (size_t)(space - text));
        ASSERT(type_parse(arena, slice_of(space + 1, (size_t)(at - space - 1)), &columns[count].type) == NULL);
        count++;
        text = *at == ',' ? at + 2 : at;
    }
    return count;
}

/* All complete rows that the builder holds, as the format writes them. */
static inline struct err *convert_write(struct arena *arena, struct builder *builder, const char *format,
                                        const struct writer_column *columns, uint32_t count,
                                        const struct writer_options *options, struct buffer *out)
{
    struct err *err = NULL;
    struct writer *writer = NULL;
    struct row_chunk **chunks = NULL;
    uint32_t chunk_count = 0;
    struct writer_statistics statistics = {0};

    OR_DONE(builder_take(builder, &chunks, &chunk_count));
    OR_DONE(writer_create(slice_text(format), columns, count, options, out, &writer));
    writer_begin(writer);
    for (uint32_t k = 0; k < chunk_count; k++) {
        struct chunk *chunk = row_chunk_view(arena, chunks[k], row_chunk_rows(chunks[k]));
        ASSERT(chunk != NULL);
        writer_chunk(writer, chunk);
    }
    writer_end(writer, &statistics);
    err = out->failed ? err_oom() : NULL;
done:
    writer_destroy(writer);
    for (uint32_t k = 0; k < chunk_count; k++) {
        row_chunk_unref(chunks[k]);
    }
    free(chunks);
    return err;
}

/* A copy of its own, so that sanitizers see reads past the piece. */
static inline struct err *convert_feed(struct reader *reader, struct builder *builder, struct slice piece, bool last)
{
    char *copy = malloc(piece.length + (piece.length == 0));
    ASSERT(copy != NULL);
    memcpy(copy, piece.length == 0 ? "" : piece.data, piece.length);
    struct err *err = reader_feed(reader, builder, slice_of(copy, piece.length), last);
    free(copy);
    return err;
}

/* piece_bytes: the input comes in pieces of so many bytes (0: at once). */
static inline struct err *convert(const char *columns_text, const char *from, struct slice text, size_t piece_bytes,
                                  const char *to, struct buffer *out)
{
    struct err *err = NULL;
    struct arena *arena = arena_create(NULL);
    struct writer_column columns[CONVERT_COLUMNS_MAX];
    struct reader_column fields[CONVERT_COLUMNS_MAX];
    const struct type *types[CONVERT_COLUMNS_MAX];
    uint32_t count = convert_columns(arena, columns_text, columns);
    struct builder_options builder_options = {.first_capacity = 16};
    struct builder *builder = NULL;
    struct reader *reader = NULL;

    for (uint32_t k = 0; k < count; k++) {
        types[k] = columns[k].type;
        fields[k] = (struct reader_column){.name = columns[k].name, .type = columns[k].type, .column = k};
    }
    OR_DONE(builder_create(types, count, &builder_options, &builder));
    OR_DONE(reader_create(slice_text(from), fields, count, count, &(struct reader_options){0}, &reader));
    for (size_t at = 0; at < text.length;) {
        size_t bytes = piece_bytes == 0 || piece_bytes > text.length - at ? text.length - at : piece_bytes;
        OR_DONE(convert_feed(reader, builder, slice_of(text.data + at, bytes), false));
        at += bytes;
    }
    OR_DONE(convert_feed(reader, builder, slice_of("", 0), true));
    OR_DONE(convert_write(arena, builder, to, columns, count, &(struct writer_options){0}, out));
done:
    reader_destroy(reader);
    builder_destroy(builder);
    arena_destroy(arena);
    return err;
}

#endif
