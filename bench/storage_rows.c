/*
 * storage_rows.c: how fast rows go from a builder into durable segments, without any parsing: the rest of ingest's
 * cost.
 *
 * usage    storage_rows DIRECTORY ROWS [insert|draft]
 *          storage_rows DIRECTORY FILE json      JSON lines as bench/events writes them, through the reader and INSERT
 * rows     the shape of bench/events.c, made ahead in memory and put in by the builder's calls, so that what is timed
 *          is dictionary coding, sorting, encoding, writing, fsync and commit
 * prints   rows/s, CPU seconds per thread group, the time of filling alone, bytes on disk
 */
#include "format/reader.h"
#include "sql/table_program.h"
#include "storage/draft.h"
#include "storage/insert.h"
#include "storage/snapshot.h"
#include "storage/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#define SAMPLES 65536U

struct event {
    int64_t ts;
    char text[8][40]; /* service, host, region, level, method, path, trace_id */
    uint8_t length[8];
    uint16_t status;
    double duration;
    uint32_t bytes;
    uint32_t user;
};

static uint64_t state = 1;
static uint64_t next(void)
{
    uint64_t z = (state += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

static uint32_t skewed(uint32_t count)
{
    double u = (double)(next() >> 11) * 0x1p-53;
    return (uint32_t)(u * u * u * count);
}

static void check(struct err *err)
{
    if (err != NULL) {
        (void)fprintf(stderr, "%s\n", err_message(err));
        exit(1);
    }
}

static double now(void)
{
    struct timespec time;
    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static void event_make(struct event *event)
{
    static const char *const regions[] = {"eu-central-1", "eu-west-1", "us-east-1", "us-west-2", "ap-south-1"};
    static const char *const methods[] = {"GET", "GET", "GET", "GET", "POST", "POST", "PUT", "DELETE"};
    static const char *const levels[] = {"info", "info", "info", "info", "info", "info", "warning", "error"};
    static const char *const nouns[] = {"orders", "users", "carts", "invoices", "sessions", "products", "search", "x"};
    static const uint16_t statuses[] = {200, 200, 200, 200, 201, 204, 301, 404};
    uint32_t service = skewed(20);
    (void)snprintf(event->text[0], 40, "backend-service-%02u", service);
    (void)snprintf(event->text[1], 40, "host-%03u.example.net", service * 10 + (uint32_t)(next() % 10));
    (void)snprintf(event->text[2], 40, "%s", regions[next() % 5]);
    (void)snprintf(event->text[3], 40, "%s", levels[next() % 8]);
    (void)snprintf(event->text[4], 40, "%s", methods[next() % 8]);
    (void)snprintf(event->text[5], 40, "/api/v1/%s/%06u/details", nouns[next() % 8], skewed(64));
    for (uint32_t i = 0; i < 6; i++) {
        event->length[i] = (uint8_t)strlen(event->text[i]);
    }
    event->status = statuses[next() % 8];
    event->duration = (double)(next() % 1000000) / 1000.0;
    event->bytes = (uint32_t)(next() % 65536) * skewed(16);
    event->user = skewed(1000000);
}

static void hex16(char *out, uint64_t value)
{
    for (uint32_t i = 0; i < 16; i++) {
        out[i] = "0123456789abcdef"[value >> (60 - 4 * i) & 15];
    }
}

static void event_put(struct builder *b, const struct event *e, uint64_t row)
{
    char trace[16];
    if (!builder_row_begin(b)) {
        check(builder_error(b));
    }
    builder_u64(b, 0, (uint64_t)(1767225600000LL + (int64_t)(row / 2) + (int64_t)(row * 7 % 50)));
    for (uint32_t i = 0; i < 6; i++) {
        builder_string(b, 1 + i, e->text[i], e->length[i]);
    }
    builder_u16(b, 7, e->status);
    builder_f64(b, 8, e->duration);
    builder_u32(b, 9, e->bytes);
    builder_u32(b, 10, e->user);
    hex16(trace, row * 0x9e3779b97f4a7c15ULL);
    builder_string(b, 11, trace, 16);
    if (b->has_addresses) {
        builder_stream(b, 1, 0, 0);
        builder_address(b, (int64_t)row);
    }
    if (!builder_row_end(b)) {
        check(builder_error(b));
    }
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        (void)fprintf(stderr,
                      "usage: storage_rows DIRECTORY ROWS [insert|draft]\n       storage_rows DIRECTORY FILE json\n");
        return 2;
    }
    uint64_t rows = strtoull(argv[2], NULL, 10);
    bool insert_path = argc < 4 || strcmp(argv[3], "insert") == 0;
    bool json_path = argc >= 4 && strcmp(argv[3], "json") == 0;
    struct event *events = calloc(SAMPLES, sizeof(*events));
    for (uint32_t i = 0; i < SAMPLES; i++) {
        event_make(&events[i]);
    }
    static const char *const names[12] = {"ts",   "service", "host",        "region", "level",   "method",
                                          "path", "status",  "duration_ms", "bytes",  "user_id", "trace_id"};
    static const char *const type_names[12] = {"DateTime64(3)",
                                               "LowCardinality(String)",
                                               "LowCardinality(String)",
                                               "LowCardinality(String)",
                                               "LowCardinality(String)",
                                               "LowCardinality(String)",
                                               "String",
                                               "UInt16",
                                               "Float64",
                                               "UInt32",
                                               "UInt32",
                                               "String"};
    static const char *const order_by[] = {"service", "ts"};
    struct arena *arena = arena_create(NULL);
    struct column_def columns[12];
    memset(columns, 0, sizeof(columns));
    for (uint32_t i = 0; i < 12; i++) {
        columns[i].name = names[i];
        columns[i].default_text = columns[i].codec = columns[i].comment = "";
        check(type_parse(arena, slice_text(type_names[i]), &columns[i].type));
    }
    struct table_def def = {.database = "default",
                            .name = "events",
                            .engine = "MergeTree",
                            .columns = columns,
                            .column_count = 12,
                            .order_by = order_by,
                            .order_by_count = 2,
                            .primary_key = "",
                            .partition_by = "toYYYYMMDD(ts)",
                            .ttl = "",
                            .watermark = "",
                            .watermark_column = "",
                            .settings = "",
                            .comment = "",
                            .create_sql = ""};
    table_program_register();
    struct store *store = NULL;
    struct table *table = NULL;
    struct store_options options = {.data_dir = argv[1], .hooks = &table_hooks, .reserve_bytes = UINT64_MAX};
    check(store_open(&options, &store));
    check(catalogue_create_table(store->catalogue, &def, true, &table, NULL));

    double begin = now(), filled;
    if (json_path) {
        struct insert *insert = NULL;
        struct insert_result result;
        struct reader *reader = NULL;
        struct reader_column fields[12];
        struct reader_options reading = {0};
        static char piece[1 << 20];
        FILE *file = fopen(argv[2], "rb");
        if (file == NULL) {
            (void)fprintf(stderr, "cannot open %s\n", argv[2]);
            return 1;
        }
        for (uint32_t i = 0; i < 12; i++) {
            fields[i] = (struct reader_column){slice_text(names[i]), columns[i].type, i};
        }
        check(reader_create(slice_text("JSONEachRow"), fields, 12, 12, &reading, &reader));
        check(insert_begin(table, NULL, &insert));
        for (size_t got = 1; got > 0;) {
            got = fread(piece, 1, sizeof(piece), file);
            check(reader_feed(reader, insert_builder(insert), slice_of(piece, got), got == 0));
            check(insert_poll(insert));
        }
        filled = now();
        check(insert_finish(insert, &result));
        rows = result.rows;
        reader_destroy(reader);
        (void)fclose(file);
    } else if (insert_path) {
        struct insert *insert = NULL;
        struct insert_result result;
        check(insert_begin(table, NULL, &insert));
        for (uint64_t row = 0; row < rows; row++) {
            event_put(insert_builder(insert), &events[row % SAMPLES], row);
            if (row % 4096 == 0) {
                check(insert_poll(insert));
            }
        }
        filled = now();
        check(insert_finish(insert, &result));
    } else {
        struct head_writer *writer = NULL;
        struct lane *lane = NULL;
        struct draft *draft = NULL;
        check(head_writer_open(table, NULL, &writer));
        check(lane_open(store, "bench", &lane));
        for (uint64_t row = 0; row < rows; row++) {
            event_put(head_builder(writer), &events[row % SAMPLES], row);
            if (row % 1024 == 0) {
                check(head_publish(writer));
                if (head_memory(writer) >= (uint64_t)32 << 20) {
                    check(draft_create(store, &draft));
                    check(draft_seal(draft, writer));
                    lane_submit(lane, draft, NULL, NULL);
                }
            }
        }
        filled = now();
        check(draft_create(store, &draft));
        check(draft_seal(draft, writer));
        lane_submit(lane, draft, NULL, NULL);
        check(lane_wait(lane));
        lane_close(lane);
        head_writer_close(writer);
    }
    double end = now();
    struct rusage usage;
    struct table_numbers numbers;
    (void)getrusage(RUSAGE_SELF, &usage);
    table_numbers(table, &numbers);
    double cpu = (double)usage.ru_utime.tv_sec + (double)usage.ru_utime.tv_usec * 1e-6 + (double)usage.ru_stime.tv_sec +
                 (double)usage.ru_stime.tv_usec * 1e-6;
    (void)printf("%llu rows, %.0f rows/s, %.2f s (filled after %.2f s), %.2f CPU s = %.3f us/row, RSS peak %ld MiB, "
                 "%llu segments, %.1f bytes/row\n",
                 (unsigned long long)numbers.rows, (double)rows / (end - begin), end - begin, filled - begin, cpu,
                 cpu * 1e6 / (double)rows, usage.ru_maxrss / 1024, (unsigned long long)numbers.segments,
                 (double)numbers.segment_bytes / (double)rows);
    table_unref(table);
    check(store_close(store));
    arena_destroy(arena);
    free(events);
    return 0;
}
