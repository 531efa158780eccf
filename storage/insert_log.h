/*
 * insert_log.h: the local log of HTTP inserts: small INSERTs are durable here before they answer, and in segments a few
 * seconds later.
 *
 *   insert-log/00000001.log   header, records (docs/FORMAT.md, "Insert log"); each record is one INSERT: sequence,
 *                             table, schema version, token, chunks in columns
 *
 * append   INSERTs that arrive together are written and synced together by one of them (group commit), then their rows
 *          go to the heads of the log in sequence order, then all of them answer
 * flush    every commit_interval, or when the heads are large: one draft with the heads of all tables, the tokens and
 *          "everything below sequence n is in segments"; files that are wholly covered are removed
 * failure  after a failed write or sync the file is given up; the group is written again to a new file, once. A file
 *          counts only up to the first sequence of the next file.
 * replay   rows at or above the ledger's sequence go back to the heads, and into segments before the next INSERT is
 *          taken: what was read again may not have been synced. A torn last group of the newest file was never
 *          acknowledged; a damaged record in front of a whole later group, or a gap, is ERR_CORRUPT naming file and
 *          byte.
 */
#ifndef STORAGE_INSERT_LOG_H
#define STORAGE_INSERT_LOG_H

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"
#include "storage/column.h"
#include "storage/insert.h"

#include <stdbool.h>
#include <stdint.h>

struct insert_log;

/* One INSERT as a record. */
struct insert_record {
    uint64_t sequence;
    uint64_t table_id;
    uint32_t schema_version;
    uint64_t row_count;
    unsigned __int128 token; /* 0: none */
    int64_t time_us;
    uint32_t group;      /* byte of the file where the records that were synced together begin; 0: with the header */
    struct slice chunks; /* encoded */
};

#define INSERT_FILE_HEADER_BYTES   16U
#define INSERT_RECORD_HEADER_BYTES 80U

/* Appends a chunk in columns (any form). */
struct err *insert_chunk_encode(const struct chunk *chunk, struct buffer *out);
/*
 * The next chunk of a record's bytes, whose columns have these types; *bytes moves on. Strings point into the bytes.
 * errors   ERR_CORRUPT: the bytes are hostile
 */
struct err *insert_chunk_decode(struct arena *arena, struct slice *bytes, const struct type *const *types,
                                uint32_t column_count, struct chunk **out);
/* Header of a record whose chunks are buffer->data[begin + INSERT_RECORD_HEADER_BYTES …]; fills it in. */
void insert_record_seal(struct buffer *buffer, size_t begin, const struct insert_record *record);
/* The record at the front of bytes; 0: damaged or cut. Otherwise its length, header and padding included. */
size_t insert_record_read(struct slice bytes, struct insert_record *record);

/* One INSERT, or several that are stored as one. */
struct insert_item {
    struct table *table;
    const struct table_def *def;
    struct chunk *const *chunks; /* all columns of the definition, without hidden ones */
    uint32_t chunk_count;
    unsigned __int128 token; /* 0: none; no two items of a table have the same */
    bool duplicate;          /* the token is known, nothing was stored */
    struct err *err;         /* the caller's */
};
/* Makes the items durable, by one sync, and visible, in their order. Items with an error are passed over. */
void insert_log_append(struct insert_log *log, struct insert_item *items, uint32_t count);

/* Tokens in flight: true when the token may be used now (to be given back); waits while another INSERT holds it.
 * False: it was stored already. */
bool insert_token_take(struct insert_log *log, uint64_t table_id, unsigned __int128 token);
void insert_token_give(struct insert_log *log, uint64_t table_id, unsigned __int128 token);

#endif
