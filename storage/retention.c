/*
 * retention.c: whole segments that have expired leave their table.
 *
 * flow     the background thread → table_retention → ledger → the table's next version; packs are retired afterwards
 * refused  while the clock stands too far from the last commit (store_clock_guard)
 */
#include "storage/compactor.h"
#include "storage/table_private.h"

#include <stdlib.h>

/* A hold is no error of retention: system.holds shows it. */
static bool is_held(const struct table *table)
{
    struct err *held = ledger_hold_check(table->store->ledger, table->id, "retention");
    bool is = held != NULL;
    err_free(held);
    return is;
}

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
    if (count == 0 || is_held(table)) {
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
