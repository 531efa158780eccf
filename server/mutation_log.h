/*
 * mutation_log.h: DELETEs and UPDATEs that run or ran since the start, for system.mutations.
 *
 * bound    MUTATION_LOG_ROWS of them, the oldest give way; texts are cut
 * thread   any; server->lock guards all
 */
#ifndef SERVER_MUTATION_LOG_H
#define SERVER_MUTATION_LOG_H

#include "base/err.h"
#include "base/slice.h"

#include <stdint.h>

#define MUTATION_LOG_ROWS 1000U

struct server;
struct table_def;

/* The number that mutation_log_end takes. */
uint64_t mutation_log_begin(struct server *server, const struct table_def *def, struct slice command,
                            const char *query_id);
/* err: borrowed; NULL: it is done. */
void mutation_log_end(struct server *server, uint64_t number, uint64_t rows, uint32_t segments, const struct err *err);

#endif
