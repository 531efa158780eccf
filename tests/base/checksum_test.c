/*
 * checksum_test.c: hashes in files against the values that their specifications' own tools give.
 */
#include "base/checksum.h"

#include "tests/base/expect.h"

static void fill(uint8_t bytes[1280])
{
    for (size_t k = 0; k < 1280; k++) {
        bytes[k] = (uint8_t)k;
    }
}

/* From xxhash 0.8: XXH3-64, with seed 42, XXH3-128. */
static void xxh3(void **state)
{
    (void)state;
    uint8_t bytes[1280];
    fill(bytes);
    const struct {
        const void *data;
        size_t bytes;
        uint64_t plain, seeded, high;
    } cases[] = {
        {"", 0, 0x2d06800538d394c2, 0xb029411ff43d84d2, 0x99aa06d3014798d8},
        {"abc", 3, 0x78af5f94892f3950, 0xd8438def21bbdcc3, 0x06b05ab6733a6185},
        {bytes, sizeof(bytes), 0x4844b009e164352e, 0x44ac88b41e179e25, 0xd92ab3a1cb0542a7},
    };
    for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++) {
        assert_true(checksum(cases[k].data, cases[k].bytes) == cases[k].plain);
        assert_true(checksum_seeded(cases[k].data, cases[k].bytes, 42) == cases[k].seeded);
        assert_true((uint64_t)(checksum128(cases[k].data, cases[k].bytes) >> 64) == cases[k].high);
    }
    assert_true((uint64_t)checksum128("", 0) == 0x6001c324468d497f);
}

/* A flipped bit anywhere is another checksum. */
static void every_bit_counts(void **state)
{
    (void)state;
    uint8_t bytes[1280];
    fill(bytes);
    uint64_t before = checksum(bytes, sizeof(bytes));
    for (size_t bit = 0; bit < sizeof(bytes) * 8; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_true(checksum(bytes, sizeof(bytes)) != before);
        bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    assert_true(checksum(bytes, sizeof(bytes)) == before);
}

/* RFC 7693's function with 32 bytes of output; values from Python's hashlib.blake2b(digest_size=32). */
static void blake2b(void **state)
{
    (void)state;
    char text[65];
    struct hash hash = hash_of("", 0);
    hash_text(&hash, text);
    assert_string_equal(text, "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
    hash = hash_of("abc", 3);
    hash_text(&hash, text);
    assert_string_equal(text, "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
    const struct hash_part parts[] = {{NULL, 0}, {"a", 1}, {"", 0}, {"bc", 2}};
    struct hash joined = hash_parts(parts, 4);
    assert_memory_equal(joined.bytes, hash.bytes, HASH_BYTES);
    joined = hash_parts(parts, 0);
    hash = hash_of("", 0);
    assert_memory_equal(joined.bytes, hash.bytes, HASH_BYTES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(xxh3),
        cmocka_unit_test(every_bit_counts),
        cmocka_unit_test(blake2b),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
