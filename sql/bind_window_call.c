/*
 * bind_window_call.c: f(…) OVER …, and the plan nodes that compute it.
 *
 * A call is bound over the columns of FROM like an aggregate, and stands in expressions as a column with an index from
 * WINDOW_BASE on. Once aggregation has moved everything onto its output, windows_plan puts a sort and a window node on
 * the plan for each partition and order, and windows_rewrite turns the calls into columns of the last node.
 */
#include "sql/bind_window.h"

static const struct frame frame_whole = {FRAME_ROWS, {BOUND_UNBOUNDED, false, 0}, {BOUND_UNBOUNDED, true, 0}};

struct window_call {
    struct window_function function;
    struct slice name;
    bool parameters; /* each such call keeps its own state: parameters are not compared */
    struct window_definition window;
    uint32_t offset;
    uint32_t column; /* of the last window node, once planned */
};

static struct err *argument_count_error(struct binder *binder, const struct ast *node, const char *needed)
{
    return bind_error(binder, node->offset, ERR_ARGUMENT_COUNT, "the window function %.*s takes %s, %u given",
                      SLICE_ARG(node->parts[0]), needed, node->arguments.count);
}

/* lag, lead and nth_value: which rows away, or which row. */
static struct err *check_distance(struct binder *binder, const struct ast *node, const struct expression *distance,
                                  int64_t min)
{
    const struct column *value = expression_value(distance);
    const struct type *type = distance->type;

    if (!type_is_integer(type) || type->nullable || type->width > 8) {
        struct slice name = type_name(binder->arena, type);
        return bind_error(binder, node->offset, ERR_BAD_ARGUMENTS,
                          "the second argument of %.*s must be a whole number, not %.*s", SLICE_ARG(node->parts[0]),
                          SLICE_ARG(name));
    }
    if (value != NULL && type_is_signed(type)) {
        int64_t number = 0;
        memcpy(&number, column_value(value, 0), type->width);
        number = (int64_t)((uint64_t)number << (64 - 8 * type->width)) >> (64 - 8 * type->width);
        if (number < min) {
            return bind_error(binder, node->offset, ERR_BAD_ARGUMENTS,
                              "the second argument of %.*s must be at least %d, not %lld", SLICE_ARG(node->parts[0]),
                              (int)min, (long long)number);
        }
    }
    return NULL;
}

static struct err *bind_lag(struct binder *binder, const struct ast *node, struct window_call *call,
                            const struct expression **arguments)
{
    struct err *err = NULL;
    uint32_t count = node->arguments.count;
    bool in_frame = node->parts[0].length > 4; /* lagInFrame, leadInFrame */

    if (count < 1 || count > 3) {
        err = bind_error(binder, node->offset, count < 1 ? ERR_TOO_FEW_ARGUMENTS : ERR_TOO_MANY_ARGUMENTS,
                         "the window function %.*s takes 1 to 3 arguments, %u given", SLICE_ARG(node->parts[0]), count);
        goto done;
    }
    if (!in_frame && call->window.has_frame) {
        err = bind_error(binder, node->offset, ERR_BAD_ARGUMENTS,
                         "the window function %.*s takes no frame; %.*sInFrame does", SLICE_ARG(node->parts[0]),
                         SLICE_ARG(node->parts[0]));
        goto done;
    }
    if (!in_frame) {
        call->function.frame = frame_whole;
    }
    call->function.type = type_low_cardinality(binder->arena, arguments[0]->type, false);
    if (call->function.type == NULL) {
        err = arena_error(binder->arena);
        goto done;
    }
    if (count > 1) {
        OR_DONE(check_distance(binder, node, arguments[1], 0));
    }
    if (count > 2) {
        const struct type *types[2] = {call->function.type,
                                       type_low_cardinality(binder->arena, arguments[2]->type, false)};
        const struct type *common = NULL;
        struct err *none =
            types[1] == NULL ? arena_error(binder->arena) : function_common_type(binder->arena, types, 2, &common);
        if (none != NULL || !type_equal(common, types[0])) {
            struct slice name = type_name(binder->arena, arguments[2]->type);
            struct slice wanted = type_name(binder->arena, types[0]);
            err_free(none);
            err = bind_error(binder, node->offset, ERR_BAD_ARGUMENTS,
                             "the default of %.*s, of type %.*s, does not fit the type %.*s of its values",
                             SLICE_ARG(node->parts[0]), SLICE_ARG(name), SLICE_ARG(wanted));
            goto done;
        }
        OR_DONE(expression_cast(binder->arena, binder->options->context, arguments[2], types[0], &arguments[2]));
    }
done:
    return err;
}

static bool frame_is_whole(const struct frame *frame)
{
    return frame->begin.kind == BOUND_UNBOUNDED && frame->end.kind == BOUND_UNBOUNDED;
}

static struct err *bind_ntile(struct binder *binder, const struct ast *node, struct window_call *call,
                              const struct expression *const *arguments)
{
    uint64_t number = 0;

    if (node->arguments.count != 1) {
        return argument_count_error(binder, node, "one argument");
    }
    const struct column *value = expression_value(arguments[0]);
    if (!type_is_integer(arguments[0]->type) || type_is_signed(arguments[0]->type) || arguments[0]->type->width > 8 ||
        arguments[0]->type->nullable || value == NULL) {
        return bind_error(binder, node->offset, ERR_BAD_ARGUMENTS,
                          "the argument of %.*s must be a constant and unsigned number", SLICE_ARG(node->parts[0]));
    }
    memcpy(&number, column_value(value, 0), arguments[0]->type->width);
    if (number == 0) {
        return bind_error(binder, node->offset, ERR_BAD_ARGUMENTS, "the argument of %.*s must be greater than 0",
                          SLICE_ARG(node->parts[0]));
    }
    if (call->window.order_count == 0 ||
        (call->window.has_frame && (!frame_is_whole(&call->window.frame) || call->window.frame.kind == FRAME_GROUPS))) {
        return bind_error(binder, node->offset, ERR_BAD_ARGUMENTS,
                          "the window function %.*s needs an ORDER BY and takes no frame but the whole partition",
                          SLICE_ARG(node->parts[0]));
    }
    return NULL;
}

/* A function that is none without a window. */
static struct err *bind_window_function(struct binder *binder, const struct ast *node, struct window_call *call,
                                        const struct expression **arguments)
{
    struct err *err = NULL;
    uint32_t count = node->arguments.count;
    enum window_kind kind = call->function.kind;

    if (node->has_parameters) {
        return bind_error(binder, node->offset, ERR_BAD_ARGUMENTS, "the window function %.*s takes no parameters",
                          SLICE_ARG(node->parts[0]));
    }
    if (node->nulls > 0) {
        return bind_refuse(binder, node->offset, "%.*s with RESPECT NULLS", SLICE_ARG(node->parts[0]));
    }
    call->function.argument_count = count;
    call->function.type =
        type_simple(kind == WINDOW_PERCENT_RANK || kind == WINDOW_CUME_DIST ? TYPE_FLOAT64 : TYPE_UINT64);
    switch (kind) {
    case WINDOW_RANK:
    case WINDOW_DENSE_RANK:
        return count > 0 ? argument_count_error(binder, node, "no arguments") : NULL;
    case WINDOW_PERCENT_RANK:
    case WINDOW_CUME_DIST:
        call->function.argument_count = 0;
        if (call->window.has_frame &&
            (!frame_is_whole(&call->window.frame) || call->window.frame.kind != FRAME_RANGE)) {
            err = bind_error(binder, node->offset, ERR_BAD_ARGUMENTS,
                             "the window function %.*s takes no frame but RANGE over the whole partition",
                             SLICE_ARG(node->parts[0]));
        }
        return err;
    case WINDOW_NTILE:
        return bind_ntile(binder, node, call, arguments);
    case WINDOW_LAG:
    case WINDOW_LEAD:
        return bind_lag(binder, node, call, arguments);
    case WINDOW_NTH:
        if (count != 2) {
            return argument_count_error(binder, node, "two arguments");
        }
        call->function.type = type_low_cardinality(binder->arena, arguments[0]->type, false);
        return call->function.type == NULL ? arena_error(binder->arena) : check_distance(binder, node, arguments[1], 1);
    default: /* row_number */
        call->function.argument_count = 0;
        return NULL;
    }
}

/* any, anyLast: a row of the frame, where there are no NULLs to leave out. */
static bool is_first_or_last(const struct ast *node, const struct expression *const *arguments, enum window_kind *kind)
{
    static const struct {
        const char *name;
        bool any_case;
        bool respects_nulls;
        enum window_kind kind;
    } names[] = {
        {"any", false, false, WINDOW_FIRST},
        {"any_value", true, false, WINDOW_FIRST},
        {"anyValue", false, false, WINDOW_FIRST},
        {"first_value", true, false, WINDOW_FIRST},
        {"anyLast", false, false, WINDOW_LAST},
        {"last_value", true, false, WINDOW_LAST},
        {"any_respect_nulls", false, true, WINDOW_FIRST},
        {"any_value_respect_nulls", true, true, WINDOW_FIRST},
        {"anyRespectNulls", false, true, WINDOW_FIRST},
        {"first_value_respect_nulls", true, true, WINDOW_FIRST},
        {"firstValueRespectNulls", false, true, WINDOW_FIRST},
        {"anyLast_respect_nulls", false, true, WINDOW_LAST},
        {"anyLastRespectNulls", false, true, WINDOW_LAST},
        {"last_value_respect_nulls", true, true, WINDOW_LAST},
        {"lastValueRespectNulls", false, true, WINDOW_LAST},
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && node->arguments.count == 1 && !node->has_parameters;
         i++) {
        if (names[i].any_case ? slice_is_any_case(node->parts[0], names[i].name)
                              : slice_is_text(node->parts[0], names[i].name)) {
            *kind = names[i].kind;
            return names[i].respects_nulls || node->nulls > 0 || !arguments[0]->type->nullable;
        }
    }
    return false;
}

static bool keys_equal(const struct window_definition *a, const struct window_definition *b)
{
    bool equal = a->partition_count == b->partition_count && a->order_count == b->order_count;

    for (uint32_t i = 0; i < a->partition_count && equal; i++) {
        equal = expression_equal(a->partition[i], b->partition[i]);
    }
    for (uint32_t i = 0; i < a->order_count && equal; i++) {
        equal = a->order[i].descending == b->order[i].descending &&
                a->order[i].nulls_first == b->order[i].nulls_first &&
                expression_equal(a->order[i].expression, b->order[i].expression);
    }
    return equal;
}

static bool bounds_equal(const struct frame_bound *a, const struct frame_bound *b)
{
    return a->kind == b->kind && a->following == b->following && a->offset == b->offset;
}

static bool calls_equal(const struct window_call *a, const struct window_call *b)
{
    const struct window_function *f = &a->function;
    const struct window_function *g = &b->function;
    bool equal = f->kind == g->kind && !a->parameters && !b->parameters && f->argument_count == g->argument_count &&
                 slice_equal(a->name, b->name) && type_equal(f->type, g->type) && f->frame.kind == g->frame.kind &&
                 bounds_equal(&f->frame.begin, &g->frame.begin) && bounds_equal(&f->frame.end, &g->frame.end);

    for (uint32_t i = 0; i < f->argument_count && equal; i++) {
        equal = expression_equal(f->arguments[i], g->arguments[i]);
    }
    return equal && keys_equal(&a->window, &b->window);
}

static struct err *register_call(struct binder *binder, struct scope *scope, const struct window_call *call,
                                 const struct expression **out)
{
    uint32_t index = 0;

    while (index < scope->window_count && !calls_equal(&scope->windows[index], call)) {
        index++;
    }
    if (index == scope->window_count) {
        struct window_call *place =
            bind_array_add(binder->arena, &scope->windows, &scope->window_count, sizeof(*place));
        if (place == NULL) {
            return arena_error(binder->arena);
        }
        *place = *call;
    }
    return expression_column(binder->arena, WINDOW_BASE + index, call->function.type, out);
}

static struct err *bind_parts(struct binder *binder, struct scope *scope, const struct ast *node,
                              struct window_call *call)
{
    struct err *err = NULL;
    const struct expression **arguments = NULL;

    OR_DONE(bind_window(binder, scope, node, &call->window));
    call->function.frame = call->window.frame;
    OR_DONE(bind_arguments(binder, scope, &node->arguments, &arguments));
    call->function.arguments = arguments;
    if (window_kind_find(node->parts[0], &call->function.kind)) {
        OR_DONE(bind_window_function(binder, node, call, arguments));
        goto done;
    }
    call->function.argument_count = node->arguments.count;
    if (is_first_or_last(node, arguments, &call->function.kind)) {
        call->function.type = type_low_cardinality(binder->arena, arguments[0]->type, false);
        err = call->function.type == NULL ? arena_error(binder->arena) : NULL;
        goto done;
    }
    call->function.kind = WINDOW_AGGREGATE;
    OR_DONE(bind_aggregate_function(binder, scope, node, arguments, &call->function.aggregate));
    call->parameters = node->has_parameters;
    call->function.type = call->function.aggregate->type;
done:
    return err;
}

struct err *bind_window_call(struct binder *binder, struct scope *scope, const struct ast *node,
                             const struct expression **out)
{
    struct err *err = NULL;
    struct window_call call = {.name = node->parts[0], .offset = node->offset};
    const char *outside = scope->no_windows;
    const char *where = scope->rows_only               ? scope->rows_what
                        : scope->no_aggregates != NULL ? scope->no_aggregates
                        : scope->in_aggregate          ? "inside an aggregate function"
                                                       : scope->no_windows;

    if (where != NULL) {
        return bind_error(binder, node->offset, ERR_ILLEGAL_AGGREGATION,
                          "the window function %.*s OVER is not allowed %s%s%s", SLICE_ARG(node->parts[0]),
                          strncmp(where, "inside", 6) == 0 ? "" : "in ", where,
                          strcmp(where, "WHERE") == 0 || strcmp(where, "HAVING") == 0
                              ? ": it is computed after rows are filtered; QUALIFY filters by its result"
                              : "");
    }
    scope->no_windows = "inside another window function";
    OR_DONE(bind_parts(binder, scope, node, &call));
    OR_DONE(register_call(binder, scope, &call, out));
done:
    scope->no_windows = outside;
    return err;
}

/* ---- plan */

/* Moves what is inside the calls to the output of an aggregation. */
struct err *windows_after_aggregation(struct scope *scope, void *user,
                                      struct err *(*rewrite)(void *user, const struct expression **expression,
                                                             uint32_t offset))
{
    struct err *err = NULL;

    for (uint32_t i = 0; i < scope->window_count; i++) {
        struct window_call *call = &scope->windows[i];
        const struct expression **arguments =
            (const struct expression **)(uintptr_t)call->function.arguments; /* the binder's own */
        for (uint32_t j = 0; j < call->function.argument_count; j++) {
            OR_DONE(rewrite(user, &arguments[j], call->offset));
        }
        for (uint32_t j = 0; j < call->window.partition_count; j++) {
            OR_DONE(rewrite(user, &call->window.partition[j], call->offset));
        }
        for (uint32_t j = 0; j < call->window.order_count; j++) {
            OR_DONE(rewrite(user, &call->window.order[j].expression, call->offset));
        }
    }
done:
    return err;
}

/* A sort and a window node for all calls that share the keys of call `first`. */
static struct err *plan_one(struct binder *binder, struct scope *scope, uint32_t first, struct plan **plan)
{
    struct err *err = NULL;
    struct arena *arena = binder->arena;
    struct window_definition *window = &scope->windows[first].window;
    struct window_function *functions = ARENA_ARRAY(arena, struct window_function, scope->window_count);
    struct slice *names = ARENA_ARRAY(arena, struct slice, scope->window_count);
    struct plan_sort_key *keys =
        ARENA_ARRAY(arena, struct plan_sort_key, window->partition_count + window->order_count + 1U);
    uint32_t key_count = 0;
    uint32_t count = 0;

    if (functions == NULL || names == NULL || keys == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < window->partition_count; i++) {
        keys[key_count++] = (struct plan_sort_key){.expression = window->partition[i]};
    }
    for (uint32_t i = 0; i < window->order_count; i++) {
        if (window->order[i].expression->kind != EXPRESSION_CONSTANT) {
            keys[key_count++] = window->order[i];
        }
    }
    for (uint32_t i = first; i < scope->window_count; i++) {
        struct window_call *call = &scope->windows[i];
        if (call->column == UINT32_MAX && keys_equal(&call->window, window)) {
            call->column = (*plan)->column_count + count;
            names[count] = call->name;
            functions[count++] = call->function;
        }
    }
    OR_DONE(plan_sort(arena, *plan, keys, key_count, UINT64_MAX, plan));
    const struct plan_window node = {.partition = window->partition,
                                     .partition_count = window->partition_count,
                                     .order = window->order,
                                     .order_count = window->order_count,
                                     .functions = functions,
                                     .function_count = count};
    OR_DONE(plan_window(arena, *plan, &node, names, plan));
done:
    return err;
}

struct err *windows_plan(struct binder *binder, struct scope *scope, struct plan **plan)
{
    struct err *err = NULL;

    for (uint32_t i = 0; i < scope->window_count; i++) {
        scope->windows[i].column = UINT32_MAX;
    }
    for (uint32_t i = 0; i < scope->window_count; i++) {
        if (scope->windows[i].column == UINT32_MAX) {
            OR_DONE(plan_one(binder, scope, i, plan));
        }
    }
done:
    return err;
}

struct err *windows_rewrite(struct binder *binder, const struct scope *scope, const struct expression **expression)
{
    struct err *err = NULL;
    const struct expression *from = *expression;
    struct arena *arena = binder->arena;

    if (from->kind == EXPRESSION_COLUMN) {
        return from->column_index < WINDOW_BASE
                   ? NULL
                   : expression_column(arena, scope->windows[from->column_index - WINDOW_BASE].column, from->type,
                                       expression);
    }
    if (!expression_has_window(from)) {
        return NULL;
    }
    const struct expression **children;
    struct expression *copy;
    OR_DONE(expression_copy(arena, from, &copy, &children));
    for (uint32_t i = 0; i < from->child_count; i++) {
        children[i] = from->children[i];
        OR_DONE(windows_rewrite(binder, scope, &children[i]));
    }
    *expression = expression_made(copy);
done:
    return err;
}
