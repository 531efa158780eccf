/*
 * json_bench.c: events of bench/events.c, a message each, through the JSON reader into a builder, on one core.
 *
 * usage    events 1000000 > file; json_bench FILE      prints rows and bytes per second of processor time
 */
#include "base/text.h"
#include "format/reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ROWS_PER_BUILDER 200000U

static const char *const names[] = {"ts",   "service", "host",        "region", "level",   "method",
                                    "path", "status",  "duration_ms", "bytes",  "user_id", "trace_id"};
static const char *const type_names[] = {"DateTime64(3, 'UTC')",
                                         "String",
                                         "String",
                                         "String",
                                         "String",
                                         "String",
                                         "String",
                                         "UInt16",
                                         "Float64",
                                         "UInt32",
                                         "UInt32",
                                         "String"};
#define COLUMNS (sizeof(names) / sizeof(names[0]))

static struct err *run(struct arena *arena, struct slice text)
{
    struct err *err = NULL;
    const struct type *types[COLUMNS];
    struct reader_column columns[COLUMNS];
    struct builder *builder = NULL;
    struct reader *reader = NULL;
    uint64_t rows = 0, bytes = text.length;

    for (uint32_t k = 0; k < COLUMNS; k++) {
        OR_DONE(type_parse(arena, slice_text(type_names[k]), &types[k]));
        columns[k] = (struct reader_column){.name = slice_text(names[k]), .type = types[k], .column = k};
    }
    OR_DONE(reader_create(slice_text("JSONEachRow"), columns, COLUMNS, COLUMNS, &(struct reader_options){0}, &reader));
    clock_t begin = clock();
    while (text.length > 0) {
        const char *feed = memchr(text.data, '\n', text.length);
        size_t length = feed == NULL ? text.length : (size_t)(feed - text.data) + 1;
        uint64_t count;
        if (rows % ROWS_PER_BUILDER == 0) {
            builder_destroy(builder);
            builder = NULL;
            OR_DONE(builder_create(types, COLUMNS, &(struct builder_options){0}, &builder));
        }
        OR_DONE(reader_message(reader, builder, slice_of(text.data, length), &count));
        rows += count;
        text = slice_of(text.data + length, text.length - length);
    }
    double seconds = (double)(clock() - begin) / CLOCKS_PER_SEC;
    (void)printf("%llu rows, %.3f s: %.2f M rows/s, %.0f MB/s, %.3f us a row\n", (unsigned long long)rows, seconds,
                 (double)rows / seconds / 1e6, (double)bytes / seconds / 1e6, seconds * 1e6 / (double)rows);
done:
    reader_destroy(reader);
    builder_destroy(builder);
    return err;
}

int main(int argc, char **argv)
{
    struct buffer text = {0};
    FILE *file = argc > 1 ? fopen(argv[1], "rb") : NULL;
    static char piece[1 << 20];
    size_t bytes;
    if (file == NULL) {
        (void)fprintf(stderr, "usage: json_bench FILE\n");
        return 2;
    }
    while ((bytes = fread(piece, 1, sizeof(piece), file)) > 0) {
        buffer_append(&text, piece, bytes);
    }
    (void)fclose(file);
    struct arena *arena = arena_create(NULL);
    struct err *err = text.failed || arena == NULL ? err_oom() : run(arena, buffer_all(&text));
    if (err != NULL) {
        (void)fprintf(stderr, "%s\n", err_message(err));
    }
    arena_destroy(arena);
    buffer_deinit(&text);
    return err != NULL;
}
