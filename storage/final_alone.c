/*
 * final_alone.c: granules that FINAL reads as they are: of segments whose rows were combined by a merge, where no other
 * segment or head has keys.
 *
 * flow     final_plan.c → here, after final_keys.c
 * engines  that keep one row of a key, and show it as it is: with is_deleted, a sign or a version of rows that go in
 *          pairs even a merged segment says more than FINAL does
 * compared by the first column of the key alone: a granule [a, b] of it is alone when no source's [lo, hi] touches it.
 *          With rows combined within their partition, sources of other partitions do not count; heads always do
 */
#include "storage/final_private.h"

#include "base/interrupt.h"

#include <stdlib.h>

#define OTHERS_MAX 64U

/* A segment. Sorted by partition, then by lo. */
struct span {
    struct final_source *source;
    struct slice partition;               /* empty, where partitions do not matter */
    uint32_t index;                       /* of the source */
    const struct span *furthest, *second; /* of this and those before it in the partition; or NULL */
};

struct alone {
    struct final_plan *plan;
    struct span *spans; /* of segments whose keys are known */
    uint32_t span_count;
    struct final_source **others; /* heads, groups: they count everywhere */
    uint32_t other_count;
};

static bool kind_shows_all(const struct combining *combining)
{
    return (combining->kind == COMBINING_REPLACING && combining->deleted < 0) || combining->kind == COMBINING_SUMMING ||
           combining->kind == COMBINING_AGGREGATING;
}

/* Has it one row of each key, or fewer? A first merge may only have split what mixed partitions. */
static bool was_combined(const struct final_plan *plan, const struct ledger_segment *info)
{
    return info->level > (final_def(plan)->partition_by[0] == 0 ? 0 : 1) &&
           !slice_equal(info->partition, slice_text("*"));
}

static int by_partition_and_lo(const void *left, const void *right)
{
    const struct span *a = left, *b = right;
    int order = slice_compare(a->partition, b->partition);
    order = order == 0 ? final_compare(a->source->lo, b->source->lo) : order;
    return order == 0 ? (a->index > b->index) - (a->index < b->index) : order;
}

/* Does a reach further than b? Either may be NULL: nowhere. */
static bool reaches_further(const struct span *a, const struct span *b)
{
    if (a == NULL || b == NULL) {
        return a != NULL;
    }
    if (a->source->hi.column == NULL || b->source->hi.column == NULL) {
        return b->source->hi.column != NULL;
    }
    return final_compare(a->source->hi, b->source->hi) > 0;
}

static void find_furthest(struct alone *alone)
{
    for (uint32_t i = 0; i < alone->span_count; i++) {
        struct span *span = &alone->spans[i];
        const struct span *before = i > 0 ? &alone->spans[i - 1] : NULL;
        if (before == NULL || !slice_equal(before->partition, span->partition)) {
            span->furthest = span;
            continue;
        }
        bool first = reaches_further(span, before->furthest);
        span->furthest = first ? span : before->furthest;
        span->second = first ? before->furthest : reaches_further(span, before->second) ? span : before->second;
    }
}

/* Has some other source keys within [from, to]? to.column NULL: it is not known how far the unit reaches. */
static bool is_touched(const struct alone *alone, const struct span *span, struct final_value from,
                       struct final_value to)
{
    uint32_t low = 0, high = alone->span_count;
    for (uint32_t i = 0; i < alone->other_count; i++) {
        const struct final_source *other = alone->others[i];
        bool below = other->hi.column != NULL && final_compare(other->hi, from) < 0;
        bool above = other->lo.column != NULL && to.column != NULL && final_compare(other->lo, to) > 0;
        if (!below && !above) {
            return true;
        }
    }
    while (low < high) { /* spans of the partition that begin up to there */
        uint32_t middle = low + (high - low) / 2;
        const struct span *at = &alone->spans[middle];
        int order = slice_compare(at->partition, span->partition);
        if (order < 0 || (order == 0 && (to.column == NULL || final_compare(at->source->lo, to) <= 0))) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    ASSERT(low > 0); /* its own begins there */
    const struct span *last = &alone->spans[low - 1];
    const struct span *other = last->furthest == span ? last->second : last->furthest;
    return other != NULL && (other->source->hi.column == NULL || final_compare(other->source->hi, from) >= 0);
}

static struct err *mark_units(const struct alone *alone, const struct span *span)
{
    struct err *err = NULL;
    struct final_source *source = span->source;
    uint8_t *marks = arena_zalloc(alone->plan->arena, source->unit_count + 1U);

    if (marks == NULL) {
        return arena_error(alone->plan->arena);
    }
    OR_DONE(interrupt_check());
    for (uint32_t u = 0; u < source->unit_count; u++) {
        struct final_value from = {source->firsts[0], u}, to = {source->firsts[0], u + 1};
        marks[u] = !is_touched(alone, span, from, u + 1 < source->unit_count ? to : source->hi);
    }
    source->alone = marks;
done:
    return err;
}

struct err *final_find_alone(struct final_plan *plan)
{
    struct err *err = NULL;
    struct arena *work = NULL;
    struct alone alone = {.plan = plan};

    if (!kind_shows_all(plan->combining) || plan->prefix_count == 0) {
        return NULL;
    }
    work = arena_beside(plan->arena);
    alone.spans = work == NULL ? NULL : arena_zalloc(work, (plan->source_count + 1U) * sizeof(*alone.spans));
    alone.others = work == NULL ? NULL : ARENA_ARRAY(work, struct final_source *, plan->source_count + 1U);
    if (alone.spans == NULL || alone.others == NULL) {
        err = work == NULL ? err_oom() : arena_error(work);
        goto done;
    }
    for (uint32_t i = 0; i < plan->source_count; i++) {
        struct final_source *source = &plan->sources[i];
        const struct ledger_segment *info = final_segment(plan, source);
        if (info == NULL || source->firsts == NULL || slice_equal(info->partition, slice_text("*"))) {
            alone.others[alone.other_count++] = source;
        } else {
            struct slice partition = plan->request->by_partition ? info->partition : slice_text("");
            alone.spans[alone.span_count++] = (struct span){.source = source, .partition = partition, .index = i};
        }
    }
    if (alone.other_count > OTHERS_MAX) {
        goto done; /* each is looked at for each granule */
    }
    qsort(alone.spans, alone.span_count, sizeof(*alone.spans), by_partition_and_lo);
    find_furthest(&alone);
    for (uint32_t i = 0; i < alone.span_count; i++) {
        if (was_combined(plan, final_segment(plan, alone.spans[i].source))) {
            OR_DONE(mark_units(&alone, &alone.spans[i]));
        }
    }
done:
    arena_destroy(work);
    return err;
}
