/*
 * source.h: sources: subscriptions to Kafka topics, each feeding one table.
 *
 *   waiting  → broker or topic cannot be reached; tried again until it can
 *   running  → reads, decodes, commits
 *   paused   by ALTER SOURCE … PAUSE, or by the source itself when its first messages all fail
 *   stopped  by an error that needs a person (the topic is another one, a gap): last_error says what to do
 *
 * thread   any; calls that change a source wait until its threads have followed
 */
#ifndef INGEST_SOURCE_H
#define INGEST_SOURCE_H

#include "base/arena.h"
#include "base/err.h"
#include "ingest/late_rows.h"
#include "query/completeness.h"
#include "query/function.h"
#include "sql/define.h"
#include "storage/store.h"

#include <stdbool.h>
#include <stdint.h>

struct sources;

struct sources_options {
    struct budget *budget; /* of ingest: queues, heads, decoding */
    const struct timezone *zone;
};

/* Starts the sources that the catalogue knows. */
struct err *sources_start(struct store *store, const struct sources_options *options, struct sources **out);
/* Stops all: seals, commits, leaves. Accepts NULL. */
void sources_stop(struct sources *sources);

/*
 * Checks properties, columns and expressions, looks for broker and topic for at most 5 s (an unreachable one is no
 * error: the source waits; *note says what is wrong and how to fix it, in the arena), records the source, starts it.
 * create: the statement's tree, canonical text in definition->sql.
 */
struct err *source_create(struct sources *sources, struct arena *arena, const struct source_definition *definition,
                          struct slice *note);
/* The same, but it is paused from the beginning, for this reason, and nobody is asked for broker or topic. */
struct err *source_create_paused(struct sources *sources, struct arena *arena,
                                 const struct source_definition *definition, const char *reason);
struct err *source_drop(struct sources *sources, struct slice database, struct slice name, bool if_exists);
struct err *source_pause(struct sources *sources, struct slice database, struct slice name);
struct err *source_resume(struct sources *sources, struct slice database, struct slice name);
struct err *source_accept_new_topic(struct sources *sources, struct slice database, struct slice name);

/* What the running sources of these tables have read becomes durable now; waits for it a few seconds at most: what is
 * not durable then is Kafka's. */
void sources_seal(struct sources *sources, const uint64_t *table_ids, uint32_t count);

struct repair; /* storage/repair.h */
struct table;
/* Reads the ranges of a repair from Kafka, as the table's sources decode them, and says what cannot be had.
 * ERR_CANNOT_CONNECT: no broker answers. Ends with the thread's interrupt. */
struct err *sources_reread(struct sources *sources, struct table *table, struct arena *arena, struct repair *repair);

/* One row of system.sources: a partition of a source (partition −1: none is known yet). */
struct source_row {
    struct slice database, name, table, topic, brokers, state, last_error, sql;
    int32_t partition;
    int64_t position;       /* the next offset to be read */
    int64_t committed;      /* the next offset to be committed: all below is durable */
    int64_t high_watermark; /* −1: unknown */
    int64_t lag_rows;       /* −1: unknown */
    double lag_seconds;     /* since the newest read message's timestamp while there is a lag; else 0 */
    uint32_t incarnation;
    uint64_t rows_stored, rows_filtered, rows_dead;
    uint64_t rows_late;        /* came after the source was complete through their event time */
    uint64_t rows_ahead;       /* event times so far ahead that they complete nothing */
    int64_t event_time_max_us; /* INT64_MIN: none yet */
    int64_t complete_us;       /* the source is complete through it; INT64_MIN: not known */
    int64_t last_commit_us;
};
struct err *sources_list(struct sources *sources, struct arena *arena, struct source_row **out, uint32_t *count);

/*
 * Through which event time a table is complete, as far as its sources know (event_time.c); out->column is not set.
 * each: or NULL; in the arena, what each of out->source_count sources says by itself.
 */
struct source_completeness {
    struct slice database, source;
    struct completeness complete;
};
struct err *sources_completeness(struct sources *sources, uint64_t table_id, struct arena *arena,
                                 struct completeness *out, struct source_completeness **each);

/*
 * Up to which moment the sources of a table have read all that came before it (caught_up.c): rows of an event time
 * before
 * time_us that are not there yet come late by the table's watermark. In the arena; no source feeds the table: count 0.
 * table_id 0: the sources of all tables.
 */
struct source_time {
    struct slice database, source, table_database, table;
    int64_t delay_us; /* the watermark's */
    bool known;       /* false: a partition was neither read to its end nor gave a row since the start */
    bool caught_up;   /* it runs, and every partition was at its end within the last seconds */
    int64_t time_us;  /* by the wall clock and event times, less the watermark's delay; never ahead of the wall clock */
};
struct err *sources_time(struct sources *sources, uint64_t table_id, struct arena *arena, struct source_time **out,
                         uint32_t *count);
/* Where each of their partitions stands: rows of messages below position are seen by snapshots that are taken now. */
struct source_position {
    struct slice topic;
    int32_t partition;
    uint32_t incarnation;
    int64_t position;
};
struct err *sources_positions(struct sources *sources, uint64_t table_id, struct arena *arena,
                              struct source_position **out, uint32_t *count);

/* Rows that came late, run by run (late_rows.h), since the server started; in the arena. */
struct source_late {
    struct slice database, source, table_database, table, topic;
    struct late_run run;
};
struct err *sources_late(struct sources *sources, struct arena *arena, struct source_late **out, uint32_t *count);
/* Registers the table function kafka(brokers = …, topic = …, format = …[, 'kafka.…' = …]). */
void kafka_function_register(void);

#endif
