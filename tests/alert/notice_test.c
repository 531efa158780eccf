/* notice_test.c: notifications as Alertmanager, webhooks and scripts get them. */
#include "alert/notice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct label labels_a[] = {{{"alertname", 9}, {"X", 1}}, {{"host", 4}, {"a\"b", 3}}, {{"job", 3}, {"j", 1}}};
static struct label labels_b[] = {{{"alertname", 9}, {"X", 1}}, {{"host", 4}, {"b", 1}}, {{"job", 3}, {"j", 1}}};
static struct label summary[] = {{{"summary", 7}, {"late", 4}}};

static struct notice firing(void)
{
    struct labels labels = {labels_a, 3};
    return (struct notice){.labels = labels,
                           .annotations = {summary, 1},
                           .fingerprint = labels_fingerprint(&labels),
                           .value = 15,
                           .starts_at_us = 1700000000123456,
                           .generator_url = {"http://weir:8123/play", 21}};
}

static void is(struct buffer *out, const char *expected)
{
    buffer_char(out, 0);
    assert_false(out->failed);
    assert_string_equal(out->data, expected);
    buffer_deinit(out);
}

static void holds(struct buffer *out, const char *expected)
{
    buffer_char(out, 0);
    assert_non_null(strstr(out->data, expected));
    buffer_deinit(out);
}

static void test_alertmanager(void **state)
{
    (void)state;
    struct buffer out = {0};
    struct notice notice = firing();
    notice_alertmanager(&out, &notice, 1700000240000000);
    is(&out,
       "{\"labels\":{\"alertname\":\"X\",\"host\":\"a\\\"b\",\"job\":\"j\"},\"annotations\":{\"summary\":\"late\"},"
       "\"startsAt\":\"2023-11-14T22:13:20.123Z\",\"endsAt\":\"2023-11-14T22:17:20.000Z\","
       "\"generatorURL\":\"http://weir:8123/play\"}");
    notice_alertmanager(&out, &notice, 5); /* an end before the beginning */
    holds(&out, "\"endsAt\":\"2023-11-14T22:13:20.123Z\"");
}

static void test_webhook(void **state)
{
    (void)state;
    struct buffer out = {0};
    struct notice a = firing(), b = firing();
    const struct notice *both[] = {&a, &b};
    b.labels.items = labels_b;
    b.fingerprint = labels_fingerprint(&b.labels);
    b.annotations.count = 0;
    b.resolved = true;
    b.ends_at_us = 1700000060000000;
    notice_webhook(&out, both, 2, slice_text("team"), slice_text("http://weir:8123"));
    is(&out, "{\"version\":\"4\",\"groupKey\":\"{}:{alertname=\\\"X\\\"}\",\"truncatedAlerts\":0,\"status\":\"firing\","
             "\"receiver\":\"team\",\"groupLabels\":{\"alertname\":\"X\"},\"commonLabels\":{\"alertname\":\"X\","
             "\"job\":\"j\"},"
             "\"commonAnnotations\":{},\"externalURL\":\"http://weir:8123\",\"alerts\":["
             "{\"status\":\"firing\",\"labels\":{\"alertname\":\"X\",\"host\":\"a\\\"b\",\"job\":\"j\"},"
             "\"annotations\":{\"summary\":"
             "\"late\"},\"startsAt\":\"2023-11-14T22:13:20.123Z\",\"endsAt\":\"0001-01-01T00:00:00Z\",\"generatorURL\":"
             "\"http://weir:8123/play\",\"fingerprint\":\"b0e1298ee915741a\"},"
             "{\"status\":\"resolved\",\"labels\":{\"alertname\":\"X\",\"host\":\"b\",\"job\":\"j\"},\"annotations\":{}"
             ",\"startsAt\":"
             "\"2023-11-14T22:13:20.123Z\",\"endsAt\":\"2023-11-14T22:14:20.000Z\",\"generatorURL\":\"http://weir:8123/"
             "play\","
             "\"fingerprint\":\"d2cbedaf0e459ed5\"}]}");
    notice_webhook(&out, both + 1, 1, slice_text("team"), slice_text(""));
    holds(&out, "\"truncatedAlerts\":0,\"status\":\"resolved\"");
}

static void test_line(void **state)
{
    (void)state;
    struct buffer out = {0};
    struct notice notice = firing();
    notice_line(&out, &notice, 1700000001000000);
    is(&out,
       "{\"at\":\"2023-11-14T22:13:21.000Z\",\"status\":\"firing\",\"labels\":{\"alertname\":\"X\",\"host\":\"a\\\"b\","
       "\"job\":\"j\"},\"annotations\":{\"summary\":\"late\"},\"value\":\"1.5e+01\",\"startsAt\":"
       "\"2023-11-14T22:13:20.123Z\",\"generatorURL\":\"http://weir:8123/"
       "play\",\"fingerprint\":\"b0e1298ee915741a\"}\n");
}

static void test_times(void **state)
{
    (void)state;
    struct buffer out = {0};
    notice_time(&out, -1);
    is(&out, "1969-12-31T23:59:59.999Z");
    notice_value(&out, 1);
    is(&out, "1e+00");
    notice_value(&out, -1e300 * 1e300);
    is(&out, "-Inf");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_alertmanager),
        cmocka_unit_test(test_webhook),
        cmocka_unit_test(test_line),
        cmocka_unit_test(test_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
