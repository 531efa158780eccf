/*
 * prune.c: what a unit's zone (smallest and greatest value of a column) says about a condition.
 *
 * forms    key op constant, constant op key, key IN set (does any of its values lie between the zone's ends?), where
 *          key is a column or functions that never decrease over one column (toStartOfHour(ts), toDate(ts)). The key
 *          is computed for the zone's two ends by the same program that rows go through.
 * answer   NONE: no row can meet it, the unit is not read; ALL: every row does, the condition is not evaluated
 * thread   prune_test: any
 */
#include "query/functions/functions.h"
#include "query/pipeline.h"

#include <math.h>
#include <stdlib.h>

#define IN_ROWS_MAX 4096U /* values of a set that each zone is compared with; of more the ends alone */

enum prune_kind {
    PRUNE_EQUAL,
    PRUNE_LESS,
    PRUNE_LESS_EQUAL,
    PRUNE_GREATER,
    PRUNE_GREATER_EQUAL,
    PRUNE_IN,
    PRUNE_RANGE
};

struct prune {
    enum prune_kind kind;
    uint32_t column;
    struct program *program;    /* NULL: the key is the column itself */
    bool is_text;               /* the column, a String, is a String */
    const struct type *type;    /* of the key, bare */
    const struct column *value; /* CONST; IN: FLAT, ascending; RANGE: the smallest and the greatest */
    /* times before and after functions that are FUNCTION_WRAPS, in pairs: they must lie equally far apart */
    struct program *times;
    uint32_t time_count;
};

static struct err *key_program(struct arena *arena, const struct expression *key, struct prune *prune)
{
    struct err *err = NULL;
    uint32_t depth = 0;

    prune->program = NULL;
    if (key->kind == EXPRESSION_COLUMN) {
        return NULL;
    }
    OR_DONE(program_compile(arena, &key, 1, &prune->program));
    for (const struct expression *call = key; call->kind == EXPRESSION_CALL; call = expression_varying(call)) {
        depth++;
    }
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

static const struct type *bare(struct arena *arena, const struct type *type)
{
    type = type_low_cardinality(arena, type, false);
    return type == NULL || type->kind == TYPE_NOTHING ? type : type_nullable(arena, type, false);
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

struct err *prune_compile(struct arena *arena, const struct function_context *context,
                          const struct expression *condition, struct prune **out)
{
    static const struct {
        const char *name;
        enum prune_kind kind, mirrored;
    } comparisons[] = {
        {"equals", PRUNE_EQUAL, PRUNE_EQUAL},
        {"less", PRUNE_LESS, PRUNE_GREATER},
        {"lessOrEquals", PRUNE_LESS_EQUAL, PRUNE_GREATER_EQUAL},
        {"greater", PRUNE_GREATER, PRUNE_LESS},
        {"greaterOrEquals", PRUNE_GREATER_EQUAL, PRUNE_LESS_EQUAL},
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
            struct column *value;
            if (constant == NULL || column_is_null(constant, 0) || constant->type->kind == TYPE_NOTHING ||
                !expression_rises(key, &prune->column)) {
                continue;
            }
            prune->kind = side == 0 ? comparisons[i].kind : comparisons[i].mirrored;
            prune->type = bare(arena, key->type);
            if (prune->type == NULL) {
                return arena_error(arena);
            }
            if (type_is_nested(prune->type) || prune->type->kind == TYPE_NOTHING) {
                return NULL;
            }
            err = cast_accurate_or_null(arena, context, constant, prune->type, &value);
            if (err != NULL) {
                err_free(err); /* the condition itself will say what is wrong */
                return NULL;
            }
            if (column_is_null(value, 0)) {
                return NULL; /* not a value of the key's type */
            }
            prune->value = const_row(arena, value, 0);
            if (prune->value == NULL) {
                return arena_error(arena);
            }
            prune->value = column_retyped(arena, prune->value, prune->type);
            if (prune->value == NULL) {
                return arena_error(arena);
            }
            ((struct column *)(uintptr_t)prune->value)->nulls = NULL;
            OR_DONE(key_program(arena, key, prune));
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
    if (prune->program != NULL) {
        return NULL;
    }
    if (prune->kind == PRUNE_IN || prune->kind == PRUNE_RANGE) {
        const struct column *min = const_row(arena, prune->value, 0);
        const struct column *max = const_row(arena, prune->value, prune->value->row_count - 1);
        if (min == NULL || max == NULL) {
            return arena_error(arena);
        }
        conditions[(*count)++] = (struct source_condition){prune->column, CONDITION_GREATER_EQUAL, min};
        conditions[(*count)++] = (struct source_condition){prune->column, CONDITION_LESS_EQUAL, max};
    } else {
        conditions[(*count)++] = (struct source_condition){prune->column, kinds[prune->kind], prune->value};
    }
    return NULL;
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

/* Seconds between the two rows of a column of times. */
static double seconds_between(const struct column *times)
{
    double values[2] = {0, 0};
    for (uint32_t i = 0; i < 2; i++) {
        const char *value = (const char *)times->values + (size_t)i * times->type->width;
        switch ((int)times->type->kind) {
        case TYPE_DATE:
            values[i] = *(const uint16_t *)(const void *)value * 86400.0;
            break;
        case TYPE_DATE32:
            values[i] = *(const int32_t *)(const void *)value * 86400.0;
            break;
        case TYPE_DATETIME:
            values[i] = *(const uint32_t *)(const void *)value;
            break;
        case TYPE_DATETIME64:
            values[i] = (double)*(const int64_t *)(const void *)value;
            for (uint32_t scale = times->type->scale; scale > 0; scale--) {
                values[i] /= 10;
            }
            break;
        default:
            return NAN;
        }
    }
    return values[1] - values[0];
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
        double more = seconds_between(after) - seconds_between(before);
        *wraps |= !(more < 32 * 86400.0 && more > -32 * 86400.0);
    }
done:
    return err;
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
    const struct type *plain = bare(scratch, type);
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
