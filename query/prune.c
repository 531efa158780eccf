/*
 * prune.c: what a unit's zone (smallest and greatest value of a column) says about a condition.
 *
 * forms    key op constant, constant op key, key IN set (does any of its values lie between the zone's ends?), where
 *          key is a column or functions that never decrease over one column (toStartOfHour(ts), toDate(ts)). The key
 *          is computed for the zone's two ends by the same program that rows go through.
 * source   what a condition on such a key says of the column itself (toDate(ts) = d: ts lies in that day), found by
 *          bisecting the column's times: the ledger's times leave out segments by it before they are opened
 * answer   NONE: no row can meet it, the unit is not read; ALL: every row does, the condition is not evaluated
 * thread   prune_test: any
 */
#include "query/prune_private.h"

#include "query/functions/functions.h"

#include <math.h>
#include <stdlib.h>

#define IN_ROWS_MAX 4096U /* values of a set that each zone is compared with; of more the ends alone */

const struct type *prune_bare(struct arena *arena, const struct type *type)
{
    type = type_low_cardinality(arena, type, false);
    return type == NULL || type->kind == TYPE_NOTHING ? type : type_nullable(arena, type, false);
}

static struct err *key_program(struct arena *arena, const struct expression *key, struct prune *prune)
{
    struct err *err = NULL;
    uint32_t depth = 0;

    prune->program = NULL;
    if (key->kind == EXPRESSION_COLUMN) {
        return NULL;
    }
    OR_DONE(program_compile(arena, &key, 1, &prune->program));
    const struct expression *column = key;
    for (; column->kind == EXPRESSION_CALL; column = expression_varying(column)) {
        depth++;
    }
    prune->column_type = column->type;
    const struct expression **times = arena_array(arena, 2 * depth, sizeof(struct expression *));
    if (times == NULL) {
        return arena_error(arena);
    }
    for (; key->kind == EXPRESSION_CALL; key = expression_varying(key)) {
        if ((key->function->flags & FUNCTION_WRAPS) != 0) {
            times[prune->time_count++] = expression_varying(key);
            times[prune->time_count++] = key;
        }
    }
    if (prune->time_count > 0) {
        OR_DONE(program_compile(arena, times, prune->time_count, &prune->times));
    }
done:
    return err;
}

static const struct column *constant_of(const struct expression *expression)
{
    if (expression->kind == EXPRESSION_CONSTANT) {
        return expression->constant;
    }
    return expression->kind == EXPRESSION_PARAMETER ? expression->parameter->value : NULL;
}

static struct column *const_row(struct arena *arena, const struct column *column, uint32_t row)
{
    return column_const(arena, column->type, column_value(column, row), 1);
}

static int compare_rows(const void *left, const void *right, void *column)
{
    return column_compare(column, *(const uint32_t *)left, column, *(const uint32_t *)right);
}

static bool has_nan(const struct column *values)
{
    bool found = false;
    for (uint32_t i = 0; type_is_float(values->type) && i < values->row_count; i++) {
        const void *value = column_value(values, i);
        found |= isnan(values->type->width == 4 ? *(const float *)value : *(const double *)value);
    }
    return found;
}

static struct err *compile_in(struct arena *arena, const struct expression *condition, struct prune *prune,
                              bool *usable)
{
    struct err *err = NULL;
    struct column *values;
    *usable = false;
    if (condition->negated || condition->child_count != 1 || value_set_count(condition->set) == 0 ||
        value_set_count(condition->set) > 100000 || !expression_rises(condition->children[0], &prune->column)) {
        return NULL;
    }
    OR_DONE(value_set_values(condition->set, arena, &values));
    if (has_nan(values)) { /* IN finds it; zones do not have it */
        return NULL;
    }
    uint32_t *order = ARENA_ARRAY(arena, uint32_t, values->row_count);
    if (order == NULL) {
        return arena_error(arena);
    }
    uint32_t count = values->row_count;
    bool range = count > IN_ROWS_MAX;
    if (range) {
        order[0] = order[1] = 0;
        for (uint32_t i = 1; i < count; i++) {
            order[0] = column_compare(values, i, values, order[0]) < 0 ? i : order[0];
            order[1] = column_compare(values, i, values, order[1]) > 0 ? i : order[1];
        }
        count = 2;
    } else {
        for (uint32_t i = 0; i < count; i++) {
            order[i] = i;
        }
        qsort_r(order, count, sizeof(*order), compare_rows, values);
    }
    prune->kind = range ? PRUNE_RANGE : PRUNE_IN;
    prune->type = values->type;
    prune->value = column_take(arena, values, order, count);
    if (prune->value == NULL) {
        return arena_error(arena);
    }
    OR_DONE(key_program(arena, condition->children[0], prune));
    *usable = true;
done:
    return err;
}

/* Seconds since 1970; of what is no time NaN. */
static double seconds_of(const struct column *times, uint32_t row)
{
    const void *value = column_value(times, row);
    double seconds = NAN;
    switch ((int)times->type->kind) {
    case TYPE_DATE:
        return *(const uint16_t *)value * 86400.0;
    case TYPE_DATE32:
        return *(const int32_t *)value * 86400.0;
    case TYPE_DATETIME:
        return *(const uint32_t *)value;
    case TYPE_DATETIME64:
        seconds = (double)*(const int64_t *)value;
        for (uint32_t scale = times->type->scale; scale > 0; scale--) {
            seconds /= 10;
        }
        break;
    default:
        break;
    }
    return seconds;
}

/* Was a time cast that the other type does not reach to, so that it became one of another year? */
static bool became_another(const struct column *time, const struct column *back)
{
    return type_is_time(time->type) && !(fabs(seconds_of(time, 0) - seconds_of(back, 0)) < 2 * 86400.0);
}

/* The constant, bare of type `from`, as a value of the key's type; *out NULL: it is none. *beyond: what the cast cut
 * off, 1.5 as 1 or a time as its day: the constant lies above (1) or below (-1) the value, and before the next one. */
static struct err *value_of(struct arena *arena, const struct function_context *context, const struct column *constant,
                            const struct type *from, const struct type *type, const struct column **out, int *beyond)
{
    struct err *err;
    struct column *value, *back;
    *out = NULL;
    *beyond = 0;
    err = cast_accurate_or_null(arena, context, constant, type, &value);
    if (err == NULL && !column_is_null(value, 0) && cast_cuts(from, type)) {
        err = cast_accurate_or_null(arena, context, value, constant->type, &back);
        if (err == NULL && (column_is_null(back, 0) || became_another(constant, back))) {
            return NULL;
        }
        int order = err == NULL ? column_compare(constant, 0, back, 0) : 0;
        *beyond = (order > 0) - (order < 0);
    }
    if (err != NULL) {
        err_free(err); /* the condition itself will say what is wrong */
        return NULL;
    }
    if (column_is_null(value, 0)) {
        return NULL;
    }
    struct column *row = const_row(arena, value, 0);
    struct column *typed = row == NULL ? NULL : column_retyped(arena, row, type);
    if (typed == NULL) {
        return arena_error(arena);
    }
    typed->nulls = NULL;
    *out = typed;
    return NULL;
}

/* The comparison with a value that says the same as that with the constant beyond it; false: there is none. */
static bool kind_beyond(enum prune_kind *kind, int beyond)
{
    if (beyond == 0) {
        return true;
    }
    switch (*kind) {
    case PRUNE_LESS:
    case PRUNE_LESS_EQUAL:
        *kind = beyond > 0 ? PRUNE_LESS_EQUAL : PRUNE_LESS;
        return true;
    case PRUNE_GREATER:
    case PRUNE_GREATER_EQUAL:
        *kind = beyond > 0 ? PRUNE_GREATER : PRUNE_GREATER_EQUAL;
        return true;
    default:
        return false;
    }
}

struct err *prune_compile(struct arena *arena, const struct function_context *context,
                          const struct expression *condition, struct prune **out)
{
    static const struct {
        const char *name;
        enum prune_kind kind, mirrored;
    } comparisons[] = {
        {"equals", PRUNE_EQUAL, PRUNE_EQUAL},   {"notEquals", PRUNE_NOT_EQUAL, PRUNE_NOT_EQUAL},
        {"less", PRUNE_LESS, PRUNE_GREATER},    {"lessOrEquals", PRUNE_LESS_EQUAL, PRUNE_GREATER_EQUAL},
        {"greater", PRUNE_GREATER, PRUNE_LESS}, {"greaterOrEquals", PRUNE_GREATER_EQUAL, PRUNE_LESS_EQUAL},
    };
    struct err *err = NULL;
    struct prune *prune = ARENA_NEW(arena, struct prune);

    *out = NULL;
    if (prune == NULL) {
        return arena_error(arena);
    }
    if (condition->kind == EXPRESSION_IN) {
        bool usable;
        OR_DONE(compile_in(arena, condition, prune, &usable));
        *out = usable ? prune : NULL;
        return NULL;
    }
    if (condition->kind != EXPRESSION_CALL || condition->child_count != 2) {
        return NULL;
    }
    for (uint32_t i = 0; i < sizeof(comparisons) / sizeof(comparisons[0]); i++) {
        if (strcmp(condition->function->name, comparisons[i].name) != 0) {
            continue;
        }
        for (uint32_t side = 0; side < 2; side++) {
            const struct expression *key = condition->children[side];
            const struct column *constant = constant_of(condition->children[1 - side]);
            if (constant == NULL || column_is_null(constant, 0) || constant->type->kind == TYPE_NOTHING ||
                !expression_rises(key, &prune->column)) {
                continue;
            }
            prune->kind = side == 0 ? comparisons[i].kind : comparisons[i].mirrored;
            prune->type = prune_bare(arena, key->type);
            const struct type *from = prune_bare(arena, constant->type);
            if (prune->type == NULL || from == NULL) {
                return arena_error(arena);
            }
            if (type_is_nested(prune->type) || prune->type->kind == TYPE_NOTHING) {
                return NULL;
            }
            int beyond;
            OR_DONE(value_of(arena, context, constant, from, prune->type, &prune->value, &beyond));
            if (prune->value == NULL || !kind_beyond(&prune->kind, beyond)) {
                return NULL;
            }
            OR_DONE(key_program(arena, key, prune));
            prune->is_real = type_is_float(from);
            prune->is_text = prune->kind == PRUNE_EQUAL && prune->program == NULL && key->type->kind == TYPE_STRING &&
                             constant->type->kind == TYPE_STRING;
            *out = prune;
            return NULL;
        }
    }
done:
    return err;
}

bool prune_is_text(const struct prune *prune, struct slice *text)
{
    if (!prune->is_text) {
        return false;
    }
    *text = *(const struct slice *)column_value(prune->value, 0);
    return true;
}

const struct column *prune_values(const struct prune *prune)
{
    /* a String equals a FixedString that has zeros more */
    bool exact =
        prune->kind == PRUNE_IN || (prune->kind == PRUNE_EQUAL && (prune->is_text || prune->type->kind != TYPE_STRING));
    return prune->program == NULL && exact ? prune->value : NULL;
}

uint32_t prune_column(const struct prune *prune)
{
    return prune->column;
}

/* Row of the first value that is not below row `row` of the column; all are below: their number. */
static uint32_t first_from(const struct column *values, const struct column *column, uint32_t row)
{
    uint32_t low = 0;
    uint32_t high = values->row_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (column_compare(values, middle, column, row) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Does a function in the key begin anew between the zone's ends? Then the ends say nothing of what lies between. */
static struct err *wraps_between(const struct prune *prune, struct arena *scratch, const struct column *const *columns,
                                 bool *wraps)
{
    struct err *err = NULL;
    struct evaluator *evaluator;
    struct column **results = ARENA_ARRAY(scratch, struct column *, prune->time_count);

    *wraps = false;
    if (prune->time_count == 0) {
        return NULL;
    }
    if (results == NULL) {
        return arena_error(scratch);
    }
    OR_DONE(evaluator_create(scratch, prune->times, &evaluator));
    OR_DONE(evaluator_run(evaluator, scratch, columns, 2, results));
    for (uint32_t i = 0; i < prune->time_count; i += 2) {
        const struct column *before = column_flat(scratch, results[i]);
        const struct column *after = column_flat(scratch, results[i + 1]);
        if (before == NULL || after == NULL) {
            return arena_error(scratch);
        }
        /* months have 28 to 31 days, days 23 to 25 hours; a type's range is a century at least */
        double more = seconds_of(after, 1) - seconds_of(after, 0) - (seconds_of(before, 1) - seconds_of(before, 0));
        *wraps |= !(more < 32 * 86400.0 && more > -32 * 86400.0);
    }
done:
    return err;
}

/* ---- conditions on the column, for the source */
/* A key's column as whole ticks: the values in which the key is looked for. */
struct key_domain {
    const struct column *ends[2]; /* CONST */
    int64_t first, last;
    bool all; /* no value of the column's type lies outside */
};

static const struct column *tick_column(struct arena *arena, const struct type *type, int64_t tick)
{
    return column_const(arena, type, &tick, 1); /* little-endian: also of narrower types */
}

static struct err *domain_between(const struct prune *prune, struct arena *arena, int64_t first, int64_t last, bool all,
                                  struct key_domain *domain, bool *wraps)
{
    const struct type *type = prune->column_type;
    struct column *both = column_new(arena, type, 2);
    const struct column **columns = arena_zalloc(arena, (prune->column + 1U) * sizeof(*columns));
    *domain = (struct key_domain){{tick_column(arena, type, first), tick_column(arena, type, last)}, first, last, all};
    if (both == NULL || columns == NULL || domain->ends[0] == NULL || domain->ends[1] == NULL) {
        return arena_error(arena);
    }
    memcpy(both->values, &first, type->width);
    memcpy((char *)both->values + type->width, &last, type->width);
    columns[prune->column] = both;
    return wraps_between(prune, arena, columns, wraps);
}

/* All values, or the years from 1970 to 2105 where those of the type reach beyond the key's; *found false: not those. */
static struct err *key_domain(const struct prune *prune, struct arena *arena, struct key_domain *domain, bool *found)
{
    struct err *err = NULL;
    const struct type *type = prune->column_type;
    int64_t per_day = type->kind == TYPE_DATE || type->kind == TYPE_DATE32 ? 1 : 86400;
    bool wraps = true;

    *found = false;
    if (!type_is_time(type) || type->nullable || type->low_cardinality) {
        return NULL;
    }
    if (type->kind == TYPE_DATE || type->kind == TYPE_DATETIME) {
        OR_DONE(
            domain_between(prune, arena, 0, type->kind == TYPE_DATE ? UINT16_MAX : UINT32_MAX, true, domain, &wraps));
    }
    for (uint32_t i = 0; type->kind == TYPE_DATETIME64 && i < type->scale; i++) {
        per_day *= 10;
    }
    if (wraps) {
        OR_DONE(domain_between(prune, arena, 2 * per_day, 49670 * per_day, false, domain, &wraps));
    }
    *found = !wraps;
done:
    return err;
}

/* The first tick whose key is not below (above: is above) row `row` of the values; there is none: last + 1. */
static struct err *first_tick(const struct prune *prune, struct arena *arena, struct evaluator *evaluator,
                              const struct key_domain *domain, uint32_t row, bool above, int64_t *out, bool *known)
{
    struct err *err;
    int64_t low = domain->first;
    int64_t high = domain->last + 1;
    const struct column **columns = arena_zalloc(arena, (prune->column + 1U) * sizeof(*columns));

    *known = false;
    if (columns == NULL) {
        return arena_error(arena);
    }
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        struct column *key = NULL;
        columns[prune->column] = tick_column(arena, prune->column_type, middle);
        if (columns[prune->column] == NULL) {
            return arena_error(arena);
        }
        err = evaluator_run(evaluator, arena, columns, 1, &key);
        if (err != NULL) {
            err_free(err); /* of a time that perhaps no row has */
            return NULL;
        }
        if (column_is_null(key, 0)) {
            return NULL;
        }
        const struct column *bare_key = column_flat(arena, key);
        bare_key = bare_key == NULL ? NULL : column_retyped(arena, bare_key, prune->type);
        if (bare_key == NULL) {
            return arena_error(arena);
        }
        int order = column_compare(bare_key, 0, prune->value, row);
        if (order < 0 || (above && order == 0)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *out = low;
    *known = true;
    return NULL;
}

/* Between which values of the column lie those of the key that meet the condition? */
static struct err *key_conditions(const struct prune *prune, struct arena *arena, struct source_condition *conditions,
                                  uint32_t *count)
{
    struct err *err = NULL;
    struct key_domain domain;
    struct evaluator *evaluator;
    bool known;
    OR_DONE(key_domain(prune, arena, &domain, &known));
    if (!known) {
        return NULL;
    }
    OR_DONE(evaluator_create(arena, prune->program, &evaluator));
    for (uint32_t end = 0; end < 2; end++) { /* the column is not below, is below the key's first tick */
        enum prune_kind open = end == 0 ? PRUNE_LESS : PRUNE_GREATER;
        bool above = prune->kind == PRUNE_GREATER || (end == 1 && prune->kind != PRUNE_LESS);
        int64_t tick;
        if (prune->kind == open || prune->kind == open + 1) {
            continue;
        }
        OR_DONE(first_tick(prune, arena, evaluator, &domain, end == 0 ? 0 : prune->value->row_count - 1, above, &tick,
                           &known));
        if (!known || (end == 1 && tick > domain.last)) {
            continue;
        }
        struct source_condition *condition = &conditions[(*count)++];
        *condition = (struct source_condition){.column = prune->column};
        condition->kind = end == 1 ? CONDITION_LESS : tick > domain.last ? CONDITION_GREATER : CONDITION_GREATER_EQUAL;
        condition->value = tick > domain.last ? domain.ends[1] : tick_column(arena, prune->column_type, tick);
        if (condition->value == NULL) {
            return arena_error(arena);
        }
        for (uint32_t i = 0; i < 2 && !domain.all; i++) {
            condition->domain[i] = domain.ends[i];
        }
    }
done:
    return err;
}

struct err *prune_conditions(const struct prune *prune, struct arena *arena, struct source_condition *conditions,
                             uint32_t *count)
{
    static const enum source_condition_kind kinds[] = {
        [PRUNE_EQUAL] = CONDITION_EQUAL,
        [PRUNE_LESS] = CONDITION_LESS,
        [PRUNE_LESS_EQUAL] = CONDITION_LESS_EQUAL,
        [PRUNE_GREATER] = CONDITION_GREATER,
        [PRUNE_GREATER_EQUAL] = CONDITION_GREATER_EQUAL,
    };
    if (prune->kind == PRUNE_NOT_EQUAL) {
        return NULL;
    }
    if (prune->program != NULL) {
        return key_conditions(prune, arena, conditions, count);
    }
    if (prune->kind == PRUNE_IN || prune->kind == PRUNE_RANGE) {
        const struct column *min = const_row(arena, prune->value, 0);
        const struct column *max = const_row(arena, prune->value, prune->value->row_count - 1);
        if (min == NULL || max == NULL) {
            return arena_error(arena);
        }
        conditions[(*count)++] =
            (struct source_condition){.column = prune->column, .kind = CONDITION_GREATER_EQUAL, .value = min};
        conditions[(*count)++] =
            (struct source_condition){.column = prune->column, .kind = CONDITION_LESS_EQUAL, .value = max};
    } else {
        conditions[(*count)++] =
            (struct source_condition){.column = prune->column, .kind = kinds[prune->kind], .value = prune->value};
    }
    return NULL;
}

struct err *prune_test(const struct prune *prune, struct arena *scratch, const struct source_zone *zone,
                       const struct type *type, enum prune_answer *out)
{
    struct err *err = NULL;
    *out = PRUNE_SOME;
    if (!zone->known) {
        return NULL;
    }
    if (zone->all_null) {
        *out = PRUNE_NONE;
        return NULL;
    }
    const struct type *plain = prune_bare(scratch, type);
    struct column *ends = plain == NULL ? NULL : column_new(scratch, plain, 2);
    if (ends == NULL) {
        return arena_error(scratch);
    }
    memcpy(ends->values, zone->min, plain->width);
    memcpy((char *)ends->values + plain->width, zone->max, plain->width);
    const struct column *keys = ends;
    if (prune->program != NULL) {
        struct evaluator *evaluator;
        struct column *typed = column_retyped(scratch, ends, type);
        struct column *result;
        const struct column **columns = arena_zalloc(scratch, (prune->column + 1U) * sizeof(*columns));
        if (typed == NULL || columns == NULL) {
            return arena_error(scratch);
        }
        columns[prune->column] = typed;
        OR_DONE(evaluator_create(scratch, prune->program, &evaluator));
        err = evaluator_run(evaluator, scratch, columns, 2, &result);
        if (err != NULL) {
            err_free(err);
            return NULL;
        }
        bool wraps;
        OR_DONE(wraps_between(prune, scratch, columns, &wraps));
        if (wraps) {
            return NULL;
        }
        keys = column_flat(scratch, result);
        if (keys == NULL) {
            return arena_error(scratch);
        }
        if (column_is_null(keys, 0) || column_is_null(keys, 1)) {
            return NULL;
        }
        keys = column_retyped(scratch, keys, prune->type);
        if (keys == NULL) {
            return arena_error(scratch);
        }
    }
    uint32_t row = prune->kind == PRUNE_IN ? first_from(prune->value, keys, 0) : 0;
    if (row == prune->value->row_count) {
        *out = PRUNE_NONE;
        return NULL;
    }
    int low = column_compare(keys, 0, prune->value, row); /* smallest against the value */
    int high = column_compare(keys, 1, prune->value, row);
    bool none = false;
    bool all = false;
    switch (prune->kind) {
    case PRUNE_EQUAL:
        none = low > 0 || high < 0;
        all = low == 0 && high == 0;
        break;
    case PRUNE_NOT_EQUAL:
        none = low == 0 && high == 0 && !type_is_float(type); /* NaN are not in the zone, and pass */
        all = low > 0 || high < 0;
        break;
    case PRUNE_LESS:
        none = low >= 0;
        all = high < 0;
        break;
    case PRUNE_LESS_EQUAL:
        none = low > 0;
        all = high <= 0;
        break;
    case PRUNE_GREATER:
        none = high <= 0;
        all = low > 0;
        break;
    case PRUNE_GREATER_EQUAL:
        none = high < 0;
        all = low >= 0;
        break;
    case PRUNE_RANGE:
        none = high < 0 || column_compare(keys, 0, prune->value, 1) > 0;
        break;
    case PRUNE_IN:
        none = high < 0;
        all = low == 0 && high == 0;
        break;
    }
    if (none) {
        *out = PRUNE_NONE;
    } else if (all && !zone->has_nulls && !type_is_float(type)) {
        *out = PRUNE_ALL;
    }
done:
    return err;
}
