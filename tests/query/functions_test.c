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

/* Arrays whose elements are more than 2^32 all together, that is few in 32 bits, are refused before any room is made
 * for them. */
static void sizes_are_checked(void **state)
{
    (void)state;
    enum { WIDTH = 65536, ROWS = 65537 };
    struct arena *arena = arena_create(NULL);
    const struct function_context context = {0};
    const struct type *type = type_simple(TYPE_UINT8);
    struct column *numbers = column_new(arena, type, ROWS);
    const struct type **types = ARENA_ARRAY(arena, const struct type *, WIDTH);
    struct function_argument *given = ARENA_ARRAY(arena, struct function_argument, WIDTH);
    const struct column **columns = ARENA_ARRAY(arena, const struct column *, WIDTH);
    struct column tuple = {.form = COLUMN_FLAT, .row_count = ROWS, .children = (struct column **)(uintptr_t)columns};
    const struct column *const tuples[1] = {&tuple};
    memset(numbers->values, 0, ROWS);
    for (uint32_t a = 0; a < WIDTH; a++) {
        types[a] = type;
        given[a] = (struct function_argument){type, NULL};
        columns[a] = numbers;
    }
    tuple.type = type_tuple(arena, types, NULL, WIDTH);
    const struct function_argument whole = {tuple.type, NULL};
    static const char *const names[] = {"tupleToNameValuePairs", "map", "array"};
    for (uint32_t n = 0; n < 3; n++) {
        const struct function *function;
        struct column *out;
        assert_null(function_resolve(arena, &context, slice_text(names[n]), n == 0 ? &whole : given, n == 0 ? 1 : WIDTH,
                                     &function));
        struct err *err = function->evaluate(function, arena, n == 0 ? tuples : columns, ROWS, &out);
        assert_non_null(err);
        assert_int_equal(err_code(err), ERR_TOO_LARGE_ARRAY);
        err_free(err);
    }
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(values_are_clickhouse), cmocka_unit_test(sizes_are_checked)};
    source_register_builtin();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
