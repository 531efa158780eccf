/*
 * err_test.c: errors carry code, text and contexts.
 */
#include "base/err.h"

#include "tests/base/expect.h"

#include <errno.h>

static void contexts(void **state)
{
    (void)state;
    assert_null(err_while(NULL, "opening %s", "x"));
    assert_null(err_copy(NULL));
    assert_int_equal(err_code(NULL), ERR_NONE);
    assert_string_equal(err_message(NULL), "");
    err_free(NULL);
    struct err *err = err_new(ERR_CORRUPT, "block %d of %s: 100%%", 7, "a");
    err = err_while(err, "reading \"%s\"", "50% of it");
    err = err_while(err, "checking");
    assert_string_equal(err_message(err), "checking: reading \"50% of it\": block 7 of a: 100%");
    struct err *copy = err_copy(err);
    assert_ptr_not_equal(copy, err);
    err_free(err);
    assert_int_equal(err_code(copy), ERR_CORRUPT);
    assert_string_equal(err_message(copy), "checking: reading \"50% of it\": block 7 of a: 100%");
    err_free(copy);
    expect_err(err_errno(ERR_NOT_ENOUGH_SPACE, ENOSPC, "writing \"%s\"", "f"), ERR_NOT_ENOUGH_SPACE,
               "writing \"f\": No space left on device (errno 28)");
}

/* There is always memory for this one. */
static void out_of_memory(void **state)
{
    (void)state;
    struct err *err = err_while(err_oom(), "context");
    assert_ptr_equal(err, err_oom());
    assert_int_equal(err_code(err), ERR_OOM);
    err_free(err);
    assert_string_equal(err_message(err_oom()), "out of memory");
}

static void the_first_is_kept(void **state)
{
    (void)state;
    struct err *first = NULL;
    err_keep_first(&first, NULL);
    assert_null(first);
    err_keep_first(&first, err_new(ERR_IO, "one"));
    err_keep_first(&first, err_new(ERR_SYNTAX, "two"));
    err_keep_first(&first, NULL);
    expect_err(first, ERR_IO, "one");
}

/* No number and no name is used twice. */
static void codes(void **state)
{
    (void)state;
    static const struct {
        int code;
        const char *name;
    } list[] = {
#define CODE(id, number, name) {number, name},
        ERR_CODES(CODE)
#undef CODE
    };
    for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
        assert_string_equal(err_code_name((enum err_code)list[i].code), list[i].name);
        for (size_t j = 0; j < i; j++) {
            assert_int_not_equal(list[i].code, list[j].code);
            assert_string_not_equal(list[i].name, list[j].name);
        }
    }
    assert_string_equal(err_code_name(ERR_NONE), "OK");
    assert_string_equal(err_code_name((enum err_code)99999), "UNKNOWN_EXCEPTION");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(contexts),
        cmocka_unit_test(out_of_memory),
        cmocka_unit_test(the_first_is_kept),
        cmocka_unit_test(codes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
