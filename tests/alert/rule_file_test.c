/*
 * rule_file_test.c: rule files in YAML: what they give, and where errors say they are.
 */
#include "alert/rule_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static struct err *parse(const char *text, struct rule_list *out)
{
    return rule_file_parse(slice_text(text), slice_text("rules.yml"), slice_text("default"), out);
}

static void whole(void **state)
{
    (void)state;
    struct rule_list list;
    struct slice value = {0};
    assert_null(parse("groups:\n"
                      "  - name: db-alerts\n"
                      "    interval: 30s\n"
                      "    query_offset: 5s\n"
                      "    limit: 10\n"
                      "    labels: {team: x, severity: mail}\n"
                      "    rules:\n"
                      "      - alert: HighErrorRate\n"
                      "        expr: |\n"
                      "          SELECT host, count() AS value\n"
                      "          FROM t GROUP BY host\n"
                      "        for: 5m\n"
                      "        keep_firing_for: 10m\n"
                      "        labels: {severity: page}\n"
                      "        annotations: {summary: \"{{ $labels.host }}\"}\n"
                      "      - record: job:x:rate\n"
                      "        expr: SELECT 1 AS value\n"
                      "  - name: empty\n"
                      "    rules: []\n",
                      &list));
    assert_int_equal(list.count, 2);
    const struct rule *rule = list.items[0];
    assert_true(slice_equal(rule->name, slice_text("HighErrorRate")));
    assert_true(slice_equal(rule->group, slice_text("db-alerts")));
    assert_int_equal(rule->kind, RULE_ALERT);
    assert_int_equal(rule->line, 8);
    assert_int_equal(rule->interval_us, 30000000);
    assert_int_equal(rule->offset_us, 5000000);
    assert_int_equal(rule->for_us, 300000000);
    assert_int_equal(rule->keep_us, 600000000);
    assert_int_equal(rule->limit, 10);
    assert_true(labels_find(&rule->labels, "severity", &value) && slice_equal(value, slice_text("page")));
    assert_true(labels_find(&rule->labels, "team", &value) && slice_equal(value, slice_text("x")));
    assert_int_equal(list.items[1]->kind, RULE_RECORD);
    assert_int_equal(list.items[1]->index, 1);
    rule_list_deinit(&list);
    assert_null(parse("", &list));
    assert_int_equal(list.count, 0);
    assert_null(rule_file_parse((struct slice){0}, slice_text("rules.yml"), slice_text("default"), &list));
    assert_int_equal(list.count, 0);
    assert_null(parse("groups: []", &list));
    assert_int_equal(list.count, 0);
}

static void broken(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *says;
    } cases[] = {
        {"groups:\n  - name: a\n    rules:\n      - alert: A\n        expr: SELECT 1\n        colour: red\n",
         "rules.yml, line 6: unknown key \"colour\""},
        {"groups:\n  - name: a\n    intervall: 1m\n", "line 3: unknown key \"intervall\""},
        {"group: []\n", "line 1: unknown key \"group\""},
        {"groups: 5\n", "groups must be a list, not a value"},
        {"groups:\n  - name: a\n    interval: 1 minute\n", "no duration"},
        {"groups:\n  - name: a\n  - name: a\n", "line 3: two groups of the file have this name: \"a\""},
        {"groups:\n  - rules: []\n", "a group has a name"},
        {"groups:\n  - name: a\n    rules:\n      - expr: SELECT 1\n", "either alert or record"},
        {"groups:\n  - name: a\n    rules:\n      - alert: A\n        record: B\n        expr: SELECT 1\n",
         "either alert or record"},
        {"groups:\n  - name: a\n    rules:\n      - alert: A\n", "no expr"},
        {"groups:\n  - name: a\n    rules:\n      - record: A\n        expr: SELECT 1\n        for: 1m\n",
         "line 4, rule \"A\""},
        {"groups:\n  - name: a\n    rules:\n      - alert: A\n        alert: B\n        expr: SELECT 1\n", "twice"},
        {"groups:\n  - name: a\n    rules:\n      - alert: A\n        expr: SELECT 1\n      - alert: A\n        expr: "
         "SELECT 2\n",
         "line 6: a rule of this name"},
        {"groups:\n  - name: a\n    rules:\n      - alert: A\n        expr: SELECT 1\n        labels: {a-b: c}\n",
         "a-b"},
        {"groups:\n  - name: a\n    rules:\n      - alert: A\n        expr: SELECT 1\n        labels: [a]\n",
         "labels must be a mapping, not a list"},
        {"groups:\n  - name: a\n    rules:\n      - alert: A\n        expr: rate(requests[5m]) > 3\n",
         "rules.yml, line 4, rule \"A\": expr: "},
        {"groups:\n  - name: a\n    rules:\n      - alert: A\n        expr: DROP TABLE t\n", "expr must be a SELECT"},
        {"groups:\n  - name: a\n    rules:\n      - alert: A\n        expr: SELECT 1\n        labels: {b: '{{ if "
         "}}'}\n",
         "rules.yml, line 4, rule \"A\": b: "},
        {"groups:\n  - name: a\n    rules:\n      - alert: A\n        expr: SELECT 1\n        annotations: {c: '{{ 1 | "
         "nope }}'}\n",
         "nope"},
        {"groups: [\n", "line"},
        {"groups: &a [*a]\n", "rules.yml"},
        {"\xff\xff", "rules.yml"},
    };
    for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++) {
        struct rule_list list;
        struct err *err = parse(cases[k].text, &list);
        if (err == NULL || strstr(err_message(err), cases[k].says) == NULL) {
            fail_msg("%s: \"%s\" does not say \"%s\"", cases[k].text, err == NULL ? "" : err_message(err),
                     cases[k].says);
        }
        assert_int_equal(list.count, 0);
        err_free(err);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(whole), cmocka_unit_test(broken)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
