/*
 * alter_check.c: would the stored values of columns take their new types? Looked at before ALTER TABLE commits.
 *
 * flow     alter.c → here → storage/snapshot.h. Rows that come between the look and the commit are not looked at: a
 *          query that meets one of them gets the CAST's error.
 */
#include "base/interrupt.h"
#include "server/alter.h"
#include "storage/snapshot.h"

/* Numbers wrap, everything has a text. */
static bool always_casts(const struct type *from, const struct type *to)
{
    bool nulls = !from->nullable || to->nullable;
    return nulls && !type_is_nested(from) && !type_is_nested(to) &&
           ((from->kind == to->kind && from->kind == TYPE_STRING) || to->kind == TYPE_STRING ||
            (type_is_number(from) && type_is_number(to) && to->kind != TYPE_DECIMAL));
}

struct checked {
    uint32_t column; /* of the definition that is */
    const char *name;
    const struct type *type;
};

static struct err *check_unit(struct execution *execution, struct arena *arena, const struct scan *scan,
                              const struct scan_unit *unit, const struct checked *checked)
{
    struct err *err = NULL;
    struct column *column = NULL;
    OR_DONE(scan_read(scan, arena, unit, checked->column, &column));
    err = function_cast(arena, &execution->context, column, checked->type, &column);
    if (err != NULL) {
        struct err *cause = err;
        err =
            err_new(ERR_UNFINISHED, "Column %s cannot be of the new type, because a stored value is not: %s (code %d)",
                    checked->name, err_message(cause), (int)err_code(cause));
        err_free(cause);
    }
done:
    return err;
}

static struct err *check_rows(struct execution *execution, struct snapshot *snapshot, const struct checked *list,
                              uint32_t count)
{
    struct err *err = NULL;
    struct scan *scan = NULL;
    struct scan_unit unit;
    struct arena *arena = arena_create(&execution->process->budget), *work = NULL;
    if (arena == NULL) {
        return err_oom();
    }
    OR_DONE(scan_open(snapshot, arena, NULL, 0, &scan));
    while (scan_next(scan, &unit)) {
        work = arena_create(&execution->process->budget);
        if (work == NULL) {
            err = err_oom();
            goto done;
        }
        OR_DONE(interrupt_check());
        for (uint32_t i = 0; i < count; i++) {
            OR_DONE(check_unit(execution, work, scan, &unit, &list[i]));
        }
        arena_destroy(work);
        work = NULL;
    }
done:
    arena_destroy(work);
    arena_destroy(arena);
    return err;
}

struct err *alter_check_casts(struct execution *execution, struct table *table, const struct table_def *next)
{
    struct err *err = NULL;
    struct snapshot *snapshot = NULL;
    uint32_t count = 0;
    struct interrupt interrupt;

    interrupt_begin(&interrupt, &execution->process->progress.cancelled); /* it may take long */
    OR_DONE(snapshot_take(table, &snapshot));
    const struct table_def *now = snapshot_def(snapshot);
    struct checked *list = ARENA_ARRAY(execution->arena, struct checked, next->column_count + 1U);
    if (list == NULL) {
        err = arena_error(execution->arena);
        goto done;
    }
    for (uint32_t i = 0; i < next->column_count; i++) {
        const struct column_def *column = &next->columns[i];
        for (uint32_t k = 0; column->id != 0 && k < now->column_count; k++) {
            const struct type *from = now->columns[k].type;
            if (now->columns[k].id != column->id || type_equal(from, column->type) ||
                always_casts(from, column->type)) {
                continue;
            }
            /* NULLs become the DEFAULT */
            const struct type *to = from->nullable && !column->type->nullable
                                        ? type_nullable(execution->arena, column->type, true)
                                        : column->type;
            if (to == NULL) {
                err = arena_error(execution->arena);
                goto done;
            }
            list[count++] = (struct checked){k, column->name, to};
        }
    }
    if (count > 0) {
        err = check_rows(execution, snapshot, list, count);
    }
done:
    snapshot_unref(snapshot);
    interrupt_end(&interrupt);
    return err;
}
