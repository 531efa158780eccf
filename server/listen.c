/*
 * listen.c: sockets that the interfaces listen on.
 */
#include "server/listen.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <netdb.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

struct err *listen_on(const char *key, const char *host, uint32_t port, int *out, uint32_t *real_port)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV}, *list = NULL;
    char service[16];
    (void)snprintf(service, sizeof(service), "%u", port);
    int result = getaddrinfo(host, service, &hints, &list);
    if (result != 0) {
        return err_new(ERR_BAD_ARGUMENTS, "%s: \"%s\" is no address to listen on: %s", key, host, gai_strerror(result));
    }
    struct err *err = NULL;
    int descriptor = socket(list->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), one = 1;
    if (descriptor < 0 || setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) != 0 ||
        bind(descriptor, list->ai_addr, list->ai_addrlen) != 0 || listen(descriptor, 1024) != 0) {
        err = err_errno(ERR_BAD_ARGUMENTS, errno, "%s: listening on %s:%u", key, host, port);
    } else {
        struct sockaddr_in6 bound = {0};
        socklen_t length = sizeof(bound);
        *real_port = port;
        static_assert(offsetof(struct sockaddr_in6, sin6_port) == offsetof(struct sockaddr_in, sin_port), "same place");
        if (getsockname(descriptor, (struct sockaddr *)&bound, &length) == 0) {
            *real_port = ntohs(bound.sin6_port); /* also of IPv4 */
        }
        *out = descriptor;
    }
    if (err != NULL && descriptor >= 0) {
        (void)close(descriptor);
    }
    freeaddrinfo(list);
    return err;
}
