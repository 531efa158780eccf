/*
 * ledger_cut.c: a checkpoint of everything, of which the records of other tables are left out.
 *
 * flow     backup.c → here → ledger_checkpoint.c (the records), ledger_file.c (their frames)
 * lock     the ledger's, while the state is encoded and the packs are pinned; no file is touched under it
 */
#include "storage/ledger_cut.h"

#include "base/clock.h"
#include "storage/ledger_private.h"

#include <inttypes.h>
#include <string.h>

/* What is kept besides the cut's own tables and objects. */
struct keep {
    const struct ledger_cut *cut;
    struct slice *databases; /* of them; in the arena */
    uint32_t database_count;
};

/* ids ascend. */
static bool is_among(const uint64_t *ids, uint32_t count, uint64_t id)
{
    uint32_t begin = 0, end = count;
    while (begin < end) {
        uint32_t middle = begin + (end - begin) / 2;
        if (ids[middle] < id) {
            begin = middle + 1;
        } else {
            end = middle;
        }
    }
    return begin < count && ids[begin] == id;
}

static struct err *keep_database(struct keep *keep, struct arena *arena, const char *name)
{
    char *copy = arena_text(arena, slice_text(name));
    if (copy == NULL) {
        return arena_error(arena);
    }
    keep->databases[keep->database_count++] = slice_text(copy);
    return NULL;
}

/* Every ledger has "default" and "system". Under the ledger's lock. */
static struct err *keep_databases(struct keep *keep, struct arena *arena, const struct ledger_state *state)
{
    struct err *err = NULL;
    const struct ledger_cut *cut = keep->cut;
    keep->databases = ARENA_ARRAY(arena, struct slice, (size_t)cut->table_count + cut->object_count + 2);
    if (keep->databases == NULL) {
        return arena_error(arena);
    }
    OR_DONE(keep_database(keep, arena, "default"));
    OR_DONE(keep_database(keep, arena, "system"));
    for (uint32_t i = 0; i < cut->table_count; i++) {
        const struct table_entry *table = state_table(state, cut->tables[i]);
        if (table == NULL || !table->visible) {
            err = err_new(ERR_UNKNOWN_TABLE, "a table was dropped before the backup began");
            goto done;
        }
        OR_DONE(keep_database(keep, arena, table->versions[table->version_count - 1]->database));
    }
    for (uint32_t i = 0; i < cut->object_count; i++) {
        const struct object_entry *object = map_find(&state->objects, (struct map_key){cut->objects[i], 0, 0});
        if (object == NULL) {
            err = err_new(ERR_UNKNOWN_TABLE, "a view or dictionary was dropped before the backup began");
            goto done;
        }
        OR_DONE(keep_database(keep, arena, object->def->database));
    }
done:
    return err;
}

/* The table that a source feeds. */
static uint64_t source_table(struct slice payload)
{
    struct record_in in = record_in_of(payload);
    (void)record_get_varint(&in); /* id, version, database, name */
    (void)record_get_varint(&in);
    (void)record_get_text(&in);
    (void)record_get_text(&in);
    return record_get_varint(&in);
}

static bool is_kept(const struct keep *keep, enum ledger_record_type type, struct slice payload)
{
    const struct ledger_cut *cut = keep->cut;
    struct record_in in = record_in_of(payload);
    struct slice name;

    switch (type) {
    case LEDGER_CHECKPOINT:
    case LEDGER_STREAM:
        return true;
    case LEDGER_PRUNED:
    case LEDGER_ACCESS: /* who may do what is not part of a backup */
        return false;
    case LEDGER_DATABASE_CREATE:
        name = record_get_text(&in);
        for (uint32_t i = 0; i < keep->database_count; i++) {
            if (slice_equal(name, keep->databases[i])) {
                return true;
            }
        }
        return false;
    case LEDGER_SOURCE:
        return is_among(cut->tables, cut->table_count, source_table(payload));
    case LEDGER_OBJECT:
    case LEDGER_VIEW_STOPPED:
    case LEDGER_VIEW_REFRESHED:
        return is_among(cut->objects, cut->object_count, record_get_varint(&in));
    default: /* all others of a checkpoint begin with their table's id */
        return is_among(cut->tables, cut->table_count, record_get_varint(&in));
    }
}

static bool is_wanted(const void *user, const struct segment_entry *entry)
{
    const struct ledger_cut *cut = user;
    bool some = false, wanted = false;
    for (uint32_t i = 0; i < cut->partition_count && !wanted; i++) {
        const struct table_partition *partition = &cut->partitions[i];
        bool of_table = partition->table_id == entry->segment.table_id;
        some = some || of_table;
        wanted = of_table && slice_equal(entry->segment.partition, partition->partition);
    }
    return (wanted || !some) && !(cut->live_only && entry->detached);
}

static struct err *choose(struct slice all, const struct keep *keep, struct record_out *chosen)
{
    enum ledger_record_type type;
    struct slice payload;

    while (record_next(&all, &type, &payload)) {
        if (!is_kept(keep, type, payload)) {
            continue;
        }
        size_t begin = record_begin(chosen, type);
        record_put(chosen, payload.data, payload.length);
        record_end(chosen, begin);
        if (type == LEDGER_SEGMENT_ADD) {
            struct ledger_segment segment;
            struct err *err = record_decode_segment(payload, &segment);
            if (err != NULL) {
                return err;
            }
            keep->cut->pack(keep->cut->user, segment.pack);
        } else if (type == LEDGER_ROWS_DELETED) {
            struct rows_deleted deleted;
            struct err *err = record_decode_deleted(payload, &deleted);
            if (err != NULL) {
                return err;
            }
            keep->cut->pack(keep->cut->user, deleted.deleted.pack);
        }
    }
    return chosen->failed ? err_oom() : NULL;
}

struct err *ledger_cut(struct ledger *ledger, const struct ledger_cut *cut, struct record_out *file,
                       struct commit_info *at)
{
    struct err *err = NULL;
    struct record_out all = {0}, chosen = {0};
    struct keep keep = {.cut = cut};
    struct pruned_record pruned = {.file_last = LEDGER_CUT_FILE - 1};
    struct commit_record commit = {.time_us = clock_wall_us(), .checkpoint = true};
    struct ledger_file_header header = {.version = LEDGER_FORMAT_VERSION, .number = LEDGER_CUT_FILE};
    uint8_t hash[LEDGER_HASH_BYTES];
    struct arena *arena = arena_create(NULL);

    if (arena == NULL) {
        return err_oom();
    }
    struct ledger_state *state = ledger_state_lock(ledger);
    *at = state->last;
    err = keep_databases(&keep, arena, state);
    if (err == NULL) {
        err = ledger_state_encode_some(state, is_wanted, cut, &all);
    }
    if (err == NULL) {
        err = choose(slice_of((const char *)all.data, all.length), &keep, &chosen);
    }
    ledger_state_unlock(ledger);
    if (err != NULL) {
        goto done;
    }
    pruned.commit_last = at->number;
    memcpy(pruned.hash, at->hash, sizeof pruned.hash);
    record_encode_pruned(&chosen, &pruned);
    commit.number = at->number + 1;
    commit.durable = at->number;
    header.commit_first = commit.number;
    header.created_at_us = commit.time_us;
    ledger_store_id(ledger, header.store_id);
    memcpy(header.hash_before, at->hash, sizeof header.hash_before);
    memcpy(hash, at->hash, sizeof hash);
    ledger_file_put_header(file, &header);
    ledger_file_put_commit(file, LEDGER_CUT_FILE, 0, slice_of((const char *)chosen.data, chosen.length), &commit, hash);
    if (file->failed || chosen.failed) {
        err = err_oom();
    }
done:
    record_out_deinit(&all);
    record_out_deinit(&chosen);
    arena_destroy(arena);
    return err_while(err, "cutting the ledger");
}
