/*
 * ledger_objects.c: views and dictionaries: their definitions, the records of these, and the state that they build.
 *
 * flow     storage/catalogue_object.c, ledger_state.c → here
 * owns     each definition lives in an arena of its own, destroyed with the last reference
 * format   docs/FORMAT.md, "Ledger records"
 */
#include "storage/ledger_state.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void record_encode_object(struct record_out *out, const struct object_def *def)
{
    size_t begin = record_begin(out, LEDGER_OBJECT);

    record_put_varint(out, def->id);
    record_put_varint(out, def->version);
    record_put_varint(out, (uint64_t)def->kind);
    record_put_text(out, slice_text(def->database));
    record_put_text(out, slice_text(def->name));
    record_put_signed(out, def->created_at_us);
    record_put(out, def->uuid, sizeof def->uuid);
    record_put_text(out, slice_text(def->definition));
    record_put_text(out, slice_text(def->comment));
    record_end(out, begin);
}

struct err *record_decode_object(struct slice payload, struct object_def **out)
{
    struct err *err = NULL;
    struct record_in in = record_in_of(payload);
    struct arena *arena = arena_create(NULL);
    struct object_def *def = arena == NULL ? NULL : ARENA_NEW(arena, struct object_def);

    if (def == NULL) {
        err = err_oom();
        goto done;
    }
    def->arena = arena;
    def->references = 1;
    def->id = record_get_varint(&in);
    def->version = record_get_varint32(&in);
    uint64_t kind = record_get_varint(&in);
    if (kind < OBJECT_VIEW || kind > OBJECT_ALERT) {
        in.bad = true;
    }
    def->kind = (enum object_kind)kind;
    def->database = record_get_string(&in, arena);
    def->name = record_get_string(&in, arena);
    def->created_at_us = record_get_signed(&in);
    record_get(&in, def->uuid, sizeof def->uuid);
    def->definition = record_get_string(&in, arena);
    def->comment = record_get_string(&in, arena);
    def->stopped = "";
    if (def->database == NULL || def->name == NULL || def->definition == NULL || def->comment == NULL) {
        err = arena_error(arena);
        goto done;
    }
    OR_DONE(record_in_end(&in, "the record of an object"));
    *out = def;
    arena = NULL; /* it holds def */
done:
    arena_destroy(arena);
    return err;
}

struct object_def *object_def_copy(const struct object_def *def)
{
    struct arena *arena = arena_create(NULL);
    struct object_def *copy = arena == NULL ? NULL : ARENA_NEW(arena, struct object_def);

    if (copy != NULL) {
        copy->id = def->id;
        copy->version = def->version;
        copy->kind = def->kind;
        copy->created_at_us = def->created_at_us;
        memcpy(copy->uuid, def->uuid, sizeof copy->uuid);
        copy->arena = arena;
        copy->references = 1;
        copy->database = arena_text(arena, slice_text(def->database));
        copy->name = arena_text(arena, slice_text(def->name));
        copy->definition = arena_text(arena, slice_text(def->definition));
        copy->comment = arena_text(arena, slice_text(def->comment == NULL ? "" : def->comment));
        copy->stopped = arena_text(arena, slice_text(def->stopped == NULL ? "" : def->stopped));
        copy->stopped_at_us = def->stopped_at_us;
        copy->refreshed_slot_us = def->refreshed_slot_us;
        copy->refreshed_began_us = def->refreshed_began_us;
        copy->refreshed_us = def->refreshed_us;
        if (copy->stopped != NULL && copy->database != NULL && copy->name != NULL && copy->definition != NULL &&
            copy->comment != NULL) {
            return copy;
        }
    }
    arena_destroy(arena);
    return NULL;
}

struct object_def *object_def_stopped(const struct object_def *def, int64_t at_us, struct slice reason)
{
    struct object_def *copy = object_def_copy(def);
    if (copy != NULL) {
        copy->stopped = arena_text(copy->arena, reason);
        copy->stopped_at_us = at_us;
        if (copy->stopped == NULL) {
            object_def_unref(copy);
            copy = NULL;
        }
    }
    return copy;
}

/* The count is the only field that changes in a shared definition. */
struct object_def *object_def_ref(const struct object_def *def)
{
    struct object_def *shared = (struct object_def *)(uintptr_t)def;
    atomic_fetch_add_explicit(&shared->references, 1, memory_order_relaxed);
    return shared;
}

void object_def_unref(const struct object_def *def)
{
    struct object_def *shared = (struct object_def *)(uintptr_t)def;
    if (shared != NULL && atomic_fetch_sub_explicit(&shared->references, 1, memory_order_acq_rel) == 1) {
        arena_destroy(shared->arena);
    }
}

/* ---- the state */

struct err *objects_stage(struct ledger_state *state, struct slice payload)
{
    struct err *err = NULL;
    struct object_def *def = NULL;

    OR_DONE(record_decode_object(payload, &def));
    if (def->id == 0 || state_table(state, def->id) != NULL) {
        err = err_new(ERR_LOGICAL, "object \"%s\" has the id %" PRIu64 ", which is no object's", def->name, def->id);
    }
done:
    object_def_unref(def);
    return err;
}

struct err *objects_publish(struct ledger_state *state, struct slice payload)
{
    struct err *err = NULL;
    struct object_def *def = NULL;

    OR_DONE(record_decode_object(payload, &def));
    struct map_key key = {def->id, 0, 0};
    struct object_entry *entry = map_find(&state->objects, key);
    if (entry == NULL) {
        entry = calloc(1, sizeof *entry);
        if (entry == NULL || !map_insert(&state->objects, key, entry)) {
            free(entry);
            err = err_oom();
            goto done;
        }
    }
    if (entry->def != NULL && entry->def->stopped[0] != 0) { /* renamed: it stays stopped */
        struct object_def *stopped =
            object_def_stopped(def, entry->def->stopped_at_us, slice_text(entry->def->stopped));
        if (stopped == NULL) {
            err = err_oom();
            goto done;
        }
        object_def_unref(def);
        def = stopped;
    }
    if (entry->def != NULL) {
        def->refreshed_slot_us = entry->def->refreshed_slot_us;
        def->refreshed_began_us = entry->def->refreshed_began_us;
        def->refreshed_us = entry->def->refreshed_us;
    }
    object_def_unref(entry->def);
    entry->def = def;
    if (def->id >= state->table_id_next) {
        state->table_id_next = def->id + 1;
    }
    def = NULL;
done:
    object_def_unref(def);
    return err;
}

struct err *objects_drop(struct ledger_state *state, struct slice payload, bool publish)
{
    uint64_t id = 0;
    struct err *err = record_decode_varint(payload, "the record of a dropped object", &id);

    if (err == NULL && map_find(&state->objects, (struct map_key){id, 0, 0}) == NULL) {
        err = err_new(ERR_LOGICAL, "object %" PRIu64 " does not exist", id);
    }
    if (err == NULL && publish) {
        struct object_entry *entry = map_remove(&state->objects, (struct map_key){id, 0, 0});
        object_def_unref(entry->def);
        free(entry);
    }
    return err;
}

/* ---- materialized views that stopped */

void record_encode_view_stopped(struct record_out *out, uint64_t object_id, int64_t at_us, struct slice reason)
{
    size_t begin = record_begin(out, LEDGER_VIEW_STOPPED);
    size_t length = strnlen(reason.data, reason.length);

    length = length > OBJECT_STOPPED_BYTES_MAX ? OBJECT_STOPPED_BYTES_MAX : length;
    record_put_varint(out, object_id);
    record_put_signed(out, at_us);
    record_put_text(out, length == 0 ? slice_text("unknown") : slice_of(reason.data, length));
    record_end(out, begin);
}

struct err *objects_stop(struct ledger_state *state, struct slice payload, bool publish)
{
    struct err *err = NULL;
    struct record_in in = record_in_of(payload);
    uint64_t id = record_get_varint(&in);
    int64_t at_us = record_get_signed(&in);
    struct slice reason = record_get_text(&in);

    OR_DONE(record_in_end(&in, "the record of a stopped view"));
    struct object_entry *entry = map_find(&state->objects, (struct map_key){id, 0, 0});
    if (entry != NULL && entry->def->kind != OBJECT_MATERIALIZED) {
        err = err_new(ERR_LOGICAL, "object %" PRIu64 " is no materialized view", id);
        goto done;
    }
    if (reason.length == 0 || reason.length > OBJECT_STOPPED_BYTES_MAX ||
        memchr(reason.data, 0, reason.length) != NULL) {
        err = err_new(ERR_CORRUPT, "the record of a stopped view has a reason of %zu bytes", reason.length);
        goto done;
    }
    if (publish && entry != NULL && entry->def->stopped[0] == 0) { /* not dropped meanwhile; the first reason counts */
        struct object_def *stopped = object_def_stopped(entry->def, at_us, reason);
        if (stopped == NULL) {
            err = err_oom();
            goto done;
        }
        object_def_unref(entry->def);
        entry->def = stopped;
    }
done:
    return err;
}

/* ---- views that are refreshed */

void record_encode_view_refreshed(struct record_out *out, const struct view_refreshed *refreshed)
{
    size_t begin = record_begin(out, LEDGER_VIEW_REFRESHED);
    record_put_varint(out, refreshed->object_id);
    record_put_signed(out, refreshed->slot_us);
    record_put_signed(out, refreshed->began_us);
    record_put_signed(out, refreshed->ended_us);
    record_end(out, begin);
}

struct object_def *object_def_refreshed(const struct object_def *def, const struct view_refreshed *refreshed)
{
    struct object_def *copy = object_def_copy(def);
    if (copy != NULL) {
        copy->refreshed_slot_us = refreshed->slot_us;
        copy->refreshed_began_us = refreshed->began_us;
        copy->refreshed_us = refreshed->ended_us;
    }
    return copy;
}

struct err *objects_refresh(struct ledger_state *state, struct slice payload, bool publish)
{
    struct err *err = NULL;
    struct record_in in = record_in_of(payload);
    struct view_refreshed refreshed;

    refreshed.object_id = record_get_varint(&in);
    refreshed.slot_us = record_get_signed(&in);
    refreshed.began_us = record_get_signed(&in);
    refreshed.ended_us = record_get_signed(&in);
    OR_DONE(record_in_end(&in, "the record of a refreshed view"));
    struct object_entry *entry = map_find(&state->objects, (struct map_key){refreshed.object_id, 0, 0});
    if (entry != NULL && entry->def->kind != OBJECT_MATERIALIZED) {
        err = err_new(ERR_LOGICAL, "object %" PRIu64 " is no materialized view", refreshed.object_id);
        goto done;
    }
    if (publish && entry != NULL) { /* not dropped meanwhile */
        struct object_def *def = object_def_refreshed(entry->def, &refreshed);
        if (def == NULL) {
            err = err_oom();
            goto done;
        }
        object_def_unref(entry->def);
        entry->def = def;
    }
done:
    return err;
}
