/*
 * pane_tree_test.c: sliding windows against what a recomputation of all their rows gives: rows in any order, late, ahead,
 * keys that come and go, states that are plain, hold pointers, or depend on the order of panes.
 */
#include "base/timezone.h"
#include "query/pane_tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define ROWS_MAX       40000U
#define BATCH_MAX      64U
#define AGGREGATES_MAX 8U

struct row {
    int64_t time;
    uint64_t key;
    int64_t value;
};

struct scene {
    const char *name;
    uint32_t window_panes, ahead_panes;
    int64_t pane_ticks;
    uint32_t ticks;      /* how often the window is asked for */
    uint32_t rows;       /* between two, at most */
    uint32_t keys;       /* known at one time */
    uint32_t keys_leave; /* after so many ticks all keys are others; 0: never */
    bool with_states;    /* rows come as states */
    const char *aggregates[AGGREGATES_MAX];
};

static struct arena *arena;
static const struct type *key_types[2];
static struct row *rows;
static uint32_t row_count;
static uint64_t seed = 20261122;

static uint64_t chance(uint64_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed % below;
}

static struct plan_aggregate *make_aggregates(const struct scene *scene, uint32_t *count)
{
    static struct function_context context;
    struct plan_aggregate *made = arena_zalloc(arena, AGGREGATES_MAX * sizeof(*made));
    context.zone = timezone_utc();
    for (*count = 0; *count < AGGREGATES_MAX && scene->aggregates[*count] != NULL; ++*count) {
        const char *name = scene->aggregates[*count];
        const struct function_argument argument = {type_simple(TYPE_INT64), NULL};
        assert_null(aggregate_resolve(arena, &context, slice_text(name), NULL, 0, &argument, strcmp(name, "count") != 0,
                                      &made[*count].aggregate));
    }
    return made;
}

/* Keys and values of rows: a number, its text, the values once for each argument. */
static void make_columns(struct arena *to, const struct row *from, uint32_t count, struct column **keys,
                         struct column **values, int64_t *times)
{
    keys[0] = column_new(to, key_types[0], count);
    keys[1] = column_new(to, key_types[1], count);
    *values = column_new(to, type_simple(TYPE_INT64), count);
    assert_non_null(keys[0]);
    assert_non_null(keys[1]);
    assert_non_null(*values);
    for (uint32_t i = 0; i < count; i++) {
        times[i] = from[i].time;
        ((uint64_t *)keys[0]->values)[i] = from[i].key;
        ((struct slice *)keys[1]->values)[i] =
            slice_text(arena_format(to, "key %llu", (unsigned long long)from[i].key));
        ((int64_t *)(*values)->values)[i] = from[i].value;
    }
}

static int compare_rows(const void *a, const void *b)
{
    const struct row *left = *(const struct row *const *)a, *right = *(const struct row *const *)b;
    if (left->key != right->key) {
        return left->key < right->key ? -1 : 1;
    }
    return left < right ? -1 : left > right;
}

static int64_t pane_ticks_now;

static int compare_in_time(const void *a, const void *b)
{
    const struct row *left = *(const struct row *const *)a, *right = *(const struct row *const *)b;
    int64_t left_pane = left->time / pane_ticks_now, right_pane = right->time / pane_ticks_now;
    if (left->key == right->key && left_pane != right_pane) {
        return left_pane < right_pane ? -1 : 1;
    }
    return compare_rows(a, b);
}

/* The window's rows but for the first `without` panes, recomputed: equal to the tree's? */
static void compare(const struct scene *scene, struct pane_tree *tree, const struct plan_aggregate *aggregates,
                    uint32_t aggregate_count, uint32_t without)
{
    struct arena *scratch = arena_create(NULL);
    const struct row **wanted = malloc((row_count + 1U) * sizeof(*wanted));
    struct chunk *got = NULL;
    uint32_t count = 0, keys_found = 0;
    int64_t end = pane_tree_end(tree);
    int64_t begin = end - (int64_t)(scene->window_panes - without) * scene->pane_ticks;

    for (uint32_t i = 0; i < row_count; i++) {
        if (rows[i].time >= begin && rows[i].time < end) {
            wanted[count++] = &rows[i];
        }
    }
    pane_ticks_now = scene->pane_ticks;
    qsort(wanted, count, sizeof(*wanted), compare_in_time);
    assert_null(without == 0 ? pane_tree_result(tree, scratch, &got)
                             : pane_tree_result_from(tree, scratch, begin, &got));
    assert_int_equal(got == NULL, count == 0);
    for (uint32_t at = 0, next = 0; at < count; at = next) {
        while (next < count && wanted[next]->key == wanted[at]->key) {
            next++;
        }
        keys_found++;
        uint32_t row = 0;
        while (got != NULL && row < got->row_count &&
               *(const uint64_t *)column_value(got->columns[0], row) != wanted[at]->key) {
            row++;
        }
        assert_true(got != NULL && row < got->row_count);
        if (got == NULL) {
            break;
        }
        struct column *values = column_new(scratch, type_simple(TYPE_INT64), next - at);
        for (uint32_t i = at; i < next; i++) {
            ((int64_t *)values->values)[i - at] = wanted[i]->value;
        }
        const struct column *argument = values;
        for (uint32_t a = 0; a < aggregate_count; a++) {
            const struct aggregate *aggregate = aggregates[a].aggregate;
            char *state = arena_zalloc(scratch, aggregate->state_bytes + 1U);
            struct column *one = column_new(scratch, aggregate->type, 1);
            assert_null(aggregate->add(aggregate, scratch, scratch, state, 0, NULL, &argument, next - at));
            assert_null(aggregate->finish(aggregate, scratch, state, aggregate->state_bytes, 1, one));
            if (column_compare(one, 0, got->columns[2 + a], row) != 0) {
                fail_msg("%s: %s of key %llu at %lld is another one", scene->name, aggregate->name,
                         (unsigned long long)wanted[at]->key, (long long)end);
            }
        }
    }
    assert_int_equal(got == NULL ? 0 : got->row_count, keys_found);
    free(wanted);
    arena_destroy(scratch);
}

/* Rows one by one as states of their own. */
static void make_states(struct arena *to, const struct plan_aggregate *aggregates, uint32_t aggregate_count,
                        const struct column *values, uint32_t count, struct column **out)
{
    for (uint32_t a = 0; a < aggregate_count; a++) {
        const struct aggregate *bytes = NULL;
        assert_null(aggregate_as_bytes(to, aggregates[a].aggregate, &bytes));
        uint32_t *groups = ARENA_ARRAY(to, uint32_t, count);
        char *states = arena_zalloc(to, (size_t)count * bytes->state_bytes + 1);
        for (uint32_t i = 0; i < count; i++) {
            groups[i] = i;
        }
        out[a] = column_new(to, bytes->type, count);
        assert_null(bytes->add(bytes, to, to, states, bytes->state_bytes, groups, &values, count));
        assert_null(bytes->finish(bytes, to, states, bytes->state_bytes, count, out[a]));
    }
}

static void run_scene(const struct scene *scene)
{
    uint32_t aggregate_count = 0;
    const struct plan_aggregate *aggregates = make_aggregates(scene, &aggregate_count);
    struct pane_tree *tree = NULL;
    const struct pane_tree_options options = {.key_types = key_types,
                                              .key_count = 2,
                                              .aggregates = aggregates,
                                              .aggregate_count = aggregate_count,
                                              .window_panes = scene->window_panes,
                                              .ahead_panes = scene->ahead_panes,
                                              .pane_ticks = scene->pane_ticks};
    int64_t now = 1000 * scene->pane_ticks;
    struct pane_tree_left left = {0}, expected = {0};

    assert_null(pane_tree_create(&options, &tree));
    assert_null(pane_tree_advance(tree, now));
    row_count = 0;
    for (uint32_t tick = 0; tick < scene->ticks; tick++) {
        struct arena *scratch = arena_create(NULL);
        uint32_t count = (uint32_t)chance(scene->rows + 1U);
        struct row batch[BATCH_MAX];
        int64_t times[BATCH_MAX];
        struct column *keys[2], *values = NULL, *states[AGGREGATES_MAX];
        const struct column *arguments[AGGREGATES_MAX];
        int64_t window = (int64_t)scene->window_panes * scene->pane_ticks;
        int64_t ahead = (int64_t)scene->ahead_panes * scene->pane_ticks;
        uint64_t generation = scene->keys_leave == 0 ? 0 : tick / scene->keys_leave;
        assert_true(count <= BATCH_MAX);
        for (uint32_t i = 0; i < count; i++) { /* some too late, some too early */
            batch[i].time =
                now - window - scene->pane_ticks + (int64_t)chance((uint64_t)(window + ahead + 2 * scene->pane_ticks));
            batch[i].key = generation * scene->keys + chance(scene->keys);
            batch[i].value = (int64_t)chance(50) - 10;
            expected.late += batch[i].time < now - window;
            expected.ahead += batch[i].time >= now + ahead;
        }
        make_columns(scratch, batch, count, keys, &values, times);
        for (uint32_t a = 0, at = 0; a < aggregate_count; a++) {
            arguments[at] = values;
            at += aggregates[a].aggregate->argument_count;
        }
        if (count > 0 && scene->with_states) {
            for (uint32_t a = 0; a < aggregate_count; a++) {
                assert_true(aggregates[a].aggregate->argument_count == 1);
            }
            make_states(scratch, aggregates, aggregate_count, values, count, states);
            assert_null(pane_tree_add_states(tree, times, (const struct column *const *)keys, states, count, &left));
        } else if (count > 0) {
            assert_null(pane_tree_add(tree, times, (const struct column *const *)keys, arguments, count, &left));
        }
        for (uint32_t i = 0; i < count; i++) {
            if (batch[i].time >= now - window && batch[i].time < now + ahead) {
                assert_true(row_count < ROWS_MAX);
                rows[row_count++] = batch[i];
            }
        }
        compare(scene, tree, aggregates, aggregate_count, 0);
        uint64_t merges = pane_tree_merges(tree);
        compare(scene, tree, aggregates, aggregate_count, (uint32_t)chance(scene->window_panes + 1U));
        assert_true(pane_tree_merges(tree) - merges <= (uint64_t)pane_tree_keys(tree) * 36);
        now += (int64_t)chance(chance(8) == 0 ? (uint64_t)(window * 2) : (uint64_t)(2 * scene->pane_ticks));
        now -= now % scene->pane_ticks;
        assert_null(pane_tree_advance(tree, now + (int64_t)chance((uint64_t)scene->pane_ticks)));
        assert_int_equal(pane_tree_end(tree), now);
        assert_null(pane_tree_advance(tree, now - window)); /* does not go back */
        assert_int_equal(pane_tree_end(tree), now);
        arena_destroy(scratch);
    }
    assert_int_equal(left.late, expected.late);
    assert_int_equal(left.ahead, expected.ahead);
    if (scene->keys_leave > 0) {
        assert_true(pane_tree_keys(tree) < 3000); /* of many more that came */
    }
    pane_tree_destroy(tree);
}

static void test_equals_recomputation(void **state)
{
    static const struct scene scenes[] = {
        {"one pane", 1, 0, 10, 100, 20, 3, 0, false, {"count", "sum", "max"}},
        {"few panes", 3, 1, 1, 200, 20, 5, 0, false, {"count", "sum", "min", "max", "avg"}},
        {"five minutes", 300, 10, 1000, 200, 64, 40, 0, false, {"count", "sum", "max", "uniq"}},
        {"pointers", 37, 5, 7, 150, 40, 8, 0, false, {"quantile", "uniqExact", "count", "groupUniqArray"}},
        {"in the order of panes", 20, 4, 5, 150, 30, 4, 0, false, {"groupArray", "first_value", "last_value"}},
        {"as states", 16, 0, 3, 150, 30, 6, 0, true, {"sum", "quantile", "uniqExact", "groupArray"}},
        {"keys that leave", 4, 1, 2, 1500, 60, 500, 25, false, {"sum", "uniqExact"}},
        {"keys that leave, plain", 4, 1, 2, 1500, 60, 500, 25, false, {"sum", "max"}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(scenes) / sizeof(scenes[0]); i++) {
        run_scene(&scenes[i]);
    }
}

/* Each tick of a long window costs as many merges as one of a window half as long, and a few more. */
static void test_cost(void **state)
{
    static const uint32_t panes[] = {64, 1024, 16384};
    uint64_t cost[3];
    (void)state;
    for (uint32_t p = 0; p < 3; p++) {
        struct scene scene = {"cost", panes[p], 0, 1, 0, 0, 1, 0, false, {"sum"}};
        uint32_t count = 0;
        const struct plan_aggregate *aggregates = make_aggregates(&scene, &count);
        struct pane_tree *tree = NULL;
        const struct pane_tree_options options = {.key_types = key_types,
                                                  .key_count = 2,
                                                  .aggregates = aggregates,
                                                  .aggregate_count = count,
                                                  .window_panes = panes[p],
                                                  .pane_ticks = 1};
        uint64_t before = 0;
        assert_null(pane_tree_create(&options, &tree));
        for (int64_t now = 1; now <= (int64_t)panes[p] * 2 + 100; now++) {
            struct arena *scratch = arena_create(NULL);
            const struct row one = {now - 1, 7, now};
            struct column *keys[2], *values = NULL;
            struct chunk *got = NULL;
            struct pane_tree_left left = {0};
            int64_t time;
            if (now == (int64_t)panes[p] * 2 + 1) {
                before = pane_tree_merges(tree);
            }
            make_columns(scratch, &one, 1, keys, &values, &time);
            const struct column *argument = values;
            assert_null(pane_tree_advance(tree, now));
            assert_null(pane_tree_add(tree, &time, (const struct column *const *)keys, &argument, 1, &left));
            assert_null(pane_tree_result(tree, scratch, &got));
            arena_destroy(scratch);
        }
        cost[p] = pane_tree_merges(tree) - before;
        pane_tree_destroy(tree);
        assert_true(cost[p] <= 100 * 3 * (6 + (uint64_t)p * 4));
    }
    assert_true(cost[2] < cost[0] * 3);
}

static void test_no_keys(void **state)
{
    struct scene scene = {"no keys", 5, 0, 1, 0, 0, 1, 0, false, {"count", "sum"}};
    uint32_t count = 0;
    const struct plan_aggregate *aggregates = make_aggregates(&scene, &count);
    struct pane_tree *tree = NULL;
    const struct pane_tree_options options = {
        .aggregates = aggregates, .aggregate_count = count, .window_panes = 5, .pane_ticks = 1};
    (void)state;
    assert_null(pane_tree_create(&options, &tree));
    assert_null(pane_tree_advance(tree, 0));
    for (int64_t now = 1; now < 20; now++) {
        struct arena *scratch = arena_create(NULL);
        const int64_t time = now - 1;
        struct column *values = column_const(scratch, type_simple(TYPE_INT64), &now, 1);
        const struct column *arguments[1] = {values};
        struct chunk *got = NULL;
        struct pane_tree_left left = {0};
        assert_null(pane_tree_advance(tree, now));
        assert_null(pane_tree_add(tree, &time, NULL, arguments, 1, &left));
        assert_null(pane_tree_result(tree, scratch, &got));
        int64_t first = now < 5 ? 1 : now - 4;
        assert_int_equal(*(const uint64_t *)column_value(got->columns[0], 0), now - first + 1);
        assert_int_equal(*(const int64_t *)column_value(got->columns[1], 0), (first + now) * (now - first + 1) / 2);
        arena_destroy(scratch);
    }
    struct arena *scratch = arena_create(NULL);
    struct chunk *got = NULL;
    assert_null(pane_tree_advance(tree, 1000));
    assert_null(pane_tree_result(tree, scratch, &got));
    assert_null(got);
    arena_destroy(scratch);
    pane_tree_destroy(tree);
}

static void test_budget(void **state)
{
    struct scene scene = {"budget", 64, 0, 1, 0, 0, 1, 0, false, {"uniqExact", "sum"}};
    uint32_t count = 0;
    const struct plan_aggregate *aggregates = make_aggregates(&scene, &count);
    struct budget budget;
    struct pane_tree *tree = NULL;
    struct err *err = NULL;
    (void)state;
    budget_init(&budget, "test", (uint64_t)4 << 20, NULL);
    const struct pane_tree_options options = {.key_types = key_types,
                                              .key_count = 2,
                                              .aggregates = aggregates,
                                              .aggregate_count = count,
                                              .window_panes = 64,
                                              .pane_ticks = 1,
                                              .budget = &budget};
    assert_null(pane_tree_create(&options, &tree));
    assert_null(pane_tree_advance(tree, 64));
    for (uint32_t i = 0; i < 100000 && err == NULL; i++) {
        struct arena *scratch = arena_create(NULL);
        const struct row one = {i % 64, i, i};
        struct column *keys[2], *values = NULL;
        const struct column *arguments[2];
        struct chunk *got = NULL;
        struct pane_tree_left left = {0};
        int64_t time;
        make_columns(scratch, &one, 1, keys, &values, &time);
        arguments[0] = arguments[1] = values;
        err = pane_tree_add(tree, &time, (const struct column *const *)keys, arguments, 1, &left);
        if (err == NULL && i % 1000 == 0) {
            err = pane_tree_result(tree, scratch, &got);
        }
        arena_destroy(scratch);
    }
    assert_non_null(err);
    assert_int_equal(err_code(err), ERR_MEMORY_LIMIT);
    err_free(err);
    pane_tree_destroy(tree);
    assert_true(budget_take(&budget, (uint64_t)4 << 20)); /* all came back */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_equals_recomputation), cmocka_unit_test(test_cost),
                                       cmocka_unit_test(test_no_keys), cmocka_unit_test(test_budget)};
    arena = arena_create(NULL);
    rows = malloc(ROWS_MAX * sizeof(*rows));
    key_types[0] = type_simple(TYPE_UINT64);
    key_types[1] = type_simple(TYPE_STRING);
    int failed = rows == NULL || arena == NULL ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
    free(rows);
    arena_destroy(arena);
    return failed;
}
