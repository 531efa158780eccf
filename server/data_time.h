/*
 * data_time.h: T: what now() says in rules and live queries, so that an answer is never wrong because rows are late.
 *
 * T          the moment before which all rows of a set of tables are there, as far as their sources can say: the wall
 * clock
 *            while every source is caught up, or when there is none; else where the slowest one stands
 *            (ingest/source.h,
 *            sources_time). Less the delay of the table's WATERMARK, which says how much later than their event times
 *            rows may come.
 * tables     a table of a materialized view stands for the tables that feed it
 * goes back  with the wall clock, when a source is dropped and made anew, or a table is read that was not before: who
 * needs
 *            a time that does not keeps the highest
 * thread     any
 */
#ifndef SERVER_DATA_TIME_H
#define SERVER_DATA_TIME_H

#include "server/server.h"

struct data_table {
    struct slice database, name;
};

struct data_time {
    bool known;     /* false: a source has not said anything since the start; t_us is INT64_MIN */
    bool caught_up; /* no source lags */
    int64_t t_us;
    /* The one that holds it back most, when a source feeds one of the tables; else empty. */
    struct slice source_database, source;
    struct slice database, table; /* which it feeds */
};

/* Names and texts of the result: in the arena. A table that is no more, or is none, counts as one without sources. */
struct err *data_time_of(struct server *server, struct arena *arena, const struct data_table *tables, uint32_t count,
                         struct data_time *out);

/*
 * How far the sources of the tables have been read: what a snapshot that was taken before the call saw of them at most.
 * As JSON, sorted: {"topic/incarnation/partition":offset,…}
 */
struct err *data_time_offsets(struct server *server, struct arena *arena, const struct data_table *tables,
                              uint32_t count, struct buffer *out);
/* Has each partition of such a text that is still read come so far again? ERR_INCORRECT_DATA: it is none. */
struct err *data_time_reached(struct server *server, struct arena *arena, const struct data_table *tables,
                              uint32_t count, struct slice offsets, bool *reached);

#endif
