/* metrics_test.c: counters and histograms as text. */
#include "base/metrics.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

METRIC_COUNTER(apples, "weir_test_apples_total", "apples");
METRIC_SECONDS(baking, "weir_test_baking_seconds", "time of baking");

static void text_of_metrics(void **state)
{
    (void)state;
    metric_add(&metric_apples, 3);
    metric_add(&metric_apples, 4);
    metric_observe_us(&metric_baking, 0);
    metric_observe_us(&metric_baking, 100);
    metric_observe_us(&metric_baking, 101);
    metric_observe_us(&metric_baking, 2000000);
    metric_observe_us(&metric_baking, 61000000);
    struct buffer text = {0};
    metrics_expose(&text);
    buffer_char(&text, 0);
    assert_false(text.failed);
    assert_non_null(strstr(text.data, "# HELP weir_test_apples_total apples\n# TYPE weir_test_apples_total counter\n"
                                      "weir_test_apples_total 7\n"));
    assert_non_null(strstr(text.data, "# TYPE weir_test_baking_seconds histogram\n"
                                      "weir_test_baking_seconds_bucket{le=\"0.0001\"} 2\n"
                                      "weir_test_baking_seconds_bucket{le=\"0.001\"} 3\n"));
    assert_non_null(strstr(text.data, "{le=\"1\"} 3\nweir_test_baking_seconds_bucket{le=\"2.5\"} 4\n"));
    assert_non_null(strstr(text.data, "{le=\"60\"} 4\nweir_test_baking_seconds_bucket{le=\"+Inf\"} 5\n"
                                      "weir_test_baking_seconds_sum 63.000201\nweir_test_baking_seconds_count 5\n"));
    buffer_deinit(&text);
}

static void seen(void *user, const char *name, const char *kind, const char *help, double value)
{
    double *sums = user;
    (void)kind;
    (void)help;
    sums[0] += strcmp(name, "weir_test_baking_seconds_count") == 0 ? value : 0;
    sums[1] += strcmp(name, "weir_test_apples_total") == 0 ? value : 0;
}

static void each_metric(void **state)
{
    (void)state;
    double sums[2] = {0, 0};
    metrics_visit(seen, sums);
    assert_true(sums[0] == 5 && sums[1] == 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(text_of_metrics), cmocka_unit_test(each_metric)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
