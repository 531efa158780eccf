/*
 * dead_letter.h: messages that could not become rows: raw bytes, key, headers, address, time and reason.
 *
 * They are rows of the internal table system.dead_letters, committed in the same draft as their coverage, and read by
 * queries like any table. Per fed table their bytes are capped (DEAD_LETTER_BYTES_MAX, also over restarts): beyond the
 * cap a letter is counted and its address recorded in the coverage, its bytes stay in Kafka only.
 */
#ifndef STORAGE_DEAD_LETTER_H
#define STORAGE_DEAD_LETTER_H

#include "base/err.h"
#include "base/slice.h"
#include "storage/catalogue.h"

#include <stdint.h>

struct store;

#define DEAD_LETTER_BYTES_MAX ((uint64_t)256 << 20)

/* Columns of system.dead_letters in this order: database, table, source, topic String (LowCardinality), stream_id
 * UInt32, incarnation UInt32, partition Int32, offset Int64, timestamp DateTime64(3) of the message, time
 * DateTime64(6) of the failure, reason, key, headers, message String, bytes UInt64, table_id UInt64 */
struct dead_letter {
    uint64_t table_id;
    struct slice database;
    struct slice table;
    struct slice source;
    struct slice topic;
    uint32_t stream_id;
    uint32_t incarnation;
    int32_t partition;
    int64_t offset;
    int64_t timestamp_ms;
    struct slice reason;
    struct slice key;
    struct slice headers; /* as text, "name=value\n" */
    struct slice message;
};

/* Creates the internal table when it is missing, counts the bytes kept per table. Once, after store_open. */
struct err *dead_letters_open(struct store *store);
void dead_letters_close(struct store *store);
/* Bytes kept for a table, and letters left out because of the cap since start. */
void dead_letters_numbers(struct store *store, uint64_t table_id, uint64_t *bytes, uint64_t *left_out);

#endif
