/*
 * nested_test.c: how the formats write arrays, tuples and maps: as ClickHouse does.
 */
#include "format/writer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <cmocka.h>

static const struct {
    const char *format;
    const char *expected; /* a part of what is written */
} cases[] = {
    {"TabSeparated", "[1,2]\t(1,'x\\'\\t')\t{'k':[1,2]}\n[]\t(2,'y')\t{}\n"},
    {"CSVWithNamesAndTypes", "\"a\",\"t.n\",\"t.s\",\"m\"\n\"Array(UInt8)\",\"UInt8\",\"String\",\"Map(String, "
                             "Array(UInt8))\"\n\"[1,2]\",1,\"x'\t\",\"{'k':[1,2]}\"\n\"[]\",2,\"y\",\"{}\"\n"},
    {"JSONEachRow", "{\"a\":[1,2],\"t\":{\"n\":1,\"s\":\"x'\\t\"},\"m\":{\"k\":[1,2]}}\n"
                    "{\"a\":[],\"t\":{\"n\":2,\"s\":\"y\"},\"m\":{}}\n"},
    {"JSON", "\t\t{\n\t\t\t\"a\": [1,2],\n\t\t\t\"t\": {\n\t\t\t\t\"n\": 1,\n\t\t\t\t\"s\": \"x'\\t\"\n\t\t\t},\n"
             "\t\t\t\"m\": {\n\t\t\t\t\"k\": [1,2]\n\t\t\t}\n\t\t},\n"
             "\t\t{\n\t\t\t\"a\": [],\n\t\t\t\"t\": {\n\t\t\t\t\"n\": 2,\n\t\t\t\t\"s\": \"y\"\n\t\t\t},\n"
             "\t\t\t\"m\": {}\n\t\t}\n"},
    {"Values", "([1,2],(1,'x\\'\\t'),{'k':[1,2]}),([],(2,'y'),{})"},
    {"Markdown", "| [1,2] | (1,'x\\'\\t') | {'k':[1,2]} |\n"},
};

#define COLUMNS 3

static struct column *bytes(struct arena *arena, uint32_t count)
{
    struct column *column = column_new(arena, type_simple(TYPE_UINT8), count);
    assert_non_null(column);
    for (uint32_t i = 0; i < count; i++) {
        ((uint8_t *)column->values)[i] = (uint8_t)(i + 1);
    }
    return column;
}

static struct column *texts(struct arena *arena, const char *first, const char *second, uint32_t count)
{
    struct column *column = column_new(arena, type_simple(TYPE_STRING), count);
    assert_non_null(column);
    for (uint32_t i = 0; i < count; i++) {
        ((struct slice *)column->values)[i] = slice_text(i == 0 ? first : second);
    }
    return column;
}

static const struct type *type_of(struct arena *arena, const char *name)
{
    const struct type *type = NULL;
    assert_null(type_parse(arena, slice_text(name), &type));
    return type;
}

/* Two rows: [1, 2], (1, "x'\t"), {'k': [1, 2]} and [], (2, 'y'), {}. */
static struct chunk *rows(struct arena *arena, const struct writer_column *columns)
{
    struct chunk *chunk = chunk_new(arena, COLUMNS, 2);
    assert_non_null(chunk);
    for (uint32_t k = 0; k < COLUMNS; k++) {
        chunk->columns[k] = column_new(arena, columns[k].type, 2);
        assert_non_null(chunk->columns[k]);
    }
    memcpy(chunk->columns[0]->offsets, (uint32_t[]){0, 2, 2}, 3 * sizeof(uint32_t));
    chunk->columns[0]->children[0] = bytes(arena, 2);
    chunk->columns[1]->children[0] = bytes(arena, 2);
    chunk->columns[1]->children[1] = texts(arena, "x'\t", "y", 2);
    memcpy(chunk->columns[2]->offsets, (uint32_t[]){0, 1, 1}, 3 * sizeof(uint32_t));
    struct column *pairs = column_new(arena, columns[2].type->children[0], 1);
    assert_non_null(pairs);
    pairs->children[0] = texts(arena, "k", "", 1);
    pairs->children[1] = column_new(arena, pairs->type->children[1], 1);
    assert_non_null(pairs->children[1]);
    memcpy(pairs->children[1]->offsets, (uint32_t[]){0, 2}, 2 * sizeof(uint32_t));
    pairs->children[1]->children[0] = bytes(arena, 2);
    chunk->columns[2]->children[0] = pairs;
    return chunk;
}

static void nested_values(void **state)
{
    (void)state;
    struct arena *arena = arena_create(NULL);
    const struct writer_column columns[COLUMNS] = {
        {slice_text("a"), type_of(arena, "Array(UInt8)")},
        {slice_text("t"), type_of(arena, "Tuple(n UInt8, s String)")},
        {slice_text("m"), type_of(arena, "Map(String, Array(UInt8))")},
    };
    const struct writer_options options = {0};
    const struct writer_statistics statistics = {0};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct buffer out = {0};
        struct writer *writer = NULL;
        assert_null(writer_create(slice_text(cases[i].format), columns, COLUMNS, &options, &out, &writer));
        writer_begin(writer);
        writer_chunk(writer, rows(arena, columns));
        writer_end(writer, &statistics);
        buffer_char(&out, '\0');
        if (strstr(out.data, cases[i].expected) == NULL) {
            fail_msg("%s:\n%s\nexpected:\n%s", cases[i].format, out.data, cases[i].expected);
        }
        writer_destroy(writer);
        buffer_deinit(&out);
    }
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nested_values)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
