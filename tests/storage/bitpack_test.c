/*
 * bitpack_test.c: what is packed comes back, at every width and at counts around a vector's; nothing past the slack is
 * read (buffers are exact, the sanitizers watch).
 */
#include "storage/bitpack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define COUNT_MAX 1000U

static uint64_t next(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

#define CHECK(bits)                                                                                                    \
    do {                                                                                                               \
        uint##bits##_t *out = malloc((count + 1) * sizeof(*out));                                                      \
        assert_non_null(out);                                                                                          \
        out[count] = 0x5a;                                                                                             \
        bitpack_unpack##bits(packed, count, width, (uint##bits##_t)base, out);                                         \
        for (uint32_t i = 0; i < count; i++) {                                                                         \
            assert_int_equal(out[i], (uint##bits##_t)(base + values[i]));                                              \
        }                                                                                                              \
        assert_int_equal(out[count], 0x5a);                                                                            \
        free(out);                                                                                                     \
    } while (0)

static void every_width_comes_back(void **state)
{
    (void)state;
    static const uint32_t counts[] = {1, 2, 7, 8, 9, 15, 16, 17, 63, 64, 65, 127, 333, COUNT_MAX};
    static uint64_t values[COUNT_MAX];
    uint64_t seed = 88172645463325252ULL;
    for (uint32_t width = 0; width <= 64; width = width == 56 ? 64 : width + 1) {
        for (size_t c = 0; c < sizeof(counts) / sizeof(counts[0]); c++) {
            uint32_t count = counts[c];
            uint64_t base = next(&seed);
            for (uint32_t i = 0; i < count; i++) {
                values[i] = width == 0 ? 0 : next(&seed) >> (64 - width);
            }
            uint8_t *packed = malloc(bitpack_bytes(count, width) + BITPACK_SLACK);
            assert_non_null(packed);
            bitpack_pack(values, count, width, packed);
            CHECK(64);
            if (width <= 32) {
                CHECK(32);
            }
            if (width <= 16) {
                CHECK(16);
            }
            if (width <= 8) {
                CHECK(8);
            }
            free(packed);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_width_comes_back)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
