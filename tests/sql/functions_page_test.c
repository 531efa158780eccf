/*
 * functions_page_test.c: docs/FUNCTIONS.md is what system.functions lists, and every function has a line about it. With
 * WEIR_WRITE_DOCS=1 in the environment the page is written instead.
 */
#include "base/slice.h"
#include "base/text.h"
#include "query/aggregate.h"
#include "query/function.h"
#include "query/window.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <cmocka.h>

#define PAGE      "docs/FUNCTIONS.md"
#define NAMES_MAX 8192U

struct entry {
    const char *name, *alias_of;
    bool any_case;
};

struct list {
    struct entry entries[NAMES_MAX];
    uint32_t count;
};

static struct list list;

static void add(void *user, const char *name, bool case_insensitive, const char *alias_of)
{
    (void)user;
    assert_true(list.count < NAMES_MAX);
    list.entries[list.count++] = (struct entry){name, alias_of, case_insensitive};
}

static int compare(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    int order = strcasecmp(x->name, y->name);
    return order != 0 ? order : strcmp(x->name, y->name);
}

/* A line per function, its aliases behind it. */
static void put_list(struct buffer *page, const char *title)
{
    uint32_t undescribed = 0;
    qsort(list.entries, list.count, sizeof(list.entries[0]), compare);
    buffer_printf(page, "\n## %s\n\n", title);
    for (uint32_t i = 0; i < list.count; i++) {
        const struct entry *entry = &list.entries[i];
        if (entry->alias_of != NULL) {
            continue;
        }
        const char *about = function_description(slice_text(entry->name));
        if (*about == '\0') {
            print_error("%s has no description (query/functions/descriptions*.c)\n", entry->name);
            undescribed++;
        }
        buffer_printf(page, "* `%s`%s: %s", entry->name, entry->any_case ? " (in any case)" : "", about);
        const char *before = " Also";
        for (uint32_t k = 0; k < list.count; k++) {
            if (list.entries[k].alias_of != NULL && strcmp(list.entries[k].alias_of, entry->name) == 0) {
                buffer_printf(page, "%s `%s`", before, list.entries[k].name);
                before = ",";
            }
        }
        buffer_text(page, *before == ',' ? ".\n" : "\n");
    }
    list.count = 0;
    assert_int_equal(undescribed, 0);
}

static void test_page(void **state)
{
    struct buffer page = {0};
    (void)state;
    buffer_text(&page, "# Functions\n\n"
                       "Generated from the table behind `system.functions`, which lists the same names: write it again "
                       "with\n`WEIR_WRITE_DOCS=1 build/release/sql_functions_page_test`. Names, arguments, results and "
                       "errors are ClickHouse's;\nwhere they differ, [SQL.md](SQL.md) says so.\n");
    function_each(add, NULL);
    put_list(&page, "Scalar functions");
    buffer_text(&page,
                "\nFunctions of lambdas beside these: `arrayMap`, `arrayFold`, `mapApply`, `mapExists`, `mapAll`.\n");
    aggregate_each(add, NULL);
    put_list(&page, "Aggregate functions");
    buffer_text(&page, "\nCombinators, as suffixes: see [SQL.md](SQL.md).\n");
    window_each(add, NULL);
    put_list(&page, "Window functions");
    assert_false(page.failed);
    struct slice made = buffer_all(&page);
    const char *write = getenv("WEIR_WRITE_DOCS");
    FILE *file = fopen(PAGE, write != NULL ? "wb" : "rb");
    assert_non_null(file);
    if (write != NULL) {
        assert_int_equal(fwrite(made.data, 1, made.length, file), made.length);
    } else {
        char *there = malloc(made.length + 1);
        assert_non_null(there);
        size_t length = fread(there, 1, made.length + 1, file);
        if (length != made.length || memcmp(there, made.data, length) != 0) {
            print_error(PAGE " is stale: run WEIR_WRITE_DOCS=1 build/release/sql_functions_page_test\n");
            fail();
        }
        free(there);
    }
    fclose(file);
    buffer_deinit(&page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_page)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
