/*
 * nested_read_test.c: texts of arrays, tuples and maps through the readers; the answers are ClickHouse's, but for
 * numbers that do not fit, which it wraps around, and quoted numbers inside arrays, which it refuses.
 */
#include "tests/format/convert.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

struct sample {
    const char *type, *from, *input, *output; /* "!…": an error that holds this */
};

static const struct sample samples[] = {
    {"Array(UInt8)", "JSONEachRow", "{\"a\":[1,2]}", "[1,2]"},
    {"Array(UInt8)", "JSONEachRow", "{\"a\": [ 1 , 2 ] }", "[1,2]"},
    {"Array(UInt8)", "JSONEachRow", "{\"a\":[]}", "[]"},
    {"Array(UInt8)", "JSONEachRow", "{}", "[]"},
    {"Array(UInt8)", "JSONEachRow", "{\"a\":null}", "[]"},
    {"Array(UInt8)", "JSONEachRow", "{\"a\":[1,null,\"3\",true]}", "[1,0,3,1]"},
    {"Array(UInt8)", "JSONEachRow", "{\"a\":[1.5]}", "!column a"},
    {"Array(UInt8)", "JSONEachRow", "{\"a\":[300]}", "!column a"},
    {"Array(UInt8)", "JSONEachRow", "{\"a\":[[1]]}", "!column a"},
    {"Array(UInt8)", "JSONEachRow", "{\"a\":{\"b\":1}}", "!expected '['"},
    {"Array(UInt8)", "JSONEachRow", "{\"a\":[1 2]}", "!expected ',' or ']'"},
    {"Array(UInt8)", "JSONEachRow", "{\"a\":1}", "!column a"},
    {"Array(UInt8)", "JSONEachRow", "{\"a\":\"x\"}", "!column a"},
    {"Array(UInt8)", "JSONEachRow", "{\"a\":[1", "!end within a row"},
    {"Array(String)", "JSONEachRow", "{\"a\":[\"a\\n\\\"b\",1,true,null,1.50,{\"q\":1},[1,2]]}",
     "['a\\n\"b','1','true','','1.50','{\"q\":1}','[1,2]']"},
    {"Array(Nullable(String))", "JSONEachRow", "{\"a\":[\"a\",null]}", "['a',NULL]"},
    {"Array(Array(Nullable(Int8)))", "JSONEachRow", "{\"a\":[[],[null,-1],null]}", "[[],[NULL,-1],[]]"},
    {"Array(DateTime64(3))", "JSONEachRow", "{\"a\":[\"2020-01-01 00:00:01.5\",5,1577836801.25]}",
     "['2020-01-01 00:00:01.500','1970-01-01 00:00:05.000','2020-01-01 00:00:01.250']"},
    {"Array(Enum8('a' = 1, 'b' = 2))", "JSONEachRow", "{\"a\":[\"a\",2]}", "['a','b']"},
    {"Array(Enum8('a' = 1, 'b' = 2))", "JSONEachRow", "{\"a\":[\"c\"]}", "!column a"},
    {"Tuple(a UInt8, b String)", "JSONEachRow", "{\"a\":{\"a\":1,\"b\":\"x\"}}", "(1,'x')"},
    {"Tuple(a UInt8, b String)", "JSONEachRow", "{\"a\":{\"b\":\"x\",\"c\":[3],\"a\":2}}", "(2,'x')"},
    {"Tuple(a UInt8, b String)", "JSONEachRow", "{\"a\":{}}", "(0,'')"},
    {"Tuple(a UInt8, b String)", "JSONEachRow", "{\"a\":{\"a\":null}}", "(0,'')"},
    {"Tuple(a UInt8, b String)", "JSONEachRow", "{\"a\":{\"a\":1,\"a\":2}}", "!\"a\" twice"},
    {"Tuple(a UInt8, b String)", "JSONEachRow", "{\"a\":[1,\"x\"]}", "!expected '{'"},
    {"Tuple(UInt8, String)", "JSONEachRow", "{\"a\":[1,\"x\"]}", "(1,'x')"},
    {"Tuple(UInt8, String)", "JSONEachRow", "{\"a\":[1]}", "!expected ','"},
    {"Tuple(UInt8, String)", "JSONEachRow", "{\"a\":[1,\"x\",3]}", "!expected ']'"},
    {"Tuple(UInt8, String)", "JSONEachRow", "{\"a\":{\"1\":1}}", "!expected '['"},
    {"Map(String, UInt8)", "JSONEachRow", "{\"a\":{\"x\":1,\"x\":2}}", "{'x':1,'x':2}"},
    {"Map(String, UInt8)", "JSONEachRow", "{\"a\":{}}", "{}"},
    {"Map(String, UInt8)", "JSONEachRow", "{\"a\":{\"x\":null}}", "{'x':0}"},
    {"Map(String, UInt8)", "JSONEachRow", "{\"a\":[[\"x\",1]]}", "!expected '{'"},
    {"Map(UInt8, Array(UInt8))", "JSONEachRow", "{\"a\":{\"1\":[1],\"2\":[]}}", "{1:[1],2:[]}"},
    {"Map(UInt8, Array(UInt8))", "JSONEachRow", "{\"a\":{\"x\":[1]}}", "!column a"},
    {"JSON", "JSONEachRow", "{\"a\":{\"b\" : {\"c\":1, \"b\":null}, \"a\":\"x\\u00e4\"}}",
     "{\"a\":\"xä\",\"b\":{\"c\":1}}"},
    {"JSON", "JSONEachRow", "{\"a\":{}}", "{}"},
    {"JSON", "JSONEachRow", "{\"a\":null}", "{}"},
    {"JSON", "JSONEachRow", "{\"a\":{\"b\":[1.50,{\"d\":1,\"c\":2},null]}}", "{\"b\":[1.5,{\"c\":2,\"d\":1},null]}"},
    {"JSON", "JSONEachRow", "{\"a\":{\"b\":1,\"b\":2}}", "!Duplicate path"},
    {"JSON", "JSONEachRow", "{\"a\":{\"b\":x}}", "!no value stands"},
    {"JSON", "JSONEachRow", "{\"a\":{\"b\":\"\\ud800\"}}", "!string is broken"},
    {"JSON", "JSONEachRow", "{\"a\":[1]}", "!an object is expected"},
    {"JSON", "JSONEachRow", "{\"a\":{\"b\":1e999}}", "!no value stands"},
    {"JSON(b UInt8)", "JSONEachRow", "{\"a\":{\"c\":\"1\"}}", "{\"b\":0,\"c\":\"1\"}"},
    {"JSON(b UInt8)", "JSONEachRow", "{\"a\":{\"b\":\"7\"}}", "{\"b\":7}"},
    {"JSON(b UInt8)", "JSONEachRow", "{\"a\":{\"b\":300}}", "!while reading path b"},
    {"JSON(b UInt8)", "JSONEachRow", "{\"a\":{\"b\":{}}}", "!an object stands at a path with a type"},
    {"JSON", "TSV", "{\"b\":\"\\\\n\"}", "{\"b\":\"\\\\n\"}"},
    {"JSON", "TSV", "{\"b\":1", "!is expected"},
    {"JSON", "CSV", "\"{\"\"b\"\":1}\"", "{\"b\":1}"},
    {"JSON", "Values", "('{\"b\":\"\\'\"}')", "{\"b\":\"\\'\"}"},
    {"Array(UInt8)", "TSV", "[1,2]", "[1,2]"},
    {"Array(UInt8)", "TSV", "[ 1 , 2 ]", "[1,2]"},
    {"Array(UInt8)", "TSV", "\\N", "[]"},
    {"Array(UInt8)", "TSV", "[1,NULL]", "[1,0]"},
    {"Array(UInt8)", "TSV", "[1,2", "!not closed"},
    {"Array(UInt8)", "TSV", "[1,2]x", "!column a"},
    {"Array(UInt8)", "TSV", "[x]", "!column a"},
    {"Array(UInt8)", "TSV", "\n", "!begins with '['"},
    {"Array(String)", "TSV", "['a\\'b','c\\\\d\\te']", "['a\\'b','c\\\\d\\te']"},
    {"Array(String)", "TSV", "[a]", "!a quote is expected"},
    {"Tuple(UInt8, String)", "TSV", "(1,'x')", "(1,'x')"},
    {"Tuple(UInt8, String)", "TSV", "(1)", "!',' is expected"},
    {"Map(String, UInt8)", "TSV", "{'a':1,'b':2}", "{'a':1,'b':2}"},
    {"Map(String, UInt8)", "TSV", "{a:1}", "!a quote is expected"},
    {"Map(String, UInt8)", "TSV", "{'a'}", "!':' is expected"},
    {"Array(UInt8)", "CSV", "\"[1,2]\"", "[1,2]"},
    {"Array(UInt8)", "CSV", "[1]", "[1]"},
    {"Array(String)", "CSV", "\"['a','b,\"\"c']\"", "['a','b,\"c']"},
    {"Array(String)", "CSV", "\"[a]\"", "!a quote is expected"},
    {"Map(String, UInt8)", "CSV", "\"{'a':1}\"", "{'a':1}"},
    {"Tuple(UInt8, String)", "CSV", "1,\"x\"", "(1,'x')"},
    {"Tuple(UInt8, String)", "CSV", "1,x", "(1,'x')"},
    {"Tuple(UInt8, Tuple(Array(UInt8), Nullable(String)))", "CSV", "1,\"[1,2]\",\\N", "(1,([1,2],NULL))"},
    {"Tuple(UInt8, String)", "CSV", "\"(1,'x')\"", "!column a"},
    {"Tuple(UInt8, String)", "CSV", "1", "!the row has 1 fields, not 2"},
    {"Tuple(UInt8, String)", "CSVWithNames", "a\n1,\"x\"", "(1,'x')"},
    {"Tuple(UInt8, String)", "CSVWithNames", "a.1,a.2\n1,\"x\"", "(1,'x')"},
    {"Tuple(b UInt8, c Tuple(String, UInt8))", "CSVWithNames", "\"a.b\",\"a.c.1\",\"a.c.2\"\n1,x,2", "(1,('x',2))"},
    {"Tuple(b UInt8, c Tuple(String, UInt8))", "CSVWithNamesAndTypes", "a.b,a.c.1,a.c.2\nUInt8,String,UInt8\n1,x,2",
     "(1,('x',2))"},
    {"Array(UInt8)", "Values", "([1,2])", "[1,2]"},
    {"Array(UInt8)", "Values", "('[1,2]')", "[1,2]"},
    {"Array(UInt8)", "Values", "(NULL)", "[]"},
    {"Array(UInt8)", "Values", "(DEFAULT)", "[]"},
    {"Array(UInt8)", "Values", "([1,2)", "!column a"},
    {"Array(UInt8)", "Values", "(array(1))", "!only literals"},
    {"Tuple(UInt8, String)", "Values", "((1,'x)'))", "(1,'x)')"},
    {"Tuple(UInt8, String)", "Values", "((1,'x',2))", "!')' is expected"},
    {"Map(String, UInt8)", "Values", "({'a]':1})", "{'a]':1}"},
};

static void nested_texts(void **state)
{
    static const size_t pieces[] = {0, 1, 3, 7};
    (void)state;
    for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
        const struct sample *sample = &samples[i];
        for (size_t p = 0; p < sizeof(pieces) / sizeof(pieces[0]); p++) {
            struct buffer out = {0};
            char columns[128];
            (void)snprintf(columns, sizeof(columns), "a %s", sample->type);
            struct err *err =
                convert(columns, sample->from, slice_text(sample->input), pieces[p], "TabSeparated", &out);
            bool wants_error = sample->output[0] == '!';
            out.length -= out.length > 0; /* the line's end */
            buffer_char(&out, 0);
            bool good = wants_error ? err != NULL && strstr(err_message(err), sample->output + 1) != NULL
                                    : err == NULL && strcmp(out.data, sample->output) == 0;
            if (!good) {
                fail_msg("%s from %s: %s\n    answer   %s\n    expected %s", sample->type, sample->from, sample->input,
                         err != NULL ? err_message(err) : out.data, sample->output);
            }
            err_free(err);
            buffer_deinit(&out);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nested_texts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
