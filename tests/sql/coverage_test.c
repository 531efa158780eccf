/*
 * coverage_test.c: every name of system.functions stands in at least three golden statements (tests/sql/golden and
 * scripts), as a call in the statement or, for operators, in the names of its columns. coverage_gaps.txt lists the
 * names that do not yet; it may only shrink. What ClickHouse does not have stands in a file of tests of its own.
 */
#include "base/slice.h"
#include "query/aggregate.h"
#include "query/function.h"
#include "query/window.h"
#include "tests/sql/read_file.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <cmocka.h>

#define FOLDER    "tests/sql/golden"
#define SCRIPTS   "tests/sql/scripts"
#define GAPS      "tests/sql/coverage_gaps.txt"
#define CASES     3U
#define CASES_MAX 16384U

/* A statement and its answer. */
struct golden_case {
    char *sql, *expected;
};

static struct golden_case cases[CASES_MAX];
static uint32_t case_count;
static char *gaps;

static void read_cases(const char *folder, const char *name)
{
    char path[512];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    char *sql = read_file(path);
    snprintf(path, sizeof(path), "%s/%.*s.expected", folder, (int)(strlen(name) - 4), name);
    char *expected = read_file(path);
    for (uint32_t number = 1; sql != NULL && *sql != '\0'; number++) {
        char header[32];
        assert_true(case_count < CASES_MAX);
        struct golden_case *golden = &cases[case_count++];
        char *end = strstr(sql, "\n\n");
        golden->sql = sql;
        golden->expected = expected;
        snprintf(header, sizeof(header), "\n>>> %u\n", number + 1);
        expected = strstr(expected, header);
        if (expected == NULL) {
            expected = golden->expected + strlen(golden->expected);
        } else {
            *expected++ = '\0';
        }
        sql = end;
        while (sql != NULL && *sql == '\n') {
            *sql++ = '\0';
        }
    }
}

static bool is_word(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_';
}

/* Is the name called: name(…)? */
static bool is_called(const char *text, const char *name, bool any_case)
{
    size_t length = strlen(name);
    for (const char *at = text; (at = any_case ? strcasestr(at, name) : strstr(at, name)) != NULL; at++) {
        const char *after = at + length;
        while (*after == ' ') {
            after++;
        }
        if ((at == text || !is_word(at[-1])) && *after == '(') {
            return true;
        }
    }
    return false;
}

static bool is_gap(const char *name)
{
    size_t length = strlen(name);
    for (const char *at = gaps; (at = strstr(at, name)) != NULL; at++) {
        if ((at == gaps || at[-1] == '\n') && at[length] == '\n') {
            return true;
        }
    }
    return false;
}

/* Names that golden files cannot have: ClickHouse answers those. */
static const struct own {
    const char *name, *tests;
} own[] = {{"complete_through", "tests/integration/test_watermarks.py"}};

static uint32_t count_own(const char *name)
{
    uint32_t found = 0;
    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
        if (strcmp(own[i].name, name) == 0) {
            char *text = read_file(own[i].tests);
            for (const char *at = text; (at = strstr(at, name)) != NULL; at++) {
                found++;
            }
            free(text);
        }
    }
    return found;
}

struct tally {
    uint32_t names, gaps, bad;
};

static void look(void *user, const char *name, bool case_insensitive, const char *alias_of)
{
    struct tally *tally = user;
    uint32_t found = count_own(name);
    (void)alias_of;
    for (uint32_t i = 0; i < case_count && found < CASES; i++) {
        found +=
            is_called(cases[i].sql, name, case_insensitive) || is_called(cases[i].expected, name, case_insensitive);
    }
    tally->names++;
    if (found >= CASES) {
        return;
    }
    if (is_gap(name)) {
        tally->gaps++;
        return;
    }
    print_error("%s has %u golden cases, %u are needed: add cases, or the name to %s\n", name, found, CASES, GAPS);
    tally->bad++;
}

static void read_folder(const char *path)
{
    DIR *folder = opendir(path);
    assert_non_null(folder);
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        size_t length = strlen(entry->d_name);
        if (length > 4 && strcmp(entry->d_name + length - 4, ".sql") == 0) {
            read_cases(path, entry->d_name);
        }
    }
    closedir(folder);
}

static void test_every_name_has_cases(void **state)
{
    struct tally tally = {0};
    (void)state;
    gaps = read_file(GAPS);
    read_folder(FOLDER);
    read_folder(SCRIPTS);
    function_each(look, &tally);
    aggregate_each(look, &tally);
    window_each(look, &tally);
    print_message("%u names, %u in %u golden statements too rarely and listed as gaps\n", tally.names, tally.gaps,
                  case_count);
    assert_true(tally.names > 500);
    assert_int_equal(tally.bad, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_name_has_cases)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
