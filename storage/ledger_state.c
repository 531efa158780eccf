/*
 * ledger_state.c: stages and publishes records; tables, sources, streams, tokens. Segments and coverage have files of
 * their own.
 *
 * flow     storage/ledger_log.c (replay), ledger.c (commits) → here → ledger_segments.c, coverage.c
 * state    table_entry: staged → visible → dropping → gone. Catalogue records come one at a time (catalogue.c).
 */
#include "storage/ledger_state.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

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

static void table_entry_free(struct table_entry *entry)
{
    for (uint32_t i = 0; i < entry->version_count; i++) {
        table_def_unref(entry->versions[i]);
    }
    free(entry->versions);
    free(entry->tokens);
    free(entry);
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
        }
    }
}

/* ---- tables */

struct table_entry *state_table(const struct ledger_state *state, uint64_t id)
{
    return map_find(&state->tables, (struct map_key){id, 0, 0});
}

struct err *state_table_check(const struct ledger_state *state, uint64_t id, struct table_entry **out)
{
    *out = state_table(state, id);
    if (*out == NULL || (*out)->dropping) {
        return err_new(ERR_LOGICAL, "table %" PRIu64 " %s", id, *out == NULL ? "does not exist" : "is being dropped");
    }
    return NULL;
}

static struct err *table_stage(struct ledger_state *state, struct stage *stage, struct slice payload)
{
    struct err *err = NULL;
    struct table_def *def = NULL;
    struct table_entry *entry = NULL;

    OR_DONE(record_decode_table(payload, &def));
    entry = state_table(state, def->id);
    if (def->id == 0 || def->schema_version != (entry == NULL ? 1 : entry->version_staged + 1) ||
        (entry != NULL && entry->dropping)) {
        err = err_new(ERR_LOGICAL, "table %" PRIu64 " \"%s\" cannot take schema version %" PRIu32, def->id, def->name,
                      def->schema_version);
        goto done;
    }
    if (entry == NULL) {
        entry = calloc(1, sizeof *entry);
        if (entry == NULL || !map_insert(&state->tables, (struct map_key){def->id, 0, 0}, entry)) {
            free(entry);
            err = err_oom();
            goto done;
        }
        entry->id = def->id;
        if (!stage_undo_push(stage, UNDO_TABLE_NEW, entry, 0, 0)) {
            map_remove(&state->tables, (struct map_key){def->id, 0, 0});
            free(entry);
            err = err_oom();
            goto done;
        }
    } else if (!stage_undo_push(stage, UNDO_TABLE_VERSION, entry, 0, 0)) {
        err = err_oom();
        goto done;
    }
    entry->version_staged++;
done:
    table_def_unref(def);
    return err;
}

static struct err *table_publish(struct ledger_state *state, struct slice payload)
{
    struct err *err = NULL;
    struct table_def *def = NULL;

    OR_DONE(record_decode_table(payload, &def));
    struct table_entry *entry = state_table(state, def->id);
    ASSERT(entry != NULL && def->schema_version == entry->version_count + 1);
    struct table_def **versions = reallocarray(entry->versions, entry->version_count + 1, sizeof(struct table_def *));
    if (versions == NULL) {
        err = err_oom();
        goto done;
    }
    entry->versions = versions;
    entry->versions[entry->version_count++] = def;
    entry->visible = true;
    if (def->id >= state->table_id_next) {
        state->table_id_next = def->id + 1;
    }
    def = NULL;
done:
    table_def_unref(def);
    return err;
}

static struct err *table_drop_stage(struct ledger_state *state, struct stage *stage, struct slice payload)
{
    struct err *err = NULL;
    struct table_entry *entry = NULL;
    uint64_t id = 0;

    OR_DONE(record_decode_varint(payload, "the record of a dropped table", &id));
    OR_DONE(state_table_check(state, id, &entry));
    if (!stage_undo_push(stage, UNDO_TABLE_DROPPING, entry, 0, 0)) {
        err = err_oom();
        goto done;
    }
    entry->dropping = true;
done:
    return err;
}

static void token_forget(struct ledger_state *state, struct table_entry *table)
{
    unsigned __int128 hash = table->tokens[table->token_first].hash;

    map_remove(&state->tokens, (struct map_key){table->id, (uint64_t)(hash >> 64), (uint64_t)hash});
    table->token_first = (table->token_first + 1) % TOKEN_COUNT_MAX;
    table->token_count--;
}

static void table_drop_publish(struct ledger_state *state, struct slice payload)
{
    uint64_t id = 0;
    struct err *err = record_decode_varint(payload, "the record of a dropped table", &id);
    ASSERT(err == NULL);
    struct table_entry *entry = state_table(state, id);

    segments_drop_table(state, id);
    coverage_drop_table(state, id);
    while (entry->token_count > 0) {
        token_forget(state, entry);
    }
    uint32_t kept = 0;
    for (uint32_t i = 0; i < state->incarnation_count; i++) {
        if (state->incarnations[i].table_id != id) {
            state->incarnations[kept++] = state->incarnations[i];
        }
    }
    state->incarnation_count = kept;
    map_remove(&state->tables, (struct map_key){id, 0, 0});
    table_entry_free(entry);
}

/* ---- databases */

static uint32_t database_index(const struct ledger_state *state, const char *name, bool *found)
{
    uint32_t at = 0;
    while (at < state->database_count && strcmp(state->databases[at], name) < 0) {
        at++;
    }
    *found = at < state->database_count && strcmp(state->databases[at], name) == 0;
    return at;
}

static struct err *database_name(struct slice payload, char **name)
{
    struct slice text;
    struct err *err = record_decode_text(payload, "the record of a database", &text);

    if (err == NULL && text.length > 0 && memchr(text.data, 0, text.length) != NULL) {
        err = err_new(ERR_CORRUPT, "the record of a database has a NUL byte in the name");
    }
    if (err == NULL) {
        *name = strndup(text.data, text.length);
        err = *name == NULL ? err_oom() : NULL;
    }
    return err;
}

static struct err *database_stage(struct ledger_state *state, uint32_t type, struct slice payload)
{
    char *name = NULL;
    bool found = false;
    struct err *err = database_name(payload, &name);

    if (err == NULL) {
        (void)database_index(state, name, &found);
        if (found == (type == LEDGER_DATABASE_CREATE)) {
            err = err_new(ERR_LOGICAL, "database \"%s\" %s", name, found ? "exists already" : "does not exist");
        }
    }
    free(name);
    return err;
}

static struct err *database_publish(struct ledger_state *state, uint32_t type, struct slice payload)
{
    char *name = NULL;
    bool found = false;
    struct err *err = NULL;

    OR_DONE(database_name(payload, &name));
    uint32_t at = database_index(state, name, &found);
    if (found != (type == LEDGER_DATABASE_DROP)) {
        err = err_new(ERR_LOGICAL, "database \"%s\" comes or goes twice in one commit", name);
        goto done;
    }
    if (type == LEDGER_DATABASE_DROP) {
        free(state->databases[at]);
        memmove(&state->databases[at], &state->databases[at + 1],
                (state->database_count - at - 1) * sizeof *state->databases);
        state->database_count--;
    } else {
        if (!array_grow((void **)&state->databases, &state->database_capacity, state->database_count,
                        sizeof *state->databases)) {
            err = err_oom();
            goto done;
        }
        memmove(&state->databases[at + 1], &state->databases[at],
                (state->database_count - at) * sizeof *state->databases);
        state->databases[at] = name;
        state->database_count++;
        name = NULL;
    }
done:
    free(name);
    return err;
}

/* ---- sources, streams, incarnations */

static struct err *source_stage(struct ledger_state *state, struct slice payload)
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

static struct err *source_publish(struct ledger_state *state, struct slice payload)
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

static struct err *source_drop(struct ledger_state *state, struct slice payload, bool publish)
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
static struct err *stream_stage(struct ledger_state *state, struct stage *stage, struct slice payload)
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

static struct err *stream_publish(struct ledger_state *state, struct slice payload)
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

static struct err *incarnation_stage(struct ledger_state *state, struct stage *stage, struct slice payload)
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

static struct err *incarnation_publish(struct ledger_state *state, struct slice payload)
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

/* ---- tokens */

static struct err *token_publish(struct ledger_state *state, struct slice payload)
{
    struct ledger_token token;
    struct err *err = record_decode_token(payload, &token);
    ASSERT(err == NULL);
    struct map_key key = {token.table_id, (uint64_t)(token.hash >> 64), (uint64_t)token.hash};
    struct table_entry *table = state_table(state, token.table_id);

    if (map_find(&state->tokens, key) != NULL) {
        return NULL; /* the older use counts */
    }
    if (table->tokens == NULL) {
        table->tokens = calloc(TOKEN_COUNT_MAX, sizeof *table->tokens);
        if (table->tokens == NULL) {
            return err_oom();
        }
    }
    while (table->token_count == TOKEN_COUNT_MAX ||
           (table->token_count > 0 && table->tokens[table->token_first].used_at_us < token.used_at_us - TOKEN_AGE_US)) {
        token_forget(state, table);
    }
    if (!map_insert(&state->tokens, key, table)) {
        return err_oom();
    }
    table->tokens[(table->token_first + table->token_count) % TOKEN_COUNT_MAX] =
        (struct token_entry){token.hash, token.used_at_us};
    table->token_count++;
    return NULL;
}

static struct err *token_stage(struct ledger_state *state, struct slice payload)
{
    struct ledger_token token;
    struct table_entry *table = NULL;
    struct err *err = record_decode_token(payload, &token);
    return err != NULL ? err : state_table_check(state, token.table_id, &table);
}

/* ---- every record */

static struct err *insert_log_stage(struct ledger_state *state, struct slice payload)
{
    uint64_t sequence = 0;
    struct err *err = record_decode_varint(payload, "the record of insert-log progress", &sequence);

    if (err == NULL && sequence < state->insert_log_sequence) {
        err = err_new(ERR_LOGICAL, "the insert log goes back from %" PRIu64 " to %" PRIu64, state->insert_log_sequence,
                      sequence);
    }
    return err;
}

static struct err *checkpoint_stage(struct stage *stage, struct slice payload)
{
    struct checkpoint_record record;
    struct err *err = record_decode_checkpoint(payload, &record);

    if (err == NULL && !stage->checkpoint) {
        err = err_new(ERR_LOGICAL, "a checkpoint record stands outside a checkpoint");
    }
    return err;
}

static struct err *stage_record(struct ledger_state *state, struct stage *stage, uint32_t type, struct slice payload)
{
    struct pruned_record pruned;

    switch (type) {
    case LEDGER_DATABASE_CREATE:
    case LEDGER_DATABASE_DROP:
        return database_stage(state, type, payload);
    case LEDGER_TABLE:
        return table_stage(state, stage, payload);
    case LEDGER_TABLE_DROP:
        return table_drop_stage(state, stage, payload);
    case LEDGER_SOURCE:
        return source_stage(state, payload);
    case LEDGER_SOURCE_DROP:
        return source_drop(state, payload, false);
    case LEDGER_STREAM:
        return stream_stage(state, stage, payload);
    case LEDGER_INCARNATION:
        return incarnation_stage(state, stage, payload);
    case LEDGER_START:
        return coverage_stage_start(state, stage, payload);
    case LEDGER_COVERAGE:
        return coverage_stage_range(state, stage, payload);
    case LEDGER_SEGMENT_ADD:
        return segments_stage_add(state, stage, payload);
    case LEDGER_SEGMENTS_REMOVE:
        return segments_stage_remove(state, stage, payload);
    case LEDGER_DEAD_CLAIM:
        return coverage_stage_claim(state, stage, payload);
    case LEDGER_TOKEN:
        return token_stage(state, payload);
    case LEDGER_INSERT_LOG:
        return insert_log_stage(state, payload);
    case LEDGER_PRUNED:
        return record_decode_pruned(payload, &pruned);
    case LEDGER_CLOSE:
        return payload.length == 0 ? NULL : err_new(ERR_CORRUPT, "a close record has bytes");
    case LEDGER_CHECKPOINT:
        return checkpoint_stage(stage, payload);
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
        return database_publish(state, type, payload);
    case LEDGER_TABLE:
        return table_publish(state, payload);
    case LEDGER_TABLE_DROP:
        table_drop_publish(state, payload);
        return NULL;
    case LEDGER_SOURCE:
        return source_publish(state, payload);
    case LEDGER_SOURCE_DROP:
        return source_drop(state, payload, true);
    case LEDGER_STREAM:
        return stream_publish(state, payload);
    case LEDGER_INCARNATION:
        return incarnation_publish(state, payload);
    case LEDGER_START:
        return coverage_publish_start(state, payload);
    case LEDGER_COVERAGE:
        return coverage_publish_range(state, arena, payload, commit);
    case LEDGER_SEGMENT_ADD:
        return segments_publish_add(state, payload, checkpoint, commit);
    case LEDGER_SEGMENTS_REMOVE:
        return segments_publish_remove(state, arena, payload);
    case LEDGER_DEAD_CLAIM:
        return coverage_publish_claim(state, payload);
    case LEDGER_TOKEN:
        return token_publish(state, payload);
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
    for (uint32_t i = 0; i < state->stream_count; i++) {
        free((void *)(uintptr_t)state->streams[i].identity.data);
    }
    free(state->streams);
    free(state->incarnations);
    map_deinit(&state->tables);
    map_deinit(&state->segments);
    map_deinit(&state->packs);
    map_deinit(&state->coverage);
    map_deinit(&state->sources);
    map_deinit(&state->tokens);
    *state = (struct ledger_state){0};
}
