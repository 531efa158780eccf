/*
 * number_test.c: numbers as text and back, against the C library's; the shortest text of a float.
 */
#include "base/number.h"

#include "tests/base/expect.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define SEED UINT64_C(0x9e3779b97f4a7c15)

static uint64_t next(uint64_t *random) /* xorshift64* [Vigna 2016] */
{
    *random ^= *random >> 12;
    *random ^= *random << 25;
    *random ^= *random >> 27;
    return *random * UINT64_C(0x2545f4914f6cdd1d);
}

static void whole_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool u64, i64;
        uint64_t u;
        int64_t i;
    } cases[] = {
        {"0", true, true, 0, 0},
        {"-0", false, true, 0, 0},
        {"+7", true, true, 7, 7},
        {"007", true, true, 7, 7},
        {"00000000000000000000000000007", true, true, 7, 7},
        {"9223372036854775807", true, true, INT64_MAX, INT64_MAX},
        {"9223372036854775808", true, false, UINT64_C(1) << 63, 0},
        {"-9223372036854775808", false, true, 0, INT64_MIN},
        {"-9223372036854775809", false, false, 0, 0},
        {"18446744073709551615", true, false, UINT64_MAX, 0},
        {"18446744073709551616", false, false, 0, 0},
        {"99999999999999999999", false, false, 0, 0},
        {"184467440737095516150", false, false, 0, 0},
        {"", false, false, 0, 0},
        {"-", false, false, 0, 0},
        {"+", false, false, 0, 0},
        {"-+1", false, false, 0, 0},
        {"+-1", false, false, 0, 0},
        {"++1", false, false, 0, 0},
        {"--1", false, false, 0, 0},
        {" 1", false, false, 0, 0},
        {"1 ", false, false, 0, 0},
        {"1.0", false, false, 0, 0},
        {"1e3", false, false, 0, 0},
        {"0x10", false, false, 0, 0},
        {"1\xc2\xb2", false, false, 0, 0},
    };
    for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++) {
        struct slice text = slice_text(cases[k].text);
        uint64_t u = 0;
        int64_t i = 0;
        if (number_parse_u64(text, &u) != cases[k].u64 || (cases[k].u64 && u != cases[k].u) ||
            number_parse_i64(text, &i) != cases[k].i64 || (cases[k].i64 && i != cases[k].i)) {
            fail_msg("\"%s\": %" PRIu64 " %" PRId64, cases[k].text, u, i);
        }
    }
    uint64_t value = 0;
    assert_false(number_parse_u64(slice_of("1\0", 2), &value));
}

static void whole_numbers_and_back(void **state)
{
    (void)state;
    uint64_t random = SEED;
    char text[NUMBER_TEXT_MAX], wanted[NUMBER_TEXT_MAX];
    for (uint32_t k = 0; k < 200000; k++) {
        uint64_t value = next(&random) >> (k % 64);
        uint64_t back = 0;
        int64_t signed_back = 0;
        size_t length = number_print_u64(value, text);
        size_t wanted_length = (size_t)snprintf(wanted, sizeof(wanted), "%" PRIu64, value);
        assert_true(length == wanted_length && memcmp(text, wanted, length) == 0);
        assert_true(number_parse_u64(slice_of(text, length), &back) && back == value);
        length = number_print_i64((int64_t)value, text);
        wanted_length = (size_t)snprintf(wanted, sizeof(wanted), "%" PRId64, (int64_t)value);
        assert_true(length == wanted_length && memcmp(text, wanted, length) == 0);
        assert_true(number_parse_i64(slice_of(text, length), &signed_back) && signed_back == (int64_t)value);
        unsigned __int128 wide = ((unsigned __int128)next(&random) << 64 | value) >> (k % 128);
        unsigned __int128 wide_back = 0;
        __int128 wide_signed = 0;
        assert_true(number_parse_u128(slice_of(text, number_print_u128(wide, text)), &wide_back) && wide_back == wide);
        assert_true(number_parse_i128(slice_of(text, number_print_i128((__int128)wide, text)), &wide_signed) &&
                    wide_signed == (__int128)wide);
    }
    unsigned __int128 wide = 0;
    __int128 wide_signed = 0;
    assert_true(number_parse_u128(slice_text("340282366920938463463374607431768211455"), &wide) && ~wide == 0);
    assert_false(number_parse_u128(slice_text("340282366920938463463374607431768211456"), &wide));
    assert_true(number_parse_i128(slice_text("-170141183460469231731687303715884105728"), &wide_signed));
    size_t length = number_print_i128(wide_signed, text);
    assert_true(length == 40 && memcmp(text, "-170141183460469231731687303715884105728", 40) == 0);
    assert_false(number_parse_i128(slice_text("170141183460469231731687303715884105728"), &wide_signed));
}

static uint64_t bits_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof(bits));
    return bits;
}

static double of_bits(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof(value));
    return value;
}

/* As strtod reads it, to the bit. */
static void reads_as_strtod(const char *text)
{
    double value = 0, wanted = strtod(text, NULL);
    if (!number_parse_double(slice_text(text), &value) || bits_of(value) != bits_of(wanted)) {
        fail_msg("\"%s\" is %a, not %a", text, wanted, value);
    }
}

static void reading_doubles(void **state)
{
    (void)state;
    static const char *const good[] = {"0",
                                       "-0",
                                       "0.0",
                                       "-0.0e5",
                                       "1.",
                                       ".5",
                                       "-.5",
                                       "+1.5",
                                       "1e22",
                                       "1e23",
                                       "123456789012345678e-5",
                                       "1E+2",
                                       "1e-2",
                                       "9007199254740993",
                                       "9007199254740992.5",
                                       "9007199254740993.00000000000000000000000000001",
                                       "2.2250738585072011e-308",
                                       "2.2250738585072014e-308",
                                       "4.9e-324",
                                       "2.4703282292062327e-324",
                                       "2.4703282292062328e-324",
                                       "1.7976931348623157e308",
                                       "1.7976931348623159e308",
                                       "1e309",
                                       "-1e400",
                                       "1e-400",
                                       "0e99999999",
                                       "100000000000000000000000000000000000000000000000000000",
                                       "0.000000000000000000000000000000000001",
                                       "1000000000000000000000.000000000000000000000001",
                                       "123456789123456789123456789123456789e-30",
                                       "1e100000",
                                       "6.02214076e23",
                                       "0.1",
                                       "0.3",
                                       "1e0000000000000000001"};
    static const char *const bad[] = {"",      ".",    "-",       "+",      "e5",    ".e5", "1e",   "1e+",
                                      "1e5.5", "1..2", "1.2.3",   "--1",    "+-1",   "1 ",  " 1",   "0x1p3",
                                      "1f",    "1,5",  "infinit", "nan(1)", "nane5", "in",  "1e5e5"};
    for (size_t k = 0; k < sizeof(good) / sizeof(good[0]); k++) {
        reads_as_strtod(good[k]);
    }
    for (size_t k = 0; k < sizeof(bad) / sizeof(bad[0]); k++) {
        double value;
        if (number_parse_double(slice_text(bad[k]), &value)) {
            fail_msg("\"%s\" is read as %g", bad[k], value);
        }
    }
    double value = 0;
    assert_true(number_parse_double(slice_text("-INF"), &value) && isinf(value) && value < 0);
    assert_true(number_parse_double(slice_text("Infinity"), &value) && isinf(value) && value > 0);
    assert_true(number_parse_double(slice_text("NaN"), &value) && isnan(value));
    uint64_t random = SEED;
    for (uint32_t k = 0; k < 100000; k++) {
        char text[80];
        uint64_t a = next(&random) >> (k % 64), b = next(&random) >> (k % 61);
        (void)snprintf(text, sizeof(text), "%s%" PRIu64 ".%" PRIu64 "e%d", k % 3 == 0 ? "-" : "", a, b,
                       (int)(next(&random) % 700) - 350);
        reads_as_strtod(text);
        (void)snprintf(text, sizeof(text), "%" PRIu64 "e%d", a % 1000000, (int)(k % 60) - 30);
        reads_as_strtod(text);
    }
}

/* Reads back as the same number, and no text of fewer digits does. */
static void is_shortest(double value)
{
    char text[NUMBER_TEXT_MAX], fewer[NUMBER_TEXT_MAX];
    size_t length = number_print_double(value, text);
    double back = 0;
    assert_true(length < sizeof(text));
    text[length] = 0;
    assert_true(number_parse_double(slice_of(text, length), &back));
    if (bits_of(back) != bits_of(value)) {
        fail_msg("%a is printed as %s", value, text);
    }
    int digits = 0, zeros = 0;
    for (const char *at = text; *at != 0 && *at != 'e'; at++) {
        if (*at >= '0' && *at <= '9' && (digits > 0 || *at != '0')) {
            digits++;
            zeros = *at == '0' ? zeros + 1 : 0;
        }
    }
    digits -= zeros; /* of 1000 or of 0.10, which is not printed */
    if (digits > 1) {
        (void)snprintf(fewer, sizeof(fewer), "%.*e", digits - 2, value);
        if (strtod(fewer, NULL) == value) {
            fail_msg("%a is printed as %s, but %s is enough", value, text, fewer);
        }
    }
}

static void printing_doubles(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *text;
    } cases[] = {{0, "0"},
                 {-0.0, "-0"},
                 {1, "1"},
                 {-1.5, "-1.5"},
                 {0.1, "0.1"},
                 {0.3, "0.3"},
                 {1e20, "100000000000000000000"},
                 {1e21, "1e21"},
                 {123456789012345680.0, "123456789012345680"},
                 {0.000001, "0.000001"},
                 {1e-7, "1e-7"},
                 {1.5e-7, "1.5e-7"},
                 {5e-324, "5e-324"},
                 {1.7976931348623157e308, "1.7976931348623157e308"},
                 {2.2250738585072014e-308, "2.2250738585072014e-308"},
                 {INFINITY, "inf"},
                 {-INFINITY, "-inf"},
                 {NAN, "nan"},
                 {9007199254740993.0, "9007199254740992"},
                 {0.1 + 0.2, "0.30000000000000004"}};
    char text[NUMBER_TEXT_MAX];
    for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++) {
        text[number_print_double(cases[k].value, text)] = 0;
        assert_string_equal(text, cases[k].text);
    }
    uint64_t random = SEED;
    for (uint32_t k = 0; k < 100000; k++) {
        double value = of_bits(next(&random));
        if (isfinite(value)) {
            is_shortest(value);
        }
        is_shortest((double)(int64_t)(next(&random) >> (k % 64)) / 1000);
        is_shortest(of_bits(next(&random) >> 12 >> (k % 50))); /* denormal */
    }
}

static void printing_floats(void **state)
{
    (void)state;
    uint64_t random = SEED;
    char text[NUMBER_TEXT_MAX];
    text[number_print_float(0.1F, text)] = 0;
    assert_string_equal(text, "0.1");
    text[number_print_float(16777216.0F, text)] = 0;
    assert_string_equal(text, "16777216");
    text[number_print_float(1e-45F, text)] = 0;
    assert_string_equal(text, "1e-45");
    text[number_print_float(3.4028235e38F, text)] = 0;
    assert_string_equal(text, "3.4028235e38");
    for (uint32_t k = 0; k < 200000; k++) {
        uint32_t bits = (uint32_t)(next(&random) >> 32), back_bits;
        float value, back;
        memcpy(&value, &bits, sizeof(value));
        if (isfinite(value)) {
            text[number_print_float(value, text)] = 0;
            back = strtof(text, NULL);
            memcpy(&back_bits, &back, sizeof(back_bits));
            if (back_bits != bits) {
                fail_msg("%a is printed as %s", (double)value, text);
            }
        }
    }
}

static void decimals(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t precision, scale;
        bool good;
        int64_t whole;
    } cases[] = {
        {"12.345", 9, 3, true, 12345},
        {"12.3", 9, 3, true, 12300},
        {"-0.001", 9, 3, true, -1},
        {"12.3456", 9, 3, true, 12345},
        {"-12.3459", 9, 3, true, -12345},
        {"999999.999", 9, 3, true, 999999999},
        {"1000000", 9, 3, false, 0},
        {"-1000000", 9, 3, false, 0},
        {"1e5", 9, 3, true, 100000000},
        {"1e6", 9, 3, false, 0},
        {"1e-3", 9, 3, true, 1},
        {"1e-4", 9, 3, true, 0},
        {"123456789e-6", 9, 3, true, 123456},
        {"0e999999", 9, 3, true, 0},
        {".5", 9, 3, true, 500},
        {"5.", 9, 3, true, 5000},
        {".", 9, 3, false, 0},
        {"", 9, 3, false, 0},
        {"-", 9, 3, false, 0},
        {"1.2.3", 9, 3, false, 0},
        {"1e", 9, 3, false, 0},
        {"nan", 9, 3, false, 0},
        {"999999999999999999", 18, 0, true, 999999999999999999},
        {"1000000000000000000", 18, 0, false, 0},
        {"10000000000000000000000000000000000000000000000000000000000e-58", 9, 3, true, 1000},
        {"0.00000000000000000000000000000000000000000000000000000000001e59", 9, 3, true, 1000},
    };
    for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++) {
        __int128 whole = 0;
        bool good = number_parse_decimal(slice_text(cases[k].text), cases[k].precision, cases[k].scale, &whole);
        if (good != cases[k].good || (good && whole != cases[k].whole)) {
            fail_msg("\"%s\": %d, %" PRId64, cases[k].text, good, (int64_t)whole);
        }
    }
    static const struct {
        int64_t whole;
        uint32_t scale;
        bool zeros;
        const char *text;
    } prints[] = {
        {12345, 3, false, "12.345"}, {12300, 3, false, "12.3"}, {12300, 3, true, "12.300"},
        {-1, 3, false, "-0.001"},    {0, 3, false, "0"},        {0, 3, true, "0.000"},
        {1000, 3, false, "1"},       {-5, 0, true, "-5"},       {INT64_MIN, 18, true, "-9.223372036854775808"}};
    char text[NUMBER_TEXT_MAX];
    for (size_t k = 0; k < sizeof(prints) / sizeof(prints[0]); k++) {
        text[number_print_decimal(prints[k].whole, prints[k].scale, prints[k].zeros, text)] = 0;
        assert_string_equal(text, prints[k].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_numbers),    cmocka_unit_test(whole_numbers_and_back), cmocka_unit_test(reading_doubles),
        cmocka_unit_test(printing_doubles), cmocka_unit_test(printing_floats),        cmocka_unit_test(decimals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
