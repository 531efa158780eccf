/*
 * log_test.c: lines of text and of JSON, with hostile values; levels; a place that speaks too much.
 */
#include "base/log.h"

#include "base/clock.h"
#include "tests/base/expect.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int kept = -1; /* the real stderr */
static FILE *file;

static int begin(void **state)
{
    (void)state;
    file = tmpfile();
    kept = dup(STDERR_FILENO);
    assert_true(file != NULL && kept >= 0);
    assert_true(dup2(fileno(file), STDERR_FILENO) >= 0);
    return 0;
}

/* What was said since begin, without the time that each line begins with. */
static char *said(enum log_format format)
{
    static char text[1 << 16], out[1 << 16];
    (void)dup2(kept, STDERR_FILENO);
    size_t length = 0, used = 0;
    rewind(file);
    length = fread(text, 1, sizeof(text) - 1, file);
    text[length] = 0;
    for (char *line = text, *next; *line != 0; line = next) {
        next = strchr(line, '\n');
        assert_non_null(next); /* whole lines */
        next++;
        unsigned year, month, day, hour, minute, second, fraction;
        int end = 0;
        int fields = sscanf(line,
                            format == LOG_FORMAT_JSON ? "{\"time\":\"%4u-%2u-%2uT%2u:%2u:%2u.%6uZ\",%n"
                                                      : "%4u-%2u-%2uT%2u:%2u:%2u.%6uZ %n",
                            &year, &month, &day, &hour, &minute, &second, &fraction, &end);
        assert_true(fields == 7 && end > 0);
        memcpy(out + used, line + end, (size_t)(next - line - end));
        used += (size_t)(next - line - end);
    }
    out[used] = 0;
    return out;
}

static int end(void **state)
{
    (void)state;
    (void)dup2(kept, STDERR_FILENO);
    (void)close(kept);
    (void)fclose(file);
    log_configure(LOG_LEVEL_INFO, LOG_FORMAT_TEXT);
    return 0;
}

static void text_lines(void **state)
{
    (void)state;
    struct err *err = err_new(ERR_IO, "a \"b\"");
    log_configure(LOG_LEVEL_INFO, LOG_FORMAT_TEXT);
    LOG_DEBUG("not wanted", LOG_INT("a", 1));
    LOG_INFO("segment merged", LOG_TEXT("table", "t.x"), LOG_UINT("rows", UINT64_MAX), LOG_INT("low", INT64_MIN));
    LOG_WARNING("two words", LOG_TEXT("empty", ""), LOG_TEXT("space", "a b"), LOG_TEXT("sign", "a=b"));
    LOG_ERROR("failed", LOG_ERR(err), LOG_DOUBLE("seconds", 0.1), LOG_DOUBLE("big", 1234567.125));
    LOG_ERROR("forged", LOG_TEXT("name", "x\n2026-01-01T00:00:00.000000Z error fake"),
              LOG_TEXT("bell", "\a\x1b[2J\x7f"));
    LOG_ERROR("bytes", LOG_SLICE("nul", slice_of("a\0b", 3)), LOG_TEXT("bad", "\xff\xc3"),
              LOG_TEXT("good", "\xc3\xa9"));
    err_free(err);
    assert_string_equal(
        said(LOG_FORMAT_TEXT),
        "info segment merged table=t.x rows=18446744073709551615 low=-9223372036854775808\n"
        "warning two words empty=\"\" space=\"a b\" sign=\"a=b\"\n"
        "error failed error=\"a \\\"b\\\"\" seconds=0.1 big=1234567.125\n"
        "error forged name=\"x\\n2026-01-01T00:00:00.000000Z error fake\" bell=\"\\u0007\\u001b[2J\\u007f\"\n"
        "error bytes nul=\"a\\u0000b\" bad=\"\xef\xbf\xbd\xef\xbf\xbd\" good=\"\xc3\xa9\"\n");
}

static void json_lines(void **state)
{
    (void)state;
    log_configure(LOG_LEVEL_DEBUG, LOG_FORMAT_JSON);
    LOG_DEBUG("plain", LOG_INT("a", -1), LOG_UINT("b", 2));
    LOG_INFO("hostile", LOG_TEXT("a", "\"},{\"\\"), LOG_TEXT("b", "\r\n\t\x01"), LOG_SLICE("c", slice_of("\0", 1)),
             LOG_TEXT("d", "\xed\xa0\x80|\xc0\x80|\xf0\x9f\x98\x80|\xe2\x80\xa8|\xc2\x85"), LOG_TEXT("e\"", ""));
    LOG_INFO("numbers", LOG_DOUBLE("a", (double)NAN), LOG_DOUBLE("b", -(double)INFINITY), LOG_DOUBLE("c", 1e300),
             LOG_DOUBLE("d", 1e-9));
    assert_string_equal(
        said(LOG_FORMAT_JSON),
        "\"level\":\"debug\",\"event\":\"plain\",\"a\":-1,\"b\":2}\n"
        "\"level\":\"info\",\"event\":\"hostile\",\"a\":\"\\\"},{\\\"\\\\\",\"b\":\"\\u000d\\n\\u0009\\u0001\","
        "\"c\":\"\\u0000\",\"d\":\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd|\xef\xbf\xbd\xef\xbf\xbd|"
        "\xf0\x9f\x98\x80|\\u2028|\\u0085\",\"e\\\"\":\"\"}\n"
        "\"level\":\"info\",\"event\":\"numbers\",\"a\":null,\"b\":null,\"c\":1e300,\"d\":1e-9}\n");
}

static void levels(void **state)
{
    (void)state;
    for (int level = LOG_LEVEL_DEBUG; level <= LOG_LEVEL_NONE; level++) {
        log_configure((enum log_level)level, LOG_FORMAT_TEXT);
        for (int line = LOG_LEVEL_DEBUG; line < LOG_LEVEL_NONE; line++) {
            assert_int_equal(log_wants((enum log_level)line), line >= level);
        }
    }
    LOG_ERROR("not even this", LOG_INT("a", 1));
    assert_string_equal(said(LOG_FORMAT_TEXT), "");
}

/* A place speaks LOG_BURST times in a second; later it says how many lines were left out. */
static void bursts(void **state)
{
    (void)state;
    static struct log_place place;
    uint64_t lines = 5 * LOG_BURST;
    log_configure(LOG_LEVEL_INFO, LOG_FORMAT_TEXT);
    uint64_t began_s = clock_monotonic_us() / 1000000;
    for (uint64_t k = 0; k < lines; k++) {
        log_write(LOG_LEVEL_INFO, &place, "again", NULL, 0);
    }
    uint64_t second = clock_monotonic_us() / 1000000;
    while (clock_monotonic_us() / 1000000 == second) {
        (void)usleep(10000);
    }
    log_write(LOG_LEVEL_INFO, &place, "again", NULL, 0);
    const char *text = said(LOG_FORMAT_TEXT);
    uint64_t written = 0, left_out = 0;
    for (const char *at = text; (at = strstr(at, "info again")) != NULL; at++) {
        written++;
    }
    for (const char *at = text; (at = strstr(at, "left_out=")) != NULL; at++) {
        left_out += strtoull(at + 9, NULL, 10);
    }
    assert_int_equal(written + left_out, lines + 1); /* nothing is left out in silence */
    if (began_s == second) {
        assert_int_equal(written, LOG_BURST + 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(text_lines, begin, end),
        cmocka_unit_test_setup_teardown(json_lines, begin, end),
        cmocka_unit_test_setup_teardown(levels, begin, end),
        cmocka_unit_test_setup_teardown(bursts, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
