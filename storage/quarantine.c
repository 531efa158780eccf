/*
 * quarantine.c: puts damaged segments aside, and says which messages they held.
 *
 * flow     snapshot.c (queries), compactor.c (merges), verify.c → here → ledger_quarantine.c
 * marks    table_segment.damage: set once, under the table's lock of segments that open; readers look without it
 */
#include "storage/quarantine.h"

#include "base/clock.h"
#include "base/io.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/text.h"
#include "storage/coverage.h"
#include "storage/segment.h"
#include "storage/store.h"
#include "storage/table_private.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

METRIC_COUNTER(quarantined, "weir_quarantined_segments_total", "segments that were found damaged since the start");

#define MESSAGES_SHOWN 8U /* ranges of messages in an error's text */

bool quarantine_is_damage(const struct err *err)
{
    return err_code(err) == ERR_CORRUPT;
}

/* A pack that cannot be opened is damage only when it is not there. */
static bool is_damage(const struct table *table, const struct table_segment *segment, const struct err *err)
{
    char path[STORE_PATH_BYTES];
    bool exists = true;
    if (err_code(err) != ERR_OPEN_FILE) {
        return quarantine_is_damage(err);
    }
    store_pack_path(table->store, segment->info.pack, path);
    struct err *unknown = io_exists(table->store->io, path, &exists);
    bool gone = unknown == NULL && !exists;
    err_free(unknown);
    return gone;
}

void quarantine_put(struct table *table, struct table_segment *segment, const struct err *cause)
{
    struct err *err = NULL;
    struct ledger_batch *batch = NULL;
    struct segment_damage *damage = NULL, *known = NULL;
    struct slice reason = slice_text(err_message(cause));

    if (table_segment_damage(segment) != NULL) {
        return;
    }
    segment = segment->base == NULL ? segment : segment->base;
    known = atomic_load(&segment->damage);
    reason.length = reason.length > QUARANTINE_REASON_MAX ? QUARANTINE_REASON_MAX : reason.length;
    damage = known != NULL ? known : segment_damage_new(reason, clock_wall_us());
    batch = ledger_batch_create();
    if (damage == NULL || batch == NULL) {
        err = err_oom();
        goto done;
    }
    bool first = known != NULL ? atomic_exchange(&known->over, false)
                               : atomic_compare_exchange_strong(&segment->damage, &known, damage);
    if (!first) {
        goto done; /* somebody else found it */
    }
    struct ledger_quarantine record = {
        table->id, {segment->info.pack, segment->info.offset}, damage->at_us, slice_text(damage->reason)};
    LOG_ERROR("a damaged segment was put into quarantine", LOG_UINT("table", table->id),
              LOG_UINT("pack", segment->info.pack), LOG_UINT("offset", segment->info.offset),
              LOG_TEXT("cause", damage->reason));
    metric_add(&metric_quarantined, 1);
    OR_DONE(ledger_batch_quarantine(batch, &record));
    OR_DONE(ledger_commit(table->store->ledger, batch, NULL));
done:
    if (err != NULL) { /* removed meanwhile, or the ledger takes nothing */
        LOG_WARNING("the quarantine of a segment is not in the ledger", LOG_UINT("table", table->id), LOG_ERR(err));
    }
    err_free(err);
    if (damage != atomic_load(&segment->damage)) {
        free(damage);
    }
    ledger_batch_destroy(batch);
}

struct err *quarantine_end(struct table *table, struct table_segment *segment)
{
    struct err *err = NULL;
    segment = segment->base == NULL ? segment : segment->base;
    struct segment_damage *damage = atomic_load(&segment->damage);
    struct ledger_batch *batch = NULL;

    if (table_segment_damage(segment) == NULL) {
        return NULL;
    }
    batch = ledger_batch_create();
    if (batch == NULL) {
        return err_oom();
    }
    struct segment_name name = {segment->info.pack, segment->info.offset};
    OR_DONE(ledger_batch_quarantine_end(batch, table->id, name));
    OR_DONE(ledger_commit(table->store->ledger, batch, NULL));
    atomic_store(&damage->over, true);
    LOG_INFO("a segment in quarantine is whole again", LOG_UINT("table", table->id),
             LOG_UINT("pack", segment->info.pack), LOG_UINT("offset", segment->info.offset));
done:
    ledger_batch_destroy(batch);
    return err;
}

/* ---- which messages it held */

/* Of a segment that one commit of a source wrote: the ranges that this commit covered. */
static struct err *covered(const struct table *table, const struct table_segment *segment, struct arena *arena,
                           struct buffer *out)
{
    struct err *err = NULL;
    struct coverage_row *rows = NULL;
    uint32_t count = 0, shown = 0, more = 0;

    OR_DONE(coverage_rows(table->store->ledger, arena, table->id, &rows, &count));
    for (uint32_t i = 0; i < count; i++) {
        const struct coverage_row *row = &rows[i];
        if (row->commit != segment->info.commit || segment->info.level > 0) {
            continue;
        }
        if (shown == MESSAGES_SHOWN) {
            more++;
            continue;
        }
        struct slice stream = stream_identity(table->store->ledger, arena, row->key.stream_id);
        buffer_printf(out, "%soffsets %" PRId64 " to %" PRId64 " of partition %" PRId32 " of %.*s",
                      shown++ == 0 ? "" : ", ", row->first, row->end - 1, row->key.partition, SLICE_ARG(stream));
    }
    if (more > 0) {
        buffer_printf(out, " and %u others", more);
    }
done:
    return err;
}

/* Of any whose footer can be read: the bounds of its rows' addresses. */
static void bounds(struct table_segment *segment, struct buffer *out)
{
    struct segment *reader = NULL;
    struct err *err = table_segment_open(segment, &reader);
    int32_t offset = err == NULL ? segment_column_find(reader, COLUMN_ID_HIDDEN + COLUMN_OFFSET) : -1;
    int32_t partition = err == NULL ? segment_column_find(reader, COLUMN_ID_HIDDEN + COLUMN_PARTITION) : -1;
    int32_t stream = err == NULL ? segment_column_find(reader, COLUMN_ID_HIDDEN + COLUMN_STREAM) : -1;
    const struct zone *streams = stream < 0 ? NULL : segment_zone_all(reader, (uint32_t)stream);
    const struct zone *offsets = offset < 0 ? NULL : segment_zone_all(reader, (uint32_t)offset);
    const struct zone *partitions = partition < 0 ? NULL : segment_zone_all(reader, (uint32_t)partition);
    uint64_t newest = 1;
    if (streams != NULL && streams->known) {
        memcpy(&newest, streams->max.bytes, sizeof newest);
    }
    if (newest >> 32 == STREAM_INSERT_LOG && streams != NULL && streams->known) {
        buffer_text(out, "none, its rows came by INSERT");
    } else if (offsets != NULL && partitions != NULL && offsets->known && partitions->known) {
        int64_t first, last;
        int32_t lowest, highest;
        memcpy(&first, offsets->min.bytes, sizeof first);
        memcpy(&last, offsets->max.bytes, sizeof last);
        memcpy(&lowest, partitions->min.bytes, sizeof lowest);
        memcpy(&highest, partitions->max.bytes, sizeof highest);
        buffer_printf(out, "offsets between %" PRId64 " and %" PRId64 " of partitions %" PRId32 " to %" PRId32, first,
                      last, lowest, highest);
    }
    segment_unref(reader);
    err_free(err);
}

/* In the arena; "" when nothing says it. */
static struct err *messages_of(const struct table *table, struct table_segment *segment, struct arena *arena,
                               struct slice *out)
{
    struct buffer text = {0};
    struct err *err = covered(table, segment, arena, &text);
    if (err == NULL && text.length == 0) {
        bounds(segment, &text);
    }
    if (err == NULL) {
        *out = arena_slice(arena, slice_of(text.data == NULL ? "" : text.data, text.length));
        err = out->data == NULL || text.failed ? arena_error(arena) : NULL;
    }
    buffer_deinit(&text);
    return err;
}

/* ---- what readers get */

struct err *quarantine_error(struct table *table, const struct table_segment *segment)
{
    struct err *err = NULL;
    struct slice messages = {0};
    const struct segment_damage *damage = table_segment_damage(segment);
    struct table_def *def = table_definition(table);
    struct arena *arena = arena_create(NULL);

    if (arena == NULL || def == NULL) {
        err = err_oom();
        goto done;
    }
    OR_DONE(messages_of(table, (struct table_segment *)(uintptr_t)segment, arena, &messages));
    err = err_new(
        ERR_CORRUPT,
        "Table %s.%s: the segment at offset %" PRIu64 " of pack %" PRIu64 " is damaged and in quarantine, and its "
        "%" PRIu64 " rows are missing%s%.*s%s. Cause: %s. SETTINGS skip_damaged_segments = 1 answers without it; "
        "REPAIR TABLE %s.%s reads them again from Kafka and the insert log, as far as these have them; or put the pack "
        "back and VERIFY TABLE "
        "%s.%s, or restore the table from a backup",
        def->database, def->name, segment->info.offset, segment->info.pack, ledger_segment_live_rows(&segment->info),
        messages.length == 0 ? "" : " (messages: ", SLICE_ARG(messages), messages.length == 0 ? "" : ")",
        damage == NULL ? "unknown" : damage->reason, def->database, def->name, def->database, def->name);
done:
    arena_destroy(arena);
    table_def_unref(def);
    return err;
}

struct err *quarantine_read(struct table *table, struct table_segment *segment, struct err *err)
{
    if (err == NULL || !is_damage(table, segment, err)) {
        return err;
    }
    quarantine_put(table, segment, err);
    err_free(err);
    return quarantine_error(table, segment);
}

struct err *quarantine_list(struct table *table, struct arena *arena, struct quarantined **out, uint32_t *count)
{
    struct err *err = NULL;
    struct table_version *version = table_version_take(table);

    *count = 0;
    *out = ARENA_ARRAY(arena, struct quarantined, (size_t)version->segment_count + 1);
    if (*out == NULL) {
        err = arena_error(arena);
        goto done;
    }
    for (uint32_t i = 0; i < version->segment_count; i++) {
        struct table_segment *segment = version->segments[i];
        const struct segment_damage *damage = table_segment_damage(segment);
        if (damage == NULL) {
            continue;
        }
        struct quarantined *one = &(*out)[(*count)++];
        *one = (struct quarantined){.pack = segment->info.pack,
                                    .offset = segment->info.offset,
                                    .rows = ledger_segment_live_rows(&segment->info),
                                    .bytes = segment->info.length,
                                    .partition = arena_slice(arena, segment->info.partition),
                                    .reason = arena_slice(arena, slice_text(damage->reason)),
                                    .at_us = damage->at_us};
        OR_DONE(messages_of(table, segment, arena, &one->messages));
        if (one->partition.data == NULL || one->reason.data == NULL) {
            err = arena_error(arena);
            goto done;
        }
    }
done:
    table_version_unref(version);
    return err;
}
