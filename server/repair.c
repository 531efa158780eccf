/*
 * repair.c: REPAIR TABLE: storage/repair.h and the table's sources, segment by segment.
 *
 * flow     ddl.c → here → storage/repair.h (what is missing, the commit), ingest/source.h (Kafka); the rows are a
 *          SELECT FROM values(…), so that they take every format
 * ends     with KILL QUERY and when the client hangs up; segments that were repaired before stay so
 */
#include "server/repair.h"

#include "base/interrupt.h"
#include "ingest/source.h"
#include "sql/printer.h"
#include "storage/coverage.h"
#include "storage/quarantine.h"
#include "storage/repair.h"

#include <inttypes.h>
#include <string.h>

#define RANGES_SHOWN 1000U /* of one row of the answer */

#define ANSWER                                                                                                         \
    "database String, table String, pack UInt64, offset UInt64, outcome String, proven UInt8, problem String, "        \
    "status String, stream String, incarnation UInt32, partition Nullable(Int32), rows UInt64, "                       \
    "ranges Array(Tuple(Int64, Int64)), reason String"

struct answer {
    struct execution *execution;
    struct table *table;
    struct table_def *def;
    struct buffer rows; /* of values(…) */
};

static void quoted(struct answer *answer, struct slice text)
{
    struct slice shown = sql_string(answer->execution->arena, text);
    answer->rows.failed = answer->rows.failed || shown.data == NULL;
    buffer_append(&answer->rows, shown.data == NULL ? "" : shown.data, shown.length);
}

/* Entries of one status, partition and reason make one row. */
static bool joins(const struct repair_entry *a, const struct repair_entry *b)
{
    return a->status == b->status && a->addressed == b->addressed && a->stream == b->stream &&
           a->partition == b->partition && a->why == b->why;
}

static void put_row(struct answer *answer, const struct segment_name *name, const struct repair_outcome *outcome,
                    const struct repair_entry *entries, uint32_t count)
{
    static const char *const statuses[] = {
        [REPAIR_KEPT] = "kept", [REPAIR_REPAIRED] = "repaired", [REPAIR_MISSING] = "missing"};
    struct buffer *rows = &answer->rows;
    struct ledger *ledger = answer->execution->server->store->ledger;
    const struct repair_entry *first = &entries[0];
    uint64_t total = 0;
    struct slice stream = slice_text("");

    for (uint32_t i = 0; i < count; i++) {
        total += entries[i].rows;
    }
    if (first->addressed) {
        stream = stream_identity(ledger, answer->execution->arena, (uint32_t)(first->stream >> 32));
    }
    buffer_text(rows, ", (");
    quoted(answer, slice_text(answer->def->database));
    buffer_text(rows, ", ");
    quoted(answer, slice_text(answer->def->name));
    buffer_printf(rows, ", %" PRIu64 ", %" PRIu64 ", '%s', %d, ", name->pack, name->offset,
                  !outcome->repaired  ? "damaged"
                  : outcome->lost > 0 ? "repaired in part"
                                      : "repaired",
                  outcome->proven ? 1 : 0);
    quoted(answer, slice_text(outcome->why == NULL ? "" : outcome->why));
    buffer_printf(rows, ", '%s', ", statuses[first->status]);
    quoted(answer, stream.data == NULL ? slice_text("") : stream);
    if (first->addressed) {
        buffer_printf(rows, ", %" PRIu32 ", %" PRId32, (uint32_t)first->stream, first->partition);
    } else {
        buffer_text(rows, ", 0, NULL");
    }
    buffer_printf(rows, ", %" PRIu64 ", [", total);
    for (uint32_t i = 0; first->addressed && i < count && i < RANGES_SHOWN; i++) {
        int64_t last = i + 1 == RANGES_SHOWN ? entries[count - 1].last : entries[i].last;
        buffer_printf(rows, "%s(%" PRId64 ", %" PRId64 ")", i == 0 ? "" : ", ", entries[i].first, last);
    }
    buffer_text(rows, "], ");
    quoted(answer, slice_text(first->why == NULL ? "" : first->why));
    buffer_char(rows, ')');
}

static void put_rows(struct answer *answer, const struct segment_name *name, const struct repair_outcome *outcome)
{
    const struct repair_entry nothing = {.status = REPAIR_MISSING, .rows = outcome->lost, .why = outcome->why};
    if (outcome->entry_count == 0) {
        put_row(answer, name, outcome, &nothing, 1);
    }
    for (uint32_t i = 0, next; i < outcome->entry_count; i = next) {
        for (next = i + 1; next < outcome->entry_count && joins(&outcome->entries[i], &outcome->entries[next]);) {
            next++;
        }
        put_row(answer, name, outcome, &outcome->entries[i], next - i);
    }
}

/* One attempt. *found false: the segment is not in quarantine any more. */
static struct err *attempt(struct answer *answer, struct arena *arena, const struct segment_name *name,
                           bool without_unknown, struct repair_outcome *outcome, bool *found)
{
    struct err *err = NULL;
    struct execution *execution = answer->execution;
    struct repair *repair = NULL;
    const struct repair_options options = {.lose_rows = execution->settings.repair_lose_rows,
                                           .change_rows = execution->settings.repair_change_rows};

    OR_DONE(repair_begin(answer->table, name, without_unknown, arena, &execution->process->budget, &repair));
    *found = repair != NULL;
    if (repair != NULL) {
        OR_DONE(repair_read_inserts(repair));
        OR_DONE(sources_reread(execution->server->sources, answer->table, arena, repair));
        OR_DONE(repair_finish(repair, &options, outcome));
    }
done:
    repair_end(repair);
    return err;
}

static struct err *repair_one(struct answer *answer, const struct segment_name *name)
{
    struct err *err = NULL;
    struct repair_outcome outcome = {0};
    bool found = false;
    struct arena *arena = arena_beside(answer->execution->arena);

    if (arena == NULL) {
        return err_oom();
    }
    OR_DONE(attempt(answer, arena, name, false, &outcome, &found));
    if (found && outcome.unknown && answer->execution->settings.repair_lose_rows) {
        arena_destroy(arena);
        arena = arena_beside(answer->execution->arena);
        if (arena == NULL) {
            return err_oom();
        }
        OR_DONE(attempt(answer, arena, name, true, &outcome, &found));
    }
    if (found) {
        put_rows(answer, name, &outcome);
    }
done:
    arena_destroy(arena);
    return err_while(err, "repairing the segment at offset %" PRIu64 " of pack %" PRIu64, name->offset, name->pack);
}

struct err *execute_repair(struct execution *execution, struct table *table)
{
    struct err *err = NULL;
    struct answer answer = {.execution = execution, .table = table, .def = table_definition(table)};
    struct interrupt interrupt;
    struct quarantined *list = NULL;
    uint32_t count = 0;

    interrupt_begin(&interrupt, &execution->process->progress.cancelled);
    err = quarantine_list(table, execution->arena, &list, &count);
    for (uint32_t i = 0; err == NULL && i < count; i++) {
        err = repair_one(&answer, &(struct segment_name){list[i].pack, list[i].offset});
    }
    err = interrupt_over(err);
    interrupt_end(&interrupt);
    OR_DONE(err);
    if (answer.rows.failed) {
        err = err_oom();
    } else if (answer.rows.length == 0) {
        err = execute_text(execution, "SELECT * FROM null('" ANSWER "')");
    } else {
        err = execute_text(execution, "SELECT * FROM values('" ANSWER "'%.*s)", (int)answer.rows.length,
                           answer.rows.data);
    }
done:
    buffer_deinit(&answer.rows);
    table_def_unref(answer.def);
    return err;
}
