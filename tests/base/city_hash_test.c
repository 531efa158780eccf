/*
 * city_hash_test.c: CityHash 1.0.2 against values that a ClickHouse server accepted as checksums and gave as cityHash64.
 */
#include "base/city_hash.h"

#include "tests/base/expect.h"

#include <stdio.h>

static void expect_hash(const void *data, size_t bytes, const char *expected)
{
    char text[33];
    struct city_hash hash = city_hash128(data, bytes);
    for (unsigned k = 0; k < 16; k++) {
        uint64_t half = k < 8 ? hash.low : hash.high;
        (void)snprintf(text + 2 * k, 3, "%02x", (unsigned)(half >> 8 * (k % 8) & 255));
    }
    assert_string_equal(text, expected);
}

static void texts(void **state)
{
    (void)state;
    static const struct {
        const char *text, *hash;
    } cases[] = {
        {"", "2b9ac064fc9df03d291ee592c340b53c"},          {"a", "d01ae0afa13971d2f66cc8e4e28e7efd"},
        {"abc", "fe48775795f10f907e0db2556317a913"},       {"abcd", "94ac1ddfe73813d2ecec5783d0f3f0cc"},
        {"Moscow", "6ddf3eeebf17df2e559d40c605f3ae22"},    {"12345678", "f3d96fdda657771d187a84c3f9a08272"},
        {"123456789", "247294b18a143ec43ac23e78345dd0c0"}, {"0123456789abcdef", "00489eb2ada12ec54cde76b0faa26973"},
    };
    for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++) {
        expect_hash(cases[k].text, strlen(cases[k].text), cases[k].hash);
    }
}

/* Each branch, by the length of 0, 1, 2, … */
static void lengths(void **state)
{
    (void)state;
    static const struct {
        size_t bytes;
        const char *hash;
    } cases[] = {
        {15, "10cfdd9fbb5688045fbb7767dd014d0c"},  {16, "45f9c277e6adce17dcfec87506d69e57"},
        {17, "f10f31fb30e8128137d74fc609ad72c9"},  {24, "7482ca9ee0903ec3e9c2968087ae80a7"},
        {33, "eb865e268b01b6663a7f1686e349cfa5"},  {128, "905592545b03ef7d3890ca4a5c7634de"},
        {143, "5b0d29c2f4db632d84b5ce1784cc125c"}, {144, "fcd003c9eeecbda6bcc1126962796bc5"},
        {145, "c5151182efb561838550033852e40518"}, {256, "9b5a34c07eb07b3293bd37b05cef45fb"},
    };
    uint8_t bytes[4099];
    for (size_t k = 0; k < 256; k++) {
        bytes[k] = (uint8_t)k;
    }
    for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++) {
        expect_hash(bytes, cases[k].bytes, cases[k].hash);
    }
    for (size_t k = 0; k < 1000; k++) {
        bytes[k] = (uint8_t)(7 * k);
    }
    expect_hash(bytes, 1000, "3e463966e0c65342d72983eba0aef12d");
    for (size_t k = 0; k < 4099; k++) {
        bytes[k] = (uint8_t)(31 * k + 7);
    }
    expect_hash(bytes, 4099, "e75958ac53246e284f296128f946191d");
}

/* Each branch of the 64-bit form, over 0, 1, 2, … */
static void words(void **state)
{
    (void)state;
    static const struct {
        size_t bytes;
        uint64_t hash;
    } cases[] = {
        {0, 0x9AE16A3B2F90404F},  {1, 0x085F654E398E757C},   {3, 0x34E803DC175E241F},   {4, 0xC6803D385BA50E93},
        {7, 0xCFABFF25B05CBC4F},  {8, 0xBAB32314AB07FA4E},   {9, 0xF5CB477F28A07FE7},   {16, 0x2FB0D75F94362763},
        {17, 0xE5AA5ED150B8E380}, {32, 0x40CFEF3D008869DC},  {33, 0x532C06F602B7F406},  {64, 0xF7A2ACA4D0A3FDE1},
        {65, 0x510F4EF776C6476D}, {128, 0x4FE234A54241A89F}, {200, 0xE49CE9A6D9F41656}, {1000, 0xE32EF80B33D03A44},
    };
    uint8_t bytes[1000];
    for (size_t k = 0; k < sizeof(bytes); k++) {
        bytes[k] = (uint8_t)k;
    }
    for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++) {
        assert_int_equal(city_hash64(slice_of((const char *)bytes, cases[k].bytes)), cases[k].hash);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(texts), cmocka_unit_test(lengths), cmocka_unit_test(words)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
