/*
 * head.h: the newest rows of one writer into one table, visible to queries at once.
 *
 * An ingest worker (or the insert log) opens one writer per table. The decoder fills the writer's builder; head_publish
 * makes all complete rows visible by one release-store ("released in head_publish, acquired in snapshot_take").
 * draft_seal (storage/draft.h) takes what is published into a commit; the same builder goes on in a new head.
 * memory   chunks are charged to the writer's budget from builder to commit; memory is given back when the last
 *          snapshot that sees them is gone
 * thread   a writer belongs to one thread at a time; readers come through snapshots
 */
#ifndef STORAGE_HEAD_H
#define STORAGE_HEAD_H

#include "base/arena.h"
#include "base/err.h"
#include "storage/builder.h"
#include "storage/table.h"

#include <stdbool.h>
#include <stdint.h>

/* Chunks of one head; head_is_full says when to seal at the latest. */
#define HEAD_CHUNKS_MAX 1024U

struct head_writer;

struct head_writer_options {
    struct budget *budget;       /* of ingest; may be NULL */
    const bool *track_missing;   /* per column; may be NULL */
    const struct table_def *def; /* an older version of its definition; NULL: the current one */
};

/* The writer holds a reference to the table and its definition. ERR_UNKNOWN_TABLE: it is being dropped. */
struct err *head_writer_open(struct table *table, const struct head_writer_options *options, struct head_writer **out);
/* Rows that were not sealed leave the table: a source that is stopped reads them again. Accepts NULL. */
void head_writer_close(struct head_writer *writer);

/* With addresses; its columns are those of head_writer_def. */
struct builder *head_builder(struct head_writer *writer);
const struct table_def *head_writer_def(const struct head_writer *writer);
struct table *head_writer_table(const struct head_writer *writer);
/* The table has a newer schema version: seal, close and open anew. */
bool head_is_stale(const struct head_writer *writer);

/* Somebody waits for what is in the head to be committed; said once. */
bool head_seal_is_wanted(struct head_writer *writer);

/* All complete rows of the builder become visible. ERR_OOM: they stay invisible, and may be published later. */
struct err *head_publish(struct head_writer *writer);

uint64_t head_rows(const struct head_writer *writer);   /* in the current head, published or not */
uint64_t head_memory(const struct head_writer *writer); /* bytes of the current head */
/* So many chunks that the next rows may not fit: seal now. */
bool head_is_full(const struct head_writer *writer);

#endif
