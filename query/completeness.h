/*
 * completeness.h: through which event time tables are complete.
 *
 * complete   rows of an event time up to it are expected to have come: what comes later is late (docs/SQL.md,
 *            "Watermarks"). For a table without sources it is the wall clock.
 * provider   who knows it is above this folder: set at start, before queries run
 */
#ifndef QUERY_COMPLETENESS_H
#define QUERY_COMPLETENESS_H

#include "base/err.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

struct completeness {
    bool known;            /* false: a source has not been connected yet, or rows have no event time */
    int64_t complete_us;   /* when it is known */
    uint32_t source_count; /* that feed the table */
    uint64_t lag_rows;     /* in brokers, not read yet */
    double lag_s;          /* of the sources that have such rows, the longest: since the newest message that was read */
    uint64_t late_rows;    /* since the server started */
    struct slice column;   /* of the event time, in the arena of who asked with one; empty: there is none */
};

/* Rows that came late, lately: of event times from begin_us to end_us, when the table was complete through
 * complete_us. */
struct late_range {
    int64_t begin_us, end_us;
    int64_t complete_us;
};

struct arena;
struct completeness_provider {
    void *user;
    /* ERR_UNKNOWN_TABLE, ERR_UNKNOWN_DATABASE */
    struct err *(*find)(void *user, struct slice database, struct slice table, struct completeness *out);
    /* In the arena, in any order. */
    struct err *(*late)(void *user, struct slice database, struct slice table, struct arena *arena,
                        struct late_range **out, uint32_t *count);
};
void completeness_provider_set(const struct completeness_provider *provider); /* NULL: nobody */
struct err *completeness_late(struct slice database, struct slice table, struct arena *arena, struct late_range **out,
                              uint32_t *count);
struct err *completeness_of(struct slice database, struct slice table, struct completeness *out);

#endif
