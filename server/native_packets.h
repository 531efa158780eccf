/*
 * native_packets.h: packets of ClickHouse's native TCP protocol, without sockets: bytes to fields, fields to bytes.
 *
 * reading   A packet_reader goes over what came. Bytes that are not there yet make it short: `wanted` says how many
 *           must be there at least before it is worth trying again. Whoever read on meanwhile got zeros.
 * revision  the smaller one of the client's and the server's; fields that it does not have are not there
 * limits    every text has a maximum; what says more is ERR_STRING_TOO_LARGE
 * thread    any: pure functions
 */
#ifndef SERVER_NATIVE_PACKETS_H
#define SERVER_NATIVE_PACKETS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

#define NATIVE_REVISION     54460U /* the server's */
#define NATIVE_REVISION_MIN 54405U /* of clients: from here on they know LowCardinality */

/* From these revisions on there is … */
#define REVISION_SERVER_LOGS       54406U
#define REVISION_TABLE_COLUMNS     54410U
#define REVISION_WRITTEN_ROWS      54420U
#define REVISION_SETTINGS_AS_TEXT  54429U
#define REVISION_CLUSTER_SECRET    54441U
#define REVISION_TRACING           54442U
#define REVISION_DISTRIBUTED_DEPTH 54448U
#define REVISION_QUERY_START       54449U
#define REVISION_PARALLEL_REPLICAS 54453U
#define REVISION_INSERT_EVENTS     54456U
#define REVISION_ADDENDUM          54458U
#define REVISION_PARAMETERS        54459U
#define REVISION_ELAPSED           54460U

enum client_packet {
    CLIENT_HELLO = 0,
    CLIENT_QUERY = 1,
    CLIENT_DATA = 2,
    CLIENT_CANCEL = 3,
    CLIENT_PING = 4,
    CLIENT_TABLES_STATUS = 5,
    CLIENT_SCALAR = 7,
};

enum server_packet {
    SERVER_HELLO = 0,
    SERVER_DATA = 1,
    SERVER_EXCEPTION = 2,
    SERVER_PROGRESS = 3,
    SERVER_PONG = 4,
    SERVER_END_OF_STREAM = 5,
    SERVER_PROFILE_INFO = 6,
    SERVER_TOTALS = 7,
    SERVER_EXTREMES = 8,
    SERVER_TABLES_STATUS = 9,
    SERVER_TABLE_COLUMNS = 11,
    SERVER_PROFILE_EVENTS = 14,
};

#define PACKET_NAME_BYTES_MAX ((size_t)64 << 10) /* names, passwords, values of settings */
#define PACKET_TEXT_BYTES_MAX ((size_t)64 << 20) /* a statement */
#define PACKET_SETTINGS_MAX   1000U              /* and as many parameters */
#define PACKET_TABLES_MAX     10000U

struct packet_reader {
    struct slice bytes;
    size_t at;
    size_t wanted; /* more than bytes.length: the packet is not whole */
    struct err *err;
};

static inline bool packet_short(const struct packet_reader *reader)
{
    return reader->wanted > reader->bytes.length;
}

uint64_t packet_number(struct packet_reader *reader);
uint8_t packet_byte(struct packet_reader *reader);
void packet_skip(struct packet_reader *reader, size_t bytes);
/* Borrowed from the bytes. what: for the error. */
struct slice packet_text(struct packet_reader *reader, size_t bytes_max, const char *what);

/* Behind its type. */
struct hello_packet {
    struct slice client, database, user, password;
    uint64_t major, minor, revision;
};
void hello_packet_read(struct packet_reader *reader, struct hello_packet *out);

struct packet_setting {
    struct slice name, value;
    bool important; /* it must be known */
};

struct query_packet {
    struct slice id, text;
    struct slice os_user, host, client, quota_key;
    uint64_t major, minor, patch, revision;
    uint64_t stage; /* 2: the whole query */
    bool compressed;
    struct packet_setting *settings; /* in the arena, as are these: */
    uint32_t setting_count;
    struct packet_setting *parameters;
    uint32_t parameter_count;
};
#define QUERY_STAGE_COMPLETE 2U
/* Behind its type. Values of parameters are out of their quotes. */
void query_packet_read(struct packet_reader *reader, uint32_t revision, struct arena *arena, struct query_packet *out);

/* ---- what the server sends */
/* All that it says is there from NATIVE_REVISION_MIN on. */
void packet_put_hello(struct buffer *out, const char *zone);
void packet_put_exception(struct buffer *out, enum err_code code, struct slice message);

/* Since the packet before. */
struct packet_progress {
    uint64_t rows, bytes, rows_total, rows_written, bytes_written, elapsed_ns;
};
void packet_put_progress(struct buffer *out, uint32_t revision, const struct packet_progress *progress);
/* rows_before_limit: NULL without a LIMIT. */
void packet_put_profile(struct buffer *out, uint64_t rows, uint64_t blocks, uint64_t bytes,
                        const uint64_t *rows_before_limit);

/* What was counted, each since it was last told. From REVISION_INSERT_EVENTS on clients wait for one such packet after
 * each block of an INSERT and one after its end. */
struct packet_event {
    const char *name;
    uint64_t count;
};
void packet_put_events(struct buffer *out, const struct packet_event *events, uint32_t count, uint32_t now_s);

#endif
