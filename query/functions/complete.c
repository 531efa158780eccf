/*
 * complete.c: complete_through('db.table'): through which event time a table is complete; NULL: it is not known yet.
 *
 * The same within a query, as now() is: it is asked for when the call is bound.
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

static const struct function_definition definitions[] = {
    {"complete_through", false, 1, 1, FUNCTION_NULLS, resolve_complete, 0},
};
const struct function_group functions_complete = GROUP_WITHOUT_ALIASES(definitions);
