/*
 * compactor.c: what a merge commits; OPTIMIZE.
 *
 * flow     compactor_lanes.c, OPTIMIZE → merge_choose.c → merge.c → ledger → the table's next version
 * owns     a merge's output pack until the ledger names it
 */
#include "storage/compactor.h"

#include "base/metrics.h"
#include "base/clock.h"
#include "base/interrupt.h"
#include "base/io.h"
#include "base/log.h"
#include "storage/draft_private.h"
#include "storage/flush.h"
#include "storage/block_cache.h"
#include "storage/insert.h"
#include "storage/merge.h"
#include "storage/quarantine.h"
#include "storage/retention.h"
#include "storage/segment.h"
#include "storage/verify.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MIXED_SPLIT_MAX    4096U
#define VERIFY_CACHE_BYTES ((uint64_t)8 << 20)

/* ---- running */
/* Of what is inserted when its rows were, where that counts: the last input's place. */
static struct insertion_place merge_place(const struct merge *merge)
{
    enum combining_kind kind;
    const struct ledger_segment *last = &merge->inputs[0]->info;
    if (!engine_combines(merge->def->engine, &kind)) {
        return (struct insertion_place){0};
    }
    for (uint32_t i = 1; i < merge->input_count; i++) {
        last = ledger_segment_order(last, &merge->inputs[i]->info) < 0 ? &merge->inputs[i]->info : last;
    }
    return ledger_segment_place(last);
}

static void release_reader(void *reader)
{
    segment_unref(reader);
}

/* A mixed segment becomes one segment per partition. */
static struct err *mixed_split(struct merge *merge, struct arena *arena, struct pack_writer *pack, uint64_t pack_number,
                               struct ledger_segment **out, uint32_t *out_count)
{
    struct err *err = NULL;
    struct segment *reader = NULL;
    struct flush_rows rows = {
        .table = merge->table, .def = merge->def, .split_max = merge->level == 1 ? MIXED_SPLIT_MAX : UINT32_MAX / 2};
    const struct row_set *deleted = NULL;

    OR_DONE(table_segment_open(merge->inputs[0], &reader));
    if (!arena_on_destroy(arena, release_reader, reader)) { /* chunks have its dictionaries */
        segment_unref(reader);
        err = arena_error(arena);
        goto done;
    }
    OR_DONE(table_segment_deleted(merge->inputs[0], &deleted));
    uint32_t granules = segment_granule_count(reader), count = 0;
    struct chunk **chunks = ARENA_ARRAY(arena, struct chunk *, granules + 1);
    if (chunks == NULL) {
        err = arena_error(arena);
        goto done;
    }
    for (uint32_t g = 0; g < granules; g++) {
        OR_DONE(merge_read(merge, 0, reader, arena, g, &chunks[count]));
        atomic_fetch_add(&merge->rows_read, segment_granule_rows(reader, g));
        count += chunks[count]->row_count > 0 ? 1 : 0;
    }
    rows.chunks = chunks;
    rows.chunk_count = count;
    OR_DONE(flush_rows(arena, &rows, pack, pack_number, 0, out, out_count));
    for (uint32_t i = 0; i < *out_count; i++) {
        (*out)[i].place = merge_place(merge);
        (*out)[i].level = merge->level;
        atomic_fetch_add(&merge->rows_written, (*out)[i].row_count);
    }
done:
    return err;
}

static struct err *merge_segments(struct merge *merge, struct arena *arena, struct pack_writer *pack,
                                  uint64_t pack_number, struct ledger_segment **out, uint32_t *out_count)
{
    struct err *err = NULL;
    struct segment_summary summary;
    struct ledger_segment *segment = ARENA_NEW(arena, struct ledger_segment);
    int64_t expires = INT64_MIN;

    if (segment == NULL) {
        err = arena_error(arena);
        goto done;
    }
    for (uint32_t i = 0; i < merge->input_count; i++) {
        int64_t of_input = atomic_load(&merge->inputs[i]->expires_at_us);
        expires = of_input > expires ? of_input : expires;
    }
    OR_DONE(merge_write(merge, pack, &summary));
    *out = segment;
    *out_count = summary.row_count == 0 ? 0 : 1;
    *segment = (struct ledger_segment){
        .table_id = merge->table->id,
        .pack = pack_number,
        .offset = summary.offset,
        .length = summary.length,
        .row_count = summary.row_count,
        .row_sum = summary.row_sum,
        .footer_hash = summary.footer_hash,
        .schema_version = merge->def->schema_version,
        .level = merge->level,
        .time_min_us = summary.time_min_us,
        .time_max_us = summary.time_max_us,
        .expires_at_us = expires,
        .partition = merge->inputs[0]->info.partition,
        .place = merge_place(merge),
        .codec = merge->codec,
    };
done:
    return err;
}

/* Rows and row sums: what was read is what was written, but for rows that the table's engine combined. */
static struct err *conservation_check(const struct merge *merge, const struct ledger_segment *out, uint32_t out_count)
{
    const struct combined_numbers *combined = &merge->combined;
    uint64_t rows_in = combined->made_rows - combined->removed_rows, rows_out = 0;
    unsigned __int128 sum_in = combined->made_sum - combined->removed_sum, sum_out = 0;
    for (uint32_t i = 0; i < merge->input_count; i++) {
        const struct ledger_segment *info = &merge->inputs[i]->info;
        rows_in += ledger_segment_live_rows(info);
        sum_in += merge->evolved[i] ? merge->sums[i] : info->row_sum - info->deleted.row_sum;
    }
    for (uint32_t i = 0; i < out_count; i++) {
        rows_out += out[i].row_count;
        sum_out += out[i].row_sum;
    }
    if (rows_in == rows_out && sum_in == sum_out) {
        return NULL;
    }
    return err_new(ERR_LOGICAL,
                   "a merge of %u segments of %s.%s did not conserve rows: %llu read, %llu written%s; nothing was "
                   "changed",
                   merge->input_count, merge->def->database, merge->def->name, (unsigned long long)rows_in,
                   (unsigned long long)rows_out, rows_in == rows_out ? ", other row sums" : "");
}

/* No TRUNCATE came in between, and no more of their rows were deleted. tables->commits is held. */
static bool inputs_are_live(const struct merge *merge)
{
    struct table_version *version = table_version_take(merge->table);
    uint32_t found = 0;
    for (uint32_t i = 0; i < version->segment_count; i++) {
        for (uint32_t k = 0; k < merge->input_count; k++) {
            found += version->segments[i] == merge->inputs[k] ? 1 : 0;
        }
    }
    table_version_unref(version);
    return found == merge->input_count;
}

static struct err *merge_run(struct merge *merge)
{
    struct err *err = NULL;
    struct table *table = merge->table;
    struct tables *tables = table->tables;
    struct store *store = table->store;
    struct arena *arena = arena_create(NULL);
    struct pack_writer *pack = NULL;
    struct ledger_batch *batch = ledger_batch_create();
    struct ledger_segment *out = NULL;
    struct table_segment **added = NULL;
    uint32_t out_count = 0;
    uint64_t number = store_pack_next(store);
    bool locked = false, finished = false, uncertain = false;
    bool mixed = slice_equal(merge->inputs[0]->info.partition, slice_text("*"));

    if (arena == NULL || batch == NULL) {
        err = err_oom();
        goto done;
    }
    OR_DONE(pack_create(store, number, &pack));
    OR_DONE(mixed ? mixed_split(merge, arena, pack, number, &out, &out_count)
                  : merge_segments(merge, arena, pack, number, &out, &out_count));
    OR_DONE(conservation_check(merge, out, out_count));
    if (out_count > 0) {
        OR_DONE(pack_writer_finish(pack));
        finished = true;
    }
    struct segment_name *names = ARENA_ARRAY(arena, struct segment_name, merge->input_count);
    added = calloc((size_t)out_count + 1, sizeof(struct table_segment *));
    if (names == NULL || added == NULL) {
        err = err_oom();
        goto done;
    }
    for (uint32_t i = 0; i < merge->input_count; i++) {
        names[i] = (struct segment_name){merge->inputs[i]->info.pack, merge->inputs[i]->info.offset};
        if (merge->evolved[i]) {
            OR_DONE(
                ledger_batch_rewritten(batch, &(struct segment_rewritten){.table_id = table->id,
                                                                          .segment = names[i],
                                                                          .schema_version = merge->def->schema_version,
                                                                          .row_sum = merge->sums[i]}));
        }
    }
    struct segments_removed removed = {
        .table_id = table->id,
        .reason = REMOVE_MERGE,
        .segments = names,
        .segment_count = merge->input_count,
        .removed_row_count = merge->combined.removed_rows,
        .removed_row_sum = merge->combined.removed_sum,
        .output_count = out_count,
    };
    if (merge->combined.made_rows > 0) {
        const struct merge_adds adds = {table->id, merge->combined.made_rows, merge->combined.made_sum};
        OR_DONE(ledger_batch_merge_adds(batch, &adds));
    }
    OR_DONE(ledger_batch_remove(batch, &removed));
    for (uint32_t i = 0; i < out_count; i++) {
        OR_DONE(ledger_batch_segment(batch, &out[i]));
        added[i] = table_segment_create(tables, &out[i]);
        if (added[i] == NULL) {
            err = err_oom();
            goto done;
        }
    }
    shared_lock_read(&tables->commits);
    locked = true;
    if (table->dropping || table->dropped) {
        err = err_new(ERR_ABORTED, "the table was dropped meanwhile");
        goto done;
    }
    if (!inputs_are_live(merge)) {
        err = err_new(ERR_ABORTED, "the segments were removed, or rows of them deleted, meanwhile");
        goto done;
    }
    struct commit_info info = {0};
    uncertain = true;
    OR_DONE(ledger_commit(store->ledger, batch, &info));
    for (uint32_t i = 0; i < out_count; i++) {
        added[i]->info.commit = info.number;
        added[i]->info.committed_at_us = info.time_us;
        merge->bytes_written += out[i].length;
    }
    table_change_apply(table, &(struct table_change){.add = added,
                                                     .add_count = out_count,
                                                     .remove = merge->inputs,
                                                     .remove_count = merge->input_count,
                                                     .merges = true});
    table_retire_packs(store, merge->inputs, merge->input_count);
done:
    if (locked) {
        shared_lock_give(&tables->commits);
    }
    for (uint32_t i = 0; added != NULL && i < out_count; i++) {
        table_segment_unref(added[i]);
    }
    free(added);
    pack_writer_close(pack);
    if (finished && (!uncertain || (err != NULL && err_code(err) == ERR_LOGICAL))) {
        pack_discard(store, number);
    }
    ledger_batch_destroy(batch);
    arena_destroy(arena);
    return err_while(err, "merging %u segments of %s.%s", merge->input_count, merge->def->database, merge->def->name);
}

METRIC_SECONDS(merge, "weir_merge_seconds", "merges that ended well");
METRIC_COUNTER(merged_segments, "weir_merged_segments_total", "segments that went into merges");
METRIC_COUNTER(merged_rows, "weir_merged_rows_total", "rows that merges wrote again");
METRIC_COUNTER(merged_bytes, "weir_merged_bytes_total", "bytes of the segments that went into merges");
METRIC_COUNTER(merge_written, "weir_merge_written_bytes_total",
               "bytes that merges wrote; of weir_pack_written_bytes_total, the others are commits'");
METRIC_GAUGE(merges_running, "weir_merges_running", "merges that run now");
METRIC_COUNTER(merges_failed, "weir_merges_failed_total", "merges that failed; they are tried again");

/* A merge met damage: which of its inputs have it? They are put into quarantine. */
static void verify_inputs(const struct merge *merge)
{
    struct block_cache *cache = block_cache_create(VERIFY_CACHE_BYTES);
    for (uint32_t i = 0; cache != NULL && i < merge->input_count; i++) {
        char path[STORE_PATH_BYTES];
        store_pack_path(merge->table->store, merge->inputs[i]->info.pack, path);
        struct err *err = segment_verify(merge->table->store->io, cache, path, &merge->inputs[i]->info);
        err_free(quarantine_read(merge->table, merge->inputs[i], err));
    }
    block_cache_destroy(cache);
}

struct err *merge_finish(struct merge *merge)
{
    uint64_t begin = clock_monotonic_us();
    metric_change(&metric_merges_running, 1);
    struct err *err = merge_run(merge);
    metric_change(&metric_merges_running, -1);
    if (err_code(err) == ERR_CORRUPT || err_code(err) == ERR_OPEN_FILE) {
        verify_inputs(merge);
    }
    if (err == NULL) {
        metric_observe_us(&metric_merge, clock_monotonic_us() - begin);
        metric_add(&metric_merged_segments, merge->input_count);
        metric_add(&metric_merged_rows, merge->rows_total);
        metric_add(&metric_merged_bytes, merge->bytes_total);
        metric_add(&metric_merge_written, merge->bytes_written);
    } else {
        metric_add(&metric_merges_failed, 1);
    }
    merge_destroy(merge);
    return err;
}

static struct err *step(struct table *table, bool force, const struct slice *partition, bool *merged)
{
    struct err *err = NULL;
    struct merge *merge = NULL;

    *merged = false;
    OR_DONE(merge_choose(table, MERGE_ROWS_MAX, LANE_ANY, force, partition, &merge));
    if (merge == NULL) {
        goto done;
    }
    OR_DONE(merge_finish(merge));
    *merged = true;
done:
    return err;
}

static void wait_for_merges(struct tables *tables)
{
    lock_take(&tables->lock);
    (void)condition_wait_for(&tables->changed, &tables->lock, 10000);
    lock_give(&tables->lock);
}

struct err *table_materialize_index(struct table *table, const char *name)
{
    struct err *err = NULL;
    struct table_def *def = table_definition(table);
    struct arena *arena = arena_create(NULL);
    struct index_wish *wishes;
    uint32_t count, place = 0;
    bool more = true;

    if (arena == NULL) {
        err = err_oom();
        goto done;
    }
    OR_DONE(index_wishes(arena, def, &wishes, &count));
    for (uint32_t k = 0; k < def->index_count; k++) {
        if (strcmp(def->indexes[k].name, name) == 0) {
            break;
        }
        place += def->indexes[k].kind != 0;
    }
    if (place == count) {
        goto done; /* there is none, or the zone maps answer it */
    }
    OR_DONE(insert_log_flush(table->store));
    while (more) {
        struct merge *merge = NULL;
        OR_DONE(interrupt_check());
        OR_DONE(table_refresh_expiry(table, NULL));
        OR_DONE(merge_choose_lacking(table, &wishes[place], def->schema_version, &more, &merge));
        if (merge != NULL) {
            OR_DONE(merge_finish(merge));
        } else if (more) {
            wait_for_merges(table->tables);
        }
    }
done:
    arena_destroy(arena);
    table_def_unref(def);
    return err;
}

struct err *table_recompress(struct table *table, const struct segment_name *name, struct slice codec, bool *done)
{
    struct err *err = NULL;
    struct merge *merge = NULL;
    bool busy = true;

    *done = false;
    OR_DONE(table_refresh_expiry(table, NULL));
    while (busy) {
        OR_DONE(interrupt_check());
        OR_DONE(merge_choose_recoded(table, name, codec, &busy, &merge));
        if (busy) {
            wait_for_merges(table->tables);
        }
    }
    if (merge != NULL) {
        OR_DONE(merge_finish(merge));
        *done = true;
    }
done:
    return err;
}

struct err *compactor_step(struct table *table, bool force, bool *merged)
{
    return step(table, force, NULL, merged);
}

/* Until nothing is due, in the background neither. */
static struct err *merge_all(struct table *table, bool force, const struct slice *partition)
{
    struct err *err = NULL;
    struct tables *tables = table->tables;

    for (;;) {
        bool merged = false, busy = false;
        OR_DONE(step(table, force, partition, &merged));
        if (merged) {
            continue;
        }
        /* what the background is merging now may leave something to do */
        lock_take(&tables->lock);
        for (struct merge *merge = tables->merges; merge != NULL; merge = merge->next) {
            busy = busy || merge->table == table;
        }
        busy = busy || table->mutating;
        if (busy) {
            (void)condition_wait_for(&tables->changed, &tables->lock, 10000);
        }
        lock_give(&tables->lock);
        if (!busy) {
            break;
        }
    }
done:
    return err;
}

struct err *table_optimize(struct table *table, bool final, const struct slice *partition)
{
    struct err *err = insert_log_flush(table->store);
    return err == NULL ? merge_all(table, final, partition) : err;
}

struct err *table_split_mixed(struct table *table)
{
    struct slice mixed = slice_text("*");
    struct table_version *version = table_version_take(table);
    bool found = false;
    for (uint32_t i = 0; i < version->segment_count; i++) {
        found = found || slice_equal(version->segments[i]->info.partition, mixed);
    }
    table_version_unref(version);
    return found ? merge_all(table, true, &mixed) : NULL;
}

struct err *merges_list(struct store *store, struct arena *arena, struct merge_info **out, uint32_t *count)
{
    struct err *err = NULL;
    struct tables *tables = tables_of(store);
    uint32_t n = 0;

    *count = 0;
    if (tables == NULL) {
        return err_oom();
    }
    lock_take(&tables->lock);
    for (const struct merge *merge = tables->merges; merge != NULL; merge = merge->next) {
        n++;
    }
    *out = ARENA_ARRAY(arena, struct merge_info, n + 1);
    if (*out == NULL) {
        err = arena_error(arena);
        goto done;
    }
    for (const struct merge *merge = tables->merges; merge != NULL; merge = merge->next) {
        struct merge_info *info = &(*out)[(*count)++];
        *info = (struct merge_info){
            .database = arena_slice(arena, slice_text(merge->def->database)),
            .table = arena_slice(arena, slice_text(merge->def->name)),
            .partition = arena_slice(arena, merge->inputs[0]->info.partition),
            .rows_total = merge->rows_total,
            .rows_read = atomic_load(&merge->rows_read),
            .rows_written = atomic_load(&merge->rows_written),
            .bytes_total = merge->bytes_total,
            .segment_count = merge->input_count,
            .level = merge->level,
            .started_at_us = merge->started_at_us,
        };
        if (info->database.data == NULL || info->table.data == NULL) {
            err = arena_error(arena);
            goto done;
        }
    }
done:
    lock_give(&tables->lock);
    tables_unref(tables);
    return err;
}
