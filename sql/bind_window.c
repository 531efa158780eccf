/*
 * bind_window.c: windows: OVER (…) and WINDOW name AS (…), one on another, with their frames.
 */
#include "sql/bind_window.h"

#define FRAME_OFFSET_MAX 2147483646 /* ClickHouse: fits Int32, and one more */

static const struct frame frame_default = {FRAME_RANGE, {BOUND_UNBOUNDED, false, 0}, {BOUND_CURRENT, false, 0}};

static struct err *add_order_key(struct binder *binder, struct window_definition *window, struct plan_sort_key key)
{
    struct plan_sort_key *place = bind_array_add(binder->arena, &window->order, &window->order_count, sizeof(*place));

    if (place == NULL) {
        return arena_error(binder->arena);
    }
    *place = key;
    return NULL;
}

static bool is_tuple(const struct ast *node)
{
    return node->kind == AST_FUNCTION && !node->has_parameters && node->alias.length == 0 &&
           slice_is_text(node->parts[0], "tuple");
}

static struct err *bind_partition(struct binder *binder, struct scope *scope, const struct ast *node,
                                  struct window_definition *window)
{
    struct err *err = NULL;
    const struct expression *expression = NULL;

    if (is_tuple(node)) {
        for (uint32_t i = 0; i < node->arguments.count; i++) {
            OR_DONE(bind_partition(binder, scope, node->arguments.items[i], window));
        }
        goto done;
    }
    OR_DONE(bind_node(binder, scope, node, &expression));
    if (expression->kind == EXPRESSION_CONSTANT) {
        goto done;
    }
    const struct expression **place =
        bind_array_add(binder->arena, &window->partition, &window->partition_count, sizeof(struct expression *));
    if (place == NULL) {
        err = arena_error(binder->arena);
        goto done;
    }
    *place = expression;
done:
    return err;
}

static struct err *bind_window_order(struct binder *binder, struct scope *scope, const struct ast *node,
                                     const struct ast_order *order, struct window_definition *window)
{
    struct err *err = NULL;
    struct plan_sort_key key = {.descending = order->descending, .nulls_first = order->nulls > 0};

    if (is_tuple(node)) {
        for (uint32_t i = 0; i < node->arguments.count; i++) {
            OR_DONE(bind_window_order(binder, scope, node->arguments.items[i], order, window));
        }
        goto done;
    }
    if (order->has_fill || order->collation.length > 0) {
        err = bind_refuse(binder, order->offset, "%s in a window", order->has_fill ? "WITH FILL" : "COLLATE");
        goto done;
    }
    OR_DONE(bind_node(binder, scope, node, &key.expression));
    OR_DONE(bind_check_key(binder, node, key.expression, "ORDER BY"));
    OR_DONE(add_order_key(binder, window, key));
done:
    return err;
}

/* Can rows be [offset] apart in this order key? ClickHouse: numbers of C, dates and DateTime; with an INTERVAL also
 * DateTime64. */
static bool range_type(const struct type *type, bool interval)
{
    switch (type->kind) {
    case TYPE_DATE:
    case TYPE_DATE32:
    case TYPE_DATETIME:
        return !type->low_cardinality;
    case TYPE_DATETIME64:
        return interval && !type->low_cardinality;
    case TYPE_BOOL:
    case TYPE_ENUM8:
    case TYPE_ENUM16:
        return !interval && !type->low_cardinality;
    default:
        return !interval && !type->low_cardinality && type->kind != TYPE_UINT128 && !type_is_256(type) &&
               type->kind != TYPE_DECIMAL && type_is_number(type);
    }
}

/* INTERVAL → ticks of the order key; false: not a whole number of them. */
static bool interval_ticks(const struct type *interval, int64_t count, const struct type *key, int64_t *out)
{
    static const int64_t nanoseconds[] = {
        [INTERVAL_NANOSECOND] = 1,
        [INTERVAL_MICROSECOND] = 1000,
        [INTERVAL_MILLISECOND] = 1000000,
        [INTERVAL_SECOND] = 1000000000,
        [INTERVAL_MINUTE] = 60000000000,
        [INTERVAL_HOUR] = 3600000000000,
        [INTERVAL_DAY] = 86400000000000,
        [INTERVAL_WEEK] = 604800000000000,
        [INTERVAL_MONTH] = 0,
        [INTERVAL_QUARTER] = 0,
        [INTERVAL_YEAR] = 0,
    };
    int64_t tick = key->kind == TYPE_DATETIME ? nanoseconds[INTERVAL_SECOND] : nanoseconds[INTERVAL_DAY];
    if (key->kind == TYPE_DATETIME64) {
        tick = nanoseconds[INTERVAL_SECOND];
        for (uint8_t i = 0; i < key->scale; i++) {
            tick /= 10;
        }
    }
    __int128 span = (__int128)nanoseconds[interval->unit] * count;
    if (nanoseconds[interval->unit] == 0 || span % tick != 0 || span / tick > INT64_MAX) {
        return false;
    }
    *out = (int64_t)(span / tick);
    return true;
}

static bool fits_type(const struct type *type, int64_t value)
{
    if (type->width >= 8 || type_is_float(type)) {
        return true;
    }
    bool is_signed =
        type_is_signed(type) || type->kind == TYPE_DATE32 || type->kind == TYPE_ENUM8 || type->kind == TYPE_ENUM16;
    return value < (int64_t)1 << (8 * type->width - is_signed);
}

static struct err *bind_bound(struct binder *binder, struct scope *scope, const struct ast_bound *bound,
                              const struct window_definition *window, bool begin, struct frame_bound *out)
{
    static const enum bound_kind kinds[] = {[AST_BOUND_UNBOUNDED] = BOUND_UNBOUNDED,
                                            [AST_BOUND_CURRENT] = BOUND_CURRENT,
                                            [AST_BOUND_OFFSET] = BOUND_OFFSET};
    struct err *err = NULL;
    const struct expression *expression = NULL;
    const char *which = begin ? "start" : "end";

    *out = (struct frame_bound){kinds[bound->kind], bound->following, 0};
    if (bound->kind != AST_BOUND_OFFSET) {
        return NULL;
    }
    OR_DONE(bind_node(binder, scope, bound->value, &expression));
    const struct column *value = expression_value(expression);
    bool interval = value != NULL && value->type->kind == TYPE_INTERVAL;
    if (value == NULL || column_is_null(value, 0) || !(interval || type_is_number(value->type))) {
        err = bind_error(binder, bound->offset, ERR_BAD_ARGUMENTS, "the frame's %s must be a constant number", which);
        goto done;
    }
    if (window->frame.kind == FRAME_RANGE && window->order_count != 1) {
        err =
            bind_error(binder, bound->offset, ERR_BAD_ARGUMENTS,
                       "a RANGE with an offset needs exactly one expression in ORDER BY, not %u", window->order_count);
        goto done;
    }
    const struct type *key = window->frame.kind == FRAME_RANGE ? window->order[0].expression->type : NULL;
    uint64_t number = 0;
    if (type_is_integer(value->type) || interval) {
        memcpy(&number, column_value(value, 0), value->type->width < 8 ? value->type->width : 8);
        if (type_is_signed(value->type) && value->type->width < 8 && (number >> (8 * value->type->width - 1) & 1)) {
            number = UINT64_MAX;
        }
    }
    if (interval && (key == NULL || (int64_t)number < 0)) {
        err = bind_error(binder, bound->offset, ERR_BAD_ARGUMENTS,
                         key == NULL ? "an INTERVAL may bound a RANGE only" : "the frame's %s must not be negative",
                         which);
    } else if (!interval && (!type_is_integer(value->type) || number > FRAME_OFFSET_MAX)) {
        err = bind_error(binder, bound->offset, ERR_BAD_ARGUMENTS, "the frame's %s must be a whole number from 0 to %d",
                         which, FRAME_OFFSET_MAX);
    } else if (key != NULL && !range_type(key, interval)) {
        struct slice name = type_name(binder->arena, key);
        err = bind_refuse(binder, bound->offset, "a RANGE with an offset%s over an order key of type %.*s",
                          interval ? " that is an INTERVAL" : "", SLICE_ARG(name));
    } else if (interval && !interval_ticks(value->type, (int64_t)number, key, &out->offset)) {
        struct slice name = type_name(binder->arena, key);
        struct slice unit = type_name(binder->arena, value->type);
        err = bind_refuse(binder, bound->offset, "a RANGE with %.*s over an order key of type %.*s", SLICE_ARG(unit),
                          SLICE_ARG(name));
    } else if (!interval) {
        out->offset = (int64_t)number;
    }
    OR_DONE(err);
    if (key != NULL && !fits_type(key, out->offset)) {
        struct slice name = type_name(binder->arena, key);
        err = bind_error(binder, bound->offset, ERR_SIZE_OUT_OF_BOUND,
                         "the frame's %s does not fit the order key's type %.*s", which, SLICE_ARG(name));
    }
done:
    return err;
}

static struct err *check_frame(struct binder *binder, const struct ast_window *window, const struct frame *frame)
{
    const char *wrong = NULL;
    uint32_t offset = window->begin.offset;

    if (frame->begin.kind == BOUND_UNBOUNDED && frame->begin.following) {
        wrong = "a frame cannot start at UNBOUNDED FOLLOWING";
    } else if (frame->end.kind == BOUND_UNBOUNDED && !frame->end.following) {
        wrong = "a frame cannot end at UNBOUNDED PRECEDING";
        offset = window->end.offset;
    } else if (frame->begin.kind == BOUND_UNBOUNDED || frame->end.kind == BOUND_UNBOUNDED) {
        return NULL;
    } else {
        int64_t begin = frame->begin.kind == BOUND_CURRENT ? 0 : frame->begin.offset;
        int64_t end = frame->end.kind == BOUND_CURRENT ? 0 : frame->end.offset;
        bool current = frame->begin.kind == BOUND_CURRENT || frame->end.kind == BOUND_CURRENT;
        bool begin_after = frame->begin.kind == BOUND_OFFSET && frame->begin.following;
        bool end_before = frame->end.kind == BOUND_OFFSET && !frame->end.following;
        if (current ? begin_after || end_before
                    : (begin_after && end_before) || (frame->begin.following == frame->end.following &&
                                                      (begin_after ? begin > end : begin < end))) {
            wrong = "the frame's start does not precede its end";
        }
    }
    return wrong == NULL ? NULL : bind_error(binder, offset, ERR_BAD_ARGUMENTS, "%s", wrong);
}

static struct err *bind_frame(struct binder *binder, struct scope *scope, const struct ast_window *ast,
                              struct window_definition *window)
{
    static const enum frame_kind kinds[] = {[AST_FRAME_NONE] = FRAME_RANGE,
                                            [AST_FRAME_ROWS] = FRAME_ROWS,
                                            [AST_FRAME_RANGE] = FRAME_RANGE,
                                            [AST_FRAME_GROUPS] = FRAME_GROUPS};
    struct err *err = NULL;

    window->frame = frame_default;
    window->has_frame = ast->frame != AST_FRAME_NONE;
    if (window->has_frame) {
        window->frame.kind = kinds[ast->frame];
        OR_DONE(bind_bound(binder, scope, &ast->begin, window, true, &window->frame.begin));
        OR_DONE(bind_bound(binder, scope, &ast->end, window, false, &window->frame.end));
        OR_DONE(check_frame(binder, ast, &window->frame));
    }
done:
    return err;
}

/* The named window among the first `visible` ones. */
static struct err *find_window(struct binder *binder, const struct scope *scope, struct slice name, uint32_t visible,
                               uint32_t offset, uint32_t *index)
{
    for (uint32_t i = 0; i < visible; i++) {
        if (slice_equal(scope->select->windows[i].name, name)) {
            *index = i;
            return NULL;
        }
    }
    return bind_error(binder, offset, ERR_BAD_ARGUMENTS, "the window %.*s does not exist", SLICE_ARG(name));
}

static struct err *bind_definition(struct binder *binder, struct scope *scope, const struct ast_window *ast,
                                   uint32_t visible, struct window_definition *window)
{
    struct err *err = NULL;

    *window = (struct window_definition){0};
    if (ast->parent.length > 0) {
        uint32_t parent = 0;
        OR_DONE(find_window(binder, scope, ast->parent, visible, ast->offset, &parent));
        OR_DONE(bind_definition(binder, scope, &scope->select->windows[parent], parent, window));
        const char *wrong = ast->partition_by.count > 0 ? "must not have a PARTITION BY of its own"
                            : ast->order_count > 0 && window->order_count > 0 ? "must not have an ORDER BY of its own"
                            : window->has_frame                               ? "must stand on one without a frame"
                                                                              : NULL;
        if (wrong != NULL) {
            err = bind_error(binder, ast->offset, ERR_BAD_ARGUMENTS, "a window on the window %.*s %s",
                             SLICE_ARG(ast->parent), wrong);
            goto done;
        }
    }
    for (uint32_t i = 0; i < ast->partition_by.count; i++) {
        OR_DONE(bind_partition(binder, scope, ast->partition_by.items[i], window));
    }
    for (uint32_t i = 0; i < ast->order_count; i++) {
        OR_DONE(bind_window_order(binder, scope, ast->order_by[i].expression, &ast->order_by[i], window));
    }
    OR_DONE(bind_frame(binder, scope, ast, window));
done:
    return err;
}

struct err *bind_named_windows(struct binder *binder, struct scope *scope)
{
    struct err *err = NULL;
    const struct ast_select *select = scope->select;
    const char *outside = scope->no_windows;
    struct window_definition window;

    scope->no_windows = "inside another window";
    for (uint32_t i = 0; i < select->window_count; i++) {
        uint32_t other = 0;
        for (; !slice_equal(select->windows[other].name, select->windows[i].name); other++) {
        }
        if (other < i) {
            err = bind_error(binder, select->windows[i].offset, ERR_BAD_ARGUMENTS, "the window %.*s is defined twice",
                             SLICE_ARG(select->windows[i].name));
            goto done;
        }
        OR_DONE(bind_definition(binder, scope, &select->windows[i], i, &window));
    }
done:
    scope->no_windows = outside;
    return err;
}

struct err *bind_window(struct binder *binder, struct scope *scope, const struct ast *call,
                        struct window_definition *window)
{
    struct err *err = NULL;
    uint32_t count = scope->select == NULL ? 0 : scope->select->window_count;
    uint32_t named = 0;

    if (call->window != NULL) {
        return bind_definition(binder, scope, call->window, count, window);
    }
    OR_DONE(find_window(binder, scope, call->window_name, count, call->offset, &named));
    OR_DONE(bind_definition(binder, scope, &scope->select->windows[named], named, window));
done:
    return err;
}
