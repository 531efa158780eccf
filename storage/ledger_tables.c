/*
 * ledger_tables.c: records of databases, of tables, and of the insert tokens that a table has seen.
 *
 * flow     storage/ledger_state.c → here
 * state    table_entry: staged → visible → dropping → gone. Catalogue records come one at a time (catalogue_change.c).
 */
#include "storage/ledger_state.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void table_entry_free(struct table_entry *entry)
{
    for (uint32_t i = 0; i < entry->version_count; i++) {
        table_def_unref(entry->versions[i]);
    }
    free(entry->versions);
    free(entry->tokens);
    holds_free(entry);
    free(entry->removals);
    free(entry->restored);
    free(entry);
}

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

struct err *tables_stage(struct ledger_state *state, struct stage *stage, struct slice payload)
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

struct err *tables_publish(struct ledger_state *state, struct slice payload)
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
    table_def_follow(def, entry->version_count == 0 ? NULL : entry->versions[entry->version_count - 1]);
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

struct err *tables_stage_drop(struct ledger_state *state, struct stage *stage, struct slice payload)
{
    struct err *err = NULL;
    struct table_entry *entry = NULL;
    uint64_t id = 0;

    OR_DONE(record_decode_varint(payload, "the record of a dropped table", &id));
    OR_DONE(state_table_check(state, id, &entry));
    OR_DONE(holds_check(entry, "DROP TABLE"));
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

void tables_publish_drop(struct ledger_state *state, struct slice payload)
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

struct err *databases_stage(struct ledger_state *state, uint32_t type, struct slice payload)
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

struct err *databases_publish(struct ledger_state *state, uint32_t type, struct slice payload)
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

/* ---- tokens */

static bool token_outlived(const struct token_entry *token, int64_t now_us)
{
    return token->used_at_us < now_us && (uint64_t)now_us - (uint64_t)token->used_at_us > TOKEN_AGE_US;
}

struct err *tokens_publish(struct ledger_state *state, struct slice payload)
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
           (table->token_count > 0 && token_outlived(&table->tokens[table->token_first], token.used_at_us))) {
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

struct err *tokens_stage(struct ledger_state *state, struct slice payload)
{
    struct ledger_token token;
    struct table_entry *table = NULL;
    struct err *err = record_decode_token(payload, &token);
    return err != NULL ? err : state_table_check(state, token.table_id, &table);
}
