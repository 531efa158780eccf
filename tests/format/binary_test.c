/*
 * binary_test.c: the binary formats: every type byte for byte as ClickHouse writes it (tests/format/golden/binary.txt)
 * and back; what is cut, too long or wrong is an error that names row and column.
 */
#include "tests/format/convert.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#define GOLDEN      "tests/format/golden/binary.txt"
#define GOLDEN_JSON "tests/format/golden/native_json.txt"

/* "0aff" with spaces, 00*7 for a byte seven times, letters in quotes: 02'ab'. */
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
            text++;
            for (int times = text[1] == '*' ? text[2] - '0' : 1; times > 0; times--) {
                buffer_char(out, (char)byte);
            }
            text += text[1] == '*' ? 2 : 0;
        }
    }
}

/* Are the rows written so? */
static bool one_way(const char *columns, const char *format, struct slice rows, struct slice bytes)
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
    buffer_deinit(&out);
    return good;
}

/* The rows as the format has them, and back, in pieces of every size. */
static bool both_ways(const char *columns, const char *format, struct slice rows, struct slice bytes)
{
    struct buffer out = {0};
    struct err *err = NULL;
    bool good = one_way(columns, format, rows, bytes);
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

static void compare(const char *golden, size_t cases_min,
                    bool (*same)(const char *columns, const char *format, struct slice rows, struct slice bytes))
{
    static char line[65536], columns[1024], format[64];
    struct buffer rows = {0};
    size_t cases = 0, wrong = 0;
    FILE *file = fopen(golden, "r");
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
            wrong += !same(columns, format, buffer_all(&rows), buffer_all(&bytes));
            cases++;
            buffer_deinit(&bytes);
        }
    }
    (void)fclose(file);
    buffer_deinit(&rows);
    assert_true(cases >= cases_min);
    assert_int_equal(wrong, 0);
}

static void every_type_as_clickhouse_has_it(void **state)
{
    (void)state;
    compare(GOLDEN, 300, both_ways);
}

/* As clients of today read it; they write texts (samples below). */
static void json_as_clickhouse_writes_it(void **state)
{
    (void)state;
    compare(GOLDEN_JSON, 10, one_way);
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
    {"a UInt8, b UInt8", "Native", "01 02 01'b' 05'UInt8' 05 06", "0\t5\n0\t6\n", 0, NULL},
    {"a UInt8, b UInt8", "Native", "01 02 01'c' 0d'Array(String)' 01 00*7 01 00*7 01'x' 01 02 01'b' 05'UInt8' 05 06",
     "0\t0\n0\t0\n0\t5\n0\t6\n", 0, NULL},
    {"a UInt8", "Native", "01 00 01'a' 05'UInt8' 00 00 01 02 01'a' 05'UInt8' 07 08", "7\n8\n", 0, NULL},
    {"a UInt8", "Native", "01 02 01'a' 05'UInt8' 07", NULL, ERR_CANNOT_READ_DATA, "row 1: column a: the data end"},
    {"a UInt8", "Native", "01 02 01'a' 06'UInt16' 0700 0800", NULL, ERR_NOT_IMPLEMENTED,
     "column a: its type in the data is UInt16, in the table UInt8"},
    {"a UInt8", "Native", "01 02 01'a' 0f'Nullable(UInt8)' 01 00 ff 05", "0\n5\n", 0, NULL},
    {"a Nullable(String)", "Native",
     "01 02 01'a' 16'LowCardinality(String)' 01 00*7 00 06 00*6 02 00*7 00 01'x' 02 00*7"
     "01 00",
     "x\n\n", 0, NULL},
    {"a LowCardinality(String)", "Native", "01 02 01'a' 06'String' 01'x' 02'yy'", "x\nyy\n", 0, NULL},
    {"a LowCardinality(Nullable(String))", "Native",
     "01 03 01'a' 20'LowCardinality(Nullable(String))' 01 00*7 01 06 00*6"
     "02 00*7 00 01'x' 03 00*7 0100 0000 0100",
     "x\n\\N\nx\n", 0, NULL},
    {"a LowCardinality(String)", "Native", "01 02 01'a' 16'LowCardinality(String)' 02 00*7 00 06 00*6", NULL,
     ERR_INCORRECT_DATA, "Invalid version of the keys"},
    {"a LowCardinality(String)", "Native",
     "01 02 01'a' 16'LowCardinality(String)' 01 00*7 00 06 00*6 01 00*7 01'x'"
     "02 00*7 00 05",
     NULL, ERR_INCORRECT_DATA, "Index for LowCardinality is out of range (5)"},
    {"a LowCardinality(String)", "Native",
     "01 02 01'a' 16'LowCardinality(String)' 01 00*7 00 06 00*6 01 00*7 01'x'"
     "03 00*7 00 00 00",
     NULL, ERR_INCORRECT_DATA, "another number of indexes"},
    {"a LowCardinality(String)", "Native", "01 02 01'a' 16'LowCardinality(String)' 01 00*7 00 06 00*6 ff*7 7f", NULL,
     ERR_TOO_LARGE_ARRAY, "Too large dictionary"},
    {"a LowCardinality(String)", "Native", "01 02 01'a' 16'LowCardinality(String)' 01 00*7 00 05 00*6 01 00*7", NULL,
     ERR_INCORRECT_DATA, "Invalid type of indexes"},
    {"a Array(UInt8)", "Native", "01 02 01'a' 0c'Array(UInt8)' 02 00*7 01 00*7 00 00", NULL, ERR_INCORRECT_DATA,
     "not monotonically increasing"},
    {"a Array(UInt8)", "Native", "01 02 01'a' 0c'Array(UInt8)' 02 00*7 ff*7 7f 00 00", NULL, ERR_TOO_LARGE_ARRAY,
     "Array sizes are too large"},
    {"a Array(UInt8)", "Native", "01 01 01'a' 0c'Array(UInt8)' 00 00 10 00*5 00 00", NULL, ERR_TOO_LARGE_ARRAY,
     "Too large array size"},
    {"a String", "Native", "01 02 01'a' 06'String' 01'x' 05'y'", NULL, ERR_CANNOT_READ_DATA, "column a: the data end"},
    {"a String", "Native", "01 02 01'a' 06'String' 01'x' ff*9 01", NULL, ERR_STRING_TOO_LARGE, "column a"},
    {"a UInt8, b Enum8('a' = 1)", "Native", "02 02 01'a' 05'UInt8' 01 02 01'b' 0e'Enum8('", NULL, ERR_CANNOT_READ_DATA,
     "row 1"},
    {"a Bool", "Native", "01 01 01'a' 04'Bool' 02", "true\n", 0, NULL},
    {"a UInt8", "Native", "01 ff*6 7f 01'a' 05'UInt8'", NULL, ERR_TOO_LARGE_ARRAY, "Suspiciously many rows"},
    {"a UInt8", "Native", "ff*3 7f 01", NULL, ERR_TOO_LARGE_ARRAY, "Suspiciously many columns"},
    {"a UInt8", "Native", "00 05", NULL, ERR_TOO_LARGE_ARRAY, "columns"},
    {"a UInt8", "Native", "02 01 01'a' 05'UInt8' 01 01'a' 05'UInt8' 02", NULL, ERR_INCORRECT_DATA, "stands twice"},
    {"a UInt8", "Native", "01 01 01'a' 05'UXnt8' 01", NULL, ERR_UNKNOWN_TYPE, "column a"},
    {"a UInt8", "Native", "01 01 01'b' 04'JSON' 02 00*7 00", NULL, ERR_NOT_IMPLEMENTED, "must be sent as texts"},
    {"a UInt8", "Native", "02 01 01'b' 04'JSON' 01 00*7 02'{}' 01'a' 05'UInt8' 05", "5\n", 0, NULL},
    {"a JSON(b UInt8)", "Native", "01 02 01'a' 04'JSON' 01 00*7 07'{\"b\":1}' 09'{\"c\":[2]}'",
     "{\"b\":1}\n{\"b\":0,\"c\":[2]}\n", 0, NULL},
    {"a JSON", "Native", "01 01 01'a' 06'String' 09'{\"c\":[2]}'", "{\"c\":[2]}\n", 0, NULL},
    {"a JSON", "Native", "01 01 01'a' 04'JSON' 01 00*7 01'{'", NULL, ERR_INCORRECT_DATA, "column a"},
    {"a JSON", "Native", "01 01 01'a' 05'UInt8' 07", NULL, ERR_NOT_IMPLEMENTED, "column a: its type in the data"},
    {"a UInt8", "Native", "01 01 01'b' 0b'Array(JSON)' 01 00*7 00*8", NULL, ERR_NOT_IMPLEMENTED, "JSON"},
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
        cmocka_unit_test(json_as_clickhouse_writes_it),
        cmocka_unit_test(samples_and_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
