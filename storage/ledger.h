/*
 * ledger.h: the append-only, checksummed, hash-chained log of everything durable (DESIGN §5).
 *
 * use      A writer fills a batch with records and commits it; ledger_commit returns after the fsync that covers it.
 *          Many threads may commit at once; one fsync covers all that wait (group commit).
 * checks   Before a batch is written: every coverage range begins where the last one ended and its counts add up; the
 *          rows that coverage counts as stored are in the batch's new segments (or its record of removed rows); a
 *          merge conserves rows (counts and 128-bit sums); removed segments are live. A batch that fails a check is
 *          refused whole, as an error, and nothing changes.
 * state    What the records say is kept in memory (tables, sources, segments, coverage, tokens) and changes only
 *          after the fsync. coverage.h and catalogue.h read it.
 * failure  A failed fsync makes the ledger read-only until restart (ERR_TABLE_READ_ONLY, saying why). A failed write
 *          (disk full) is cut off again: that group of commits fails, later ones may succeed.
 * files    ledger/000001.log …: docs/FORMAT.md, "Ledger". Each file begins with the final hash of the one before it
 *          and, from the second on, with a checkpoint: records that rebuild the whole state.
 * recovery ledger_open cuts a torn tail at the last whole commit; any other damage is ERR_CORRUPT naming file, offset
 *          and record. After an unclean stop the newest file is copied to a new synced one before anything else.
 * thread   any, all functions.
 */
#ifndef STORAGE_LEDGER_H
#define STORAGE_LEDGER_H

#include "base/arena.h"
#include "base/err.h"
#include "base/slice.h"
#include "storage/coverage.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct io;
struct clock;
struct ledger;
struct ledger_batch;
struct table_def;
struct source_def;

#define LEDGER_HASH_BYTES     32
#define LEDGER_STORE_ID_BYTES 16U

/* Stored in files: never reuse a number. 45–59 are kept for views, 60–79 for rules. */
enum ledger_record_type {
    LEDGER_COMMIT = 1, /* ends every commit */
    LEDGER_DATABASE_CREATE = 2,
    LEDGER_DATABASE_DROP = 3,
    LEDGER_TABLE = 4, /* a table is created, or gets a new schema version or name */
    LEDGER_TABLE_DROP = 5,
    LEDGER_SOURCE = 6, /* a source is created or changed: definition and state */
    LEDGER_SOURCE_DROP = 7,
    LEDGER_STREAM = 8,
    LEDGER_INCARNATION = 9,
    LEDGER_START = 10,
    LEDGER_COVERAGE = 11,
    LEDGER_SEGMENT_ADD = 12,
    LEDGER_SEGMENTS_REMOVE = 13,
    LEDGER_DEAD_CLAIM = 14,
    LEDGER_TOKEN = 15,
    LEDGER_INSERT_LOG = 16,
    LEDGER_PRUNED = 17,
    LEDGER_CLOSE = 18,               /* a clean stop: all before it is known durable */
    LEDGER_CHECKPOINT = 19,          /* begins a checkpoint: counters and limits */
    LEDGER_CHECKPOINT_COVERAGE = 20, /* one key: position, counts, dead addresses */
    LEDGER_CHECKPOINT_ROWS = 21,     /* history rows of one key */
    LEDGER_SEGMENT_REWRITTEN = 22,   /* a merge's input, as a newer schema version has its rows: their sum */
    LEDGER_ROWS_DELETED = 26,        /* of one segment, all that were deleted so far; newest replaces older */
    LEDGER_ROWS_CHANGED = 27,        /* deleted rows come back, changed, in new segments */
    LEDGER_MERGE_ADDS = 28,          /* rows that the next merge makes of others */
    LEDGER_SEGMENT_PLACE = 29,       /* a segment's place in the order of insertion */
    LEDGER_SEGMENTS_MOVE = 30,       /* segments are detached, attached again, or leave while detached */
    LEDGER_HOLD = 31,                /* a table is held: nothing may leave it */
    LEDGER_HOLD_RELEASE = 32,
    LEDGER_EXPIRY = 33,            /* when segments expire by another schema version's TTL */
    LEDGER_ROWS_EXPIRED = 34,      /* deleted rows left by TTL; what stands for them is in new segments */
    LEDGER_SEGMENT_CODEC = 35,     /* what a segment was compressed with by TTL */
    LEDGER_RESTORED = 36,          /* a table was made from a backup: which, and what it holds */
    LEDGER_RESTORED_COVERAGE = 37, /* one key of such a table: position, counts, dead addresses */
    LEDGER_QUARANTINE = 38,        /* a segment is damaged */
    LEDGER_QUARANTINE_END = 39,    /* it is whole again */
    LEDGER_OBJECT = 40,            /* a view or dictionary is created, replaced or renamed */
    LEDGER_OBJECT_DROP = 41,
    LEDGER_REMOVALS = 44,         /* of a checkpoint: rows that left a table, or came without an address */
    LEDGER_REPAIRED = 42,         /* a damaged segment leaves, what was found of its rows comes in others */
    LEDGER_SEGMENTS_BROUGHT = 43, /* rows come with segments of another table */
    LEDGER_VIEW_STOPPED = 45,     /* a materialized view misses rows from this commit on */
    LEDGER_VIEW_REFRESHED = 46,   /* a refreshed view's rows are those of this commit */
    LEDGER_RULE_FIRST = 60,
    LEDGER_ACCESS = 80, /* a user, role, quota or settings profile is made, changed or dropped */
};

/* Rows of a segment that were deleted and are still in its bytes: where the list of them stands (storage/row_set.h). */
struct ledger_deleted {
    uint64_t pack;
    uint64_t offset;
    uint64_t length;
    uint64_t hash; /* XXH3-64 of the list's bytes */
    uint64_t row_count;
    unsigned __int128 row_sum;
};

/* In which order rows were inserted: by the commit that brought them, then by rank (of a restored table's segments).
 * commit 0: the segment's own; both 0: so is the rank, ledger_segment_place. */
struct insertion_place {
    uint64_t commit;
    uint64_t rank;
};

/* A segment's ledger record. Identity: (pack, offset). */
struct ledger_segment {
    uint64_t table_id;
    uint64_t pack;   /* number of the pack file */
    uint64_t offset; /* bytes in the pack */
    uint64_t length;
    uint64_t row_count;
    unsigned __int128 row_sum; /* chunk_row_sum over all rows */
    uint64_t footer_hash;      /* XXH3 of the footer */
    uint32_t schema_version;
    uint32_t level;      /* 0: written by a flush; a merge's output: highest input + 1 */
    int64_t time_min_us; /* event time of the rows; min > max: unknown */
    int64_t time_max_us;
    int64_t expires_at_us;  /* when TTL drops all its rows; INT64_MAX: never */
    uint32_t ttl_version;   /* whose TTL said so: schema_version, or a later one (set by the ledger) */
    struct slice partition; /* the partition value as text, "20261121"; "" without PARTITION BY; "*": mixed */
    /* set by the ledger */
    uint64_t commit;
    int64_t committed_at_us;
    struct ledger_deleted deleted; /* row_count 0: none */
    struct insertion_place place;  /* told by whoever adds the segment, as is: */
    struct slice codec;            /* TTL … RECOMPRESS: "ZSTD(17)"; empty: as the table's definition says */
};

/* Rows of a segment that queries see. */
static inline uint64_t ledger_segment_live_rows(const struct ledger_segment *segment)
{
    return segment->row_count - segment->deleted.row_count;
}

/* Of segments that one commit brings to a table, all in one pack, the bytes say which rows came first. */
static inline struct insertion_place ledger_segment_place(const struct ledger_segment *segment)
{
    bool own = segment->place.commit == 0 && segment->place.rank == 0;
    return (struct insertion_place){segment->place.commit == 0 ? segment->commit : segment->place.commit,
                                    own ? segment->offset : segment->place.rank};
}

/* Order of two segments of one table by when their rows were inserted. */
static inline int ledger_segment_order(const struct ledger_segment *a, const struct ledger_segment *b)
{
    struct insertion_place of_a = ledger_segment_place(a), of_b = ledger_segment_place(b);
    return of_a.commit != of_b.commit ? (of_a.commit > of_b.commit) - (of_a.commit < of_b.commit)
                                      : (of_a.rank > of_b.rank) - (of_a.rank < of_b.rank);
}

#define SEGMENT_CODEC_BYTES_MAX 1000U

struct segment_name {
    uint64_t pack;
    uint64_t offset;
};

/* A time partition, by its text as ledger_segment has it. */
struct table_partition {
    uint64_t table_id;
    struct slice partition;
};

/* Rows of a merge's input as a newer schema version has them (storage/evolve.h): what the merge conserves of it. Comes
 * before the removal, which must name the segment. */
struct segment_rewritten {
    uint64_t table_id;
    struct segment_name segment;
    uint32_t schema_version; /* newer than the segment's; that of all outputs */
    unsigned __int128 row_sum;
};

enum segment_removal {
    REMOVE_MERGE = 1, /* outputs are added in the same batch; rows are conserved */
    REMOVE_TTL = 2,
    REMOVE_TRUNCATE = 3,
    REMOVE_DROP = 4, /* the table or partition is dropped */
    REMOVE_REPLACE = 5,
    REMOVE_DELETED = 6, /* all their rows were deleted: removed rows and sum are what was left of them */
};

/* Segments of one table that leave together. */
struct segments_removed {
    uint64_t table_id;
    enum segment_removal reason;
    const struct segment_name *segments;
    uint32_t segment_count;
    /* REMOVE_MERGE: rows that the merge removed on purpose: sum(inputs) − removed = sum(outputs), where inputs are what
     * deletions left of them. REMOVE_DELETED: all of them, without outputs.
     * The outputs are the next output_count segments that the same batch adds to this table.
     * Other reasons: rows that left before they were in a segment (TRUNCATE empties heads, too): they stand in for the
     * rows that the batch's coverage counts as stored. No outputs, no sum. */
    uint64_t removed_row_count;
    unsigned __int128 removed_row_sum;
    uint32_t output_count;
};

/* All rows of a segment that are deleted from now on: those that were so before, and more. */
struct rows_deleted {
    uint64_t table_id;
    struct segment_name segment;
    struct ledger_deleted deleted;
};

/* UPDATE: as many rows as this commit deleted so far from the table (LEDGER_ROWS_DELETED, REMOVE_DELETED) come back
 * in the next output_count segments that it adds. */
struct rows_changed {
    uint64_t table_id;
    uint64_t row_count;
    unsigned __int128 old_sum;
    unsigned __int128 new_sum;
    uint32_t output_count;
};

/* TTL: as many rows as this commit deleted so far from the table leave it, and new_row_count, at most as many, come in
 * the next output_count segments that it adds: what stands for them (GROUP BY), or they themselves without values whose
 * time is over. */
struct rows_expired {
    uint64_t table_id;
    uint64_t row_count;
    unsigned __int128 old_sum;
    uint64_t new_row_count;
    unsigned __int128 new_sum;
    uint32_t output_count;
};

/* Rows that the table's next merge in this commit makes of others: sum(inputs) − removed + added = sum(outputs). */
struct merge_adds {
    uint64_t table_id;
    uint64_t row_count;
    unsigned __int128 row_sum;
};

/* A damaged segment leaves; its rows but the lost ones, and those that were deleted, are in the next output_count
 * segments that the same commit adds to the table. row_sum: theirs; that of the segment's live rows if nothing changed.
 */
struct segment_repaired {
    uint64_t table_id;
    struct segment_name segment;
    uint64_t lost_rows;
    uint32_t output_count; /* 0: all are lost */
    unsigned __int128 row_sum;
};

/* Rows come to a table with segments of another one (or copies of its own): they are in the next output_count segments
 * that the same batch adds to it, and are no new rows. */
struct segment_brought {
    struct segment_name name;
    bool rewritten; /* its rows' columns are not as they were: row_sum is what their row sum became */
    unsigned __int128 row_sum;
};
struct segments_brought {
    uint64_t table_id;                      /* where they come to */
    uint64_t from_table_id;                 /* may be the same, unless they leave */
    bool leave;                             /* else they stay there, too */
    const struct segment_brought *segments; /* ascending by name */
    uint32_t segment_count;
    uint32_t output_count;
};

/* A deduplication token: XXH3-128 of its text. */
struct ledger_token {
    uint64_t table_id;
    unsigned __int128 hash;
    int64_t used_at_us;
};

/* Segments of one table that are set aside, brought back, or dropped while they are set aside. They stay in the ledger
 * with their rows and sums; their packs stay. */
enum segment_move { MOVE_DETACH = 1, MOVE_ATTACH = 2, MOVE_DROP_DETACHED = 3 };

struct segments_moved {
    uint64_t table_id;
    enum segment_move move;
    const struct segment_name *segments;
    uint32_t segment_count;
};

/* When segments expire by the TTL of a schema version. */
struct ledger_expiry {
    uint64_t table_id;
    uint32_t ttl_version;
    const struct segment_name *segments;
    const int64_t *expires_at_us;
    uint32_t count;
};

/* Why rows of segments left their table, and others came that no coverage counts. Stored in files. */
enum removal_reason {
    REMOVAL_MERGE = 1, /* an engine made fewer rows of them, or their TTL was over */
    REMOVAL_TTL = 2,
    REMOVAL_TRUNCATE = 3,
    REMOVAL_DROP = 4, /* a partition, or what was detached */
    REMOVAL_REPLACE = 5,
    REMOVAL_DELETE = 6,
    REMOVAL_UPDATE = 7, /* as many came as left */
    REMOVAL_REPAIR = 8, /* of a damaged segment what was there, and what came in its place, if that is not the same */
    REMOVAL_MOVE = 9,   /* to another table, or from one */
    REMOVAL_COPY = 10,  /* came from another table, which has them too */
};
#define REMOVAL_REASONS 11U

/* One row of a table's history of removals. */
struct ledger_removal {
    uint64_t table_id;
    enum removal_reason reason;
    uint64_t removed_rows, added_rows;
    unsigned __int128 removed_sum, added_sum;
    uint32_t commit_count; /* 1 for a recent one; older ones are merged by reason */
    uint64_t commit;       /* the (last) commit's number, time, chain hash */
    int64_t committed_at_us;
    uint8_t hash[LEDGER_HASH_BYTES];
};
/* Of a table (0: of all), the oldest first; in the arena. */
struct err *ledger_removals(struct ledger *ledger, struct arena *arena, uint64_t table_id, struct ledger_removal **out,
                            uint32_t *count);

/* Why nothing may leave a table. */
struct ledger_hold {
    uint64_t table_id;
    struct slice reason; /* one hold per reason; not empty, at most HOLD_REASON_BYTES_MAX */
    int64_t placed_at_us;
};

#define HOLD_REASON_BYTES_MAX 1000U
#define HOLDS_MAX             1000U /* of one table */

/* One life of a topic begins in a table (ALTER SOURCE … ACCEPT NEW TOPIC). */
struct ledger_incarnation {
    uint64_t table_id;
    uint32_t stream_id;
    uint32_t incarnation; /* the last one + 1 */
};

/* A numeric start offset: the first coverage of this key begins here. */
struct ledger_start {
    struct coverage_key key;
    uint64_t source_id;
    int64_t offset;
};

/* Dead addresses that this commit stores or gives up: dead − count, stored (or filtered) + count. */
struct ledger_claim {
    struct coverage_key key;
    int64_t first;
    int64_t end;
    bool stored; /* false: filtered */
};

/* Where a restored table came from. */
#define LEDGER_BACKUP_ID_BYTES 16U
struct ledger_restored {
    uint64_t table_id;
    uint8_t backup_id[LEDGER_BACKUP_ID_BYTES];
    struct slice backup_name;
    uint8_t store_id[LEDGER_STORE_ID_BYTES]; /* of the backup's store */
    uint64_t table_id_there;
    uint64_t commit; /* the cut's: number, time, chain hash */
    int64_t time_us;
    uint8_t hash[LEDGER_HASH_BYTES];
    uint32_t segment_count; /* that the same commit adds, in all */
    uint64_t row_count;
    unsigned __int128 row_sum;
};

/* A segment that cannot be read any more; it stays, and is read by nobody. */
#define QUARANTINE_REASON_MAX 1000U
struct ledger_quarantine {
    uint64_t table_id;
    struct segment_name segment;
    int64_t at_us;
    struct slice reason; /* 1 to QUARANTINE_REASON_MAX bytes */
};

struct commit_info {
    uint64_t number; /* 1, 2, … */
    int64_t time_us; /* wall clock */
    uint8_t hash[LEDGER_HASH_BYTES];
};

/* ---- batches: one thread at a time; moved to nobody, freed by their owner */
struct ledger_batch *ledger_batch_create(void); /* NULL: memory is out */
void ledger_batch_destroy(struct ledger_batch *batch);
bool ledger_batch_is_empty(const struct ledger_batch *batch);
/* All copy what they are given. Errors: ERR_OOM; ERR_LOGICAL for a record that contradicts itself. */
struct err *ledger_batch_segment(struct ledger_batch *batch, const struct ledger_segment *segment);
struct err *ledger_batch_rewritten(struct ledger_batch *batch, const struct segment_rewritten *rewritten);
struct err *ledger_batch_remove(struct ledger_batch *batch, const struct segments_removed *removed);
struct err *ledger_batch_move(struct ledger_batch *batch, const struct segments_moved *moved);
struct err *ledger_batch_expiry(struct ledger_batch *batch, const struct ledger_expiry *expiry);
struct err *ledger_batch_hold(struct ledger_batch *batch, const struct ledger_hold *hold);
struct err *ledger_batch_release(struct ledger_batch *batch, uint64_t table_id, struct slice reason);
struct err *ledger_batch_deleted(struct ledger_batch *batch, const struct rows_deleted *deleted);
struct err *ledger_batch_changed(struct ledger_batch *batch, const struct rows_changed *changed);
struct err *ledger_batch_expired(struct ledger_batch *batch, const struct rows_expired *expired);
struct err *ledger_batch_merge_adds(struct ledger_batch *batch, const struct merge_adds *adds);
struct err *ledger_batch_coverage(struct ledger_batch *batch, const struct coverage_range *range);
struct err *ledger_batch_start(struct ledger_batch *batch, const struct ledger_start *start);
struct err *ledger_batch_claim(struct ledger_batch *batch, const struct ledger_claim *claim);
struct err *ledger_batch_incarnation(struct ledger_batch *batch, const struct ledger_incarnation *incarnation);
struct err *ledger_batch_token(struct ledger_batch *batch, const struct ledger_token *token);
/* Everything of the insert log below this sequence number is in segments (or gone with its table). */
struct err *ledger_batch_insert_log(struct ledger_batch *batch, uint64_t sequence);
/* A materialized view got no rows of this commit, and gets none of later ones. */
struct err *ledger_batch_view_stopped(struct ledger_batch *batch, uint64_t object_id, const char *reason);
/* REFRESH: the commit has the view's rows as they are for a moment of its schedule. */
struct view_refreshed {
    uint64_t object_id;
    int64_t slot_us;  /* wall clock: the moment */
    int64_t began_us; /* when its SELECT began */
    int64_t ended_us;
};
struct err *ledger_batch_view_refreshed(struct ledger_batch *batch, const struct view_refreshed *refreshed);
struct coverage_state_record; /* storage/ledger_record.h */
/* A restored table: the record, then its coverage; the same batch adds all of its segments. */
struct err *ledger_batch_restored(struct ledger_batch *batch, const struct ledger_restored *restored);
struct err *ledger_batch_restored_coverage(struct ledger_batch *batch, const struct coverage_state_record *coverage);
/* Where the table came from, texts in the arena; *found false: it was not restored. */
struct err *ledger_restored(struct ledger *ledger, struct arena *arena, uint64_t table_id, struct ledger_restored *out,
                            bool *found);
struct err *ledger_batch_quarantine(struct ledger_batch *batch, const struct ledger_quarantine *quarantine);
struct err *ledger_batch_quarantine_end(struct ledger_batch *batch, uint64_t table_id, struct segment_name segment);
struct err *ledger_batch_repaired(struct ledger_batch *batch, const struct segment_repaired *repaired);
struct err *ledger_batch_brought(struct ledger_batch *batch, const struct segments_brought *brought);
/* Why a segment is in quarantine: *reason on the heap, NULL: it is not. out: all but the reason. */
struct err *ledger_quarantine_of(struct ledger *ledger, struct segment_name segment, struct ledger_quarantine *out,
                                 char **reason);
/* (the catalogue's records: storage/catalogue.h makes and commits them) */

/*
 * Makes the batch durable. commit may be NULL. The batch is not changed: after an error that is not final
 * (ERR_NOT_ENOUGH_SPACE, ERR_IO on write) it may be committed again.
 * errors   ERR_LOGICAL: a check failed, the message says which numbers; nothing was written.
 *          ERR_TABLE_READ_ONLY: an earlier fsync failed; ERR_IO, ERR_NOT_ENOUGH_SPACE: the write failed
 * failpoints  ledger.append, ledger.sync, ledger.rotate, ledger.checkpoint (+ those of the file layer)
 */
struct err *ledger_commit(struct ledger *ledger, const struct ledger_batch *batch, struct commit_info *commit);

/* Gives the stream its number, committing a LEDGER_STREAM record when it is new. */
struct err *ledger_stream(struct ledger *ledger, struct slice identity, uint32_t *stream_id);

struct ledger_options {
    uint64_t file_bytes_max;  /* rotate (checkpoint, new file) after so many bytes beyond a checkpoint; 0: 32 MiB */
    uint64_t files_bytes_max; /* prune the oldest files beyond this; 0: never */
    bool must_exist;          /* an empty folder is an error: there are packs beside it */
    bool read_only;           /* for weir check: nothing is written, a torn tail is only reported */
    /* The disk is full, and a commit would free space (drops, TRUNCATE, TTL): true when there is more room now. May be
     * NULL. */
    bool (*make_room)(void *user);
    void *make_room_user;
};

/* folder: "…/ledger", created when missing. errors: ERR_CORRUPT, ERR_NEWER_VERSION, ERR_OPEN_FILE, ERR_IO */
struct err *ledger_open(struct io *io, const char *folder, const struct ledger_options *options, struct ledger **out);
/* Writes a LEDGER_CLOSE commit if anything was committed, and closes. Accepts NULL. */
struct err *ledger_close(struct ledger *ledger);

bool ledger_tail_was_cut(const struct ledger *ledger); /* at open: unacknowledged bytes were thrown away */
bool ledger_is_new(const struct ledger *ledger);       /* this open created it */
struct err *ledger_read_only(struct ledger *ledger);   /* why it takes no commits, a copy; NULL: it does */
void ledger_last_commit(struct ledger *ledger, struct commit_info *out);
/* Random, made with the first file: the same for the life of the data. */
void ledger_store_id(const struct ledger *ledger, uint8_t id[LEDGER_STORE_ID_BYTES]);
/* Number of records of the insert log that segments hold already (ledger_batch_insert_log). */
uint64_t ledger_insert_log_sequence(struct ledger *ledger);
/* Was this token used (last 10,000 of the table, or 7 days)? */
bool ledger_token_known(struct ledger *ledger, uint64_t table_id, unsigned __int128 hash);
/* The live segments of a table (0: of all), ordered by (table, pack, offset), partition text copied; in the arena. */
struct err *ledger_segments(struct ledger *ledger, struct arena *arena, uint64_t table_id, struct ledger_segment **out,
                            uint32_t *count);
/* Likewise those that are detached. */
struct err *ledger_detached(struct ledger *ledger, struct arena *arena, uint64_t table_id, struct ledger_segment **out,
                            uint32_t *count);
/* The holds of a table (0: of all), by (table, reason), copied; in the arena. */
struct err *ledger_holds(struct ledger *ledger, struct arena *arena, uint64_t table_id, struct ledger_hold **out,
                         uint32_t *count);
/* NULL, or ERR_TABLE_HELD naming the hold and how to release it. what: "DROP PARTITION" */
struct err *ledger_hold_check(struct ledger *ledger, uint64_t table_id, const char *what);
/* The highest pack number that any record ever named. */
uint64_t ledger_pack_max(struct ledger *ledger);
/* Is the pack named by a live or detached segment? */
bool ledger_pack_is_live(struct ledger *ledger, uint64_t pack);
uint32_t ledger_pack_count(struct ledger *ledger); /* packs with a live segment */
/* Starts a new file with a checkpoint now. */
struct err *ledger_checkpoint(struct ledger *ledger);

struct ledger_metrics {
    uint64_t commits;
    uint64_t syncs; /* commits ÷ syncs: how well the group commit groups */
    uint64_t records;
    uint64_t bytes;
    uint64_t segments_live;
    uint64_t rows_live;
    uint64_t file_number; /* newest */
};
void ledger_metrics(struct ledger *ledger, struct ledger_metrics *out);

/* What ledger_verify found. */
struct ledger_report {
    uint64_t file_first, file_last;
    uint64_t commit_first, commit_last;
    bool to_genesis; /* else to the checkpoint that begins file_first */
    uint64_t commits, records, bytes;
    uint64_t merges_checked;         /* row conservation computed again */
    uint64_t torn_bytes;             /* at the end of the last file: an unacknowledged tail */
    uint8_t hash[LEDGER_HASH_BYTES]; /* the chain's head */
    uint64_t commit_durable;         /* the last commit that no crash can take back, as the files themselves say */
    uint8_t store_id[LEDGER_STORE_ID_BYTES];
};
/* A place in the chain: the commit is given, the rest is found. */
struct ledger_mark {
    uint64_t commit;
    bool found;
    int64_t time_us; /* of the commit; 0: its file was pruned, but not its hash */
    uint8_t hash[LEDGER_HASH_BYTES];
};
/* Reads every file of the folder from the oldest: checksums, chain, file links, the checks of ledger_commit, and that
 * each checkpoint equals the state that the commits before it build. Works beside an open ledger on what is durable. */
struct err *ledger_verify(struct io *io, const char *folder, struct ledger_report *out);
/* The same; finds the mark on the way. */
struct err *ledger_verify_mark(struct io *io, const char *folder, struct ledger_mark *mark, struct ledger_report *out);

#endif
