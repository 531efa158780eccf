/*
 * ledger_record.h: the bytes of the ledger's records: one struct, one encoder and one decoder per record type.
 *
 * Little-endian; integers as LEB128 varints (signed ones zig-zag), hashes and sums at their fixed width, texts as a
 * varint length and bytes. docs/FORMAT.md, "Ledger records", says each layout.
 * writer   never fails half-way: `failed` is sticky and checked once at the end. Buffers of 64 KiB and more are pages.
 * reader   hostile bytes: every length is checked, `bad` is sticky; whoever finishes a record calls record_in_end.
 * owned    decoded texts and arrays point into the record or live in the arena that is passed.
 * thread   one at a time per object.
 */
#ifndef STORAGE_LEDGER_RECORD_H
#define STORAGE_LEDGER_RECORD_H

#include "base/arena.h"
#include "base/err.h"
#include "base/slice.h"
#include "storage/catalogue.h"
#include "storage/ledger.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- a growing buffer */
struct record_out {
    uint8_t *data;
    size_t length;
    size_t capacity;
    bool failed; /* memory is out */
};

void record_out_deinit(struct record_out *out);
void record_put(struct record_out *out, const void *bytes, size_t length);
void record_put_u32(struct record_out *out, uint32_t value);
void record_put_u64(struct record_out *out, uint64_t value);
void record_put_u128(struct record_out *out, unsigned __int128 value);
void record_put_varint(struct record_out *out, uint64_t value);
void record_put_signed(struct record_out *out, int64_t value);
void record_put_text(struct record_out *out, struct slice text);

/* ---- reading */
struct record_in {
    const uint8_t *at;
    const uint8_t *end;
    bool bad;
};

struct record_in record_in_of(struct slice payload);
void record_get(struct record_in *in, void *bytes, size_t length);
uint32_t record_get_u32(struct record_in *in);
uint64_t record_get_u64(struct record_in *in);
unsigned __int128 record_get_u128(struct record_in *in);
uint64_t record_get_varint(struct record_in *in);
uint32_t record_get_varint32(struct record_in *in); /* bad above UINT32_MAX */
int64_t record_get_signed(struct record_in *in);
int64_t record_get_offset(struct record_in *in); /* varint, bad above INT64_MAX */
struct slice record_get_text(struct record_in *in);
/* A copy of a text as a C string; one with a NUL inside is bad, and "". NULL: memory is out. */
const char *record_get_string(struct record_in *in, struct arena *arena);
/* A count of items of at least item_bytes each that must fit into what is left. */
uint32_t record_get_count(struct record_in *in, size_t item_bytes);
/* ERR_CORRUPT when bad or when bytes are left over; what: "a segment record". */
struct err *record_in_end(const struct record_in *in, const char *what);

/* ---- one record in a batch: u16 type, u32 length, payload. The frame of the file is put around it by the log. */
#define RECORD_PAYLOAD_BYTES_MAX ((uint32_t)64 << 20)
#define RECORD_TEXT_BYTES_MAX    ((uint32_t)16 << 20)

/* Remembers where a record began so that its length can be filled in. */
size_t record_begin(struct record_out *out, enum ledger_record_type type);
void record_end(struct record_out *out, size_t begin);
/* Next record of a batch; false at its end. */
bool record_next(struct slice *batch, enum ledger_record_type *type, struct slice *payload);

/* ---- payloads that several records share, and the records of checkpoints */
struct coverage_state_record {
    struct coverage_position position;
    uint64_t source_id;
    const struct offset_range *dead;
    uint32_t dead_count;
};

void record_encode_restored(struct record_out *out, const struct ledger_restored *restored);
struct err *record_decode_restored(struct slice payload, struct ledger_restored *restored); /* borrows the name */

void record_encode_quarantine(struct record_out *out, const struct ledger_quarantine *quarantine);

struct pruned_record {
    uint64_t file_last;              /* files 1 … file_last are gone */
    uint64_t commit_last;            /* the last commit in them */
    uint64_t bytes;                  /* of all of them */
    uint8_t hash[LEDGER_HASH_BYTES]; /* its chain hash: the next file begins with it */
};

struct checkpoint_record {
    uint64_t table_id_next;
    uint64_t source_id_next;
    uint32_t stream_id_next;
    uint64_t pack_max;
    uint64_t insert_log_sequence;
    uint64_t commit; /* the last one that the checkpoint contains */
};

struct commit_record {
    uint64_t number;
    int64_t time_us;
    uint64_t durable; /* the last commit that was known durable when this one was written */
    uint32_t record_count;
    uint64_t bytes; /* of the commit's record frames before this one */
    bool checkpoint;
    uint8_t hash[LEDGER_HASH_BYTES];
};

/* Bytes of a commit record's payload; the hash is the last 32. */
#define COMMIT_RECORD_BYTES 72U

void record_put_key(struct record_out *out, const struct coverage_key *key);
void record_encode_segment(struct record_out *out, const struct ledger_segment *segment);
void record_encode_removed(struct record_out *out, const struct segments_removed *removed);
void record_encode_rewritten(struct record_out *out, const struct segment_rewritten *rewritten);
void record_encode_deleted(struct record_out *out, const struct rows_deleted *deleted);
void record_encode_changed(struct record_out *out, const struct rows_changed *changed);
void record_encode_expired(struct record_out *out, const struct rows_expired *expired);
void record_encode_merge_adds(struct record_out *out, const struct merge_adds *adds);
void record_encode_coverage(struct record_out *out, const struct coverage_range *range);
void record_encode_start(struct record_out *out, const struct ledger_start *start);
void record_encode_claim(struct record_out *out, const struct ledger_claim *claim);
void record_encode_incarnation(struct record_out *out, const struct ledger_incarnation *incarnation);
void record_encode_token(struct record_out *out, const struct ledger_token *token);
void record_encode_varint(struct record_out *out, enum ledger_record_type type,
                          uint64_t value); /* INSERT_LOG, *_DROP */
void record_encode_text(struct record_out *out, enum ledger_record_type type, struct slice text); /* DATABASE_* */
void record_encode_stream(struct record_out *out, uint32_t stream_id, struct slice identity);
void record_encode_table(struct record_out *out, struct arena *arena, const struct table_def *def);
void record_encode_source(struct record_out *out, const struct source_def *def);
void record_encode_object(struct record_out *out, const struct object_def *def);
void record_encode_view_stopped(struct record_out *out, uint64_t object_id, int64_t at_us, struct slice reason);
void record_encode_view_refreshed(struct record_out *out, const struct view_refreshed *refreshed);
void record_encode_pruned(struct record_out *out, const struct pruned_record *pruned);
void record_encode_checkpoint(struct record_out *out, const struct checkpoint_record *checkpoint);
/* type: of a checkpoint, or LEDGER_RESTORED_COVERAGE */
void record_encode_coverage_state(struct record_out *out, enum ledger_record_type type,
                                  const struct coverage_state_record *state);
void record_encode_rows(struct record_out *out, const struct coverage_key *key, const struct coverage_row *rows,
                        uint32_t count);
void record_encode_moved(struct record_out *out, const struct segments_moved *moved);
void record_encode_expiry(struct record_out *out, const struct ledger_expiry *expiry);
void record_encode_hold(struct record_out *out, const struct ledger_hold *hold);
void record_encode_release(struct record_out *out, uint64_t table_id, struct slice reason);
/* The payload alone: the log frames it itself. */
void record_put_commit(struct record_out *out, const struct commit_record *commit);

struct err *record_decode_segment(struct slice payload, struct ledger_segment *segment);
struct err *record_decode_removed(struct slice payload, struct arena *arena, struct segments_removed *removed);
struct err *record_decode_rewritten(struct slice payload, struct segment_rewritten *rewritten);
struct err *record_decode_deleted(struct slice payload, struct rows_deleted *deleted);
struct err *record_decode_changed(struct slice payload, struct rows_changed *changed);
struct err *record_decode_expired(struct slice payload, struct rows_expired *expired);
struct err *record_decode_merge_adds(struct slice payload, struct merge_adds *adds);
struct err *record_decode_coverage(struct slice payload, struct arena *arena, struct coverage_range *range);
struct err *record_decode_start(struct slice payload, struct ledger_start *start);
struct err *record_decode_claim(struct slice payload, struct ledger_claim *claim);
struct err *record_decode_incarnation(struct slice payload, struct ledger_incarnation *incarnation);
struct err *record_decode_token(struct slice payload, struct ledger_token *token);
struct err *record_decode_varint(struct slice payload, const char *what, uint64_t *value);
struct err *record_decode_text(struct slice payload, const char *what, struct slice *text);
struct err *record_decode_stream(struct slice payload, uint32_t *stream_id, struct slice *identity);
/* A definition with one reference, in an arena of its own. */
struct err *record_decode_table(struct slice payload, struct table_def **def);
struct err *record_decode_source(struct slice payload, struct source_def **def);
struct err *record_decode_object(struct slice payload, struct object_def **def);
struct err *record_decode_pruned(struct slice payload, struct pruned_record *pruned);
struct err *record_decode_checkpoint(struct slice payload, struct checkpoint_record *checkpoint);
struct err *record_decode_coverage_state(struct slice payload, struct arena *arena,
                                         struct coverage_state_record *state);
struct err *record_decode_rows(struct slice payload, struct arena *arena, struct coverage_key *key,
                               struct coverage_row **rows, uint32_t *count);
struct err *record_decode_moved(struct slice payload, struct arena *arena, struct segments_moved *moved);
struct err *record_decode_expiry(struct slice payload, struct arena *arena, struct ledger_expiry *expiry);
struct err *record_decode_hold(struct slice payload, struct ledger_hold *hold);
struct err *record_decode_release(struct slice payload, uint64_t *table_id, struct slice *reason);
struct err *record_decode_commit(struct slice payload, struct commit_record *commit);

/* "segment added"; "record type 99" for unknown ones. Static. */
const char *record_type_name(uint32_t type);

#endif
