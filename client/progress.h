/*
 * progress.h: how far a query is, as a line on the terminal that the standard error is.
 */
#ifndef CLIENT_PROGRESS_H
#define CLIENT_PROGRESS_H

#include "client/weir_client.h"

struct progress;

/* options: how the server is reached; it is asked over a connection of its own. NULL: memory is out. */
struct progress *progress_create(const struct weir_client_options *options);
void progress_destroy(struct progress *progress); /* accepts NULL */
void progress_begin(struct progress *progress, const char *query_id);
/* The query runs still: some times a second. */
void progress_tick(struct progress *progress);
/* The line goes: rows come, or the query has ended. */
void progress_clear(struct progress *progress);

#endif
