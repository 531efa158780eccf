/*
 * live_result_test.c: a viewer that applies what live_result_since gives it, at whatever pace, ends with the last
 * run's rows.
 */
#include "server/live_result.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* As assert_null, with the error's text. */
static void assert_ok(struct err *err)
{
    if (err != NULL) {
        fail_msg("%s", err_message(err));
    }
}

static void assert_err(struct err *err, enum err_code code, const char *text)
{
    assert_non_null(err);
    assert_int_equal(err_code(err), code);
    assert_non_null(strstr(err_message(err), text));
    err_free(err);
}

static const struct live_times times = {{"\"t\"", 3}, {"null", 4}};

static struct live_shape shape_of(bool keyed)
{
    return (struct live_shape){.columns = slice_text("[]"),
                               .key = slice_text("[0]"),
                               .order = slice_text(""),
                               .mode = slice_text("recomputed"),
                               .keyed = keyed};
}

/* One run: rows "[k, v]" for those with v >= 0; *changed as it says. */
static struct err *run(struct live_result *result, const int *values, uint32_t count, bool keyed, bool *changed)
{
    struct err *err = NULL;
    struct live_rows rows = {0};
    struct live_shape shape = shape_of(keyed);
    struct buffer lines = {0}, keys = {0};
    for (uint32_t k = 0; k < count; k++) {
        if (values[k] >= 0) {
            buffer_printf(&lines, "[%u,%d]\n", k, values[k]);
            buffer_printf(&keys, "[%u]\n", k);
        }
    }
    OR_DONE(live_rows_add(&rows, buffer_all(&lines), keyed, buffer_all(&keys)));
    err = live_result_apply(result, &shape, &rows, &times, changed);
done:
    live_rows_deinit(&rows);
    buffer_deinit(&lines);
    buffer_deinit(&keys);
    return err;
}

#define KEYS 40U

/* What a viewer knows: values by key, -1: none. */
struct viewer {
    uint64_t version;
    int values[KEYS];
    uint32_t snapshots, changes;
};

/* Numbers of "[[1,2],[3,4]]" or "[[1],[3]]" behind a name, as (key, value) or (key, -1). */
static void take_list(struct viewer *viewer, const char *text, const char *name, bool rows)
{
    const char *at = strstr(text, name);
    assert_non_null(at);
    for (at += strlen(name); *at == '[' || *at == ','; at++) {
        char *end;
        if (*at == ',') {
            continue;
        }
        unsigned long key = strtoul(at + 1, &end, 10);
        assert_true(key < KEYS);
        viewer->values[key] = rows ? (int)strtol(end + 1, &end, 10) : -1;
        assert_int_equal(*end, ']');
        at = end;
    }
    assert_int_equal(*at, ']');
}

static void catch_up(struct viewer *viewer, struct live_result *result)
{
    struct live_bytes *bytes;
    assert_ok(live_result_since(result, viewer->version, &bytes));
    if (bytes == NULL) {
        assert_int_equal(viewer->version, live_result_version(result));
        return;
    }
    char *text = strndup(bytes->data, bytes->length);
    if (strstr(text, "\"type\":\"snapshot\"") != NULL) {
        memset(viewer->values, 0xff, sizeof(viewer->values));
        take_list(viewer, text, "\"rows\":[", true);
        viewer->snapshots++;
    } else {
        take_list(viewer, text, "\"upsert\":[", true);
        take_list(viewer, text, "\"delete\":[", false);
        viewer->changes++;
    }
    viewer->version = live_result_version(result);
    live_bytes_unref(bytes);
    free(text);
}

static void viewers_agree(void **state)
{
    (void)state;
    struct budget budget;
    struct live_result *result;
    struct viewer viewers[4] = {{0}};
    int values[KEYS];
    bool changed;
    srand(7);
    budget_init(&budget, "test", 0, NULL);
    assert_ok(live_result_create(&budget, &result));
    for (uint32_t v = 0; v < 4; v++) {
        memset(viewers[v].values, 0xff, sizeof(viewers[v].values));
    }
    memset(values, 0xff, sizeof(values));
    for (uint32_t round = 0; round < 2000; round++) {
        for (int n = rand() % 3; n > 0; n--) {
            values[(uint32_t)rand() % KEYS] = rand() % 3 == 0 ? -1 : rand() % 5;
        }
        uint64_t before = live_result_version(result);
        assert_ok(run(result, values, KEYS, true, &changed));
        assert_int_equal(live_result_version(result), before + changed);
        for (uint32_t v = 0; v < 4; v++) {
            if (round % (1U << (2 * v)) == 0) { /* each 1, 4, 16, 64 rounds */
                catch_up(&viewers[v], result);
                assert_memory_equal(viewers[v].values, values, sizeof(values));
            }
        }
    }
    assert_int_equal(viewers[0].snapshots, 1);
    assert_true(viewers[0].changes > 500 && viewers[3].changes > 10);
    assert_ok(run(result, values, KEYS, true, &changed));
    assert_false(changed);
    live_result_destroy(result);
    assert_int_equal(budget.bytes, 0);
}

/* Keys that left are not remembered for ever: who was away for long gets all rows. */
static void the_past_ends(void **state)
{
    (void)state;
    struct budget budget;
    struct live_result *result;
    struct live_rows rows = {0};
    struct live_shape shape = shape_of(true);
    bool changed;
    budget_init(&budget, "test", 0, NULL);
    assert_ok(live_result_create(&budget, &result));
    for (uint32_t round = 0; round < 2 * LIVE_GONE_MIN; round++) {
        char line[32], key[32];
        (void)snprintf(line, sizeof(line), "[%u,1]\n", round);
        (void)snprintf(key, sizeof(key), "[%u]\n", round);
        assert_ok(live_rows_add(&rows, slice_text(line), true, slice_text(key)));
        assert_ok(live_result_apply(result, &shape, &rows, &times, &changed));
        assert_true(changed);
        live_rows_deinit(&rows);
    }
    assert_int_equal(live_result_version(result), 2 * LIVE_GONE_MIN);
    assert_int_equal(live_result_rows(result), 1);
    assert_false(live_result_knows(result, 1));
    assert_true(live_result_knows(result, 2 * LIVE_GONE_MIN - 1));
    struct live_bytes *bytes;
    assert_ok(live_result_since(result, 1, &bytes));
    assert_non_null(memmem(bytes->data, bytes->length, "snapshot", 8));
    live_bytes_unref(bytes);
    assert_ok(live_result_since(result, 2 * LIVE_GONE_MIN - 1, &bytes));
    assert_non_null(memmem(bytes->data, bytes->length, "\"delete\":[[1998]]", 17));
    live_bytes_unref(bytes);
    live_result_forget(result);
    assert_ok(live_result_since(result, 1, &bytes));
    assert_null(bytes);
    live_result_destroy(result);
    assert_int_equal(budget.bytes, 0);
}

/* A key that repeats is none: all comes as snapshots. */
static void keys_repeat(void **state)
{
    (void)state;
    struct budget budget;
    struct live_result *result;
    struct live_rows rows = {0};
    struct live_shape shape = shape_of(true);
    struct live_bytes *bytes;
    bool changed;
    budget_init(&budget, "test", 0, NULL);
    assert_ok(live_result_create(&budget, &result));
    assert_ok(run(result, (const int[]){1, 2, 3}, 3, true, &changed));
    assert_ok(live_rows_add(&rows, slice_text("[null,1]\n[null,2]\n"), true, slice_text("[null]\n[null]\n")));
    assert_ok(live_result_apply(result, &shape, &rows, &times, &changed));
    assert_true(changed);
    assert_ok(live_result_since(result, 1, &bytes));
    assert_non_null(memmem(bytes->data, bytes->length, "\"key\":[],\"rows\":[[null,1],[null,2]]", 34));
    live_bytes_unref(bytes);
    assert_ok(live_result_apply(result, &shape, &rows, &times, &changed));
    assert_false(changed);
    live_rows_deinit(&rows);
    live_result_destroy(result);
    assert_int_equal(budget.bytes, 0);
}

/* A run that the budget does not hold changes nothing; events are shared. */
static void memory_is_bounded(void **state)
{
    (void)state;
    struct budget budget;
    struct live_result *result;
    struct live_bytes *one, *two;
    int values[KEYS];
    bool changed;
    memset(values, 0, sizeof(values));
    budget_init(&budget, "test", 20000, NULL);
    assert_ok(live_result_create(&budget, &result));
    assert_ok(run(result, values, KEYS, true, &changed));
    assert_ok(live_result_since(result, 0, &one));
    assert_ok(live_result_since(result, 0, &two));
    assert_ptr_equal(one, two);
    live_bytes_unref(one);
    live_bytes_unref(two);
    budget.bytes_max = budget.bytes + 100;
    values[0] = 1;
    struct err *err = run(result, values, KEYS, true, &changed);
    assert_err(err, ERR_MEMORY_LIMIT, "test");
    assert_int_equal(live_result_version(result), 1);
    struct live_rows rows = {0};
    struct buffer big = {0};
    assert_true(buffer_reserve(&big, LIVE_ANSWER_BYTES_MAX + 1));
    memset(big.data, 'x', LIVE_ANSWER_BYTES_MAX + 1);
    big.data[LIVE_ANSWER_BYTES_MAX] = '\n';
    big.length = LIVE_ANSWER_BYTES_MAX + 1;
    assert_err(live_rows_add(&rows, buffer_all(&big), false, slice_text("")), ERR_LIMIT_EXCEEDED, "more than");
    buffer_deinit(&big);
    live_rows_deinit(&rows);
    live_result_destroy(result);
    assert_int_equal(budget.bytes, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(viewers_agree),
        cmocka_unit_test(the_past_ends),
        cmocka_unit_test(keys_repeat),
        cmocka_unit_test(memory_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
