/*
 * ledger_sources.c: records of sources, of streams, and of the incarnation of a stream that a table takes.
 *
 * flow     storage/ledger_state.c → here
 */
#include "storage/ledger_state.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct err *sources_stage(struct ledger_state *state, struct slice payload)
{
    struct err *err = NULL;
    struct source_def *def = NULL;

    OR_DONE(record_decode_source(payload, &def));
    if (def->id == 0 || state_table(state, def->table_id) == NULL) {
        err = err_new(ERR_LOGICAL, "source \"%s\" feeds table %" PRIu64 ", which does not exist", def->name,
                      def->table_id);
    }
done:
    source_def_unref(def);
    return err;
}

struct err *sources_publish(struct ledger_state *state, struct slice payload)
{
    struct err *err = NULL;
    struct source_def *def = NULL;

    OR_DONE(record_decode_source(payload, &def));
    struct source_entry *entry = map_find(&state->sources, (struct map_key){def->id, 0, 0});
    if (entry == NULL) {
        entry = calloc(1, sizeof *entry);
        if (entry == NULL || !map_insert(&state->sources, (struct map_key){def->id, 0, 0}, entry)) {
            free(entry);
            err = err_oom();
            goto done;
        }
    }
    source_def_unref(entry->def);
    entry->def = def;
    if (def->id >= state->source_id_next) {
        state->source_id_next = def->id + 1;
    }
    def = NULL;
done:
    source_def_unref(def);
    return err;
}

struct err *sources_drop(struct ledger_state *state, struct slice payload, bool publish)
{
    uint64_t id = 0;
    struct err *err = record_decode_varint(payload, "the record of a dropped source", &id);

    if (err == NULL && map_find(&state->sources, (struct map_key){id, 0, 0}) == NULL) {
        err = err_new(ERR_LOGICAL, "source %" PRIu64 " does not exist", id);
    }
    if (err == NULL && publish) {
        struct source_entry *entry = map_remove(&state->sources, (struct map_key){id, 0, 0});
        source_def_unref(entry->def);
        free(entry);
    }
    return err;
}

/* Streams are numbered 1, 2, … without holes. */
struct err *streams_stage(struct ledger_state *state, struct stage *stage, struct slice payload)
{
    uint32_t id = 0;
    struct slice identity;
    struct err *err = record_decode_stream(payload, &id, &identity);

    if (err == NULL && (id != state->stream_staged + 1 || identity.length == 0)) {
        err = err_new(ERR_LOGICAL, "stream %" PRIu32 " follows stream %" PRIu32, id, state->stream_staged);
    }
    if (err == NULL) {
        if (!stage_undo_push(stage, UNDO_STREAM, NULL, 0, 0)) {
            return err_oom();
        }
        state->stream_staged++;
    }
    return err;
}

struct err *streams_publish(struct ledger_state *state, struct slice payload)
{
    struct err *err = NULL;
    uint32_t id = 0;
    struct slice identity;

    OR_DONE(record_decode_stream(payload, &id, &identity));
    ASSERT(id == state->stream_count + 1); /* staged */
    char *copy = malloc(identity.length);
    if (copy == NULL ||
        !array_grow((void **)&state->streams, &state->stream_capacity, state->stream_count, sizeof *state->streams)) {
        free(copy);
        err = err_oom();
        goto done;
    }
    memcpy(copy, identity.data, identity.length);
    state->streams[state->stream_count++] = (struct stream_entry){id, slice_of(copy, identity.length)};
done:
    return err;
}

static struct incarnation_entry *incarnation_find(struct ledger_state *state, uint64_t table_id, uint32_t stream_id)
{
    for (uint32_t i = 0; i < state->incarnation_count; i++) {
        struct incarnation_entry *entry = &state->incarnations[i];
        if (entry->table_id == table_id && entry->stream_id == stream_id) {
            return entry;
        }
    }
    return NULL;
}

struct err *incarnations_stage(struct ledger_state *state, struct stage *stage, struct slice payload)
{
    struct err *err = NULL;
    struct ledger_incarnation record;
    struct table_entry *table = NULL;

    OR_DONE(record_decode_incarnation(payload, &record));
    OR_DONE(state_table_check(state, record.table_id, &table));
    const struct incarnation_entry *entry = incarnation_find(state, record.table_id, record.stream_id);
    uint32_t last = entry == NULL ? 0 : entry->incarnation;
    if (record.stream_id == 0 || record.stream_id > state->stream_staged || last == UINT32_MAX ||
        (!stage->checkpoint && record.incarnation != last + 1)) {
        err = err_new(ERR_LOGICAL,
                      "incarnation %" PRIu32 " of stream %" PRIu32 " in table %" PRIu64 " cannot follow %" PRIu32,
                      record.incarnation, record.stream_id, record.table_id, last);
    }
done:
    return err;
}

struct err *incarnations_publish(struct ledger_state *state, struct slice payload)
{
    struct ledger_incarnation record;
    struct err *err = record_decode_incarnation(payload, &record);
    ASSERT(err == NULL);
    struct incarnation_entry *entry = incarnation_find(state, record.table_id, record.stream_id);

    if (entry != NULL) {
        entry->incarnation = record.incarnation;
        return NULL;
    }
    if (!array_grow((void **)&state->incarnations, &state->incarnation_capacity, state->incarnation_count,
                    sizeof *state->incarnations)) {
        return err_oom();
    }
    uint32_t at = state->incarnation_count;
    while (at > 0 && (state->incarnations[at - 1].table_id > record.table_id ||
                      (state->incarnations[at - 1].table_id == record.table_id &&
                       state->incarnations[at - 1].stream_id > record.stream_id))) {
        state->incarnations[at] = state->incarnations[at - 1];
        at--;
    }
    state->incarnations[at] = (struct incarnation_entry){record.table_id, record.stream_id, record.incarnation};
    state->incarnation_count++;
    return NULL;
}
