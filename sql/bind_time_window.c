/*
 * bind_time_window.c: windows over event time in GROUP BY: tumble(…), hop(…), session(…).
 *
 * tumble   a key as any other: each row is in one window
 * hop      each row is in as many windows as steps fit into one, session: in one that other rows decide. The key, as it
 *          is written, is the function of one row; here it becomes the pane in which the row lies, and windows are
 *          made of panes (query/panes.h)
 * pane     of hop, the greatest length of which step and size are multiples, so that windows begin and end where panes
 *          do. Seconds to hours: steps that begin at midnight of a zone begin at multiples of what its offsets from UTC
 *          are multiples of, too.
 * names    hop_start, hop_end, tumble_start, … are the begin and the end of GROUP BY's window; so is
 *          hopStart(ts, step, size) where GROUP BY has hop(ts, step, size)
 * order    functions whose result depends on the order of rows get them in the order of their event times; of equal
 *          times, in that of the rows' addresses, or of the functions' arguments where there are none
 */
#include "base/timezone.h"
#include "query/pane_states.h"
#include "query/panes.h"
#include "sql/selection.h"

#include <string.h>

#define DAY_S 86400

static const char *const kinds[] = {"tumble", "hop", "session"};

static bool is_call(const struct expression *expression, const char *name)
{
    return expression->kind == EXPRESSION_CALL && strcmp(expression->function->name, name) == 0;
}

static bool is_window(const struct expression *expression)
{
    return is_call(expression, "hop") || is_call(expression, "session");
}

/* --- names ------------------------------------------------------------------------------------------------------- */

/* The call of `kind` that the node is, or stands for. */
static const struct ast *find_call(const struct scope *scope, const struct ast *node, struct slice kind)
{
    const struct ast_select *select = scope->select;
    for (uint32_t hops = 0; node != NULL && hops < 8; hops++) {
        if (node->kind == AST_FUNCTION && slice_equal(node->parts[0], kind)) {
            return node;
        }
        if (node->kind == AST_FUNCTION && slice_is_text(node->parts[0], "tuple")) {
            for (uint32_t i = 0; i < node->arguments.count; i++) {
                const struct ast *found = find_call(scope, node->arguments.items[i], kind);
                if (found != NULL) {
                    return found;
                }
            }
            return NULL;
        }
        if (node->kind == AST_LITERAL && node->literal == AST_UINT && node->number >= 1 &&
            node->number <= select->columns.count) {
            node = select->columns.items[node->number - 1];
            continue;
        }
        const struct alias *alias =
            node->kind == AST_IDENTIFIER && node->part_count == 1 ? scope_alias(scope, node->parts[0]) : NULL;
        if (alias == NULL || alias->ast == node) {
            return NULL;
        }
        node = alias->ast;
    }
    return NULL;
}

uint64_t window_name_parse(struct slice name, struct slice *kind)
{
    for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
        size_t length = strlen(kinds[k]);
        if (name.length > length && memcmp(name.data, kinds[k], length) == 0) {
            struct slice rest = slice_of(name.data + length, name.length - length);
            *kind = slice_text(kinds[k]);
            return slice_is_text(rest, "_start") ? 1 : slice_is_text(rest, "_end") ? 2 : 0;
        }
    }
    return 0;
}

const struct ast *bind_window_call_of(const struct scope *scope, struct slice kind)
{
    const struct ast_select *select = scope->select;
    const struct ast_list *list = select->group_kind == AST_GROUP_ALL ? &select->columns : &select->group_by;
    const struct ast *call = NULL;
    for (uint32_t i = 0; i < list->count && call == NULL; i++) {
        call = find_call(scope, list->items[i], kind);
    }
    return call;
}

struct err *bind_window_name(struct binder *binder, struct scope *scope, const struct ast *node,
                             const struct expression **out)
{
    struct err *err = NULL;
    const struct ast *call = NULL;
    struct slice kind = slice_text("");
    const struct expression *pair[2] = {NULL, NULL};

    *out = NULL;
    if (node->part_count != 1 || scope->select == NULL) {
        return NULL;
    }
    uint64_t element = window_name_parse(node->parts[0], &kind);
    call = element > 0 ? bind_window_call_of(scope, kind) : NULL;
    if (call == NULL) {
        return NULL;
    }
    if (scope->no_aggregates != NULL || scope->in_aggregate) {
        err = bind_error(binder, node->offset, ERR_ILLEGAL_AGGREGATION,
                         "%.*s is of the window of GROUP BY and not allowed %s%s: it is known once rows are grouped",
                         SLICE_ARG(node->parts[0]), scope->in_aggregate ? "inside an aggregate function" : "in ",
                         scope->in_aggregate ? "" : scope->no_aggregates);
        goto done;
    }
    struct ast plain = *call;
    plain.alias = (struct slice){0};
    OR_DONE(bind_node(binder, scope, &plain, &pair[0]));
    const struct ast number = {.kind = AST_LITERAL, .literal = AST_UINT, .number = element, .depth = 1};
    OR_DONE(bind_literal(binder, &number, &pair[1]));
    OR_DONE(bind_call(binder, node->offset, "tupleElement", pair, 2, out));
done:
    return err;
}

/* hopStart(ts, step, size) and the like: is it of this key? *element 1 or 2. */
static bool is_part_of(const struct expression *expression, const struct expression *key, uint64_t *element)
{
    if (expression->kind != EXPRESSION_CALL || expression->child_count != key->child_count || key->child_count < 2) {
        return false;
    }
    const char *name = expression->function->name, *kind = key->function->name;
    size_t length = strlen(kind);
    if (strncmp(name, kind, length) != 0) {
        return false;
    }
    *element = strcmp(name + length, "Start") == 0 ? 1 : strcmp(name + length, "End") == 0 ? 2 : 0;
    for (uint32_t i = 0; *element > 0 && i < key->child_count; i++) {
        if (!expression_equal(expression->children[i], key->children[i])) {
            return false;
        }
    }
    return *element > 0;
}

static struct err *replace_parts(struct binder *binder, const struct expression *key,
                                 const struct expression **expression)
{
    struct err *err = NULL;
    const struct expression *from = *expression;
    uint64_t element = 0;
    if (is_part_of(from, key, &element)) {
        const struct ast number = {.kind = AST_LITERAL, .literal = AST_UINT, .number = element, .depth = 1};
        const struct expression *pair[2] = {key, NULL};
        OR_DONE(bind_literal(binder, &number, &pair[1]));
        OR_DONE(bind_call(binder, 0, "tupleElement", pair, 2, expression));
        goto done;
    }
    const struct expression **children = NULL;
    struct expression *copy = NULL;
    for (uint32_t i = 0; i < from->child_count; i++) {
        const struct expression *child = from->children[i];
        OR_DONE(replace_parts(binder, key, &child));
        if (child == from->children[i]) {
            continue;
        }
        if (copy == NULL) {
            OR_DONE(expression_copy(binder->arena, from, &copy, &children));
            memcpy(children, from->children, from->child_count * sizeof(struct expression *));
        }
        children[i] = child;
    }
    if (copy != NULL) {
        *expression = expression_made(copy);
    }
done:
    return err;
}

struct err *bind_window_parts(struct selection *selection, const struct expression **expression)
{
    struct err *err = NULL;
    for (uint32_t k = 0; k < selection->key_count; k++) {
        const struct expression *key = selection->keys[k];
        if (is_window(key) || is_call(key, "tumble")) {
            OR_DONE(replace_parts(selection->binder, key, expression));
        }
    }
done:
    return err;
}

/* --- checks ------------------------------------------------------------------------------------------------------ */

struct use {
    const struct expression *key;
    bool found;
};

static struct err *visit_use(void *user, const struct expression *expression)
{
    struct use *use = user;
    use->found =
        use->found || expression == use->key || (is_window(expression) && expression_equal(expression, use->key));
    return NULL;
}

struct err *bind_time_windows(struct selection *selection, uint32_t *window)
{
    struct err *err = NULL;
    struct binder *binder = selection->binder;
    const struct ast_select *select = selection->scope.select;
    const struct expression *condition = selection->condition;

    *window = UINT32_MAX;
    for (uint32_t k = 0; k < selection->key_count; k++) {
        if (!is_window(selection->keys[k])) {
            continue;
        }
        if (*window != UINT32_MAX) {
            err = bind_refuse(binder, select->group_offset, "GROUP BY several windows of hop or session");
            goto done;
        }
        *window = k;
    }
    if (*window == UINT32_MAX) {
        return NULL;
    }
    struct use use = {selection->keys[*window], false};
    const char *name = use.key->function->name;
    if (condition != NULL) {
        OR_DONE(expression_walk(condition, visit_use, &use));
    }
    if (use.found) {
        err =
            bind_error(binder, select->where != NULL ? select->where->offset : select->offset, ERR_ILLEGAL_AGGREGATION,
                       "the window %s of GROUP BY is not allowed in WHERE: it is known once rows are grouped; HAVING "
                       "filters by it",
                       name);
        goto done;
    }
    if (select->with_totals || select->group_kind == AST_GROUP_ROLLUP || select->group_kind == AST_GROUP_CUBE ||
        select->group_kind == AST_GROUP_SETS || selection->scope.grouping_count > 0) {
        const char *what = select->with_totals                      ? "WITH TOTALS"
                           : select->group_kind == AST_GROUP_ROLLUP ? "ROLLUP"
                           : select->group_kind == AST_GROUP_CUBE   ? "CUBE"
                           : select->group_kind == AST_GROUP_SETS   ? "GROUPING SETS"
                                                                    : "grouping()";
        err = bind_refuse(binder, select->group_offset, "GROUP BY %s together with %s", name, what);
    }
done:
    return err;
}

/* --- panes ------------------------------------------------------------------------------------------------------- */

struct making {
    struct selection *selection;
    struct binder *binder;
    uint32_t offset;
    const struct expression *key;
    const struct expression *time; /* not Nullable */
    struct plan_panes panes;
    const struct expression *pane;
};

static uint64_t common(uint64_t a, uint64_t b)
{
    while (b != 0) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static struct err *interval(struct making *making, uint32_t index, enum interval_unit *unit, int64_t *amount)
{
    const struct column *value = expression_value(making->key->children[index]);
    if (value == NULL || value->type->kind != TYPE_INTERVAL || column_is_null(value, 0)) {
        return bind_error(making->binder, making->offset, ERR_BAD_ARGUMENTS,
                          "argument %u of %s in GROUP BY must be a constant interval", index + 1,
                          making->key->function->name);
    }
    *unit = value->type->unit;
    *amount = *(const int64_t *)column_value(value, 0);
    return NULL;
}

static struct err *number_interval(struct making *making, enum interval_unit unit, int64_t amount,
                                   const struct expression **out)
{
    const struct column *value = column_const(making->binder->arena, type_interval(unit), &amount, 1);
    return value == NULL ? arena_error(making->binder->arena) : expression_constant(making->binder->arena, value, out);
}

static struct err *start_of(struct making *making, enum interval_unit unit, int64_t amount,
                            const struct expression *zone)
{
    struct err *err = NULL;
    const struct expression *arguments[3] = {making->time, NULL, zone};
    OR_DONE(number_interval(making, unit, amount, &arguments[1]));
    OR_DONE(
        bind_call(making->binder, making->offset, "toStartOfInterval", arguments, zone == NULL ? 2 : 3, &making->pane));
done:
    return err;
}

static struct err *utc(struct making *making, const struct expression **out)
{
    const struct slice name = slice_text("UTC");
    const struct column *value = column_const(making->binder->arena, type_simple(TYPE_STRING), &name, 1);
    return value == NULL ? arena_error(making->binder->arena) : expression_constant(making->binder->arena, value, out);
}

/* What all offsets of the zone from UTC since 1970 are multiples of, and a day. */
static uint64_t offsets_step(const struct timezone *zone)
{
    uint64_t step = DAY_S;
    int64_t begin = 0, end = 0;
    for (int64_t at = 0; at <= UINT32_MAX; at = end) {
        int32_t offset = timezone_offset_range(zone, at, &begin, &end);
        step = common(step, (uint64_t)(offset < 0 ? -(int64_t)offset : offset));
        if (end <= at) {
            break;
        }
    }
    return step;
}

/* In seconds, about: months have 30 days. */
static int64_t unit_length(enum interval_unit unit)
{
    static const int64_t seconds[] = {0, 0, 0, 1, 60, 3600, DAY_S, 7 * DAY_S, 30 * DAY_S, 90 * DAY_S, 360 * DAY_S};
    return seconds[unit];
}

static uint64_t months_of(enum interval_unit unit)
{
    return unit == INTERVAL_YEAR ? 12 : unit == INTERVAL_QUARTER ? 3 : 1;
}

static struct err *make_hop(struct making *making)
{
    struct err *err = NULL;
    struct binder *binder = making->binder;
    enum interval_unit unit = INTERVAL_SECOND, size_unit = INTERVAL_SECOND;
    int64_t step = 0, size = 0;
    const struct expression *zone = making->key->child_count > 3 ? making->key->children[3] : NULL;
    const struct type *type = making->panes.time;
    const struct expression *column = NULL, *pair[2] = {NULL, NULL};
    uint64_t pane = 1;

    OR_DONE(interval(making, 1, &unit, &step));
    OR_DONE(interval(making, 2, &size_unit, &size));
    if (unit < INTERVAL_SECOND) {
        err = bind_refuse(binder, making->offset, "hop in GROUP BY with steps shorter than a second");
        goto done;
    }
    if (unit_length(unit) * (__int128)step > 1000000000 || unit_length(size_unit) * (__int128)size > 1000000000) {
        err = bind_error(binder, making->offset, ERR_SIZE_OUT_OF_BOUND,
                         "steps and windows of hop must not be longer than 1000000000 seconds");
        goto done;
    }
    if (unit <= INTERVAL_HOUR) {
        uint64_t offsets = offsets_step(type->zone != NULL ? type->zone : binder->options->context->zone);
        pane = common((uint64_t)(step * unit_length(unit)), (uint64_t)(size * unit_length(size_unit)));
        if (unit == INTERVAL_HOUR || size_unit >= INTERVAL_DAY || offsets % 3600 != 0) {
            pane = common(pane, offsets);
        }
        OR_DONE(utc(making, &zone));
        unit = INTERVAL_SECOND;
    } else if (unit == INTERVAL_DAY) {
        pane = common((uint64_t)step, (uint64_t)size * (size_unit == INTERVAL_WEEK ? 7 : 1));
    } else if (unit == INTERVAL_WEEK) {
        pane = common((uint64_t)step, (uint64_t)size);
    } else {
        pane = common((uint64_t)step * months_of(unit), (uint64_t)size * months_of(size_unit));
        unit = INTERVAL_MONTH;
    }
    OR_DONE(start_of(making, unit, (int64_t)pane, zone));
    OR_DONE(expression_column(binder->arena, 0, type, &column));
    pair[0] = column;
    pair[1] = making->key->children[1];
    OR_DONE(bind_call(binder, making->offset, "toStartOfInterval", pair, 2, &making->panes.floor));
    OR_DONE(bind_call(binder, making->offset, "plus", pair, 2, &making->panes.next));
    pair[1] = making->key->children[2];
    OR_DONE(bind_call(binder, making->offset, "minus", pair, 2, &making->panes.back));
done:
    return err;
}

/* In ticks of the times' type. */
static struct err *session_length(struct making *making, uint32_t index, int64_t *out)
{
    static const int64_t nanoseconds[] = {1,           1000,          1000000,        1000000000,
                                          60000000000, 3600000000000, 86400000000000, 604800000000000};
    struct err *err = NULL;
    enum interval_unit unit = INTERVAL_SECOND;
    int64_t amount = 0, tick = 1000000000;
    const struct type *type = making->panes.time;
    OR_DONE(interval(making, index, &unit, &amount));
    for (uint32_t i = 0; type->kind == TYPE_DATETIME64 && i < type->scale; i++) {
        tick /= 10;
    }
    if (unit > INTERVAL_WEEK) {
        err = bind_error(making->binder, making->offset, ERR_BAD_ARGUMENTS,
                         "argument %u of session must be an interval of weeks or less: months are of several lengths",
                         index + 1);
        goto done;
    }
    __int128 length = (__int128)amount * nanoseconds[unit];
    if (length % tick != 0 || length / tick < 1 || length / 1000000000 > 1000000000) {
        err = bind_error(
            making->binder, making->offset, ERR_BAD_ARGUMENTS,
            "argument %u of session must be an interval of 1 to 1000000000 seconds that the times can tell", index + 1);
        goto done;
    }
    *out = (int64_t)(length / tick);
done:
    return err;
}

static struct err *make_session(struct making *making)
{
    struct err *err = NULL;
    const struct type *type = making->panes.time;
    int64_t second = 1;
    const struct expression *zone = NULL;
    for (uint32_t i = 0; type->kind == TYPE_DATETIME64 && i < type->scale; i++) {
        second *= 10;
    }
    OR_DONE(session_length(making, 1, &making->panes.gap));
    if (making->key->child_count > 2) {
        OR_DONE(session_length(making, 2, &making->panes.length));
    } else { /* a day, or 24 gaps if that is longer */
        int64_t gaps = making->panes.gap * 24;
        making->panes.length = gaps > DAY_S * second ? gaps : DAY_S * second;
    }
    if (making->panes.length < making->panes.gap) {
        err = bind_error(making->binder, making->offset, ERR_BAD_ARGUMENTS,
                         "the longest session must not be shorter than its gap");
        goto done;
    }
    OR_DONE(utc(making, &zone));
    if (making->panes.gap % second == 0 && type->kind == TYPE_DATETIME) {
        OR_DONE(start_of(making, INTERVAL_SECOND, making->panes.gap / second, zone));
    } else { /* in the unit that the times' digits are of, or one with more */
        static const uint32_t digits[] = {9, 6, 3};
        enum interval_unit unit = type->scale > 6   ? INTERVAL_NANOSECOND
                                  : type->scale > 3 ? INTERVAL_MICROSECOND
                                                    : INTERVAL_MILLISECOND;
        int64_t ticks = making->panes.gap;
        for (uint32_t i = type->scale; i < digits[unit]; i++) {
            ticks *= 10;
        }
        while (ticks > 1000000000 && unit < INTERVAL_MILLISECOND && ticks % 1000 == 0) {
            ticks /= 1000;
            unit++;
        }
        if (ticks > 1000000000) { /* a shorter pane is right too */
            ticks = (int64_t)common((uint64_t)ticks, 1000000000);
        }
        OR_DONE(start_of(making, unit, ticks, zone));
    }
done:
    return err;
}

/* --- the order of rows ------------------------------------------------------------------------------------------- */

static bool begins_with(struct slice name, const char *text)
{
    size_t length = strlen(text);
    return name.length >= length && memcmp(name.data, text, length) == 0;
}

/* Does its result depend on the order in which rows come? */
static struct err *keeps_order(struct binder *binder, const struct aggregate *aggregate, bool *out)
{
    static const char *const yes[] = {"any", "first_value", "last_value", "groupArray", "groupConcat", "deltaSum"};
    static const char *const no[] = {"groupArraySorted", "groupArrayIntersect", "deltaSumTimestamp"};
    struct slice name = slice_text("");
    struct err *err = aggregate_canonical(binder->arena, slice_text(aggregate->name), &name);
    *out = false;
    for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
        *out = *out || begins_with(name, yes[i]);
    }
    for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++) {
        *out = *out && !begins_with(name, no[i]);
    }
    return err;
}

static struct err *sort_key_add(struct binder *binder, struct plan_sort_key **keys, uint32_t *count,
                                const struct expression *expression)
{
    if (expression->kind == EXPRESSION_CONSTANT) {
        return NULL;
    }
    struct plan_sort_key *key = bind_array_add(binder->arena, keys, count, sizeof(*key));
    if (key == NULL) {
        return arena_error(binder->arena);
    }
    *key = (struct plan_sort_key){.expression = expression};
    return NULL;
}

static struct err *in_order(struct making *making, struct plan **plan)
{
    struct err *err = NULL;
    struct binder *binder = making->binder;
    const struct scope *scope = &making->selection->scope;
    struct plan_sort_key *keys = NULL;
    uint32_t count = 0;
    bool any = false;

    for (uint32_t a = 0; a < scope->aggregate_count; a++) {
        const struct plan_aggregate *aggregate = &scope->aggregates[a];
        bool keeps = false;
        OR_DONE(keeps_order(binder, aggregate->aggregate, &keeps));
        for (uint32_t i = 0; keeps && i < aggregate->aggregate->argument_count; i++) {
            OR_DONE(any ? NULL : sort_key_add(binder, &keys, &count, making->time));
            any = true;
            OR_DONE(sort_key_add(binder, &keys, &count, aggregate->arguments[i]));
        }
    }
    if (any && count > 0) {
        OR_DONE(plan_sort(binder->arena, *plan, keys, count, UINT64_MAX, plan));
    }
done:
    return err;
}

/* --- the plan ---------------------------------------------------------------------------------------------------- */

/* Rows without a time are in no window. */
static struct err *take_time(struct making *making, struct plan **plan)
{
    struct err *err = NULL;
    struct binder *binder = making->binder;
    const struct expression *time = making->key->children[0], *is_set = NULL;
    making->time = time;
    if (time->type->nullable) {
        OR_DONE(bind_call(binder, making->offset, "isNotNull", &time, 1, &is_set));
        OR_DONE(bind_call(binder, making->offset, "assumeNotNull", &time, 1, &making->time));
        OR_DONE(plan_filter(binder->arena, *plan, is_set, plan));
    }
    making->panes.time = type_nullable(binder->arena, making->key->type->children[0], false);
    err = making->panes.time == NULL ? arena_error(binder->arena) : NULL;
done:
    return err;
}

/* The aggregation by panes, and the sort above it. */
static struct err *aggregate_panes(struct making *making, const struct expression *const *keys, uint32_t key_count,
                                   struct plan **plan)
{
    struct err *err = NULL;
    struct binder *binder = making->binder;
    struct arena *arena = binder->arena;
    const struct scope *scope = &making->selection->scope;
    uint32_t count = scope->aggregate_count, others = 0;
    struct plan_aggregate *aggregates = arena_array(arena, count + (size_t)2, sizeof(*aggregates));
    const struct expression **pane_keys = arena_array(arena, key_count + (size_t)1, sizeof(struct expression *));
    struct plan_sort_key *sort_keys = arena_zalloc(arena, (key_count + (size_t)1) * sizeof(*sort_keys));

    if (aggregates == NULL || pane_keys == NULL || sort_keys == NULL) {
        return arena_error(arena);
    }
    for (uint32_t k = 0; k < key_count; k++) {
        if (k != making->panes.window_key) {
            pane_keys[others++] = keys[k];
        }
    }
    pane_keys[others] = making->pane;
    for (uint32_t a = 0; a < count; a++) {
        aggregates[a].arguments = scope->aggregates[a].arguments;
        OR_DONE(aggregate_as_bytes(arena, scope->aggregates[a].aggregate, &aggregates[a].aggregate));
    }
    static const char *const ends[] = {"min", "max"};
    for (uint32_t i = 0; making->panes.session && i < 2; i++) {
        const struct function_argument argument = {making->time->type, NULL};
        const struct expression **time = ARENA_ARRAY(arena, const struct expression *, 1);
        if (time == NULL) {
            return arena_error(arena);
        }
        time[0] = making->time;
        aggregates[count].arguments = time;
        OR_DONE(aggregate_resolve(arena, binder->options->context, slice_text(ends[i]), NULL, 0, &argument, 1,
                                  &aggregates[count].aggregate));
        count++;
    }
    OR_DONE(plan_aggregate(arena, *plan, pane_keys, key_count, aggregates, count, plan));
    for (uint32_t k = 0; k < key_count; k++) {
        OR_DONE(expression_column(arena, k, pane_keys[k]->type, &sort_keys[k].expression));
    }
    OR_DONE(plan_sort(arena, *plan, sort_keys, key_count, UINT64_MAX, plan));
done:
    return err;
}

struct err *bind_panes(struct selection *selection, uint32_t window, struct plan **plan)
{
    struct err *err = NULL;
    struct binder *binder = selection->binder;
    const struct scope *scope = &selection->scope;
    struct making making = {.selection = selection,
                            .binder = binder,
                            .offset = scope->select->group_offset,
                            .key = selection->keys[window],
                            .panes = {.window_key = window}};

    making.panes.session = is_call(making.key, "session");
    OR_DONE(take_time(&making, plan));
    OR_DONE(making.panes.session ? make_session(&making) : make_hop(&making));
    OR_DONE(in_order(&making, plan));
    OR_DONE(aggregate_panes(&making, selection->keys, selection->key_count, plan));
    OR_DONE(plan_panes(binder->arena, *plan, &making.panes, selection->keys, selection->key_count, scope->aggregates,
                       scope->aggregate_count, plan));
done:
    return err;
}
