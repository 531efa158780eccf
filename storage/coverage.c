/*
 * coverage.c: the state of every (table, stream, incarnation, partition): one gapless run of offsets and its history.
 *
 * flow     storage/ledger_state.c (stage, publish) → here ← coverage_* of coverage.h (ingest, system tables)
 * rule     a range begins where the last staged one ended; its counts add up to its length; its dead addresses are
 *          inside it and as many as it counts
 * history  a key's rows: at the limit the older half is merged by pairs, so old ranges grow coarser and coarser but
 *          stay gapless. The limit depends on the number of keys alone: replay and checkpoints agree.
 */
#include "storage/coverage.h"

#include "storage/ledger_private.h"
#include "storage/ledger_state.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Rows of all keys together, and the least that a key keeps. */
#define ROWS_MAX         65536U
#define ROWS_PER_KEY_MIN 64U

/* ---- keys and entries */

static struct map_key key_of(const struct coverage_key *key)
{
    return (struct map_key){key->table_id, (uint64_t)key->stream_id << 32 | key->incarnation, (uint32_t)key->partition};
}

int coverage_key_compare(const struct coverage_key *a, const struct coverage_key *b)
{
    struct map_key x = key_of(a), y = key_of(b);
    if (x.a != y.a) {
        return x.a < y.a ? -1 : 1;
    }
    if (x.b != y.b) {
        return x.b < y.b ? -1 : 1;
    }
    return (x.c > y.c) - (x.c < y.c);
}

/* "table 3, stream 1, incarnation 0, partition 7" */
#define KEY_TEXT_BYTES 128
static const char *key_text(const struct coverage_key *key, char text[KEY_TEXT_BYTES])
{
    (void)snprintf(text, KEY_TEXT_BYTES,
                   "table %" PRIu64 ", stream %" PRIu32 ", incarnation %" PRIu32 ", partition %" PRId32, key->table_id,
                   key->stream_id, key->incarnation, key->partition);
    return text;
}

struct coverage_entry *state_coverage(const struct ledger_state *state, const struct coverage_key *key)
{
    return map_find(&state->coverage, key_of(key));
}

void coverage_entry_free(struct coverage_entry *entry)
{
    interval_set_deinit(&entry->dead);
    interval_set_deinit(&entry->claimed);
    free(entry->rows);
    free(entry);
}

void coverage_entry_remove(struct ledger_state *state, struct coverage_entry *entry)
{
    state->coverage_visible -= entry->visible ? 1 : 0;
    map_remove(&state->coverage, key_of(&entry->position.key));
    coverage_entry_free(entry);
}

static void entry_show(struct ledger_state *state, struct coverage_entry *entry)
{
    state->coverage_visible += entry->visible ? 0 : 1;
    entry->visible = true;
}

void coverage_drop_table(struct ledger_state *state, uint64_t table_id)
{
    struct coverage_entry *entry = NULL;

    do {
        struct coverage_entry *batch[256];
        size_t count = 0;
        size_t position = 0;
        while (count < sizeof batch / sizeof batch[0] && (entry = map_next(&state->coverage, &position)) != NULL) {
            if (entry->position.key.table_id == table_id) {
                batch[count++] = entry;
            }
        }
        for (size_t i = 0; i < count; i++) {
            coverage_entry_remove(state, batch[i]);
        }
    } while (entry != NULL);
}

static struct err *key_check(const struct ledger_state *state, const struct coverage_key *key)
{
    struct table_entry *table = NULL;
    struct err *err = state_table_check(state, key->table_id, &table);

    if (err == NULL &&
        (key->partition < 0 || (key->stream_id != STREAM_INSERT_LOG && key->stream_id > state->stream_staged))) {
        char text[KEY_TEXT_BYTES];
        err = err_new(ERR_LOGICAL, "coverage of %s: no such stream", key_text(key, text));
    }
    return err;
}

static struct err *entry_add(struct ledger_state *state, struct stage *stage, const struct coverage_key *key,
                             int64_t start, struct coverage_entry **out)
{
    struct coverage_entry *entry = calloc(1, sizeof *entry);

    if (entry == NULL || !map_insert(&state->coverage, key_of(key), entry)) {
        free(entry);
        return err_oom();
    }
    entry->position =
        (struct coverage_position){.key = *key, .start = start, .end = start, .event_time_max_us = INT64_MIN};
    entry->end_staged = start;
    if (!stage_undo_push(stage, UNDO_COVERAGE_NEW, entry, 0, 0)) {
        coverage_entry_remove(state, entry);
        return err_oom();
    }
    *out = entry;
    return NULL;
}

/* ---- start offsets */

struct err *coverage_stage_start(struct ledger_state *state, struct stage *stage, struct slice payload)
{
    struct err *err = NULL;
    struct ledger_start start;
    struct coverage_entry *entry = NULL;
    char text[KEY_TEXT_BYTES];

    OR_DONE(record_decode_start(payload, &start));
    OR_DONE(key_check(state, &start.key));
    entry = state_coverage(state, &start.key);
    if (entry != NULL) {
        err = err_new(ERR_LOGICAL, "start offset %" PRId64 " of %s: it starts at %" PRId64 " already", start.offset,
                      key_text(&start.key, text), entry->position.start);
        goto done;
    }
    OR_DONE(entry_add(state, stage, &start.key, start.offset, &entry));
    entry->source_id = start.source_id;
done:
    return err;
}

struct err *coverage_publish_start(struct ledger_state *state, struct slice payload)
{
    struct ledger_start start;
    struct err *err = record_decode_start(payload, &start);
    ASSERT(err == NULL);
    entry_show(state, state_coverage(state, &start.key));
    return NULL;
}

/* ---- ranges */

static struct err *range_check(const struct coverage_range *range)
{
    const struct coverage_counts *counts = &range->counts;
    unsigned __int128 sum = (unsigned __int128)counts->stored + counts->filtered + counts->dead + counts->duplicate +
                            counts->absent + counts->expired;
    uint64_t dead = 0;
    char text[KEY_TEXT_BYTES];

    if (range->first < 0 || range->end <= range->first || sum != (uint64_t)(range->end - range->first)) {
        return err_new(ERR_LOGICAL,
                       "coverage of %s: offsets %" PRId64 " to %" PRId64 " are not %" PRIu64 " stored + %" PRIu64
                       " filtered + %" PRIu64 " dead + %" PRIu64 " duplicate + %" PRIu64 " absent + %" PRIu64
                       " expired",
                       key_text(&range->key, text), range->first, range->end, counts->stored, counts->filtered,
                       counts->dead, counts->duplicate, counts->absent, counts->expired);
    }
    for (uint32_t i = 0; i < range->dead_count; i++) {
        int64_t from = i == 0 ? range->first : range->dead[i - 1].end;
        if (range->dead[i].first < from || range->dead[i].end <= range->dead[i].first ||
            range->dead[i].end > range->end) {
            return err_new(ERR_LOGICAL, "coverage of %s: dead addresses %" PRId64 " to %" PRId64 " are out of place",
                           key_text(&range->key, text), range->dead[i].first, range->dead[i].end);
        }
        dead += (uint64_t)(range->dead[i].end - range->dead[i].first);
    }
    if (dead != counts->dead) {
        return err_new(ERR_LOGICAL, "coverage of %s: %" PRIu64 " dead addresses are listed, %" PRIu64 " are counted",
                       key_text(&range->key, text), dead, counts->dead);
    }
    return NULL;
}

struct err *coverage_stage_range(struct ledger_state *state, struct stage *stage, struct slice payload)
{
    struct err *err = NULL;
    struct coverage_range range;
    struct coverage_entry *entry = NULL;
    char text[KEY_TEXT_BYTES];

    OR_DONE(record_decode_coverage(payload, stage->arena, &range));
    OR_DONE(key_check(state, &range.key));
    OR_DONE(range_check(&range));
    entry = state_coverage(state, &range.key);
    if (entry == NULL && range.key.stream_id == STREAM_INSERT_LOG) {
        OR_DONE(entry_add(state, stage, &range.key, range.first, &entry));
    }
    if (entry == NULL) {
        err = err_new(ERR_LOGICAL, "coverage of %s: no start offset is recorded", key_text(&range.key, text));
        goto done;
    }
    if (range.first != entry->end_staged) {
        err = err_new(ERR_LOGICAL,
                      "coverage of %s: a range begins at offset %" PRId64 ", the last one ended at %" PRId64
                      "; nothing is stored",
                      key_text(&range.key, text), range.first, entry->end_staged);
        goto done;
    }
    if (!stage_undo_push(stage, UNDO_COVERAGE_END, entry, entry->end_staged, 0)) {
        err = err_oom();
        goto done;
    }
    entry->end_staged = range.end;
    struct stage_tally *tally = stage_tally(stage, range.key.table_id);
    if (tally == NULL) {
        err = err_oom();
        goto done;
    }
    tally->rows_claimed += range.counts.stored;
done:
    return err;
}

static void counts_add(struct coverage_counts *to, const struct coverage_counts *more)
{
    to->stored += more->stored;
    to->filtered += more->filtered;
    to->dead += more->dead;
    to->duplicate += more->duplicate;
    to->absent += more->absent;
    to->expired += more->expired;
}

static uint32_t rows_limit(const struct ledger_state *state)
{
    uint32_t limit = ROWS_MAX / (state->coverage_visible == 0 ? 1 : state->coverage_visible);
    if (limit > COVERAGE_ROWS_MAX) {
        return COVERAGE_ROWS_MAX;
    }
    return limit < ROWS_PER_KEY_MIN ? ROWS_PER_KEY_MIN : limit;
}

/* Merges the older half by pairs. */
static void rows_thin(struct coverage_entry *entry)
{
    uint32_t pairs = entry->row_count / 4;
    struct coverage_row *rows = entry->rows;

    for (uint32_t i = 0; i < pairs; i++) {
        struct coverage_row merged = rows[2 * i + 1];
        merged.first = rows[2 * i].first;
        merged.range_count += rows[2 * i].range_count;
        counts_add(&merged.counts, &rows[2 * i].counts);
        rows[i] = merged;
    }
    memmove(&rows[pairs], &rows[2 * pairs], (entry->row_count - 2 * pairs) * sizeof *rows);
    entry->row_count -= pairs;
}

struct err *coverage_publish_range(struct ledger_state *state, struct arena *arena, struct slice payload,
                                   const struct commit_info *commit)
{
    struct err *err = NULL;
    struct coverage_range range;
    struct coverage_entry *entry = NULL;

    OR_DONE(record_decode_coverage(payload, arena, &range));
    entry = state_coverage(state, &range.key);
    ASSERT(entry != NULL && entry->position.end == range.first);
    while (entry->row_count >= rows_limit(state)) {
        rows_thin(entry);
    }
    if (!array_grow((void **)&entry->rows, &entry->row_capacity, entry->row_count, sizeof *entry->rows)) {
        err = err_oom();
        goto done;
    }
    for (uint32_t i = 0; i < range.dead_count; i++) {
        if (!interval_set_add(&entry->dead, (uint64_t)range.dead[i].first, (uint64_t)range.dead[i].end)) {
            err = err_oom();
            goto done;
        }
    }
    struct coverage_row *row = &entry->rows[entry->row_count++];
    *row = (struct coverage_row){.key = range.key,
                                 .first = range.first,
                                 .end = range.end,
                                 .counts = range.counts,
                                 .range_count = 1,
                                 .commit = commit->number,
                                 .committed_at_us = commit->time_us};
    memcpy(row->hash, commit->hash, sizeof row->hash);

    struct coverage_position *position = &entry->position;
    position->end = range.end;
    counts_add(&position->counts, &range.counts);
    if (range.fingerprint.present) {
        position->fingerprint = range.fingerprint;
    }
    if (range.event_time_max_us > position->event_time_max_us) {
        position->event_time_max_us = range.event_time_max_us;
    }
    position->commit = commit->number;
    position->committed_at_us = commit->time_us;
    entry_show(state, entry);
done:
    return err;
}

/* ---- claims of dead addresses */

struct err *coverage_stage_claim(struct ledger_state *state, struct stage *stage, struct slice payload)
{
    struct err *err = NULL;
    struct ledger_claim claim;
    struct coverage_entry *entry = NULL;
    char text[KEY_TEXT_BYTES];

    OR_DONE(record_decode_claim(payload, &claim));
    OR_DONE(key_check(state, &claim.key));
    entry = state_coverage(state, &claim.key);
    if (entry == NULL || claim.end <= claim.first ||
        !interval_set_covers(&entry->dead, (uint64_t)claim.first, (uint64_t)claim.end) ||
        interval_set_meets(&entry->claimed, (uint64_t)claim.first, (uint64_t)claim.end)) {
        err = err_new(ERR_LOGICAL, "addresses %" PRId64 " to %" PRId64 " of %s are not all dead and unclaimed",
                      claim.first, claim.end, key_text(&claim.key, text));
        goto done;
    }
    if (!interval_set_add(&entry->claimed, (uint64_t)claim.first, (uint64_t)claim.end) ||
        !stage_undo_push(stage, UNDO_CLAIM, entry, claim.first, claim.end)) {
        err = err_oom();
        goto done;
    }
    if (claim.stored) {
        struct stage_tally *tally = stage_tally(stage, claim.key.table_id);
        if (tally == NULL) {
            err = err_oom();
            goto done;
        }
        tally->rows_claimed += (uint64_t)(claim.end - claim.first);
    }
done:
    return err;
}

void coverage_undo_claim(struct coverage_entry *entry, int64_t first, int64_t end)
{
    (void)interval_set_remove(&entry->claimed, (uint64_t)first,
                              (uint64_t)end); /* without memory the address stays claimed until restart */
}

/* The part of a row that lies in the claim moves from dead to stored or filtered. Rows that were merged know only
 * their sums; the claimed addresses are dead in one of them, so the row that holds the address is the right one. */
static void rows_claim(struct coverage_entry *entry, const struct ledger_claim *claim)
{
    for (uint32_t i = 0; i < entry->row_count; i++) {
        struct coverage_row *row = &entry->rows[i];
        int64_t first = row->first > claim->first ? row->first : claim->first;
        int64_t end = row->end < claim->end ? row->end : claim->end;
        if (first < end) {
            row->counts.dead -= (uint64_t)(end - first);
            *(claim->stored ? &row->counts.stored : &row->counts.filtered) += (uint64_t)(end - first);
        }
    }
}

struct err *coverage_publish_claim(struct ledger_state *state, struct slice payload)
{
    struct ledger_claim claim;
    struct err *err = record_decode_claim(payload, &claim);
    ASSERT(err == NULL);
    struct coverage_entry *entry = state_coverage(state, &claim.key);
    struct coverage_counts *counts = &entry->position.counts;
    uint64_t length = (uint64_t)(claim.end - claim.first);

    if (!interval_set_remove(&entry->dead, (uint64_t)claim.first, (uint64_t)claim.end) ||
        !interval_set_remove(&entry->claimed, (uint64_t)claim.first, (uint64_t)claim.end)) {
        return err_oom();
    }
    counts->dead -= length;
    *(claim.stored ? &counts->stored : &counts->filtered) += length;
    rows_claim(entry, &claim);
    return NULL;
}

/* ---- checkpoints */

static bool counts_fit(const struct coverage_counts *counts, int64_t first, int64_t end)
{
    unsigned __int128 sum = (unsigned __int128)counts->stored + counts->filtered + counts->dead + counts->duplicate +
                            counts->absent + counts->expired;
    return sum == (uint64_t)(end - first);
}

/* allowed: that coverage may be told where this record stands; where: for the error. */
static struct err *stage_told(struct ledger_state *state, struct stage *stage,
                              const struct coverage_state_record *record, bool allowed, const char *where)
{
    struct err *err = NULL;
    const struct coverage_position *position = &record->position;
    struct coverage_entry *entry = NULL;
    char text[KEY_TEXT_BYTES];

    OR_DONE(key_check(state, &position->key));
    if (!allowed || state_coverage(state, &position->key) != NULL ||
        !counts_fit(&position->counts, position->start, position->end)) {
        err = err_new(ERR_LOGICAL, "coverage of %s contradicts itself or stands outside %s",
                      key_text(&position->key, text), where);
        goto done;
    }
    OR_DONE(entry_add(state, stage, &position->key, position->start, &entry));
    entry->end_staged = position->end;
    entry->source_id = record->source_id;
done:
    return err;
}

struct err *coverage_stage_state(struct ledger_state *state, struct stage *stage, struct slice payload)
{
    struct err *err = NULL;
    struct coverage_state_record record;

    OR_DONE(record_decode_coverage_state(payload, stage->arena, &record));
    OR_DONE(stage_told(state, stage, &record, stage->checkpoint, "a checkpoint"));
done:
    return err;
}

struct err *coverage_publish_state(struct ledger_state *state, struct arena *arena, struct slice payload)
{
    struct err *err = NULL;
    struct coverage_state_record record;

    OR_DONE(record_decode_coverage_state(payload, arena, &record));
    struct coverage_entry *entry = state_coverage(state, &record.position.key);
    ASSERT(entry != NULL);
    entry->position = record.position;
    entry_show(state, entry);
    for (uint32_t i = 0; i < record.dead_count; i++) {
        if (!interval_set_add(&entry->dead, (uint64_t)record.dead[i].first, (uint64_t)record.dead[i].end)) {
            err = err_oom();
            goto done;
        }
    }
done:
    return err;
}

/* As of a checkpoint, in the commit that restores the table. */
struct err *coverage_stage_restored(struct ledger_state *state, struct stage *stage, struct slice payload)
{
    struct err *err = NULL;
    struct coverage_state_record record;

    OR_DONE(record_decode_coverage_state(payload, stage->arena, &record));
    const struct stage_tally *tally = stage_tally(stage, record.position.key.table_id);
    if (tally == NULL) {
        err = err_oom();
        goto done;
    }
    OR_DONE(stage_told(state, stage, &record, !stage->checkpoint && tally->restored, "its table's restoring commit"));
done:
    return err;
}

/* Its history is one row, of this commit. */
struct err *coverage_publish_restored(struct ledger_state *state, struct arena *arena, struct slice payload,
                                      const struct commit_info *commit)
{
    struct err *err = NULL;
    struct coverage_state_record record;

    OR_DONE(coverage_publish_state(state, arena, payload));
    OR_DONE(record_decode_coverage_state(payload, arena, &record));
    struct coverage_entry *entry = state_coverage(state, &record.position.key);
    ASSERT(entry != NULL);
    entry->position.commit = commit->number;
    entry->position.committed_at_us = commit->time_us;
    if (entry->position.end > entry->position.start) {
        entry->rows = calloc(1, sizeof *entry->rows);
        if (entry->rows == NULL) {
            err = err_oom();
            goto done;
        }
        entry->rows[0] = (struct coverage_row){.key = entry->position.key,
                                               .first = entry->position.start,
                                               .end = entry->position.end,
                                               .counts = entry->position.counts,
                                               .range_count = 1,
                                               .commit = commit->number,
                                               .committed_at_us = commit->time_us};
        memcpy(entry->rows[0].hash, commit->hash, sizeof entry->rows[0].hash);
        entry->row_count = 1;
        entry->row_capacity = 1;
    }
done:
    return err;
}

struct err *coverage_stage_rows(struct ledger_state *state, struct stage *stage, struct slice payload)
{
    struct err *err = NULL;
    struct coverage_key key;
    struct coverage_row *rows = NULL;
    uint32_t count = 0;
    char text[KEY_TEXT_BYTES];

    OR_DONE(record_decode_rows(payload, stage->arena, &key, &rows, &count));
    struct coverage_entry *entry = state_coverage(state, &key);
    bool good = stage->checkpoint && entry != NULL && count > 0 && count <= COVERAGE_ROWS_MAX;
    for (uint32_t i = 0; i < count && good; i++) {
        good = rows[i].first == (i == 0 ? entry->position.start : rows[i - 1].end) &&
               counts_fit(&rows[i].counts, rows[i].first, rows[i].end);
    }
    if (!good || rows[count - 1].end != entry->end_staged) {
        err = err_new(ERR_LOGICAL, "a checkpoint's coverage history of %s has a gap", key_text(&key, text));
    }
done:
    return err;
}

struct err *coverage_publish_rows(struct ledger_state *state, struct arena *arena, struct slice payload)
{
    struct err *err = NULL;
    struct coverage_key key;
    struct coverage_row *rows = NULL;
    uint32_t count = 0;

    OR_DONE(record_decode_rows(payload, arena, &key, &rows, &count));
    struct coverage_entry *entry = state_coverage(state, &key);
    ASSERT(entry != NULL);
    free(entry->rows);
    entry->row_count = 0;
    entry->row_capacity = 0;
    entry->rows = calloc(count, sizeof *entry->rows);
    if (entry->rows == NULL) {
        err = err_oom();
        goto done;
    }
    memcpy(entry->rows, rows, count * sizeof *rows);
    entry->row_count = count;
    entry->row_capacity = count;
done:
    return err;
}

/* ---- what others read */

bool coverage_position(struct ledger *ledger, const struct coverage_key *key, struct coverage_position *out)
{
    struct ledger_state *state = ledger_state_lock(ledger);
    struct coverage_entry *entry = state_coverage(state, key);
    bool found = entry != NULL && entry->visible;

    if (found) {
        *out = entry->position;
    }
    ledger_state_unlock(ledger);
    return found;
}

bool coverage_covers(struct ledger *ledger, const struct coverage_key *key, int64_t offset)
{
    struct coverage_position position;
    return coverage_position(ledger, key, &position) && position.start <= offset && offset < position.end;
}

bool coverage_is_dead(struct ledger *ledger, const struct coverage_key *key, int64_t offset)
{
    struct ledger_state *state = ledger_state_lock(ledger);
    struct coverage_entry *entry = state_coverage(state, key);
    bool dead = entry != NULL && offset >= 0 && interval_set_contains(&entry->dead, (uint64_t)offset);

    ledger_state_unlock(ledger);
    return dead;
}

static int entry_compare(const void *a, const void *b)
{
    const struct coverage_entry *const *x = a, *const *y = b;
    return coverage_key_compare(&(*x)->position.key, &(*y)->position.key);
}

/* The visible entries of a table (0: all), sorted, and the number of their rows. */
static struct err *entries_sorted(struct ledger_state *state, struct arena *arena, uint64_t table_id,
                                  struct coverage_entry ***out, uint32_t *count, uint64_t *row_count)
{
    struct coverage_entry **entries = ARENA_ARRAY(arena, struct coverage_entry *, state->coverage.count + 1);
    struct coverage_entry *entry;
    size_t position = 0;

    *count = 0;
    *row_count = 0;
    if (entries == NULL) {
        return arena_error(arena);
    }
    while ((entry = map_next(&state->coverage, &position)) != NULL) {
        if (entry->visible && (table_id == 0 || entry->position.key.table_id == table_id)) {
            entries[(*count)++] = entry;
            *row_count += entry->row_count;
        }
    }
    qsort(entries, *count, sizeof(struct coverage_entry *), entry_compare);
    *out = entries;
    return NULL;
}

struct err *coverage_positions(struct ledger *ledger, struct arena *arena, uint64_t table_id,
                               struct coverage_position **out, uint32_t *count)
{
    struct err *err = NULL;
    struct ledger_state *state = ledger_state_lock(ledger);
    struct coverage_entry **entries = NULL;
    uint64_t row_count = 0;

    OR_DONE(entries_sorted(state, arena, table_id, &entries, count, &row_count));
    *out = ARENA_ARRAY(arena, struct coverage_position, *count + 1);
    if (*out == NULL) {
        err = arena_error(arena);
        goto done;
    }
    for (uint32_t i = 0; i < *count; i++) {
        (*out)[i] = entries[i]->position;
    }
done:
    ledger_state_unlock(ledger);
    return err;
}

struct err *coverage_rows(struct ledger *ledger, struct arena *arena, uint64_t table_id, struct coverage_row **out,
                          uint32_t *count)
{
    struct err *err = NULL;
    struct ledger_state *state = ledger_state_lock(ledger);
    struct coverage_entry **entries = NULL;
    uint32_t entry_count = 0;
    uint64_t row_count = 0;

    *count = 0;
    OR_DONE(entries_sorted(state, arena, table_id, &entries, &entry_count, &row_count));
    *out = ARENA_ARRAY(arena, struct coverage_row, row_count + 1);
    if (*out == NULL) {
        err = arena_error(arena);
        goto done;
    }
    for (uint32_t i = 0; i < entry_count; i++) {
        if (entries[i]->row_count > 0) {
            memcpy(*out + *count, entries[i]->rows, entries[i]->row_count * sizeof **out);
            *count += entries[i]->row_count;
        }
    }
done:
    ledger_state_unlock(ledger);
    return err;
}

void stream_find(struct ledger *ledger, struct slice identity, uint32_t *stream_id)
{
    struct ledger_state *state = ledger_state_lock(ledger);

    *stream_id = 0;
    for (uint32_t i = 0; i < state->stream_count && *stream_id == 0; i++) {
        if (slice_equal(state->streams[i].identity, identity)) {
            *stream_id = state->streams[i].id;
        }
    }
    ledger_state_unlock(ledger);
}

struct slice stream_identity(struct ledger *ledger, struct arena *arena, uint32_t stream_id)
{
    struct slice identity = slice_text("insert-log");

    if (stream_id != STREAM_INSERT_LOG) {
        struct ledger_state *state = ledger_state_lock(ledger);
        identity = stream_id <= state->stream_count ? arena_slice(arena, state->streams[stream_id - 1].identity)
                                                    : (struct slice){NULL, 0};
        ledger_state_unlock(ledger);
    }
    return identity;
}

uint32_t stream_incarnation(struct ledger *ledger, uint64_t table_id, uint32_t stream_id)
{
    struct ledger_state *state = ledger_state_lock(ledger);
    uint32_t incarnation = 0;

    for (uint32_t i = 0; i < state->incarnation_count; i++) {
        if (state->incarnations[i].table_id == table_id && state->incarnations[i].stream_id == stream_id) {
            incarnation = state->incarnations[i].incarnation;
        }
    }
    ledger_state_unlock(ledger);
    return incarnation;
}
