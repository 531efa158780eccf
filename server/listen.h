/*
 * listen.h: sockets that the interfaces listen on.
 */
#ifndef SERVER_LISTEN_H
#define SERVER_LISTEN_H

#include "base/err.h"

#include <stdint.h>

/* A socket that listens and does not block; the caller closes it. key: of the configuration, for errors. port 0: any
 * free one. *real_port: the port it is. */
struct err *listen_on(const char *key, const char *host, uint32_t port, int *out, uint32_t *real_port);

#endif
