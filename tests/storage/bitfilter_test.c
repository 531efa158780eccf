/*
 * bitfilter_test.c: which packed numbers lie in ranges, each variant against the rule number by number: every width,
 * counts around a vector's and a word's, ranges at the ends of what the width holds; memory is exact, so that the
 * sanitizers see a byte too much. Bits among bits the same way.
 */
#include "storage/bitfilter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT_MAX 1300U

static uint64_t seed = 88172645463325252ULL;

static uint64_t next(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

static uint32_t ranges_make(uint64_t most, const uint64_t *values, uint32_t count, struct number_range *ranges)
{
    uint32_t range_count = next() % 2 == 0 ? 1 : (uint32_t)(next() % BITFILTER_RANGES_MAX) + 1;
    for (uint32_t r = 0; r < range_count; r++) {
        uint64_t ends[2];
        for (int end = 0; end < 2; end++) {
            uint64_t value = values[next() % count];
            ends[end] = next() % 6 == 0   ? 0
                        : next() % 6 == 0 ? most
                        : next() % 4 == 0 ? next() & most
                        : next() % 3 == 0 ? value + (value < most)
                                          : value - (next() % 2 == 0 && value > 0);
        }
        ends[1] = next() % 3 == 0 ? ends[0] : ends[1];
        ranges[r].low = ends[0] < ends[1] ? ends[0] : ends[1];
        ranges[r].high = ends[0] < ends[1] ? ends[1] : ends[0];
    }
    return range_count;
}

static void rule(const uint64_t *values, uint32_t count, const struct number_range *ranges, uint32_t range_count,
                 uint64_t *bits)
{
    memset(bits, 0, (count + 63) / 64 * sizeof(*bits));
    for (uint32_t k = 0; k < count; k++) {
        for (uint32_t r = 0; r < range_count; r++) {
            bits[k / 64] |= (uint64_t)(values[k] >= ranges[r].low && values[k] <= ranges[r].high) << k % 64;
        }
    }
}

static void every_width_is_compared(void **state)
{
    (void)state;
    static const uint32_t counts[] = {1, 2, 7, 8, 15, 16, 17, 31, 33, 63, 64, 65, 127, 128, 511, 512, 513, COUNT_MAX};
    static uint64_t values[COUNT_MAX];
    bool permutes = false;
    for (uint32_t width = 1; width <= 64; width = width == 56 ? 64 : width + 1) {
        uint64_t most = UINT64_MAX >> (64 - width);
        for (size_t c = 0; c < 6 * sizeof(counts) / sizeof(counts[0]); c++) {
            uint32_t count = counts[c / 6], words = (count + 63) / 64;
            bool whole = width == 8 || width == 16 || width == 32 || width == 64;
            size_t bytes = bitpack_bytes(count, width);
            for (uint32_t i = 0; i < count; i++) {
                values[i] = next() % 9 == 0 ? most : next() % 9 == 0 ? 0 : next() & most;
            }
            uint8_t *packed = malloc(bytes + BITPACK_SLACK), *exact = malloc(bytes + (whole ? 0 : BITPACK_SLACK));
            uint64_t *expected = malloc(words * sizeof(*expected)), *bits = malloc(words * sizeof(*bits));
            assert_non_null(packed);
            assert_non_null(exact);
            assert_non_null(expected);
            assert_non_null(bits);
            bitpack_pack(values, count, width, packed);
            memcpy(exact, packed, bytes + (whole ? 0 : BITPACK_SLACK));
            struct number_range ranges[BITFILTER_RANGES_MAX];
            uint32_t range_count = ranges_make(most, values, count, ranges);
            rule(values, count, ranges, range_count, expected);
            memset(bits, 0x5a, words * sizeof(*bits));
            bitfilter_portable(exact, count, width, ranges, range_count, bits);
            assert_memory_equal(bits, expected, words * sizeof(*bits));
            memset(bits, 0x5a, words * sizeof(*bits));
            if (bitfilter_permute(exact, count, width, ranges, range_count, bits)) {
                assert_memory_equal(bits, expected, words * sizeof(*bits));
                permutes = true;
            }
            memset(bits, 0x5a, words * sizeof(*bits));
            bitfilter(exact, count, width, ranges, range_count, bits);
            assert_memory_equal(bits, expected, words * sizeof(*bits));
            free(packed);
            free(exact);
            free(expected);
            free(bits);
        }
    }
    print_message(permutes ? "by permutation, too\n" : "this processor does not permute bytes\n");
}

static void bits_go_to_their_rows(void **state)
{
    (void)state;
    enum { WORDS = 20 };
    for (int round = 0; round < 2000; round++) {
        uint64_t rows[WORDS] = {0}, from[WORDS] = {0}, expected[WORDS] = {0}, out[WORDS];
        uint32_t count = (uint32_t)(next() % (WORDS * 64)) + 1, words = (count + 63) / 64, used = 0;
        uint64_t density = next() % 4;
        for (uint32_t w = 0; w < words; w++) {
            rows[w] = density == 0 ? 0 : density == 1 ? next() & next() & next() : density == 2 ? next() : UINT64_MAX;
            rows[w] &= w + 1 == words && count % 64 > 0 ? ((uint64_t)1 << count % 64) - 1 : UINT64_MAX;
        }
        for (uint32_t k = 0; k < count; k++) {
            if ((rows[k / 64] >> k % 64 & 1) != 0) {
                uint64_t bit = next() & 1;
                from[used / 64] |= bit << used % 64;
                expected[k / 64] |= bit << k % 64;
                used++;
            }
        }
        bitfilter_spread_portable(rows, from, count, out);
        assert_memory_equal(out, expected, words * sizeof(*out));
        bitfilter_spread(rows, from, count, rows);
        assert_memory_equal(rows, expected, words * sizeof(*out));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_width_is_compared),
                                       cmocka_unit_test(bits_go_to_their_rows)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
