/*
 * scan_runs.c: a scan that goes through runs of units, with the partial-result cache (query/partial_groups.h).
 *
 * set      the fixed units of a run of which the zones leave the same conditions open. Its groups are kept under its
 *          places: a query that finds the same set again merges one entry.
 * node     2^n places, from a multiple of 2^n on, that all belong to the set. A set is made of the largest ones, and
 *          each of more than one unit is kept too: when the edge of a time window moves over a run, or a head grows,
 *          the set is another one each time, but most of its nodes are there. What is not there is computed from nodes
 *          half as large that are, and from units. So the edge's way over a run reads a unit a few times, once for
 *          each size of nodes at most, not once for each step.
 * loose    units that are not fixed, the last chunk of a head, are read
 * workers  the first one begins alone: mostly there is little left to read
 */
#include "query/scan_plan.h"

typedef unsigned __int128 places;
static_assert(SOURCE_RUN_UNITS == 128, "a bit for each place");

#define LEVELS 7U /* 2^LEVELS places are a run */
/* So many units are read, or entries are merged, by one worker before the others are called. */
#define UNITS_ALONE   4U
#define ENTRIES_ALONE 100U

struct unit_set {
    uint64_t open; /* a bit for each condition */
    places places;
    uint32_t count; /* of places */
};

/* What a worker knows of the run that it is in. */
struct run_work {
    struct scan_plan *scan;
    struct worker *worker;
    struct evaluator *const *evaluators;
    bool *stop;
    struct source_run run;
    places exist;                           /* places that the run has when it is whole */
    uint8_t unit_at[SOURCE_RUN_UNITS];      /* place → unit */
    struct unit_set sets[SOURCE_RUN_UNITS]; /* of fixed units */
    uint32_t set_count;
    uint8_t loose[SOURCE_RUN_UNITS]; /* units */
    uint32_t loose_count;
    struct digest conditions; /* left open, of the set that is worked on */
    uint64_t rows;            /* behind the groups that are being made */
    bool has_read;            /* since partial_begin */
    uint32_t units_read, entries_taken;
};

/* Has it been cut short, by a limit or by an error? */
static bool is_over(const struct run_work *work)
{
    return *work->stop || atomic_load_explicit(&work->scan->stopped, memory_order_relaxed);
}

static places places_from(uint32_t first, uint32_t count)
{
    places all = ~(places)0;
    return (count == SOURCE_RUN_UNITS ? all : ((places)1 << count) - 1) << first;
}

/* Which units the zones leave, and what they leave open. */
static struct err *run_sort(struct run_work *work)
{
    struct err *err = NULL;
    struct scan_plan *scan = work->scan;
    uint8_t decided[CONJUNCTS_MAX];
    work->set_count = work->loose_count = 0;
    for (uint32_t i = 0; i < work->run.unit_count; i++) {
        struct source_unit unit = {0};
        struct unit_work one = {.scan = scan, .worker = work->worker, .unit = &unit, .decided = decided};
        uint32_t place;
        uint64_t open = 0;
        bool none;
        uint32_t k = work->set_count;
        scan->scan->operations->run_unit(scan->scan, &work->run, i, &unit, &place);
        memset(decided, 0, sizeof(decided));
        OR_DONE(unit_zones(&one, &none));
        if (none) {
            atomic_fetch_add_explicit(&scan->execution->progress->units_skipped, 1, memory_order_relaxed);
            continue;
        }
        if (!unit.fixed) {
            work->loose[work->loose_count++] = (uint8_t)i;
            continue;
        }
        for (uint32_t c = 0; c < scan->conjunct_count; c++) {
            open |= (uint64_t)!decided[c] << c;
        }
        while (k > 0 && work->sets[k - 1].open != open) { /* mostly the last one */
            k--;
        }
        if (k == 0) {
            k = ++work->set_count;
            work->sets[k - 1] = (struct unit_set){.open = open};
        }
        work->sets[k - 1].places |= (places)1 << place;
        work->sets[k - 1].count++;
        work->unit_at[place] = (uint8_t)i;
    }
    arena_reset(work->worker->scratch);
done:
    return err;
}

static struct err *unit_read(struct run_work *work, uint32_t index)
{
    struct err *err = NULL;
    struct source_unit_scan *source = work->scan->scan;
    struct source_unit unit = {0};
    uint32_t place;
    if (is_over(work)) {
        return NULL;
    }
    OR_DONE(execution_check(work->scan->execution));
    source->operations->run_unit(source, &work->run, index, &unit, &place);
    err = unit_run(work->scan, work->worker, &unit, work->evaluators, work->stop);
    if (source->operations->release != NULL) {
        source->operations->release(source, &unit);
    }
    work->rows += unit.row_count;
    work->has_read = true;
    if (++work->units_read == UNITS_ALONE) {
        execution_call_others(work->worker);
    }
    arena_reset(work->worker->scratch);
done:
    return err;
}

static struct err *units_read(struct run_work *work, places some)
{
    struct err *err = NULL;
    for (uint32_t place = 0; place < work->run.place_count; place++) {
        if ((some >> place & 1) != 0) {
            OR_DONE(unit_read(work, work->unit_at[place]));
        }
    }
done:
    return err;
}

static struct digest key_of(const struct run_work *work, places some)
{
    const uint64_t words[2] = {(uint64_t)some, (uint64_t)(some >> 64)};
    return partial_key(work->scan->partial, &work->run, work->conditions, words);
}

static struct err *take(struct run_work *work, places some, bool *found)
{
    uint64_t rows = 0;
    struct err *err = partial_take(work->scan->partial, work->worker, key_of(work, some), &rows, found);
    work->rows += rows;
    if (*found && ++work->entries_taken == ENTRIES_ALONE) {
        execution_call_others(work->worker);
    }
    return err;
}

/* What is pushed until `keep` goes into groups of their own. */
struct begun {
    uint64_t rows;
    bool has_read;
};

static struct err *begin(struct run_work *work, struct begun *before)
{
    *before = (struct begun){work->rows, work->has_read};
    work->rows = 0;
    work->has_read = false;
    return partial_begin(work->scan->partial, work->worker);
}

static struct err *keep(struct run_work *work, places some, const struct begun *before)
{
    /* a few places say little: their groups may be many, and hardly more in all of the run */
    uint32_t count =
        (uint32_t)__builtin_popcountll((uint64_t)some) + (uint32_t)__builtin_popcountll((uint64_t)(some >> 64));
    bool decides = count * 2 >= work->run.place_count;
    struct err *err = partial_end(work->scan->partial, work->worker, key_of(work, some),
                                  is_over(work) ? NULL : &work->run, work->rows, work->has_read, decides);
    work->rows += before->rows;
    work->has_read = before->has_read;
    return err;
}

/* The places of a node that exist, all of the set: from kept nodes below it, and from units. */
static struct err *node_make(struct run_work *work, uint32_t first, uint32_t level)
{
    struct err *err = NULL;
    if (level == 0) {
        return units_read(work, places_from(first, 1) & work->exist);
    }
    for (uint32_t half = first; half < first + (1U << level); half += 1U << (level - 1)) {
        places some = places_from(half, 1U << (level - 1)) & work->exist;
        bool found = false;
        if (level > 1 && some != 0) {
            OR_DONE(take(work, some, &found));
        }
        if (!found && some != 0) {
            OR_DONE(node_make(work, half, level - 1));
        }
    }
done:
    return err;
}

/* The set's places in this node: as a node, or as what is in its halves. */
static struct err *nodes_take(struct run_work *work, places set, uint32_t first, uint32_t level)
{
    struct err *err = NULL;
    places all = places_from(first, 1U << level) & work->exist;
    struct begun before;
    bool found = false;
    if ((set & all) == 0) {
        return NULL;
    }
    if (level == 0 || partial_session_is_off(work->scan->partial)) {
        return units_read(work, set & all);
    }
    if ((set & all) != all) {
        OR_DONE(nodes_take(work, set, first, level - 1));
        return nodes_take(work, set, first + (1U << (level - 1)), level - 1);
    }
    if (set == all) { /* kept as the set */
        return node_make(work, first, level);
    }
    OR_DONE(take(work, all, &found));
    if (!found) {
        OR_DONE(begin(work, &before));
        OR_DONE(node_make(work, first, level));
        OR_DONE(keep(work, all, &before));
    }
done:
    return err;
}

static struct err *set_take(struct run_work *work, const struct unit_set *set)
{
    struct err *err = NULL;
    struct begun before;
    bool found = false;
    if (partial_session_is_off(work->scan->partial)) {
        return units_read(work, set->places);
    }
    work->conditions = (struct digest){0, 0};
    for (uint32_t c = 0; c < work->scan->conjunct_count; c++) {
        if ((set->open >> c & 1) != 0) {
            work->conditions.low += work->scan->conjuncts[c].digest.low;
            work->conditions.high += work->scan->conjuncts[c].digest.high;
        }
    }
    OR_DONE(take(work, set->places, &found));
    if (found) {
        return NULL;
    }
    OR_DONE(begin(work, &before));
    OR_DONE(nodes_take(work, set->places, 0, LEVELS));
    OR_DONE(keep(work, set->places, &before));
done:
    return err;
}

struct err *scan_runs(struct scan_plan *scan, struct worker *worker, struct evaluator *const *evaluators, bool *stop)
{
    struct err *err = NULL;
    struct run_work *work = ARENA_NEW(worker->arena, struct run_work);
    if (work == NULL) {
        return arena_error(worker->arena);
    }
    work->scan = scan;
    work->worker = worker;
    work->evaluators = evaluators;
    work->stop = stop;
    while (!is_over(work) && scan->scan->operations->next_run(scan->scan, &work->run)) {
        OR_DONE(execution_check(scan->execution));
        work->exist = places_from(0, work->run.place_count);
        OR_DONE(run_sort(work));
        for (uint32_t k = 0; k < work->set_count && !is_over(work); k++) {
            OR_DONE(set_take(work, &work->sets[k]));
        }
        for (uint32_t k = 0; k < work->loose_count; k++) {
            OR_DONE(unit_read(work, work->loose[k]));
        }
    }
done:
    return err;
}

struct err *scan_runs_prepare(struct scan_plan *scan)
{
    struct err *err = NULL;
    struct digest all = {0, 0};
    bool settled = scan->scan->operations->next_run != NULL;
    for (uint32_t c = 0; c < scan->conjunct_count && settled; c++) {
        struct conjunct *conjunct = &scan->conjuncts[c];
        OR_DONE(expression_digest(scan->execution->arena, conjunct->expression, scan->plan->source_columns,
                                  &conjunct->digest, &settled));
        all.low += conjunct->digest.low;
        all.high += conjunct->digest.high;
    }
    if (!settled || !partial_session_goes_on(scan->partial, all)) {
        scan->partial = NULL;
    }
done:
    return err;
}
