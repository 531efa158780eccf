/*
 * live_tail_test.c: viewers of a tail at whatever pace: what they got and what is said to be dropped is all there was,
 * each row once and in its order.
 */
#include "server/live_tail.h"

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

struct viewer {
    uint64_t version, begins;
    uint64_t next; /* of the rows [n,"…"] the one that must come, if none is dropped */
    uint64_t dropped;
};

static uint64_t number_behind(const char *text, const char *name)
{
    const char *at = strstr(text, name);
    assert_non_null(at);
    return strtoull(at + strlen(name), NULL, 10);
}

static void look(struct viewer *viewer, struct live_tail *tail, uint64_t first_of_now)
{
    struct live_bytes *bytes = NULL;
    bool knew = live_tail_knows(tail, viewer->version);
    assert_ok(live_tail_since(tail, viewer->version, &bytes));
    if (bytes == NULL) {
        assert_int_equal(viewer->version, live_tail_version(tail));
        return;
    }
    char *text = strndup(bytes->data, bytes->length);
    live_bytes_unref(bytes);
    assert_int_equal(strstr(text, "\"columns\":[{}]") != NULL, !knew);
    viewer->version = live_tail_version(tail);
    assert_int_equal(number_behind(text, "\"seq\":"), viewer->version);
    uint64_t dropped = number_behind(text, "\"dropped\":");
    viewer->dropped += dropped;
    viewer->next = knew ? viewer->next + dropped : first_of_now;
    viewer->begins += !knew;
    const char *at = strstr(text, "\"rows\":[");
    assert_non_null(at);
    for (at += strlen("\"rows\":["); *at == '[' || *at == ','; at++) {
        char *end;
        if (*at == ',') {
            continue;
        }
        assert_int_equal(strtoull(at + 1, &end, 10), viewer->next);
        viewer->next++;
        at = strchr(end, ']');
        assert_non_null(at);
    }
    assert_int_equal(*at, ']');
    assert_int_equal(viewer->next, first_of_now);
    free(text);
}

static void add(struct live_tail *tail, uint64_t *n, uint32_t count, uint32_t filler)
{
    struct buffer lines = {0};
    for (uint32_t i = 0; i < count; i++) {
        buffer_printf(&lines, "[%llu,\"", (unsigned long long)(*n)++);
        for (uint32_t k = 0; k < filler; k++) {
            buffer_char(&lines, 'x');
        }
        buffer_text(&lines, "\"]\n");
    }
    assert_false(lines.failed);
    live_tail_add(tail, buffer_all(&lines));
    buffer_deinit(&lines);
}

/* Short rows and long ones, in a budget that is enough or not. */
static void any_pace(uint64_t budget_bytes)
{
    struct budget budget;
    struct live_tail *tail = NULL;
    struct viewer viewers[4] = {{0}};
    unsigned seed = 11;
    uint64_t n = 0;
    budget_init(&budget, "tails", budget_bytes, NULL);
    assert_ok(live_tail_create(&budget, 0, &tail));
    assert_int_equal(live_tail_version(tail), 0);
    assert_ok(live_tail_begin(tail, slice_text("[{}]")));
    for (uint32_t k = 0; k < 4 && budget_bytes > 1000000; k++) {
        look(&viewers[k], tail, n);
    }
    for (uint32_t step = 0; step < 3000; step++) {
        uint32_t what = (uint32_t)rand_r(&seed);
        assert_ok(live_tail_begin(tail, slice_text("[{}]")));
        add(tail, &n, what % 97 == 0 ? 12000 : what % 5, what % 89 == 0 ? 50000 : what % 30);
        live_tail_end(tail, true);
        assert_true(live_tail_rows(tail) <= LIVE_TAIL_ROWS && live_tail_bytes(tail) < 4 * LIVE_TAIL_BYTES);
        for (uint32_t k = 0; k < 4; k++) { /* the first sees all, the last hardly anything */
            if ((uint32_t)rand_r(&seed) % (1 + k * k * k * 40) == 0 && budget_bytes > 1000000) {
                look(&viewers[k], tail, n);
            }
        }
    }
    for (uint32_t k = 0; k < 4 && budget_bytes > 1000000; k++) {
        look(&viewers[k], tail, n);
        assert_int_equal(viewers[k].begins, 1);
    }
    assert_true(budget_bytes < 1000000 || (viewers[0].dropped < viewers[3].dropped && viewers[3].dropped > 0));
    live_tail_destroy(tail);
    assert_int_equal(atomic_load(&budget.bytes), 0);
}

static void with_memory(void **state)
{
    (void)state;
    any_pace((uint64_t)64 << 20);
}

static void without_memory(void **state)
{
    (void)state;
    any_pace(100000);
}

/* Rows longer than all that is kept are counted; other columns begin anew. */
static void borders(void **state)
{
    (void)state;
    struct budget budget;
    struct live_tail *tail = NULL;
    struct viewer viewer = {0};
    uint64_t n = 0;
    budget_init(&budget, "tails", (uint64_t)64 << 20, NULL);
    assert_ok(live_tail_create(&budget, 0, &tail));
    assert_ok(live_tail_begin(tail, slice_text("[{}]")));
    look(&viewer, tail, n);
    add(tail, &n, 3, 10);
    add(tail, &n, 1, LIVE_TAIL_BYTES);
    add(tail, &n, 2, 10);
    look(&viewer, tail, n);
    assert_int_equal(viewer.dropped, 4);
    assert_ok(live_tail_begin(tail, slice_text("[{},1]")));
    struct live_bytes *bytes = NULL;
    assert_ok(live_tail_since(tail, viewer.version, &bytes));
    assert_non_null(memmem(bytes->data, bytes->length, "\"columns\":[{},1],\"rows\":[]", 26));
    live_bytes_unref(bytes);
    assert_false(live_tail_knows(tail, viewer.version) || live_tail_knows(tail, 0));
    live_tail_destroy(tail);
    assert_int_equal(atomic_load(&budget.bytes), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(with_memory), cmocka_unit_test(without_memory),
                                       cmocka_unit_test(borders)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
