/*
 * sample_set_test.c: uniq's sample holds the same hashes whether it was a list or a table while they came, in whatever
 * order, with however many of each, in one set or merged from several.
 */
#include "query/sample_set.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define HASHES_MAX 250000U

static uint32_t hashes[HASHES_MAX];
static uint32_t used[HASHES_MAX];

static uint64_t next_random(uint64_t *state)
{
    *state += 0x9E3779B97F4A7C15ULL;
    uint64_t z = *state;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
}

static uint32_t hash_of(uint64_t value)
{
    return (uint32_t)next_random(&value);
}

/* hashes[begin, end), at most `piece` at once; by_rows: as rows of the one group there is. */
static void add(struct sample_set *set, struct arena *arena, uint32_t begin, uint32_t end, uint32_t piece, bool by_rows)
{
    static const uint32_t groups[HASHES_MAX];
    memcpy(used + begin, hashes + begin, (end - begin) * sizeof(*used));
    for (; begin < end; begin += piece) {
        uint32_t count = end - begin < piece ? end - begin : piece;
        if (by_rows) {
            assert_null(sample_set_add_groups((char *)set, sizeof(*set), groups, arena, used + begin, count));
        } else {
            assert_null(sample_set_add(set, arena, used + begin, count));
        }
    }
}

static int compare_hashes(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(uint32_t));
}

/* Behind how many low bits are zero, and how many hashes there are. */
static void sort_hashes(struct state_writer *bytes)
{
    struct state_reader reader = {.at = bytes->data, .end = bytes->data + bytes->length};
    uint8_t skip;
    uint64_t count;
    assert_null(state_take_byte(&reader, 31, &skip));
    assert_null(state_take_count(&reader, &count));
    assert_int_equal(state_left(&reader), count * sizeof(uint32_t));
    qsort(bytes->data + (reader.at - bytes->data), count, sizeof(uint32_t), compare_hashes);
    for (uint64_t i = 1; i < count; i++) {
        assert_int_not_equal(memcmp(reader.at + 4 * i - 4, reader.at + 4 * i, 4), 0);
    }
}

static void expect_same(const struct sample_set *set, const struct sample_set *other, struct arena *arena)
{
    struct state_writer one = {.arena = arena}, two = {.arena = arena};
    uint64_t size, other_size;
    assert_null(sample_set_size(set, arena, &size));
    assert_null(sample_set_size(other, arena, &other_size));
    assert_int_equal(size, other_size);
    assert_null(sample_set_write(set, &one));
    assert_null(sample_set_write(other, &two));
    assert_int_equal(one.length, two.length);
    sort_hashes(&one); /* neighbours may change places: the order in which they came says which is first */
    sort_hashes(&two);
    assert_memory_equal(one.data, two.data, one.length);
    struct state_reader reader = {.at = one.data, .end = one.data + one.length};
    struct sample_set read = {0};
    assert_null(sample_set_read(&read, arena, &reader));
    assert_null(sample_set_size(&read, arena, &size));
    assert_int_equal(size, other_size);
}

static void try(uint32_t count)
{
    struct arena *arena = arena_create(NULL);
    struct sample_set table = {.form = SAMPLE_TABLE};
    assert_non_null(arena);
    add(&table, arena, 0, count, 1000, false);
    for (uint32_t way = 0; way < 5; way++) {
        struct sample_set set = {0}, second = {0};
        uint32_t piece = way % 3 == 0 ? 65536 : way % 3 == 1 ? 8191 : 13;
        uint32_t half = way < 2 ? 0 : count / (way + 1);
        add(&set, arena, 0, half, piece, way % 2 == 1);
        add(&second, arena, half, count, piece, way == 2);
        assert_null(sample_set_merge(&set, arena, &second));
        expect_same(&set, &table, arena);
    }
    arena_destroy(arena);
}

static void lists_and_tables(void **state)
{
    (void)state;
    static const uint32_t counts[] = {0, 1, 2049, 2050, 30000, 65537, 131072, 140000, 250000};
    uint64_t random = 7;
    for (uint32_t c = 0; c < sizeof(counts) / sizeof(counts[0]); c++) {
        /* of so many values; few come again and again */
        static const uint64_t values[] = {UINT64_MAX, 150000, 66000, 3000};
        for (uint32_t v = 0; v < sizeof(values) / sizeof(values[0]); v++) {
            for (uint32_t i = 0; i < counts[c]; i++) {
                hashes[i] = hash_of(next_random(&random) % values[v]);
            }
            if (v == 1 && counts[c] > 0) {
                hashes[counts[c] / 2] = 0;
            }
            try(counts[c]);
        }
    }
}

/* New ones at first, then the same again: a list that was not worth it. */
static void turning(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < HASHES_MAX; i++) {
        hashes[i] = hash_of(i < 60000 ? i : i % 60000);
    }
    try(HASHES_MAX);
    for (uint32_t i = 0; i < HASHES_MAX; i++) { /* all even, and then all with many zeros */
        hashes[i] = i < 100000 ? hash_of(i) << 1 : hash_of(i) << 6;
    }
    try(HASHES_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(lists_and_tables), cmocka_unit_test(turning)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
