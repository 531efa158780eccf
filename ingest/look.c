/*
 * look.c: SELECT … FROM kafka(brokers = …, topic = …, format = …): a look at a topic before a source is created.
 *
 * Reads from the beginning of every partition to where it ended when the query began; stores and commits nothing. The
 * columns are the message's own: its address, time, key, headers, and its bytes as text.
 * thread   a query thread per call; one client per call
 */
#include "base/clock.h"
#include "ingest/kafka.h"
#include "ingest/source.h"
#include "query/table_source.h"

#include <stdlib.h>

#define LOOK_TIMEOUT_MS  5000
#define LOOK_QUEUE_BYTES (UINT64_C(4) << 20)
#define LOOK_QUIET_US    10000000U

static const char *const look_columns[] = {"_topic",   "String",     "_partition",    "Int32",  "_offset",
                                           "Int64",    "_timestamp", "DateTime64(3)", "_key",   "String",
                                           "_headers", "String",     "message",       "String", NULL};

static struct err *put_message(const rd_kafka_message_t *message, struct source_rows *rows, bool *stop)
{
    struct buffer headers = {0};
    source_row_text(rows, 0, slice_text(rd_kafka_topic_name(message->rkt)));
    source_row_int(rows, 1, message->partition);
    source_row_int(rows, 2, message->offset);
    source_row_int(rows, 3, rd_kafka_message_timestamp(message, NULL));
    source_row_text(rows, 4, slice_of(message->key, message->key == NULL ? 0 : message->key_len));
    kafka_headers_text(message, &headers);
    source_row_text(rows, 5, buffer_all(&headers));
    buffer_deinit(&headers);
    source_row_text(rows, 6, slice_of(message->payload, message->payload == NULL ? 0 : message->len));
    return source_row_end(rows, stop);
}

/* All partitions from their beginning. *open: those that hold anything. */
static struct err *assign_all(rd_kafka_t *kafka, const struct kafka_options *options, uint32_t *open)
{
    struct err *err = NULL;
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(16);
    for (uint32_t t = 0; t < options->topic_count; t++) {
        int32_t count;
        OR_DONE(kafka_partitions(kafka, options, options->topics[t], LOOK_TIMEOUT_MS, &count));
        for (int32_t p = 0; p < count; p++) {
            int64_t low, high;
            OR_DONE(kafka_watermarks(kafka, options->topics[t], p, LOOK_TIMEOUT_MS, &low, &high));
            if (high > low) {
                rd_kafka_topic_partition_list_add(list, options->topics[t], p)->offset = low;
                (*open)++;
            }
        }
    }
    if (*open > 0) {
        rd_kafka_resp_err_t result = rd_kafka_assign(kafka, list);
        if (result != RD_KAFKA_RESP_ERR_NO_ERROR) {
            err = err_new(ERR_CANNOT_CONNECT, "the partitions cannot be assigned: %s", rd_kafka_err2str(result));
        }
    }
done:
    rd_kafka_topic_partition_list_destroy(list);
    return err;
}

static struct err *look(struct table_source *source, struct arena *arena, const struct source_request *request,
                        struct source_output *output)
{
    struct err *err = NULL;
    const struct kafka_options *options = source->data;
    struct source_rows *rows = NULL;
    rd_kafka_t *kafka = NULL;
    uint32_t open = 0;
    uint64_t count = 0, heard_at = clock_monotonic_us();
    bool stop = false;
    OR_DONE(kafka_consumer(options, "weir-look", LOOK_QUEUE_BYTES, NULL, NULL, &kafka));
    OR_DONE(assign_all(kafka, options, &open));
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    while (open > 0 && !stop && count < request->rows_max) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(kafka, 100);
        if (message == NULL) {
            if (clock_monotonic_us() - heard_at > LOOK_QUIET_US) {
                err = err_new(ERR_CANNOT_CONNECT, "no broker of %s has sent anything for 10 s", options->brokers);
                goto done;
            }
            continue;
        }
        heard_at = clock_monotonic_us();
        if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
            open--;
        } else if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
            err = put_message(message, rows, &stop);
            count++;
        }
        rd_kafka_message_destroy(message);
        if (err != NULL) {
            goto done;
        }
    }
    err = source_rows_end(rows);
done:
    if (kafka != NULL) {
        (void)rd_kafka_consumer_close(kafka);
        rd_kafka_destroy(kafka);
    }
    return err;
}

static struct err *make(const struct source_maker *maker, struct arena *arena, const struct function_context *context,
                        const struct source_argument *arguments, uint32_t argument_count, struct table_source **out)
{
    struct err *err = NULL;
    struct source_setting *properties = ARENA_ARRAY(arena, struct source_setting, argument_count);
    struct kafka_options *options = ARENA_NEW(arena, struct kafka_options);
    (void)context;
    if (properties == NULL || options == NULL) {
        return arena_error(arena);
    }
    for (uint32_t k = 0; k < argument_count; k++) {
        if (arguments[k].name.length == 0 || arguments[k].value->type->kind != TYPE_STRING) {
            return err_new(ERR_BAD_ARGUMENTS, "kafka() takes named texts: brokers = 'host:port', topic = 'name'");
        }
        properties[k] = (struct source_setting){.name = arguments[k].name,
                                                .value = *(const struct slice *)column_value(arguments[k].value, 0)};
    }
    OR_DONE(kafka_options_read(arena, properties, argument_count, options));
    err = source_make(maker, arena, look_columns, look, options, out);
done:
    return err;
}

void kafka_function_register(void)
{
    static const struct source_maker maker = {.name = "kafka", .make = make};
    source_register(&maker);
}
