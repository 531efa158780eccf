/*
 * bind_fill.c: ORDER BY … WITH FILL and INTERPOLATE → a node that makes rows up.
 */
#include "query/fill.h"
#include "sql/binder.h"

struct filling {
    struct binder *binder;
    struct scope *scope;
    const struct items *items;
    const struct plan *plan; /* sorted */
    struct plan_fill fill;
    struct fill_interpolation *interpolations;
};

static struct err *fill_error(struct filling *filling, uint32_t offset, const char *what, const struct type *type)
{
    struct slice name = type == NULL ? slice_text("") : type_name(filling->binder->arena, type);
    return bind_error(filling->binder, offset, ERR_INVALID_FILL, "WITH FILL: %s%s%.*s", what, type == NULL ? "" : " ",
                      SLICE_ARG(name));
}

/* --- bounds and steps -------------------------------------------------------------------------------------------- */

static bool is_ticks(const struct type *type)
{
    return type_is_integer(type) || type->kind == TYPE_BOOL || type_is_time(type);
}

static __int128 integer_of(const struct column *value)
{
    const struct type *type = value->type;
    uint32_t width = type->width;
    __int128 number = 0;

    memcpy(&number, column_value(value, 0), width);
    bool is_signed = type_is_signed(type) || type->kind == TYPE_DATE32 || type->kind == TYPE_DATETIME64 ||
                     type->kind == TYPE_INTERVAL;
    if (is_signed && width < 16) {
        number = (__int128)((unsigned __int128)number << (128 - 8 * width)) >> (128 - 8 * width);
    }
    return number;
}

/* A constant, in the key's ticks. */
static struct err *constant_value(struct filling *filling, const struct ast *node, const struct type *type,
                                  const char *what, const struct column **constant, struct fill_value *out)
{
    struct err *err = NULL;
    const struct expression *expression = NULL;

    *out = (struct fill_value){0};
    OR_DONE(bind_node(filling->binder, filling->scope, node, &expression));
    const struct column *value = *constant = expression_value(expression);
    if (value == NULL || column_is_null(value, 0) ||
        !(type_is_number(value->type) || type_is_time(value->type) || value->type->kind == TYPE_INTERVAL)) {
        err = bind_error(filling->binder, node->offset, ERR_INVALID_FILL, "WITH FILL: %s must be a constant number",
                         what);
        goto done;
    }
    bool float_value = type_is_float(value->type);
    bool times = type_is_time(value->type);
    if (value->type->kind == TYPE_DECIMAL || (float_value && !type_is_float(type)) ||
        (times && !type_equal(value->type, type))) {
        err = fill_error(filling, node->offset, "a bound or step of another type than the column's, which is", type);
        goto done;
    }
    out->set = true;
    if (float_value) {
        out->real = value->type->kind == TYPE_FLOAT64 ? *(const double *)column_value(value, 0)
                                                      : (double)*(const float *)column_value(value, 0);
    } else {
        out->integer = integer_of(value);
        out->real = (double)out->integer;
    }
    for (uint8_t i = 0; i < type->scale && type->kind == TYPE_DATETIME64 && !times; i++) {
        out->integer *= 10;
    }
done:
    return err;
}

/* Of the shortest time that it can be; parts of a second count as none. */
static __int128 seconds_of(enum interval_unit unit, __int128 count)
{
    static const int64_t seconds[] = {
        [INTERVAL_NANOSECOND] = 0,       [INTERVAL_MICROSECOND] = 0,   [INTERVAL_MILLISECOND] = 0,
        [INTERVAL_SECOND] = 1,           [INTERVAL_MINUTE] = 60,       [INTERVAL_HOUR] = 3600,
        [INTERVAL_DAY] = 86400,          [INTERVAL_WEEK] = 7 * 86400,  [INTERVAL_MONTH] = 28 * 86400,
        [INTERVAL_QUARTER] = 90 * 86400, [INTERVAL_YEAR] = 365 * 86400};
    return seconds[unit] * (count < 0 ? -count : count);
}

static struct err *interval_step(struct filling *filling, const struct ast *node, const struct type *type,
                                 const struct column *interval, struct fill_key *key)
{
    struct err *err = NULL;
    struct arena *arena = filling->binder->arena;
    const struct expression *parts[2] = {NULL, NULL};
    const struct expression *next = NULL;

    if (!type_is_time(type)) {
        err = fill_error(filling, node->offset, "a STEP that is an INTERVAL needs a date or time, not", type);
        goto done;
    }
    if ((type->kind == TYPE_DATE || type->kind == TYPE_DATE32) && key->step.integer != 0 &&
        seconds_of(interval->type->unit, key->step.integer) < 86400) {
        err = fill_error(filling, node->offset, "the STEP must be a day at least for", type);
        goto done;
    }
    OR_DONE(expression_column(arena, 0, type, &parts[0]));
    OR_DONE(expression_constant(arena, interval, &parts[1]));
    OR_DONE(bind_call(filling->binder, node->offset, "plus", parts, 2, &next));
    OR_DONE(expression_cast(arena, filling->binder->options->context, next, type, &key->next));
done:
    return err;
}

static struct err *bind_fill_key(struct filling *filling, const struct ast_order *order, uint32_t column,
                                 struct fill_key *key)
{
    struct err *err = NULL;
    const struct type *type = type_nullable(filling->binder->arena, filling->plan->columns[column].type, false);
    const struct column *constant = NULL;
    int direction = order->descending ? -1 : 1;

    type = type == NULL ? NULL : type_low_cardinality(filling->binder->arena, type, false);
    if (type == NULL) {
        return arena_error(filling->binder->arena);
    }
    *key = (struct fill_key){.column = column, .descending = order->descending, .is_float = type_is_float(type)};
    key->step = (struct fill_value){true, direction, direction};
    if (type->kind == TYPE_DATETIME64) {
        for (uint8_t i = 0; i < type->scale; i++) {
            key->step.integer *= 10;
        }
    }
    if (!is_ticks(type) && !key->is_float) {
        err = fill_error(filling, order->offset, "the column is no number, date or time but", type);
        goto done;
    }
    if (order->fill_from != NULL) {
        OR_DONE(constant_value(filling, order->fill_from, type, "FROM", &constant, &key->from));
    }
    if (order->fill_to != NULL) {
        OR_DONE(constant_value(filling, order->fill_to, type, "TO", &constant, &key->to));
    }
    if (order->fill_step != NULL) {
        OR_DONE(constant_value(filling, order->fill_step, type, "STEP", &constant, &key->step));
        if (constant->type->kind == TYPE_INTERVAL) {
            OR_DONE(interval_step(filling, order->fill_step, type, constant, key));
        }
    }
    double from_to = key->is_float ? key->to.real - key->from.real : (double)(key->to.integer - key->from.integer);
    double step = key->is_float ? key->step.real : (double)key->step.integer;
    if (step == 0) {
        err = fill_error(filling, order->offset, "the STEP must not be zero", NULL);
    } else if (step * direction < 0) {
        err = fill_error(filling, order->offset, "the STEP leads against the order", NULL);
    } else if (key->from.set && key->to.set && from_to * direction < 0) {
        err = fill_error(filling, order->offset, "TO comes before FROM", NULL);
    } else if (type_is_integer(type) && !type_is_signed(type) &&
               ((key->from.set && key->from.integer < 0) || (key->to.set && key->to.integer < 0))) {
        err = fill_error(filling, order->offset, "a negative bound for", type);
    }
done:
    return err;
}

/* --- INTERPOLATE ------------------------------------------------------------------------------------------------- */

static struct err *add_interpolation(struct filling *filling, uint32_t column, const struct expression *expression)
{
    struct fill_interpolation *place = bind_array_add(filling->binder->arena, &filling->interpolations,
                                                      &filling->fill.interpolation_count, sizeof(*place));
    if (place == NULL) {
        return arena_error(filling->binder->arena);
    }
    *place = (struct fill_interpolation){column, expression};
    return NULL;
}

static bool is_sorted_by(const struct plan_sort_key *keys, uint32_t key_count, uint32_t column)
{
    bool found = false;
    for (uint32_t k = 0; k < key_count && !found; k++) {
        found = keys[k].expression->kind == EXPRESSION_COLUMN && keys[k].expression->column_index == column;
    }
    return found;
}

/* An expression over the columns of the result. */
static struct err *bind_interpolation(struct filling *filling, const struct ast_interpolation *item, uint32_t column)
{
    struct err *err = NULL;
    struct arena *arena = filling->binder->arena;
    const struct type *type = filling->plan->columns[column].type;
    const struct expression *expression = NULL;
    uint32_t count = filling->items->count;
    struct scope scope = {.rows_only = true, .rows_what = "INTERPOLATE", .with_all = true};

    if (item == NULL || item->expression == NULL) {
        OR_DONE(expression_column(arena, column, type, &expression));
        OR_DONE(add_interpolation(filling, column, expression));
        goto done;
    }
    scope.columns = ARENA_ARRAY(arena, struct scope_column, count + 1U);
    if (scope.columns == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < count; i++) {
        scope.columns[i] = (struct scope_column){
            .name = filling->plan->columns[i].name, .type = filling->plan->columns[i].type, .index = i, .source = i};
    }
    scope.column_count = count;
    OR_DONE(bind_node(filling->binder, &scope, item->expression, &expression));
    OR_DONE(bind_at(filling->binder, item->offset,
                    expression_cast(arena, filling->binder->options->context, expression, type, &expression)));
    OR_DONE(add_interpolation(filling, column, expression));
done:
    return err;
}

static struct err *bind_interpolations(struct filling *filling, const struct ast_select *select,
                                       const struct plan_sort_key *keys, uint32_t key_count)
{
    struct err *err = NULL;
    uint32_t count = filling->items->count;

    for (uint32_t c = 0; c < count && select->has_interpolate && select->interpolation_count == 0; c++) {
        if (!is_sorted_by(keys, key_count, c)) {
            OR_DONE(bind_interpolation(filling, NULL, c));
        }
    }
    for (uint32_t i = 0; i < select->interpolation_count; i++) {
        const struct ast_interpolation *item = &select->interpolations[i];
        uint32_t column = 0;
        while (column < count && !slice_equal(filling->items->items[column].name, item->name)) {
            column++;
        }
        if (column == count) {
            err = bind_error(filling->binder, item->offset, ERR_UNKNOWN_IDENTIFIER,
                             "INTERPOLATE: the SELECT has no column %.*s", SLICE_ARG(item->name));
            goto done;
        }
        if (is_sorted_by(keys, key_count, column)) {
            err = bind_error(filling->binder, item->offset, ERR_INVALID_FILL,
                             "INTERPOLATE: the result is ordered by the column %.*s", SLICE_ARG(item->name));
            goto done;
        }
        OR_DONE(bind_interpolation(filling, item, column));
    }
done:
    return err;
}

/* --- the node ---------------------------------------------------------------------------------------------------- */

struct err *bind_fill(struct binder *binder, struct scope *scope, const struct items *items,
                      const struct plan_sort_key *keys, const struct ast_order *const *orders, uint32_t key_count,
                      struct plan **plan)
{
    struct err *err = NULL;
    struct arena *arena = binder->arena;
    struct filling filling = {.binder = binder, .scope = scope, .items = items, .plan = *plan};
    struct fill_key *fill_keys = ARENA_ARRAY(arena, struct fill_key, key_count + 1U);
    uint32_t *prefix = ARENA_ARRAY(arena, uint32_t, key_count + 1U);
    bool has_fill = false;

    if (fill_keys == NULL || prefix == NULL) {
        return arena_error(arena);
    }
    for (uint32_t k = 0; k < key_count; k++) {
        has_fill = has_fill || orders[k]->has_fill;
    }
    for (uint32_t k = 0; k < key_count && has_fill; k++) {
        const struct expression *expression = keys[k].expression;
        if (expression->kind != EXPRESSION_COLUMN) {
            err = bind_refuse(binder, orders[k]->offset, "WITH FILL of what is not in the list of a SELECT DISTINCT");
            goto done;
        }
        if (!orders[k]->has_fill) {
            if (filling.fill.key_count == 0) {
                prefix[filling.fill.prefix_count++] = expression->column_index;
            }
            continue;
        }
        OR_DONE(bind_fill_key(&filling, orders[k], expression->column_index, &fill_keys[filling.fill.key_count]));
        filling.fill.key_count++;
    }
    if (filling.fill.key_count == 0) {
        goto done;
    }
    if (scope->select->with_ties) {
        err = bind_refuse(binder, scope->select->limit_position, "WITH TIES together with WITH FILL");
        goto done;
    }
    for (uint32_t i = 0; i < filling.fill.key_count; i++) {
        bool twice = false;
        for (uint32_t k = 0, seen = 0; k < key_count; k++) {
            seen += keys[k].expression->kind == EXPRESSION_COLUMN &&
                    keys[k].expression->column_index == fill_keys[i].column;
            twice = seen > 1;
        }
        if (twice) {
            err = fill_error(&filling, orders[0]->offset, "ORDER BY has a column with FILL twice", NULL);
            goto done;
        }
    }
    OR_DONE(bind_interpolations(&filling, scope->select, keys, key_count));
    filling.fill.keys = fill_keys;
    filling.fill.prefix = prefix;
    filling.fill.interpolations = filling.interpolations;
    OR_DONE(plan_fill(arena, *plan, &filling.fill, plan));
done:
    return err;
}
