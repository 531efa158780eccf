/*
 * progress.c: how far a query is: asked of system.processes, some times a second once it has run for a moment.
 *
 * flow     weir_client.c (while it waits) → here → the server, over a second connection → standard error
 */
#include "client/progress.h"

#include "base/clock.h"
#include "base/number.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define QUIET_US     400000U /* most queries end before anything is asked */
#define INTERVAL_US  200000U
#define FIELDS       5U
#define BAR_CELLS    24U
#define ANSWER_BYTES 512U

struct progress {
    struct weir_client_options options;
    struct weir_client *client; /* NULL: not needed yet */
    char query_id[64];
    uint64_t begin_us, asked_us;
    bool shown;
    char answer[ANSWER_BYTES];
    size_t answer_length;
};

struct progress *progress_create(const struct weir_client_options *options)
{
    struct progress *progress = calloc(1, sizeof(*progress));
    if (progress != NULL) {
        progress->options = *options;
    }
    return progress;
}

void progress_destroy(struct progress *progress)
{
    if (progress != NULL) {
        weir_client_close(progress->client);
        free(progress);
    }
}

void progress_begin(struct progress *progress, const char *query_id)
{
    (void)snprintf(progress->query_id, sizeof(progress->query_id), "%s", query_id);
    progress->begin_us = progress->asked_us = clock_monotonic_us();
    progress->shown = false;
}

static bool take_answer(void *user, const char *data, size_t bytes)
{
    struct progress *progress = user;
    size_t room = sizeof(progress->answer) - progress->answer_length;
    size_t taken = bytes < room ? bytes : room;
    memcpy(progress->answer + progress->answer_length, data, taken);
    progress->answer_length += taken;
    return taken == bytes;
}

/* Rows and bytes read, rows in all, memory, microseconds. false: it has ended, or nobody tells. */
static bool ask(struct progress *progress, uint64_t fields[FIELDS])
{
    static const char sql[] = "SELECT read_rows, read_bytes, total_rows_approx, toUInt64(greatest(memory_usage, 0)), "
                              "toUInt64(elapsed * 1000000) FROM system.processes WHERE query_id = {id:String} "
                              "FORMAT TabSeparated";
    struct weir_parameter id = {.name = "param_id", .value = progress->query_id};
    struct weir_query query = {
        .text = slice_text(sql), .parameters = &id, .parameter_count = 1, .sink = take_answer, .user = progress};
    struct weir_reply reply;
    if (progress->client == NULL) {
        err_free(weir_client_open(&progress->options, &progress->client));
    }
    progress->answer_length = 0;
    struct err *err = progress->client == NULL ? err_oom() : weir_client_query(progress->client, &query, &reply);
    bool good = err == NULL;
    err_free(err);
    struct slice rest = slice_of(progress->answer, progress->answer_length);
    for (uint32_t k = 0; k < FIELDS && good; k++) {
        size_t length = 0;
        while (length < rest.length && rest.data[length] >= '0' && rest.data[length] <= '9') {
            length++;
        }
        good = length < rest.length && number_parse_u64(slice_of(rest.data, length), &fields[k]);
        rest = good ? slice_of(rest.data + length + 1, rest.length - length - 1) : rest;
    }
    return good;
}

static void put_count(struct buffer *out, double value, const char *unit)
{
    static const char *const sizes[] = {"", " thousand", " million", " billion", " trillion"};
    size_t size = 0;
    for (; value >= 999.5 && size + 1 < sizeof(sizes) / sizeof(sizes[0]); size++) {
        value /= 1000;
    }
    buffer_printf(out, size == 0 ? "%.0f%s%s" : "%.2f%s%s", value, sizes[size], unit);
}

static void put_bytes(struct buffer *out, double value)
{
    static const char *const sizes[] = {"B", "KB", "MB", "GB", "TB", "PB"};
    size_t size = 0;
    for (; value >= 999.5 && size + 1 < sizeof(sizes) / sizeof(sizes[0]); size++) {
        value /= 1000;
    }
    buffer_printf(out, size == 0 ? "%.0f %s" : "%.2f %s", value, sizes[size]);
}

static void show(struct progress *progress, const uint64_t fields[FIELDS])
{
    struct buffer line = {0};
    struct winsize size;
    double seconds = (double)fields[4] / 1e6;
    size_t columns = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col - 1U : 79U;
    if (fields[2] > 0) {
        double share = fields[0] < fields[2] ? (double)fields[0] / (double)fields[2] : 1;
        for (uint32_t k = 0; k < BAR_CELLS; k++) {
            buffer_char(&line, (double)k < share * BAR_CELLS ? '=' : '.');
        }
        buffer_printf(&line, " %3.0f %%  ", share * 100);
    }
    buffer_printf(&line, "%.1f s  ", seconds);
    put_count(&line, (double)fields[0], " rows, ");
    put_bytes(&line, (double)fields[1]);
    if (seconds > 0) {
        buffer_text(&line, "  (");
        put_count(&line, (double)fields[0] / seconds, " rows/s., ");
        put_bytes(&line, (double)fields[1] / seconds);
        buffer_text(&line, "/s.)");
    }
    buffer_text(&line, "  memory ");
    put_bytes(&line, (double)fields[3]);
    if (!line.failed) {
        (void)fprintf(stderr, "\r\x1b[K%.*s", (int)(line.length < columns ? line.length : columns), line.data);
        (void)fflush(stderr);
        progress->shown = true;
    }
    buffer_deinit(&line);
}

void progress_tick(struct progress *progress)
{
    uint64_t fields[FIELDS], now = clock_monotonic_us();
    if (now - progress->begin_us < QUIET_US || now - progress->asked_us < INTERVAL_US) {
        return;
    }
    if (ask(progress, fields)) {
        show(progress, fields);
    }
    progress->asked_us = clock_monotonic_us();
}

void progress_clear(struct progress *progress)
{
    if (progress->shown) {
        (void)fputs("\r\x1b[K", stderr);
        (void)fflush(stderr);
        progress->shown = false;
    }
}
