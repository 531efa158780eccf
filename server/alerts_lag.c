/*
 * alerts_lag.c: WeirSourceLag: sources that have not read what their brokers had alert_max_wait_s ago, by the wall
 * clock.
 */
#include "server/alerts_private.h"

#include "alert/template.h"
#include "base/clock.h"
#include "ingest/source.h"

static struct err *lag_row(struct arena *arena, const struct rule *rule, const struct source_time *source, double lag_s,
                           struct instance_row *out)
{
    struct err *err = NULL;
    const char *name = arena_format(arena, "%.*s.%.*s", SLICE_ARG(source->database), SLICE_ARG(source->source));
    const char *table = arena_format(arena, "%.*s.%.*s", SLICE_ARG(source->table_database), SLICE_ARG(source->table));
    struct label *items = ARENA_ARRAY(arena, struct label, 2);
    struct labels row = {items, 2};
    struct buffer text = {0};
    if (name == NULL || table == NULL || items == NULL) {
        return arena_error(arena);
    }
    items[0] = (struct label){slice_text("source"), slice_text(name)};
    items[1] = (struct label){slice_text("table"), slice_text(table)};
    out->value = lag_s;
    OR_DONE(rule_labels(arena, rule, &row, &rule->labels, &out->labels));
    const struct template_input input = {.labels = out->labels, .value = lag_s, .now_us = clock_wall_us()};
    out->annotations.items = ARENA_ARRAY(arena, struct label, (size_t)rule->annotations.count + 1);
    if (out->annotations.items == NULL) {
        err = arena_error(arena);
        goto done;
    }
    for (uint32_t k = 0; k < rule->annotations.count; k++) {
        text.length = 0;
        (void)template_expand(rule->annotations.items[k].value, &input, &text);
        struct label *to = &out->annotations.items[out->annotations.count++];
        *to = (struct label){rule->annotations.items[k].name, arena_slice(arena, buffer_all(&text))};
        if (text.failed || to->value.data == NULL) {
            err = err_oom();
            goto done;
        }
    }
done:
    buffer_deinit(&text);
    return err;
}

struct err *alert_source_lags(struct server *server, struct arena *arena, const struct rule *rule,
                              struct instance_row **rows, uint32_t *count)
{
    struct err *err = NULL;
    struct source_time *sources = NULL;
    uint32_t source_count = 0;
    const int64_t wall_us = clock_wall_us(), wait_us = (int64_t)server->config.alert_max_wait_s * 1000000;
    *count = 0;
    OR_DONE(sources_time(server->sources, 0, arena, &sources, &source_count));
    *rows = ARENA_ARRAY(arena, struct instance_row, (size_t)source_count + 1);
    if (*rows == NULL) {
        return arena_error(arena);
    }
    for (uint32_t k = 0; k < source_count; k++) {
        const struct source_time *source = &sources[k];
        int64_t since_us = source->known ? source->time_us + source->delay_us : server->started_at_us;
        if (!source->caught_up && wall_us - since_us > wait_us) {
            struct instance_row *row = &(*rows)[*count];
            *row = (struct instance_row){0};
            OR_DONE(lag_row(arena, rule, source, (double)(wall_us - since_us) * 1e-6, row));
            (*count)++;
        }
    }
done:
    return err;
}
