/*
 * repair_inserts.c: rows of a damaged segment that came by INSERT, from the insert log while it still has them.
 *
 * flow     server/repair.c, repair_find.c → here → insert_replay.c (the log's files) → repair_take
 * keeps    the log keeps files whose rows are all in segments up to insert_log_keep_bytes (insert_log.c)
 * rows     are those that the INSERT made, as the segment's schema version has them (evolve.h). What came from another
 *          table with its partition is found by its address, too, where the columns have the same names and types.
 */
#include "storage/evolve.h"
#include "storage/insert_log_private.h"
#include "storage/repair_private.h"

#include "base/interrupt.h"

#include <string.h>

struct reading {
    struct repair *repair;
    const struct insert_record *record;
    const struct table_def *def; /* of the record */
    const struct chunk *chunk;
    int64_t *sequences; /* of the table's records; NULL: not asked for */
    uint32_t count, capacity;
    struct arena *arena; /* of these */
};

static struct insert_walk walk_of(struct reading *reading,
                                  struct err *(*record)(void *user, const struct insert_record *record))
{
    struct store *store = reading->repair->table->store;
    return (struct insert_walk){
        .io = store->io, .folder = store->insert_log_dir, .any = true, .user = reading, .record = record};
}

/* ---- which */

static struct err *note_sequence(void *user, const struct insert_record *record)
{
    struct reading *reading = user;
    struct err *err = interrupt_check();
    if (err != NULL || record->table_id != reading->repair->table->id) {
        return err;
    }
    if (reading->count == reading->capacity) {
        uint32_t capacity = reading->capacity == 0 ? 256 : reading->capacity * 2;
        int64_t *grown = capacity < reading->capacity ? NULL : ARENA_ARRAY(reading->arena, int64_t, capacity);
        if (grown == NULL) {
            return arena_error(reading->arena);
        }
        if (reading->count > 0) {
            memcpy(grown, reading->sequences, reading->count * sizeof(*grown));
        }
        reading->sequences = grown;
        reading->capacity = capacity;
    }
    reading->sequences[reading->count++] = (int64_t)record->sequence;
    return NULL;
}

struct err *repair_inserts_find(struct repair *repair, struct arena *arena, int64_t **sequences, uint32_t *count)
{
    struct reading reading = {.repair = repair, .arena = arena};
    struct insert_walk walk = walk_of(&reading, note_sequence);
    struct err *err = insert_log_walk(&walk);
    *sequences = reading.sequences;
    *count = reading.count;
    return err;
}

/* ---- rows */

static struct err *column_by_id(void *user, struct arena *arena, uint32_t id, struct column **out)
{
    const struct reading *reading = user;
    (void)arena;
    *out = NULL;
    for (uint32_t i = 0; i < reading->def->column_count; i++) {
        if (reading->def->columns[i].id == id) {
            *out = reading->chunk->columns[i];
        }
    }
    return NULL;
}

/* Of another table, whose columns have ids of their own; *out NULL: it has no such column. */
static struct column *column_by_name(const struct reading *reading, const struct column_def *wanted)
{
    for (uint32_t i = 0; i < reading->def->column_count; i++) {
        const struct column_def *column = &reading->def->columns[i];
        if (strcmp(column->name, wanted->name) == 0 && type_equal(column->type, wanted->type)) {
            return reading->chunk->columns[i];
        }
    }
    return NULL;
}

static struct column *constant(struct arena *arena, const struct type *type, const void *value, uint32_t rows)
{
    struct column *column = column_new(arena, type, rows);
    for (uint32_t row = 0; column != NULL && row < rows; row++) {
        memcpy((char *)column->values + (size_t)row * type->width, value, type->width);
    }
    return column;
}

/* The record's address in all rows. */
static struct err *add_hidden(const struct reading *reading, struct arena *arena, struct chunk *chunk)
{
    const struct table_def *def = reading->repair->def;
    const uint64_t stream = 0;
    const int32_t partition = 0;
    const int64_t offset = (int64_t)reading->record->sequence;
    const void *const values[COLUMN_HIDDEN_COUNT] = {
        [COLUMN_STREAM] = &stream, [COLUMN_PARTITION] = &partition, [COLUMN_OFFSET] = &offset};
    for (uint32_t i = 0; i < COLUMN_HIDDEN_COUNT; i++) {
        uint32_t index = def->column_count + i;
        chunk->columns[index] = constant(arena, table_column_type(def, index), values[i], chunk->row_count);
        if (chunk->columns[index] == NULL) {
            return arena_error(arena);
        }
    }
    return NULL;
}

static struct err *chunk_give(void *user, struct chunk *from)
{
    struct err *err = NULL;
    struct reading *reading = user;
    struct repair *repair = reading->repair;
    const struct table_def *def = repair->def;
    struct arena *work = arena_beside(repair->arena);
    bool own = reading->record->table_id == repair->table->id;
    struct chunk *chunk = work == NULL ? NULL : chunk_new(work, table_column_count(def), from->row_count);

    if (chunk == NULL) {
        err = work == NULL ? err_oom() : arena_error(work);
        goto done;
    }
    OR_DONE(interrupt_check());
    reading->chunk = from;
    struct evolution evolution = {.table = repair->table,
                                  .def = def,
                                  .from_version = reading->record->schema_version,
                                  .row_count = from->row_count,
                                  .read = column_by_id,
                                  .user = reading};
    for (uint32_t i = 0; i < def->column_count; i++) {
        if (own && evolution.from_version < def->schema_version) {
            OR_DONE(evolve_column(&evolution, work, i, &chunk->columns[i]));
        } else if (own) {
            OR_DONE(column_by_id(reading, work, def->columns[i].id, &chunk->columns[i]));
        } else {
            chunk->columns[i] = column_by_name(reading, &def->columns[i]);
        }
        if (chunk->columns[i] == NULL) {
            goto done; /* not such rows */
        }
    }
    OR_DONE(add_hidden(reading, work, chunk));
    err = repair_take(repair, chunk);
done:
    arena_destroy(work);
    return err;
}

static struct err *record_give(void *user, const struct insert_record *record)
{
    struct err *err = NULL;
    struct reading *reading = user;
    struct repair *repair = reading->repair;
    const struct address address = {.offset = (int64_t)record->sequence};
    struct table_def *def = NULL;
    bool own = record->table_id == repair->table->id;

    OR_DONE(interrupt_check());
    if (repair_wanted(repair, &address) == NULL && !(own && repair_is_candidate(repair, &address))) {
        goto done;
    }
    def = catalogue_table_version(repair->table->store->catalogue, record->table_id, record->schema_version);
    if (def == NULL || (own && record->schema_version > repair->def->schema_version)) {
        goto done; /* another table, which was dropped */
    }
    reading->record = record;
    reading->def = def;
    err = insert_record_rows(record, def, reading, chunk_give);
done:
    table_def_unref(def);
    return err;
}

struct err *repair_read_inserts(struct repair *repair)
{
    struct err *err = NULL;
    struct reading reading = {.repair = repair};
    struct insert_walk walk = walk_of(&reading, record_give);
    bool wanted = repair->inserts_asked;

    for (uint32_t i = 0; i < repair->wanted_count && !wanted; i++) {
        wanted = repair->wanted[i].address.stream == 0 && repair->wanted[i].address.partition == 0;
    }
    if (wanted && repair->hopeless == NULL) {
        err = insert_log_walk(&walk);
    }
    return err_while(err, "looking for rows in the insert log");
}
