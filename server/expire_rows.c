/*
 * expire_rows.c: one TTL applied to a table's rows: SELECTs of where they are and of what stands for them, over the
 * segments that a mutation knows.
 *
 * flow     expire.c → here → sql/bind.h, query/execute.h → storage/mutation.h
 */
#include "server/expire_private.h"

#include "base/clock.h"
#include "query/storage_source.h"
#include "server/changed_rows.h"
#include "server/inner_query.h"
#include "sql/printer.h"
#include "storage/mutation.h"
#include "storage/snapshot.h"
#include "storage/table.h"

#include <stdlib.h>

struct applying {
    struct expire_work *work;
    struct inner_query inner;
    struct segment_choice choice;
    struct table_def *def;
    struct expire_rule rule;
    struct slice from;
    struct changed_rows rows; /* mutation NULL: rows are only counted */
    struct expire_count *counts;
    uint32_t count, capacity;
    struct arena *out; /* of the counts */
};

static bool is_wanted(void *user, const struct ledger_segment *segment)
{
    const struct applying *applying = user;
    const struct expire_work *work = applying->work;
    return (work->wanted == NULL || work->wanted(work->user, segment)) &&
           (applying->rows.mutation == NULL || mutation_knows(applying->rows.mutation, segment->pack, segment->offset));
}

/* ---- an execution of its own */

static struct err *begin(struct applying *applying, uint32_t rule)
{
    struct err *err = NULL;
    struct expire_work *work = applying->work;
    struct expire_rule *rules = NULL;
    uint32_t count = 0;

    applying->def = table_definition(work->table);
    OR_DONE(inner_query_begin(
        &applying->inner, work->server,
        &(struct inner_query_options){.what = "rows' TTL", .database = slice_text(applying->def->database)}));
    struct execution *execution = applying->inner.execution;
    applying->choice = (struct segment_choice){table_id(work->table), is_wanted, applying};
    execution->choice = &applying->choice;
    execution->places = true;
    execution->settings.skip_damaged_segments = true; /* what cannot be read stays as it is */
    for (uint32_t i = 0; i < SCAN_PLACE_COUNT; i++) {
        if (table_column_find(applying->def, slice_text(source_places[i])) >= 0) {
            return err_new(ERR_NOT_IMPLEMENTED, "TTL of rows in a table with a column %s is not supported",
                           source_places[i]);
        }
    }
    struct slice database = sql_identifier(execution->arena, slice_text(applying->def->database));
    struct slice name = sql_identifier(execution->arena, slice_text(applying->def->name));
    char *from = database.data == NULL || name.data == NULL
                     ? NULL
                     : arena_format(execution->arena, "%.*s.%.*s", SLICE_ARG(database), SLICE_ARG(name));
    if (from == NULL) {
        return arena_error(execution->arena);
    }
    applying->from = slice_text(from);
    OR_DONE(expire_rules(execution->arena, &execution->context, applying->def, work->now_us, &rules, &count));
    if (rule >= count) {
        err = err_new(ERR_ABORTED, "the table was altered meanwhile");
        goto done;
    }
    applying->rule = rules[rule];
done:
    return err;
}

static void end(struct applying *applying)
{
    mutation_end(applying->rows.mutation);
    buffer_deinit(&applying->rows.whole);
    inner_query_end(&applying->inner);
    table_def_unref(applying->def);
}

static struct err *run(struct applying *applying, char *text, query_sink sink)
{
    struct err *err = NULL;
    if (text == NULL) {
        return arena_error(applying->inner.execution->arena);
    }
    OR_DONE(inner_query_bind(&applying->inner, slice_text(text)));
    err = inner_query_run(&applying->inner, applying->work->threads, applying->work->progress, sink, applying);
done:
    return err;
}

/* ---- counting */

static struct err *take_counts(void *user, const struct chunk *chunk, bool *stop)
{
    struct applying *applying = user;
    (void)stop;
    for (uint32_t row = 0; row < chunk->row_count; row++) {
        if (applying->count == applying->capacity) {
            uint32_t capacity = applying->capacity == 0 ? 64 : applying->capacity * 2;
            struct expire_count *counts = ARENA_ARRAY(applying->out, struct expire_count, capacity);
            if (counts == NULL) {
                return arena_error(applying->out);
            }
            for (uint32_t i = 0; i < applying->count; i++) {
                counts[i] = applying->counts[i];
            }
            applying->counts = counts;
            applying->capacity = capacity;
        }
        applying->counts[applying->count++] =
            (struct expire_count){{*(const uint64_t *)column_value(chunk->columns[0], row),
                                   *(const uint64_t *)column_value(chunk->columns[1], row)},
                                  *(const uint64_t *)column_value(chunk->columns[2], row)};
    }
    return NULL;
}

struct err *expire_counts(struct expire_work *work, struct arena *arena, uint32_t rule, struct expire_count **out,
                          uint32_t *count)
{
    struct err *err = NULL;
    struct applying applying = {.work = work, .out = arena};

    const char *pack = source_places[SCAN_PLACE_PACK], *offset = source_places[SCAN_PLACE_OFFSET];

    OR_DONE(begin(&applying, rule));
    struct arena *own = applying.inner.execution->arena;
    bool latest = applying.rule.kind == EXPIRE_RECOMPRESS;
    OR_DONE(run(&applying,
                latest ? arena_format(own, "SELECT %s, %s, toUInt64(greatest(max(%s), 0)) FROM %.*s GROUP BY %s, %s",
                                      pack, offset, applying.rule.expired, SLICE_ARG(applying.from), pack, offset)
                       : arena_format(own, "SELECT %s, %s, count() FROM %.*s WHERE %s GROUP BY %s, %s", pack, offset,
                                      SLICE_ARG(applying.from), applying.rule.expired, pack, offset),
                take_counts));
    *out = applying.counts;
    *count = applying.count;
done:
    end(&applying);
    return err;
}

/* ---- applying */

static struct err *take_places(void *user, const struct chunk *chunk, bool *stop)
{
    const struct applying *applying = user;
    (void)stop;
    return changed_rows_delete(&applying->rows, chunk);
}

static struct err *take_changed(void *user, const struct chunk *chunk, bool *stop)
{
    const struct applying *applying = user;
    (void)stop;
    return changed_rows_replace(&applying->rows, chunk);
}

static struct err *take_segments(void *user, const struct chunk *chunk, bool *stop)
{
    struct applying *applying = user;
    (void)stop;
    return changed_rows_note_whole(&applying->rows, chunk);
}

static struct err *take_combined(void *user, const struct chunk *chunk, bool *stop)
{
    const struct applying *applying = user;
    (void)stop;
    return changed_rows_add(&applying->rows, chunk, 1);
}

/* Both SELECTs see the same segments, and nobody changes these meanwhile. */
static struct err *combine(struct applying *applying)
{
    struct err *err = NULL;
    struct arena *arena = applying->inner.execution->arena;
    const struct expire_rule *rule = &applying->rule;

    OR_DONE(run(applying,
                arena_format(arena,
                             "SELECT %s, %s, %s FROM %.*s WHERE (%s) AND (%s IN (SELECT %s FROM %.*s WHERE %s GROUP BY "
                             "%s HAVING %s))",
                             source_places[0], source_places[1], source_places[2], SLICE_ARG(applying->from),
                             rule->condition, rule->group, rule->group, SLICE_ARG(applying->from), rule->condition,
                             rule->group, rule->having),
                take_places));
    err = run(applying,
              arena_format(arena, "SELECT %s%s FROM %.*s WHERE %s GROUP BY %s HAVING %s", rule->group, rule->columns,
                           SLICE_ARG(applying->from), rule->condition, rule->group, rule->having),
              take_combined);
done:
    return err;
}

/* Rows that leave, or lose values. */
static struct err *replace(struct applying *applying)
{
    struct err *err = NULL;
    struct arena *arena = applying->inner.execution->arena;
    const struct expire_rule *rule = &applying->rule;
    bool changes = rule->kind == EXPIRE_COLUMNS;
    struct slice condition = slice_text(rule->condition);

    if (changes && mutation_keeps_order(applying->rows.mutation)) {
        OR_DONE(run(applying, changed_rows_select_whole(&applying->rows, applying->from, condition), take_segments));
    }
    char *also = changed_rows_or_whole(&applying->rows);
    if (also == NULL) {
        return arena_error(arena);
    }
    err = run(applying,
              arena_format(arena, "SELECT %s, %s, %s%s FROM %.*s WHERE (%s)%s", source_places[0], source_places[1],
                           source_places[2], changes ? rule->columns : "", SLICE_ARG(applying->from), rule->condition,
                           also),
              changes ? take_changed : take_places);
done:
    return err;
}

struct err *expire_apply(struct expire_work *work, uint32_t rule)
{
    struct err *err = NULL;
    struct applying applying = {.work = work};
    uint64_t rows = 0;
    uint32_t segments = 0;

    OR_DONE(begin(&applying, rule));
    struct arena *arena = applying.inner.execution->arena;
    applying.rows = (struct changed_rows){.table = work->table, .def = applying.def, .arena = arena};
    OR_DONE(mutation_begin_expiry(work->table, arena, &applying.inner.process.budget, &applying.rows.mutation));
    if (mutation_def(applying.rows.mutation)->schema_version != applying.def->schema_version) {
        err = err_new(ERR_ABORTED, "the table was altered meanwhile; its rows expire later");
        goto done;
    }
    if (mutation_keeps_order(applying.rows.mutation)) {
        work->threads = 1; /* segment by segment */
    }
    const struct expire_rule *own = &applying.rule;
    if (own->kind == EXPIRE_GROUPS) {
        OR_DONE(combine(&applying));
    } else {
        OR_DONE(replace(&applying));
    }
    OR_DONE(mutation_commit(applying.rows.mutation, &rows, &segments));
    work->rows += rows;
done:
    end(&applying);
    return err;
}
