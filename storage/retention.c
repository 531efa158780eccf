/*
 * retention.c: see retention.h.
 *
 * flow     the background thread → table_retention, store_retention → ledger → the tables' next versions; packs are
 *          retired afterwards
 * owns     segments that leave are marked as merges mark theirs, so that no merge takes them meanwhile
 * full     the ledger gives up the store's reserve for a commit that frees space
 */
#include "storage/retention.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/number.h"
#include "base/pool.h"
#include "storage/table_private.h"

#include <stdlib.h>

#define INTERVAL_US ((uint64_t)5 * 1000000)

METRIC_COUNTER(retention_segments, "weir_retention_segments_total", "segments that retention dropped");
METRIC_COUNTER(retention_bytes, "weir_retention_bytes_total", "bytes of segments that retention dropped");

struct retention {
    struct store *store;
    struct retention_options options;
    struct lock lock;
    struct condition changed;
    _Atomic bool stop;
    pthread_t thread;
    uint64_t settled; /* the last commit of settle() */
    struct err *said; /* the last error that was logged */
};

bool table_setting(const struct table_def *def, const char *name, uint64_t *value)
{
    size_t length = strlen(name);
    for (const char *at = def->settings; at != NULL && *at != 0;) {
        bool is = strncmp(at, name, length) == 0 && strncmp(at + length, " = ", 3) == 0;
        const char *end = strstr(at, ", ");
        if (is) {
            const char *digits = at + length + 3;
            return number_parse_u64(slice_of(digits, end == NULL ? strlen(digits) : (size_t)(end - digits)), value);
        }
        at = end == NULL ? NULL : end + 2;
    }
    return false;
}

/* A hold is no error of retention: system.holds shows it. */
static bool is_held(const struct table *table)
{
    struct err *held = ledger_hold_check(table->store->ledger, table->id, "retention");
    bool is = held != NULL;
    err_free(held);
    return is;
}

/* ---- leaving */
static int by_address(const void *left, const void *right)
{
    uintptr_t a = (uintptr_t) * (void *const *)left, b = (uintptr_t) * (void *const *)right;
    return (a > b) - (a < b);
}

/* Those of the list that are live still, nobody's else and not in quarantine, marked; how many. The list's order
 * changes. */
static struct err *claim(struct table *table, struct table_segment **list, uint32_t *count)
{
    struct table_version *version = table_version_take(table);
    void **live = calloc((size_t)version->segment_count + 1, sizeof(*live));
    uint32_t kept = 0;

    if (live == NULL) {
        table_version_unref(version);
        return err_oom();
    }
    memcpy(live, version->segments, version->segment_count * sizeof(*live));
    qsort(live, version->segment_count, sizeof(*live), by_address);
    lock_take(&table->tables->lock);
    for (uint32_t i = 0; i < *count; i++) {
        void *segment = list[i];
        if (bsearch(&segment, live, version->segment_count, sizeof(*live), by_address) != NULL &&
            table_segment_damage(list[i]) == NULL && !atomic_exchange(&list[i]->merging, true)) {
            list[kept++] = list[i];
        }
    }
    lock_give(&table->tables->lock);
    *count = kept;
    free(live);
    table_version_unref(version);
    return NULL;
}

/* The list is of segments that the caller holds. *dropped grows. */
static struct err *leave(struct table *table, struct table_segment **list, uint32_t count, uint32_t *dropped)
{
    struct err *err = NULL;
    struct tables *tables = table->tables;
    struct segment_name *names = calloc((size_t)count + 1, sizeof(*names));
    struct ledger_batch *batch = ledger_batch_create();
    uint64_t bytes = 0;

    shared_lock_read(&tables->commits);
    if (names == NULL || batch == NULL) {
        err = err_oom();
        count = 0;
        goto done;
    }
    if (table->dropping || table->dropped) {
        count = 0;
        goto done;
    }
    err = claim(table, list, &count);
    if (err != NULL || count == 0) {
        count = 0;
        goto done;
    }
    for (uint32_t i = 0; i < count; i++) {
        names[i] = (struct segment_name){list[i]->info.pack, list[i]->info.offset};
        bytes += list[i]->info.length;
    }
    struct segments_removed removed = {
        .table_id = table->id, .reason = REMOVE_TTL, .segments = names, .segment_count = count};
    OR_DONE(ledger_batch_remove(batch, &removed));
    OR_DONE(ledger_commit(table->store->ledger, batch, NULL));
    table_change_apply(table, &(struct table_change){.remove = list, .remove_count = count});
    table_retire_packs(table->store, list, count);
    metric_add(&metric_retention_segments, count);
    metric_add(&metric_retention_bytes, bytes);
    *dropped += count;
done:
    for (uint32_t i = 0; i < count; i++) {
        atomic_store(&list[i]->merging, false);
    }
    shared_lock_give(&tables->commits);
    ledger_batch_destroy(batch);
    free(names);
    return err_while(err, "dropping expired segments");
}

/* ---- by bytes */
struct aged {
    struct table_segment *segment;
    struct table *table;
    int64_t partition_age; /* of the newest segment of its partition */
    int64_t age;
};

static int64_t age_of(const struct table_segment *segment)
{
    const struct ledger_segment *info = &segment->info;
    return info->time_min_us <= info->time_max_us ? info->time_max_us : info->committed_at_us;
}

static int by_partition(const void *left, const void *right)
{
    const struct aged *a = left, *b = right;
    return a->table != b->table ? (a->table->id > b->table->id ? 1 : -1)
                                : slice_compare(a->segment->info.partition, b->segment->info.partition);
}

static int by_age(const void *left, const void *right)
{
    const struct aged *a = left, *b = right;
    int order = (a->partition_age > b->partition_age) - (a->partition_age < b->partition_age);
    if (order == 0) {
        order = by_partition(left, right);
    }
    if (order == 0) {
        order = (a->age > b->age) - (a->age < b->age);
    }
    if (order == 0) {
        order = (a->segment->info.pack > b->segment->info.pack) - (a->segment->info.pack < b->segment->info.pack);
    }
    return order == 0 ? (a->segment->info.offset > b->segment->info.offset) -
                            (a->segment->info.offset < b->segment->info.offset)
                      : order;
}

/* Oldest first: those of a partition together. */
static void sort_by_age(struct aged *list, uint32_t count)
{
    qsort(list, count, sizeof(*list), by_partition);
    for (uint32_t begin = 0, end; begin < count; begin = end) {
        int64_t newest = INT64_MIN;
        for (end = begin; end < count && by_partition(&list[begin], &list[end]) == 0; end++) {
            newest = list[end].age > newest ? list[end].age : newest;
        }
        for (uint32_t i = begin; i < end; i++) {
            list[i].partition_age = newest;
        }
    }
    qsort(list, count, sizeof(*list), by_age);
}

static uint64_t version_bytes(const struct table_version *version)
{
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < version->segment_count; i++) {
        bytes += version->segments[i]->info.length;
    }
    return bytes;
}

/* The segments of a version, as many as are to be looked at for age. */
static void put_aged(struct table *table, const struct table_version *version, struct aged *list, uint32_t *count)
{
    for (uint32_t i = 0; i < version->segment_count; i++) {
        struct table_segment *segment = version->segments[i];
        if (!atomic_load(&segment->merging)) {
            list[(*count)++] = (struct aged){.segment = segment, .table = table, .age = age_of(segment)};
        }
    }
}

/* How many of the list, from its begin, leave so that at most bytes_max stay of `bytes`. */
static uint32_t excess(const struct aged *list, uint32_t count, uint64_t bytes, uint64_t bytes_max)
{
    uint32_t leaving = 0;
    while (leaving < count && bytes > bytes_max) {
        bytes -= list[leaving++].segment->info.length;
    }
    return leaving;
}

static struct err *table_bytes(struct table *table, const struct table_version *version, uint32_t *dropped)
{
    struct err *err = NULL;
    uint64_t bytes_max = 0, bytes = version_bytes(version);
    uint32_t count = 0, leaving = 0;

    if (!table_setting(version->def, "retention_bytes", &bytes_max) || bytes_max == 0 || bytes <= bytes_max ||
        is_held(table)) {
        return NULL;
    }
    struct aged *list = calloc((size_t)version->segment_count + 1, sizeof(*list));
    struct table_segment **segments = calloc((size_t)version->segment_count + 1, sizeof(struct table_segment *));
    if (list == NULL || segments == NULL) {
        err = err_oom();
        goto done;
    }
    put_aged(table, version, list, &count);
    sort_by_age(list, count);
    leaving = excess(list, count, bytes, bytes_max);
    for (uint32_t i = 0; i < leaving; i++) {
        segments[i] = list[i].segment;
    }
    err = leave(table, segments, leaving, dropped);
done:
    free(segments);
    free(list);
    return err;
}

struct err *store_retention(struct store *store, uint64_t bytes_max, uint32_t *dropped)
{
    struct err *err = NULL;
    struct arena *arena = arena_create(NULL);
    struct table **tables = NULL;
    struct table_def **defs = NULL;
    struct table_version **versions = NULL;
    uint32_t table_count = 0, count = 0, room = 0, taken = 0;
    uint64_t bytes = 0;

    *dropped = 0;
    if (arena == NULL) {
        return err_oom();
    }
    OR_DONE(catalogue_tables(store->catalogue, arena, NULL, &tables, &defs, &table_count));
    versions = calloc((size_t)table_count + 1, sizeof(*versions));
    if (versions == NULL) {
        err = err_oom();
        goto done;
    }
    for (; taken < table_count; taken++) {
        versions[taken] = table_version_take(tables[taken]);
        if (!defs[taken]->internal && !is_held(tables[taken])) {
            bytes += version_bytes(versions[taken]);
            room += versions[taken]->segment_count;
        }
    }
    if (bytes_max == 0 || bytes <= bytes_max) {
        goto done;
    }
    struct aged *list = ARENA_ARRAY(arena, struct aged, (size_t)room + 1);
    struct table_segment **segments = ARENA_ARRAY(arena, struct table_segment *, (size_t)room + 1);
    if (list == NULL || segments == NULL) {
        err = arena_error(arena);
        goto done;
    }
    for (uint32_t i = 0; i < table_count; i++) {
        if (!defs[i]->internal && !is_held(tables[i]) && count + versions[i]->segment_count <= room) {
            put_aged(tables[i], versions[i], list, &count);
        }
    }
    sort_by_age(list, count);
    uint32_t leaving = excess(list, count, bytes, bytes_max);
    for (uint32_t t = 0; t < table_count; t++) {
        uint32_t of_table = 0;
        for (uint32_t i = 0; i < leaving; i++) {
            if (list[i].table == tables[t]) {
                segments[of_table++] = list[i].segment;
            }
        }
        if (of_table > 0) {
            OR_DONE(leave(tables[t], segments, of_table, dropped));
        }
    }
done:
    for (uint32_t i = 0; i < taken; i++) {
        table_version_unref(versions[i]);
    }
    free(versions);
    arena_destroy(arena);
    return err_while(err, "keeping all tables within %llu bytes", (unsigned long long)bytes_max);
}

/* ---- by time */
static struct err *table_expired(struct table *table, const struct table_version *version, int64_t now_us,
                                 uint32_t *dropped)
{
    struct err *err = NULL;
    struct table_segment **expired = calloc((size_t)version->segment_count + 1, sizeof(struct table_segment *));
    bool *may = malloc((size_t)version->segment_count + 1);
    uint32_t count = 0;

    if (expired == NULL || may == NULL) {
        err = err_oom();
        goto done;
    }
    memset(may, true, version->segment_count);
    table_expiry_current(table, version, may);
    for (uint32_t i = 0; i < version->segment_count; i++) {
        struct table_segment *segment = version->segments[i];
        if (may[i] && atomic_load(&segment->expires_at_us) <= now_us && !atomic_load(&segment->merging)) {
            expired[count++] = segment;
        }
    }
    if (count == 0 || is_held(table)) {
        goto done;
    }
    OR_DONE(store_clock_guard(table->store));
    err = leave(table, expired, count, dropped);
done:
    free(may);
    free(expired);
    return err;
}

struct err *table_retention(struct table *table, int64_t now_us, uint32_t *dropped)
{
    struct table_version *version = table_version_take(table);
    *dropped = 0;
    struct err *err = table_bytes(table, version, dropped);
    err_keep_first(&err, table_expired(table, version, now_us, dropped));
    table_version_unref(version);
    return err;
}

struct err *table_drop_due(struct table *table)
{
    uint32_t dropped = 0;
    struct err *err = table_retention(table, clock_wall_us(), &dropped);
    if (err_code(err) == ERR_ABORTED) {
        err_free(err);
        err = NULL;
    }
    return err;
}

/* ---- in the background */
/* Says an error once, until another comes or none. */
static void say(struct retention *retention, struct err *err)
{
    bool same = err != NULL && retention->said != NULL && err_code(err) == err_code(retention->said);
    if (err != NULL && !same) {
        LOG_ERROR("retention", LOG_ERR(err));
    }
    err_free(retention->said);
    retention->said = err;
}

/* A commit is known to be durable to who reads the files when another one follows: in silence, one of no meaning. */
static struct err *settle(struct retention *retention)
{
    struct err *err = NULL;
    struct ledger *ledger = retention->store->ledger;
    struct ledger_batch *batch = NULL;
    struct commit_info last;

    ledger_last_commit(ledger, &last);
    if (retention->options.settle_us == 0 || last.number == retention->settled ||
        clock_wall_us() - last.time_us < (int64_t)retention->options.settle_us) {
        return NULL;
    }
    batch = ledger_batch_create();
    if (batch == NULL) {
        return err_oom();
    }
    OR_DONE(ledger_batch_insert_log(batch, ledger_insert_log_sequence(ledger)));
    OR_DONE(ledger_commit(ledger, batch, &last));
    retention->settled = last.number;
done:
    ledger_batch_destroy(batch);
    if (err_code(err) == ERR_LOGICAL) { /* the insert log went on meanwhile: it is not quiet */
        err_free(err);
        err = NULL;
    }
    return err;
}

static void look(struct retention *retention)
{
    struct arena *arena = arena_create(NULL);
    struct table **tables = NULL;
    struct table_def **defs = NULL;
    uint32_t count = 0, dropped = 0;
    struct err *err =
        arena == NULL ? err_oom() : catalogue_tables(retention->store->catalogue, arena, NULL, &tables, &defs, &count);

    for (uint32_t i = 0; i < count && !atomic_load(&retention->stop); i++) {
        err_keep_first(&err, table_refresh_expiry(tables[i], &retention->stop));
        err_keep_first(&err, err_while(table_retention(tables[i], clock_wall_us(), &dropped), "retention of %s.%s",
                                       defs[i]->database, defs[i]->name));
        if (dropped > 0) {
            LOG_INFO("retention", LOG_TEXT("database", defs[i]->database), LOG_TEXT("table", defs[i]->name),
                     LOG_UINT("segments", dropped));
        }
    }
    arena_destroy(arena);
    if (retention->options.bytes_max > 0 && !atomic_load(&retention->stop)) {
        err_keep_first(&err, store_retention(retention->store, retention->options.bytes_max, &dropped));
        if (dropped > 0) {
            LOG_INFO("retention by the server's bytes", LOG_UINT("segments", dropped));
        }
    }
    err_keep_first(&err, store_sweep(retention->store));
    err_keep_first(&err, settle(retention));
    say(retention, err);
}

static void *retention_run(void *object)
{
    struct retention *retention = object;
    uint64_t interval = retention->options.interval_us == 0 ? INTERVAL_US : retention->options.interval_us;

    while (!atomic_load(&retention->stop)) {
        look(retention);
        lock_take(&retention->lock);
        if (!atomic_load(&retention->stop)) {
            (void)condition_wait_for(&retention->changed, &retention->lock, interval);
        }
        lock_give(&retention->lock);
    }
    return NULL;
}

struct err *retention_start(struct store *store, const struct retention_options *options, struct retention **out)
{
    struct retention *retention = calloc(1, sizeof(*retention));

    if (retention == NULL) {
        return err_oom();
    }
    retention->store = store;
    if (options != NULL) {
        retention->options = *options;
    }
    lock_init(&retention->lock, LOCK_POOL);
    condition_init(&retention->changed);
    struct err *err = thread_start(&retention->thread, "retention", retention_run, retention);
    if (err != NULL) {
        condition_deinit(&retention->changed);
        lock_deinit(&retention->lock);
        free(retention);
        return err;
    }
    *out = retention;
    return NULL;
}

void retention_stop(struct retention *retention)
{
    if (retention == NULL) {
        return;
    }
    lock_take(&retention->lock);
    atomic_store(&retention->stop, true);
    condition_broadcast(&retention->changed);
    lock_give(&retention->lock);
    (void)pthread_join(retention->thread, NULL);
    condition_deinit(&retention->changed);
    lock_deinit(&retention->lock);
    err_free(retention->said);
    free(retention);
}
