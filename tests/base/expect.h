/*
 * expect.h: errors as tests want them.
 */
#ifndef TESTS_BASE_EXPECT_H
#define TESTS_BASE_EXPECT_H

#include "base/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* No error; else the test fails with its text. */
static inline void expect_ok(struct err *err)
{
    if (err != NULL) {
        print_error("%s\n", err_message(err));
    }
    assert_null(err);
}

/* An error with this code and text in its message. */
static inline void expect_err(struct err *err, enum err_code code, const char *text)
{
    assert_non_null(err);
    if (err_code(err) != code || strstr(err_message(err), text) == NULL) {
        print_error("code %d: %s\n", (int)err_code(err), err_message(err));
    }
    assert_int_equal(err_code(err), code);
    assert_non_null(strstr(err_message(err), text));
    err_free(err);
}

#endif
