/* labels_test.c: the order, names, fingerprints and JSON of labels. */
#include "alert/labels.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void json_is(const char *text, size_t bytes, const char *expected)
{
    struct buffer out = {0};
    alert_json_text(&out, slice_of(text, bytes));
    buffer_char(&out, 0);
    assert_string_equal(out.data, expected);
    buffer_deinit(&out);
}

static void test_labels(void **state)
{
    (void)state;
    struct label items[] = {{slice_text("b"), slice_text("2")}, {slice_text("a"), slice_text("1")}};
    struct labels labels = {items, 2};
    struct slice value, twice;
    char text[17];
    assert_true(labels_sort(&labels, NULL));
    assert_true(slice_equal(items[0].name, slice_text("a")));
    assert_true(labels_find(&labels, "b", &value));
    assert_true(slice_equal(value, slice_text("2")));
    assert_false(labels_find(&labels, "c", &value));
    /* what Alertmanager itself calls these: model.LabelSet{"a":"1","b":"2"}.Fingerprint() */
    fingerprint_text(labels_fingerprint(&labels), text);
    assert_string_equal(text, "1cc37fac8a64ae01");
    struct label alert[] = {{slice_text("alertname"), slice_text("X")}};
    labels = (struct labels){alert, 1};
    fingerprint_text(labels_fingerprint(&labels), text);
    assert_string_equal(text, "d2aeefc389ca7746");
    labels.count = 0;
    fingerprint_text(labels_fingerprint(&labels), text);
    assert_string_equal(text, "cbf29ce484222325");
    items[1].name = slice_text("a");
    labels = (struct labels){items, 2};
    assert_false(labels_sort(&labels, &twice));
    assert_true(slice_equal(twice, slice_text("a")));
}

static void test_names(void **state)
{
    (void)state;
    assert_true(label_name_is_valid(slice_text("_a9")));
    assert_false(label_name_is_valid(slice_text("9a")));
    assert_false(label_name_is_valid(slice_text("")));
    assert_false(label_name_is_valid(slice_text("a-b")));
    assert_false(label_name_is_valid(slice_text("\xc3\xa4")));
}

static void test_json(void **state)
{
    (void)state;
    json_is("a\"b\\c\n\t\x7f", 8, "\"a\\\"b\\\\c\\n\\u0009\\u007f\"");
    json_is("gr\xc3\xbc\xc3\x9f\xf0\x9f\x98\x80", 10, "\"gr\xc3\xbc\xc3\x9f\xf0\x9f\x98\x80\"");
    json_is("\xff|\xc0\x80|\xed\xa0\x80|\xe2\x82", 11, /* no byte of these is a character */
            "\"\xef\xbf\xbd|\xef\xbf\xbd\xef\xbf\xbd|\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd|\xef\xbf\xbd\xef\xbf\xbd\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_labels),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
