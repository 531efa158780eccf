/*
 * compactor.c: which segments are merged and when; retention; OPTIMIZE.
 *
 * flow     the background thread, OPTIMIZE → compactor_step → merge.c → ledger → the table's next version
 * owns     a merge's output pack until the ledger names it; inputs are marked while they are merged
 * choose   by size, smallest first: TIER_WIDTH neighbours within a factor of TIER_RATIO (all below SMALL_BYTES count as
 *          equal), of these the ones that lie beside each other in time, so that few segments have rows of one moment;
 *          beyond SEGMENTS_MAX in one partition the smallest ones regardless
 */
#include "storage/compactor.h"

#include "base/metrics.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/log.h"
#include "base/pool.h"
#include "storage/draft_private.h"
#include "storage/flush.h"
#include "storage/insert.h"
#include "storage/merge.h"
#include "storage/segment.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SMALL_BYTES     ((uint64_t)256 << 10)
#define SEGMENTS_MAX    24U
#define ROWS_MAX        ((uint64_t)100000000)
#define MIXED_ROWS_MAX  ((uint64_t)2 << 20) /* a mixed segment is one flush's */
#define MIXED_SPLIT_MAX 4096U

struct compactor {
    struct store *store;
    struct compactor_options options;
    struct lock lock;
    struct condition changed;
    _Atomic bool stop;
    pthread_t thread;
};

/* ---- choosing */
static int by_partition_and_size(const void *left, const void *right)
{
    const struct table_segment *a = *(struct table_segment *const *)left, *b = *(struct table_segment *const *)right;
    int order = slice_compare(a->info.partition, b->info.partition);
    if (order == 0) {
        order = (a->info.length > b->info.length) - (a->info.length < b->info.length);
    }
    if (order == 0) {
        order = (a->info.pack > b->info.pack) - (a->info.pack < b->info.pack);
    }
    return order;
}

static uint64_t size_of(const struct table_segment *segment)
{
    return segment->info.length < SMALL_BYTES ? SMALL_BYTES : segment->info.length;
}

static int by_time(const void *left, const void *right)
{
    const struct table_segment *a = *(struct table_segment *const *)left, *b = *(struct table_segment *const *)right;
    int order = (a->info.time_min_us > b->info.time_min_us) - (a->info.time_min_us < b->info.time_min_us);
    if (order == 0) {
        order = (a->info.pack > b->info.pack) - (a->info.pack < b->info.pack);
    }
    return order == 0 ? (a->info.offset > b->info.offset) - (a->info.offset < b->info.offset) : order;
}

/* Of a tier, in the order of time: the first TIER_WIDTH or more neighbours that fit into one segment; 0: none. */
static uint32_t choose_neighbours(struct table_segment *const *tier, uint32_t tier_count, uint64_t rows_max,
                                  uint32_t *first)
{
    for (*first = 0; *first + TIER_WIDTH <= tier_count; (*first)++) {
        uint32_t n = 0;
        uint64_t rows = 0;
        while (*first + n < tier_count && n < MERGE_INPUTS_MAX && rows + tier[*first + n]->info.row_count <= rows_max) {
            rows += tier[*first + n++]->info.row_count;
        }
        if (n >= TIER_WIDTH) {
            return n;
        }
    }
    return 0;
}

/* Of the segments of one partition, smallest first: [*first, *first + *count) to be merged; *count 0: none. */
static void choose(struct table_segment **list, uint32_t list_count, uint64_t rows_max, bool force, uint32_t *first,
                   uint32_t *count)
{
    *first = *count = 0;
    if (force && list_count > 1) {
        *count = list_count > MERGE_INPUTS_MAX ? MERGE_INPUTS_MAX : list_count;
        return;
    }
    for (uint32_t i = 0; i + TIER_WIDTH <= list_count; i++) {
        uint32_t n = 0;
        while (i + n < list_count && size_of(list[i + n]) <= size_of(list[i]) * TIER_RATIO) {
            n++;
        }
        if (n >= TIER_WIDTH) {
            qsort(list + i, n, sizeof(*list), by_time);
            *count = choose_neighbours(list + i, n, rows_max, first);
            if (*count > 0) {
                *first += i;
                return;
            }
            qsort(list + i, n, sizeof(*list), by_partition_and_size);
        }
    }
    *first = 0;
    if (list_count > SEGMENTS_MAX) {
        uint64_t rows = 0;
        while (*count < TIER_WIDTH && rows + list[*count]->info.row_count <= rows_max) {
            rows += list[(*count)++]->info.row_count;
        }
        *count = *count < 2 ? 0 : *count;
    }
}

/* Do segments of both definitions have the same columns, in the same order, sorted and cut in the same way? Then they
 * may be merged, and rows keep their sums: after RENAME, or a new comment. */
static bool same_layout(const struct table_def *a, const struct table_def *b)
{
    bool same = a->column_count == b->column_count && a->order_by_count == b->order_by_count &&
                strcmp(a->partition_by, b->partition_by) == 0;
    for (uint32_t i = 0; same && i < a->column_count; i++) {
        same = a->columns[i].id == b->columns[i].id && type_equal(a->columns[i].type, b->columns[i].type) &&
               strcmp(a->columns[i].name, b->columns[i].name) == 0; /* keys are named */
    }
    for (uint32_t i = 0; same && i < a->order_by_count; i++) {
        same = strcmp(a->order_by[i], b->order_by[i]) == 0;
    }
    return same;
}

/* Which segments of a version may be merged into one of its definition: a byte each. */
static void mergeable(const struct table *table, const struct table_version *version, bool *out)
{
    uint32_t looked_at = version->def->schema_version;
    bool same = true;
    for (uint32_t i = 0; i < version->segment_count; i++) {
        uint32_t schema_version = version->segments[i]->info.schema_version;
        if (schema_version != looked_at) {
            struct table_def *def = catalogue_table_version(table->store->catalogue, table->id, schema_version);
            same = def != NULL && same_layout(def, version->def);
            looked_at = schema_version;
            table_def_unref(def);
        }
        out[i] = same;
    }
}

/* A merge that is due, its inputs marked and referenced; *out NULL: none. partition: only in that one, and splits of
 * mixed segments, which may hold rows of it; NULL: in any. */
static struct err *merge_choose(struct table *table, uint64_t rows_max, bool force, const struct slice *partition,
                                struct merge **out)
{
    struct err *err = NULL;
    struct table_version *version = table_version_take(table);
    struct table_segment **list = calloc((size_t)version->segment_count + 1, sizeof(struct table_segment *));
    struct merge *merge = calloc(1, sizeof(*merge));
    bool *may = calloc((size_t)version->segment_count + 1, sizeof(*may));
    uint32_t count = 0;

    *out = NULL;
    if (list == NULL || merge == NULL || may == NULL) {
        err = err_oom();
        goto done;
    }
    mergeable(table, version, may);
    lock_take(&table->tables->lock);
    for (uint32_t i = 0; i < version->segment_count; i++) {
        struct table_segment *segment = version->segments[i];
        if (!atomic_load(&segment->merging) && may[i]) {
            list[count++] = segment;
        }
    }
    qsort(list, count, sizeof(struct table_segment *), by_partition_and_size);
    for (uint32_t begin = 0, end; begin < count && merge->input_count == 0; begin = end) {
        uint32_t first = 0, chosen = 0;
        end = begin + 1;
        while (end < count && slice_equal(list[end]->info.partition, list[begin]->info.partition)) {
            end++;
        }
        bool wanted = partition == NULL || slice_equal(list[begin]->info.partition, *partition);
        if (slice_equal(list[begin]->info.partition, slice_text("*"))) {
            /* what a split left mixed (beyond MIXED_SPLIT_MAX values) stays so */
            chosen = list[begin]->info.row_count <= MIXED_ROWS_MAX && list[begin]->info.level == 0 ? 1 : 0;
        } else if (wanted) {
            choose(list + begin, end - begin, rows_max, force, &first, &chosen);
        }
        for (uint32_t i = 0; i < chosen; i++) {
            struct table_segment *segment = table_segment_ref(list[begin + first + i]);
            atomic_store(&segment->merging, true);
            merge->inputs[merge->input_count++] = segment;
            merge->rows_total += segment->info.row_count;
            merge->bytes_total += segment->info.length;
            merge->level = segment->info.level + 1 > merge->level ? segment->info.level + 1 : merge->level;
        }
    }
    if (merge->input_count > 0) {
        merge->table = table_ref(table);
        merge->def = table_def_ref(version->def);
        merge->started_at_us = clock_wall_us();
        merge->started_monotonic_us = clock_monotonic_us();
        merge->next = table->tables->merges;
        table->tables->merges = merge;
        *out = merge;
        merge = NULL;
    }
    lock_give(&table->tables->lock);
done:
    free(merge);
    free(list);
    free(may);
    table_version_unref(version);
    return err;
}

static void merge_destroy(struct merge *merge)
{
    struct tables *tables = merge->table->tables;
    lock_take(&tables->lock);
    struct merge **link = &tables->merges;
    while (*link != merge) {
        link = &(*link)->next;
    }
    *link = merge->next;
    for (uint32_t i = 0; i < merge->input_count; i++) {
        atomic_store(&merge->inputs[i]->merging, false);
    }
    condition_broadcast(&tables->changed);
    lock_give(&tables->lock);
    for (uint32_t i = 0; i < merge->input_count; i++) {
        table_segment_unref(merge->inputs[i]);
    }
    table_def_unref(merge->def);
    table_unref(merge->table); /* may be the last: tables goes with it */
    free(merge);
}

/* ---- running */
/* A mixed segment becomes one segment per partition. */
static struct err *mixed_split(struct merge *merge, struct arena *arena, struct pack_writer *pack, uint64_t pack_number,
                               struct ledger_segment **out, uint32_t *out_count)
{
    struct err *err = NULL;
    struct segment *reader = NULL;
    uint32_t columns = table_column_count(merge->def);
    struct flush_rows rows = {.table = merge->table, .def = merge->def, .split_max = MIXED_SPLIT_MAX};

    OR_DONE(table_segment_reader(merge->inputs[0], &reader));
    uint32_t granules = segment_granule_count(reader);
    struct chunk **chunks = ARENA_ARRAY(arena, struct chunk *, granules + 1);
    if (chunks == NULL) {
        err = arena_error(arena);
        goto done;
    }
    for (uint32_t g = 0; g < granules; g++) {
        chunks[g] = chunk_new(arena, columns, segment_granule_rows(reader, g));
        if (chunks[g] == NULL) {
            err = arena_error(arena);
            goto done;
        }
        for (uint32_t c = 0; c < columns; c++) {
            int32_t index = segment_column_find(reader, table_column_id(merge->def, c));
            if (index < 0) {
                err = err_new(ERR_CORRUPT, "a mixed segment has no column with id %u", table_column_id(merge->def, c));
                goto done;
            }
            OR_DONE(segment_read(reader, arena, g, (uint32_t)index, &chunks[g]->columns[c]));
        }
        atomic_fetch_add(&merge->rows_read, chunks[g]->row_count);
    }
    rows.chunks = chunks;
    rows.chunk_count = granules;
    OR_DONE(flush_rows(arena, &rows, pack, pack_number, 0, out, out_count));
    for (uint32_t i = 0; i < *out_count; i++) {
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
        int64_t of_input = merge->inputs[i]->info.expires_at_us;
        expires = of_input > expires ? of_input : expires;
    }
    OR_DONE(merge_write(merge, pack, &summary));
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
    };
    *out = segment;
    *out_count = 1;
done:
    return err;
}

/* Rows and row sums: what was read is what was written. */
static struct err *conservation_check(const struct merge *merge, const struct ledger_segment *out, uint32_t out_count)
{
    uint64_t rows_in = 0, rows_out = 0;
    unsigned __int128 sum_in = 0, sum_out = 0;
    for (uint32_t i = 0; i < merge->input_count; i++) {
        rows_in += merge->inputs[i]->info.row_count;
        sum_in += merge->inputs[i]->info.row_sum;
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

/* No TRUNCATE came in between. tables->commits is held. */
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
    OR_DONE(pack_writer_finish(pack));
    finished = true;
    struct segment_name *names = ARENA_ARRAY(arena, struct segment_name, merge->input_count);
    added = calloc((size_t)out_count + 1, sizeof(struct table_segment *));
    if (names == NULL || added == NULL) {
        err = err_oom();
        goto done;
    }
    for (uint32_t i = 0; i < merge->input_count; i++) {
        names[i] = (struct segment_name){merge->inputs[i]->info.pack, merge->inputs[i]->info.offset};
    }
    struct segments_removed removed = {
        .table_id = table->id,
        .reason = REMOVE_MERGE,
        .segments = names,
        .segment_count = merge->input_count,
        .output_count = out_count,
    };
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
        err = err_new(ERR_ABORTED, "the segments were removed meanwhile");
        goto done;
    }
    struct commit_info info = {0};
    uncertain = true;
    OR_DONE(ledger_commit(store->ledger, batch, &info));
    for (uint32_t i = 0; i < out_count; i++) {
        added[i]->info.commit = info.number;
        added[i]->info.committed_at_us = info.time_us;
    }
    table_change_apply(
        table, &(struct table_change){
                   .add = added, .add_count = out_count, .remove = merge->inputs, .remove_count = merge->input_count});
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
METRIC_GAUGE(merges_running, "weir_merges_running", "merges that run now");
METRIC_COUNTER(merges_failed, "weir_merges_failed_total", "merges that failed; they are tried again");

static struct err *step(struct table *table, const struct compactor_options *options, const _Atomic bool *stop,
                        bool force, const struct slice *partition, bool *merged)
{
    struct err *err = NULL;
    struct merge *merge = NULL;

    *merged = false;
    OR_DONE(merge_choose(table, options->rows_max == 0 ? ROWS_MAX : options->rows_max, force, partition, &merge));
    if (merge == NULL) {
        goto done;
    }
    merge->stop = stop;
    merge->bytes_per_s_max = options->bytes_per_s_max;
    uint64_t begin = clock_monotonic_us();
    metric_change(&metric_merges_running, 1);
    err = merge_run(merge);
    metric_change(&metric_merges_running, -1);
    *merged = err == NULL;
    if (err == NULL) {
        metric_observe_us(&metric_merge, clock_monotonic_us() - begin);
        metric_add(&metric_merged_segments, merge->input_count);
        metric_add(&metric_merged_rows, merge->rows_total);
    } else {
        metric_add(&metric_merges_failed, 1);
    }
    merge_destroy(merge);
done:
    return err;
}

struct err *compactor_step(struct table *table, bool force, bool *merged)
{
    struct compactor_options options = {0};
    return step(table, &options, NULL, force, NULL, merged);
}

struct err *table_optimize(struct table *table, bool final, const struct slice *partition)
{
    struct err *err = NULL;
    struct tables *tables = table->tables;
    struct compactor_options options = {0};

    OR_DONE(insert_log_flush(table->store));
    for (;;) {
        bool merged = false, busy = false;
        OR_DONE(step(table, &options, NULL, final, partition, &merged));
        if (merged) {
            continue;
        }
        /* what the background is merging now may leave something to do */
        lock_take(&tables->lock);
        for (struct merge *merge = tables->merges; merge != NULL; merge = merge->next) {
            busy = busy || merge->table == table;
        }
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

/* ---- retention */
struct err *table_retention(struct table *table, int64_t now_us, uint32_t *dropped)
{
    struct err *err = NULL;
    struct tables *tables = table->tables;
    struct table_version *version = table_version_take(table);
    struct table_segment **expired = NULL;
    struct segment_name *names = NULL;
    struct ledger_batch *batch = NULL;
    uint32_t count = 0;
    bool locked = false;

    *dropped = 0;
    expired = calloc((size_t)version->segment_count + 1, sizeof(struct table_segment *));
    names = calloc((size_t)version->segment_count + 1, sizeof(*names));
    if (expired == NULL || names == NULL) {
        err = err_oom();
        goto done;
    }
    for (uint32_t i = 0; i < version->segment_count; i++) {
        struct table_segment *segment = version->segments[i];
        if (segment->info.expires_at_us <= now_us && !atomic_load(&segment->merging)) {
            names[count] = (struct segment_name){segment->info.pack, segment->info.offset};
            expired[count++] = segment;
        }
    }
    if (count == 0) {
        goto done;
    }
    OR_DONE(store_clock_guard(table->store));
    batch = ledger_batch_create();
    if (batch == NULL) {
        err = err_oom();
        goto done;
    }
    struct segments_removed removed = {
        .table_id = table->id, .reason = REMOVE_TTL, .segments = names, .segment_count = count};
    OR_DONE(ledger_batch_remove(batch, &removed));
    shared_lock_read(&tables->commits);
    locked = true;
    if (table->dropping || table->dropped) {
        goto done;
    }
    OR_DONE(ledger_commit(table->store->ledger, batch, NULL));
    table_change_apply(table, &(struct table_change){.remove = expired, .remove_count = count});
    table_retire_packs(table->store, expired, count);
    *dropped = count;
done:
    if (locked) {
        shared_lock_give(&tables->commits);
    }
    ledger_batch_destroy(batch);
    free(names);
    free(expired);
    table_version_unref(version);
    return err_while(err, "dropping expired segments");
}

/* ---- in the background */
static void table_work(struct compactor *compactor, struct table *table, const struct table_def *def, bool *guarded)
{
    bool merged = true;
    uint32_t dropped = 0;
    struct err *err = table_retention(table, clock_wall_us(), &dropped);
    if (err != NULL) {
        if (!*guarded) {
            LOG_ERROR("retention", LOG_TEXT("database", def->database), LOG_TEXT("table", def->name), LOG_ERR(err));
        }
        *guarded = true;
        err_free(err);
    } else if (dropped > 0) {
        LOG_INFO("retention", LOG_TEXT("database", def->database), LOG_TEXT("table", def->name),
                 LOG_UINT("segments", dropped));
    }
    while (merged && !atomic_load(&compactor->stop)) {
        err = step(table, &compactor->options, &compactor->stop, false, NULL, &merged);
        if (err != NULL) {
            if (err_code(err) != ERR_ABORTED) {
                LOG_ERROR("merge", LOG_ERR(err));
            }
            err_free(err);
            break;
        }
    }
}

static void *compactor_run(void *object)
{
    struct compactor *compactor = object;
    uint64_t interval = compactor->options.interval_us == 0 ? 1000000 : compactor->options.interval_us;
    bool guarded = false; /* the error of retention was said */

    /* ingest and queries first */
    (void)setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), 10);
    while (!atomic_load(&compactor->stop)) {
        struct arena *arena = arena_create(NULL);
        struct table **tables = NULL;
        struct table_def **defs = NULL;
        uint32_t count = 0;
        struct err *err = arena == NULL
                              ? err_oom()
                              : catalogue_tables(compactor->store->catalogue, arena, NULL, &tables, &defs, &count);
        for (uint32_t i = 0; err == NULL && i < count && !atomic_load(&compactor->stop); i++) {
            table_work(compactor, tables[i], defs[i], &guarded);
        }
        arena_destroy(arena);
        if (err == NULL) {
            err = store_sweep(compactor->store);
        }
        if (err != NULL) {
            LOG_WARNING("compactor", LOG_ERR(err));
            err_free(err);
        }
        lock_take(&compactor->lock);
        if (!atomic_load(&compactor->stop)) {
            (void)condition_wait_for(&compactor->changed, &compactor->lock, interval);
        }
        lock_give(&compactor->lock);
    }
    return NULL;
}

struct err *compactor_start(struct store *store, const struct compactor_options *options, struct compactor **out)
{
    struct err *err = NULL;
    struct compactor *compactor = calloc(1, sizeof(*compactor));

    if (compactor == NULL) {
        return err_oom();
    }
    compactor->store = store;
    if (options != NULL) {
        compactor->options = *options;
    }
    lock_init(&compactor->lock, LOCK_POOL);
    condition_init(&compactor->changed);
    err = thread_start(&compactor->thread, "compactor", compactor_run, compactor);
    if (err != NULL) {
        condition_deinit(&compactor->changed);
        lock_deinit(&compactor->lock);
        free(compactor);
        return err;
    }
    *out = compactor;
    return NULL;
}

void compactor_stop(struct compactor *compactor)
{
    if (compactor == NULL) {
        return;
    }
    lock_take(&compactor->lock);
    atomic_store(&compactor->stop, true);
    condition_broadcast(&compactor->changed);
    lock_give(&compactor->lock);
    (void)pthread_join(compactor->thread, NULL);
    condition_deinit(&compactor->changed);
    lock_deinit(&compactor->lock);
    free(compactor);
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
