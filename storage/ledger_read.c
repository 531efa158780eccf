/*
 * ledger_read.c: what others ask the ledger: segments, tokens, counters.
 *
 * flow     storage/table.c (segments at start), store.c, system tables → here → ledger_state.c
 * thread   any; everything is copied out under the ledger's lock
 */
#include "storage/ledger.h"

#include "storage/ledger_private.h"

#include <stdlib.h>

struct ledger_state *ledger_state_lock(struct ledger *ledger)
{
    lock_take(&ledger->mutex);
    return &ledger->state;
}

void ledger_state_unlock(struct ledger *ledger)
{
    lock_give(&ledger->mutex);
}

bool ledger_tail_was_cut(const struct ledger *ledger)
{
    return ledger->tail_cut; /* set before the ledger is shared */
}

bool ledger_is_new(const struct ledger *ledger)
{
    return ledger->is_new;
}

struct err *ledger_read_only(struct ledger *ledger)
{
    lock_take(&ledger->mutex);
    struct err *err = err_copy(ledger->failed);
    lock_give(&ledger->mutex);
    return err;
}

void ledger_last_commit(struct ledger *ledger, struct commit_info *out)
{
    *out = ledger_state_lock(ledger)->last;
    ledger_state_unlock(ledger);
}

void ledger_store_id(const struct ledger *ledger, uint8_t id[LEDGER_STORE_ID_BYTES])
{
    memcpy(id, ledger->store_id, LEDGER_STORE_ID_BYTES);
}

uint64_t ledger_insert_log_sequence(struct ledger *ledger)
{
    uint64_t sequence = ledger_state_lock(ledger)->insert_log_sequence;
    ledger_state_unlock(ledger);
    return sequence;
}

bool ledger_token_known(struct ledger *ledger, uint64_t table_id, unsigned __int128 hash)
{
    struct ledger_state *state = ledger_state_lock(ledger);
    bool known = map_find(&state->tokens, (struct map_key){table_id, (uint64_t)(hash >> 64), (uint64_t)hash}) != NULL;
    ledger_state_unlock(ledger);
    return known;
}

static int segment_compare(const void *a, const void *b)
{
    const struct ledger_segment *x = a, *y = b;
    if (x->table_id != y->table_id) {
        return x->table_id < y->table_id ? -1 : 1;
    }
    if (x->pack != y->pack) {
        return x->pack < y->pack ? -1 : 1;
    }
    return (x->offset > y->offset) - (x->offset < y->offset);
}

static bool is_wanted(const struct segment_entry *entry, uint64_t table_id, bool detached)
{
    return entry->visible && entry->detached == detached && (table_id == 0 || entry->segment.table_id == table_id);
}

static struct err *list_segments(struct ledger *ledger, struct arena *arena, uint64_t table_id, bool detached,
                                 struct ledger_segment **out, uint32_t *count)
{
    struct err *err = NULL;
    struct ledger_state *state = ledger_state_lock(ledger);
    struct segment_entry *entry;
    size_t position = 0;
    uint32_t wanted = 0;

    *count = 0;
    while ((entry = map_next(&state->segments, &position)) != NULL) {
        wanted += is_wanted(entry, table_id, detached) ? 1 : 0;
    }
    *out = ARENA_ARRAY(arena, struct ledger_segment, (size_t)wanted + 1);
    if (*out == NULL) {
        err = arena_error(arena);
        goto done;
    }
    position = 0;
    while ((entry = map_next(&state->segments, &position)) != NULL) {
        if (is_wanted(entry, table_id, detached)) {
            struct ledger_segment *segment = &(*out)[*count];
            *segment = entry->segment;
            segment->partition = arena_slice(arena, entry->segment.partition);
            segment->codec =
                entry->segment.codec.length == 0 ? (struct slice){0} : arena_slice(arena, entry->segment.codec);
            if ((segment->partition.data == NULL && entry->segment.partition.length > 0) ||
                (segment->codec.data == NULL && entry->segment.codec.length > 0)) {
                err = arena_error(arena);
                goto done;
            }
            (*count)++;
        }
    }
    if (*count > 1) {
        qsort(*out, *count, sizeof **out, segment_compare);
    }
done:
    ledger_state_unlock(ledger);
    return err;
}

struct err *ledger_segments(struct ledger *ledger, struct arena *arena, uint64_t table_id, struct ledger_segment **out,
                            uint32_t *count)
{
    return list_segments(ledger, arena, table_id, false, out, count);
}

struct err *ledger_detached(struct ledger *ledger, struct arena *arena, uint64_t table_id, struct ledger_segment **out,
                            uint32_t *count)
{
    return list_segments(ledger, arena, table_id, true, out, count);
}

static int hold_compare(const void *a, const void *b)
{
    const struct ledger_hold *x = a, *y = b;
    return x->table_id != y->table_id ? (x->table_id > y->table_id) - (x->table_id < y->table_id)
                                      : slice_compare(x->reason, y->reason);
}

struct err *ledger_holds(struct ledger *ledger, struct arena *arena, uint64_t table_id, struct ledger_hold **out,
                         uint32_t *count)
{
    struct err *err = NULL;
    struct ledger_state *state = ledger_state_lock(ledger);
    struct table_entry *table;
    size_t position = 0, room = 0;

    *count = 0;
    while ((table = map_next(&state->tables, &position)) != NULL) {
        room += table->hold_count;
    }
    *out = ARENA_ARRAY(arena, struct ledger_hold, room + 1);
    if (*out == NULL) {
        err = arena_error(arena);
        goto done;
    }
    position = 0;
    while ((table = map_next(&state->tables, &position)) != NULL) {
        for (uint32_t i = 0; i < table->hold_count && (table_id == 0 || table->id == table_id); i++) {
            const struct hold_entry *hold = table->holds[i];
            if (!hold->visible) {
                continue;
            }
            struct ledger_hold *copy = &(*out)[(*count)++];
            *copy = (struct ledger_hold){table->id, arena_slice(arena, hold->reason), hold->placed_at_us};
            if (copy->reason.data == NULL) {
                err = arena_error(arena);
                goto done;
            }
        }
    }
    if (*count > 1) {
        qsort(*out, *count, sizeof **out, hold_compare);
    }
done:
    ledger_state_unlock(ledger);
    return err;
}

struct err *ledger_hold_check(struct ledger *ledger, uint64_t table_id, const char *what)
{
    const struct table_entry *table = state_table(ledger_state_lock(ledger), table_id);
    struct err *err = table == NULL ? NULL : holds_check(table, what);
    ledger_state_unlock(ledger);
    return err;
}

uint64_t ledger_pack_max(struct ledger *ledger)
{
    uint64_t pack = ledger_state_lock(ledger)->pack_max;
    ledger_state_unlock(ledger);
    return pack;
}

bool ledger_pack_is_live(struct ledger *ledger, uint64_t pack)
{
    bool live = map_find(&ledger_state_lock(ledger)->packs, (struct map_key){pack, 0, 0}) != NULL;
    ledger_state_unlock(ledger);
    return live;
}

uint32_t ledger_pack_count(struct ledger *ledger)
{
    uint32_t count = (uint32_t)ledger_state_lock(ledger)->packs.count;
    ledger_state_unlock(ledger);
    return count;
}

void ledger_metrics(struct ledger *ledger, struct ledger_metrics *out)
{
    struct ledger_state *state = ledger_state_lock(ledger);
    size_t position = 0;
    struct pack_entry *pack;

    *out = ledger->counters;
    out->segments_live = 0;
    while ((pack = map_next(&state->packs, &position)) != NULL) {
        out->segments_live += pack->live;
    }
    out->segments_live -= state->segments_detached;
    out->rows_live = state->rows_live;
    ledger_state_unlock(ledger);
}
