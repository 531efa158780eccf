/*
 * int256_test.c: 256-bit arithmetic against __int128 where both have an answer, against itself where only 256 bits do,
 * and against numbers that Python worked out.
 */
#include "base/int256.h"

#include "tests/base/expect.h"

#include <stdio.h>

#define SEED UINT64_C(0x9e3779b97f4a7c15)

static uint64_t next(uint64_t *random) /* xorshift64* [Vigna 2016] */
{
    *random ^= *random >> 12;
    *random ^= *random << 25;
    *random ^= *random >> 27;
    return *random * UINT64_C(0x2545f4914f6cdd1d);
}

static struct int256 of(const char *text, bool is_signed)
{
    struct int256 x = {{0, 0, 0, 0}};
    assert_true(int256_parse(slice_text(text), is_signed, &x));
    return x;
}

static void expect(struct int256 x, bool is_signed, const char *wanted)
{
    char text[INT256_TEXT_MAX + 1];
    text[int256_print(x, is_signed, text)] = 0;
    assert_string_equal(text, wanted);
}

static bool same(struct int256 a, struct int256 b)
{
    return int256_compare(a, b, false) == 0;
}

/* Of any length up to 256 bits, often of bits that are all alike: where carries and guesses go wrong. */
static struct int256 some(uint64_t *random)
{
    struct int256 x;
    uint32_t bits = (uint32_t)(next(random) % 256);
    for (int i = 0; i < 4; i++) {
        uint64_t word = next(random);
        x.word[i] = word % 3 == 0 ? UINT64_MAX : word % 3 == 1 ? word : 0;
    }
    return int256_shift_right(x, bits, false);
}

static void narrow(void **state)
{
    (void)state;
    uint64_t random = SEED;
    for (int i = 0; i < 20000; i++) {
        __int128 a = (__int128)next(&random) * (int64_t)next(&random) >> next(&random) % 120;
        __int128 b = (__int128)next(&random) >> next(&random) % 60;
        struct int256 x = int256_of(a), y = int256_of(b), rest;
        assert_true(same(int256_add(x, y), int256_of(a + b)));
        assert_true(same(int256_subtract(x, y), int256_of(a - b)));
        assert_int_equal(int256_compare(x, y, true), (a > b) - (a < b));
        assert_true((unsigned __int128)a * (unsigned __int128)b == int256_low(int256_multiply(x, y)));
        if (b != 0 && a >= 0) {
            assert_true(same(int256_divide(x, y, &rest), int256_of(a / b)));
            assert_true(same(rest, int256_of(a % b)));
        }
    }
}

static void wide(void **state)
{
    (void)state;
    uint64_t random = SEED;
    for (int i = 0; i < 200000; i++) {
        struct int256 a = some(&random), b = some(&random), rest;
        uint32_t by = (uint32_t)(next(&random) % 256);
        char text[INT256_TEXT_MAX];
        struct int256 again;
        assert_true(same(int256_subtract(int256_add(a, b), b), a));
        assert_true(same(int256_shift_left(a, by), int256_multiply(a, int256_shift_left(int256_of(1), by))));
        assert_true(int256_parse(slice_of(text, int256_print(a, true, text)), true, &again) && same(a, again));
        if (int256_is_zero(b)) {
            continue;
        }
        struct int256 quotient = int256_divide(a, b, &rest);
        assert_true(int256_compare(rest, b, false) < 0);
        assert_true(int256_compare(quotient, a, false) <= 0);
        assert_true(same(int256_add(int256_multiply(quotient, b), rest), a));
        if (by > 0) {
            assert_true(
                same(int256_divide(a, int256_shift_left(int256_of(1), by), &rest), int256_shift_right(a, by, false)));
        }
    }
}

static void texts(void **state)
{
    (void)state;
    static const char most[] = "115792089237316195423570985008687907853269984665640564039457584007913129639935";
    static const char least[] = "-57896044618658097711785492504343953926634992332820282019728792003956564819968";
    struct int256 x;
    bool fits;
    expect(of(most, false), false, most);
    expect(of(least, true), true, least);
    expect(of(most, false), true, "-1");
    expect(of("+7", true), true, "7");
    expect(of("000", false), false, "0");
    expect(int256_multiply(of("123456789012345678901234567890", false), of("987654321098765432109876543210", false)),
           false, "121932631137021795226185032733622923332237463801111263526900");
    assert_false(int256_parse(slice_text("-1"), false, &x));
    assert_false(int256_parse(slice_text(""), true, &x));
    assert_false(int256_parse(slice_text("-"), true, &x));
    assert_false(int256_parse(slice_text("1 "), true, &x));
    assert_false(int256_parse(
        slice_text("115792089237316195423570985008687907853269984665640564039457584007913129639936"), false, &x));
    assert_false(int256_parse(
        slice_text("57896044618658097711785492504343953926634992332820282019728792003956564819968"), true, &x));
    assert_true(int256_parse_wrapping(
        slice_text("115792089237316195423570985008687907853269984665640564039457584007913129639937"), false, &x,
        &fits));
    assert_false(fits);
    expect(x, false, "1");
}

static void doubles(void **state)
{
    (void)state;
    expect(int256_from_double(-1.9), true, "-1");
    expect(int256_from_double(1e18), true, "1000000000000000000");
    expect(int256_from_double(1e20), true, "100000000000000000003"); /* ClickHouse's rounding */
    expect(int256_from_double(1e60), true, "999999999999999949224610183485039213368485755499985485430625");
    assert_true(
        int256_to_double(of("-57896044618658097711785492504343953926634992332820282019728792003956564819968", true),
                         true) == -0x1p255);
    assert_true(int256_to_double(int256_of(-1), false) == 0x1p256);
    assert_true(int256_to_double(int256_of(-1), true) == -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(narrow),
        cmocka_unit_test(wide),
        cmocka_unit_test(texts),
        cmocka_unit_test(doubles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
