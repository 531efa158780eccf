/*
 * totals_test.c: where the formats put the row of WITH TOTALS, and the rows of the setting extremes: as ClickHouse does,
 * after rows and after none.
 */
#include "format/writer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <cmocka.h>

static const struct {
    const char *format;
    const char *expected; /* up to what depends on the time */
} cases[] = {
    {"TabSeparated", "1\n2\n\n3\n"},
    {"TSVWithNames", "k\n1\n2\n\n3\n"},
    {"CSVWithNames", "\"k\"\n1\n2\n\n3\n"},
    {"JSON",
     "{\n\t\"meta\":\n\t[\n\t\t{\n\t\t\t\"name\": \"k\",\n\t\t\t\"type\": \"UInt8\"\n\t\t}\n\t],\n\n\t\"data\":\n"
     "\t[\n\t\t{\n\t\t\t\"k\": 1\n\t\t},\n\t\t{\n\t\t\t\"k\": 2\n\t\t}\n\t],\n\n\t\"totals\":\n\t{\n\t\t\"k\": 3\n"
     "\t},\n\n\t\"rows\": 2,"},
    {"JSONCompact", "{\n\t\"meta\":\n\t[\n\t\t{\n\t\t\t\"name\": \"k\",\n\t\t\t\"type\": \"UInt8\"\n\t\t}\n\t],\n\n"
                    "\t\"data\":\n\t[\n\t\t[1],\n\t\t[2]\n\t],\n\n\t\"totals\": [3],\n\n\t\"rows\": 2,"},
    {"JSONEachRow", "{\"k\":1}\n{\"k\":2}\n"},
    {"Values", "(1),(2)"},
    {"PrettyCompact", "   ┌─k─┐\n1. │ 1 │\n2. │ 2 │\n   └───┘\n\nTotals:\n   ┌─k─┐\n1. │ 3 │\n   └───┘\n"},
    {"Vertical", "Row 1:\n──────\nk: 1\n\nRow 2:\n──────\nk: 2\n\n\nTotals:\n───────\nk: 3\n"},
    {"Markdown", "| k |\n|-:|\n| 1 |\n| 2 |\n"},
};

static struct chunk *numbers(struct arena *arena, uint8_t first, uint32_t count)
{
    struct chunk *chunk = chunk_new(arena, 1, count);
    assert_non_null(chunk);
    chunk->columns[0] = column_new(arena, type_simple(TYPE_UINT8), count);
    assert_non_null(chunk->columns[0]);
    for (uint32_t i = 0; i < count; i++) {
        ((uint8_t *)chunk->columns[0]->values)[i] = (uint8_t)(first + i);
    }
    return chunk;
}

static void totals_follow_rows(void **state)
{
    (void)state;
    const struct writer_column column = {slice_text("k"), type_simple(TYPE_UINT8)};
    const struct writer_statistics statistics = {0};
    const struct writer_options options = {0};
    struct arena *arena = arena_create(NULL);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct buffer out = {0};
        struct writer *writer = NULL;
        assert_null(writer_create(slice_text(cases[i].format), &column, 1, &options, &out, &writer));
        writer_begin(writer);
        writer_chunk(writer, numbers(arena, 1, 2));
        writer_totals(writer, numbers(arena, 3, 1));
        writer_end(writer, &statistics);
        assert_int_equal(writer_rows(writer), 2);
        buffer_char(&out, '\0');
        if (strncmp(out.data, cases[i].expected, strlen(cases[i].expected)) != 0) {
            fail_msg("%s:\n%s\nexpected:\n%s", cases[i].format, out.data, cases[i].expected);
        }
        writer_destroy(writer);
        buffer_deinit(&out);
    }
    arena_destroy(arena);
}

static void totals_without_rows(void **state)
{
    (void)state;
    const struct writer_column column = {slice_text("k"), type_simple(TYPE_UINT8)};
    const struct writer_options options = {0};
    struct arena *arena = arena_create(NULL);
    struct buffer out = {0};
    struct writer *writer = NULL;
    assert_null(writer_create(slice_text("PrettySpace"), &column, 1, &options, &out, &writer));
    writer_begin(writer);
    writer_totals(writer, numbers(arena, 0, 1));
    writer_end(writer, &(struct writer_statistics){0});
    buffer_char(&out, '\0');
    assert_string_equal(out.data, "\nTotals:\n    k\n\n1.  0 \n");
    writer_destroy(writer);
    buffer_deinit(&out);
    arena_destroy(arena);
}

static void extremes_come_last(void **state)
{
    (void)state;
    static const struct {
        const char *format;
        bool totals;
        const char *expected; /* behind the rows */
    } behind[] = {
        {"TabSeparated", false, "1\n2\n\n8\n9\n"},
        {"CSV", true, "1\n2\n\n3\n\n8\n9\n"},
        {"JSONCompact", false,
         "],\n\n\t\"extremes\":\n\t{\n\t\t\"min\": [8],\n\t\t\"max\": [9]\n\t},\n\n\t\"rows\": 2,"},
        {"JSON", true,
         "\t},\n\n\t\"extremes\":\n\t{\n\t\t\"min\":\n\t\t{\n\t\t\t\"k\": 8\n\t\t},\n\t\t\"max\":\n\t\t{\n\t\t\t\"k\": "
         "9\n\t\t}\n\t},\n\n\t\"rows\": 2,"},
        {"JSONColumnsWithMetadata", false,
         "\t\t\"k\": [1, 2]\n\t},\n\n\t\"extremes\":\n\t{\n\t\t\"min\":\n\t\t{\n\t\t\t\"k\": 8\n"},
        {"JSONEachRowWithProgress", false, "{\"min\":{\"k\":8}}\n{\"max\":{\"k\":9}}\n"},
        {"XML", true,
         "\t</totals>\n\t<extremes>\n\t\t<min>\n\t\t\t<k>8</k>\n\t\t</min>\n\t\t<max>\n\t\t\t<k>9</k>\n\t\t</max>\n\t</"
         "extremes>\n\t<rows>2</rows>"},
        {"PrettyCompact", false, "\nExtremes:\n   ┌─k─┐\n1. │ 8 │\n2. │ 9 │\n   └───┘\n"},
        {"Vertical", false, "k: 2\n\n\nMin:\n────\nk: 8\n\nMax:\n────\nk: 9\n"},
        {"Vertical", true, "k: 3\n\nMin:\n────\nk: 8\n\nMax:\n────\nk: 9\n"},
        {"JSONEachRow", false, "{\"k\":1}\n{\"k\":2}\n"},
        {"Values", false, "(1),(2)"},
    };
    const struct writer_column column = {slice_text("k"), type_simple(TYPE_UINT8)};
    const struct writer_options options = {0};
    struct arena *arena = arena_create(NULL);
    for (size_t i = 0; i < sizeof(behind) / sizeof(behind[0]); i++) {
        struct buffer out = {0};
        struct writer *writer = NULL;
        assert_null(writer_create(slice_text(behind[i].format), &column, 1, &options, &out, &writer));
        writer_begin(writer);
        writer_chunk(writer, numbers(arena, 1, 2));
        if (behind[i].totals) {
            writer_totals(writer, numbers(arena, 3, 1));
        }
        writer_extremes(writer, numbers(arena, 8, 2));
        writer_end(writer, &(struct writer_statistics){0});
        buffer_char(&out, '\0');
        if (strstr(out.data, behind[i].expected) == NULL) {
            fail_msg("%s:\n%s\nexpected:\n%s", behind[i].format, out.data, behind[i].expected);
        }
        writer_destroy(writer);
        buffer_deinit(&out);
    }
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(totals_follow_rows),
        cmocka_unit_test(totals_without_rows),
        cmocka_unit_test(extremes_come_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
