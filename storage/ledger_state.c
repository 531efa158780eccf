/*
 * ledger_state.c: stages and publishes records, each kind in a file of its own.
 *
 * flow     storage/ledger_file.c (replay), ledger.c (commits) → here → ledger_tables.c, ledger_sources.c,
 *          ledger_segments.c, coverage.c
 */
#include "storage/ledger_state.h"

#include <inttypes.h>
#include <stdlib.h>

bool array_grow(void **items, uint32_t *capacity, uint32_t count, size_t item_bytes)
{
    if (count < *capacity) {
        return true;
    }
    uint32_t wanted = *capacity == 0 ? 4 : *capacity * 2;
    if (wanted <= *capacity) {
        return false;
    }
    void *bigger = reallocarray(*items, wanted, item_bytes);
    if (bigger == NULL) {
        return false;
    }
    *items = bigger;
    *capacity = wanted;
    return true;
}

/* ---- stages */

bool stage_undo_push(struct stage *stage, enum undo_kind kind, void *entry, int64_t first, int64_t end)
{
    if (!array_grow((void **)&stage->undos, &stage->undo_capacity, stage->undo_count, sizeof *stage->undos)) {
        return false;
    }
    stage->undos[stage->undo_count++] = (struct undo){kind, entry, first, end};
    return true;
}

struct stage_tally *stage_tally(struct stage *stage, uint64_t table_id)
{
    for (uint32_t i = 0; i < stage->tally_count; i++) {
        if (stage->tallies[i].table_id == table_id) {
            return &stage->tallies[i];
        }
    }
    if (!array_grow((void **)&stage->tallies, &stage->tally_capacity, stage->tally_count, sizeof *stage->tallies)) {
        return NULL;
    }
    struct stage_tally *tally = &stage->tallies[stage->tally_count++];
    *tally = (struct stage_tally){.table_id = table_id};
    return tally;
}

void stage_deinit(struct stage *stage)
{
    free(stage->undos);
    free(stage->tallies);
    arena_destroy(stage->arena);
    *stage = (struct stage){0};
}

void ledger_state_undo(struct ledger_state *state, struct stage *stage)
{
    while (stage->undo_count > 0) {
        struct undo undo = stage->undos[--stage->undo_count];
        struct table_entry *table = undo.entry;
        struct coverage_entry *coverage = undo.entry;
        struct segment_entry *segment = undo.entry;
        switch (undo.kind) {
        case UNDO_TABLE_NEW:
            map_remove(&state->tables, (struct map_key){table->id, 0, 0});
            table_entry_free(table);
            break;
        case UNDO_TABLE_VERSION:
            table->version_staged--;
            break;
        case UNDO_TABLE_DROPPING:
            table->dropping = false;
            break;
        case UNDO_SEGMENT_NEW:
            segment_entry_remove(state, segment);
            break;
        case UNDO_SEGMENT_LEAVING:
            segment->leaving = false;
            break;
        case UNDO_HOLD_NEW:
            holds_undo_new(state, (uint64_t)undo.first, undo.entry);
            break;
        case UNDO_HOLD_LEAVING:
            ((struct hold_entry *)undo.entry)->leaving = false;
            break;
        case UNDO_SEGMENT_REWRITTEN:
            segment->rewritten = false;
            break;
        case UNDO_SEGMENT_DELETING:
            segment->deleting = false;
            break;
        case UNDO_COVERAGE_NEW:
            coverage_entry_remove(state, coverage);
            break;
        case UNDO_COVERAGE_END:
            coverage->end_staged = undo.first;
            break;
        case UNDO_CLAIM:
            coverage_undo_claim(coverage, undo.first, undo.end);
            break;
        case UNDO_STREAM:
            state->stream_staged--;
            break;
        case UNDO_INSERT_LOG:
            state->insert_log_staged = (uint64_t)undo.first;
            break;
        }
    }
}

/* ---- every record */

static struct err *insert_log_move(struct ledger_state *state, struct stage *stage, uint64_t sequence)
{
    if (!stage_undo_push(stage, UNDO_INSERT_LOG, NULL, (int64_t)state->insert_log_staged, 0)) {
        return err_oom();
    }
    state->insert_log_staged = sequence;
    return NULL;
}

/* Compared with what other commits of the same group say, which is not published yet. */
static struct err *insert_log_stage(struct ledger_state *state, struct stage *stage, struct slice payload)
{
    uint64_t sequence = 0;
    struct err *err = record_decode_varint(payload, "the record of insert-log progress", &sequence);

    if (err == NULL && sequence < state->insert_log_staged) {
        err = err_new(ERR_LOGICAL, "the insert log goes back from %" PRIu64 " to %" PRIu64, state->insert_log_staged,
                      sequence);
    }
    return err != NULL ? err : insert_log_move(state, stage, sequence);
}

static struct err *checkpoint_stage(struct ledger_state *state, struct stage *stage, struct slice payload)
{
    struct checkpoint_record record;
    struct err *err = record_decode_checkpoint(payload, &record);

    if (err == NULL && (!stage->checkpoint || stage->record_count > 0)) {
        err = err_new(ERR_LOGICAL, "a checkpoint record stands %s",
                      stage->checkpoint ? "behind others of its checkpoint" : "outside a checkpoint");
    }
    return err != NULL ? err : insert_log_move(state, stage, record.insert_log_sequence);
}

static struct err *stage_record(struct ledger_state *state, struct stage *stage, uint32_t type, struct slice payload)
{
    struct pruned_record pruned;

    switch (type) {
    case LEDGER_DATABASE_CREATE:
    case LEDGER_DATABASE_DROP:
        return databases_stage(state, type, payload);
    case LEDGER_TABLE:
        return tables_stage(state, stage, payload);
    case LEDGER_TABLE_DROP:
        return tables_stage_drop(state, stage, payload);
    case LEDGER_SOURCE:
        return sources_stage(state, payload);
    case LEDGER_SOURCE_DROP:
        return sources_drop(state, payload, false);
    case LEDGER_OBJECT:
        return objects_stage(state, payload);
    case LEDGER_OBJECT_DROP:
        return objects_drop(state, payload, false);
    case LEDGER_VIEW_STOPPED:
        return objects_stop(state, payload, false);
    case LEDGER_VIEW_REFRESHED:
        return objects_refresh(state, payload, false);
    case LEDGER_ACCESS:
        return access_stage(state, payload);
    case LEDGER_STREAM:
        return streams_stage(state, stage, payload);
    case LEDGER_INCARNATION:
        return incarnations_stage(state, stage, payload);
    case LEDGER_START:
        return coverage_stage_start(state, stage, payload);
    case LEDGER_COVERAGE:
        return coverage_stage_range(state, stage, payload);
    case LEDGER_QUARANTINE:
    case LEDGER_QUARANTINE_END:
        return quarantine_stage(state, stage, type, payload);
    case LEDGER_REPAIRED:
        return repaired_stage(state, stage, payload);
    case LEDGER_SEGMENTS_BROUGHT:
        return brought_stage(state, stage, payload);
    case LEDGER_REMOVALS:
        return removals_stage(state, stage, payload);
    case LEDGER_RESTORED:
        return restored_stage(state, stage, payload);
    case LEDGER_RESTORED_COVERAGE:
        return coverage_stage_restored(state, stage, payload);
    case LEDGER_SEGMENT_ADD:
        return segments_stage_add(state, stage, payload);
    case LEDGER_SEGMENT_REWRITTEN:
        return segments_stage_rewritten(state, stage, payload);
    case LEDGER_SEGMENTS_REMOVE:
        return segments_stage_remove(state, stage, payload);
    case LEDGER_SEGMENTS_MOVE:
        return segments_stage_move(state, stage, payload);
    case LEDGER_EXPIRY:
        return expiry_stage(state, stage, payload);
    case LEDGER_HOLD:
        return holds_stage(state, stage, payload);
    case LEDGER_HOLD_RELEASE:
        return holds_stage_release(state, stage, payload);
    case LEDGER_ROWS_DELETED:
        return deleted_stage(state, stage, payload);
    case LEDGER_ROWS_CHANGED:
        return changed_stage(state, stage, payload);
    case LEDGER_ROWS_EXPIRED:
        return expired_stage(state, stage, payload);
    case LEDGER_MERGE_ADDS:
        return merge_adds_stage(state, stage, payload);
    case LEDGER_SEGMENT_PLACE:
        return place_stage(state, payload);
    case LEDGER_SEGMENT_CODEC:
        return segment_codec_stage(state, payload);
    case LEDGER_DEAD_CLAIM:
        return coverage_stage_claim(state, stage, payload);
    case LEDGER_TOKEN:
        return tokens_stage(state, payload);
    case LEDGER_INSERT_LOG:
        return insert_log_stage(state, stage, payload);
    case LEDGER_PRUNED:
        return record_decode_pruned(payload, &pruned);
    case LEDGER_CLOSE:
        return payload.length == 0 ? NULL : err_new(ERR_CORRUPT, "a close record has bytes");
    case LEDGER_CHECKPOINT:
        return checkpoint_stage(state, stage, payload);
    case LEDGER_CHECKPOINT_COVERAGE:
        return coverage_stage_state(state, stage, payload);
    case LEDGER_CHECKPOINT_ROWS:
        return coverage_stage_rows(state, stage, payload);
    default:
        return err_new(ERR_NEWER_VERSION,
                       "record type %" PRIu32 " is unknown: the data was written by a newer version of weir; "
                       "start that version",
                       type);
    }
}

struct err *ledger_state_stage(struct ledger_state *state, struct stage *stage, uint32_t type, struct slice payload)
{
    if (stage->arena == NULL) {
        stage->arena = arena_create(NULL);
        if (stage->arena == NULL) {
            return err_oom();
        }
    }
    struct err *err = stage_record(state, stage, type, payload);
    stage->record_count++;
    arena_reset(stage->arena);
    return err;
}

static struct err *publish_record(struct ledger_state *state, struct arena *arena, uint32_t type, struct slice payload,
                                  bool checkpoint, const struct commit_info *commit)
{
    struct checkpoint_record record;
    struct err *err = NULL;

    switch (type) {
    case LEDGER_DATABASE_CREATE:
    case LEDGER_DATABASE_DROP:
        return databases_publish(state, type, payload);
    case LEDGER_TABLE:
        return tables_publish(state, payload);
    case LEDGER_TABLE_DROP:
        tables_publish_drop(state, payload);
        return NULL;
    case LEDGER_SOURCE:
        return sources_publish(state, payload);
    case LEDGER_SOURCE_DROP:
        return sources_drop(state, payload, true);
    case LEDGER_OBJECT:
        return objects_publish(state, payload);
    case LEDGER_OBJECT_DROP:
        return objects_drop(state, payload, true);
    case LEDGER_VIEW_STOPPED:
        return objects_stop(state, payload, true);
    case LEDGER_VIEW_REFRESHED:
        return objects_refresh(state, payload, true);
    case LEDGER_ACCESS:
        return access_publish(state, payload);
    case LEDGER_STREAM:
        return streams_publish(state, payload);
    case LEDGER_INCARNATION:
        return incarnations_publish(state, payload);
    case LEDGER_START:
        return coverage_publish_start(state, payload);
    case LEDGER_COVERAGE:
        return coverage_publish_range(state, arena, payload, commit);
    case LEDGER_QUARANTINE:
    case LEDGER_QUARANTINE_END:
        return quarantine_publish(state, type, payload);
    case LEDGER_REPAIRED:
        return repaired_publish(state, payload, commit);
    case LEDGER_SEGMENTS_BROUGHT:
        return brought_publish(state, arena, payload, commit);
    case LEDGER_REMOVALS:
        return removals_publish(state, payload);
    case LEDGER_RESTORED:
        return restored_publish(state, payload);
    case LEDGER_RESTORED_COVERAGE:
        return coverage_publish_restored(state, arena, payload, commit);
    case LEDGER_SEGMENT_ADD:
        return segments_publish_add(state, payload, checkpoint, commit);
    case LEDGER_SEGMENT_REWRITTEN:
        return NULL; /* it counts within its commit alone */
    case LEDGER_SEGMENTS_REMOVE:
        return segments_publish_remove(state, arena, payload, commit);
    case LEDGER_SEGMENTS_MOVE:
        return segments_publish_move(state, arena, payload, commit);
    case LEDGER_EXPIRY:
        return expiry_publish(state, arena, payload);
    case LEDGER_HOLD:
        return holds_publish(state, payload);
    case LEDGER_HOLD_RELEASE:
        return holds_publish_release(state, payload);
    case LEDGER_ROWS_DELETED:
        return deleted_publish(state, payload, checkpoint, commit);
    case LEDGER_ROWS_CHANGED:
        return changed_publish(state, payload, commit);
    case LEDGER_ROWS_EXPIRED:
        return expired_publish(state, payload, commit);
    case LEDGER_MERGE_ADDS:
        return merge_adds_publish(state, payload, commit);
    case LEDGER_SEGMENT_PLACE:
        place_publish(state, payload);
        return NULL;
    case LEDGER_SEGMENT_CODEC:
        return segment_codec_publish(state, payload);
    case LEDGER_DEAD_CLAIM:
        return coverage_publish_claim(state, payload);
    case LEDGER_TOKEN:
        return tokens_publish(state, payload);
    case LEDGER_INSERT_LOG:
        return record_decode_varint(payload, "the record of insert-log progress", &state->insert_log_sequence);
    case LEDGER_PRUNED:
        return record_decode_pruned(payload, &state->pruned);
    case LEDGER_CLOSE:
        return NULL;
    case LEDGER_CHECKPOINT:
        err = record_decode_checkpoint(payload, &record);
        state->table_id_next = record.table_id_next;
        state->source_id_next = record.source_id_next;
        state->pack_max = record.pack_max;
        state->pack_max_published = record.pack_max;
        state->insert_log_sequence = record.insert_log_sequence;
        return err;
    case LEDGER_CHECKPOINT_COVERAGE:
        return coverage_publish_state(state, arena, payload);
    case LEDGER_CHECKPOINT_ROWS:
        return coverage_publish_rows(state, arena, payload);
    default:
        ASSERT(!"a record that was staged has a known type");
        return NULL;
    }
}

struct err *ledger_state_publish(struct ledger_state *state, struct arena *arena, uint32_t type, struct slice payload,
                                 bool checkpoint, const struct commit_info *commit)
{
    struct err *err = publish_record(state, arena, type, payload, checkpoint, commit);
    arena_reset(arena);
    return err;
}

void ledger_state_published(struct ledger_state *state, const struct commit_info *commit)
{
    state->last = *commit;
}

void ledger_state_init(struct ledger_state *state)
{
    *state = (struct ledger_state){.table_id_next = 1, .source_id_next = 1};
}

void ledger_state_deinit(struct ledger_state *state)
{
    void *value;
    size_t position;

    for (uint32_t i = 0; i < state->database_count; i++) {
        free(state->databases[i]);
    }
    free(state->databases);
    for (position = 0; (value = map_next(&state->tables, &position)) != NULL;) {
        table_entry_free(value);
    }
    for (position = 0; (value = map_next(&state->segments, &position)) != NULL;) {
        free(((struct segment_entry *)value)->damage);
        free(((struct segment_entry *)value)->codec);
        free(value);
    }
    for (position = 0; (value = map_next(&state->packs, &position)) != NULL;) {
        free(value);
    }
    for (position = 0; (value = map_next(&state->coverage, &position)) != NULL;) {
        coverage_entry_free(value);
    }
    for (position = 0; (value = map_next(&state->sources, &position)) != NULL;) {
        source_def_unref(((struct source_entry *)value)->def);
        free(value);
    }
    for (position = 0; (value = map_next(&state->objects, &position)) != NULL;) {
        object_def_unref(((struct object_entry *)value)->def);
        free(value);
    }
    for (uint32_t i = 0; i < state->stream_count; i++) {
        free((void *)(uintptr_t)state->streams[i].identity.data);
    }
    free(state->streams);
    free(state->incarnations);
    access_deinit(state);
    map_deinit(&state->tables);
    map_deinit(&state->segments);
    map_deinit(&state->packs);
    map_deinit(&state->coverage);
    map_deinit(&state->sources);
    map_deinit(&state->objects);
    map_deinit(&state->tokens);
    *state = (struct ledger_state){0};
}
