/*
 * head.c: heads and their writers.
 *
 * flow     decoder → builder → head_publish → snapshots; draft_seal takes the head away
 * owns     a head belongs to its writer, the table's versions, drafts and snapshots together (references)
 */
#include "storage/head.h"

#include "storage/snapshot.h"
#include "storage/table_private.h"

#include <stdlib.h>

struct head_writer {
    struct table *table;
    struct table_def *def;
    struct builder *builder;
    struct head *head; /* NULL: nothing published since the last seal */
    struct budget *budget;
    bool *track_missing;
    uint64_t seals_seen; /* of table->seals_wanted */
};

static _Atomic uint64_t head_numbers;

struct head *head_create(const struct table_def *def)
{
    struct head *head = calloc(1, sizeof(*head));
    if (head != NULL) {
        head->references = 1;
        head->def = table_def_ref(def);
        head->number = atomic_fetch_add(&head_numbers, 1) + 1;
    }
    return head;
}

struct head *head_ref(struct head *head)
{
    atomic_fetch_add_explicit(&head->references, 1, memory_order_relaxed);
    return head;
}

void head_unref(struct head *head)
{
    if (head == NULL || atomic_fetch_sub_explicit(&head->references, 1, memory_order_acq_rel) != 1) {
        return;
    }
    for (uint32_t i = 0; i < head->chunk_count; i++) {
        row_chunk_unref(head->chunks[i]);
    }
    tables_rows_gone(SCAN_HEAD, head->number);
    table_def_unref(head->def);
    free(head);
}

uint32_t head_mark_chunks(head_mark mark)
{
    return (uint32_t)(mark >> 32) + ((uint32_t)mark > 0 ? 1 : 0);
}

uint32_t head_mark_rows(const struct head *head, head_mark mark, uint32_t index)
{
    uint32_t whole = (uint32_t)(mark >> 32);
    return index < whole ? row_chunk_rows(head->chunks[index]) : index == whole ? (uint32_t)mark : 0;
}

uint64_t head_rows_between(const struct head *head, head_mark from, head_mark to)
{
    uint64_t rows = 0;
    for (uint32_t i = (uint32_t)(from >> 32); i < head_mark_chunks(to); i++) {
        rows += head_mark_rows(head, to, i) - head_mark_rows(head, from, i);
    }
    return rows;
}

/* ---- writers */
static struct err *writer_builder(struct head_writer *writer)
{
    struct err *err = NULL;
    uint32_t count = writer->def->column_count;
    const struct type **types = calloc((size_t)count + 1, sizeof(*types));

    if (types == NULL) {
        err = err_oom();
        goto done;
    }
    for (uint32_t i = 0; i < count; i++) {
        types[i] = writer->def->columns[i].type;
    }
    struct builder_options options = {
        .budget = writer->budget, .addresses = true, .track_missing = writer->track_missing};
    err = builder_create(types, count, &options, &writer->builder);
done:
    free(types);
    return err;
}

struct err *head_writer_open(struct table *table, const struct head_writer_options *options, struct head_writer **out)
{
    struct err *err = NULL;
    struct head_writer *writer = calloc(1, sizeof(*writer));

    if (writer == NULL) {
        err = err_oom();
        goto done;
    }
    writer->table = table_ref(table);
    writer->def = options != NULL && options->def != NULL ? table_def_ref(options->def) : table_definition(table);
    writer->budget = options != NULL ? options->budget : NULL;
    shared_lock_read(&table->tables->commits);
    bool gone = table->dropping || table->dropped;
    shared_lock_give(&table->tables->commits);
    if (gone) {
        err = err_new(ERR_UNKNOWN_TABLE, "table %s.%s is being dropped", writer->def->database, writer->def->name);
        goto done;
    }
    if (options != NULL && options->track_missing != NULL) {
        writer->track_missing = calloc((size_t)writer->def->column_count + 1, sizeof(bool));
        if (writer->track_missing == NULL) {
            err = err_oom();
            goto done;
        }
        memcpy(writer->track_missing, options->track_missing, writer->def->column_count * sizeof(bool));
    }
    OR_DONE(writer_builder(writer));
    *out = writer;
    writer = NULL;
done:
    head_writer_close(writer);
    return err;
}

/* The head leaves the table without having become a segment. */
static void head_forget(struct head_writer *writer)
{
    if (writer->head != NULL) {
        struct head *head = writer->head;
        table_change_apply(writer->table, &(struct table_change){.heads_remove = &head, .head_remove_count = 1});
        head_unref(head);
        writer->head = NULL;
    }
}

void head_writer_close(struct head_writer *writer)
{
    if (writer == NULL) {
        return;
    }
    head_forget(writer);
    builder_destroy(writer->builder);
    table_def_unref(writer->def);
    table_unref(writer->table);
    free(writer->track_missing);
    free(writer);
}

struct builder *head_builder(struct head_writer *writer)
{
    return writer->builder;
}

const struct table_def *head_writer_def(const struct head_writer *writer)
{
    return writer->def;
}

struct table *head_writer_table(const struct head_writer *writer)
{
    return writer->table;
}

bool head_is_stale(const struct head_writer *writer)
{
    struct table_def *def = table_definition(writer->table);
    bool stale = def->schema_version != writer->def->schema_version;
    table_def_unref(def);
    return stale;
}

bool head_seal_is_wanted(struct head_writer *writer)
{
    uint64_t wanted = atomic_load_explicit(&writer->table->seals_wanted, memory_order_relaxed);
    bool is = wanted != writer->seals_seen;
    writer->seals_seen = wanted;
    return is;
}

struct err *head_publish(struct head_writer *writer)
{
    struct builder *builder = writer->builder;
    uint32_t count = builder_chunk_count(builder);
    if (count > 0 && builder->row == 0) {
        count--; /* an empty chunk may still be taken back by a rollback */
    }
    if (count == 0) {
        return NULL;
    }
    bool last_is_whole = count < builder_chunk_count(builder);
    bool first = writer->head == NULL;
    if (first) {
        writer->head = head_create(writer->def);
        if (writer->head == NULL) {
            return err_oom();
        }
    }
    struct head *head = writer->head;
    ASSERT(count <= HEAD_CHUNKS_MAX);
    while (head->chunk_count < count) {
        head->chunks[head->chunk_count] = row_chunk_ref(builder_chunk(builder, head->chunk_count));
        head->chunk_count++;
    }
    head_mark mark = last_is_whole ? (uint64_t)count << 32 : (uint64_t)(count - 1) << 32 | builder->row;
    bool grew = mark != atomic_load_explicit(&head->visible, memory_order_relaxed); /* the writer alone stores it */
    atomic_store_explicit(&head->visible, mark, memory_order_release);
    if (first) {
        table_change_apply(writer->table, &(struct table_change){.head_add = head});
    } else if (grew) {
        table_changed(writer->table);
    }
    return NULL;
}

struct err *head_seal(struct head_writer *writer, struct head **out)
{
    struct err *err = NULL;
    struct row_chunk **chunks = NULL;
    uint32_t count = 0;

    *out = NULL;
    OR_DONE(head_publish(writer));
    OR_DONE(builder_take(writer->builder, &chunks, &count));
    /* the head holds its own references */
    for (uint32_t i = 0; i < count; i++) {
        row_chunk_unref(chunks[i]);
    }
    free(chunks);
    *out = writer->head;
    writer->head = NULL;
done:
    return err;
}

uint64_t head_rows(const struct head_writer *writer)
{
    return builder_rows(writer->builder);
}

uint64_t head_memory(const struct head_writer *writer)
{
    return builder_memory(writer->builder);
}

bool head_is_full(const struct head_writer *writer)
{
    /* chunks may end early: leave room for a batch of them */
    return builder_chunk_count(writer->builder) >= HEAD_CHUNKS_MAX - 256;
}
