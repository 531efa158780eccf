/*
 * repair_private.h: a repair, for repair.c (rows, commit) and repair_find.c (which messages).
 */
#ifndef STORAGE_REPAIR_PRIVATE_H
#define STORAGE_REPAIR_PRIVATE_H

#include "storage/repair.h"
#include "storage/row_pack.h"
#include "storage/row_set.h"
#include "storage/table_private.h"

/* Of more runs of messages only the bounds are told. */
#define REPAIR_ENTRIES_MAX 10000U

enum granule_state {
    GRANULE_WHOLE,
    GRANULE_ADDRESSED, /* its rows are gone, their messages are known */
    GRANULE_UNKNOWN,
};

struct address {
    uint64_t stream;
    int64_t offset;
    int32_t partition;
};

/* A message of which rows are missing. */
struct wanted {
    struct address address;
    uint32_t rows;    /* of granules that are damaged */
    uint32_t deleted; /* of these */
    uint32_t got;     /* rows that came again */
    bool elsewhere;   /* some rows of it are in granules that are whole */
    bool told;        /* that it is missing, and why */
    bool late_differs;
    uint64_t late_us;    /* of its rows: repair_lateness.c */
    int64_t complete_us; /* through which the table was complete when it came, if one of its rows was late; INT64_MIN */
};

/* A row of such a message that need not come again. */
struct elsewhere {
    uint32_t wanted;
    bool met;
    unsigned __int128 hash;
};

struct repair {
    struct table *table;
    struct arena *arena;
    struct table_segment *segment; /* a reference; of the version */
    struct table_version *version;
    struct table_def *def;  /* of the segment's schema version; a reference */
    struct segment *reader; /* NULL: not even its footer can be read */
    const struct row_set *deleted;
    const char *hopeless; /* why nothing can be repaired; NULL */
    uint8_t *granules;    /* enum granule_state */
    uint32_t granule_count;
    struct wanted *wanted; /* by address */
    uint32_t wanted_count, wanted_capacity;
    struct elsewhere *elsewhere; /* by wanted */
    uint32_t elsewhere_count, elsewhere_capacity;
    uint64_t kept;            /* rows of whole granules that were not deleted */
    uint64_t unknown;         /* rows of granules whose messages are unknown */
    uint64_t unknown_deleted; /* of these */
    uint64_t unknown_got;
    bool without_unknown;
    bool inserts_asked;          /* some candidates are INSERTs of the log */
    bool unknown_exact;          /* the ranges hold no message but theirs */
    struct repair_range *ranges; /* all; */
    uint32_t range_count;
    struct repair_range *candidates; /* those in question for unknown rows */
    uint32_t candidate_count;
    struct repair_entry *entries;
    uint32_t entry_count, entry_capacity;
    struct row_pack pack;
};

int address_compare(const struct address *a, const struct address *b);
/* ---- repair_find.c */
/* Which granules are whole, and of the others which messages; then the ranges. */
struct err *repair_find(struct repair *repair);
/* All columns of a granule, hidden ones behind, or the hidden ones alone. */
struct err *repair_granule(const struct repair *repair, struct arena *arena, uint32_t granule, struct chunk **out);
/* One column of it; ERR_CORRUPT. */
struct err *repair_read_id(struct segment *segment, struct arena *arena, uint32_t granule, uint32_t id,
                           struct column **out);
/* Does the error say that bytes cannot be had, not that there is no memory or that nobody waits any more? */
bool repair_unreadable(const struct err *err);

struct addresses {
    const struct column *stream, *partition, *offset;
};
static inline struct address address_of(const struct addresses *addresses, uint32_t row)
{
    return (struct address){*(const uint64_t *)column_value(addresses->stream, row),
                            *(const int64_t *)column_value(addresses->offset, row),
                            *(const int32_t *)column_value(addresses->partition, row)};
}
/* The message's entry; NULL: it is none that is known to be wanted. */
struct wanted *repair_wanted(const struct repair *repair, const struct address *address);
/* ---- repair_lateness.c: how late rows came is in no message */
struct granule_lateness {
    const struct column *late, *time; /* NULL: there is no such column, or it cannot be read */
};
/* Of a granule that is whole, or of which the blocks of these columns are. */
struct err *repair_lateness_read(const struct repair *repair, struct arena *arena, uint32_t granule,
                                 struct granule_lateness *out);
void repair_lateness_note(const struct granule_lateness *lateness, uint32_t row, struct wanted *wanted);
/* What is known of other rows of the same message. */
void repair_lateness_join(struct wanted *wanted, const struct wanted *other);
/* Rows that were decoded of messages that are wanted get what is known of them; in the arena. */
struct err *repair_lateness_give(const struct repair *repair, struct arena *arena, const struct chunk **rows);

/* May rows of which nothing says their messages be of this one? */
bool repair_is_candidate(const struct repair *repair, const struct address *address);
/* ---- repair_inserts.c: sequences of the table's INSERTs that the log still has, ascending */
struct err *repair_inserts_find(struct repair *repair, struct arena *arena, int64_t **sequences, uint32_t *count);

#endif
