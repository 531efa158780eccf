/* arrow_test.c: Arrow and ArrowStream out and in again, at once and in pieces; bytes that are damaged or cut off. */
#include "tests/format/convert.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define COLUMNS                                                                                                        \
    "a Int8, b UInt64, c Float32, d String, e Nullable(String), f FixedString(3), g Date, h Date32, i "                \
    "DateTime('UTC'), "                                                                                                \
    "j DateTime64(1, 'UTC'), k Decimal(5, 2), l Decimal(38, 3), m UUID, n IPv4, o IPv6, p Enum8('x' = 1, 'y' = 2), "   \
    "q Bool, r Int256, s LowCardinality(String), t Array(Array(Nullable(Int16))), u Tuple(x UInt8, y Array(String)), " \
    "v Map(String, Float64), w Array(LowCardinality(Nullable(String))), x Nullable(Int128)"

static const char rows[] =
    "-1\t18446744073709551615\t1.5\ttext\t\\N\tabc\t2024-02-29\t1925-01-01\t2024-02-29 01:02:03\t1925-01-01 "
    "00:00:00.1\t-123.45\t12345678901234567890.123\t00112233-4455-6677-8899-aabbccddeeff\t1.2.3.4\t2001:db8::"
    "1\ty\ttrue\t"
    "-12345678901234567890123456789012345678901234567890\tl\t[[1,NULL],[]]\t(7,['a','b'])\t{'k':0.5}\t['w',NULL]\t\\N\n"
    "1\t0\t-0.25\t\tx\ta\\0\\0\t1970-01-01\t1970-01-01\t1970-01-01 00:00:00\t1970-01-01 "
    "00:00:00.0\t0\t0\t00000000-0000-0000-0000-000000000000\t0.0.0.0\t::\tx\tfalse\t0\t\t[]\t(0,[])\t{}\t[]\t-5\n";

static void check_same(const char *name, size_t piece_bytes)
{
    struct buffer plain = {0}, written = {0}, back = {0};
    assert_null(convert(COLUMNS, "TSV", slice_text(rows), 0, "TSV", &plain));
    assert_null(convert(COLUMNS, "TSV", slice_text(rows), 0, name, &written));
    assert_null(convert(COLUMNS, name, buffer_all(&written), piece_bytes, "TSV", &back));
    assert_int_equal(back.length, plain.length);
    assert_memory_equal(back.data, plain.data, plain.length);
    buffer_deinit(&plain);
    buffer_deinit(&written);
    buffer_deinit(&back);
}

static void test_out_and_in(void **state)
{
    (void)state;
    static const size_t pieces[] = {0, 1, 7, 500};
    for (size_t k = 0; k < sizeof(pieces) / sizeof(pieces[0]); k++) {
        check_same("ArrowStream", pieces[k]);
        check_same("Arrow", pieces[k]);
    }
}

/* They give an error or rows, and touch nothing else. */
static void read_damaged(const char *name, char *bytes, size_t length)
{
    struct buffer back = {0};
    err_free(convert(COLUMNS, name, slice_of(bytes, length), 0, "TSV", &back));
    buffer_deinit(&back);
}

static void test_damaged(void **state)
{
    (void)state;
    static const char *const names[] = {"ArrowStream", "Arrow"};
    for (size_t n = 0; n < 2; n++) {
        struct buffer written = {0}, back = {0};
        assert_null(convert(COLUMNS, "TSV", slice_text(rows), 0, names[n], &written));
        struct err *err = convert(COLUMNS, names[n], slice_of(written.data, written.length / 2), 0, "TSV", &back);
        assert_non_null(err);
        assert_int_equal(err_code(err), ERR_CANNOT_READ_DATA);
        err_free(err);
        for (size_t at = 0; at < written.length; at++) {
            char kept = written.data[at];
            written.data[at] = (char)(kept ^ 1 << at % 8);
            read_damaged(names[n], written.data, written.length);
            written.data[at] = (char)~kept;
            read_damaged(names[n], written.data, written.length);
            written.data[at] = kept;
            if (at % 16 == 0) {
                read_damaged(names[n], written.data, at);
            }
        }
        buffer_deinit(&written);
        buffer_deinit(&back);
    }
}

static void test_no_rows(void **state)
{
    (void)state;
    static const char *const names[] = {"ArrowStream", "Arrow"};
    for (size_t n = 0; n < 2; n++) {
        struct buffer written = {0}, back = {0};
        assert_null(convert(COLUMNS, "TSV", slice_text(""), 0, names[n], &written));
        assert_true(written.length > 0);
        assert_null(convert(COLUMNS, names[n], buffer_all(&written), 0, "TSV", &back));
        assert_int_equal(back.length, 0);
        buffer_deinit(&written);
        buffer_deinit(&back);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_out_and_in),
        cmocka_unit_test(test_damaged),
        cmocka_unit_test(test_no_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
