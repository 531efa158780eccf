/*
 * binary_test.c: the binary formats: every type byte for byte as ClickHouse writes it (tests/format/golden/binary.txt)
 * and back; what is cut, too long or wrong is an error that names row and column.
 */
#include "tests/format/convert.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#define GOLDEN "tests/format/golden/binary.txt"

/* "0aff", spaces and letters in quotes: 02 'ab'. */
static void bytes_of(const char *text, struct buffer *out)
{
    for (; *text != 0 && *text != '\n'; text++) {
        unsigned byte = 0;
        if (*text == '\'') {
            for (text++; *text != '\''; text++) {
                buffer_char(out, *text);
            }
        } else if (*text != ' ') {
            assert_int_equal(sscanf(text, "%2x", &byte), 1);
            buffer_char(out, (char)byte);
            text++;
        }
    }
}

/* The rows as the format has them, and back, in pieces of every size. */
static bool both_ways(const char *columns, const char *format, struct slice rows, struct slice bytes)
{
    struct buffer out = {0};
    struct err *err = convert(columns, "TSV", rows, 0, format, &out);
    bool good = err == NULL && slice_equal(buffer_all(&out), bytes);
    if (!good) {
        print_error("%s in %s is written: %s", columns, format, err == NULL ? "" : err_message(err));
        for (size_t k = 0; k < out.length; k++) {
            print_error("%02x", (unsigned char)out.data[k]);
        }
        print_error("\n");
    }
    err_free(err);
    for (size_t piece = 0; piece < 6 && good; piece++) {
        out.length = 0;
        err = convert(columns, format, bytes, piece, "TSV", &out);
        good = err == NULL && slice_equal(buffer_all(&out), rows);
        if (!good) {
            print_error("%s in %s is read as: %s%.*s\n", columns, format, err == NULL ? "" : err_message(err),
                        SLICE_ARG(buffer_all(&out)));
        }
        err_free(err);
    }
    for (size_t cut = 1; cut < bytes.length && cut < 300 && good; cut++) { /* a shorter one is an error or fewer rows */
        out.length = 0;
        err = convert(columns, format, slice_of(bytes.data, cut), 0, "TSV", &out);
        good = err != NULL ||
               (out.length < rows.length && memcmp(out.data == NULL ? "" : out.data, rows.data, out.length) == 0);
        if (!good) {
            print_error("%s in %s without its end is read\n", columns, format);
        }
        err_free(err);
    }
    buffer_deinit(&out);
    return good;
}

static void every_type_as_clickhouse_has_it(void **state)
{
    (void)state;
    static char line[65536], columns[1024], format[64];
    struct buffer rows = {0};
    size_t cases = 0, wrong = 0;
    FILE *file = fopen(GOLDEN, "r");
    assert_non_null(file);
    while (fgets(line, sizeof(line), file) != NULL) {
        if (line[0] == '>') {
            assert_int_equal(sscanf(line, "> %1023[^\n]", columns), 1);
            rows.length = 0;
        } else if (line[0] == '|') {
            buffer_text(&rows, line + 2);
        } else if (line[0] == '=') {
            struct buffer bytes = {0};
            int at = 0;
            assert_int_equal(sscanf(line, "= %63s %n", format, &at), 1);
            bytes_of(line + at, &bytes);
            wrong += !both_ways(columns, format, buffer_all(&rows), buffer_all(&bytes));
            cases++;
            buffer_deinit(&bytes);
        }
    }
    (void)fclose(file);
    buffer_deinit(&rows);
    assert_true(cases > 300);
    assert_int_equal(wrong, 0);
}

static const struct {
    const char *columns, *format, *bytes;
    const char *rows; /* or */
    enum err_code code;
    const char *message;
} samples[] = {
    {"a Bool", "RowBinary", "02", "true\n", 0, NULL},
    {"a Nullable(UInt8)", "RowBinary", "02 05", "\\N\n\\N\n", 0, NULL},
    {"a Nullable(UInt8)", "RowBinary", "02 00", NULL, ERR_CANNOT_READ_DATA, "row 2: column a: the data end"},
    {"a UInt8, b UInt8", "RowBinaryWithNames", "01 01'b' 05 06", "0\t5\n0\t6\n", 0, NULL},
    {"a UInt8, b UInt8", "RowBinaryWithNames", "02 01'b' 01'a' 05 06", "6\t5\n", 0, NULL},
    {"a UInt8, b UInt8", "RowBinaryWithNames", "02 01'c' 01'b' 05 06", NULL, ERR_CANNOT_SKIP_FIELD, "\"c\""},
    {"a UInt8, b UInt8", "RowBinaryWithNames", "02 01'b' 01'b' 05 06", NULL, ERR_INCORRECT_DATA, "Duplicate field"},
    {"a UInt8, b UInt8", "RowBinaryWithNames", "ffffff7f", NULL, ERR_INCORRECT_DATA, "268435455 columns"},
    {"a UInt8", "RowBinaryWithNames", "00 05", NULL, ERR_INCORRECT_DATA, "no bytes"},
    {"a UInt8", "RowBinaryWithNamesAndTypes", "02 01'c' 01'a' 0d'Array(String)' 05'UInt8' 02 01'x' 00 07 00 08",
     "7\n8\n", 0, NULL},
    {"a UInt8", "RowBinaryWithNamesAndTypes", "01 01'a' 06'UInt16' 07 00", NULL, ERR_INCORRECT_DATA,
     "Type of 'a' must be UInt8, not UInt16"},
    {"a UInt8", "RowBinaryWithNamesAndTypes", "01 01'a' 05'UXnt8' 07", NULL, ERR_UNKNOWN_TYPE, "UXnt8"},
    {"a UInt8", "RowBinaryWithNamesAndTypes", "02 01'a' 01'b' 05'UInt8' 04'JSON' 07", NULL, ERR_NOT_IMPLEMENTED,
     "JSON"},
    {"a UInt8", "RowBinaryWithNamesAndTypes", "01 01'a' 05'UIn'", NULL, ERR_CANNOT_READ_DATA, "row 1"},
    {"a UInt32", "RowBinary", "01000000 ffffff", NULL, ERR_CANNOT_READ_DATA, "row 2: column a: the data end"},
    {"a String", "RowBinary", "05 41", NULL, ERR_CANNOT_READ_DATA, "row 1: column a: the data end"},
    {"a String", "RowBinary", "ffffffffffffffffff01 41", NULL, ERR_STRING_TOO_LARGE, "18446744073709551615"},
    {"a Array(UInt8)", "RowBinary", "ffffffffffffffffff01 41", NULL, ERR_TOO_LARGE_ARRAY, "column a: Too large array"},
    {"a Array(UInt64)", "RowBinary", "ffff1f 41", NULL, ERR_CANNOT_READ_DATA, "column a"},
    {"a Array(Array(String))", "RowBinary", "02 01 01'x' 01 ffffffff7f", NULL, ERR_STRING_TOO_LARGE, "column a"},
    {"a UInt8, b Enum8('a' = 1)", "RowBinary", "01 01 02 02", NULL, ERR_UNKNOWN_ENUM_ELEMENT,
     "row 2: column b: Unexpected value 2 in enum"},
    {"a Array(Enum16('a' = 1))", "RowBinary", "01 ffff", NULL, ERR_UNKNOWN_ENUM_ELEMENT, "value -1 in enum"},
    {"a Date32", "RowBinary", "ffffff7f", NULL, ERR_CANNOT_PARSE_DATE, "day 2147483647 is no Date32"},
    {"a JSON", "RowBinary", "00", NULL, ERR_NOT_IMPLEMENTED, "column a: values of type JSON"},
};

static void samples_and_errors(void **state)
{
    (void)state;
    size_t wrong = 0;
    for (size_t k = 0; k < sizeof(samples) / sizeof(samples[0]); k++) {
        struct buffer bytes = {0};
        bytes_of(samples[k].bytes, &bytes);
        for (size_t piece = 0; piece < 5; piece++) {
            struct buffer out = {0};
            struct err *err = convert(samples[k].columns, samples[k].format, buffer_all(&bytes), piece, "TSV", &out);
            buffer_char(&out, 0);
            bool good = samples[k].message == NULL ? err == NULL && strcmp(out.data, samples[k].rows) == 0
                                                   : err != NULL && err_code(err) == samples[k].code &&
                                                         strstr(err_message(err), samples[k].message) != NULL;
            if (!good) {
                print_error("sample %zu, pieces of %zu: %s %s\n", k, piece, out.data,
                            err == NULL ? "" : err_message(err));
            }
            wrong += !good;
            err_free(err);
            buffer_deinit(&out);
        }
        buffer_deinit(&bytes);
    }
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_as_clickhouse_has_it),
        cmocka_unit_test(samples_and_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
