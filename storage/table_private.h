/*
 * table_private.h: a table's insides, for the files of storage/ that change them.
 *
 * locks    tables->commits (shared: a draft or merge between its epoch check and its swap; exclusive: TRUNCATE, DROP),
 *          then table->lock (the version pointer and the fields beside it; held for moments)
 * version  immutable once published; table_change makes the next one
 */
#ifndef STORAGE_TABLE_PRIVATE_H
#define STORAGE_TABLE_PRIVATE_H

#include "base/lock.h"
#include "storage/builder.h"
#include "storage/head.h"
#include "storage/ledger.h"
#include "storage/store.h"
#include "storage/table.h"
#include "storage/table_functions.h"

#include <stdatomic.h>

struct insert_log;
struct insert_queue;
struct view_set;
struct view_functions;
struct dead_letters;
struct merge;
struct segment;
struct block_cache;

/* Segments that have a reader, in a ring; the hand goes around and closes those that nobody has used since (clock). */
struct readers {
    struct lock lock;
    struct table_segment *hand;
    uint64_t count;
};

/* What all tables of one store share. Lives as long as one of them, or the parts that opened it. */
struct tables {
    struct tables *next;
    struct store *store;
    uint32_t references; /* under the list's mutex */
    struct shared_lock commits;
    struct lock lock;         /* the fields below; taken alone */
    struct condition changed; /* a drop ended */
    struct merge *merges;
    uint32_t delay_from; /* segments of a partition; 0: no commit waits for merges (storage/pressure.h) */
    uint32_t throw_from;
    struct readers readers;
    struct insert_log *insert_log;
    struct insert_queue *insert_queue;
    struct dead_letters *dead_letters;
    struct block_cache *cache;
    struct lock views; /* the set of feeds; versions of tables that feed each other change together (storage/views.h) */
    struct view_set *view_set; /* NULL: there are none */
    const struct view_functions *view_functions;
};

/* A segment has a reader now. */
void readers_add(struct tables *tables, struct table_segment *segment);
/* Closes some while all take more than their part of the cache's bound; looks at so many. */
#define READERS_STEPS 64U /* for one that was asked for */
void readers_make_room(struct tables *tables, uint64_t steps);
/* It leaves, with its reader. */
void readers_remove(struct tables *tables, struct table_segment *segment);

/* The tables of a store, made when there are none yet; a reference. NULL: memory is out. */
struct tables *tables_of(struct store *store);
void tables_unref(struct tables *tables);

struct row_set;

/* Why a segment is in quarantine (storage/quarantine.h). Kept as long as the segment: readers look at it without a
 * lock.
 */
struct segment_damage {
    int64_t at_us;
    _Atomic bool over; /* it is whole again */
    char reason[];
};
struct segment_damage *segment_damage_new(struct slice reason, int64_t at_us); /* NULL: memory is out */

/* A live segment with what was deleted from it so far: its ledger record and, once somebody read it, its reader. When
 * more is deleted another table_segment takes its place, which shares the reader. */
struct table_segment {
    _Atomic uint32_t references;
    struct tables *tables;         /* borrowed: who holds the segment holds its table */
    struct ledger_segment info;    /* its texts are in the same allocation; expiry as it was at first: */
    _Atomic int64_t expires_at_us; /* by the TTL of ttl_version, which is stored after it */
    _Atomic uint32_t ttl_version;
    struct table_segment *base; /* whose reader it has; NULL: its own */
    bool leaving;               /* within table_change_apply, of the base; under the table's lock */
    struct lock opening;
    struct segment *reader;                        /* under opening; NULL: not open */
    struct table_segment *ring_next, *ring_before; /* while it has a reader: table_readers.c; under readers->lock */
    atomic_bool used;                              /* since the hand came by */
    struct row_set *_Atomic deleted;               /* read at first use */
    struct arena *deleted_arena;
    struct segment_damage *_Atomic damage; /* the base's, owned; NULL: nobody found any */
    _Atomic bool merging;                  /* an input of a merge in progress */
};

/* Tells who asked (tables_on_rows_gone). */
void tables_rows_gone(uint64_t high, uint64_t low);
struct table_segment *table_segment_create(struct tables *tables, const struct ledger_segment *info);
/* Why nobody reads it; NULL: it is read. */
static inline const struct segment_damage *table_segment_damage(const struct table_segment *segment)
{
    const struct table_segment *base = segment->base == NULL ? segment : segment->base;
    const struct segment_damage *damage = atomic_load_explicit(&base->damage, memory_order_acquire);
    return damage == NULL || atomic_load_explicit(&damage->over, memory_order_relaxed) ? NULL : damage;
}
struct table_segment *table_segment_ref(struct table_segment *segment);
void table_segment_unref(struct table_segment *segment); /* accepts NULL */
/* The same segment after more of its rows were deleted. NULL: memory is out. */
struct table_segment *table_segment_deleted_from(struct table_segment *segment, const struct ledger_deleted *deleted);
/* The reader, opened if it is not; a reference: segment_unref. What is read with it may need it (storage/segment.h). */
struct err *table_segment_open(struct table_segment *segment, struct segment **out);
/* Is it open now? */
bool table_segment_is_open(struct table_segment *segment);
/* Its deleted rows, read at first use; *out NULL: none are. Borrowed. */
struct err *table_segment_deleted(struct table_segment *segment, const struct row_set **out);
/* The same, when they were read already. */
const struct row_set *table_segment_deleted_read(const struct table_segment *segment);

/* How much of a head is meant: whole chunks << 32 | rows of the next one. */
typedef uint64_t head_mark;

/* Rows of one writer that are in no segment yet. */
struct head {
    _Atomic uint32_t references;
    struct table_def *def;
    uint64_t number;                           /* of the server's life: stable unit numbers */
    _Atomic uint64_t visible;                  /* a head_mark; released in head_publish, acquired in snapshot_take */
    struct row_chunk *chunks[HEAD_CHUNKS_MAX]; /* the first visible ones are final */
    uint32_t chunk_count;                      /* the writer's, until sealed */
};

struct head *head_create(const struct table_def *def);
struct head *head_ref(struct head *head);
void head_unref(struct head *head);
/* Publishes and takes the writer's head, a reference; *out NULL: no rows. */
struct err *head_seal(struct head_writer *writer, struct head **out);
/* Rows of chunk `index` below a mark. */
uint32_t head_mark_rows(const struct head *head, head_mark mark, uint32_t index);
uint32_t head_mark_chunks(head_mark mark);
uint64_t head_rows_between(const struct head *head, head_mark from, head_mark to);

struct version_head {
    struct head *head;
    head_mark skip; /* rows below were truncated */
};

struct table_version {
    _Atomic uint32_t references;
    struct table_def *def;
    struct table_segment **segments;
    uint32_t segment_count;
    struct version_head *heads; /* oldest first */
    uint32_t head_count;
};

/* The expressions of one schema version. */
struct compiled {
    struct compiled *next;
    uint32_t schema_version;
    struct table_program *program; /* NULL: none needs one */
};

/* For how long a table has been crowded; all zero at first. */
struct crowd {
    uint64_t seen_us;
    uint64_t debt_us;  /* grows while it is, falls more slowly while it is not */
    uint64_t gap_us;   /* the longest time between two looks; long ago ones count less */
    uint32_t segments; /* of its fullest partition, when it was last looked at */
    bool crowded;
};
struct table {
    _Atomic uint32_t references;
    struct store *store;
    struct tables *tables;
    uint64_t id;
    struct lock lock;
    struct table_def *def;
    struct compiled *_Atomic compiled; /* only grows while the table lives */
    struct table_version *version;
    struct table_tail *tails;      /* who follows its rows (storage/tail.h) */
    _Atomic uint64_t changes;      /* table_changes */
    _Atomic uint64_t seals_wanted; /* how often somebody wanted what is in heads to be committed */
    uint64_t *detached_packs;      /* while it is being dropped: those of its detached segments */
    uint32_t detached_pack_count;
    uint64_t epoch;        /* counts TRUNCATE: what was encoded before is void. Under tables->commits */
    _Atomic bool dropping; /* changed under tables->commits */
    _Atomic bool dropped;
    bool mutating;      /* no merge begins. Under tables->lock, as is */
    uint64_t mutations; /* how many ended */
    struct crowd crowd; /* under tables->lock, too */
};

struct table_version *table_version_take(struct table *table); /* a reference */
/* Who rewrites committed rows of the table, one at a time: merges of it that run end first, none begins before the turn
 * is given. Ends with the thread's interrupt. */
struct err *table_turn_take(struct table *table);
void table_turn_give(struct table *table);
void table_version_unref(struct table_version *version);

/* One step from version to version. All may be NULL, 0. */
struct table_change {
    struct table_segment **add;
    uint32_t add_count;
    struct table_segment **remove;
    uint32_t remove_count;
    struct head *head_add;
    struct head **heads_remove;
    uint32_t head_remove_count;
    bool truncate; /* all segments leave, all heads skip what is visible */
    bool merges;   /* those that are added have the rows of those that leave, as far as they are kept */
};
/* Makes and publishes the next version. It cannot fail: what is durable must become visible. */
void table_change_apply(struct table *table, const struct table_change *change);

/* Rows came, went or became others; after they did. */
void table_changed(struct table *table);

/* A pack that has no segment any more is retired; the cache forgets it. After the ledger's commit. */
void tables_pack_gone(struct tables *tables, uint64_t pack);
/* Clears those of a byte per segment whose expiry is of another TTL than the version's. */
void table_expiry_current(struct table *table, const struct table_version *version, bool *out);
/* Packs that have no live segment any more are retired. Call after the ledger commit and the swap. */
void table_retire_packs(struct store *store, struct table_segment *const *segments, uint32_t count);

/* The column that a key's text names, quoted or not; -1: it is an expression. */
int table_plain_column(const struct table_def *def, const char *text);
/* Columns of a definition with the hidden ones. */
uint32_t table_column_count(const struct table_def *def);
const struct type *table_column_type(const struct table_def *def, uint32_t index);
uint32_t table_column_id(const struct table_def *def, uint32_t index);

struct segment_schema;
/* How segments of this definition are laid out; in the arena. */
struct err *table_segment_schema(struct arena *arena, const struct table *table, const struct table_def *def,
                                 struct segment_schema *out);

/* Are both arrays of one Nested? */
bool table_same_nested(const struct column_def *a, const struct column_def *b);
/* Arrays of defaults, as long in each row as those of the model. NULL: memory is out. */
struct column *table_arrays_like(struct arena *arena, const struct type *type, const struct column *model);

/* The program of a definition's version; NULL: no expressions that need one. Lives as long as the table. */
struct table_program *table_program_of(const struct table *table, const struct table_def *def);
/* Compiles it, of a version that is older than this start. One definition of a table at a time. */
struct err *table_program_need(struct table *table, const struct table_def *def);

/* Sort key, PARTITION BY or TTL over a chunk of all the table's columns (hidden ones allowed behind them). */
struct err *table_evaluate(const struct table_def *def, struct table_program *program, struct arena *arena,
                           enum table_expression what, uint32_t index, const struct chunk *chunk, struct column **out);
struct err *table_partition_text(const struct table_def *def, struct table_program *program, struct arena *arena,
                                 const struct column *column, uint32_t row, struct slice *out);

#endif
