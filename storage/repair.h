/*
 * repair.h: a damaged segment's rows again: those that it still gives, and those that Kafka still has.
 *
 *   begin    one segment of a table in quarantine. Granules that can be read whole keep their rows. Of the others the
 *            hidden columns say which messages they held, if they can be read; if not, these are messages that the
 *            ledger's coverage counts and no other segment holds (repair_find.c)
 *   ranges   what is to be read from Kafka
 *            rows that came by INSERT are read from the insert log, as long as it has them
 *   take     rows that were decoded of it, as the segment's schema version has them: those that are the segment's go
 *            into new ones
 *   finish   proof: as many rows as are missing, and the segment's row sum. Then one ledger commit in which the new
 *            segments take its place. Rows that were deleted stay so.
 *
 * excludes merges and mutations of the table, between begin and end; ingest and readers go on
 * memory   the arena's: 32 bytes for each row of granules that are damaged but say their messages, a bit for each
 *          message that comes into question else
 * thread   one
 */
#ifndef STORAGE_REPAIR_H
#define STORAGE_REPAIR_H

#include "base/arena.h"
#include "base/err.h"
#include "storage/column.h"
#include "storage/ledger.h"
#include "storage/table.h"

struct repair;

/* without_unknown: rows of which nothing says their messages are given up at once. *out NULL: the segment is not in
 * quarantine any more. */
struct err *repair_begin(struct table *table, const struct segment_name *segment, bool without_unknown,
                         struct arena *arena, struct budget *budget, struct repair **out);
void repair_end(struct repair *repair); /* accepts NULL */

/* The schema version of the segment's rows: rows are decoded for it. Borrowed. */
const struct table_def *repair_def(const struct repair *repair);

/* Offsets [first, end) of a partition; stream: id << 32 | incarnation, as in _stream. */
struct repair_range {
    uint64_t stream;
    int32_t partition;
    int64_t first, end;
};
/* Ascending by stream, partition and offset. */
const struct repair_range *repair_ranges(const struct repair *repair, uint32_t *count);
/* Rows of messages of a range, or others, which are passed over: all columns of repair_def, hidden ones behind. All
 * rows of a message come in one call, or in calls that follow each other. */
struct err *repair_take(struct repair *repair, const struct chunk *rows);
/* Takes what the insert log still has of rows that came by INSERT. */
struct err *repair_read_inserts(struct repair *repair);
/* Offsets of a range cannot be read. why: static. */
struct err *repair_absent(struct repair *repair, const struct repair_range *range, const char *why);

enum repair_status { REPAIR_KEPT, REPAIR_REPAIRED, REPAIR_MISSING };
/* What became of rows. */
struct repair_entry {
    enum repair_status status;
    bool addressed; /* first, last say which messages it was; else nothing does */
    uint64_t stream;
    int32_t partition;
    int64_t first, last; /* offsets; those between that are not the segment's are not meant */
    uint64_t rows;
    const char *why; /* missing */
};

struct repair_options {
    bool lose_rows;   /* go on without rows that are not to be had */
    bool change_rows; /* go on though rows are not those that were stored: their row sums differ */
};

struct repair_outcome {
    bool repaired;                      /* committed; else the segment is as it was */
    bool proven;                        /* the rows are those that were stored, by their row sum */
    bool unknown;                       /* not repaired; without_unknown would give up rows instead */
    uint64_t lost;                      /* rows that are missing */
    const char *why;                    /* not repaired; in the arena, as entries are */
    const struct repair_entry *entries; /* by status, stream, partition */
    uint32_t entry_count;
};
/* errors   ERR_TABLE_HELD: rows would leave a table that is held; those of commits. */
struct err *repair_finish(struct repair *repair, const struct repair_options *options, struct repair_outcome *out);

#endif
