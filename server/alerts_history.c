/*
 * alerts_history.c: what is durable of alerts: system.alert_history, system.recorded_values, system.alert_checkpoints.
 *
 * order    transitions are rows before anybody hears of them; a rule's T and offsets are rows once a minute and at the
 *          end, so that a restart knows from where on to catch up
 */
#include "server/alerts_private.h"

#include "base/clock.h"
#include "server/inner_query.h"
#include "server/internal_table.h"
#include "storage/insert.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const history_columns[] = {"recorded_at",
                                              "DateTime64(6, 'UTC')",
                                              "at",
                                              "DateTime64(6, 'UTC')",
                                              "rule",
                                              "LowCardinality(String)",
                                              "rule_group",
                                              "LowCardinality(String)",
                                              "rule_id",
                                              "UInt64",
                                              "fingerprint",
                                              "String",
                                              "labels",
                                              "String",
                                              "annotations",
                                              "String",
                                              "from_state",
                                              "LowCardinality(String)",
                                              "to_state",
                                              "LowCardinality(String)",
                                              "reason",
                                              "LowCardinality(String)",
                                              "value",
                                              "Float64",
                                              "active_at",
                                              "Nullable(DateTime64(6, 'UTC'))",
                                              "fired_at",
                                              "Nullable(DateTime64(6, 'UTC'))",
                                              "keep_firing_since",
                                              "Nullable(DateTime64(6, 'UTC'))",
                                              "resolved_at",
                                              "Nullable(DateTime64(6, 'UTC'))",
                                              "offsets",
                                              "String",
                                              "sequence",
                                              "UInt64",
                                              NULL};
static const char *const recorded_columns[] = {
    "at", "DateTime64(6, 'UTC')", "name", "LowCardinality(String)", "labels", "String", "value", "Float64", NULL};
static const char *const checkpoint_columns[] = {
    "recorded_at", "DateTime64(6, 'UTC')", "rule_id", "UInt64", "t", "DateTime64(6, 'UTC')", "offsets", "String", NULL};

struct err *alert_history_open(struct alerts *alerts)
{
    static const struct internal_table_spec history = {.name = "alert_history",
                                                       .columns = history_columns,
                                                       .days = 90,
                                                       .bytes_max = (uint64_t)1 << 30,
                                                       .comment = "transitions of alerts"};
    static const struct internal_table_spec recorded = {.name = "recorded_values",
                                                        .columns = recorded_columns,
                                                        .days = 90,
                                                        .bytes_max = (uint64_t)4 << 30,
                                                        .comment = "what recording rules computed"};
    static const struct internal_table_spec checkpoints = {.name = "alert_checkpoints",
                                                           .columns = checkpoint_columns,
                                                           .days = 7,
                                                           .bytes_max = (uint64_t)64 << 20,
                                                           .comment = "how far rules were evaluated"};
    struct err *err = NULL;
    OR_DONE(internal_table_open(alerts->server, &history, &alerts->history));
    OR_DONE(internal_table_open(alerts->server, &recorded, &alerts->recorded));
    err = internal_table_open(alerts->server, &checkpoints, &alerts->checkpoints);
done:
    return err;
}

void alert_history_close(struct alerts *alerts)
{
    table_unref(alerts->history);
    table_unref(alerts->recorded);
    table_unref(alerts->checkpoints);
    alerts->history = alerts->recorded = alerts->checkpoints = NULL;
}

/* ---- rows */

static void put_time(struct builder *builder, uint32_t column, int64_t us)
{
    if (us == TIME_NONE) {
        builder_null(builder, column);
    } else {
        const int64_t value = us;
        builder_value(builder, column, &value);
    }
}

static void put_text(struct builder *builder, uint32_t column, const char *text)
{
    builder_string(builder, column, text, strlen(text));
}

static bool put_labels(struct builder *builder, uint32_t column, const struct labels *labels)
{
    struct buffer text = {0};
    labels_json(&text, labels);
    bool good = !text.failed;
    builder_string(builder, column, good ? text.data : "", good ? text.length : 0);
    buffer_deinit(&text);
    return good;
}

struct adding {
    struct alerts *alerts;
    const struct rule *rule;
    const struct transition *transitions;
    uint32_t count;
    struct slice offsets;
};

static struct err *fill_history(void *user, struct builder *builder)
{
    const struct adding *adding = user;
    for (uint32_t k = 0; k < adding->count; k++) {
        const struct transition *transition = &adding->transitions[k];
        const struct instance *instance = transition->instance;
        char fingerprint[17];
        if (!builder_row_begin(builder)) {
            return builder_error(builder);
        }
        fingerprint_text(instance->fingerprint, fingerprint);
        builder_u64(builder, 0, (uint64_t)clock_wall_us());
        builder_u64(builder, 1, (uint64_t)transition->at_us);
        builder_string(builder, 2, adding->rule->name.data, adding->rule->name.length);
        builder_string(builder, 3, adding->rule->group.data, adding->rule->group.length);
        builder_u64(builder, 4, adding->rule->id);
        builder_string(builder, 5, fingerprint, 16);
        bool good = put_labels(builder, 6, &instance->labels) && put_labels(builder, 7, &instance->annotations);
        put_text(builder, 8, instance_states[transition->from]);
        put_text(builder, 9, instance_states[transition->to]);
        put_text(builder, 10, transition_reasons[transition->reason]);
        builder_f64(builder, 11, instance->value);
        put_time(builder, 12, instance->active_at_us);
        put_time(builder, 13, instance->fired_at_us);
        put_time(builder, 14, instance->keep_since_us);
        put_time(builder, 15, instance->resolved_at_us);
        builder_string(builder, 16, adding->offsets.data, adding->offsets.length);
        builder_u64(builder, 17, atomic_fetch_add(&adding->alerts->sequence, 1));
        if (!good) {
            builder_row_cancel(builder);
            return err_oom();
        }
        if (!builder_row_end(builder)) {
            return builder_error(builder);
        }
    }
    return NULL;
}

struct err *alert_history_add(struct alerts *alerts, const struct rule *rule, const struct transition *transitions,
                              uint32_t count, struct slice offsets)
{
    struct adding adding = {alerts, rule, transitions, count, offsets};
    return err_while(internal_table_append(alerts->history, fill_history, &adding), "recording transitions of \"%.*s\"",
                     SLICE_ARG(rule->name));
}

struct recording {
    const struct rule *rule;
    int64_t t_us;
    const struct instance_row *rows;
    uint32_t count;
};

static struct err *fill_recorded(void *user, struct builder *builder)
{
    const struct recording *recording = user;
    for (uint32_t k = 0; k < recording->count; k++) {
        if (!builder_row_begin(builder)) {
            return builder_error(builder);
        }
        builder_u64(builder, 0, (uint64_t)recording->t_us);
        builder_string(builder, 1, recording->rule->name.data, recording->rule->name.length);
        bool good = put_labels(builder, 2, &recording->rows[k].labels);
        builder_f64(builder, 3, recording->rows[k].value);
        if (!good) {
            builder_row_cancel(builder);
            return err_oom();
        }
        if (!builder_row_end(builder)) {
            return builder_error(builder);
        }
    }
    return NULL;
}

struct err *alert_record(struct alerts *alerts, const struct rule *rule, int64_t t_us, const struct instance_row *rows,
                         uint32_t count)
{
    struct recording recording = {rule, t_us, rows, count};
    char token[48];
    (void)snprintf(token, sizeof(token), "%016llx %lld", (unsigned long long)rule->id, (long long)t_us);
    return count == 0
               ? NULL
               : err_while(internal_table_append_once(alerts->recorded, slice_text(token), fill_recorded, &recording),
                           "recording \"%.*s\"", SLICE_ARG(rule->name));
}

struct checkpointing {
    const struct checkpoint *list;
    uint32_t count;
};

static struct err *fill_checkpoints(void *user, struct builder *builder)
{
    const struct checkpointing *all = user;
    for (uint32_t k = 0; k < all->count; k++) {
        if (!builder_row_begin(builder)) {
            return builder_error(builder);
        }
        builder_u64(builder, 0, (uint64_t)clock_wall_us());
        builder_u64(builder, 1, all->list[k].rule_id);
        builder_u64(builder, 2, (uint64_t)all->list[k].t_us);
        put_text(builder, 3, all->list[k].offsets);
        if (!builder_row_end(builder)) {
            return builder_error(builder);
        }
    }
    return NULL;
}

struct err *alert_checkpoint(struct alerts *alerts, const struct checkpoint *list, uint32_t count)
{
    struct checkpointing all = {list, count};
    return count == 0 ? NULL
                      : err_while(internal_table_append(alerts->checkpoints, fill_checkpoints, &all),
                                  "recording how far rules were evaluated");
}

/* ---- reading them again */

struct restoring {
    struct arena *arena;
    const struct function_context *context;
    struct rule_state *state;
    bool checkpoint;
    int64_t sequence;
};

static int64_t number_at(const struct column *column, uint32_t row)
{
    int64_t value;
    memcpy(&value, column_value(column, row), sizeof(value));
    return value;
}

static struct slice text_at(const struct column *column, uint32_t row)
{
    struct slice value;
    memcpy(&value, column_value(column, row), sizeof(value));
    return value;
}

/* The newest T and its offsets. */
static struct err *take_time(struct restoring *restoring, int64_t t_us, struct slice offsets)
{
    struct rule_state *state = restoring->state;
    if (t_us == TIME_NONE || (state->t_us != TIME_NONE && t_us <= state->t_us)) {
        return NULL;
    }
    char *required = strndup(offsets.length == 0 ? "" : offsets.data, offsets.length);
    if (required == NULL) {
        return err_oom();
    }
    free(state->required);
    state->required = required;
    state->t_us = t_us;
    return NULL;
}

static struct err *take_instance(struct restoring *restoring, struct column *const *columns, uint32_t row)
{
    struct err *err = NULL;
    struct instance instance = {0};
    struct slice state = text_at(columns[2], row);
    double value;
    OR_DONE(labels_read_json(restoring->arena, text_at(columns[0], row), &instance.labels));
    OR_DONE(labels_read_json(restoring->arena, text_at(columns[1], row), &instance.annotations));
    instance.fingerprint = labels_fingerprint(&instance.labels);
    instance.state = slice_equal(state, slice_text("firing"))    ? INSTANCE_FIRING
                     : slice_equal(state, slice_text("pending")) ? INSTANCE_PENDING
                                                                 : INSTANCE_INACTIVE;
    memcpy(&value, column_value(columns[3], row), sizeof(value));
    instance.value = value;
    instance.active_at_us = number_at(columns[4], row);
    instance.fired_at_us = number_at(columns[5], row);
    instance.keep_since_us = number_at(columns[6], row);
    instance.resolved_at_us = number_at(columns[7], row);
    OR_DONE(instances_restore(restoring->state->instances, &instance));
    err = take_time(restoring, number_at(columns[8], row), text_at(columns[9], row));
done:
    return err;
}

static struct err *take_chunk(void *user, const struct chunk *chunk, bool *stop)
{
    static const enum type_kind kinds[] = {TYPE_STRING, TYPE_STRING, TYPE_STRING, TYPE_FLOAT64, TYPE_INT64,
                                           TYPE_INT64,  TYPE_INT64,  TYPE_INT64,  TYPE_INT64,   TYPE_STRING};
    struct err *err = NULL;
    struct restoring *restoring = user;
    struct column *columns[10] = {NULL};
    (void)stop;
    for (uint32_t k = 0; k < chunk->column_count && k < 10; k++) {
        enum type_kind kind = restoring->checkpoint ? (k == 0 ? TYPE_INT64 : TYPE_STRING) : kinds[k];
        OR_DONE(function_cast(restoring->arena, restoring->context, chunk->columns[k], type_simple(kind), &columns[k]));
    }
    for (uint32_t row = 0; row < chunk->row_count; row++) {
        OR_DONE(restoring->checkpoint ? take_time(restoring, number_at(columns[0], row), text_at(columns[1], row))
                                      : take_instance(restoring, columns, row));
    }
done:
    return err;
}

static struct err *ask(struct alerts *alerts, struct restoring *restoring, const char *text, query_sink sink)
{
    struct err *err = NULL;
    struct inner_query inner = {0};
    const struct inner_query_options options = {.what = "the history of alerts", .database = slice_text("system")};
    OR_DONE(inner_query_begin(&inner, alerts->server, &options));
    OR_DONE(inner_query_bind(&inner, slice_text(text)));
    restoring->context = &inner.execution->context;
    err = inner_query_run(&inner, 1, NULL, sink, restoring);
done:
    inner_query_end(&inner);
    return err;
}

#define TIME_OF(column) "ifNull(toUnixTimestamp64Micro(" column "), toInt64('-9223372036854775808'))"

struct err *alert_history_restore(struct alerts *alerts, struct rule_state *state)
{
    struct err *err = NULL;
    struct restoring restoring = {.arena = arena_create(NULL), .state = state};
    const char *text;
    if (restoring.arena == NULL) {
        return err_oom();
    }
    /* A transition that was early does not say that its T had passed: the checkpoint before it does. */
    text = arena_format(restoring.arena,
                        "SELECT labels, annotations, toString(to_state), value, %s, %s, %s, %s, "
                        "if(reason = 'early', toInt64('-9223372036854775808'), toUnixTimestamp64Micro(at)), offsets "
                        "FROM system.alert_history WHERE rule_id = %llu ORDER BY sequence DESC LIMIT 1 BY fingerprint",
                        TIME_OF("active_at"), TIME_OF("fired_at"), TIME_OF("keep_firing_since"), TIME_OF("resolved_at"),
                        (unsigned long long)state->rule->id);
    if (text == NULL) {
        err = arena_error(restoring.arena);
        goto done;
    }
    OR_DONE(ask(alerts, &restoring, text, take_chunk));
    text = arena_format(restoring.arena,
                        "SELECT toUnixTimestamp64Micro(t), offsets FROM system.alert_checkpoints WHERE rule_id = %llu "
                        "ORDER BY t DESC LIMIT 1",
                        (unsigned long long)state->rule->id);
    if (text == NULL) {
        err = arena_error(restoring.arena);
        goto done;
    }
    restoring.checkpoint = true;
    err = ask(alerts, &restoring, text, take_chunk);
done:
    arena_destroy(restoring.arena);
    return err_while(err, "restoring the state of \"%.*s\"", SLICE_ARG(state->rule->name));
}

static struct err *take_sequence(void *user, const struct chunk *chunk, bool *stop)
{
    struct err *err = NULL;
    struct restoring *restoring = user;
    struct column *column = NULL;
    (void)stop;
    OR_DONE(function_cast(restoring->arena, restoring->context, chunk->columns[0], type_simple(TYPE_INT64), &column));
    for (uint32_t row = 0; row < chunk->row_count; row++) {
        restoring->sequence = number_at(column, row);
    }
done:
    return err;
}

struct err *alert_history_sequence(struct alerts *alerts)
{
    struct restoring restoring = {.arena = arena_create(NULL)};
    if (restoring.arena == NULL) {
        return err_oom();
    }
    struct err *err = ask(alerts, &restoring, "SELECT max(sequence) FROM system.alert_history", take_sequence);
    atomic_store(&alerts->sequence, (uint64_t)restoring.sequence + 1);
    arena_destroy(restoring.arena);
    return err;
}
