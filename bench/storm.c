/*
 * storm.c: many clients refresh one dashboard over HTTP: storm HOST PORT STATEMENTS CLIENTS SECONDS INTERVAL_MS
 * SETTINGS
 *
 * STATEMENTS is a file with one statement a line; @1800@ in it is the moment 1,800 s before the newest event, which
 * each client asks for before each refresh. A client sends the statements one after another over one connection, then
 * waits for what is left of the interval; the time's end cuts a refresh short. Prints: queries, errors, latency p50 p90
 * p99 max in ms, refresh p50 and max.
 */
#include <netdb.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define STATEMENTS_MAX 1000
#define REPLY_BYTES    (1 << 20)

static const char *host, *port, *settings;
static char *statements[STATEMENTS_MAX];
static int statement_count;
static double end_at, interval;
static uint64_t errors;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

struct times {
    double *values;
    size_t count, room;
};
static struct times queries, refreshes;

static double now(void)
{
    struct timespec time;
    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void keep(struct times *times, double value)
{
    if (times->count == times->room) {
        times->room = times->room == 0 ? 4096 : times->room * 2;
        times->values = realloc(times->values, times->room * sizeof(double));
        if (times->values == NULL) {
            abort();
        }
    }
    times->values[times->count++] = value;
}

static int dial(void)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found;
    if (getaddrinfo(host, port, &hints, &found) != 0) {
        return -1;
    }
    int descriptor = socket(found->ai_family, SOCK_STREAM, 0);
    if (connect(descriptor, found->ai_addr, found->ai_addrlen) != 0) {
        (void)close(descriptor);
        descriptor = -1;
    }
    freeaddrinfo(found);
    return descriptor;
}

/* The body of the reply, in buffer behind its head; NULL: the connection is of no use, or the status is not 200. */
static const char *ask(int descriptor, const char *sql, char *buffer)
{
    char head[1024];
    int length = snprintf(head, sizeof(head), "POST /?%s HTTP/1.1\r\nHost: storm\r\nContent-Length: %zu\r\n\r\n",
                          settings, strlen(sql));
    if (length < 0 || write(descriptor, head, (size_t)length) != length ||
        write(descriptor, sql, strlen(sql)) != (ssize_t)strlen(sql)) {
        return NULL;
    }
    size_t have = 0;
    const char *body = NULL;
    size_t want = SIZE_MAX;
    while (have < want) {
        ssize_t got = read(descriptor, buffer + have, REPLY_BYTES - 1 - have);
        if (got <= 0) {
            return NULL;
        }
        have += (size_t)got;
        buffer[have] = 0;
        if (body == NULL && (body = strstr(buffer, "\r\n\r\n")) != NULL) {
            const char *bytes = strcasestr(buffer, "\r\nContent-Length:");
            body += 4;
            if (bytes == NULL || bytes > body || strncmp(buffer, "HTTP/1.1 200", 12) != 0) {
                return NULL;
            }
            want = (size_t)(body - buffer) + strtoul(bytes + 17, NULL, 10);
        }
    }
    return body;
}

static void fill(const char *from, long newest, char *to, size_t room)
{
    size_t at = 0;
    while (*from != 0 && at + 32 < room) {
        const char *end = *from == '@' ? strchr(from + 1, '@') : NULL;
        if (end != NULL) {
            at += (size_t)snprintf(to + at, room - at, "toDateTime(%ld)", newest - strtol(from + 1, NULL, 10));
            from = end + 1;
        } else {
            to[at++] = *from++;
        }
    }
    to[at] = 0;
}

static void *client(void *start)
{
    char *buffer = malloc(REPLY_BYTES);
    char sql[4096];
    struct times own = {0}, own_refreshes = {0};
    uint64_t own_errors = 0;
    int descriptor = dial();
    (void)usleep((useconds_t)(*(double *)start * 1e6)); /* they do not all begin at once */
    while (buffer != NULL && now() < end_at) {
        double begin = now();
        if (descriptor < 0) {
            descriptor = dial();
        }
        const char *newest = ask(descriptor, "SELECT toUnixTimestamp(max(ts)) FROM events", buffer);
        long at = newest == NULL ? 0 : strtol(newest, NULL, 10);
        int k = 0;
        for (; k < statement_count && at > 0 && now() < end_at; k++) {
            fill(statements[k], at, sql, sizeof(sql));
            double asked = now();
            if (ask(descriptor, sql, buffer) == NULL) {
                own_errors++;
                (void)close(descriptor);
                descriptor = dial();
            } else {
                keep(&own, now() - asked);
            }
        }
        double spent = now() - begin;
        if (k == statement_count) {
            keep(&own_refreshes, spent);
        }
        if (spent < interval && now() < end_at) {
            (void)usleep((useconds_t)((interval - spent) * 1e6));
        }
    }
    (void)pthread_mutex_lock(&mutex);
    for (size_t k = 0; k < own.count; k++) {
        keep(&queries, own.values[k]);
    }
    for (size_t k = 0; k < own_refreshes.count; k++) {
        keep(&refreshes, own_refreshes.values[k]);
    }
    errors += own_errors;
    (void)pthread_mutex_unlock(&mutex);
    free(own.values);
    free(own_refreshes.values);
    free(buffer);
    (void)close(descriptor);
    return NULL;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double at(const struct times *times, double part)
{
    return times->count == 0 ? 0 : times->values[(size_t)((double)(times->count - 1) * part)] * 1000;
}

int main(int argc, char **argv)
{
    if (argc != 8) {
        (void)fprintf(stderr, "usage: storm HOST PORT STATEMENTS CLIENTS SECONDS INTERVAL_MS SETTINGS\n");
        return 2;
    }
    host = argv[1];
    port = argv[2];
    settings = argv[7];
    FILE *file = fopen(argv[3], "r");
    char line[4096];
    while (file != NULL && statement_count < STATEMENTS_MAX && fgets(line, sizeof(line), file) != NULL) {
        line[strcspn(line, "\n")] = 0;
        statements[statement_count++] = strdup(line);
    }
    int clients = atoi(argv[4]);
    interval = atof(argv[6]) / 1000;
    end_at = now() + atof(argv[5]);
    pthread_t *threads = calloc((size_t)clients, sizeof(*threads));
    double *starts = calloc((size_t)clients, sizeof(*starts));
    if (file == NULL || threads == NULL || starts == NULL) {
        return 1;
    }
    (void)fclose(file);
    for (int k = 0; k < clients; k++) {
        starts[k] = interval * k / clients;
        if (pthread_create(&threads[k], NULL, client, &starts[k]) != 0) {
            return 1;
        }
    }
    for (int k = 0; k < clients; k++) {
        (void)pthread_join(threads[k], NULL);
    }
    qsort(queries.values, queries.count, sizeof(double), compare);
    qsort(refreshes.values, refreshes.count, sizeof(double), compare);
    (void)printf("%zu %llu %.3f %.3f %.3f %.3f %.1f %.1f\n", queries.count, (unsigned long long)errors,
                 at(&queries, 0.5), at(&queries, 0.9), at(&queries, 0.99), at(&queries, 1), at(&refreshes, 0.5),
                 at(&refreshes, 1));
    return errors > 0;
}
