/*
 * metrics_concurrent_test.c: counters, gauges and histograms of several threads, and their text; also run under the
 * thread sanitizer.
 */
#include "base/metrics.h"
#include "base/pool.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define THREADS 12U /* more than there are shards */
#define ROUNDS  5000U

METRIC_COUNTER(apples, "weir_test_apples_total", "apples");
METRIC_COUNTER(pears, "weir_test_pears_total", "pears, \\ and\na second line");
METRIC_GAUGE(ovens, "weir_test_ovens", "ovens that are hot");
METRIC_SECONDS_OF(cake, "weir_test_baking_seconds", "what=\"cake\"", "time of baking");
METRIC_SECONDS_OF(bread, "weir_test_baking_seconds", "what=\"bread\"", "time of baking");
METRIC_SECONDS(eating, "weir_test_eating_seconds", "time of eating");

static void assert_holds(const struct buffer *text, const char *wanted)
{
    if (strstr(text->data, wanted) == NULL) {
        print_error("not in the text:\n%s\n", wanted);
        fail();
    }
}

static void text_of_metrics(void **state)
{
    (void)state;
    static const uint64_t times_us[] = {0, 100, 101, 2000000, 61000000};
    struct buffer text = {0};
    metric_add(&metric_apples, 3);
    metric_add(&metric_apples, 4);
    metric_change(&metric_ovens, 1);
    metric_change(&metric_ovens, -3);
    for (size_t k = 0; k < 5; k++) {
        metric_observe_us(&metric_cake, times_us[k]);
    }
    struct metric_visitor visitor = metrics_exposition(&text);
    metrics_visit(&visitor);
    buffer_char(&text, 0);
    assert_false(text.failed);
    assert_holds(&text, "# HELP weir_test_apples_total apples\n# TYPE weir_test_apples_total counter\n"
                        "weir_test_apples_total 7\n# HELP weir_test_baking_seconds time of baking\n"
                        "# TYPE weir_test_baking_seconds histogram\n"
                        "weir_test_baking_seconds_bucket{what=\"bread\",le=\"0.0001\"} 0\n");
    assert_holds(&text,
                 "weir_test_baking_seconds_sum{what=\"bread\"} 0\nweir_test_baking_seconds_count{what=\"bread\"} 0\n"
                 "weir_test_baking_seconds_bucket{what=\"cake\",le=\"0.0001\"} 2\n"
                 "weir_test_baking_seconds_bucket{what=\"cake\",le=\"0.00025\"} 3\n");
    assert_holds(&text, "{what=\"cake\",le=\"1\"} 3\nweir_test_baking_seconds_bucket{what=\"cake\",le=\"2.5\"} 4\n");
    assert_holds(&text, "{what=\"cake\",le=\"60\"} 4\nweir_test_baking_seconds_bucket{what=\"cake\",le=\"+Inf\"} 5\n"
                        "weir_test_baking_seconds_sum{what=\"cake\"} 63.000201\n"
                        "weir_test_baking_seconds_count{what=\"cake\"} 5\n# HELP weir_test_eating_seconds ");
    assert_holds(&text, "# TYPE weir_test_ovens gauge\nweir_test_ovens -2\n");
    assert_holds(&text, "# HELP weir_test_pears_total pears, \\\\ and\\na second line\n# TYPE weir_test_pears_total ");
    /* one family, two series */
    assert_null(strstr(strstr(text.data, "# TYPE weir_test_baking_seconds ") + 1, "# TYPE weir_test_baking_seconds "));
    assert_true(metric_value(&metric_cake) == 5 && metric_value(&metric_apples) == 7 &&
                metric_value(&metric_ovens) == -2);
    metric_change(&metric_ovens, 2);
    buffer_deinit(&text);
}

static void labels_and_odd_values(void **state)
{
    (void)state;
    static const char hostile[] = "a\"b\\c\nd\xc3\xa9\xff\xe2\x82z";
    struct buffer labels = {0}, text = {0};
    metric_label(&labels, "first", slice_text(""));
    metric_label(&labels, "second", slice_of(hostile, sizeof(hostile) - 1));
    struct metric_visitor visitor = metrics_exposition(&text);
    const double values[] = {NAN, INFINITY, -INFINITY, 0.1, 18446744073709551615.0};
    for (size_t k = 0; k < 5; k++) {
        struct metric_sample sample = {.name = "n",
                                       .suffix = "_sum",
                                       .labels = k == 0 ? buffer_all(&labels) : (struct slice){0},
                                       .value = values[k]};
        visitor.sample(visitor.user, &sample);
    }
    buffer_char(&text, 0);
    assert_string_equal(
        text.data, "n_sum{first=\"\",second=\"a\\\"b\\\\c\\nd\xc3\xa9\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz\"} NaN\n"
                   "n_sum +Inf\nn_sum -Inf\nn_sum 0.1\nn_sum 18446744073709552000\n");
    buffer_deinit(&labels);
    buffer_deinit(&text);
}

static void count(void *object)
{
    (void)object;
    for (uint32_t k = 0; k < ROUNDS; k++) {
        metric_add(&metric_pears, 2);
        metric_change(&metric_ovens, k % 2 == 0 ? 1 : -1);
        metric_observe_us(&metric_eating, k);
        if (k % 1000 == 0) { /* readers disturb nobody */
            struct buffer text = {0};
            struct metric_visitor visitor = metrics_exposition(&text);
            metrics_visit(&visitor);
            ASSERT(!text.failed && text.length > 0);
            buffer_deinit(&text);
        }
    }
}

static void nothing_is_lost(void **state)
{
    (void)state;
    struct pool *pool = NULL;
    struct task_group group;
    struct buffer text = {0};
    char sum[64];
    assert_null(pool_create("metrics", THREADS, &pool));
    task_group_init(&group);
    for (uint32_t k = 0; k < THREADS; k++) {
        assert_null(pool_run(pool, &group, count, NULL));
    }
    task_group_wait(&group);
    task_group_deinit(&group);
    pool_destroy(pool);
    assert_true(metric_value(&metric_pears) == 2.0 * THREADS * ROUNDS);
    assert_true(metric_value(&metric_ovens) == 0);
    assert_true(metric_value(&metric_eating) == (double)THREADS * ROUNDS);
    struct metric_visitor visitor = metrics_exposition(&text);
    metrics_visit(&visitor);
    buffer_char(&text, 0);
    (void)snprintf(sum, sizeof(sum), "weir_test_eating_seconds_sum %g\n", THREADS * (ROUNDS * (ROUNDS - 1) / 2) / 1e6);
    assert_holds(&text, sum);
    buffer_deinit(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_of_metrics),
        cmocka_unit_test(labels_and_odd_values),
        cmocka_unit_test(nothing_is_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
