/*
 * row_bits_test.c: conditions of each form and width as bits, against the rule row by row; bits as positions and back;
 * bytes of few values by many positions.
 */
#include "query/row_bits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define ROWS_MAX 700U

static uint64_t state = 1;

static uint32_t below(uint32_t bound)
{
    state = state * 6364136223846793005U + 1442695040888963407U;
    return (uint32_t)(state >> 33) % bound;
}

static struct column *make(struct arena *arena, const struct type *type, uint32_t rows, uint32_t of_ten)
{
    struct column *column = column_new(arena, type, rows);
    assert_non_null(column);
    memset(column->values, 0, (size_t)rows * type->width);
    for (uint32_t row = 0; row < rows; row++) {
        if (below(10) < of_ten) {
            ((uint8_t *)column->values)[row * type->width + below(type->width)] = (uint8_t)(1 + below(255));
        }
    }
    for (uint32_t row = 0; column->nulls != NULL && row < rows; row++) {
        column->nulls[row] = below(4) == 0;
    }
    return column;
}

static bool passes(const struct column *column, uint32_t row)
{
    const char *value = column_value(column, row);
    bool yes = false;
    for (uint32_t b = 0; b < column->type->width; b++) {
        yes = yes || value[b] != 0;
    }
    return yes && !column_is_null(column, row);
}

static void compare(struct arena *arena, const struct column *column)
{
    uint32_t rows = column->row_count, count, found = 0;
    uint64_t bits[ROW_BITS_WORDS(ROWS_MAX)], again[ROW_BITS_WORDS(ROWS_MAX)];
    uint32_t positions[ROWS_MAX];
    assert_null(row_bits_of(arena, column, rows, bits, &count));
    assert_int_equal(count, row_bits_count(bits, rows));
    row_bits_positions(bits, rows, positions);
    for (uint32_t row = 0; row < rows; row++) {
        if (passes(column, row)) {
            assert_true(found < count);
            assert_int_equal(positions[found++], row);
        }
    }
    assert_int_equal(found, count);
    row_bits_from_positions(positions, count, rows, again);
    assert_memory_equal(bits, again, ROW_BITS_WORDS(rows) * sizeof(*bits));
    assert_int_equal(row_bits_and(again, bits, rows), count);
    assert_memory_equal(bits, again, ROW_BITS_WORDS(rows) * sizeof(*bits));
}

static void test_conditions(void **unused)
{
    (void)unused;
    static const enum type_kind kinds[] = {TYPE_UINT8, TYPE_BOOL, TYPE_INT16, TYPE_UINT32, TYPE_INT64, TYPE_UINT128};
    static const uint32_t sizes[] = {1, 2, 15, 16, 63, 64, 65, 127, 128, 300, ROWS_MAX};
    for (size_t kind = 0; kind < sizeof(kinds) / sizeof(*kinds); kind++) {
        for (uint32_t nullable = 0; nullable < 2; nullable++) {
            struct arena *arena = arena_create(NULL);
            const struct type *type = type_simple(kinds[kind]);
            type = nullable == 1 ? type_nullable(arena, type, true) : type;
            for (size_t size = 0; size < sizeof(sizes) / sizeof(*sizes); size++) {
                for (uint32_t of_ten = 0; of_ten <= 10; of_ten += 5) {
                    struct column *column = make(arena, type, sizes[size], of_ten);
                    compare(arena, column);
                    column->form = COLUMN_CONST;
                    compare(arena, column);
                }
            }
            arena_destroy(arena);
        }
    }
}

/* Rows that have entries of a dictionary: all entries the same, one range of others, and any. */
static void test_codes(void **unused)
{
    (void)unused;
    struct arena *arena = arena_create(NULL);
    for (uint32_t round = 0; round < 2000; round++) {
        uint32_t entries = 1 + below(40), rows = 1 + below(ROWS_MAX), begin = below(entries), end = below(entries + 1);
        const struct type *type = type_simple(TYPE_UINT8);
        type = round % 2 == 0 ? type : type_nullable(arena, type, true);
        struct column *dictionary = make(arena, type, entries, 5);
        for (uint32_t k = 0; round % 3 > 0 && k < entries; k++) {
            ((uint8_t *)dictionary->values)[k] = (uint8_t)((k >= begin && k < end) ^ (round % 3 == 2));
        }
        uint32_t *codes = ARENA_ARRAY(arena, uint32_t, rows);
        for (uint32_t row = 0; row < rows; row++) {
            codes[row] = below(entries);
        }
        compare(arena, column_dict(arena, type, codes, rows, dictionary, 0));
        const struct column *taken = column_take(arena, dictionary, codes, rows);
        for (uint32_t row = 0; row < rows; row++) {
            assert_int_equal(((uint8_t *)taken->values)[row], ((uint8_t *)dictionary->values)[codes[row]]);
            assert_int_equal(column_is_null(taken, row), column_is_null(dictionary, codes[row]));
        }
        if (round % 50 == 0) {
            arena_reset(arena);
        }
    }
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_conditions),
        cmocka_unit_test(test_codes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
