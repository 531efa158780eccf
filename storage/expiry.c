/*
 * expiry.c: when segments expire after ALTER TABLE … MODIFY TTL.
 *
 * flow     ALTER, the retention thread → table_refresh_expiry → the TTL over each stale segment's rows → ledger
 * stale    a segment whose time was said by the TTL of a schema version that had another one. It neither expires nor is
 *          merged before its time is computed anew, which a crash only delays.
 * cost     the TTL's columns of stale segments are read
 */
#include "base/interrupt.h"
#include "storage/flush.h"
#include "storage/retention.h"
#include "storage/snapshot.h"
#include "storage/table_private.h"

#include <stdlib.h>

/* The TTL's texts of schema versions, looked up once for neighbours. */
struct looked_up {
    uint32_t version;
    bool current;
};

static bool is_current(struct table *table, const struct table_def *now, uint32_t version, struct looked_up *last)
{
    if (version == now->schema_version) {
        return true;
    }
    if (version != last->version) {
        struct table_def *def = catalogue_table_version(table->store->catalogue, table->id, version);
        *last = (struct looked_up){version, def != NULL && strcmp(def->ttl, now->ttl) == 0};
        table_def_unref(def);
    }
    return last->current;
}

void table_expiry_current(struct table *table, const struct table_version *version, bool *out)
{
    struct looked_up last = {0};
    for (uint32_t i = 0; i < version->segment_count; i++) {
        uint32_t by = atomic_load(&version->segments[i]->ttl_version);
        out[i] = out[i] && is_current(table, version->def, by, &last);
    }
}

/* ---- anew */
struct refreshing {
    struct table *table;
    struct table_def *def;
    struct snapshot *snapshot;
    bool *stale; /* per segment of the snapshot */
    int64_t *expires;
    uint32_t stale_count;
};

static bool ttl_reads(const struct refreshing *r, uint32_t column)
{
    int plain = table_plain_column(r->def, r->def->ttl);
    const struct table_program *program = table_program_of(r->table, r->def);
    return plain >= 0 ? (uint32_t)plain == column : program != NULL && table_functions()->ttl_reads(program, column);
}

/* The rows of one granule. */
static struct err *refresh_unit(struct refreshing *r, struct arena *arena, struct scan *scan,
                                const struct scan_unit *unit)
{
    struct err *err = NULL;
    struct chunk *chunk = chunk_new(arena, table_column_count(r->def), unit->row_count);
    struct column *ttl = NULL;

    if (chunk == NULL) {
        return arena_error(arena);
    }
    for (uint32_t k = 0; k < r->def->column_count; k++) {
        if (ttl_reads(r, k)) {
            OR_DONE(scan_read(scan, arena, unit, k, &chunk->columns[k]));
        }
    }
    OR_DONE(table_evaluate(r->def, table_program_of(r->table, r->def), arena, TABLE_TTL, 0, chunk, &ttl));
    for (uint32_t row = 0; row < unit->row_count; row++) {
        int64_t expires = ttl_expires_at_us(ttl, row);
        r->expires[unit->source] = expires > r->expires[unit->source] ? expires : r->expires[unit->source];
    }
done:
    return err;
}

static struct err *refresh_all(struct refreshing *r, const _Atomic bool *stop)
{
    struct err *err = NULL;
    struct arena *arena = arena_create(NULL), *granule = arena_create(NULL);
    struct scan *scan = NULL;
    struct scan_unit unit;

    if (arena == NULL || granule == NULL) {
        err = err_oom();
        goto done;
    }
    OR_DONE(scan_open(r->snapshot, arena, NULL, 0, &scan));
    while (scan_next(scan, &unit)) {
        if (unit.source >= snapshot_segment_count(r->snapshot) || !r->stale[unit.source]) {
            continue;
        }
        OR_DONE(interrupt_check());
        if (stop != NULL && atomic_load(stop)) {
            err = err_new(ERR_ABORTED, "the server stops");
            goto done;
        }
        OR_DONE(refresh_unit(r, granule, scan, &unit));
        arena_reset(granule);
    }
done:
    arena_destroy(granule);
    arena_destroy(arena);
    return err;
}

static int by_name(const void *left, const void *right)
{
    const struct ledger_segment *a = &(*(struct table_segment *const *)left)->info;
    const struct ledger_segment *b = &(*(struct table_segment *const *)right)->info;
    return a->pack != b->pack ? (a->pack > b->pack) - (a->pack < b->pack)
                              : (a->offset > b->offset) - (a->offset < b->offset);
}

/* The segments of a version by name; to be freed, borrowed from the version. NULL: memory is out. */
static struct table_segment **sorted_by_name(const struct table_version *version)
{
    struct table_segment **sorted = calloc((size_t)version->segment_count + 1, sizeof(struct table_segment *));
    if (sorted != NULL && version->segment_count > 0) {
        memcpy(sorted, version->segments, version->segment_count * sizeof(struct table_segment *));
        qsort(sorted, version->segment_count, sizeof(struct table_segment *), by_name);
    }
    return sorted;
}

static struct table_segment *find_live(struct table_segment *const *sorted, uint32_t count,
                                       const struct ledger_segment *info)
{
    uint32_t low = 0, high = count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct ledger_segment *live = &sorted[middle]->info;
        if (live->pack < info->pack || (live->pack == info->pack && live->offset < info->offset)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool found = low < count && sorted[low]->info.pack == info->pack && sorted[low]->info.offset == info->offset;
    return found ? sorted[low] : NULL;
}

/* Those that are live still, in one commit. tables->commits is held exclusively: none leaves meanwhile. */
static struct err *refresh_commit(struct refreshing *r)
{
    struct err *err = NULL;
    struct ledger_batch *batch = ledger_batch_create();
    struct table_version *version = table_version_take(r->table);
    struct segment_name *names = calloc((size_t)r->stale_count + 1, sizeof(*names));
    struct table_segment **segments = calloc((size_t)r->stale_count + 1, sizeof(struct table_segment *));
    int64_t *expires = calloc((size_t)r->stale_count + 1, sizeof(*expires));
    struct table_segment **sorted = sorted_by_name(version);
    struct ledger_expiry expiry = {r->table->id, r->def->schema_version, names, expires, 0};

    if (batch == NULL || names == NULL || segments == NULL || expires == NULL || sorted == NULL) {
        err = err_oom();
        goto done;
    }
    for (uint32_t i = 0; i < snapshot_segment_count(r->snapshot); i++) {
        const struct ledger_segment *info = snapshot_segment(r->snapshot, i);
        struct table_segment *live = r->stale[i] ? find_live(sorted, version->segment_count, info) : NULL;
        if (live != NULL && atomic_load(&live->ttl_version) <= r->def->schema_version) {
            names[expiry.count] = (struct segment_name){info->pack, info->offset};
            expires[expiry.count] = r->expires[i];
            segments[expiry.count++] = live;
        }
    }
    if (expiry.count == 0 || r->table->dropping || r->table->dropped) {
        goto done;
    }
    OR_DONE(ledger_batch_expiry(batch, &expiry));
    OR_DONE(ledger_commit(r->table->store->ledger, batch, NULL));
    for (uint32_t i = 0; i < expiry.count; i++) {
        atomic_store(&segments[i]->expires_at_us, expires[i]);
        atomic_store(&segments[i]->ttl_version, expiry.ttl_version);
    }
done:
    free(sorted);
    free(expires);
    free(segments);
    free(names);
    table_version_unref(version);
    ledger_batch_destroy(batch);
    return err;
}

/* Which segments of the snapshot are stale; the definition is one of now, which may be newer than the snapshot's. */
static struct err *find_stale(struct refreshing *r)
{
    struct table_version *version = table_version_take(r->table);
    uint32_t count = version->segment_count;
    bool *current = malloc((size_t)count + 1);
    struct table_segment **sorted = NULL;
    struct err *err = current == NULL ? err_oom() : NULL;

    if (err == NULL) {
        memset(current, true, (size_t)count + 1);
        table_expiry_current(r->table, version, current);
        for (uint32_t i = 0; i < count; i++) {
            r->stale_count += current[i] ? 0 : 1;
        }
    }
    if (err == NULL && r->stale_count > 0) {
        struct looked_up last = {0};
        r->stale_count = 0;
        OR_DONE(snapshot_take(r->table, &r->snapshot));
        r->def = table_def_ref(snapshot_def(r->snapshot));
        uint32_t segments = snapshot_segment_count(r->snapshot);
        r->stale = calloc((size_t)segments + 1, sizeof(*r->stale));
        r->expires = calloc((size_t)segments + 1, sizeof(*r->expires));
        sorted = sorted_by_name(version);
        if (r->stale == NULL || r->expires == NULL || sorted == NULL) {
            err = err_oom();
            goto done;
        }
        for (uint32_t i = 0; i < segments; i++) {
            const struct table_segment *live = find_live(sorted, count, snapshot_segment(r->snapshot, i));
            r->stale[i] = live != NULL && !is_current(r->table, r->def, atomic_load(&live->ttl_version), &last);
            r->expires[i] = r->def->ttl[0] == 0 ? INT64_MAX : INT64_MIN;
            r->stale_count += r->stale[i] ? 1 : 0;
        }
    }
done:
    free(sorted);
    free(current);
    table_version_unref(version);
    return err;
}

struct err *table_refresh_expiry(struct table *table, const _Atomic bool *stop)
{
    struct err *err = NULL;
    struct refreshing r = {.table = table};

    OR_DONE(find_stale(&r));
    if (r.stale_count == 0) {
        goto done;
    }
    if (r.def->ttl[0] != 0) {
        OR_DONE(refresh_all(&r, stop));
    }
    shared_lock_write(&table->tables->commits);
    err = refresh_commit(&r);
    shared_lock_give(&table->tables->commits);
done:
    free(r.stale);
    free(r.expires);
    snapshot_unref(r.snapshot);
    table_def_unref(r.def);
    return err_while(err, "computing when segments expire");
}
