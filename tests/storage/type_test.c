/*
 * type_test.c: types' spelling both ways, refusals; columns in all forms; row sums that do not depend on form or order.
 */
#include "base/timezone.h"
#include "storage/column.h"
#include "storage/type.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void spelled_and_read(void **state)
{
    static const char *const texts[][2] = {
        {"Int8", NULL},
        {"bool", "Bool"},
        {"BIGINT", "Int64"},
        {"VARCHAR(255)", "String"},
        {"LowCardinality(Nullable(String))", NULL},
        {"Nullable( Decimal( 9 , 2 ) )", "Nullable(Decimal(9, 2))"},
        {"Decimal32(3)", "Decimal(9, 3)"},
        {"DateTime('Europe/Berlin')", NULL},
        {"DateTime64(6, 'UTC')", NULL},
        {"DateTime64", "DateTime64(3)"},
        {"FixedString(16)", NULL},
        {"Enum('b' = 2, 'a')", "Enum8('b' = 2, 'a' = 3)"},
        {"Enum16('x' = -300, 'it\\'s' = 5)", NULL},
        {"Array(Nullable(UInt8))", NULL},
        {"Map(String, Array(Int32))", NULL},
        {"Tuple(a String, b Tuple(UInt8, Date))", NULL},
        {"IntervalDay", NULL},
        {"JSON(max_dynamic_types=3, max_dynamic_paths=2, a UInt8, SKIP `b.c`, SKIP REGEXP 'it\\'s')", NULL},
        {"JSON(SKIP b, SKIP REGEXP '', max_dynamic_paths = 1024, SKIP a)", "JSON(SKIP a, SKIP b, SKIP REGEXP '')"},
    };
    (void)state;
    struct arena *arena = arena_create(NULL);
    for (size_t k = 0; k < sizeof(texts) / sizeof(texts[0]); k++) {
        const struct type *type, *again;
        struct err *err = type_parse(arena, slice_text(texts[k][0]), &type);
        if (err != NULL) {
            fail_msg("%s: %s", texts[k][0], err_message(err));
        }
        const char *expected = texts[k][1] == NULL ? texts[k][0] : texts[k][1];
        char *name = arena_text(arena, type_name(arena, type));
        assert_string_equal(name, expected);
        assert_null(type_parse(arena, slice_text(name), &again));
        assert_true(type_equal(type, again));
        assert_true(type_equal(type, type_copy(arena, type)));
    }
    arena_destroy(arena);
}

static void bad_types_are_refused(void **state)
{
    static const struct {
        const char *text;
        enum err_code code;
        const char *part;
    } cases[] = {
        {"Strin", ERR_UNKNOWN_TYPE, "Maybe you meant: String"},
        {"string", ERR_UNKNOWN_TYPE, "String"},
        {"", ERR_SYNTAX, "expected the name"},
        {"Nullable", ERR_SYNTAX, "expected '('"},
        {"Nullable(Array(Int8))", ERR_ARGUMENT_TYPE, "Nullable"},
        {"LowCardinality(Enum8('a'))", ERR_ARGUMENT_TYPE, "LowCardinality"},
        {"FixedString(0)", ERR_SIZE_OUT_OF_BOUND, "1 to"},
        {"Decimal(9, 10)", ERR_SIZE_OUT_OF_BOUND, "scale"},
        {"Decimal(39, 2)", ERR_NOT_IMPLEMENTED, "38 digits"},
        {"DateTime('Mars/Base')", ERR_BAD_ARGUMENTS, "Mars/Base"},
        {"Enum8('a' = 200)", ERR_SIZE_OUT_OF_BOUND, "200"},
        {"Enum8('a' = 1, 'b' = 1)", ERR_SYNTAX, "twice"},
        {"Enum8('a", ERR_SYNTAX, "does not end"},
        {"Int8 x", ERR_SYNTAX, "unexpected"},
        {"JSON(", ERR_SYNTAX, "paths"},
        {"JSON(a)", ERR_SYNTAX, "no path with its type"},
        {"JSON(a UInt8", ERR_SYNTAX, "expected ')'"},
        {"JSON(a UInt8, `a` String)", ERR_BAD_ARGUMENTS, "twice"},
        {"JSON(a Array(UInt8))", ERR_NOT_IMPLEMENTED, "Array(UInt8)"},
        {"JSON(SKIP a.b, a.b.c UInt8)", ERR_BAD_ARGUMENTS, "SKIP"},
        {"JSON(SKIP REGEXP a)", ERR_SYNTAX, "in quotes"},
        {"JSON(SKIP REGEXP '(')", ERR_REGEXP, "invalid pattern"},
        {"JSON(max_dynamic_paths = 10001)", ERR_AST_STRUCTURE, "10000"},
        {"JSON(max_dynamic_types=)", ERR_SYNTAX, "number"},
        {"JSON(max_paths=3)", ERR_AST_STRUCTURE, "max_paths"},
        {"JSON(=3)", ERR_AST_STRUCTURE, "unexpected parameter"},
        {"JSON(,)", ERR_SYNTAX, "no path with its type"},
        {"Dynamic", ERR_NOT_IMPLEMENTED, "Dynamic"},
        {"Int32(", ERR_SYNTAX, "parameters"},
    };
    (void)state;
    struct arena *arena = arena_create(NULL);
    for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++) {
        const struct type *type;
        struct err *err = type_parse(arena, slice_text(cases[k].text), &type);
        assert_non_null(err);
        if (err_code(err) != cases[k].code || strstr(err_message(err), cases[k].part) == NULL) {
            fail_msg("%s: %d %s", cases[k].text, (int)err_code(err), err_message(err));
        }
        err_free(err);
    }
    char deep[4096] = "";
    for (size_t k = 0; k < 400; k++) {
        memcpy(deep + k * 6, "Array(", 7);
    }
    const struct type *type;
    struct err *err = type_parse(arena, slice_text(deep), &type);
    assert_non_null(strstr(err_message(err), "too deeply"));
    err_free(err);
    arena_destroy(arena);
}

static struct column *strings(struct arena *arena, const char *const *texts, uint32_t count)
{
    struct column *column = column_new(arena, type_nullable(arena, type_simple(TYPE_STRING), true), count);
    for (uint32_t k = 0; k < count; k++) {
        column->nulls[k] = texts[k] == NULL;
        ((struct slice *)column->values)[k] = texts[k] == NULL ? (struct slice){0} : slice_text(texts[k]);
    }
    return column;
}

static void forms_hold_the_same_values(void **state)
{
    static const char *const entries[] = {"ORD", NULL, "ATL", ""};
    (void)state;
    struct arena *arena = arena_create(NULL);
    struct column *dictionary = strings(arena, entries, 4);
    uint32_t codes[] = {0, 2, 1, 3, 0, 2};
    struct column *dict = column_dict(arena, dictionary->type, codes, 6, dictionary, 7);
    const struct column *flat = column_flat(arena, dict);
    struct column *copy = column_copy(arena, dict);
    uint32_t positions[] = {5, 2, 0};
    struct column *taken = column_take(arena, dict, positions, 3);
    const struct column *taken_flat = column_take(arena, flat, positions, 3);
    struct column *part = column_part(arena, flat, 1, 4);
    for (uint32_t row = 0; row < 6; row++) {
        assert_int_equal(column_compare(dict, row, flat, row), 0);
        assert_int_equal(column_compare(copy, row, flat, row), 0);
        assert_int_equal(column_is_null(dict, row), codes[row] == 1);
    }
    for (uint32_t row = 0; row < 3; row++) {
        assert_int_equal(column_compare(taken, row, flat, positions[row]), 0);
        assert_int_equal(column_compare(taken_flat, row, flat, positions[row]), 0);
        assert_int_equal(column_compare(part, row, flat, row + 1), 0);
    }
    const struct column *both[] = {dict, part, column_default(arena, dict->type, 2)};
    struct column *joined = column_concat(arena, both, 3);
    assert_int_equal(joined->row_count, 11);
    assert_int_equal(column_compare(joined, 7, flat, 2), 0);
    assert_true(column_is_null(joined, 10));

    /* the row sum depends on rows alone, not on form or order */
    struct chunk *chunk = chunk_new(arena, 2, 6);
    chunk->columns[0] = dict;
    uint64_t numbers[] = {1, 2, 3, 4, 5, 6};
    struct column *number = column_new(arena, type_simple(TYPE_UINT64), 6);
    memcpy(number->values, numbers, sizeof(numbers));
    chunk->columns[1] = number;
    unsigned __int128 sum = 0, other = 0;
    assert_null(chunk_row_sum(arena, chunk, &sum));
    uint32_t order[] = {3, 5, 0, 1, 4, 2};
    struct chunk *shuffled = chunk_take(arena, chunk, order, 6);
    shuffled->columns[0] = (struct column *)column_flat(arena, shuffled->columns[0]);
    assert_null(chunk_row_sum(arena, shuffled, &other));
    assert_true(sum == other);
    ((uint64_t *)shuffled->columns[1]->values)[0]++;
    other = 0;
    assert_null(chunk_row_sum(arena, shuffled, &other));
    assert_true(sum != other);
    arena_destroy(arena);
}

static void arrays_are_taken_and_joined(void **state)
{
    (void)state;
    struct arena *arena = arena_create(NULL);
    const struct type *type = type_array(arena, type_simple(TYPE_INT32));
    struct column *lists = column_new(arena, type, 3);
    uint32_t offsets[] = {0, 2, 2, 5};
    memcpy(lists->offsets, offsets, sizeof(offsets));
    lists->children[0] = column_new(arena, type->children[0], 5);
    int32_t elements[] = {10, 11, 20, 21, 22};
    memcpy(lists->children[0]->values, elements, sizeof(elements));
    uint32_t positions[] = {2, 0, 1};
    struct column *taken = column_take(arena, lists, positions, 3);
    assert_int_equal(column_compare(taken, 0, lists, 2), 0);
    assert_true(column_compare(taken, 1, lists, 2) < 0);
    const struct column *both[] = {column_part(arena, lists, 2, 3), taken};
    struct column *joined = column_concat(arena, both, 2);
    assert_int_equal(column_compare(joined, 0, joined, 1), 0);
    assert_int_equal(joined->offsets[4], 8);
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spelled_and_read),
        cmocka_unit_test(bad_types_are_refused),
        cmocka_unit_test(forms_hold_the_same_values),
        cmocka_unit_test(arrays_are_taken_and_joined),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
