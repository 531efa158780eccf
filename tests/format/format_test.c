/*
 * format_test.c: texts through readers and writers; the answers are ClickHouse's, but for numbers that do not fit a
 * column: ClickHouse wraps them around, they are refused here.
 */
#include "tests/format/convert.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

/* output NULL: an error whose message holds `says`. */
struct sample {
    const char *columns, *from, *input, *to, *output;
    const char *says;
};

/* What is wrong with the sample is printed; false. */
static bool check(const struct sample *sample, size_t piece_bytes)
{
    struct buffer out = {0};
    struct err *err = convert(sample->columns, sample->from, slice_text(sample->input), piece_bytes, sample->to, &out);
    bool good;
    buffer_char(&out, 0);
    if (sample->output != NULL) {
        good = err == NULL && strcmp(out.data, sample->output) == 0;
    } else {
        good = err != NULL && strstr(err_message(err), sample->says) != NULL;
    }
    if (!good) {
        print_error("%s from %s in pieces of %zu: %s\n    answer   %s\n    expected %s%s\n", sample->columns,
                    sample->from, piece_bytes, sample->input, err != NULL ? err_message(err) : out.data,
                    sample->output != NULL ? sample->output : "an error with ",
                    sample->output != NULL ? "" : sample->says);
    }
    err_free(err);
    buffer_deinit(&out);
    return good;
}

#define GOOD(columns, from, input, output)                                                                             \
    {                                                                                                                  \
        columns, from, input, "TSV", output, NULL                                                                      \
    }
#define BAD(columns, from, input, says)                                                                                \
    {                                                                                                                  \
        columns, from, input, "TSV", NULL, says                                                                        \
    }
#define WRITTEN(columns, input, to, output)                                                                            \
    {                                                                                                                  \
        columns, "TSV", input, to, output, NULL                                                                        \
    }
#define JSON(type, value, output)   GOOD("a " type, "JSONEachRow", "{\"a\":" value "}", output "\n")
#define JSON_BAD_VALUE(type, value) BAD("a " type, "JSONEachRow", "{\"a\":" value "}", "column a")

static const struct sample samples[] = {
    /* JSON: strings */
    JSON("String", "\"\\ud83d\\ude00\"", "😀"),
    JSON("String", "\"\\udc00x\"", "\xed\xb0\x80x"),
    JSON("String", "\"\\u0000b\"", "\\0b"),
    JSON("String", "\"\\q\"", "q"),
    JSON("String", "\"\\/\\b\"", "/\\b"),
    JSON("String", "\"a\tb\"", "a\\tb"),
    JSON("String", "\"\xff\xc0\"", "\xff\xc0"),
    JSON("String", "12.50", "12.50"),
    JSON("String", "true", "true"),
    JSON("String", "null", ""),
    JSON("String", "{\"b\" : 1}", "{\"b\" : 1}"),
    JSON("String", "[1, 2]", "[1, 2]"),
    BAD("a String", "JSONEachRow", "{\"a\":\"\\ud800\"}", "surrogate"),
    BAD("a String", "JSONEachRow", "{\"a\":\"\\ud83dx    \"}", "surrogate"),
    BAD("a String", "JSONEachRow", "{\"a\":\"\\ud83d\\u0041\"}", "surrogate"),
    BAD("a String", "JSONEachRow", "{\"a\":[1}}", "closes another"),
    /* JSON: numbers */
    JSON("UInt8", "1", "1"),
    JSON("UInt8", "\"1\"", "1"),
    JSON("UInt8", "true", "1"),
    JSON("UInt8", "255", "255"),
    JSON("UInt8", " 1 ", "1"),
    JSON("UInt8", "null", "0"),
    JSON("Nullable(UInt8)", "null", "\\N"),
    JSON("Int8", "-128", "-128"),
    JSON("Int32", "+1", "1"),
    JSON("Int32", "-0", "0"),
    JSON("Int32", "01", "1"),
    JSON("Int64", "-9223372036854775808", "-9223372036854775808"),
    JSON("UInt64", "18446744073709551615", "18446744073709551615"),
    JSON("UInt64", "00000000000000000000000000001", "1"),
    JSON("Int128", "-170141183460469231731687303715884105728", "-170141183460469231731687303715884105728"),
    JSON("Float64", "1e2", "100"),
    JSON("Float64", "-0", "-0"),
    JSON("Float64", "\"nan\"", "nan"),
    JSON("Float64", "nan", "nan"),
    JSON("Float64", "-inf", "-inf"),
    JSON("Float64", "true", "1"),
    JSON("Float64", "1.7976931348623157e308", "1.7976931348623157e308"),
    JSON("Float64", "5e-324", "5e-324"),
    JSON("Float32", "1e-45", "1e-45"),
    JSON("Float64", "123456789012345678901234567890", "1.2345678901234568e29"),
    JSON("Float64", "0.1000000000000000055511151231257827021181583404541015625", "0.1"),
    JSON("Float32", "16777217", "16777216"),
    JSON("Decimal(9, 2)", "1e2", "100"),
    JSON("Decimal(9, 2)", "\"1.50\"", "1.5"),
    JSON("Bool", "true", "true"),
    JSON("Bool", "1", "true"),
    JSON_BAD_VALUE("UInt8", "-1"),
    JSON_BAD_VALUE("UInt8", "256"),
    JSON_BAD_VALUE("Int8", "128"),
    JSON_BAD_VALUE("Int8", "-129"),
    JSON_BAD_VALUE("UInt64", "18446744073709551616"),
    JSON_BAD_VALUE("UInt64", "99999999999999999999999999"),
    JSON_BAD_VALUE("Int64", "9223372036854775808"),
    JSON_BAD_VALUE("Int32", "\"x\""),
    JSON_BAD_VALUE("Int32", "[1]"),
    JSON_BAD_VALUE("Int32", "\"1x\""),
    JSON_BAD_VALUE("Float64", "\"x\""),
    JSON_BAD_VALUE("Float64", "\"\""),
    JSON_BAD_VALUE("Bool", "2"),
    BAD("a Int32", "JSONEachRow", "{\"a\":1.5}", "cannot read \"1.5\" as Int32"),
    BAD("a Int32", "JSONEachRow", "{\"a\":1x}", "expected ',' or '}' behind a value"),
    /* JSON: times and the rest */
    JSON("DateTime('UTC')", "\"2024-02-29 23:59:59\"", "2024-02-29 23:59:59"),
    JSON("DateTime('UTC')", "\"2024-02-29T23:59:59Z\"", "2024-02-29 23:59:59"),
    JSON("DateTime('UTC')", "1", "1970-01-01 00:00:01"),
    JSON("DateTime('UTC')", "1.5", "1970-01-01 00:00:01"),
    JSON("DateTime('UTC')", "-1", "1970-01-01 00:00:00"),
    JSON("DateTime64(3, 'UTC')", "\"2024-02-29 23:59:59.1239\"", "2024-02-29 23:59:59.123"),
    JSON("DateTime64(6, 'UTC')", "\"2099-12-31 23:59:59.000001\"", "2099-12-31 23:59:59.000001"),
    JSON("DateTime64(3, 'Europe/Berlin')", "\"2024-07-01 12:00:00.5\"", "2024-07-01 12:00:00.500"),
    JSON("Date", "\"2024-02-29\"", "2024-02-29"),
    JSON("Date", "1", "1970-01-02"),
    JSON("Enum8('a' = 1)", "\"a\"", "a"),
    JSON("Enum8('a' = 1)", "1", "a"),
    JSON("IPv4", "\"1.2.3.4\"", "1.2.3.4"),
    JSON("IPv6", "\"::1\"", "::1"),
    JSON("FixedString(3)", "\"ab\"", "ab\\0"),
    JSON("UUID", "\"00112233-4455-6677-8899-AABBCCDDEEFF\"", "00112233-4455-6677-8899-aabbccddeeff"),
    JSON_BAD_VALUE("Date", "\"2024-02-30\""),
    JSON_BAD_VALUE("DateTime('UTC')", "\"x\""),
    JSON_BAD_VALUE("DateTime('UTC')", "true"),
    JSON_BAD_VALUE("Enum8('a' = 1)", "\"b\""),
    JSON_BAD_VALUE("Enum8('a' = 1)", "2"),
    JSON_BAD_VALUE("FixedString(3)", "\"abcd\""),
    JSON_BAD_VALUE("UUID", "\"x\""),
    JSON_BAD_VALUE("IPv4", "\"1.2.3\""),
    /* TabSeparatedRaw, TSKV, LineAsString, RawBLOB */
    GOOD("a String, b Nullable(Int32)", "TSVRaw", "x\\ty\t\\N\n'\t5", "x\\\\ty\t\\N\n\\'\t5\n"),
    GOOD("a Int32, b Int32", "TSVRawWithNames", "b\ta\n1\t2\n", "2\t1\n"),
    BAD("a String", "TSVRaw", "x\r\ny\r\n", "carriage return"),
    GOOD("a Int32, b String", "TSKV", "a=1\tb=x\\ty\nb=z=\\=w\ta=3\ntskv\ta=4\n\na=5\tzz=3",
         "1\tx\\ty\n3\tz==w\n4\t\n0\t\n5\t\n"),
    GOOD("a=b Nullable(Int32), c Array(String)", "TSKV", "a\\=b=\\N\tc=['x\\'\\t']\n", "\\N\t['x\\'\\t']\n"),
    BAD("a Int32, b String", "TSKV", "a=1\tb\n", "a field has no value: b"),
    BAD("a Int32, b String", "TSKV", "a=1\ta=2\n", "a field stands twice: a"),
    BAD("a Int32, b String", "TSKV", "b=x\t\n", "a field has no value"),
    BAD("a Int32, b String", "TSKV", "b=x\nb=y\ta=1x\n", "row 2: column a: cannot read \"1x\" as Int32"),
    GOOD("a String", "LineAsString", "x\ty\\n\n\nz\r\nlast", "x\\ty\\\\n\n\nz\\r\nlast\n"),
    BAD("a String, b String", "LineAsString", "x", "fits one column of type String"),
    GOOD("a String", "RawBLOB", "\xef\xbb\xbfx\ny", "\xef\xbb\xbfx\\ny\n"),
    GOOD("a String", "RawBLOB", "", ""),
    BAD("a Int32", "RawBLOB", "1", "fits one column of type String"),
    /* JSON in other shapes */
    GOOD("a Nullable(String)", "JSONAsString", " {\"a\" : 1}\n{\"b\":\"}\"} , {\"c\":2};",
         "{\"a\" : 1}\n{\"b\":\"}\"}\n{\"c\":2}\n"),
    BAD("a String", "JSONAsString", "{\"a\":1} 5", "row 2: expected '{'"),
    BAD("a String", "JSONAsObject", "{\"a\":1}", "fits one column of type JSON"),
    GOOD("a Int32, b Nullable(String), c Array(Int32)", "JSONStringsEachRow",
         "{\"a\":\"1\",\"b\":\"ᴺᵁᴸᴸ\",\"c\":\"[1,2]\"}\n{\"b\":\"\\\"\"}", "1\t\\N\t[1,2]\n0\t\"\t[]\n"),
    BAD("a Int32", "JSONStringsEachRow", "{\"a\":1}", "column a: expected a string"),
    GOOD("a Int32, b String", "JSONCompactEachRow", "[1,\"x\"]\n[2,\"y\"] , [3, null];", "1\tx\n2\ty\n3\t\n"),
    BAD("a Int32, b String", "JSONCompactEachRow", "[1]", "expected ',' between the values of a row"),
    BAD("a Int32, b String", "JSONCompactEachRow", "[1,\"x\",3]", "expected ']' behind the last value"),
    BAD("a Int32, b String", "JSONCompactEachRow", "[1,\"x\"]\n[1,\"x\"", "row 2: the data end within a row"),
    GOOD("a Int32, b String", "JSONCompactEachRowWithNames", "[\"b\",\"zz\",\"a\"]\n[\"x\",[2],1]", "1\tx\n"),
    BAD("a Int32", "JSONCompactEachRowWithNames", "[\"a\",\"a\"]\n[1,2]", "stands twice"),
    BAD("a Int32", "JSONCompactEachRowWithNamesAndTypes", "[\"a\"]\n[\"Int64\"]\n[1]", "its type is another"),
    BAD("a Int32", "JSONCompactEachRowWithNamesAndTypes", "[\"a\"]\n[\"Int32\",\"Int32\"]\n[1]", "2 types for 1 names"),
    GOOD("a Int32, b String", "JSONCompactStringsEachRow", "[\"1\",\"x\"]", "1\tx\n"),
    GOOD("a Int32, b String", "JSON",
         "{\"meta\":[{\"name\":\"a\",\"type\":\"Int32\"},{\"type\":\"UInt8\",\"name\":\"z\"}],\"data\":[{\"a\":1,\"b\":"
         "\"x\"},"
         "{\"b\":\"y\"}],\"rows\":2,\"statistics\":{\"elapsed\":[1]}} ;",
         "1\tx\n0\ty\n"),
    GOOD("a Int32, b String", "JSON", "{\"a\":1,\"b\":\"x\"}\n{\"a\":2}", "1\tx\n2\t\n"),
    GOOD("a Int32, b String", "JSON", "{\"meta\":[],\"data\":[]}", ""),
    BAD("a Int32", "JSON", "{\"meta\":[{\"name\":\"a\",\"type\":\"Int64\"}],\"data\":[]}", "its type is another"),
    BAD("a Int32", "JSON", "{\"meta\":[],\"data\":[{\"a\":1}{\"a\":2}]}", "expected ',' between rows"),
    BAD("a Int32", "JSON", "{\"meta\":[],\"data\":[{\"a\":1}]} 5", "behind the end of the data"),
    BAD("a Int32", "JSON", "{\"meta\":[],\"data\":[{\"a\":1}", "the data end within a row"),
    GOOD("a Int32, b String", "JSONCompact",
         "{\"meta\":[{\"name\":\"b\",\"type\":\"String\"},{\"name\":\"a\",\"type\":\"Int32\"}],\"data\":[[\"x\",1],["
         "\"y\",2]]}",
         "1\tx\n2\ty\n"),
    BAD("a Int32", "JSONCompact", "{\"data\":[[1]]}", "expected \"meta\""),
    GOOD("a Int32, b String", "JSONObjectEachRow", "{\"r\":{\"a\":1,\"b\":\"x\"},\"q\":{\"a\":2}}", "1\tx\n2\t\n"),
    GOOD("a Int32", "JSONObjectEachRow", "{}", ""),
    GOOD("a Int32", "JSONColumns", "{}", ""),
    GOOD("a Int32, b String", "JSONColumns", "{ \"b\" : [\"x\", \"]\"] , \"c\":[[],{}], \"a\": [ 1 ,2]} {\"a\":[3]}",
         "1\tx\n2\t]\n3\t\n"),
    BAD("a Int32, b String", "JSONColumns", "{\"b\":[\"x\"],\"a\":[1,2]}", "Number of rows differs"),
    BAD("a Int32", "JSONColumns", "{\"a\":[1],\"a\":[2]}", "a column stands twice"),
    BAD("a Int32", "JSONColumns", "{\"a\":[1 2]}", "expected ','"),
    BAD("a Int32", "JSONColumns", "{\"a\":[1,\"x\"]}", "row 2: column a"),
    BAD("a Int32", "JSONColumns", "{\"a\":[1]", "the data end within a row"),
    GOOD("a Int32, b String", "JSONCompactColumns", "[[1,2],[\"x\",null]]", "1\tx\n2\t\n"),
    BAD("a Int32", "JSONCompactColumns", "[[1],[2]]", "more lists than columns"),
    GOOD("a Int32", "JSONColumnsWithMetadata",
         "{\"meta\":[{\"name\":\"a\",\"type\":\"Int32\"}],\"data\":{\"a\":[1,2]},\"rows\":2}", "1\n2\n"),
    BAD("a Int32", "JSONColumnsWithMetadata", "{\"meta\":[{\"name\":\"a\",\"type\":\"Int8\"}],\"data\":{\"a\":[1]}}",
        "its type is another"),
    GOOD("a Int32, b String", "CustomSeparated", "1\tx\\ty\n2\t", "1\tx\\ty\n2\t\n"),
    GOOD("a Int32, b Array(String)", "CustomSeparated", "b\ta\n['x\\ty']\t1\n", "1\t['x\\ty']\n"),
    GOOD("a Int32, b String", "CustomSeparated", "a\tb\nInt32\tString\n1\tx\n", "1\tx\n"),
    GOOD("a Int32, b String", "CustomSeparatedWithNames", "b\tc\ta\nx\ty\t1\n", "1\tx\n"),
    BAD("a Int32", "CustomSeparatedWithNamesAndTypes", "a\nInt8\n1\n", "its type is another"),
    BAD("a Int32, b String", "CustomSeparated", "1\n", "row 1: column a"),
    BAD("a Int32, b Int32", "CustomSeparated", "1\t2\t3\n", "column b"),
    BAD("a Int32", "Regexp", "1", "not supported for input"),
    /* JSON: objects */
    GOOD("a String, b Int32", "JSONEachRow", "{\"b\":1,\"a\":\"x\"}{\"a\":\"y\",\"b\":2}\n{}", "x\t1\ny\t2\n\t0\n"),
    GOOD("a String", "JSONEachRow", "[{\"a\":\"x\"},{\"a\":\"y\"}]", "x\ny\n"),
    GOOD("a String", "JSONEachRow", "{\"a\":\"x\"},\n{\"a\":\"y\"};", "x\ny\n"),
    GOOD("a String", "JSONEachRow", "", ""),
    GOOD("a String", "JSONEachRow", " \n ", ""),
    GOOD("a String", "JSONEachRow", "[]", ""),
    BAD("a String", "JSONEachRow", "[", "row 1"),
    BAD("a String", "JSONEachRow", "[]x", "behind the end"),
    GOOD("a String", "JSONEachRow", "{\"a\":\"x\",\"a\":\"y\"}", "x\n"),
    GOOD("a String", "JSONEachRow", "{\"\\u0061\":\"x\"}", "x\n"),
    GOOD("a String", "JSONEachRow", "\xef\xbb\xbf{\"a\":\"x\"}", "x\n"),
    GOOD("a Int8", "JSONEachRow", "{\"z\":{\"a\":[1,\"]}\\\"\",{}]},\"a\" : 7 , \"y\":null}\n{\"z\":1,\"a\":8,\"y\":2}",
         "7\n8\n"),
    BAD("a String", "JSONEachRow", "{\"a\":\"x\",}", "name of a field in quotes"),
    BAD("a String", "JSONEachRow", "null", "row 1"),
    BAD("a String", "JSONEachRow", "{\"a\":\"x\"} x", "row 2"),
    BAD("a String", "JSONEachRow", "{\"a\":\"x\";", "\"a\""),
    BAD("a String", "JSONEachRow", "{\"a\":\"x\"", "row 1"),
    BAD("a String", "JSONEachRow", "[{\"a\":\"x\"}", "row 2"),
    BAD("a String", "JSONEachRow", "{\"a\":\"x\"};{\"a\":\"z\"}", "behind the end"),
    BAD("a String", "JSONEachRow", "{\"b\":[}]}", "closes another"),
    /* TabSeparated */
    GOOD("a String, b Nullable(Int8)", "TSV", "x\\ty\t1\n\\N\t\\N\n\\\\N\t3", "x\\ty\t1\n\t\\N\n\\\\N\t3\n"),
    GOOD("a String", "TSV", "\\x41\\a\\%\n\n", "A\a\\\\%\n\n"),
    GOOD("a Int8, b Int8", "TSVWithNames", "b\tz\ta\n1\t2\t3\n", "3\t1\n"),
    GOOD("a Int8, b Int8", "TSVWithNames", "b\n1\n", "0\t1\n"),
    GOOD("a Int8", "TSVWithNamesAndTypes", "a\nInt8\n3\n", "3\n"),
    BAD("a Int8", "TSVWithNamesAndTypes", "a\nInt16\n3\n", "Int16"),
    BAD("a Int8, b Int8", "TSV", "1\t2\n3\n", "row 2: the row has 1 fields, not 2"),
    BAD("a Int8", "TSV", "1\t2\n", "row 1: the row has more than 1"),
    BAD("a Int8, b Int8", "TSV", "1\t200\n", "row 1: column b: cannot read \"200\" as Int8 (near: 1.200.)"),
    BAD("a String", "TSV", "x\r\n", "carriage return"),
    /* CSV */
    GOOD("a String, b Int8", "CSV", "\"x\"\"y\n\",1\r\n 'z' , 2 \nbare,3", "x\"y\\n\t1\n\\'z\\'\t2\nbare\t3\n"),
    GOOD("a String, b Nullable(Int8), c Int8", "CSV", ",\\N,\n\"\",,5\n", "\t\\N\t0\n\t\\N\t5\n"),
    GOOD("a Int8, b Int8", "CSVWithNames", "\"b\",a\n1,2\n", "2\t1\n"),
    GOOD("a String, b Int8", "CSV", "x\ry,1\r\nz,2\r\n", "x\\ry\t1\nz\t2\n"),
    BAD("a Int8", "CSV", "1\r2\n", "cannot read \"1.2\" as Int8"),
    BAD("a Int8", "CSV", "\"1\"x\n", "behind field 1"),
    BAD("a Int8", "CSV", "\"1", "row 1"),
    BAD("a Int8, b Int8", "CSV", "1\n", "the row has 1 fields"),
    /* Values */
    GOOD("a Int8, b String", "Values", "(1, 'x''y\\n') , (2,'');", "1\tx\\'y\\n\n2\t\n"),
    GOOD("a Nullable(Int8), b Float64", "Values", "(NULL, -1.5)(DEFAULT, nan)", "\\N\t-1.5\n\\N\tnan\n"),
    GOOD("a DateTime('UTC')", "Values", "('2024-01-02 03:04:05'),(86400)",
         "2024-01-02 03:04:05\n1970-01-02 00:00:00\n"),
    BAD("a Int8", "Values", "(1 + 1)", "literal"),
    BAD("a Int8", "Values", "(1", "row 1"),
    BAD("a Int8", "Values", "(1, 2)", "')'"),
    BAD("a Int8", "Values", "('x')", "'x'"),
    /* writing */
    WRITTEN("a String, n Nullable(UInt64)", "x/\xe2\x80\xa8\t\\N\n", "JSONEachRow",
            "{\"a\":\"x\\/\\u2028\",\"n\":null}\n"),
    WRITTEN("a Float64", "nan\n1e21\n1e-7\n-0\n", "JSONCompactEachRow", "[null]\n[1e21]\n[1e-7]\n[-0]\n"),
    WRITTEN("a UInt8", "", "JSON",
            "{\n\t\"meta\":\n\t[\n\t\t{\n\t\t\t\"name\": \"a\",\n\t\t\t\"type\": "
            "\"UInt8\"\n\t\t}\n\t],\n\n\t\"data\":\n\t[\n\n\t],"
            "\n\n\t\"rows\": 0,\n\n\t\"statistics\":\n\t{\n\t\t\"elapsed\": 0,\n\t\t\"rows_read\": "
            "0,\n\t\t\"bytes_read\": 0\n\t}\n}\n"),
    WRITTEN("a UInt8, b String", "1\tx\n2\ty\n", "JSONCompact",
            "{\n\t\"meta\":\n\t[\n\t\t{\n\t\t\t\"name\": \"a\",\n\t\t\t\"type\": "
            "\"UInt8\"\n\t\t},\n\t\t{\n\t\t\t\"name\": \"b\",\n"
            "\t\t\t\"type\": \"String\"\n\t\t}\n\t],\n\n\t\"data\":\n\t[\n\t\t[1, \"x\"],\n\t\t[2, "
            "\"y\"]\n\t],\n\n\t\"rows\": 2,\n\n\t\"statistics\":\n\t{\n\t\t\"elapsed\": 0,\n\t\t\"rows_read\": "
            "0,\n\t\t\"bytes_read\": 0\n\t}\n}\n"),
    WRITTEN("a UInt8, b Date", "1\t2024-01-02\n", "CSVWithNames", "\"a\",\"b\"\n1,\"2024-01-02\"\n"),
    WRITTEN("x String, y UInt8", "a\\nbc\t1\n", "PrettyCompact",
            "   ┌─x──┬─y─┐\n1. │ a ↴│ 1 │\n   │↳bc │   │\n   └────┴───┘\n"),
    WRITTEN("n UInt8, c String", "0\t0\n1\t1\n", "Pretty",
            "   ┏━━━┳━━━┓\n   ┃ n ┃ c ┃\n   ┡━━━╇━━━┩\n1. │ 0 │ 0 │\n   ├───┼───┤\n2. │ 1 │ 1 │\n   └───┴───┘\n"),
    WRITTEN("1234567 UInt32", "7654321\n", "PrettySpace", "    1234567\n\n1.  7654321  -- 7.65 million\n"),
    WRITTEN("n UInt32, long String", "12345678\tx\n", "Vertical",
            "Row 1:\n──────\nn:    12345678 -- 12.35 million\nlong: x\n"),
    WRITTEN("a UInt8, b String", "1\tx'\n2\t\n", "Values", "(1,'x\\''),(2,'')"),
    WRITTEN("a UInt8", "1\n", "Null", ""),
};

static void samples_at_once_and_in_pieces(void **state)
{
    (void)state;
    size_t wrong = 0;
    for (size_t k = 0; k < sizeof(samples) / sizeof(samples[0]); k++) {
        bool good = true;
        for (size_t piece_bytes = 0; piece_bytes <= 9 && good; piece_bytes++) {
            good = check(&samples[k], piece_bytes);
        }
        wrong += !good;
    }
    assert_int_equal(wrong, 0);
}

static void long_rows_are_refused(void **state)
{
    (void)state;
    static const char *const formats[] = {"JSONEachRow", "CSV", "TSV", "Values"};
    static const char *const begins[] = {"{\"a\":\"", "\"", "", "('"};
    size_t piece_bytes = (size_t)4 << 20;
    char *text = malloc(piece_bytes);
    assert_non_null(text);
    for (int k = 0; k < 4; k++) {
        struct arena *arena = arena_create(NULL);
        const struct type *type = type_simple(TYPE_STRING);
        struct reader_column field = {.name = slice_text("a"), .type = type};
        struct builder *builder;
        struct reader *reader;
        assert_null(builder_create(&type, 1, &(struct builder_options){.first_capacity = 16}, &builder));
        assert_null(reader_create(slice_text(formats[k]), &field, 1, 1, &(struct reader_options){0}, &reader));
        memset(text, 'x', piece_bytes);
        memcpy(text, begins[k], strlen(begins[k]));
        struct err *err = NULL;
        for (int piece = 0; piece < 25 && err == NULL; piece++) {
            err = reader_feed(reader, builder, slice_of(text, piece_bytes), false);
            memset(text, 'x', 16);
        }
        assert_non_null(err);
        assert_non_null(strstr(err_message(err), "longer"));
        err_free(err);
        reader_destroy(reader);
        builder_destroy(builder);
        arena_destroy(arena);
    }
    free(text);
}

static void deep_nesting_is_refused(void **state)
{
    (void)state;
    struct buffer text = {0}, out = {0};
    buffer_text(&text, "{\"b\":");
    for (int k = 0; k < 100000; k++) {
        buffer_char(&text, '[');
    }
    struct err *err = convert("a String", "JSONEachRow", buffer_all(&text), 0, "TSV", &out);
    assert_non_null(err);
    err_free(err);
    buffer_deinit(&text);
    buffer_deinit(&out);
}

static void bodies_are_cut_behind_rows(void **state)
{
    (void)state;
    static const struct {
        const char *format, *text;
        size_t cut;
    } cuts[] = {{"JSONEachRow", "{\"a\":1}\n{\"a\":2}\n{\"a\"", 16},
                {"TSV", "a\tb\\\nc\nd", 7},
                {"CSV", "\"a\n\",1\nb", 0},
                {"Values", "(1),(2)", 0},
                {"TSV", "abc", 0}};
    for (size_t k = 0; k < sizeof(cuts) / sizeof(cuts[0]); k++) {
        assert_int_equal(reader_cut(slice_text(cuts[k].format), slice_text(cuts[k].text)), cuts[k].cut);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_at_once_and_in_pieces),
        cmocka_unit_test(long_rows_are_refused),
        cmocka_unit_test(deep_nesting_is_refused),
        cmocka_unit_test(bodies_are_cut_behind_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
