/*
 * system_alerts.c: system.alerts: rules and how they are; system.alert_instances: what is pending, fires, or was
 * resolved.
 */
#include "server/alerts.h"
#include "server/system_tables.h"

static const char *const rule_columns[] = {"database",
                                           "String",
                                           "name",
                                           "String",
                                           "kind",
                                           "String",
                                           "file",
                                           "String",
                                           "line",
                                           "UInt32",
                                           "rule_group",
                                           "String",
                                           "rule_id",
                                           "UInt64",
                                           "state",
                                           "String",
                                           "health",
                                           "String",
                                           "last_error",
                                           "String",
                                           "instances",
                                           "UInt32",
                                           "data_time",
                                           "Nullable(DateTime64(6, 'UTC'))",
                                           "last_evaluation",
                                           "Nullable(DateTime64(6, 'UTC'))",
                                           "evaluation_seconds",
                                           "Float64",
                                           "evaluations",
                                           "UInt64",
                                           "failures",
                                           "UInt64",
                                           "skipped",
                                           "UInt64",
                                           "query",
                                           "String",
                                           "interval",
                                           "Float64",
                                           "delay",
                                           "Float64",
                                           "for",
                                           "Float64",
                                           "keep_firing_for",
                                           "Float64",
                                           "max_wait",
                                           "Float64",
                                           "max_instances",
                                           "UInt32",
                                           "paused",
                                           "UInt8",
                                           "labels",
                                           "Map(String, String)",
                                           "annotations",
                                           "Map(String, String)",
                                           "fires_early",
                                           "UInt8",
                                           "waits_because",
                                           "String",
                                           "by_panes",
                                           "UInt8",
                                           "scans_because",
                                           "String",
                                           NULL};
static const char *const instance_columns[] = {"database",
                                               "String",
                                               "name",
                                               "String",
                                               "rule_group",
                                               "String",
                                               "rule_id",
                                               "UInt64",
                                               "fingerprint",
                                               "String",
                                               "state",
                                               "String",
                                               "value",
                                               "Float64",
                                               "labels",
                                               "Map(String, String)",
                                               "annotations",
                                               "Map(String, String)",
                                               "active_at",
                                               "Nullable(DateTime64(6, 'UTC'))",
                                               "fired_at",
                                               "Nullable(DateTime64(6, 'UTC'))",
                                               "keep_firing_since",
                                               "Nullable(DateTime64(6, 'UTC'))",
                                               "resolved_at",
                                               "Nullable(DateTime64(6, 'UTC'))",
                                               NULL};

static void put_time(struct source_rows *rows, uint32_t column, int64_t us)
{
    if (us == TIME_NONE) {
        source_row_null(rows, column);
    } else {
        source_row_int(rows, column, us);
    }
}

static void put_seconds(struct source_rows *rows, uint32_t column, int64_t us)
{
    source_row_double(rows, column, (double)us * 1e-6);
}

static void put_labels(struct source_rows *rows, uint32_t column, const struct labels *labels)
{
    for (uint32_t k = 0; k < labels->count; k++) {
        source_row_entry(rows, column, labels->items[k].name, labels->items[k].value);
    }
}

static void put_rule(struct source_rows *rows, const struct alert_view *view)
{
    const struct rule *rule = view->rule;
    source_row_text(rows, 0, rule->database);
    source_row_text(rows, 1, rule->name);
    source_row_text(rows, 2, slice_text(rule->kind == RULE_ALERT ? "alert" : "record"));
    source_row_text(rows, 3, rule->file);
    source_row_uint(rows, 4, rule->line);
    source_row_text(rows, 5, rule->group);
    source_row_uint(rows, 6, rule->id);
    source_row_text(rows, 7,
                    slice_text(rule->paused                ? "paused"
                               : view->stale               ? "stale"
                               : rule->kind == RULE_RECORD ? "recording"
                                                           : instance_states[view->state]));
    source_row_text(rows, 8, slice_text(rule_healths[view->health]));
    source_row_text(rows, 9, view->last_error);
    source_row_uint(rows, 10, view->instance_count);
    put_time(rows, 11, view->t_us);
    put_time(rows, 12, view->last_evaluation_us);
    put_seconds(rows, 13, (int64_t)view->duration_us);
    source_row_uint(rows, 14, view->evaluations);
    source_row_uint(rows, 15, view->failures);
    source_row_uint(rows, 16, view->skipped);
    source_row_text(rows, 17, rule->query);
    put_seconds(rows, 18, rule->interval_us);
    put_seconds(rows, 19, rule->offset_us);
    put_seconds(rows, 20, rule->for_us);
    put_seconds(rows, 21, rule->keep_us);
    put_seconds(rows, 22, rule->max_wait_us);
    source_row_uint(rows, 23, rule->limit);
    source_row_uint(rows, 24, rule->paused);
    put_labels(rows, 25, &rule->labels);
    put_labels(rows, 26, &rule->annotations);
    source_row_uint(rows, 27, view->waits == NULL);
    source_row_text(rows, 28, slice_text(view->waits == NULL ? "" : view->waits));
    source_row_uint(rows, 29, view->scans == NULL);
    source_row_text(rows, 30, slice_text(view->scans == NULL ? "" : view->scans));
}

static void put_instance(struct source_rows *rows, const struct rule *rule, const struct instance *instance)
{
    char fingerprint[17];
    fingerprint_text(instance->fingerprint, fingerprint);
    source_row_text(rows, 0, rule->database);
    source_row_text(rows, 1, rule->name);
    source_row_text(rows, 2, rule->group);
    source_row_uint(rows, 3, rule->id);
    source_row_text(rows, 4, slice_text(fingerprint));
    source_row_text(rows, 5,
                    slice_text(instance->state == INSTANCE_INACTIVE ? "resolved" : instance_states[instance->state]));
    source_row_double(rows, 6, instance->value);
    put_labels(rows, 7, &instance->labels);
    put_labels(rows, 8, &instance->annotations);
    put_time(rows, 9, instance->active_at_us);
    put_time(rows, 10, instance->fired_at_us);
    put_time(rows, 11, instance->keep_since_us);
    put_time(rows, 12, instance->resolved_at_us);
}

static struct err *generate_rules(struct table_source *source, struct arena *arena,
                                  const struct source_request *request, struct source_output *output)
{
    struct err *err = NULL;
    struct source_rows *rows = NULL;
    struct alert_view *views = NULL;
    uint32_t count = 0;
    bool stop = false;
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    OR_DONE(alerts_list(system_server(), arena, false, &views, &count));
    for (uint32_t k = 0; k < count && !stop; k++) {
        put_rule(rows, &views[k]);
        OR_DONE(source_row_end(rows, &stop));
    }
    err = source_rows_end(rows);
done:
    return err;
}

static struct err *generate_instances(struct table_source *source, struct arena *arena,
                                      const struct source_request *request, struct source_output *output)
{
    struct err *err = NULL;
    struct source_rows *rows = NULL;
    struct alert_view *views = NULL;
    uint32_t count = 0;
    bool stop = false;
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    OR_DONE(alerts_list(system_server(), arena, true, &views, &count));
    for (uint32_t k = 0; k < count && !stop; k++) {
        for (uint32_t i = 0; i < views[k].instance_count && !stop; i++) {
            put_instance(rows, views[k].rule, &views[k].instances[i]);
            OR_DONE(source_row_end(rows, &stop));
        }
    }
    err = source_rows_end(rows);
done:
    return err;
}

void system_alerts_register(void)
{
    static struct system_table rules = {.name = "alerts", .columns = rule_columns, .generate = generate_rules};
    static struct system_table instances = {
        .name = "alert_instances", .columns = instance_columns, .generate = generate_instances};
    system_table_register(&rules);
    system_table_register(&instances);
}
