/*
 * extremes_test.c: the least and greatest values of columns in every form; copies that are replaced are given back.
 * tests/sql/scripts/extremes.sql has the types.
 */
#include "query/extremes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static struct chunk *chunk_of(struct arena *arena, struct column *column)
{
    struct chunk *chunk = chunk_new(arena, 1, column->row_count);
    assert_non_null(chunk);
    chunk->columns[0] = column;
    return chunk;
}

static struct column *numbers(struct arena *arena, const struct type *type, const int32_t *values, uint32_t count)
{
    struct column *column = column_new(arena, type, count);
    assert_non_null(column);
    if (count > 0) {
        memcpy(column->values, values, count * sizeof(*values));
    }
    return column;
}

static int32_t number_at(const struct chunk *rows, uint32_t row)
{
    return *(const int32_t *)column_value(rows->columns[0], row);
}

static void forms(void **state)
{
    (void)state;
    const struct type *type = type_simple(TYPE_INT32);
    const struct chunk *rows;
    struct extremes *extremes = NULL;
    struct arena *arena = arena_create(NULL);
    assert_null(extremes_create(NULL, &type, 1, &extremes));
    assert_null(extremes_rows(extremes, &rows));
    assert_null(rows);
    assert_null(extremes_add(extremes, chunk_of(arena, numbers(arena, type, NULL, 0))));
    assert_null(extremes_rows(extremes, &rows));
    assert_null(rows);

    const int32_t flat[] = {3, -1, 7, 2}, entries[] = {90, 50, -90}; /* the last one is not used */
    assert_null(extremes_add(extremes, chunk_of(arena, numbers(arena, type, flat, 4))));
    assert_null(extremes_rows(extremes, &rows));
    assert_int_equal(rows->row_count, 2);
    assert_int_equal(number_at(rows, 0), -1);
    assert_int_equal(number_at(rows, 1), 7);

    uint32_t *codes = ARENA_ARRAY(arena, uint32_t, 3);
    assert_non_null(codes);
    codes[0] = codes[2] = 1;
    codes[1] = 0;
    const struct column *dictionary = numbers(arena, type, entries, 3);
    assert_null(extremes_add(extremes, chunk_of(arena, column_dict(arena, type, codes, 3, dictionary, 0))));
    const int32_t low = -7;
    assert_null(extremes_add(extremes, chunk_of(arena, column_const(arena, type, &low, 5))));
    assert_null(extremes_rows(extremes, &rows));
    assert_int_equal(number_at(rows, 0), -7);
    assert_int_equal(number_at(rows, 1), 90);
    extremes_destroy(extremes);
    arena_destroy(arena);
    extremes_destroy(NULL);
}

static void nulls_count_only_alone(void **state)
{
    (void)state;
    struct arena *arena = arena_create(NULL);
    const struct type *type = type_nullable(arena, type_simple(TYPE_INT32), true);
    const struct chunk *rows;
    struct extremes *extremes = NULL;
    assert_null(extremes_create(NULL, &type, 1, &extremes));
    assert_null(extremes_add(extremes, chunk_of(arena, column_const_null(arena, type, 2))));
    assert_null(extremes_rows(extremes, &rows));
    assert_true(column_is_null(rows->columns[0], 0) && column_is_null(rows->columns[0], 1));
    const int32_t values[] = {0, 4, 5};
    struct column *column = numbers(arena, type, values, 3);
    column->nulls[0] = 1;
    assert_null(extremes_add(extremes, chunk_of(arena, column)));
    assert_null(extremes_rows(extremes, &rows));
    assert_int_equal(number_at(rows, 0), 4);
    assert_int_equal(number_at(rows, 1), 5);
    extremes_destroy(extremes);
    arena_destroy(arena);
}

/* Each chunk's texts are greater than all before. */
static void replaced_texts_are_given_back(void **state)
{
    (void)state;
    struct budget budget;
    budget_init(&budget, "the test", (uint64_t)8 << 20, NULL);
    const struct type *elements[] = {type_simple(TYPE_STRING), type_simple(TYPE_STRING)};
    struct arena *types = arena_create(NULL);
    const struct type *type = type_tuple(types, elements, NULL, 2);
    const struct chunk *rows;
    struct extremes *extremes = NULL;
    assert_non_null(type);
    assert_null(extremes_create(&budget, &type, 1, &extremes));
    for (int i = 0; i < 3000; i++) {
        struct arena *arena = arena_create(NULL);
        char text[10001];
        memset(text, 'x', sizeof(text));
        (void)snprintf(text, sizeof(text), "%05d", i);
        text[5] = 'x';
        struct column *tuple = column_new(arena, type, 1);
        assert_non_null(tuple);
        for (uint32_t k = 0; k < 2; k++) {
            struct slice value = slice_of(text, sizeof(text));
            tuple->children[k] = column_new(arena, elements[k], 1);
            assert_non_null(tuple->children[k]);
            *(struct slice *)tuple->children[k]->values = value;
        }
        assert_null(extremes_add(extremes, chunk_of(arena, tuple)));
        arena_destroy(arena);
    }
    assert_null(extremes_rows(extremes, &rows));
    for (uint32_t k = 0; k < 2; k++) {
        const struct slice *values = rows->columns[0]->children[k]->values;
        assert_int_equal(values[0].length, 10001);
        assert_memory_equal(values[0].data, "00000x", 6);
        assert_memory_equal(values[1].data, "02999x", 6);
    }
    extremes_destroy(extremes);
    assert_int_equal(budget.bytes, 0);
    arena_destroy(types);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms),
        cmocka_unit_test(nulls_count_only_alone),
        cmocka_unit_test(replaced_texts_are_given_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
