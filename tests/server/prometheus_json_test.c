/* prometheus_json_test.c: rules and alerts as Prometheus' API shows them, its pages, and PromQL of numbers. */
#include "server/alerts.h"
#include "server/prometheus_api.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct label severity = {{"severity", 8}, {"page", 4}};
static struct label instance_labels[] = {{{"alertname", 9}, {"High", 4}}, {{"host", 4}, {"a", 1}}};
static struct label summary[] = {{{"summary", 7}, {"{{ $value }}", 12}}, {{"summary", 7}, {"1", 1}}};

#define TEXT(text)                                                                                                     \
    {                                                                                                                  \
        (text), sizeof(text) - 1                                                                                       \
    }

static struct rule high = {.kind = RULE_ALERT,
                           .file = TEXT("rules.yml"),
                           .group = TEXT("db"),
                           .name = TEXT("High"),
                           .query = TEXT("SELECT \"x\""),
                           .interval_us = 30000000,
                           .for_us = 300000000,
                           .labels = {&severity, 1},
                           .annotations = {summary, 1}};
static struct rule record = {.kind = RULE_RECORD,
                             .file = TEXT("rules.yml"),
                             .group = TEXT("db"),
                             .name = TEXT("job:x"),
                             .query = TEXT("SELECT 1"),
                             .interval_us = 30000000};
static struct rule of_sql = {.kind = RULE_ALERT,
                             .database = TEXT("default"),
                             .group = TEXT("default.fast"),
                             .name = TEXT("fast"),
                             .interval_us = 100000};
static struct instance fires = {.labels = {instance_labels, 2},
                                .annotations = {summary + 1, 1},
                                .value = 1,
                                .state = INSTANCE_FIRING,
                                .active_at_us = 1700000000123000,
                                .keep_since_us = TIME_NONE};
static const struct alert_view views[] = {{.rule = &high,
                                           .health = RULE_OK,
                                           .state = INSTANCE_FIRING,
                                           .last_error = TEXT(""),
                                           .last_evaluation_us = 1700000001000000,
                                           .duration_us = 400,
                                           .instances = &fires,
                                           .instance_count = 1},
                                          {.rule = &record,
                                           .health = RULE_ERR,
                                           .last_error = TEXT("no \"table\""),
                                           .last_evaluation_us = 1700000002000000,
                                           .duration_us = 600},
                                          {.rule = &of_sql, .last_evaluation_us = TIME_NONE}};

#define HIGH_BEGIN                                                                                                     \
    "{\"name\":\"High\",\"query\":\"SELECT "                                                                           \
    "\\\"x\\\"\",\"labels\":{\"severity\":\"page\"},\"health\":\"ok\",\"lastError\":\"\","                             \
    "\"evaluationTime\":0.0004,\"lastEvaluation\":\"2023-11-14T22:13:21.000Z\",\"state\":\"firing\",\"duration\":300," \
    "\"keepFiringFor\":0,\"annotations\":{\"summary\":\"{{ $value }}\"}"
#define ALERT                                                                                                          \
    "{\"labels\":{\"alertname\":\"High\",\"host\":\"a\"},\"annotations\":{\"summary\":\"1\"},\"state\":\"firing\","    \
    "\"activeAt\":"                                                                                                    \
    "\"2023-11-14T22:13:20.123Z\",\"value\":\"1e+00\"}"
#define DB_BEGIN                                                                                                       \
    "{\"name\":\"db\",\"file\":\"rules.yml\",\"interval\":30,\"limit\":0,\"evaluationTime\":0.001,\"lastEvaluation\":" \
    "\"2023-11-14T22:13:22.000Z\",\"rules\":["
#define RECORD                                                                                                         \
    "{\"name\":\"job:x\",\"query\":\"SELECT 1\",\"labels\":{},\"health\":\"err\",\"lastError\":\"no \\\"table\\\"\","  \
    "\"evaluationTime\":0.0006,\"lastEvaluation\":\"2023-11-14T22:13:22.000Z\",\"type\":\"recording\"}"
#define SQL                                                                                                            \
    "{\"name\":\"default.fast\",\"file\":\"default\",\"interval\":0.1,\"limit\":0,\"evaluationTime\":0,"               \
    "\"lastEvaluation\":"                                                                                              \
    "\"0001-01-01T00:00:00Z\",\"rules\":[{\"name\":\"fast\",\"query\":\"\",\"labels\":{},\"health\":\"unknown\","      \
    "\"lastError\":"                                                                                                   \
    "\"\",\"evaluationTime\":0,\"lastEvaluation\":\"0001-01-01T00:00:00Z\",\"state\":\"inactive\",\"duration\":0,"     \
    "\"keepFiringFor\":0,\"annotations\":{},\"alerts\":[],\"type\":\"alerting\"}]}"

static void rules_are(const struct rules_asked *asked, const char *expected)
{
    struct buffer out = {0};
    assert_null(prometheus_rules_json(&out, views, 3, asked));
    buffer_char(&out, 0);
    assert_string_equal(out.data, expected);
    buffer_deinit(&out);
}

static void test_rules(void **state)
{
    (void)state;
    const struct slice names[] = {TEXT("fast"), TEXT("none")}, groups[] = {TEXT("db")}, files[] = {TEXT("default")};
    rules_are(&(struct rules_asked){0}, "{\"groups\":[" DB_BEGIN HIGH_BEGIN ",\"alerts\":[" ALERT
                                        "],\"type\":\"alerting\"}," RECORD "]}," SQL "]}");
    rules_are(&(struct rules_asked){.type = TEXT("record")}, "{\"groups\":[" DB_BEGIN RECORD "]}]}");
    rules_are(&(struct rules_asked){.type = TEXT("alert"), .groups = groups, .group_count = 1, .exclude_alerts = true},
              "{\"groups\":[" DB_BEGIN HIGH_BEGIN ",\"type\":\"alerting\"}]}]}");
    rules_are(&(struct rules_asked){.names = names, .name_count = 2}, "{\"groups\":[" SQL "]}");
    rules_are(&(struct rules_asked){.files = files, .file_count = 1}, "{\"groups\":[" SQL "]}");
    rules_are(&(struct rules_asked){.files = files, .file_count = 1, .groups = groups, .group_count = 1},
              "{\"groups\":[]}");
}

/* One group a page: the token leads to the next; a token of nothing is an error. */
static void test_pages(void **state)
{
    (void)state;
    struct buffer out = {0};
    struct rules_asked asked = {.type = TEXT("alert"), .exclude_alerts = true, .group_limit = 1};
    assert_null(prometheus_rules_json(&out, views, 3, &asked));
    buffer_char(&out, 0);
    const char *mark = strstr(out.data, "\"groupNextToken\":\"");
    assert_non_null(mark);
    assert_null(strstr(out.data, "default.fast"));
    asked.group_next_token = slice_of(mark + 18, 16);
    struct buffer next = {0};
    assert_null(prometheus_rules_json(&next, views, 3, &asked));
    buffer_char(&next, 0);
    assert_string_equal(
        next.data, "{\"groups\":["
                   "{\"name\":\"default.fast\",\"file\":\"default\",\"interval\":0.1,\"limit\":0,"
                   "\"evaluationTime\":0,\"lastEvaluation\":\"0001-01-01T00:00:00Z\",\"rules\":[{\"name\":\"fast\","
                   "\"query\":\"\",\"labels\":{},\"health\":\"unknown\",\"lastError\":\"\",\"evaluationTime\":0,"
                   "\"lastEvaluation\":\"0001-01-01T00:00:00Z\",\"state\":\"inactive\",\"duration\":0,"
                   "\"keepFiringFor\":0,\"annotations\":{},\"type\":\"alerting\"}]}]}");
    asked.group_next_token = slice_text("nonsense");
    struct err *err = prometheus_rules_json(&next, views, 3, &asked);
    assert_non_null(err);
    err_free(err);
    buffer_deinit(&out);
    buffer_deinit(&next);
}

static void test_alerts(void **state)
{
    (void)state;
    struct buffer out = {0};
    prometheus_alerts_json(&out, views, 3);
    buffer_char(&out, 0);
    assert_string_equal(out.data, "{\"alerts\":[" ALERT "]}");
    out.length = 0;
    fires.keep_since_us = 1700000003000000;
    prometheus_alerts_json(&out, views, 3);
    buffer_char(&out, 0);
    assert_non_null(strstr(out.data, "\"keepFiringSince\":\"2023-11-14T22:13:23.000Z\",\"value\""));
    fires.keep_since_us = TIME_NONE;
    buffer_deinit(&out);
}

static void number_is(const char *text, double expected)
{
    double value = -1;
    struct err *err = prometheus_number(slice_text(text), &value);
    if (err != NULL) {
        fail_msg("%s: %s", text, err_message(err));
    }
    assert_true(value == expected || (isnan(value) && isnan(expected)));
}

static void no_number(struct slice text)
{
    double value;
    struct err *err = prometheus_number(text, &value);
    assert_non_null(err);
    err_free(err);
}

static void test_numbers(void **state)
{
    (void)state;
    number_is("1+1", 2);
    number_is(" 1 + 2 * 3 - 4 / 2 ", 5);
    number_is("2 ^ 3 ^ 2", 512);
    number_is("-2 ^ 2", -4);
    number_is("(1 + 2) * -3", -9);
    number_is("7 % 4", 3);
    number_is("1e3 + .5", 1000.5);
    number_is("1e-3", 0.001);
    number_is("1 / 0", INFINITY);
    number_is("Inf - inf", NAN);
    number_is("10 - 3 - 2", 5);
    static const char *const bad[] = {"", "up", "1 +", "(1", "1)", "vector(1)", "1 1", "* 1", "1 == 1", "\"1\"", "0x"};
    for (size_t k = 0; k < sizeof(bad) / sizeof(bad[0]); k++) {
        no_number(slice_text(bad[k]));
    }
    char deep[3000];
    memset(deep, '(', sizeof(deep));
    no_number(slice_of(deep, sizeof(deep)));
    memset(deep, '-', sizeof(deep));
    no_number(slice_of(deep, sizeof(deep)));
    no_number(slice_of("1\0", 2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rules),
        cmocka_unit_test(test_pages),
        cmocka_unit_test(test_alerts),
        cmocka_unit_test(test_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
