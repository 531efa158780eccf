/*
 * brief_test.c: which statements an HTTP thread works on itself: a SELECT of literals, nothing else.
 */
#include "server/request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void brief(void **state)
{
    static const char *const texts[] = {
        "SELECT 1",
        "select 1;",
        " SELECT\n1 -- yes\n",
        "SELECT 1, 2.5, 'a'",
        "SELECT 'x' FORMAT JSON",
        "SELECT 0x1f ;",
        "/* up? */SELECT 1",
        "SELECT 1 FORMAT Nonsense",
        "SELECT 'a\\'b'",
    };
    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        assert_true(statement_is_brief(slice_text(texts[i])));
    }
}

static void not_brief(void **state)
{
    static const char *const texts[] = {
        "",
        "SELECT",
        "SELECT a",
        "SELECT sleep(3)",
        "SELECT 1 FROM t",
        "SELECT 1 + 1",
        "SELECT 1 UNION ALL SELECT 2",
        "SELECT 1,",
        "SELECT 1 FORMAT",
        "SELECT 1 FORMAT JSON SETTINGS max_threads = 1",
        "SELECT 1; SELECT 2",
        "SELECT 'a",
        "SELECT (1)",
        "SELECT [1]",
        "SELECT 1 AS x",
        "INSERT INTO t VALUES (1)",
        "KILL QUERY WHERE 1",
        "SELECT '0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789'",
    };
    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        assert_false(statement_is_brief(slice_text(texts[i])));
    }
    assert_false(statement_is_brief((struct slice){0}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(brief), cmocka_unit_test(not_brief)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
