/*
 * merge_choose.c: which segments of a table are merged next.
 *
 * owns     what a merge in progress holds: its inputs, marked and referenced, and its place in the list of merges
 * choose   merge_policy.h says which of a partition's idle segments; besides, mixed segments and those of which many
 *          rows were deleted, each alone
 */
#include "base/clock.h"
#include "storage/compactor.h"
#include "storage/merge.h"
#include "storage/merge_order.h"
#include "storage/merge_policy.h"

#include <stdlib.h>
#include <string.h>

#define DELETED_PART   5U
#define MIXED_ROWS_MAX ((uint64_t)2 << 20) /* a mixed segment is one flush's */

/* Of the segments of one partition, smallest first: [*first, *first + *count) to be merged; *count 0: none. */
static void choose(struct table_segment **list, uint32_t list_count, uint64_t rows_max, enum merge_lane lane,
                   bool force, uint32_t *first, uint32_t *count)
{
    *first = *count = 0;
    if (force && (list_count > 1 || list[0]->info.level == 0)) { /* one alone: to have it cold, with indexes */
        *count = list_count > MERGE_INPUTS_MAX ? MERGE_INPUTS_MAX : list_count;
        return;
    }
    merge_policy_choose(list, list_count, rows_max, lane, first, count);
}

bool merge_same_layout(const struct table_def *a, const struct table_def *b)
{
    bool same = a->column_count == b->column_count && a->order_by_count == b->order_by_count &&
                strcmp(a->partition_by, b->partition_by) == 0;
    for (uint32_t i = 0; same && i < a->column_count; i++) {
        same = a->columns[i].id == b->columns[i].id && b->columns[i].typed_in <= a->schema_version;
    }
    for (uint32_t i = 0; same && i < a->order_by_count; i++) {
        same = strcmp(a->order_by[i], b->order_by[i]) == 0;
    }
    return same;
}

/* Do the columns, which are the same, ask for the same codecs? */
static bool same_codecs(const struct table_def *a, const struct table_def *b)
{
    bool same = true;
    for (uint32_t i = 0; same && i < a->column_count; i++) {
        same = strcmp(a->columns[i].codec, b->columns[i].codec) == 0;
    }
    return same;
}

/* Which schema versions of a table have another layout than the newest: a byte each; recoded (or NULL): other codecs.
 * Their segments are merged with the others all the same: no ALTER changes how they are cut, or sorted (what it adds to
 * the sort key is the same in all their rows). */
static struct err *find_evolved(const struct table *table, const struct table_version *version, bool **out,
                                bool **recoded)
{
    bool *evolved = calloc((size_t)version->def->schema_version + 1, sizeof(*evolved));
    bool *known = calloc((size_t)version->def->schema_version + 1, sizeof(*known));
    bool *others = recoded == NULL ? NULL : calloc((size_t)version->def->schema_version + 1, sizeof(*others));
    if (evolved == NULL || known == NULL || (recoded != NULL && others == NULL)) {
        free(evolved);
        free(known);
        free(others);
        return err_oom();
    }
    for (uint32_t i = 0; i < version->segment_count; i++) {
        uint32_t number = version->segments[i]->info.schema_version;
        if (number < version->def->schema_version && !known[number]) {
            struct table_def *def = catalogue_table_version(table->store->catalogue, table->id, number);
            evolved[number] = def == NULL || !merge_same_layout(def, version->def);
            if (recoded != NULL) {
                others[number] = evolved[number] || !same_codecs(def, version->def);
            }
            known[number] = true;
            table_def_unref(def);
        }
    }
    free(known);
    *out = evolved;
    if (recoded != NULL) {
        *recoded = others;
    }
    return NULL;
}

/* Is it worth a merge of its own? force: whatever it costs. */
static bool has_deleted(const struct table_segment *segment, bool force)
{
    uint64_t deleted = segment->info.deleted.row_count;
    return deleted > 0 && (force || deleted >= segment->info.row_count / DELETED_PART);
}

/* The first segment of a partition that is merged alone, so that its deleted rows go; list_count: none. */
static uint32_t choose_deleted(struct table_segment *const *list, uint32_t list_count, uint64_t rows_max, bool force)
{
    uint32_t i = 0;
    while (i < list_count && (!has_deleted(list[i], force) || ledger_segment_live_rows(&list[i]->info) > rows_max)) {
        i++;
    }
    return i;
}

/* How many mutations of the table ended; merges must know of all of them. */
static uint64_t mutations_of(struct table *table)
{
    lock_take(&table->tables->lock);
    uint64_t count = table->mutations;
    lock_give(&table->tables->lock);
    return count;
}

/* Holds a segment for the merge; under the tables' lock. */
static void take_input(struct merge *merge, struct table_segment *segment, const bool *evolved)
{
    atomic_store(&segment->merging, true);
    merge->evolved[merge->input_count] = evolved[segment->info.schema_version];
    merge->inputs[merge->input_count++] = table_segment_ref(segment);
    merge->rows_total += segment->info.row_count;
    merge->bytes_total += segment->info.length;
    merge->level = segment->info.level + 1 > merge->level ? segment->info.level + 1 : merge->level;
}

/* What all inputs were compressed with by TTL stays so, as long as there is such a TTL. */
static void keep_codec(struct merge *merge, const struct table_def *def)
{
    merge->codec = merge->inputs[0]->info.codec;
    for (uint32_t i = 1; i < merge->input_count; i++) {
        if (!slice_equal(merge->inputs[i]->info.codec, merge->codec)) {
            merge->codec = (struct slice){0};
        }
    }
    if (strstr(def->create_sql, " RECOMPRESS CODEC(") == NULL) {
        merge->codec = (struct slice){0};
    }
}

/* It begins; under the tables' lock. */
static void merge_list(struct merge *merge, struct table *table, struct table_def *def)
{
    merge->table = table_ref(table);
    merge->def = table_def_ref(def);
    merge->started_at_us = clock_wall_us();
    merge->started_monotonic_us = clock_monotonic_us();
    merge->next = table->tables->merges;
    table->tables->merges = merge;
}

struct err *merge_choose_lacking(struct table *table, const struct index_wish *wish, uint32_t schema_version,
                                 bool *more, struct merge **out)
{
    struct err *err = NULL;
    uint64_t mutations = mutations_of(table);
    struct table_version *version = table_version_take(table);
    struct merge *merge = calloc(1, sizeof(*merge));
    bool *evolved = NULL, *may = malloc((size_t)version->segment_count + 1);
    uint32_t id = table_column_id(version->def, wish->shape.column);

    *out = NULL;
    *more = false;
    if (merge == NULL || may == NULL) {
        err = err_oom();
        goto done;
    }
    memset(may, true, (size_t)version->segment_count + 1);
    table_expiry_current(table, version, may);
    OR_DONE(find_evolved(table, version, &evolved, NULL));
    for (uint32_t i = 0; i < version->segment_count && *out == NULL; i++) {
        struct table_segment *segment = version->segments[i];
        struct segment *reader = NULL;
        if (segment->info.schema_version >= schema_version) {
            continue; /* who wrote it knew of the index */
        }
        *more = *more || !may[i]; /* not before is known when it expires */
        if (!may[i]) {
            continue;
        }
        OR_DONE(table_segment_open(segment, &reader));
        bool has_index = segment_has_index(reader, &wish->shape, id);
        segment_unref(reader);
        if (has_index) {
            continue;
        }
        *more = true;
        lock_take(&table->tables->lock);
        if (!atomic_load(&segment->merging) && !table->mutating && table->mutations == mutations) {
            take_input(merge, segment, evolved);
            keep_codec(merge, version->def);
            merge_list(merge, table, version->def);
            *out = merge;
            merge = NULL;
        }
        lock_give(&table->tables->lock);
    }
done:
    free(merge);
    free(may);
    free(evolved);
    table_version_unref(version);
    return err;
}

static struct table_segment *segment_named(const struct table_version *version, const struct segment_name *name)
{
    for (uint32_t i = 0; i < version->segment_count; i++) {
        const struct ledger_segment *info = &version->segments[i]->info;
        if (info->pack == name->pack && info->offset == name->offset) {
            return version->segments[i];
        }
    }
    return NULL;
}

struct err *merge_choose_recoded(struct table *table, const struct segment_name *name, struct slice codec, bool *busy,
                                 struct merge **out)
{
    struct err *err = NULL;
    uint64_t mutations = mutations_of(table);
    struct table_version *version = table_version_take(table);
    struct merge *merge = calloc(1, sizeof(*merge));
    struct table_segment *segment = segment_named(version, name);
    bool *evolved = NULL;

    *out = NULL;
    *busy = false;
    if (merge == NULL) {
        err = err_oom();
        goto done;
    }
    if (segment == NULL || table_segment_damage(segment) != NULL || slice_equal(segment->info.codec, codec) ||
        slice_equal(segment->info.partition, slice_text("*"))) {
        goto done;
    }
    OR_DONE(find_evolved(table, version, &evolved, NULL));
    *busy = true;
    lock_take(&table->tables->lock);
    if (!atomic_load(&segment->merging) && !table->mutating && table->mutations == mutations) {
        take_input(merge, segment, evolved);
        merge->codec = codec;
        merge_list(merge, table, version->def);
        *out = merge;
        merge = NULL;
        *busy = false;
    }
    lock_give(&table->tables->lock);
done:
    free(merge);
    free(evolved);
    table_version_unref(version);
    return err;
}

/* A version's segments that can be read, also those that are being merged, but for those of which is not known when
 * they expire; to be freed. */
static struct err *candidates(struct table *table, const struct table_version *version, struct table_segment ***out,
                              uint32_t *out_count, struct merge_order *order)
{
    struct table_segment **list = calloc((size_t)version->segment_count + 1, sizeof(struct table_segment *));
    bool *may = malloc((size_t)version->segment_count + 1);
    uint32_t count = 0;
    if (list == NULL || may == NULL) {
        free(list);
        free(may);
        return err_oom();
    }
    memset(may, true, (size_t)version->segment_count + 1);
    table_expiry_current(table, version, may);
    for (uint32_t i = 0; i < version->segment_count; i++) {
        may[i] = may[i] && table_segment_damage(version->segments[i]) == NULL;
        if (may[i]) {
            list[count++] = version->segments[i];
        }
    }
    enum combining_kind kind;
    struct err *err = engine_combines(version->def->engine, &kind) ? merge_order_open(version, may, order) : NULL;
    free(may);
    *out = list;
    *out_count = count;
    return err;
}

/* Those that are not being merged, by partition and size, or in the order of insertion; how many. */
static uint32_t idle_sorted(struct table_segment **list, uint32_t count, struct merge_order *order)
{
    uint32_t idle = 0;
    if (order->segments != NULL) {
        return merge_order_idle(order, list);
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!atomic_load(&list[i]->merging)) {
            list[idle++] = list[i];
        }
    }
    qsort(list, idle, sizeof(struct table_segment *), merge_by_partition_and_size);
    return idle;
}

static uint32_t partition_end(struct table_segment *const *list, uint32_t count, uint32_t begin,
                              const struct merge_order *order)
{
    uint32_t end = begin + 1;
    while (end < count && (order->segments == NULL || order->runs[end] == order->runs[begin]) &&
           slice_equal(list[end]->info.partition, list[begin]->info.partition)) {
        end++;
    }
    return end;
}

/* Of a partition's segments: how many are to be merged, from *first on. */
static uint32_t choose_in_partition(struct table_segment **list, uint32_t count, uint64_t rows_max,
                                    enum merge_lane lane, bool force, const struct slice *partition,
                                    const struct merge_order *order, uint32_t *first)
{
    uint32_t chosen = 0;
    *first = 0;
    if (slice_equal(list[0]->info.partition, slice_text("*"))) {
        /* what a split left mixed (beyond MIXED_SPLIT_MAX values) stays so, unless somebody wants just that */
        bool wanted = force && partition != NULL && slice_equal(*partition, slice_text("*"));
        return wanted || (lane != LANE_LARGE && list[0]->info.row_count <= MIXED_ROWS_MAX &&
                          (list[0]->info.level == 0 || has_deleted(list[0], force)))
                   ? 1
                   : 0;
    }
    if (partition == NULL || slice_equal(list[0]->info.partition, *partition)) {
        if (order->segments != NULL) {
            merge_order_choose(list, count, rows_max, lane, force, first, &chosen);
        } else {
            choose(list, count, rows_max, lane, force, first, &chosen);
        }
        if (chosen == 0) {
            uint32_t alone = choose_deleted(list, count, rows_max, force);
            chosen = alone < count && merge_policy_takes(list[alone], lane) ? 1 : 0;
            *first = chosen > 0 ? alone : 0;
        }
    }
    return chosen;
}

struct err *merge_choose(struct table *table, uint64_t rows_max, enum merge_lane lane, bool force,
                         const struct slice *partition, struct merge **out)
{
    struct err *err = NULL;
    uint64_t mutations = mutations_of(table);
    struct table_version *version = table_version_take(table);
    struct table_segment **list = NULL;
    struct merge *merge = calloc(1, sizeof(*merge));
    bool *evolved = NULL, *recoded = NULL;
    struct merge_order order = {0};
    uint32_t count = 0, first = 0, chosen = 0;

    *out = NULL;
    if (merge == NULL) {
        err = err_oom();
        goto done;
    }
    OR_DONE(candidates(table, version, &list, &count, &order));
    OR_DONE(find_evolved(table, version, &evolved, &recoded));
    lock_take(&table->tables->lock);
    bool may_begin = !table->mutating && table->mutations == mutations;
    count = may_begin ? idle_sorted(list, count, &order) : 0;
    for (uint32_t begin = 0, end; begin < count && chosen == 0; begin = end) {
        end = partition_end(list, count, begin, &order);
        chosen = choose_in_partition(list + begin, end - begin, rows_max, lane, force, partition, &order, &first);
        if (force && end == begin + 1 && recoded[list[begin]->info.schema_version] &&
            (partition == NULL || slice_equal(list[begin]->info.partition, *partition))) {
            chosen = 1; /* alone, but to be written as the definition is now */
        }
        first += begin;
    }
    for (uint32_t i = 0; i < chosen; i++) {
        take_input(merge, list[first + i], evolved);
    }
    if (chosen > 0) {
        keep_codec(merge, version->def);
        merge_list(merge, table, version->def);
        *out = merge;
        merge = NULL;
    }
    lock_give(&table->tables->lock);
done:
    free(merge);
    free(list);
    free(evolved);
    free(recoded);
    merge_order_close(&order);
    table_version_unref(version);
    return err;
}

/* What the lane's next merge in a partition would read goes to the list's end; how many others there are. */
static uint32_t add_due(struct table_segment **list, uint32_t count, enum merge_lane lane, struct merges_due *due)
{
    uint32_t first = 0, chosen = count == 0 ? 0
                                            : choose_in_partition(list, count, MERGE_ROWS_MAX, lane, false, NULL,
                                                                  &(struct merge_order){0}, &first);
    for (uint32_t i = 0; i < chosen; i++) {
        struct table_segment *segment = list[first + i];
        due->segments++;
        due->bytes += segment->info.length;
    }
    for (uint32_t i = first + chosen; i < count; i++) {
        list[i - chosen] = list[i];
    }
    qsort(list, count - chosen, sizeof(struct table_segment *), merge_by_partition_and_size);
    return count - chosen;
}

/* The same for runs of neighbours in the order of insertion. */
static void add_due_ordered(struct table_segment **list, uint32_t count, const struct merge_order *order,
                            struct merges_due *due)
{
    for (uint32_t begin = 0, end, first; begin < count; begin = end) {
        uint32_t counted = 0;
        for (end = begin; end < count && order->runs[end] == order->runs[begin]; end++) {
            counted += merge_policy_counts(list[end], MERGE_ROWS_MAX) ? 1 : 0;
        }
        uint32_t chosen =
            choose_in_partition(list + begin, end - begin, MERGE_ROWS_MAX, LANE_ANY, false, NULL, order, &first);
        for (uint32_t i = 0; i < chosen; i++) {
            due->segments++;
            due->bytes += list[begin + first + i]->info.length;
        }
        due->fullest = chosen > 0 && counted > due->fullest ? counted : due->fullest;
    }
}

struct err *merges_due(struct table *table, struct merges_due *due)
{
    struct table_version *version = table_version_take(table);
    struct table_segment **list = NULL;
    struct merge_order order = {0};
    uint32_t count = 0;

    struct err *err = candidates(table, version, &list, &count, &order);
    if (err != NULL) {
        goto done;
    }
    if (order.segments != NULL) {
        add_due_ordered(list, idle_sorted(list, count, &order), &order, due);
        goto done;
    }
    qsort(list, count, sizeof(struct table_segment *), merge_by_partition_and_size);
    for (uint32_t begin = 0, end; begin < count; begin = end) {
        end = partition_end(list, count, begin, &order);
        uint32_t crowd = merge_policy_waiting(list + begin, end - begin, MERGE_ROWS_MAX);
        due->fullest = crowd > due->fullest ? crowd : due->fullest;
    }
    count = idle_sorted(list, count, &order);
    for (uint32_t begin = 0, end; begin < count; begin = end) {
        end = partition_end(list, count, begin, &order);
        uint32_t left = add_due(list + begin, end - begin, LANE_SMALL, due);
        (void)add_due(list + begin, left, LANE_LARGE, due);
    }
done:
    free(list);
    merge_order_close(&order);
    table_version_unref(version);
    return err;
}

void merge_destroy(struct merge *merge)
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
