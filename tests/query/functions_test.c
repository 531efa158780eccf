/*
 * functions_test.c: every expression of tests/query/functions/ has the value and type that ClickHouse gives it, as
 * a constant, with chunks of three rows, and over dictionaries.
 */
#include "tests/query/run.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static uint32_t checked;
static uint32_t failed;

static void check_line(const char *file, char *line)
{
    char *types;
    char *value = strchr(line, '\t');
    char sql[8300];
    if (value == NULL) {
        return;
    }
    *value++ = 0;
    char *type = strrchr(value, '\t');
    assert_non_null(type);
    *type++ = 0;
    (void)snprintf(sql, sizeof(sql), "SELECT %s", line);
    char *text = run_sql(sql, NULL, &types);
    text[strcspn(text, "\n")] = 0;
    bool ok;
    if (strcmp(value, "ERROR") == 0) {
        char code[32];
        (void)snprintf(code, sizeof(code), "Code: %s.", type);
        ok = strncmp(text, code, strlen(code)) == 0;
    } else {
        ok = strcmp(text, value) == 0 && strcmp(types, type) == 0;
    }
    checked++;
    if (!ok) {
        failed++;
        print_error("%s: %s\n  expected %s : %s\n  got      %s : %s\n", file, line, value, type, text, types);
    }
    free(text);
    free(types);
}

static void values_are_clickhouse(void **state)
{
    (void)state;
    DIR *folder = opendir("tests/query/functions");
    assert_non_null(folder);
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        char path[512];
        char line[8192];
        size_t length = strlen(entry->d_name);
        if (length < 4 || strcmp(entry->d_name + length - 4, ".txt") != 0) {
            continue;
        }
        (void)snprintf(path, sizeof(path), "tests/query/functions/%s", entry->d_name);
        FILE *file = fopen(path, "r");
        assert_non_null(file);
        while (fgets(line, sizeof(line), file) != NULL) {
            line[strcspn(line, "\n")] = 0;
            if (line[0] != 0 && line[0] != '#') {
                check_line(entry->d_name, line);
            }
        }
        (void)fclose(file);
    }
    (void)closedir(folder);
    assert_true(checked > 300);
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(values_are_clickhouse)};
    source_register_builtin();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
