/*
 * run.h: starting and stopping a server: for `weir server`, and inside `weir demo`.
 */
#ifndef SERVER_RUN_H
#define SERVER_RUN_H

#include "server/server.h"

int server_main(int argc, char **argv);

/* Opens the store, starts threads and listens. *port: the real one. errors: one clear line. */
struct err *server_start(const struct config *config, struct server **out, uint32_t *port);
/* Seals, commits, leaves. Accepts NULL. */
struct err *server_stop(struct server *server);
/* Blocks SIGTERM and SIGINT, and SIGHUP if somebody acts on it, in all threads started afterwards; server_wait_signal
 * waits for one of them. */
void server_block_signals(bool hangup);
int server_wait_signal(uint64_t timeout_us); /* UINT64_MAX: for ever; 0: the time is over */

#endif
