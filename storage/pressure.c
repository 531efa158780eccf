/*
 * pressure.c: see pressure.h.
 */
#include "storage/pressure.h"

#include "base/clock.h"
#include "base/metrics.h"
#include "storage/compactor.h"
#include "storage/merge.h"

#include <stdlib.h>

#define PARTITIONS_MAX 16U /* of a commit that are looked at */

METRIC_SECONDS(delay, "weir_commit_delay_seconds", "how long commits waited for merges, those that did");
METRIC_COUNTER(refused, "weir_inserts_refused_total", "INSERTs that failed because a partition had too many segments");

void pressure_set(struct store *store, uint32_t delay_from, uint32_t throw_from)
{
    struct tables *tables = tables_of(store);
    if (tables == NULL) {
        return;
    }
    lock_take(&tables->lock);
    tables->delay_from = delay_from;
    tables->throw_from = throw_from;
    condition_broadcast(&tables->changed);
    lock_give(&tables->lock);
    tables_unref(tables);
}

static bool is_in(const struct table_segment *segment, struct slice partition)
{
    return slice_equal(segment->info.partition, partition) && table_segment_damage(segment) == NULL;
}

/* Of the partition, how many segments writers wait for; count: it has so many. */
static uint32_t waiting(const struct table_version *version, struct slice partition, uint32_t count)
{
    struct table_segment **list = calloc((size_t)count + 1, sizeof(struct table_segment *));
    uint32_t n = 0;
    for (uint32_t i = 0; list != NULL && i < version->segment_count; i++) {
        if (n < count && is_in(version->segments[i], partition)) {
            list[n++] = version->segments[i];
        }
    }
    n = list == NULL ? 0 : merge_policy_waiting(list, n, MERGE_ROWS_MAX);
    free(list);
    return n;
}

/* Segments that writers wait for in the fullest of these partitions. More than delay_from: exact. */
static uint32_t fullest(struct table *table, const struct slice *partitions, uint32_t partition_count,
                        uint32_t delay_from)
{
    uint32_t counts[PARTITIONS_MAX] = {0}, most = 0;
    struct table_version *version = table_version_take(table);
    for (uint32_t i = 0; version->segment_count > delay_from && i < version->segment_count; i++) {
        for (uint32_t k = 0; k < partition_count; k++) {
            if (is_in(version->segments[i], partitions[k])) {
                counts[k]++;
                break;
            }
        }
    }
    for (uint32_t k = 0; k < partition_count; k++) {
        if (counts[k] > delay_from && counts[k] > most) {
            uint32_t n = waiting(version, partitions[k], counts[k]);
            most = n > most ? n : most;
        }
    }
    table_version_unref(version);
    return most;
}

static uint32_t distinct_partitions(const struct ledger_segment *added, uint32_t count,
                                    struct slice partitions[PARTITIONS_MAX])
{
    uint32_t found = 0;
    for (uint32_t i = 0; i < count && found < PARTITIONS_MAX; i++) {
        uint32_t k = 0;
        while (k < found && !slice_equal(partitions[k], added[i].partition)) {
            k++;
        }
        if (k == found && !slice_equal(added[i].partition, slice_text("*"))) { /* mixed ones are split, not merged */
            partitions[found++] = added[i].partition;
        }
    }
    return found;
}

void pressure_wait(struct table *table, const struct ledger_segment *added, uint32_t count)
{
    struct tables *tables = table->tables;
    struct slice partitions[PARTITIONS_MAX];
    uint32_t partition_count = distinct_partitions(added, count, partitions);
    uint64_t begin = clock_monotonic_us(), waited = 0;
    bool wait = true, slept = false;

    while (wait) {
        lock_take(&tables->lock);
        uint32_t delay_from = table->mutating ? 0 : tables->delay_from;
        lock_give(&tables->lock);
        if (delay_from == 0) {
            break;
        }
        uint32_t segments = fullest(table, partitions, partition_count, delay_from);
        waited = clock_monotonic_us() - begin;
        lock_take(&tables->lock);
        crowd_see(&table->crowd, segments, delay_from, begin + waited);
        bool pressed = crowd_is_pressed(&table->crowd, begin + waited);
        uint64_t delay = pressed && tables->delay_from > 0 ? crowd_delay_us(segments, delay_from) : 0;
        wait = waited < delay;
        slept = slept || wait;
        if (wait) {
            (void)condition_wait_for(&tables->changed, &tables->lock, delay - waited);
        }
        lock_give(&tables->lock);
    }
    if (slept) {
        metric_observe_us(&metric_delay, waited);
    }
}

struct err *pressure_check(struct table *table)
{
    struct err *err = NULL;
    struct tables *tables = table->tables;
    struct merges_due due = {0};
    struct table_def *def = NULL;

    lock_take(&tables->lock);
    uint32_t throw_from = tables->delay_from == 0 || table->mutating ? 0 : tables->throw_from;
    bool full = throw_from > 0 && table->crowd.segments > throw_from;
    lock_give(&tables->lock);
    if (!full) {
        goto done;
    }
    OR_DONE(merges_due(table, &due)); /* the last commit saw too many; merges may have made them fewer since */
    lock_take(&tables->lock);
    table->crowd.segments = due.fullest;
    lock_give(&tables->lock);
    if (due.fullest > throw_from) {
        metric_add(&metric_refused, 1);
        def = table_definition(table);
        err = err_new(ERR_TOO_MANY_PARTITIONS,
                      "Too many parts (%u) in a partition of %s.%s: merges are slower than inserts", due.fullest,
                      def->database, def->name);
    }
done:
    table_def_unref(def);
    return err;
}

bool pressure_is_on(struct table *table)
{
    lock_take(&table->tables->lock);
    bool on = table->tables->delay_from > 0 && crowd_is_pressed(&table->crowd, clock_monotonic_us());
    lock_give(&table->tables->lock);
    return on;
}
