/*
 * deliver_table.c: system.alert_deliveries: a row per alert and attempt; what it says was confirmed is not sent again.
 *
 * flow     deliver.c → internal_table.h; at start internal_table → deliver_confirmed
 * kept     a week, 256 MiB; confirmations are looked for in the last CONFIRMED_DAYS, which is more than ANNOUNCED_US_MAX of
 *          alerts_run.c
 */
#include "server/deliver_table.h"

#include "base/log.h"
#include "base/number.h"
#include "server/inner_query.h"
#include "server/internal_table.h"

#include <stdio.h>
#include <stdlib.h>

#define CONFIRMED_DAYS "3"

static const char *const columns[] = {"at",          "DateTime64(6, 'UTC')",
                                      "receiver",    "LowCardinality(String)",
                                      "kind",        "LowCardinality(String)",
                                      "alertname",   "LowCardinality(String)",
                                      "fingerprint", "String",
                                      "status",      "LowCardinality(String)",
                                      "starts_at",   "DateTime64(6, 'UTC')",
                                      "resend",      "Bool",
                                      "attempt",     "UInt32",
                                      "http_status", "UInt16",
                                      "outcome",     "LowCardinality(String)",
                                      "error",       "String",
                                      "duration_us", "UInt64",
                                      NULL};
enum {
    COLUMN_AT,
    COLUMN_RECEIVER,
    COLUMN_KIND,
    COLUMN_ALERTNAME,
    COLUMN_FINGERPRINT,
    COLUMN_STATUS,
    COLUMN_STARTS_AT,
    COLUMN_RESEND,
    COLUMN_ATTEMPT,
    COLUMN_HTTP_STATUS,
    COLUMN_OUTCOME,
    COLUMN_ERROR,
    COLUMN_DURATION
};

static const struct internal_table_spec spec = {
    .name = "alert_deliveries",
    .columns = columns,
    .days = 7,
    .bytes_max = (uint64_t)256 << 20,
    .comment = "attempts to deliver notifications of alerts: a row per alert",
};

struct deliver_table {
    struct table *table;
};

struct rows {
    const struct delivery *items;
    uint32_t count;
};

static void put(struct builder *builder, uint32_t column, const char *text)
{
    builder_string(builder, column, text, strlen(text));
}

static struct err *fill(void *user, struct builder *builder)
{
    const struct rows *rows = user;
    for (uint32_t k = 0; k < rows->count; k++) {
        const struct delivery *row = &rows->items[k];
        char fingerprint[17];
        if (!builder_row_begin(builder)) {
            return builder_error(builder);
        }
        fingerprint_text(row->fingerprint, fingerprint);
        builder_u64(builder, COLUMN_AT, (uint64_t)row->at_us);
        put(builder, COLUMN_RECEIVER, row->receiver);
        put(builder, COLUMN_KIND, receiver_kinds[row->kind]);
        put(builder, COLUMN_ALERTNAME, row->alertname);
        put(builder, COLUMN_FINGERPRINT, fingerprint);
        put(builder, COLUMN_STATUS, row->resolved ? "resolved" : "firing");
        builder_u64(builder, COLUMN_STARTS_AT, (uint64_t)row->starts_at_us);
        builder_u8(builder, COLUMN_RESEND, row->resend);
        builder_u32(builder, COLUMN_ATTEMPT, row->attempt);
        builder_u16(builder, COLUMN_HTTP_STATUS, (uint16_t)row->http_status);
        put(builder, COLUMN_OUTCOME, delivery_outcomes[row->outcome]);
        put(builder, COLUMN_ERROR, row->error);
        builder_u64(builder, COLUMN_DURATION, row->duration_us);
        if (!builder_row_end(builder)) {
            return builder_error(builder);
        }
    }
    return NULL;
}

/* A row that cannot be stored may let an alert come twice after a restart, no more: delivery goes on. */
static void record(void *object, const struct delivery *items, uint32_t count)
{
    const struct deliver_table *table = object;
    struct rows rows = {items, count};
    struct err *err = internal_table_append(table->table, fill, &rows);
    if (err != NULL) {
        LOG_WARNING("deliveries of alerts were not recorded", LOG_UINT("rows", count), LOG_ERR(err));
        err_free(err);
    }
}

/* Rows: receiver, fingerprint, starts_at, resolved, at. */
static struct err *take_confirmed(void *user, const struct chunk *chunk, bool *stop)
{
    struct deliver *deliver = user;
    (void)stop;
    for (uint32_t k = 0; k < chunk->row_count; k++) {
        struct slice receiver = *(const struct slice *)column_value(chunk->columns[0], k);
        struct slice text = *(const struct slice *)column_value(chunk->columns[1], k);
        char word[17] = "", *end;
        slice_copy(word, sizeof(word), text);
        uint64_t fingerprint = strtoull(word, &end, 16);
        int64_t starts_at_us = *(const int64_t *)column_value(chunk->columns[2], k);
        bool resolved = *(const uint8_t *)column_value(chunk->columns[3], k) != 0;
        int64_t at_us = *(const int64_t *)column_value(chunk->columns[4], k);
        struct err *err = deliver_confirmed(deliver, receiver, fingerprint, starts_at_us, resolved, at_us);
        if (err != NULL) {
            return err;
        }
    }
    return NULL;
}

/* Rows: receiver, at. */
static struct err *take_seen(void *user, const struct chunk *chunk, bool *stop)
{
    (void)stop;
    for (uint32_t k = 0; k < chunk->row_count; k++) {
        deliver_seen(user, *(const struct slice *)column_value(chunk->columns[0], k),
                     *(const int64_t *)column_value(chunk->columns[1], k));
    }
    return NULL;
}

static struct err *read_confirmed(struct server *server)
{
    static const char seen[] = "SELECT toString(receiver), min(at) FROM system.alert_deliveries GROUP BY 1";
    static const char text[] =
        "SELECT toString(receiver), fingerprint, starts_at, status = 'resolved', max(at) FROM system.alert_deliveries "
        "WHERE NOT resend AND outcome IN ('delivered', 'refused') AND at > now() - INTERVAL " CONFIRMED_DAYS " DAY "
        "GROUP BY 1, 2, 3, 4";
    struct err *err = NULL;
    struct inner_query inner = {0};
    const struct inner_query_options options = {.what = "what receivers of alerts confirmed"};
    OR_DONE(inner_query_begin(&inner, server, &options));
    OR_DONE(inner_query_bind(&inner, slice_text(text)));
    OR_DONE(inner_query_run(&inner, 1, NULL, take_confirmed, server->deliver));
    OR_DONE(inner_query_bind(&inner, slice_text(seen)));
    OR_DONE(inner_query_run(&inner, 1, NULL, take_seen, server->deliver));
done:
    inner_query_end(&inner);
    return err_while(err, "reading system.alert_deliveries");
}

struct err *deliver_open(struct server *server)
{
    struct err *err = NULL;
    struct deliver_config config = {0};
    struct deliver_table *table = calloc(1, sizeof(*table));
    const struct deliver_hooks hooks = {.record = record, .object = table};
    if (table == NULL) {
        return err_oom();
    }
    server->deliver_table = table;
    OR_DONE(deliver_config_read(&server->config, &config));
    OR_DONE(internal_table_open(server, &spec, &table->table));
    OR_DONE(deliver_start(&config, &hooks, &server->deliver));
    OR_DONE(read_confirmed(server));
done:
    deliver_config_deinit(&config);
    return err;
}

void deliver_close(struct server *server)
{
    deliver_stop(server->deliver);
    server->deliver = NULL;
    if (server->deliver_table != NULL) {
        table_unref(server->deliver_table->table);
        free(server->deliver_table);
    }
    server->deliver_table = NULL;
}
