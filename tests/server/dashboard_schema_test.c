/*
 * dashboard_schema_test.c: definitions of dashboards that are right, and what is said of those that are not. The cases
 * are those of tests/web/dashboards.json, which the page's own check must answer alike.
 */
#include "server/dashboard_schema.h"

#include "base/text.h"

#include <jansson.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* NULL: it is right. */
static void expect(const char *name, struct slice text, const char *error)
{
    struct err *err = dashboard_check(text);
    const char *message = err == NULL ? NULL : err_message(err);
    if ((message == NULL) != (error == NULL) || (message != NULL && strstr(message, error) == NULL)) {
        fail_msg("%s: \"%s\" instead of \"%s\"", name, message == NULL ? "right" : message,
                 error == NULL ? "right" : error);
    }
    err_free(err);
}

static void cases(void **state)
{
    json_error_t problem;
    json_t *list = json_load_file("tests/web/dashboards.json", JSON_ALLOW_NUL, &problem), *one;
    size_t index;
    (void)state;
    assert_non_null(list);
    assert_true(json_array_size(list) > 40);
    json_array_foreach(list, index, one)
    {
        const char *name = json_string_value(json_object_get(one, "name"));
        char *text = json_dumps(json_object_get(one, "dashboard"), JSON_ENCODE_ANY);
        const char *error = json_string_value(json_object_get(one, "error"));
        assert_non_null(text);
        /* a zero character, and a dashboard that is no object or list, end in jansson itself */
        bool refused = strstr(name, "zero") != NULL || strcmp(name, "null") == 0;
        expect(name, slice_text(text), refused ? "the dashboard is not JSON" : error);
        free(text);
    }
    json_decref(list);
}

static void texts_that_are_no_json(void **state)
{
    (void)state;
    expect("nothing", slice_text(""), "is not JSON");
    expect("half", slice_text("{\"weir_dashboard\":1,"), "is not JSON: line 1, column");
    expect("twice", slice_text("{\"title\":\"a\",\"title\":\"b\"}"), "duplicate object key");
    expect("bytes", slice_text("{\"title\":\"\xff\"}"), "is not JSON");
    expect("a number beyond", slice_text("{\"weir_dashboard\":1e999}"), "is not JSON");
}

static void deep_and_long(void **state)
{
    struct buffer text = {0};
    (void)state;
    for (int k = 0; k < 100000; k++) {
        buffer_char(&text, '[');
    }
    expect("deep", buffer_all(&text), "is not JSON");
    while (text.length <= DASHBOARD_BYTES_MAX) {
        buffer_char(&text, ' ');
    }
    expect("long", buffer_all(&text), "are the most");
    buffer_deinit(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cases),
        cmocka_unit_test(texts_that_are_no_json),
        cmocka_unit_test(deep_and_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
