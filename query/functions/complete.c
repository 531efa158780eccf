/*
 * complete.c: complete_through('db.table'): through which event time a table is complete; NULL: it is not known yet.
 * window_state(): whether a window is open, complete or corrected.
 *
 * The same within a query, as now() is: it is asked for when the call is bound (of a window's state by the binder, which
 * gives the function the window's begin and end, the time, and of late rows either the latest time through which the
 * table was complete when one of this window came (Int64 of each window, NULL: none did), or of each range of them begin,
 * end and the time then).
 */
#include "query/completeness.h"
#include "query/functions/functions.h"

#include <string.h>

static const struct completeness_provider *provider;

void completeness_provider_set(const struct completeness_provider *to)
{
    provider = to;
}

struct err *completeness_of(struct slice database, struct slice table, struct completeness *out)
{
    *out = (struct completeness){0};
    return provider == NULL ? NULL : provider->find(provider->user, database, table, out);
}

static struct err *evaluate_complete(EVALUATE_ARGUMENTS)
{
    (void)arguments;
    const int64_t *value = function->data;
    *out = value == NULL ? column_default(arena, function->inner, row_count)
                         : column_const(arena, function->inner, value, row_count);
    return *out == NULL ? arena_error(arena) : NULL;
}

static struct err *resolve_complete(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    struct slice name, database = bind->context == NULL ? slice_text("") : bind->context->database;
    struct completeness complete;
    int64_t *value = NULL;
    OR_DONE(argument_constant_text(bind, 0, &name));
    const char *dot = name.length == 0 ? NULL : memchr(name.data, '.', name.length);
    if (dot != NULL) {
        database = slice_of(name.data, (size_t)(dot - name.data));
        name = slice_of(dot + 1, name.length - database.length - 1);
    }
    OR_DONE(completeness_of(database, name, &complete));
    if (bind->context != NULL && bind->context->marks != NULL) {
        bind->context->marks->changes = true;
    }
    const struct type *type = type_datetime64(bind->arena, 3, NULL);
    if (complete.known) {
        value = ARENA_NEW(bind->arena, int64_t);
        if (value == NULL) {
            return arena_error(bind->arena);
        }
        *value = complete.complete_us / 1000;
    }
    out->inner = type == NULL ? NULL : type_nullable(bind->arena, type, true);
    out->evaluate = evaluate_complete;
    out->data = value;
    err = out->inner == NULL ? arena_error(bind->arena) : NULL;
done:
    return err;
}

struct late_times {
    bool known;
    int64_t complete_us;
    const int64_t *late; /* begin, end, complete */
    uint32_t count;
    bool by_window; /* the argument says it of each window */
};

/* late_us: NULL where ranges say it */
static const char *state_of(const struct late_times *times, int64_t begin_us, int64_t end_us, const int64_t *late_us)
{
    if (!times->known || end_us > times->complete_us) {
        return "open";
    }
    if (late_us != NULL) {
        return *late_us >= end_us ? "corrected" : "complete";
    }
    for (uint32_t i = 0; i < times->count; i++) {
        const int64_t *late = times->late + (size_t)3 * i;
        if (late[0] < end_us && late[1] >= begin_us && late[2] >= end_us) {
            return "corrected";
        }
    }
    return "complete";
}

static struct err *evaluate_window_state(EVALUATE_ARGUMENTS)
{
    struct column *result = column_new(arena, function->inner, row_count);
    if (result == NULL) {
        return arena_error(arena);
    }
    struct slice *texts = result->values;
    const struct late_times *times = function->data;
    for (uint32_t i = 0; i < row_count; i++) {
        int64_t late = INT64_MIN;
        if (times->by_window && !null_at(arguments[3], i)) {
            memcpy(&late, column_value(arguments[3], i), sizeof(late));
        }
        bool null = null_at(arguments[0], i) || null_at(arguments[1], i);
        int64_t begin = null ? 0 : type_time_us(arguments[0]->type, column_value(arguments[0], i));
        int64_t end = null ? 0 : type_time_us(arguments[1]->type, column_value(arguments[1], i));
        texts[i] = slice_text(null ? "open" : state_of(times, begin, end, times->by_window ? &late : NULL));
    }
    *out = result;
    return NULL;
}

static struct err *resolve_window_state(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    struct late_times *times = ARENA_NEW(bind->arena, struct late_times);
    const struct column *complete = bind->arguments[2].constant, *late = bind->arguments[3].constant;
    const struct type *type = bind->arguments[3].type;
    if (times == NULL) {
        return arena_error(bind->arena);
    }
    OR_DONE(argument_time(bind, 0));
    OR_DONE(argument_time(bind, 1));
    if (complete == NULL || (bind->arguments[2].type->kind != TYPE_NOTHING && !type_is_time(bind->arguments[2].type))) {
        return argument_error(bind, 2, "a constant time is needed");
    }
    times->known = !null_at(complete, 0) && complete->type->kind != TYPE_NOTHING;
    times->complete_us = times->known ? type_time_us(complete->type, column_value(complete, 0)) : 0;
    times->by_window = type->kind == TYPE_INT64;
    out->inner = type_simple(TYPE_STRING);
    out->evaluate = evaluate_window_state;
    out->data = times;
    if (times->by_window) {
        return NULL;
    }
    if (late == NULL || type->kind != TYPE_ARRAY || type->children[0]->kind != TYPE_INT64 ||
        type->children[0]->nullable) {
        return argument_error(bind, 3, "an Int64, or a constant array of Int64, is needed");
    }
    const struct column *flat = column_flat(bind->arena, late);
    const struct column *values = flat == NULL ? NULL : column_flat(bind->arena, flat->children[0]);
    if (values == NULL) {
        return arena_error(bind->arena);
    }
    times->count = (flat->offsets[1] - flat->offsets[0]) / 3;
    times->late = (const int64_t *)values->values + flat->offsets[0];
done:
    return err;
}

struct err *completeness_late(struct slice database, struct slice table, struct arena *arena, struct late_range **out,
                              uint32_t *count)
{
    *out = NULL;
    *count = 0;
    return provider == NULL ? NULL : provider->late(provider->user, database, table, arena, out, count);
}

static const struct function_definition definitions[] = {
    {"complete_through", false, 1, 1, FUNCTION_NULLS, resolve_complete, 0},
    {"window_state", false, 4, 4, FUNCTION_NULLS, resolve_window_state, 0},
};
const struct function_group functions_complete = GROUP_WITHOUT_ALIASES(definitions);
