/*
 * ledger_access.c: users, roles, quotas and settings profiles: their records, and the state that these build.
 *
 * flow     server/access.c, ledger_state.c → here
 * state    a sorted array: there are few of them
 * format   docs/FORMAT.md, "Ledger records", type 80
 */
#include "storage/access_record.h"
#include "storage/ledger_private.h"

#include <stdlib.h>
#include <string.h>

struct access_entry {
    struct access_record record; /* name and text: the bytes behind this struct */
    char bytes[];
};

static void encode(struct record_out *out, const struct access_record *record)
{
    size_t begin = record_begin(out, LEDGER_ACCESS);

    record_put_varint(out, record->kind);
    record_put_text(out, record->name);
    record_put(out, record->uuid, sizeof record->uuid);
    record_put_text(out, record->text);
    record_end(out, begin);
}

static struct err *decode(struct slice payload, struct access_record *out)
{
    struct record_in in = record_in_of(payload);

    *out = (struct access_record){.kind = record_get_varint32(&in)};
    out->name = record_get_text(&in);
    record_get(&in, out->uuid, sizeof out->uuid);
    out->text = record_get_text(&in);
    if (out->kind == 0 || out->kind > ACCESS_KIND_MAX || out->name.length == 0 ||
        out->name.length > ACCESS_NAME_BYTES_MAX || out->text.length > ACCESS_TEXT_BYTES_MAX) {
        in.bad = true;
    }
    return record_in_end(&in, "the record of a user, role, quota or profile");
}

/* Where it is, or would be. */
static uint32_t place_of(const struct ledger_state *state, const struct access_record *record, bool *found)
{
    uint32_t low = 0, high = state->access_count;

    *found = false;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct access_record *other = &state->access[middle]->record;
        int order = other->kind != record->kind ? (other->kind > record->kind) - (other->kind < record->kind)
                                                : slice_compare(other->name, record->name);
        if (order == 0) {
            *found = true;
            return middle;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

struct err *access_stage(struct ledger_state *state, struct slice payload)
{
    struct access_record record;
    bool found;
    struct err *err = decode(payload, &record);

    if (err == NULL && record.text.length == 0) {
        (void)place_of(state, &record, &found);
        if (!found) {
            err = err_new(ERR_LOGICAL, "\"%.*s\" is dropped, but there is no such user, role, quota or profile",
                          SLICE_ARG(record.name));
        }
    }
    return err;
}

struct err *access_publish(struct ledger_state *state, struct slice payload)
{
    struct access_record record;
    bool found;
    struct err *err = decode(payload, &record);

    if (err != NULL) {
        return err;
    }
    uint32_t at = place_of(state, &record, &found);
    struct access_entry *entry = NULL;
    if (record.text.length > 0) {
        entry = calloc(1, sizeof *entry + record.name.length + record.text.length);
        if (entry == NULL || (!found && !array_grow((void **)&state->access, &state->access_capacity,
                                                    state->access_count, sizeof(struct access_entry *)))) {
            free(entry);
            return err_oom();
        }
        entry->record = record;
        memcpy(entry->bytes, record.name.data, record.name.length);
        memcpy(entry->bytes + record.name.length, record.text.data, record.text.length);
        entry->record.name.data = entry->bytes;
        entry->record.text.data = entry->bytes + record.name.length;
    }
    size_t behind = (state->access_count - at - (found ? 1U : 0U)) * sizeof(struct access_entry *);
    if (found) {
        free(state->access[at]);
    }
    if (entry == NULL && found) {
        memmove(&state->access[at], &state->access[at + 1], behind);
        state->access_count--;
    } else if (entry != NULL) {
        if (!found) {
            memmove(&state->access[at + 1], &state->access[at], behind);
            state->access_count++;
        }
        state->access[at] = entry;
    }
    return NULL;
}

void access_encode(const struct ledger_state *state, struct record_out *out)
{
    for (uint32_t i = 0; i < state->access_count; i++) {
        encode(out, &state->access[i]->record);
    }
}

void access_deinit(struct ledger_state *state)
{
    for (uint32_t i = 0; i < state->access_count; i++) {
        free(state->access[i]);
    }
    free(state->access);
}

/* ---- access_record.h */

struct err *access_records_commit(struct ledger *ledger, const struct access_record *records, uint32_t count)
{
    struct ledger_batch *batch = ledger_batch_create();

    if (batch == NULL) {
        return err_oom();
    }
    for (uint32_t i = 0; i < count; i++) {
        encode(ledger_batch_records(batch), &records[i]);
    }
    struct err *err = ledger_batch_records(batch)->failed ? err_oom() : ledger_commit(ledger, batch, NULL);
    ledger_batch_destroy(batch);
    return err;
}

struct err *access_records(struct ledger *ledger, struct arena *arena, struct access_record **out, uint32_t *count)
{
    struct ledger_state *state = ledger_state_lock(ledger);
    bool whole = true;

    *count = state->access_count;
    *out = ARENA_ARRAY(arena, struct access_record, (size_t)state->access_count + 1);
    for (uint32_t i = 0; *out != NULL && whole && i < state->access_count; i++) {
        (*out)[i] = state->access[i]->record;
        (*out)[i].name = arena_slice(arena, (*out)[i].name);
        (*out)[i].text = arena_slice(arena, (*out)[i].text);
        whole = (*out)[i].name.data != NULL && (*out)[i].text.data != NULL;
    }
    ledger_state_unlock(ledger);
    return *out == NULL || !whole ? arena_error(arena) : NULL;
}
