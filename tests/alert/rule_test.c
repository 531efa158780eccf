/*
 * rule_test.c: labels laid over each other and read from JSON; durations; what no rule may be.
 */
#include "alert/duration.h"
#include "alert/labels.h"
#include "alert/rule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void durations(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t us;
        const char *printed;
    } good[] = {
        {"0", 0, "0s"},
        {"5m", INT64_C(300000000), "5m"},
        {"1h30m", INT64_C(5400000000), "1h30m"},
        {"1d2h3m4s5ms", INT64_C(93784005000), "1d2h3m4s5ms"},
        {"100ms", 100000, "100ms"},
        {"1y", INT64_C(31536000000000), "1y"},
        {"2w", INT64_C(1209600000000), "2w"},
        {"8d", INT64_C(691200000000), "8d"},
        {"90s", INT64_C(90000000), "1m30s"},
        {"0s", 0, "0s"},
    };
    static const char *const bad[] = {"",    "5",    "m",   "1m1h", "1m1m",
                                      "-1m", "1.5m", "1 m", "5M",   "99999999999y",
                                      "1h ", "1us",  "ms",  "00",   "99999999999999999999s"};
    for (size_t k = 0; k < sizeof(good) / sizeof(good[0]); k++) {
        int64_t us = -1;
        struct buffer printed = {0};
        assert_true(duration_parse(slice_text(good[k].text), &us));
        assert_int_equal(us, good[k].us);
        duration_print(&printed, us);
        assert_true(slice_equal(buffer_all(&printed), slice_text(good[k].printed)));
        buffer_deinit(&printed);
    }
    for (size_t k = 0; k < sizeof(bad) / sizeof(bad[0]); k++) {
        int64_t us;
        if (duration_parse(slice_text(bad[k]), &us)) {
            fail_msg("\"%s\" was taken for a duration", bad[k]);
        }
    }
}

static void merged(void **state)
{
    (void)state;
    struct arena *arena = arena_create(NULL);
    struct label under[] = {
        {slice_text("a"), slice_text("1")}, {slice_text("b"), slice_text("2")}, {slice_text("d"), slice_text("4")}};
    struct label over[] = {
        {slice_text("b"), slice_text("x")}, {slice_text("c"), slice_text("")}, {slice_text("d"), slice_text("")}};
    const struct labels low = {under, 3}, high = {over, 3};
    struct labels out;
    assert_null(labels_merge(arena, &low, &high, false, &out));
    assert_int_equal(out.count, 2);
    struct slice value = {0};
    assert_true(labels_find(&out, "b", &value));
    assert_true(slice_equal(value, slice_text("x")));
    assert_false(labels_find(&out, "d", &value));
    assert_null(labels_merge(arena, &low, &high, true, &out));
    assert_int_equal(out.count, 4);
    arena_destroy(arena);
}

static void json(void **state)
{
    (void)state;
    struct arena *arena = arena_create(NULL);
    struct label items[] = {{slice_text("a"), slice_text("x\"\\\n\t\x01:,}")},
                            {slice_text("b"), slice_text("\xc3\xa4\xf0\x9f\x98\x80")},
                            {slice_text("c"), slice_text("bad \xff\xc3")}};
    const struct labels labels = {items, 3};
    struct buffer text = {0};
    struct labels again;
    labels_json(&text, &labels);
    assert_true(slice_equal(buffer_all(&text),
                            slice_text("{\"a\":\"x\\\"\\\\\\n\\u0009\\u0001:,}\",\"b\":\"\xc3\xa4\xf0\x9f\x98\x80\","
                                       "\"c\":\"bad \xef\xbf\xbd\xef\xbf\xbd\"}")));
    assert_null(labels_read_json(arena, buffer_all(&text), &again));
    assert_int_equal(again.count, 3);
    assert_true(slice_equal(again.items[0].value, items[0].value));
    assert_true(slice_equal(again.items[1].value, items[1].value));
    static const char *const bad[] = {"",
                                      "{",
                                      "}",
                                      "[]",
                                      "{\"a\"}",
                                      "{\"a\":}",
                                      "{\"a\":\"b\"",
                                      "{\"a\":\"b\"}}",
                                      "{\"a\":\"b\",}",
                                      "{\"a\":\"\\}",
                                      "{\"a\":\"\\u12\"}",
                                      "{\"a\":\"b\" }",
                                      "{\"a\":\"b\",\"a\":\"c\"}",
                                      "{:}",
                                      "{\"a\":1}"};
    for (size_t k = 0; k < sizeof(bad) / sizeof(bad[0]); k++) {
        struct err *err = labels_read_json(arena, slice_text(bad[k]), &again);
        if (err == NULL) {
            fail_msg("\"%s\" was taken for labels", bad[k]);
        }
        err_free(err);
    }
    assert_null(labels_read_json(arena, slice_text("{}"), &again));
    assert_int_equal(again.count, 0);
    buffer_deinit(&text);
    arena_destroy(arena);
}

static void refuse(const struct rule *draft, const char *part)
{
    struct rule *rule = NULL;
    struct err *err = rule_make(draft, &rule);
    assert_non_null(err);
    assert_null(rule);
    if (strstr(err_message(err), part) == NULL) {
        fail_msg("\"%s\" does not say \"%s\"", err_message(err), part);
    }
    err_free(err);
}

static void rules(void **state)
{
    (void)state;
    struct label label = {slice_text("severity"), slice_text("page")};
    struct rule draft = {.name = slice_text("High"),
                         .query = slice_text("SELECT 1"),
                         .group = slice_text("g"),
                         .file = slice_text("f"),
                         .database = slice_text("default"),
                         .interval_us = 1000000,
                         .labels = {&label, 1}};
    struct rule *rule, *same, *other;
    assert_null(rule_make(&draft, &rule));
    assert_null(rule_make(&draft, &same));
    assert_true(rule_equal(rule, same));
    draft.query = slice_text("SELECT 2");
    assert_null(rule_make(&draft, &other));
    assert_false(rule_equal(rule, other));
    assert_int_equal(rule->id, other->id);
    rule_unref(same);
    rule_unref(other);
    label.value = slice_text("mail");
    assert_null(rule_make(&draft, &other));
    assert_int_not_equal(rule->id, other->id);
    rule_unref(other);
    rule_unref(rule);
    draft.interval_us = 99000;
    refuse(&draft, "100 milliseconds");
    draft.interval_us = 1000000;
    label.name = slice_text("alertname");
    refuse(&draft, "alertname");
    label.name = slice_text("a-b");
    refuse(&draft, "a-b");
    draft.labels.count = 0;
    draft.kind = RULE_RECORD;
    draft.for_us = 1;
    refuse(&draft, "recording");
    draft.for_us = 0;
    draft.name = slice_text("a b");
    refuse(&draft, "a b");
    draft.name = slice_text("job:x:rate");
    assert_null(rule_make(&draft, &rule));
    rule_unref(rule);
    draft.name = slice_text("");
    refuse(&draft, "1 to");
}

/* Groups of files are spread over long intervals, the same way each time; other rules are at multiples. */
static void moments(void **state)
{
    (void)state;
    struct rule draft = {.name = slice_text("a"),
                         .query = slice_text("SELECT 1"),
                         .group = slice_text("g"),
                         .file = slice_text("f"),
                         .interval_us = 60000000};
    struct rule *first, *second, *other;
    uint32_t phases = 0;
    assert_null(rule_make(&draft, &first));
    draft.name = slice_text("b");
    assert_null(rule_make(&draft, &second));
    assert_true(rule_same_group(first, second));
    assert_int_equal(first->phase_us, second->phase_us);
    assert_true(first->phase_us >= 0 && first->phase_us < 60000000 && first->phase_us % 1000000 == 0);
    for (int64_t us = -123456789; us < 200000000; us += 7654321) {
        int64_t moment = rule_moment(first, us);
        assert_true(moment <= us && moment > us - 60000000);
        assert_int_equal(((moment - first->phase_us) % 60000000 + 60000000) % 60000000, 0);
    }
    for (char name = 'a'; name <= 'z'; name++) {
        draft.group = slice_of(&name, 1);
        assert_null(rule_make(&draft, &other));
        assert_int_equal(rule_same_group(first, other), name == 'g');
        phases += other->phase_us != first->phase_us;
        rule_unref(other);
    }
    draft.group = slice_text("g");
    assert_true(phases > 20);
    draft.interval_us = 1000000;
    assert_null(rule_make(&draft, &other));
    assert_int_equal(other->phase_us, 0);
    rule_unref(other);
    draft.interval_us = 60000000;
    draft.file = slice_text("");
    assert_null(rule_make(&draft, &other));
    assert_int_equal(other->phase_us, 0);
    assert_false(rule_same_group(other, other));
    rule_unref(other);
    rule_unref(second);
    rule_unref(first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(durations), cmocka_unit_test(merged),  cmocka_unit_test(json),
        cmocka_unit_test(rules),     cmocka_unit_test(moments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
