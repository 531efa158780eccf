/*
 * native_scan_test.c: where a block of the format Native ends: of every type, in one piece and byte by byte, with
 * another block behind it; sizes that cannot be.
 */
#include "format/native_scan.h"
#include "tests/format/convert.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static const char columns[] = "a String, b UInt8, c Nullable(Int64), d FixedString(3), e LowCardinality(String), f "
                              "LowCardinality(Nullable(String)), "
                              "g Array(UInt16), h Array(Array(Nullable(String))), i Map(LowCardinality(String), "
                              "Array(Int8)), j Tuple(UInt8, String), "
                              "k Array(Tuple(x LowCardinality(String), y Float64)), l Decimal(38, 5), m DateTime64(6, "
                              "'UTC'), n LowCardinality(UInt32), "
                              "o UInt256, p Nullable(String), q Array(LowCardinality(Nullable(FixedString(2))))";

/* A block of three rows, and one without. */
static void write_blocks(uint32_t revision, struct buffer *out)
{
    static const char rows[] =
        "text\t1\t\\N\tabc\tx\t\\N\t[1,2,3]\t[['a',NULL],[]]\t{'k':[1,-1]}\t(1,'t')\t[('p',0.5),('q',1)]\t1.5\t"
        "2024-01-02 03:04:05.000006\t7\t12345678901234567890\t\\N\t['ab',NULL]\n"
        "\t2\t5\tde\tx\ty\t[]\t[]\t{}\t(2,'')\t[]\t-1.5\t1970-01-01 00:00:00.000000\t0\t0\tp\t[]\n"
        "other\t3\t6\t\ty\t\t[65535]\t[[]]\t{'a':[],'b':[2]}\t(3,'u')\t[('p',2)]\t0\t2100-01-01 "
        "00:00:00.000000\t7\t1\t\t['xy']\n";
    struct arena *arena = arena_create(NULL);
    struct writer_column wanted[CONVERT_COLUMNS_MAX];
    const struct type *types[CONVERT_COLUMNS_MAX];
    struct reader_column fields[CONVERT_COLUMNS_MAX];
    struct builder *builder = NULL;
    struct reader *reader = NULL;
    struct builder_options options = {.first_capacity = 64};
    struct reader_options reader_options = {0};
    struct writer_options writer_options = {.client_revision = revision, .packets = true};
    uint32_t count = convert_columns(arena, columns, wanted);
    for (uint32_t k = 0; k < count; k++) {
        types[k] = wanted[k].type;
        fields[k] = (struct reader_column){wanted[k].name, wanted[k].type, k};
    }
    assert_null(builder_create(types, count, &options, &builder));
    assert_null(reader_create(slice_text("TSV"), fields, count, count, &reader_options, &reader));
    struct err *err = reader_feed(reader, builder, slice_text(rows), true);
    if (err != NULL) {
        fail_msg("%s", err_message(err));
    }
    assert_null(convert_write(arena, builder, "Native", wanted, count, &writer_options, out));
    reader_destroy(reader);
    builder_destroy(builder);
    arena_destroy(arena);
}

static void check(struct native_scan *scan, struct slice bytes, size_t piece, uint64_t rows, size_t *length)
{
    bool whole = false;
    for (size_t there = 0; !whole; there += piece) {
        assert_true(there < bytes.length + piece);
        size_t now = there + piece < bytes.length ? there + piece : bytes.length;
        struct err *err = native_scan_step(scan, slice_of(bytes.data, now), &whole);
        if (err != NULL) {
            fail_msg("%s", err_message(err));
        }
    }
    assert_int_equal(native_scan_rows(scan), rows);
    assert_int_equal(native_scan_columns(scan), 17);
    assert_true(slice_equal(native_scan_name(scan, 16), slice_text("q")));
    assert_int_equal(native_scan_type(scan, 1)->kind, TYPE_UINT8);
    *length = native_scan_bytes(scan);
    native_scan_reset(scan);
}

static void ends_are_found(void **state)
{
    static const uint32_t revisions[] = {0, 54405, 54460};
    static const size_t pieces[] = {1, 7, 1000000};
    (void)state;
    for (size_t r = 0; r < 3; r++) {
        struct buffer blocks = {0};
        write_blocks(revisions[r], &blocks);
        for (size_t p = 0; p < 3; p++) {
            struct native_scan *scan = NULL;
            size_t first = 0, second = 0;
            assert_null(native_scan_create(revisions[r], NULL, &scan));
            check(scan, buffer_all(&blocks), pieces[p], 0, &first);
            check(scan, slice_of(blocks.data + first, blocks.length - first), pieces[p], 3, &second);
            assert_int_equal(first + second, blocks.length);
            native_scan_destroy(scan);
        }
        buffer_deinit(&blocks);
    }
}

static void the_empty_block_is_the_last(void **state)
{
    static const char bytes[] = {1, 0, 2, -1, -1, -1, -1, 0, 0, 0, 2};
    struct native_scan *scan = NULL;
    bool whole = false;
    (void)state;
    assert_null(native_scan_create(54460, NULL, &scan));
    for (size_t there = 0; there < 10; there++) {
        assert_null(native_scan_step(scan, slice_of(bytes, there), &whole));
        assert_false(whole);
    }
    assert_null(native_scan_step(scan, slice_of(bytes, sizeof(bytes)), &whole));
    assert_true(whole);
    assert_int_equal(native_scan_bytes(scan), 10);
    assert_int_equal(native_scan_columns(scan), 0);
    native_scan_destroy(scan);
}

static void refused(struct slice block, enum err_code code)
{
    struct native_scan *scan = NULL;
    bool whole = false;
    assert_null(native_scan_create(0, NULL, &scan));
    struct err *err = native_scan_step(scan, block, &whole);
    assert_int_equal(err_code(err), code);
    assert_false(whole);
    err_free(err);
    native_scan_destroy(scan);
}

static void sizes_that_cannot_be(void **state)
{
    static const char many_columns[] = "\xff\xff\xff\x7f\x01", many_rows[] = "\x01\xff\xff\xff\xff\xff\x01";
    static const char no_columns[] = "\x00\x01", long_name[] = "\x01\x01\xff\xff\xff\x7f";
    static const char long_string[] = "\x01\x01\x01n\x06String\xff\xff\xff\xff\x7f";
    static const char long_array[] = "\x01\x01\x01n\x0c"
                                     "Array(UInt8)\xff\xff\xff\xff\xff\xff\xff\xff";
    static const char no_type[] = "\x01\x01\x01n\x04Nope", json[] = "\x01\x01\x01n\x04JSON\3\0\0\0\0\0\0";
    static const char keys[] = "\x01\x01\x01n\x16LowCardinality(String)\1\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0";
    (void)state;
    refused(slice_of(many_columns, 5), ERR_INCORRECT_DATA);
    refused(slice_of(many_rows, 7), ERR_INCORRECT_DATA);
    refused(slice_of(no_columns, 2), ERR_INCORRECT_DATA);
    refused(slice_of(long_name, 6), ERR_INCORRECT_DATA);
    refused(slice_of(long_string, sizeof(long_string) - 1), ERR_INCORRECT_DATA);
    refused(slice_of(long_array, sizeof(long_array) - 1), ERR_INCORRECT_DATA);
    refused(slice_of(no_type, sizeof(no_type) - 1), ERR_UNKNOWN_TYPE);
    refused(slice_of(json, sizeof(json)), ERR_NOT_IMPLEMENTED);
    refused(slice_of(keys, sizeof(keys) - 1), ERR_INCORRECT_DATA);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(ends_are_found), cmocka_unit_test(the_empty_block_is_the_last),
                                       cmocka_unit_test(sizes_that_cannot_be)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
