/* bitmap_test.c: bitmaps of random numbers beside sorted lists of them. */
#include "query/bitmap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define NUMBERS_MAX 3000U

struct numbers {
    uint64_t list[2 * NUMBERS_MAX];
    uint32_t count;
};

static uint64_t seed = 20261122;

static uint64_t random_number(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

static int compare(const void *a, const void *b)
{
    uint64_t left, right;
    memcpy(&left, a, sizeof(left));
    memcpy(&right, b, sizeof(right));
    return (left > right) - (left < right);
}

static bool holds(const struct numbers *numbers, uint64_t value)
{
    return bsearch(&value, numbers->list, numbers->count, sizeof(value), compare) != NULL;
}

/* Upper halves of which few, many or all have one number; many numbers that come again. */
static struct bitmap *random_bitmap(struct arena *arena, struct numbers *numbers)
{
    static const uint64_t highs[] = {1, 3, 50, 4000, UINT32_MAX};
    static const uint64_t lows[] = {1, 2, 300, 70000, UINT32_MAX};
    uint32_t adds = (uint32_t)(random_number() % 4 == 0 ? random_number() % 12 : random_number() % NUMBERS_MAX);
    uint64_t high = highs[random_number() % 5];
    uint64_t low = lows[random_number() % 5];
    struct bitmap *bitmap = bitmap_new(arena);
    assert_non_null(bitmap);
    for (uint32_t i = 0; i < adds; i++) {
        numbers->list[i] = (random_number() % high) << 32 | random_number() % low;
        assert_null(bitmap_add(bitmap, numbers->list[i]));
        if (random_number() % 500 == 0) {
            assert_null(bitmap_settle(bitmap));
        }
    }
    assert_null(bitmap_settle(bitmap));
    qsort(numbers->list, adds, sizeof(uint64_t), compare);
    numbers->count = 0;
    for (uint32_t i = 0; i < adds; i++) {
        if (i == 0 || numbers->list[i] != numbers->list[i - 1]) {
            numbers->list[numbers->count++] = numbers->list[i];
        }
    }
    return bitmap;
}

static void assert_numbers(struct arena *arena, const struct bitmap *bitmap, const struct numbers *numbers)
{
    uint64_t *values = NULL;
    uint64_t least = 0, greatest = 0;
    assert_int_equal(bitmap_count(bitmap), numbers->count);
    assert_null(bitmap_values(bitmap, arena, &values));
    for (uint32_t i = 0; i < numbers->count; i++) {
        assert_int_equal(values[i], numbers->list[i]);
    }
    assert_int_equal(bitmap_bounds(bitmap, &least, &greatest), numbers->count > 0);
    if (numbers->count > 0) {
        assert_int_equal(least, numbers->list[0]);
        assert_int_equal(greatest, numbers->list[numbers->count - 1]);
    }
}

/* What an operation leaves of two sorted lists. */
static void expect(const struct numbers *a, const struct numbers *b, enum bitmap_operation operation,
                   struct numbers *out)
{
    out->count = 0;
    for (uint32_t i = 0, k = 0; i < a->count || k < b->count;) {
        bool in_a = i < a->count && (k == b->count || a->list[i] <= b->list[k]);
        bool in_b = k < b->count && (i == a->count || b->list[k] <= a->list[i]);
        uint64_t value = in_a ? a->list[i] : b->list[k];
        bool kept = operation == BITMAP_AND   ? in_a && in_b
                    : operation == BITMAP_OR  ? true
                    : operation == BITMAP_XOR ? in_a != in_b
                                              : in_a && !in_b;
        if (kept) {
            out->list[out->count++] = value;
        }
        i += in_a;
        k += in_b;
    }
}

static void test_operations(void **state)
{
    static struct numbers a, b, both, left;
    (void)state;
    for (int round = 0; round < 300; round++) {
        struct arena *arena = arena_create(NULL);
        enum bitmap_operation operation = (enum bitmap_operation)(round % 4);
        struct bitmap *one = random_bitmap(arena, &a);
        struct bitmap *other = random_bitmap(arena, &b);
        assert_numbers(arena, one, &a);
        assert_numbers(arena, other, &b);
        expect(&a, &b, BITMAP_AND, &both);
        assert_int_equal(bitmap_common(one, other), both.count);
        for (uint32_t i = 0; i < 50 && b.count > 0; i++) {
            uint64_t value = b.list[random_number() % b.count];
            assert_int_equal(bitmap_holds(one, value), holds(&a, value));
        }
        expect(&a, &b, operation, &left);
        assert_null(bitmap_apply(one, other, operation));
        assert_numbers(arena, one, &left);
        assert_numbers(arena, other, &b);
        arena_destroy(arena);
    }
}

static void test_bytes(void **state)
{
    static struct numbers a, b, all;
    (void)state;
    for (int round = 0; round < 100; round++) {
        struct arena *arena = arena_create(NULL);
        struct state_writer first = {.arena = arena}, second = {.arena = arena};
        struct bitmap *bitmap = random_bitmap(arena, &a);
        bitmap_write(bitmap, sizeof(uint64_t), &first);
        bitmap_write(random_bitmap(arena, &b), sizeof(uint64_t), &second);
        assert_null(state_writer_error(&first));
        assert_null(state_writer_error(&second));
        struct bitmap *again = bitmap_new(arena);
        assert_non_null(again);
        struct state_reader reader = {.at = first.data, .end = first.data + first.length};
        assert_null(bitmap_read(again, sizeof(uint64_t), &reader));
        assert_ptr_equal(reader.at, reader.end);
        assert_numbers(arena, again, &a);
        reader = (struct state_reader){.at = second.data, .end = second.data + second.length};
        assert_null(bitmap_read(again, sizeof(uint64_t), &reader)); /* adds */
        expect(&a, &b, BITMAP_OR, &all);
        assert_numbers(arena, again, &all);
        arena_destroy(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_operations), cmocka_unit_test(test_bytes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
