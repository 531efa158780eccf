/*
 * compose.c: functions that are made of others, as a list of calls.
 *
 * flow     resolve functions → compose_… → evaluate_composed
 * thread   any: the list is immutable once bound
 */
#include "query/functions/compose.h"

#include "query/functions/nested.h"

struct compose_step {
    const struct column *constant;   /* or */
    const struct function *function; /* called with these values */
    uint32_t *values;
    uint32_t each; /* for the elements of its first (1) or second (2) value */
    const struct type *type;
};

struct composed {
    const struct compose_step *steps;
    uint32_t count, result;
};

struct compose compose_begin(const struct function_bind *bind)
{
    return (struct compose){.bind = bind};
}

static struct err *evaluate_null(EVALUATE_ARGUMENTS)
{
    (void)arguments;
    *out = column_default(arena, function->inner, row_count);
    return *out == NULL ? arena_error(arena) : NULL;
}

bool compose_null(const struct function_bind *bind, struct function *out, struct err **err)
{
    for (uint32_t a = 0; a < bind->count; a++) {
        if (bind->arguments[a].type->kind == TYPE_NOTHING) {
            out->inner = type_nullable(bind->arena, type_simple(TYPE_NOTHING), true);
            out->evaluate = evaluate_null;
            *err = out->inner == NULL ? arena_error(bind->arena) : NULL;
            return true;
        }
    }
    return false;
}

const struct type *compose_type(const struct compose *compose, uint32_t value)
{
    uint32_t arguments = compose->bind->count;
    if (compose->err != NULL) {
        return type_simple(TYPE_NOTHING);
    }
    return value < arguments ? compose->bind->arguments[value].type : compose->steps[value - arguments].type;
}

static uint32_t add_step(struct compose *compose, struct compose_step step)
{
    if (compose->err != NULL) {
        return 0;
    }
    if (compose->count == compose->capacity) {
        uint32_t capacity = compose->capacity == 0 ? 16 : compose->capacity * 2;
        struct compose_step *steps = ARENA_ARRAY(compose->bind->arena, struct compose_step, capacity);
        if (steps == NULL) {
            compose->err = arena_error(compose->bind->arena);
            return 0;
        }
        if (compose->count > 0) {
            memcpy(steps, compose->steps, compose->count * sizeof(*steps));
        }
        compose->steps = steps;
        compose->capacity = capacity;
    }
    compose->steps[compose->count] = step;
    return compose->bind->count + compose->count++;
}

static uint32_t add_constant(struct compose *compose, enum type_kind kind, const void *value)
{
    const struct type *type = type_simple(kind);
    const struct column *constant = column_const(compose->bind->arena, type, value, 1);
    if (constant == NULL && compose->err == NULL) {
        compose->err = arena_error(compose->bind->arena);
    }
    return add_step(compose, (struct compose_step){.constant = constant, .type = type});
}

uint32_t compose_text(struct compose *compose, const char *text)
{
    struct slice slice = slice_text(text);
    return add_constant(compose, TYPE_STRING, &slice);
}

uint32_t compose_number(struct compose *compose, uint8_t number)
{
    return add_constant(compose, TYPE_UINT8, &number);
}

static uint32_t call(struct compose *compose, const char *name, const uint32_t *values, uint32_t value_count,
                     uint32_t each)
{
    const struct function_bind *bind = compose->bind;
    struct function_argument arguments[COMPOSE_CALL_MAX];
    struct compose_step step = {.each = each};
    if (compose->err != NULL) {
        return 0;
    }
    if (value_count > COMPOSE_CALL_MAX) {
        compose->err =
            err_new(ERR_TOO_MANY_ARGUMENTS, "function %s has more than %u arguments", bind->name, COMPOSE_CALL_MAX);
        return 0;
    }
    step.values = ARENA_ARRAY(bind->arena, uint32_t, value_count + 1U);
    if (step.values == NULL) {
        compose->err = arena_error(bind->arena);
        return 0;
    }
    for (uint32_t a = 0; a < value_count; a++) {
        uint32_t value = step.values[a] = values[a];
        arguments[a].type = compose_type(compose, value);
        arguments[a].constant =
            value < bind->count ? bind->arguments[value].constant : compose->steps[value - bind->count].constant;
    }
    if (each > 0) {
        const struct type *list = arguments[each - 1].type;
        if (list->kind != TYPE_ARRAY) {
            compose->err = argument_error(bind, 0, "an array or map is needed");
            return 0;
        }
        arguments[each - 1] = (struct function_argument){list->children[0], NULL};
    }
    compose->err =
        function_resolve(bind->arena, bind->context, slice_text(name), arguments, value_count, &step.function);
    if (compose->err == NULL) {
        step.type = each > 0 ? type_array(bind->arena, step.function->type) : step.function->type;
        if (step.type == NULL) {
            compose->err = arena_error(bind->arena);
        }
    }
    return add_step(compose, step);
}

uint32_t compose_call(struct compose *compose, const char *name, const uint32_t *values, uint32_t value_count)
{
    return call(compose, name, values, value_count, 0);
}

uint32_t compose_call1(struct compose *compose, const char *name, uint32_t a)
{
    return call(compose, name, &a, 1, 0);
}

uint32_t compose_call2(struct compose *compose, const char *name, uint32_t a, uint32_t b)
{
    const uint32_t both[2] = {a, b};
    return call(compose, name, both, 2, 0);
}

uint32_t compose_call3(struct compose *compose, const char *name, uint32_t a, uint32_t b, uint32_t c)
{
    const uint32_t all[3] = {a, b, c};
    return call(compose, name, all, 3, 0);
}

uint32_t compose_element(struct compose *compose, uint32_t tuple, uint32_t k)
{
    uint32_t number = k + 1;
    return compose_call2(compose, "tupleElement", tuple, add_constant(compose, TYPE_UINT32, &number));
}

/* --- formulas ----------------------------------------------------------------------------------------------------- */

/* Reads a value and moves behind it. The formulas are ours: what they say is right. */
static uint32_t read_value(struct compose *compose, const char **at)
{
    uint32_t values[COMPOSE_CALL_MAX];
    uint32_t count = 0;
    char name[64];
    if (**at == '$') {
        *at += 2;
        return (uint32_t)((*at)[-1] - '0');
    }
    if (**at >= '0' && **at <= '9') {
        uint8_t number = 0;
        for (; **at >= '0' && **at <= '9'; ++*at) {
            number = (uint8_t)(number * 10 + (**at - '0'));
        }
        return compose_number(compose, number);
    }
    bool quoted = **at == '\'';
    uint32_t each = **at != '@' ? 0 : (*at)[1] != '@' ? 1 : 2;
    *at += quoted + each;
    size_t length = strcspn(*at, quoted ? "'" : "(");
    ASSERT(length < sizeof(name));
    memcpy(name, *at, length);
    name[length] = '\0';
    *at += length + 1;
    if (quoted) {
        char *text = arena_text(compose->bind->arena, slice_text(name));
        if (text == NULL && compose->err == NULL) {
            compose->err = arena_error(compose->bind->arena);
        }
        return text == NULL ? 0 : compose_text(compose, text);
    }
    *at += **at == ')'; /* no arguments */
    while ((*at)[-1] != ')') {
        values[count++] = read_value(compose, at);
        *at += 1; /* ',' or ')' */
        *at += **at == ' ' && (*at)[-1] == ',';
    }
    return call(compose, name, values, count, each);
}

uint32_t compose_formula(struct compose *compose, const char *formula)
{
    const char *at = formula;
    return read_value(compose, &at);
}

/* --- running ------------------------------------------------------------------------------------------------------ */

static struct err *evaluate_each(const struct function *function, struct arena *arena, const struct column **arguments,
                                 uint32_t row_count, const struct compose_step *step, struct column **out)
{
    struct err *err = NULL;
    const struct column *flat;
    struct column *made;
    uint32_t list = step->each - 1;
    OR_DONE(arrays_flat(arena, arguments[list], &flat));
    const struct arrays arrays = arrays_of(flat);
    uint32_t total = flat->offsets[row_count];
    uint32_t *rows = ARENA_ARRAY(arena, uint32_t, total + 1U);
    if (rows == NULL) {
        return arena_error(arena);
    }
    OR_DONE(arrays_rows(&arrays, row_count, rows));
    for (uint32_t a = 0; a < function->argument_count; a++) {
        arguments[a] = a == list ? flat->children[0] : column_take(arena, arguments[a], rows, total);
        if (arguments[a] == NULL) {
            return arena_error(arena);
        }
    }
    OR_DONE(function_evaluate(function, arena, NULL, arguments, total, &made));
    const struct column *items = column_flat(arena, made);
    if (items == NULL) {
        return arena_error(arena);
    }
    OR_DONE(arrays_new(arena, step->type, row_count, flat->offsets, items, out));
done:
    return err;
}

static struct err *evaluate_composed(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct composed *composed = function->data;
    uint32_t given = function->argument_count;
    const struct column **values = ARENA_ARRAY(arena, const struct column *, given + composed->count);
    const struct column *called[COMPOSE_CALL_MAX];
    if (values == NULL) {
        return arena_error(arena);
    }
    for (uint32_t a = 0; a < given; a++) {
        values[a] = arguments[a];
    }
    for (uint32_t s = 0; s < composed->count; s++) {
        const struct compose_step *step = &composed->steps[s];
        struct column *made;
        if (step->constant != NULL) {
            made = column_const(arena, step->type, step->constant->values, row_count);
            if (made == NULL) {
                return arena_error(arena);
            }
        } else {
            for (uint32_t a = 0; a < step->function->argument_count; a++) {
                called[a] = values[step->values[a]];
            }
            OR_DONE(step->each > 0 ? evaluate_each(step->function, arena, called, row_count, step, &made)
                                   : function_evaluate(step->function, arena, NULL, called, row_count, &made));
        }
        values[given + s] = made;
    }
    *out = (struct column *)(uintptr_t)values[composed->result];
    if ((*out)->form == COLUMN_DICT) { /* results are FLAT or CONST */
        *out = (struct column *)(uintptr_t)column_flat(arena, *out);
    }
    return *out == NULL ? arena_error(arena) : NULL;
done:
    return err;
}

struct err *compose_end(struct compose *compose, uint32_t value, struct function *out)
{
    struct composed *composed = ARENA_NEW(compose->bind->arena, struct composed);
    if (compose->err != NULL) {
        return compose->err;
    }
    if (composed == NULL) {
        return arena_error(compose->bind->arena);
    }
    *composed = (struct composed){compose->steps, compose->count, value};
    out->inner = compose_type(compose, value);
    out->evaluate = evaluate_composed;
    out->data = composed;
    return NULL;
}
