/*
 * decode.c: messages of one partition become rows, dead letters and counts.
 *
 * plain      straight into the head's builder, a message after the other.
 * groups     with expressions (AS SELECT, or DEFAULT of the table's columns): a group of messages is read into a
 *            builder of its own, the expressions run over all its rows at once, what passes is appended to the head.
 *            When that fails, the group is halved until the message is found that fails alone: its rows are forgotten, it is a
 *            dead letter.
 */
#include "ingest/consumer.h"

#include "base/checksum.h"
#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct builder *rows_of(const struct consumer *consumer)
{
    return consumer->rows != NULL ? consumer->rows : head_builder(consumer->writer);
}

/* ---- opening */

static void set_address(void *user, struct builder *builder)
{
    const struct consumer *consumer = user;
    builder_address(builder, consumer->row_offset);
}

struct err *decoder_open(struct consumer *consumer)
{
    struct err *err = NULL;
    struct source *source = consumer->source;
    const struct table_def *def = consumer->def;
    struct function_context context = {
        .now_us = clock_wall_us(), .zone = source->sources->zone, .database = slice_text(source->table_database)};
    OR_DONE(transform_create(consumer->arena, &context, slice_text(source->sql), def, &consumer->transform));
    uint32_t count = table_input_count(def);
    const struct source_column *input = NULL;
    bool in_groups = consumer->transform != NULL || table_has_nested(def);
    int lateness = table_lateness_column(def); /* 0, until the rows' event times are looked at */
    if (consumer->transform != NULL) {
        input = transform_input(consumer->transform, &count);
        input += MESSAGE_COLUMNS;
        count -= MESSAGE_COLUMNS;
    }
    struct reader_column *columns = ARENA_ARRAY(consumer->arena, struct reader_column, count);
    const struct type **types = arena_array(consumer->arena, (size_t)count + 1, sizeof(*types));
    bool *track = ARENA_ARRAY(consumer->arena, bool, (size_t)count + 1);
    uint32_t readable = 0;
    if (columns == NULL || types == NULL || track == NULL) {
        return arena_error(consumer->arena);
    }
    for (uint32_t k = 0; k < count; k++) {
        const struct column_def *column = input != NULL ? NULL : table_input_column(def, k);
        types[k] = input != NULL ? input[k].type : column->type;
        track[k] = input == NULL && (int)k != lateness && table_column_has_default(column);
        in_groups |= track[k];
        if (input != NULL ||
            (column->default_kind != COLUMN_DEFAULT_MATERIALIZED && column->default_kind != COLUMN_DEFAULT_ALIAS)) {
            columns[readable++] = (struct reader_column){
                .name = input != NULL ? input[k].name : slice_text(column->name), .type = types[k], .column = k};
        }
    }
    struct format_settings settings;
    format_settings_init(&settings);
    settings.skip_unknown_fields = !source->settings.refuse_unknown_fields;
    struct reader_options reader_options = {.zone = source->sources->zone,
                                            .settings = &settings,
                                            .row_begin = in_groups ? NULL : set_address,
                                            .user = consumer};
    OR_DONE(reader_create(slice_text(source->format), columns, readable, count, &reader_options, &consumer->reader));
    if (in_groups) {
        struct builder_options builder_options = {
            .budget = source->sources->budget, .first_capacity = 8, .track_missing = track};
        OR_DONE(builder_create(types, count, &builder_options, &consumer->message_builder));
    }
done:
    return err;
}

/* ---- counts */

static struct fingerprint fingerprint_of(const rd_kafka_message_t *message)
{
    return (struct fingerprint){.present = true,
                                .offset = message->offset,
                                .timestamp_ms = rd_kafka_message_timestamp(message, NULL),
                                .key_hash = message->key == NULL ? 0 : checksum(message->key, message->key_len),
                                .value_hash = message->payload == NULL ? 0 : checksum(message->payload, message->len)};
}

bool message_is(const rd_kafka_message_t *message, const struct fingerprint *fingerprint)
{
    struct fingerprint now = fingerprint_of(message);
    return now.timestamp_ms == fingerprint->timestamp_ms && now.key_hash == fingerprint->key_hash &&
           now.value_hash == fingerprint->value_hash;
}

struct err *another_topic(const struct consumer *consumer, const struct partition *partition, const char *why)
{
    return err_new(
        ERR_SOURCE_STOPPED,
        "topic \"%s\", partition %d is not the one that was read before: %s. If it was recreated, ALTER SOURCE %s "
        "ACCEPT NEW TOPIC begins anew with it; what was stored stays",
        consumer->source->options.topics[partition->topic], partition->id, why, consumer->source->name);
}

void partition_skip_to(struct partition *partition, int64_t offset)
{
    if (offset > partition->position) {
        partition->counts.absent += (uint64_t)(offset - partition->position);
        partition->position = offset;
    }
}

bool consumer_all_failed(const struct consumer *consumer)
{
    return (consumer->messages == FIRST_MESSAGES && consumer->messages_dead == FIRST_MESSAGES) ||
           (consumer->messages == CHECK_MESSAGES && consumer->messages_dead >= CHECK_MESSAGES / 2);
}

/* How many more messages until the next look at whether all failed. */
static uint64_t messages_to_check(const struct consumer *consumer)
{
    return consumer->messages < FIRST_MESSAGES   ? FIRST_MESSAGES - consumer->messages
           : consumer->messages < CHECK_MESSAGES ? CHECK_MESSAGES - consumer->messages
                                                 : UINT64_MAX;
}

static bool is_memory(const struct err *err)
{
    return err_code(err) == ERR_MEMORY_LIMIT || err_code(err) == ERR_OOM;
}

static struct slice payload_of(const rd_kafka_message_t *message)
{
    return slice_of(message->payload, message->payload == NULL ? 0 : message->len);
}

static struct slice key_of(const rd_kafka_message_t *message)
{
    return slice_of(message->key, message->key == NULL ? 0 : message->key_len);
}

/* The message is done. */
static void advance(struct consumer *consumer, struct partition *partition, const rd_kafka_message_t *message)
{
    partition->position = message->offset + 1;
    partition->at_end = false;
    consumer->messages++;
}

/* ---- dead letters */

static struct err *add_dead_range(struct partition *partition, int64_t offset)
{
    if (partition->dead_count > 0 && partition->dead[partition->dead_count - 1].end == offset) {
        partition->dead[partition->dead_count - 1].end++;
        return NULL;
    }
    if (partition->dead_count == partition->dead_capacity) {
        uint32_t larger = partition->dead_capacity == 0 ? 16 : partition->dead_capacity * 2;
        struct offset_range *grown = realloc(partition->dead, larger * sizeof(*grown));
        if (grown == NULL) {
            return err_oom();
        }
        partition->dead = grown;
        partition->dead_capacity = larger;
    }
    partition->dead[partition->dead_count++] = (struct offset_range){offset, offset + 1};
    return NULL;
}

static struct err *dead_letter(struct consumer *consumer, struct partition *partition,
                               const rd_kafka_message_t *message, const char *reason)
{
    struct err *err = NULL;
    struct source *source = consumer->source;
    struct buffer headers = {0};
    if (consumer->rows != NULL) {
        return NULL; /* it was told when it came first */
    }
    if (consumer->draft == NULL) {
        OR_DONE(draft_create(consumer->store, &consumer->draft));
    }
    kafka_headers_text(message, &headers);
    struct dead_letter letter = {.table_id = source->table_id,
                                 .database = slice_text(source->table_database),
                                 .table = slice_text(source->table_name),
                                 .source = slice_text(source->name),
                                 .topic = slice_text(source->options.topics[partition->topic]),
                                 .stream_id = partition->key.stream_id,
                                 .incarnation = partition->key.incarnation,
                                 .partition = partition->id,
                                 .offset = message->offset,
                                 .timestamp_ms = rd_kafka_message_timestamp(message, NULL),
                                 .reason = slice_text(reason),
                                 .key = key_of(message),
                                 .headers = buffer_all(&headers),
                                 .message = payload_of(message)};
    OR_DONE(draft_dead_letter(consumer->draft, &letter));
    OR_DONE(add_dead_range(partition, message->offset));
    partition->counts.dead++;
    if (consumer->messages_dead++ == 0) {
        (void)snprintf(consumer->first_reason, sizeof(consumer->first_reason), "%s", reason);
    }
done:
    buffer_deinit(&headers);
    return err;
}

/* ---- plain */

static struct err *take_plain(struct consumer *consumer, struct partition *partition, const rd_kafka_message_t *message)
{
    uint64_t rows;
    consumer->row_offset = message->offset; /* for the address of each row, set as the row begins */
    struct err *err = reader_message(consumer->reader, rows_of(consumer), payload_of(message), &rows);
    if (err != NULL && is_memory(err)) {
        return err;
    }
    if (err != NULL) {
        struct err *kept = dead_letter(consumer, partition, message, err_message(err));
        err_free(err);
        if (kept != NULL) {
            return kept;
        }
    } else {
        partition->counts.stored++;
    }
    advance(consumer, partition, message);
    return NULL;
}

/* ---- groups */

/* Messages that go through the expressions together. */
struct group {
    struct consumer *consumer;
    struct partition *partition;
    rd_kafka_message_t *const *messages;
    uint32_t count;
    struct arena *arena;
    struct err **failures; /* per message */
    uint32_t *first_row;   /* per message and one more: where its rows begin */
    bool *passed;          /* per message: some row did */
    struct chunk **fields; /* what the reader made */
    struct row_chunk **chunks;
    uint32_t chunk_count;
};

static struct err *read_group(struct group *group)
{
    struct err *err = NULL;
    struct consumer *consumer = group->consumer;
    for (uint32_t k = 0; k < group->count; k++) {
        uint64_t rows = 0;
        err = reader_message(consumer->reader, consumer->message_builder, payload_of(group->messages[k]), &rows);
        if (err != NULL && is_memory(err)) {
            return err;
        }
        group->failures[k] = err;
        group->first_row[k + 1] = group->first_row[k] + (err == NULL ? (uint32_t)rows : 0);
    }
    OR_DONE(builder_take(consumer->message_builder, &group->chunks, &group->chunk_count));
    group->fields = arena_array(group->arena, (size_t)group->chunk_count + 1, sizeof(*group->fields));
    if (group->fields == NULL) {
        return arena_error(group->arena);
    }
    for (uint32_t c = 0; c < group->chunk_count; c++) {
        group->fields[c] = row_chunk_view(group->arena, group->chunks[c], row_chunk_rows(group->chunks[c]));
        if (group->fields[c] == NULL) {
            return arena_error(group->arena);
        }
    }
done:
    return err;
}

static struct err *headers_of(struct group *group, const rd_kafka_message_t *message, struct slice *out)
{
    struct buffer text = {0};
    kafka_headers_text(message, &text);
    *out = arena_slice(group->arena, buffer_all(&text));
    bool failed = text.failed || (out->data == NULL && text.length > 0);
    buffer_deinit(&text);
    return failed ? arena_error(group->arena) : NULL;
}

/* The message's own columns for `rows` rows from row `begin` on. */
static struct err *put_metadata(struct group *group, struct chunk *chunk, uint32_t begin, uint32_t message)
{
    struct err *err = NULL;
    const struct consumer *consumer = group->consumer;
    uint32_t count, rows = chunk->row_count;
    const struct source_column *input = transform_input(consumer->transform, &count);
    struct slice topic = slice_text(consumer->source->options.topics[group->partition->topic]), none = slice_text("");
    bool with_headers = transform_uses(consumer->transform, MESSAGE_HEADERS);
    for (uint32_t k = 0; k < MESSAGE_COLUMNS; k++) {
        chunk->columns[k] =
            k == MESSAGE_TOPIC       ? column_const(group->arena, input[k].type, &topic, rows)
            : k == MESSAGE_PARTITION ? column_const(group->arena, input[k].type, &group->partition->id, rows)
            : k == MESSAGE_HEADERS && !with_headers ? column_const(group->arena, input[k].type, &none, rows)
                                                    : column_new(group->arena, input[k].type, rows);
        if (chunk->columns[k] == NULL) {
            return arena_error(group->arena);
        }
    }
    int64_t *offsets = chunk->columns[MESSAGE_OFFSET]->values, *times = chunk->columns[MESSAGE_TIMESTAMP]->values;
    struct slice *keys = chunk->columns[MESSAGE_KEY]->values, *headers = chunk->columns[MESSAGE_HEADERS]->values;
    for (uint32_t row = 0; row < rows; row++) {
        bool next = row == 0;
        while (group->first_row[message + 1] <= begin + row) {
            message++;
            next = true;
        }
        const rd_kafka_message_t *from = group->messages[message];
        offsets[row] = from->offset;
        times[row] = rd_kafka_message_timestamp(from, NULL);
        keys[row] = key_of(from);
        if (with_headers && next) {
            OR_DONE(headers_of(group, from, &headers[row]));
        } else if (with_headers) {
            headers[row] = headers[row - 1];
        }
    }
done:
    return err;
}

/* Rows [begin, end) of the group, all of one chunk of fields, which begins with row `first`; `message` has row begin.
 */
struct piece {
    uint32_t chunk;
    uint32_t first, begin, end;
    uint32_t message;
};

/* Through AS SELECT. */
static struct err *select_rows(struct group *group, const struct piece *piece, const struct chunk *fields,
                               uint8_t *passed)
{
    struct err *err = NULL;
    struct consumer *consumer = group->consumer;
    uint32_t input_count;
    (void)transform_input(consumer->transform, &input_count);
    struct chunk *chunk = chunk_new(group->arena, input_count, fields->row_count);
    if (chunk == NULL) {
        return arena_error(group->arena);
    }
    OR_DONE(put_metadata(group, chunk, piece->begin, piece->message));
    for (uint32_t k = MESSAGE_COLUMNS; k < input_count; k++) {
        chunk->columns[k] = fields->columns[k - MESSAGE_COLUMNS];
    }
    err = transform_run(consumer->transform, consumer->table, group->arena, chunk,
                        chunk->columns[MESSAGE_OFFSET]->values, rows_of(consumer), passed);
done:
    return err;
}

/* The table's columns, with the values of DEFAULT expressions that the messages do not give. */
static struct err *default_rows(struct group *group, const struct piece *piece, struct chunk *fields)
{
    struct err *err = NULL;
    struct consumer *consumer = group->consumer;
    const struct table_def *def = consumer->def;
    uint32_t message = piece->message;
    uint32_t count = table_input_count(def);
    const uint8_t **missing = arena_array(group->arena, (size_t)count + 1, sizeof(*missing));
    int64_t *offsets = ARENA_ARRAY(group->arena, int64_t, fields->row_count);
    if (missing == NULL || offsets == NULL) {
        return arena_error(group->arena);
    }
    for (uint32_t k = 0; k < count; k++) {
        const uint8_t *marks = row_chunk_missing(group->chunks[piece->chunk], k);
        missing[k] = marks == NULL ? NULL : marks + (piece->begin - piece->first);
    }
    for (uint32_t row = 0; row < fields->row_count; row++) {
        while (group->first_row[message + 1] <= piece->begin + row) {
            message++;
        }
        offsets[row] = group->messages[message]->offset;
    }
    OR_DONE(table_fill_defaults(consumer->table, def, group->arena, fields, missing));
    struct chunk kept = {fields->row_count, def->column_count, fields->columns}; /* EPHEMERAL ones have served */
    err = builder_append(rows_of(consumer), &kept, offsets);
done:
    return err;
}

static struct err *run_rows(struct group *group, const struct piece *piece)
{
    struct err *err = NULL;
    uint32_t rows = piece->end - piece->begin, message = piece->message;
    struct chunk *fields =
        chunk_part(group->arena, group->fields[piece->chunk], piece->begin - piece->first, piece->end - piece->first);
    uint8_t *passed = arena_array(group->arena, rows, 1);
    if (fields == NULL || passed == NULL) {
        return arena_error(group->arena);
    }
    if (group->consumer->transform != NULL) {
        OR_DONE(select_rows(group, piece, fields, passed));
    } else {
        memset(passed, 1, rows);
        OR_DONE(default_rows(group, piece, fields));
    }
    for (uint32_t row = 0; row < rows; row++) {
        while (group->first_row[message + 1] <= piece->begin + row) {
            message++;
        }
        group->passed[message] |= passed[row] != 0;
    }
done:
    return err;
}

/* The rows of messages [first, end) through the expressions; all of them, or none. */
static struct err *run_messages(struct group *group, uint32_t first, uint32_t end)
{
    struct err *err = NULL;
    struct builder *builder = rows_of(group->consumer);
    struct builder_mark mark = builder_mark(builder);
    uint32_t begin = group->first_row[first], row_end = group->first_row[end], chunk_begin = 0, message = first;
    for (uint32_t c = 0; c < group->chunk_count && err == NULL; c++) {
        uint32_t chunk_end = chunk_begin + group->fields[c]->row_count;
        uint32_t from = begin > chunk_begin ? begin : chunk_begin, to = row_end < chunk_end ? row_end : chunk_end;
        if (from < to) {
            while (group->first_row[message + 1] <= from) {
                message++;
            }
            err = run_rows(group, &(struct piece){c, chunk_begin, from, to, message});
        }
        chunk_begin = chunk_end;
    }
    if (err == NULL) {
        return NULL;
    }
    builder_rollback(builder, mark);
    for (uint32_t k = first; k < end; k++) {
        group->passed[k] = false;
    }
    if (is_memory(err)) {
        return err;
    }
    if (end - first == 1) {
        group->failures[first] = err;
        return NULL;
    }
    err_free(err);
    uint32_t middle = first + (end - first) / 2;
    err = run_messages(group, first, middle);
    return err != NULL ? err : run_messages(group, middle, end);
}

/* Coverage and dead letters of the group, in order. An error leaves rows without coverage. */
static struct err *count_group(struct group *group)
{
    struct err *err = NULL;
    struct partition *partition = group->partition;
    for (uint32_t k = 0; k < group->count; k++) {
        partition_skip_to(partition, group->messages[k]->offset);
        if (group->failures[k] != NULL) {
            OR_DONE(dead_letter(group->consumer, partition, group->messages[k], err_message(group->failures[k])));
        } else if (group->passed[k]) {
            partition->counts.stored++;
        } else {
            partition->counts.filtered++;
        }
        advance(group->consumer, partition, group->messages[k]);
    }
done:
    return err;
}

static struct err *take_group(struct consumer *consumer, struct partition *partition,
                              rd_kafka_message_t *const *messages, uint32_t count)
{
    struct err *err = NULL;
    struct group group = {.consumer = consumer,
                          .partition = partition,
                          .messages = messages,
                          .count = count,
                          .arena = arena_create(consumer->source->sources->budget)};
    struct builder *builder = rows_of(consumer);
    struct builder_mark mark = builder_mark(builder);
    if (group.arena == NULL) {
        return err_oom();
    }
    group.failures = arena_array(group.arena, count, sizeof(struct err *));
    group.first_row = ARENA_ARRAY(group.arena, uint32_t, (size_t)count + 1);
    group.passed = ARENA_ARRAY(group.arena, bool, count);
    if (group.failures == NULL || group.first_row == NULL || group.passed == NULL) {
        err = arena_error(group.arena);
        goto done;
    }
    memset(group.failures, 0, count * sizeof(struct err *));
    memset(group.passed, 0, count * sizeof(bool));
    group.first_row[0] = 0;
    OR_DONE(read_group(&group));
    OR_DONE(run_messages(&group, 0, count));
    err = count_group(&group);
    if (err != NULL) {
        consumer->torn = true;
    }
done:
    if (err != NULL && !consumer->torn) {
        builder_rollback(builder, mark);
        builder_rollback(consumer->message_builder, (struct builder_mark){0});
    }
    for (uint32_t k = 0; group.failures != NULL && k < count; k++) {
        err_free(group.failures[k]);
    }
    for (uint32_t c = 0; c < group.chunk_count; c++) {
        row_chunk_unref(group.chunks[c]);
    }
    free(group.chunks);
    arena_destroy(group.arena);
    return err;
}

/* ---- in order */

/* The message that the ledger remembers as the last one must still be there, unless it is gone. */
static struct err *verify(const struct consumer *consumer, struct partition *partition,
                          const rd_kafka_message_t *message)
{
    if (message->offset == partition->verify_offset && !message_is(message, &partition->verify)) {
        return another_topic(consumer, partition, "the last message that was stored is not the same any more");
    }
    if (message->offset >= partition->verify_offset) {
        partition->verify_offset = -1; /* the same, or gone by compaction or retention */
    }
    return NULL;
}

struct err *consumer_take(struct consumer *consumer, struct partition *partition, rd_kafka_message_t *const *messages,
                          uint32_t count, uint32_t *taken)
{
    struct err *err = NULL;
    struct coverage_counts before = partition->counts;
    int64_t position = partition->position;
    uint64_t rows_before = consumer->rows == NULL ? builder_rows(rows_of(consumer)) : 0;
    builder_stream(rows_of(consumer), partition->key.stream_id, partition->key.incarnation, partition->id);
    while (*taken < count && !consumer_all_failed(consumer)) {
        const rd_kafka_message_t *message = messages[*taken];
        uint32_t step = 1;
        if (partition->verify_offset >= 0) {
            OR_DONE(verify(consumer, partition, message));
        }
        if (message->offset < partition->position) {
            (*taken)++; /* covered already */
            continue;
        }
        if (consumer->message_builder == NULL) {
            partition_skip_to(partition, message->offset);
            OR_DONE(take_plain(consumer, partition, message));
        } else {
            uint64_t most = messages_to_check(consumer);
            step = count - *taken < most ? count - *taken : (uint32_t)most;
            OR_DONE(take_group(consumer, partition, messages + *taken, step));
        }
        *taken += step;
    }
done:
    if (partition->position > position && *taken > 0 && messages[*taken - 1]->offset + 1 == partition->position) {
        partition->fingerprint = fingerprint_of(messages[*taken - 1]);
        partition->newest_timestamp_ms = partition->fingerprint.timestamp_ms;
    }
    partition->total.stored += partition->counts.stored - before.stored;
    partition->total.filtered += partition->counts.filtered - before.filtered;
    partition->total.dead += partition->counts.dead - before.dead;
    if (consumer->rows == NULL) {
        err_keep_first(&err, event_times_note(consumer, partition, rows_before));
    }
    return err;
}
