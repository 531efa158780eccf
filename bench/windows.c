/*
 * windows.c: what a tick of a sliding window costs (query/pane_tree.h): rows of each key come, the window moves on by a
 * pane, all keys' values are asked for. Processor time a tick in ms: all of it; of that the rows, and the answer; the
 * 99th percentile of all; beside it a recomputation of the window from its rows. One line per window, tab-separated.
 *
 * windows   1,000 keys, a row of each key and tick; panes of a tick: 60, 300, 3,600, 16,384 of them
 * functions counters (count, sum, avg, max), whose states are plain; and ones that hold pointers (quantile, uniqExact)
 */
#include "base/timezone.h"
#include "query/pane_tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define KEYS      1000U
#define TICKS     400U
#define TICKS_FEW 20U

static double cpu_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void must(struct err *err)
{
    if (err != NULL) {
        (void)fprintf(stderr, "windows: %s\n", err_message(err));
        exit(1);
    }
}

static void *there(void *memory)
{
    if (memory == NULL) {
        (void)fputs("windows: out of memory\n", stderr);
        exit(1);
    }
    return memory;
}

static int compare_double(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

struct rows {
    int64_t times[KEYS];
    struct column *key;
    struct column *value;
};

static void make_rows(struct arena *arena, int64_t time, struct rows *rows)
{
    rows->key = there(column_new(arena, type_simple(TYPE_UINT64), KEYS));
    rows->value = there(column_new(arena, type_simple(TYPE_INT64), KEYS));
    for (uint32_t i = 0; i < KEYS; i++) {
        rows->times[i] = time;
        ((uint64_t *)rows->key->values)[i] = i;
        ((int64_t *)rows->value->values)[i] = (int64_t)(((uint64_t)time * KEYS + i) * 0x9E3779B97F4A7C15U >> 40);
    }
}

/* ms: from the rows of the window's panes, all of them in memory */
static double recompute(const struct plan_aggregate *aggregates, uint32_t count, uint32_t panes)
{
    struct arena *arena = there(arena_create(NULL));
    struct pane_states layout;
    uint32_t groups[KEYS];
    must(pane_states_of(arena, aggregates, count, &layout));
    char *states = there(arena_zalloc(arena, (size_t)KEYS * layout.stride));
    for (uint32_t i = 0; i < KEYS; i++) {
        groups[i] = i;
    }
    struct rows *rows = there(arena_alloc(arena, sizeof(*rows)));
    struct column **out = there(ARENA_ARRAY(arena, struct column *, count));
    double spent = 0;
    make_rows(arena, 0, rows);
    for (uint32_t p = 0; p < panes; p++) {
        const struct column *argument = rows->value;
        double begin = cpu_ms();
        for (uint32_t a = 0; a < count; a++) {
            must(aggregates[a].aggregate->add(aggregates[a].aggregate, arena, arena, states + layout.offsets[a],
                                              layout.stride, groups, &argument, KEYS));
        }
        spent += cpu_ms() - begin;
    }
    double begin = cpu_ms();
    must(pane_states_finish(&layout, arena, states, KEYS, out));
    spent += cpu_ms() - begin;
    arena_destroy(arena);
    return spent;
}

static void run(const char *name, const char *const *functions, uint32_t panes, uint32_t ticks)
{
    static const struct type *key_type;
    static double each[TICKS];
    struct arena *arena = there(arena_create(NULL));
    struct function_context context = {.zone = timezone_utc()};
    struct plan_aggregate *aggregates = there(arena_zalloc(arena, 8 * sizeof(*aggregates)));
    uint32_t count = 0;
    struct pane_tree *tree = NULL;
    struct pane_tree_left left = {0};
    double adding = 0, answering = 0, all = 0;

    key_type = type_simple(TYPE_UINT64);
    for (; functions[count] != NULL; count++) {
        const struct function_argument argument = {type_simple(TYPE_INT64), NULL};
        must(aggregate_resolve(arena, &context, slice_text(functions[count]), NULL, 0, &argument,
                               strcmp(functions[count], "count") != 0, &aggregates[count].aggregate));
    }
    const struct pane_tree_options options = {.key_types = &key_type,
                                              .key_count = 1,
                                              .aggregates = aggregates,
                                              .aggregate_count = count,
                                              .window_panes = panes,
                                              .ahead_panes = 2,
                                              .pane_ticks = 1};
    must(pane_tree_create(&options, &tree));
    must(pane_tree_advance(tree, 0));
    for (uint32_t tick = 0; tick < panes + ticks; tick++) {
        struct arena *scratch = there(arena_create(NULL));
        struct rows *rows = there(arena_alloc(scratch, sizeof(*rows)));
        const struct column *arguments[8];
        struct chunk *chunk = NULL;
        uint32_t argument_count = 0;
        make_rows(scratch, tick, rows);
        for (uint32_t a = 0; a < count; a++) {
            if (aggregates[a].aggregate->argument_count > 0) {
                arguments[argument_count++] = rows->value;
            }
        }
        const struct column *const keys[1] = {rows->key};
        double begin = cpu_ms();
        must(pane_tree_add(tree, rows->times, keys, arguments, KEYS, &left));
        must(pane_tree_advance(tree, tick + 1));
        double between = cpu_ms();
        if (tick >= panes) { /* nobody asks while the window fills */
            must(pane_tree_result(tree, scratch, &chunk));
        }
        double end = cpu_ms();
        if (tick > panes) { /* the first answer makes all nodes */
            adding += between - begin;
            answering += end - between;
            each[tick - panes - 1] = end - begin;
            all += end - begin;
        }
        arena_destroy(scratch);
    }
    uint32_t counted = ticks - 1;
    qsort(each, counted, sizeof(*each), compare_double);
    double again = recompute(aggregates, count, panes);
    printf("%s\t%u\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\t%.1f\n", name, panes, all / counted, adding / counted,
           answering / counted, each[counted * 99 / 100], again, again / (all / counted));
    pane_tree_destroy(tree);
    arena_destroy(arena);
}

int main(void)
{
    static const char *const counters[] = {"count", "sum", "avg", "max", NULL};
    static const char *const single[] = {"avg", NULL};
    static const char *const pointers[] = {"quantile", "uniqExact", NULL};
    printf("functions\tpanes\ttick ms\trows ms\tanswer ms\tp99 ms\trecomputed ms\ttimes\n");
    for (uint32_t panes = 60; panes <= 3600; panes = panes == 60 ? 300 : panes * 12) {
        run("avg", single, panes, TICKS);
        run("count, sum, avg, max", counters, panes, TICKS);
        if (panes <= 300) {
            run("quantile, uniqExact", pointers, panes, TICKS_FEW);
        }
    }
    run("avg", single, 16384, TICKS);
    return 0;
}
