/*
 * numbers.h: what is counted of the server, under ClickHouse's names for what both mean alike: how it is now, how often
 * things happened since the start, and what is known of the machine and of all tables. For system.metrics, events,
 * asynchronous_metrics, and the logs of these.
 *
 * thread   any
 */
#ifndef SERVER_NUMBERS_H
#define SERVER_NUMBERS_H

#include "server/server.h"

struct number {
    const char *name, *help; /* static */
    double value;
};

#define CURRENT_NUMBERS     10U
#define EVENT_NUMBERS       19U
#define MACHINE_NUMBERS_MAX 24U

/* The numbers of all tables, which take longer with their number. */
struct numbers_of_tables {
    uint64_t databases, tables, views, dictionaries;
    uint64_t rows, bytes, segments, merges;
    uint64_t fullest; /* segments of the fullest partition whose merges are due or run; else 0 */
};
struct err *numbers_of_tables(struct server *server, struct arena *arena, struct numbers_of_tables *out);

/* Now, and since the start. Without a server their names alone. */
void numbers_current(struct server *server, const struct numbers_of_tables *tables, struct number out[CURRENT_NUMBERS]);
void numbers_events(struct server *server, struct number out[EVENT_NUMBERS]);
/* *count of them: what the system does not tell is left out. */
void numbers_of_machine(struct server *server, const struct numbers_of_tables *tables,
                        struct number out[MACHINE_NUMBERS_MAX], uint32_t *count);

#endif
