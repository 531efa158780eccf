/*
 * ledger_state.h: what the ledger's records say, in memory: tables, sources, segments, coverage, tokens.
 *
 * A record enters in two steps, in the writer and at replay alike:
 *   stage     checked against everything that was staged before it; entries that it makes are not visible yet
 *   publish   after the fsync: becomes visible
 * A commit that does not become durable is undone from its stage, newest first. Readers see published state only.
 * owner    struct ledger; all under its lock. The functions here take no lock.
 * errors   stage: ERR_LOGICAL, a check failed (at replay: the ledger contradicts itself); ERR_CORRUPT, not decodable;
 *          ERR_NEWER_VERSION, unknown record type. publish: ERR_OOM only.
 */
#ifndef STORAGE_LEDGER_STATE_H
#define STORAGE_LEDGER_STATE_H

#include "base/interval_set.h"
#include "storage/ledger_map.h"
#include "storage/ledger_record.h"

/* Tokens kept per table, and for how long. */
#define TOKEN_COUNT_MAX 10000U
#define TOKEN_AGE_US    ((int64_t)7 * 24 * 3600 * 1000000)

struct token_entry {
    unsigned __int128 hash;
    int64_t used_at_us;
};

struct hold_entry {
    struct slice reason; /* owned */
    int64_t placed_at_us;
    bool visible;
    bool leaving; /* a release is staged */
};

struct table_entry {
    uint64_t id;
    bool visible;
    bool dropping;               /* a drop is staged */
    struct table_def **versions; /* schema version v at [v − 1]; a reference each */
    uint32_t version_count;
    uint32_t version_staged;    /* ≥ version_count */
    struct token_entry *tokens; /* ring, oldest at token_first */
    uint32_t token_first, token_count;
    struct hold_entry **holds; /* by reason; staged ones too */
    uint32_t hold_count, hold_capacity;
    struct ledger_removal *removals; /* REMOVALS_MAX of room; NULL: none */
    uint32_t removal_count;
    struct ledger_restored *restored; /* owned, with its name behind it; NULL: it was created here */
};

struct segment_entry {
    struct ledger_segment segment; /* partition: the bytes behind this struct */
    bool visible;
    bool leaving;   /* a removal, or a move, is staged */
    bool detached;  /* set aside: in the ledger, but not live */
    bool rewritten; /* a record that it was rewritten is staged */
    bool deleting;  /* more deleted rows are staged */
    char *damage;   /* why it is in quarantine, owned; NULL: it is not */
    int64_t damaged_at_us;
    char *codec; /* the segment's, owned; or NULL */
    char partition[];
};

struct coverage_entry {
    struct coverage_position position; /* published */
    int64_t end_staged;                /* ≥ position.end */
    uint64_t source_id;
    bool visible;
    struct interval_set dead;    /* published, not claimed */
    struct interval_set claimed; /* staged claims: within dead */
    struct coverage_row *rows;
    uint32_t row_count, row_capacity;
};

struct source_entry {
    struct source_def *def;
};

/* Bytes of the reason why a view stopped. */
#define OBJECT_STOPPED_BYTES_MAX 1000U
/* A copy that is stopped; NULL: memory is out. */
struct object_def *object_def_stopped(const struct object_def *def, int64_t at_us, struct slice reason);
/* One that was refreshed. */
struct object_def *object_def_refreshed(const struct object_def *def, const struct view_refreshed *refreshed);

struct object_entry {
    struct object_def *def;
};

struct access_entry; /* ledger_access.c */

struct stream_entry {
    uint32_t id;
    struct slice identity; /* owned */
};

struct incarnation_entry {
    uint64_t table_id;
    uint32_t stream_id;
    uint32_t incarnation;
};

struct pack_entry {
    uint64_t pack;
    uint64_t live; /* visible segments */
};

struct ledger_state {
    char **databases; /* sorted */
    uint32_t database_count, database_capacity;
    struct map tables, segments, packs, coverage, sources, objects, tokens;
    struct stream_entry *streams;
    uint32_t stream_count, stream_capacity;
    uint32_t stream_staged;                 /* ≥ stream_count */
    struct incarnation_entry *incarnations; /* sorted by (table, stream) */
    uint32_t incarnation_count, incarnation_capacity;
    struct access_entry **access; /* users, roles, quotas, profiles by (kind, name) */
    uint32_t access_count, access_capacity;
    uint64_t table_id_next; /* 1 + the highest ever, of tables and objects */
    uint64_t source_id_next;
    uint64_t pack_max;           /* staged ones too: a number is never used twice */
    uint64_t pack_max_published; /* as a checkpoint says */
    uint64_t insert_log_sequence;
    uint64_t insert_log_staged; /* ≥ insert_log_sequence */
    uint64_t rows_live;
    uint64_t segments_detached;
    uint64_t segments_damaged;
    uint32_t coverage_visible; /* visible coverage entries */
    uint64_t merges_checked;
    struct pruned_record pruned;
    struct commit_info last; /* published */
};

enum undo_kind {
    UNDO_TABLE_NEW,
    UNDO_TABLE_VERSION,
    UNDO_TABLE_DROPPING,
    UNDO_SEGMENT_NEW,
    UNDO_SEGMENT_LEAVING,
    UNDO_HOLD_NEW,
    UNDO_HOLD_LEAVING,
    UNDO_SEGMENT_REWRITTEN,
    UNDO_SEGMENT_DELETING,
    UNDO_COVERAGE_NEW,
    UNDO_COVERAGE_END,
    UNDO_CLAIM,
    UNDO_STREAM,
    UNDO_INSERT_LOG,
};

struct undo {
    enum undo_kind kind;
    void *entry;
    int64_t first, end;
};

/* Rows that one commit stores and claims to store, per table. */
struct stage_tally {
    uint64_t table_id;
    uint64_t rows_claimed; /* coverage: stored; claims: stored */
    uint64_t rows_added;   /* segments that are no merge's output */
    unsigned __int128 sum_added;
    uint32_t segments_added;
    bool restored; /* these must be what was added, exactly: */
    struct ledger_restored expected;
    uint32_t outputs_left; /* of the merge that is open */
    uint64_t merge_rows;   /* still to come out of it */
    unsigned __int128 merge_sum;
    uint32_t rewritten;              /* segments that the next merge must remove */
    unsigned __int128 rewritten_sum; /* what their sums become more */
    uint32_t rewritten_version;      /* of the outputs; 0: any */
    uint64_t added_rows;             /* by the next merge, as a record before it says */
    unsigned __int128 added_sum;
    uint64_t deleted_rows; /* by this commit, so far */
    unsigned __int128 deleted_sum;
};

/* One commit on its way. Zero to begin with. */
struct stage {
    bool checkpoint; /* records carry their own commit numbers; nothing is counted against rows */
    uint32_t record_count;
    struct undo *undos;
    uint32_t undo_count, undo_capacity;
    struct stage_tally *tallies;
    uint32_t tally_count, tally_capacity;
    struct arena *arena; /* for decoding; reset after each record */
};

void ledger_state_init(struct ledger_state *state);
void ledger_state_deinit(struct ledger_state *state);

struct err *ledger_state_stage(struct ledger_state *state, struct stage *stage, uint32_t type, struct slice payload);
/* After the last record of a commit: merges are complete, stored rows are there. */
struct err *ledger_state_stage_end(struct ledger_state *state, struct stage *stage);
void ledger_state_undo(struct ledger_state *state, struct stage *stage);
void stage_deinit(struct stage *stage);
struct err *ledger_state_publish(struct ledger_state *state, struct arena *arena, uint32_t type, struct slice payload,
                                 bool checkpoint, const struct commit_info *commit);
/* The commit is complete. */
void ledger_state_published(struct ledger_state *state, const struct commit_info *commit);

/* All records that rebuild the published state, in an order that depends on the state alone. */
struct err *ledger_state_encode(struct ledger_state *state, struct record_out *out);
/* As if there were only those segments of which keep says so; NULL: all. */
struct err *ledger_state_encode_some(struct ledger_state *state,
                                     bool (*keep)(const void *user, const struct segment_entry *entry),
                                     const void *user, struct record_out *out);

/* ---- for the parts: ledger_state.c, ledger_tables.c, ledger_sources.c, ledger_objects.c, ledger_access.c, ledger_segments.c,
 * ledger_deleted.c, coverage.c */
bool stage_undo_push(struct stage *stage, enum undo_kind kind, void *entry, int64_t first, int64_t end);
struct stage_tally *stage_tally(struct stage *stage, uint64_t table_id);        /* NULL: memory is out */
struct table_entry *state_table(const struct ledger_state *state, uint64_t id); /* staged ones too; NULL */
/* ERR_LOGICAL unless the table exists and is not being dropped. */
struct err *state_table_check(const struct ledger_state *state, uint64_t id, struct table_entry **out);
/* Makes room for one more item in an array. False: memory is out. */
bool array_grow(void **items, uint32_t *capacity, uint32_t count, size_t item_bytes);

void table_entry_free(struct table_entry *entry);
struct err *tables_stage(struct ledger_state *state, struct stage *stage, struct slice payload);
struct err *tables_publish(struct ledger_state *state, struct slice payload);
struct err *tables_stage_drop(struct ledger_state *state, struct stage *stage, struct slice payload);
void tables_publish_drop(struct ledger_state *state, struct slice payload);
struct err *databases_stage(struct ledger_state *state, uint32_t type, struct slice payload);
struct err *databases_publish(struct ledger_state *state, uint32_t type, struct slice payload);
struct err *sources_stage(struct ledger_state *state, struct slice payload);
struct err *sources_publish(struct ledger_state *state, struct slice payload);
struct err *sources_drop(struct ledger_state *state, struct slice payload, bool publish);
struct err *objects_stage(struct ledger_state *state, struct slice payload);
struct err *objects_publish(struct ledger_state *state, struct slice payload);
struct err *objects_drop(struct ledger_state *state, struct slice payload, bool publish);
struct err *objects_stop(struct ledger_state *state, struct slice payload, bool publish);
struct err *objects_refresh(struct ledger_state *state, struct slice payload, bool publish);
struct err *access_stage(struct ledger_state *state, struct slice payload);
struct err *access_publish(struct ledger_state *state, struct slice payload);
void access_encode(const struct ledger_state *state, struct record_out *out);
void access_deinit(struct ledger_state *state);
struct err *streams_stage(struct ledger_state *state, struct stage *stage, struct slice payload);
struct err *streams_publish(struct ledger_state *state, struct slice payload);
struct err *incarnations_stage(struct ledger_state *state, struct stage *stage, struct slice payload);
struct err *incarnations_publish(struct ledger_state *state, struct slice payload);
struct err *tokens_publish(struct ledger_state *state, struct slice payload);
struct err *tokens_stage(struct ledger_state *state, struct slice payload);

/* ledger_quarantine.c */
struct err *quarantine_stage(struct ledger_state *state, const struct stage *stage, uint32_t type,
                             struct slice payload);
struct err *quarantine_publish(struct ledger_state *state, uint32_t type, struct slice payload);
void quarantine_encode(struct record_out *out, const struct segment_entry *entry);

/* ledger_place.c; encode: nothing for a segment whose place is its commit's */
void place_encode(struct record_out *out, const struct ledger_segment *segment);
struct err *place_stage(struct ledger_state *state, struct slice payload);
void place_publish(struct ledger_state *state, struct slice payload);

/* ledger_codec.c; encode: nothing for a segment that has none */
void segment_codec_encode(struct record_out *out, const struct ledger_segment *segment);
struct err *segment_codec_stage(struct ledger_state *state, struct slice payload);
struct err *segment_codec_publish(struct ledger_state *state, struct slice payload);

/* ledger_removals.c: rows that left tables */
#define REMOVALS_MAX 256U
struct err *removals_note(struct ledger_state *state, const struct ledger_removal *removal,
                          const struct commit_info *commit);
/* The same of rows that the commit deleted so far: they left for this reason, removal->added_rows came instead. */
struct err *removals_become(struct ledger_state *state, const struct ledger_removal *removal,
                            const struct commit_info *commit);
void removals_forget(struct ledger_state *state); /* an older version's checkpoint does not have them */
void removals_encode(struct record_out *out, const struct table_entry *table);
struct err *removals_stage(struct ledger_state *state, const struct stage *stage, struct slice payload);
struct err *removals_publish(struct ledger_state *state, struct slice payload);

/* ledger_repaired.c */
struct err *repaired_stage(struct ledger_state *state, struct stage *stage, struct slice payload);
struct err *repaired_publish(struct ledger_state *state, struct slice payload, const struct commit_info *commit);

/* ledger_brought.c */
struct err *brought_stage(struct ledger_state *state, struct stage *stage, struct slice payload);
struct err *brought_publish(struct ledger_state *state, struct arena *arena, struct slice payload,
                            const struct commit_info *commit);

/* ledger_restored.c */
struct err *restored_stage(struct ledger_state *state, struct stage *stage, struct slice payload);
struct err *restored_publish(struct ledger_state *state, struct slice payload);
struct err *restored_check(const struct stage_tally *tally); /* at the commit's end */

struct err *segments_stage_add(struct ledger_state *state, struct stage *stage, struct slice payload);
struct err *segments_stage_rewritten(struct ledger_state *state, struct stage *stage, struct slice payload);
struct err *segments_stage_remove(struct ledger_state *state, struct stage *stage, struct slice payload);
struct err *segments_publish_add(struct ledger_state *state, struct slice payload, bool checkpoint,
                                 const struct commit_info *commit);
struct err *segments_publish_remove(struct ledger_state *state, struct arena *arena, struct slice payload,
                                    const struct commit_info *commit);
/* The segment is of this table, detached or live as is said, and no other commit moves it; now this one does. */
struct err *segment_stage_leave(struct ledger_state *state, struct stage *stage, uint64_t table_id,
                                const struct segment_name *name, bool detached, struct segment_entry **out);
struct err *segments_stage_move(struct ledger_state *state, struct stage *stage, struct slice payload);
struct err *segments_publish_move(struct ledger_state *state, struct arena *arena, struct slice payload,
                                  const struct commit_info *commit);
struct err *expiry_stage(struct ledger_state *state, struct stage *stage, struct slice payload);
struct err *expiry_publish(struct ledger_state *state, struct arena *arena, struct slice payload);
struct err *holds_stage(struct ledger_state *state, struct stage *stage, struct slice payload);
struct err *holds_publish(struct ledger_state *state, struct slice payload);
struct err *holds_stage_release(struct ledger_state *state, struct stage *stage, struct slice payload);
struct err *holds_publish_release(struct ledger_state *state, struct slice payload);
void holds_undo_new(struct ledger_state *state, uint64_t table_id, const struct hold_entry *hold);
void holds_free(struct table_entry *table);
/* ERR_TABLE_HELD if something holds the table, staged ones included. */
struct err *holds_check(const struct table_entry *table, const char *what);
void segment_pack_release(struct ledger_state *state, uint64_t pack);
struct err *segment_pack_take(struct ledger_state *state, uint64_t pack);
struct err *deleted_stage(struct ledger_state *state, struct stage *stage, struct slice payload);
struct err *deleted_publish(struct ledger_state *state, struct slice payload, bool checkpoint,
                            const struct commit_info *commit);
struct err *changed_publish(struct ledger_state *state, struct slice payload, const struct commit_info *commit);
struct err *expired_publish(struct ledger_state *state, struct slice payload, const struct commit_info *commit);
struct err *merge_adds_publish(struct ledger_state *state, struct slice payload, const struct commit_info *commit);
struct err *changed_stage(struct ledger_state *state, struct stage *stage, struct slice payload);
struct err *expired_stage(struct ledger_state *state, struct stage *stage, struct slice payload);
struct err *merge_adds_stage(struct ledger_state *state, struct stage *stage, struct slice payload);
void segments_drop_table(struct ledger_state *state, uint64_t table_id);
void segment_entry_remove(struct ledger_state *state, struct segment_entry *entry); /* out of the map, freed */

struct coverage_entry *state_coverage(const struct ledger_state *state, const struct coverage_key *key);
struct err *coverage_stage_start(struct ledger_state *state, struct stage *stage, struct slice payload);
struct err *coverage_stage_range(struct ledger_state *state, struct stage *stage, struct slice payload);
struct err *coverage_stage_claim(struct ledger_state *state, struct stage *stage, struct slice payload);
struct err *coverage_stage_state(struct ledger_state *state, struct stage *stage, struct slice payload);
struct err *coverage_stage_rows(struct ledger_state *state, struct stage *stage, struct slice payload);
struct err *coverage_publish_start(struct ledger_state *state, struct slice payload);
struct err *coverage_publish_range(struct ledger_state *state, struct arena *arena, struct slice payload,
                                   const struct commit_info *commit);
struct err *coverage_publish_claim(struct ledger_state *state, struct slice payload);
struct err *coverage_publish_state(struct ledger_state *state, struct arena *arena, struct slice payload);
struct err *coverage_stage_restored(struct ledger_state *state, struct stage *stage, struct slice payload);
struct err *coverage_publish_restored(struct ledger_state *state, struct arena *arena, struct slice payload,
                                      const struct commit_info *commit);
struct err *coverage_publish_rows(struct ledger_state *state, struct arena *arena, struct slice payload);
void coverage_drop_table(struct ledger_state *state, uint64_t table_id);
void coverage_entry_remove(struct ledger_state *state, struct coverage_entry *entry);
void coverage_entry_free(struct coverage_entry *entry);
void coverage_undo_claim(struct coverage_entry *entry, int64_t first, int64_t end);
int coverage_key_compare(const struct coverage_key *a, const struct coverage_key *b);

#endif
