/*
 * instance_test.c: the state machine of alerts: each transition by itself; against a second, plainer one; and restored
 * after every step from what was recorded.
 */
#include "alert/instance.h"
#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>
#include <stdlib.h>

#include <cmocka.h>

#define SECOND INT64_C(1000000)

static struct arena *arena;
static struct instances *instances;
static struct rule rule;
static struct transition *transitions;
static uint32_t transition_count;

static int begin(void **state)
{
    (void)state;
    arena = arena_create(NULL);
    instances = instances_create();
    rule = (struct rule){.kind = RULE_ALERT, .name = slice_text("a"), .interval_us = SECOND};
    return arena == NULL || instances == NULL;
}

static int end(void **state)
{
    (void)state;
    instances_destroy(instances);
    arena_destroy(arena);
    return 0;
}

static void make_row(struct instance_row *row, struct label *label, const char *host, double value)
{
    *label = (struct label){slice_text("host"), slice_text(host)};
    *row = (struct instance_row){.labels = {label, 1}, .annotations = {label, 1}, .value = value};
}

/* One evaluation; hosts: one row for each letter. */
static void step(int64_t second, const char *hosts)
{
    static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g", "h"};
    struct instance_row rows[8];
    struct label labels[8];
    uint32_t count = 0;
    for (; hosts[count] != 0; count++) {
        make_row(&rows[count], &labels[count], names[hosts[count] - 'a'], (double)second);
    }
    struct err *err =
        instances_step(instances, &rule, second * SECOND, rows, count, arena, &transitions, &transition_count);
    assert_null(err);
}

static void expect(uint32_t index, enum instance_state from, enum instance_state to, enum transition_reason reason)
{
    assert_true(index < transition_count);
    assert_int_equal(transitions[index].from, from);
    assert_int_equal(transitions[index].to, to);
    assert_int_equal(transitions[index].reason, reason);
    assert_int_equal(transitions[index].instance->state, to);
}

static void fires_at_once_without_for(void **state)
{
    (void)state;
    step(10, "a");
    assert_int_equal(transition_count, 1);
    expect(0, INSTANCE_INACTIVE, INSTANCE_FIRING, TRANSITION_ROW);
    assert_int_equal(transitions[0].instance->active_at_us, 10 * SECOND);
    assert_int_equal(transitions[0].instance->fired_at_us, 10 * SECOND);
    step(11, "a");
    assert_int_equal(transition_count, 0);
    assert_true(instances_at(instances, 0)->value == 11.0);
    step(12, "");
    expect(0, INSTANCE_FIRING, INSTANCE_INACTIVE, TRANSITION_NO_ROW);
    assert_int_equal(transitions[0].instance->resolved_at_us, 12 * SECOND);
    /* a resolved one is kept for 15 minutes, then forgotten */
    step(12 + 900, "");
    assert_int_equal(instances_count(instances), 1);
    step(12 + 901, "");
    assert_int_equal(instances_count(instances), 0);
}

/* A row at that second, known at now. */
static void early(int64_t second, int64_t now, const char *hosts)
{
    struct instance_row rows[8];
    struct label labels[8];
    char names[8][2];
    uint32_t count = 0;
    for (; hosts[count] != 0; count++) {
        names[count][0] = hosts[count];
        names[count][1] = 0;
        make_row(&rows[count], &labels[count], names[count], (double)second);
    }
    assert_null(instances_early(instances, &rule, second * SECOND, now * SECOND, rows, count, arena, &transitions,
                                &transition_count));
}

static void fires_early_and_never_resolves_early(void **state)
{
    (void)state;
    step(10, "a");
    early(20, 15, "ab"); /* a fires already: nothing changes */
    assert_int_equal(transition_count, 1);
    expect(0, INSTANCE_INACTIVE, INSTANCE_FIRING, TRANSITION_EARLY);
    assert_int_equal(transitions[0].at_us, 20 * SECOND);
    assert_int_equal(transitions[0].instance->active_at_us, 20 * SECOND);
    assert_int_equal(transitions[0].instance->fired_at_us, 15 * SECOND);
    early(21, 15, "b"); /* once */
    assert_int_equal(transition_count, 0);
    early(20, 15, ""); /* what is not there is not known before */
    assert_int_equal(transition_count, 0);
    rule.keep_us = 5 * SECOND;
    step(11, ""); /* a alone: b's moment has not come */
    assert_int_equal(transition_count, 1);
    expect(0, INSTANCE_FIRING, INSTANCE_FIRING, TRANSITION_KEEPS);
    step(16, "");
    assert_int_equal(transition_count, 1);
    expect(0, INSTANCE_FIRING, INSTANCE_INACTIVE, TRANSITION_NO_ROW);
    early(20, 17, "a"); /* a new life of one that was resolved */
    assert_int_equal(transition_count, 1);
    expect(0, INSTANCE_INACTIVE, INSTANCE_FIRING, TRANSITION_EARLY);
    step(18, "b"); /* it has a row before that already: it stays what it was */
    assert_int_equal(transition_count, 0);
    step(20, "ab");
    assert_int_equal(transition_count, 0);
    rule.keep_us = 0;
    step(21, "");
    assert_int_equal(transition_count, 2);
    assert_int_equal(transitions[0].instance->resolved_at_us, 21 * SECOND);
    early(40, 23, "c");
    assert_null(instances_end(instances, 22 * SECOND, arena, &transitions, &transition_count));
    assert_int_equal(transition_count, 1);
    assert_int_equal(transitions[0].instance->resolved_at_us, 23 * SECOND); /* not before it fired */
}

static void waits_for_for(void **state)
{
    (void)state;
    rule.for_us = 5 * SECOND;
    step(10, "a");
    expect(0, INSTANCE_INACTIVE, INSTANCE_PENDING, TRANSITION_ROW);
    step(14, "a");
    assert_int_equal(transition_count, 0);
    step(15, "a");
    expect(0, INSTANCE_PENDING, INSTANCE_FIRING, TRANSITION_FOR);
    assert_int_equal(transitions[0].instance->active_at_us, 10 * SECOND);
    assert_int_equal(transitions[0].instance->fired_at_us, 15 * SECOND);
}

static void pending_is_dropped_at_once(void **state)
{
    (void)state;
    rule.for_us = 5 * SECOND;
    rule.keep_us = 60 * SECOND; /* keeps what fires alone */
    step(10, "a");
    step(11, "");
    expect(0, INSTANCE_PENDING, INSTANCE_INACTIVE, TRANSITION_NO_ROW);
    assert_int_equal(transitions[0].instance->resolved_at_us, TIME_NONE);
    assert_int_equal(instances_count(instances), 0);
    step(12, "a"); /* the clock of FOR begins anew */
    step(16, "a");
    assert_int_equal(instances_at(instances, 0)->state, INSTANCE_PENDING);
}

static void keeps_firing(void **state)
{
    (void)state;
    rule.keep_us = 10 * SECOND;
    step(10, "a");
    step(20, "");
    expect(0, INSTANCE_FIRING, INSTANCE_FIRING, TRANSITION_KEEPS);
    step(29, "");
    assert_int_equal(transition_count, 0);
    step(29, "a");
    expect(0, INSTANCE_FIRING, INSTANCE_FIRING, TRANSITION_RETURNS);
    step(30, "");
    step(40, "");
    expect(0, INSTANCE_FIRING, INSTANCE_INACTIVE, TRANSITION_NO_ROW);
    step(41, "a"); /* a new life */
    expect(0, INSTANCE_INACTIVE, INSTANCE_FIRING, TRANSITION_ROW);
    assert_int_equal(transitions[0].instance->active_at_us, 41 * SECOND);
    assert_int_equal(transitions[0].instance->resolved_at_us, TIME_NONE);
}

static void one_set_of_labels_is_one_instance(void **state)
{
    (void)state;
    struct instance_row rows[2];
    struct label labels[2];
    step(10, "ab");
    make_row(&rows[0], &labels[0], "a", 1);
    make_row(&rows[1], &labels[1], "a", 2);
    struct err *err = instances_step(instances, &rule, 11 * SECOND, rows, 2, arena, &transitions, &transition_count);
    assert_non_null(err);
    assert_int_equal(err_code(err), ERR_BAD_ARGUMENTS);
    assert_non_null(strstr(err_message(err), "host"));
    err_free(err);
    assert_int_equal(instances_count(instances), 2); /* nothing happened */
    assert_int_equal(instances_at(instances, 0)->state, INSTANCE_FIRING);
    assert_int_equal(instances_at(instances, 1)->state, INSTANCE_FIRING);
}

static void limit_is_an_error(void **state)
{
    (void)state;
    rule.limit = 1;
    step(10, "a");
    struct instance_row rows[2];
    struct label labels[2];
    make_row(&rows[0], &labels[0], "a", 1);
    make_row(&rows[1], &labels[1], "b", 2);
    struct err *err = instances_step(instances, &rule, 11 * SECOND, rows, 2, arena, &transitions, &transition_count);
    assert_int_equal(err_code(err), ERR_BAD_ARGUMENTS);
    err_free(err);
    assert_int_equal(instances_count(instances), 1);
}

static void a_removed_rule_resolves(void **state)
{
    (void)state;
    rule.for_us = SECOND;
    step(10, "a");
    step(11, "ab");
    assert_null(instances_end(instances, 12 * SECOND, arena, &transitions, &transition_count));
    assert_int_equal(transition_count, 2);
    for (uint32_t k = 0; k < 2; k++) {
        assert_int_equal(transitions[k].reason, TRANSITION_RULE);
        assert_int_equal(transitions[k].to, INSTANCE_INACTIVE);
    }
    assert_int_equal(instances_count(instances), 1); /* the resolved one */
}

static void clamped_when_time_goes_back(void **state)
{
    (void)state;
    rule.for_us = 5 * SECOND;
    step(1000, "a");
    instances_clamp(instances, 10 * SECOND);
    step(14, "a");
    assert_int_equal(instances_at(instances, 0)->state, INSTANCE_PENDING);
    step(15, "a");
    assert_int_equal(instances_at(instances, 0)->state, INSTANCE_FIRING);
}

/* ---- a second machine, and restarts */

struct plain {
    bool known;
    enum instance_state state;
    int64_t active, fired, keep, resolved;
};

static void plain_step(struct plain *plain, bool row, int64_t t)
{
    if (row && (!plain->known || plain->state == INSTANCE_INACTIVE)) {
        *plain = (struct plain){true, INSTANCE_PENDING, t, TIME_NONE, TIME_NONE, TIME_NONE};
    }
    if (!plain->known) {
        return;
    }
    if (!row) {
        bool keep = false;
        if (plain->state == INSTANCE_FIRING && rule.keep_us > 0) {
            plain->keep = plain->keep == TIME_NONE ? t : plain->keep;
            keep = t - plain->keep < rule.keep_us;
        }
        if (plain->state == INSTANCE_PENDING ||
            (plain->resolved != TIME_NONE && t - plain->resolved > RESOLVED_KEPT_US)) {
            plain->known = false;
        }
        if (plain->known && plain->state != INSTANCE_INACTIVE && !keep) {
            plain->state = INSTANCE_INACTIVE;
            plain->resolved = t;
        }
        if (!keep) {
            return;
        }
    } else {
        plain->keep = TIME_NONE;
    }
    if (plain->state == INSTANCE_PENDING && t - plain->active >= rule.for_us) {
        plain->state = INSTANCE_FIRING;
        plain->fired = t;
    }
}

static void compare(const struct plain *plain, char letter, const struct instances *set)
{
    const char name[2] = {letter, 0};
    struct label label = {slice_text("host"), slice_text(name)};
    const struct labels labels = {&label, 1};
    const struct instance *instance = instances_find(set, labels_fingerprint(&labels));
    bool active = plain->known && plain->state != INSTANCE_INACTIVE;
    if (!active) { /* what a restart brought back resolved is forgotten with the next step */
        assert_true(instance == NULL || instance->state == INSTANCE_INACTIVE);
    } else {
        assert_non_null(instance);
        assert_int_equal(instance->state, plain->state);
        assert_int_equal(instance->active_at_us, plain->active);
        assert_int_equal(instance->fired_at_us, plain->fired);
        if (plain->state == INSTANCE_FIRING) {
            assert_int_equal(instance->keep_since_us, plain->keep);
        }
        assert_int_equal(instance->resolved_at_us, plain->resolved);
    }
}

/* A restart at any step changes nothing: the set that is restored from all transitions is put in the place of the one
 * that made them, every few steps. */
static void random_rows(void **state)
{
    (void)state;
    uint32_t seed = (uint32_t)time(NULL);
    print_message("seed %u\n", seed);
    for (int round = 0; round < 60; round++) {
        struct plain plain[8] = {0};
        struct instances *follower = instances_create();
        arena_reset(arena);
        instances_destroy(instances);
        instances = instances_create();
        rule.for_us = (int64_t)(rand_r(&seed) % 4) * SECOND;
        rule.keep_us = (int64_t)(rand_r(&seed) % 3) * 2 * SECOND;
        int64_t t = 1000;
        int odds = 1 + rand_r(&seed) % 9;
        for (int k = 0; k < 200; k++) {
            char hosts[9];
            uint32_t count = 0;
            t += rand_r(&seed) % 40 == 0 ? 950 : 1 + rand_r(&seed) % 2;
            for (char letter = 'a'; letter <= 'h'; letter++) {
                bool row = rand_r(&seed) % 10 < odds;
                plain_step(&plain[letter - 'a'], row, t * SECOND);
                if (row) {
                    hosts[count++] = letter;
                }
            }
            hosts[count] = 0;
            step(t, hosts);
            for (uint32_t i = 0; i < transition_count; i++) {
                assert_null(instances_restore(follower, transitions[i].instance));
            }
            if (rand_r(&seed) % 5 == 0) { /* the restart */
                struct instances *before = instances;
                instances = follower;
                instances_destroy(before);
                follower = instances_create();
                for (uint32_t i = 0; i < instances_count(instances); i++) {
                    assert_null(instances_restore(follower, instances_at(instances, i)));
                }
            }
            for (char letter = 'a'; letter <= 'h'; letter++) {
                compare(&plain[letter - 'a'], letter, instances);
            }
        }
        instances_destroy(follower);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(fires_at_once_without_for, begin, end),
        cmocka_unit_test_setup_teardown(fires_early_and_never_resolves_early, begin, end),
        cmocka_unit_test_setup_teardown(waits_for_for, begin, end),
        cmocka_unit_test_setup_teardown(pending_is_dropped_at_once, begin, end),
        cmocka_unit_test_setup_teardown(keeps_firing, begin, end),
        cmocka_unit_test_setup_teardown(one_set_of_labels_is_one_instance, begin, end),
        cmocka_unit_test_setup_teardown(limit_is_an_error, begin, end),
        cmocka_unit_test_setup_teardown(a_removed_rule_resolves, begin, end),
        cmocka_unit_test_setup_teardown(clamped_when_time_goes_back, begin, end),
        cmocka_unit_test_setup_teardown(random_rows, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
