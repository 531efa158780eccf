/*
 * pause.c: sleep(seconds) once a chunk, sleepEachRow(seconds) for each of its rows; both give 0.
 *
 * bounds   three seconds a chunk; a query that is cancelled wakes up within some milliseconds
 * thread   any: the one that evaluates is the one that sleeps
 */
#include "query/functions/functions.h"

#include "base/interrupt.h"

#include <math.h>
#include <time.h>

#define PAUSE_US_MAX  3000000.0
#define PAUSE_US_STEP 5000 /* between two looks at the query's flag */

static struct err *rest(int64_t us)
{
    struct err *err = NULL;
    while (us > 0) {
        int64_t step = us < PAUSE_US_STEP ? us : PAUSE_US_STEP;
        const struct timespec time = {0, step * 1000};
        OR_DONE(interrupt_check());
        nanosleep(&time, NULL);
        us -= step;
    }
done:
    return err;
}

static struct err *evaluate_sleep(EVALUATE_ARGUMENTS)
{
    static const uint8_t zero;
    struct err *err = NULL;
    double us = *(const double *)function->data * (strcmp(function->name, "sleep") == 0 ? 1 : row_count);
    (void)arguments;
    if (us > PAUSE_US_MAX) {
        return err_new(ERR_TOO_SLOW, "The maximum sleep time is %.0f microseconds. Requested: %.0f microseconds",
                       PAUSE_US_MAX, us);
    }
    OR_DONE(rest((int64_t)us));
    *out = column_const(arena, function->inner, &zero, row_count);
    err = *out == NULL ? arena_error(arena) : NULL;
done:
    return err;
}

static struct err *resolve_sleep(const struct function_bind *bind, struct function *out)
{
    const struct type *type = bind->arguments[0].type;
    double *us = ARENA_NEW(bind->arena, double);
    if (us == NULL) {
        return arena_error(bind->arena);
    }
    if (!type_is_float(type) && !(type_is_integer(type) && !type_is_signed(type) && type->width <= 8)) {
        return argument_error(bind, 0, "an unsigned integer or a float is needed");
    }
    if (bind->arguments[0].constant == NULL) {
        return err_new(ERR_ILLEGAL_COLUMN, "The argument of function %s must be constant", bind->name);
    }
    const struct column *seconds = column_numbers(bind->arena, bind->arguments[0].constant, TYPE_FLOAT64);
    if (seconds == NULL) {
        return arena_error(bind->arena);
    }
    *us = *(const double *)seconds->values * 1e6;
    if (!isfinite(*us) || *us < 0) {
        return err_new(ERR_BAD_ARGUMENTS, "Cannot sleep infinite or negative time (not implemented)");
    }
    out->inner = type_simple(TYPE_UINT8);
    out->evaluate = evaluate_sleep;
    out->data = us;
    return NULL;
}

static const struct function_definition definitions[] = {
    {"sleep", false, 1, 1, FUNCTION_VOLATILE | FUNCTION_CAN_FAIL, resolve_sleep, 0},
    {"sleepEachRow", false, 1, 1, FUNCTION_VOLATILE | FUNCTION_CAN_FAIL, resolve_sleep, 1},
};
const struct function_group functions_pause = GROUP_WITHOUT_ALIASES(definitions);
