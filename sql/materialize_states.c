/*
 * materialize_states.c: see materialize_states.h.
 *
 * Aliases are put in where they are used, as the binder would (an alias wins over a column but not within its own
 * expression), so that an expression stands for itself; keys and aggregates are then found by their text.
 */
#include "sql/materialize_states.h"

#include "query/aggregate.h"
#include "sql/aliases.h"
#include "sql/binder.h"
#include "sql/parser.h"
#include "sql/printer.h"

#include <string.h>

#define STATE_NODES_MAX 100000U

/* Names that stand for no alias: what is being put in, a lambda's. */
struct hidden {
    const struct hidden *outer;
    const struct slice *names;
    uint32_t count;
};

struct taking {
    struct arena *arena;
    const struct ast_select *select;
    const struct ast **aliases; /* expressions that have one */
    uint32_t alias_count;
    struct state_select *out;
    uint32_t nodes;
    uint32_t capacity;
    bool whole_windows;
};

static bool is_hidden(const struct hidden *hidden, struct slice name)
{
    for (; hidden != NULL; hidden = hidden->outer) {
        for (uint32_t i = 0; i < hidden->count; i++) {
            if (slice_equal(hidden->names[i], name)) {
                return true;
            }
        }
    }
    return false;
}

static struct err *add_alias(void *context, const struct ast *node)
{
    struct taking *taking = context;
    const struct ast **place = bind_array_add(taking->arena, &taking->aliases, &taking->alias_count, sizeof(*place));
    if (place == NULL) {
        return arena_error(taking->arena);
    }
    *place = node;
    return NULL;
}

static const struct ast *find_alias(const struct taking *taking, struct slice name)
{
    for (uint32_t i = 0; i < taking->alias_count; i++) {
        if (slice_equal(taking->aliases[i]->alias, name)) {
            return taking->aliases[i];
        }
    }
    return NULL;
}

static struct err *copy_node(struct taking *taking, const struct ast *node, struct ast **out)
{
    *out = ARENA_NEW(taking->arena, struct ast);
    if (*out == NULL) {
        return arena_error(taking->arena);
    }
    if (++taking->nodes > STATE_NODES_MAX) {
        return err_new(ERR_TOO_BIG_AST, "the view's SELECT has more than %u expressions once aliases are put in",
                       STATE_NODES_MAX);
    }
    **out = *node;
    return NULL;
}

static struct err *expand(struct taking *taking, const struct ast *node, const struct hidden *hidden, struct ast **out);

/* The key that is a window of this kind, or NULL. */
static const struct ast *window_key(const struct taking *taking, struct slice kind)
{
    const struct ast *call = NULL;
    for (uint32_t i = 0; call == NULL && i < taking->select->group_by.count; i++) {
        const struct ast *key = taking->select->group_by.items[i];
        const struct ast *alias =
            key->kind == AST_IDENTIFIER && key->part_count == 1 ? find_alias(taking, key->parts[0]) : NULL;
        key = alias == NULL ? key : alias;
        call = key->kind == AST_FUNCTION && slice_equal(key->parts[0], kind) ? key : NULL;
    }
    return call;
}

/* hopStart(…) with the arguments of GROUP BY's window: as hop_start. 0: it is none. */
static uint64_t window_part(const struct taking *taking, const struct ast *node, struct slice *kind)
{
    static const struct {
        const char *name, *kind;
        uint64_t element;
    } parts[] = {
        {"tumbleStart", "tumble", 1}, {"tumbleEnd", "tumble", 2}, {"hopStart", "hop", 1}, {"hopEnd", "hop", 2}};
    for (size_t k = 0; node->kind == AST_FUNCTION && node->part_count == 1 && k < sizeof(parts) / sizeof(parts[0]);
         k++) {
        const struct ast *call =
            slice_is_text(node->parts[0], parts[k].name) ? window_key(taking, slice_text(parts[k].kind)) : NULL;
        bool same = call != NULL && call->arguments.count == node->arguments.count;
        for (uint32_t i = 0; same && i < node->arguments.count; i++) {
            same = slice_equal(ast_print(taking->arena, node->arguments.items[i]),
                               ast_print(taking->arena, call->arguments.items[i]));
        }
        if (same) {
            *kind = slice_text(parts[k].kind);
            return parts[k].element;
        }
    }
    return 0;
}

/* hop_start and its like: an element of the key that is this window; *out NULL: the name is none of these. */
static struct err *expand_window(struct taking *taking, const struct ast *node, const struct hidden *hidden,
                                 struct ast **out)
{
    struct err *err = NULL;
    struct slice kind = slice_text("");
    uint64_t element =
        node->kind == AST_IDENTIFIER && node->part_count == 1 ? window_name_parse(node->parts[0], &kind) : 0;
    element = element == 0 ? window_part(taking, node, &kind) : element;
    const struct ast *call = element > 0 ? window_key(taking, kind) : NULL;
    *out = NULL;
    if (call == NULL) {
        return NULL;
    }
    struct ast *number = ARENA_NEW(taking->arena, struct ast);
    struct ast **arguments = arena_array(taking->arena, 2, sizeof(struct ast *));
    struct slice *parts = ARENA_ARRAY(taking->arena, struct slice, 1);
    OR_DONE(copy_node(taking, call, out));
    if (number == NULL || arguments == NULL || parts == NULL) {
        return arena_error(taking->arena);
    }
    parts[0] = slice_text("tupleElement");
    *number = (struct ast){.kind = AST_LITERAL, .literal = AST_UINT, .number = element, .depth = 1};
    number->text = slice_text(element == 1 ? "1" : "2");
    OR_DONE(expand(taking, call, hidden, &arguments[0]));
    arguments[0]->parenthesised = false;
    arguments[1] = number;
    (*out)->parts = parts;
    (*out)->alias = (struct slice){0};
    (*out)->parenthesised = false;
    (*out)->arguments = (struct ast_list){arguments, 2};
done:
    return err;
}

static bool asks_window_state(const struct ast *node)
{
    return node->kind == AST_FUNCTION && node->part_count == 1 && slice_is_text(node->parts[0], "window_state") &&
           node->arguments.count == 0;
}

/* window_state(): what of it is the rows' is an aggregate, the rest is known when the view is read. */
static struct err *expand_state(struct taking *taking, const struct hidden *hidden, struct ast **out)
{
    struct err *err = NULL;
    struct ast *key = NULL, *corrected = NULL;
    const struct ast_table *table = &taking->select->tables[0];
    const struct ast *call = window_key(taking, slice_text("tumble"));
    call = call == NULL ? window_key(taking, slice_text("hop")) : call;
    const struct ast *time = NULL;

    if (call != NULL) {
        OR_DONE(expand(taking, call, hidden, &key));
        time = key->arguments.count > 0 ? key->arguments.items[0] : NULL;
    }
    if (time == NULL || time->kind != AST_IDENTIFIER || taking->select->table_count != 1) {
        err = err_new(ERR_NOT_IMPLEMENTED,
                      "window_state() in a materialized view that keeps states needs GROUP BY tumble or hop over the "
                      "column of the event time itself, of its only table");
        goto done;
    }
    OR_DONE(window_corrected(taking->arena, slice_text(""), time->parts[time->part_count - 1], &corrected));
    struct slice window = ast_print(taking->arena, key), late = ast_print(taking->arena, corrected);
    const char *name = arena_format(taking->arena, "%.*s%s%.*s", SLICE_ARG(table->database),
                                    table->database.length == 0 ? "" : ".", SLICE_ARG(table->name));
    struct slice quoted = name == NULL ? (struct slice){0} : sql_string(taking->arena, slice_text(name));
    char *text = window.data == NULL || late.data == NULL || quoted.data == NULL
                     ? NULL
                     : arena_format(taking->arena,
                                    "window_state(tupleElement(%.*s, 1), tupleElement(%.*s, 2), "
                                    "complete_through(%.*s), %.*s)",
                                    SLICE_ARG(window), SLICE_ARG(window), SLICE_ARG(quoted), SLICE_ARG(late));
    err = text == NULL ? arena_error(taking->arena) : parse_expression_text(taking->arena, slice_text(text), out);
done:
    return err;
}

static struct err *expand_list(struct taking *taking, const struct ast_list *list, const struct hidden *hidden,
                               struct ast_list *out)
{
    struct err *err = NULL;
    struct ast **items = arena_array(taking->arena, (size_t)list->count + 1, sizeof(struct ast *));
    if (items == NULL) {
        return arena_error(taking->arena);
    }
    for (uint32_t i = 0; i < list->count; i++) {
        OR_DONE(expand(taking, list->items[i], hidden, &items[i]));
    }
    *out = (struct ast_list){items, list->count};
done:
    return err;
}

/* Without the alias of its own. */
static struct err *expand(struct taking *taking, const struct ast *node, const struct hidden *hidden, struct ast **out)
{
    struct err *err = NULL;
    const struct ast *alias =
        node->kind == AST_IDENTIFIER && node->part_count == 1 && !is_hidden(hidden, node->parts[0])
            ? find_alias(taking, node->parts[0])
            : NULL;
    if (alias != NULL) {
        const struct hidden own = {hidden, &alias->alias, 1};
        OR_DONE(expand(taking, alias, &own, out));
        (*out)->parenthesised = false;
        goto done;
    }
    OR_DONE(expand_window(taking, node, hidden, out));
    if (*out != NULL) {
        goto done;
    }
    if (asks_window_state(node)) {
        err = expand_state(taking, hidden, out);
        goto done;
    }
    OR_DONE(copy_node(taking, node, out));
    struct hidden names = {hidden, node->parts, node->part_count};
    const struct hidden *inner = node->kind == AST_LAMBDA ? &names : hidden;
    OR_DONE(expand_list(taking, &node->arguments, inner, &(*out)->arguments));
    (*out)->alias = (struct slice){0};
done:
    return err;
}

/* An expression of the SELECT, as it is over rows. */
static struct err *expand_item(struct taking *taking, const struct ast *node, struct ast **out)
{
    const struct hidden own = {NULL, &node->alias, node->alias.length > 0};
    return expand(taking, node, &own, out);
}

/* ---- columns */

static struct slice item_name(struct taking *taking, const struct ast *item)
{
    return item->alias.length > 0 ? item->alias : ast_column_name_in(taking->arena, item, NULL, NULL);
}

static bool name_is_taken(struct taking *taking, struct slice name)
{
    for (uint32_t i = 0; i < taking->out->column_count; i++) {
        if (slice_equal(taking->out->columns[i].name, name)) {
            return true;
        }
    }
    for (uint32_t i = 0; i < taking->select->columns.count; i++) {
        if (slice_equal(item_name(taking, taking->select->columns.items[i]), name)) {
            return true;
        }
    }
    return false;
}

/* A name that no item has: it would be taken for the item. */
static struct err *free_name(struct taking *taking, struct slice text, struct slice *out)
{
    if (text.data == NULL) {
        return arena_error(taking->arena);
    }
    *out = text;
    while (name_is_taken(taking, *out)) {
        char *longer = arena_format(taking->arena, "%.*s_", SLICE_ARG(*out));
        if (longer == NULL) {
            return arena_error(taking->arena);
        }
        *out = slice_text(longer);
    }
    return NULL;
}

/* Of a key: the name of the item that it is; otherwise this one. */
static struct err *key_name(struct taking *taking, struct slice text, struct slice otherwise, struct slice *out)
{
    struct err *err = NULL;
    for (uint32_t i = 0; i < taking->select->columns.count; i++) {
        const struct ast *item = taking->select->columns.items[i];
        struct ast *expanded = NULL;
        OR_DONE(expand_item(taking, item, &expanded));
        if (slice_equal(ast_print(taking->arena, expanded), text)) {
            *out = item_name(taking, item);
            goto done;
        }
    }
    err = free_name(taking, otherwise, out);
done:
    return err;
}

static struct err *add_column(struct taking *taking, const struct state_column *column, struct state_column **out)
{
    struct state_select *select = taking->out;
    if (select->column_count == taking->capacity) {
        uint32_t capacity = taking->capacity == 0 ? 16 : taking->capacity * 2;
        struct state_column *grown = ARENA_ARRAY(taking->arena, struct state_column, capacity);
        if (grown == NULL) {
            return arena_error(taking->arena);
        }
        if (select->column_count > 0) {
            memcpy(grown, select->columns, select->column_count * sizeof(*grown));
        }
        select->columns = grown;
        taking->capacity = capacity;
    }
    *out = &select->columns[select->column_count++];
    **out = *column;
    return NULL;
}

static struct state_column *find_column(const struct state_select *select, struct slice text)
{
    for (uint32_t i = 0; i < select->column_count; i++) {
        if (slice_equal(select->columns[i].text, text)) {
            return &select->columns[i];
        }
    }
    return NULL;
}

static const struct state_column *find_window(const struct state_select *select, struct slice window)
{
    for (uint32_t i = 0; i < select->key_count; i++) {
        if (select->columns[i].element == 1 && slice_equal(select->columns[i].window, window)) {
            return &select->columns[i];
        }
    }
    return NULL;
}

/* tumble or hop: its begin and its end. */
static struct err *add_window(struct taking *taking, const struct state_column *window)
{
    struct err *err = NULL;
    const struct slice kind = window->feed->parts[0];
    for (uint8_t element = 1; element <= 2; element++) {
        struct state_column column = *window, *added = NULL;
        char *text = arena_format(taking->arena, "tupleElement(%.*s, %u)", SLICE_ARG(window->text), (unsigned)element);
        char *name = arena_format(taking->arena, "%.*s_%s", SLICE_ARG(kind), element == 1 ? "start" : "end");
        if (text == NULL || name == NULL) {
            return arena_error(taking->arena);
        }
        column.element = element;
        column.window = window->text;
        column.text = slice_text(text);
        OR_DONE(key_name(taking, column.text, slice_text(name), &column.name));
        OR_DONE(add_column(taking, &column, &added));
        taking->out->key_count++;
    }
done:
    return err;
}

static bool is_window(const struct ast *node)
{
    return node->kind == AST_FUNCTION && node->part_count == 1 &&
           (slice_is_text(node->parts[0], "tumble") || slice_is_text(node->parts[0], "hop"));
}

static struct err *add_key(struct taking *taking, const struct ast *node)
{
    struct err *err = NULL;
    struct state_column column = {.is_key = true}, *added = NULL;
    const struct ast_select *select = taking->select;

    if (node->kind == AST_LITERAL && node->literal == AST_UINT && node->number >= 1 &&
        node->number <= select->columns.count) { /* GROUP BY 1 */
        node = select->columns.items[node->number - 1];
        OR_DONE(expand_item(taking, node, &column.feed));
    } else {
        OR_DONE(expand(taking, node, NULL, &column.feed));
    }
    column.feed->parenthesised = false;
    column.text = ast_print(taking->arena, column.feed);
    if (column.text.data == NULL) {
        err = arena_error(taking->arena);
        goto done;
    }
    if (is_window(column.feed) && !taking->whole_windows) {
        err = find_window(taking->out, column.text) != NULL ? NULL : add_window(taking, &column);
    } else if (find_column(taking->out, column.text) == NULL) {
        OR_DONE(key_name(taking, column.text, column.text, &column.name));
        OR_DONE(add_column(taking, &column, &added));
        taking->out->key_count++;
    }
done:
    return err;
}

static bool ends_with(struct slice name, const char *suffix)
{
    size_t length = strlen(suffix);
    return name.length > length && memcmp(name.data + name.length - length, suffix, length) == 0;
}

static bool is_aggregate(const struct ast *node)
{
    return node->kind == AST_FUNCTION && node->part_count == 1 && aggregate_exists(node->parts[0]);
}

static struct err *format_name(struct taking *taking, struct slice name, size_t cut, const char *suffix,
                               struct slice *out)
{
    char *text = arena_format(taking->arena, "%.*s%s", (int)(name.length - cut), name.data, suffix);
    *out = text == NULL ? (struct slice){0} : slice_text(text);
    return text == NULL ? arena_error(taking->arena) : NULL;
}

/* The column that holds the state of this call. */
static struct err *aggregate_column(struct taking *taking, const struct ast *node, struct state_column **out)
{
    struct err *err = NULL;
    struct state_column column = {
        .text = ast_print(taking->arena, node), .parameters = node->parameters, .has_parameters = node->has_parameters};
    struct slice name, state;

    if (column.text.data == NULL) {
        return arena_error(taking->arena);
    }
    *out = find_column(taking->out, column.text);
    if (*out != NULL) {
        goto done;
    }
    name = node->parts[0];
    if (node->nulls != 0) {
        OR_DONE(aggregate_nulls(taking->arena, name, node->nulls > 0, &name));
    }
    OR_DONE(aggregate_canonical(taking->arena, name, &name));
    if (ends_with(name, "SimpleState")) {
        err = err_new(ERR_NOT_IMPLEMENTED, "%.*s in a materialized view that keeps states is not supported; write %.*s",
                      SLICE_ARG(name), (int)(name.length - strlen("SimpleState")), name.data);
        goto done;
    }
    if (ends_with(name, "State")) {
        state = name;
        OR_DONE(format_name(taking, name, strlen("State"), "MergeState", &column.merge));
    } else if (ends_with(name, "Merge")) {
        OR_DONE(format_name(taking, name, 0, "State", &state));
        column.merge = name;
    } else {
        OR_DONE(format_name(taking, name, 0, "State", &state));
        OR_DONE(format_name(taking, name, 0, "Merge", &column.merge));
    }
    OR_DONE(copy_node(taking, node, &column.feed));
    column.feed->parts = ARENA_ARRAY(taking->arena, struct slice, 1);
    if (column.feed->parts == NULL) {
        return arena_error(taking->arena);
    }
    column.feed->parts[0] = state;
    column.feed->nulls = 0;
    column.feed->distinct = false;
    column.feed->parenthesised = false;
    OR_DONE(free_name(taking, ast_print(taking->arena, column.feed), &column.name));
    err = add_column(taking, &column, out);
done:
    return err;
}

/* ---- the reading SELECT */

static struct err *column_reference(struct taking *taking, struct slice name, struct ast **out)
{
    struct ast *node = ARENA_NEW(taking->arena, struct ast);
    struct slice *parts = ARENA_ARRAY(taking->arena, struct slice, 1);
    if (node == NULL || parts == NULL) {
        return arena_error(taking->arena);
    }
    parts[0] = name;
    *node = (struct ast){.kind = AST_IDENTIFIER, .parts = parts, .part_count = 1, .depth = 1};
    *out = node;
    return NULL;
}

/* A window as a whole, of its two columns. */
static struct err *whole_window(struct taking *taking, const struct ast *node, const struct state_column *begin,
                                struct ast **out)
{
    struct err *err = NULL;
    struct ast **ends = arena_array(taking->arena, 2, sizeof(struct ast *));
    struct slice *parts = ARENA_ARRAY(taking->arena, struct slice, 1);
    if (ends == NULL || parts == NULL) {
        return arena_error(taking->arena);
    }
    OR_DONE(copy_node(taking, node, out));
    OR_DONE(column_reference(taking, begin[0].name, &ends[0]));
    OR_DONE(column_reference(taking, begin[1].name, &ends[1]));
    parts[0] = slice_text("tuple");
    (*out)->parts = parts;
    (*out)->arguments = (struct ast_list){ends, 2};
done:
    return err;
}

/* Keys become columns, aggregates their states merged. */
static struct err *read_node(struct taking *taking, const struct ast *node, struct ast **out)
{
    struct err *err = NULL;
    struct slice text = ast_print(taking->arena, node);
    const struct state_column *key = text.data == NULL ? NULL : find_column(taking->out, text);
    struct state_column *state = NULL;

    if (text.data == NULL) {
        return arena_error(taking->arena);
    }
    if (node->window != NULL || node->window_name.length > 0) {
        return err_new(ERR_NOT_IMPLEMENTED,
                       "window functions in a materialized view that keeps states are not supported");
    }
    if (key != NULL && key->is_key) {
        return column_reference(taking, key->name, out);
    }
    const struct state_column *begin = find_window(taking->out, text);
    if (begin != NULL) {
        return whole_window(taking, node, begin, out);
    }
    OR_DONE(copy_node(taking, node, out));
    if (is_aggregate(node)) {
        OR_DONE(aggregate_column(taking, node, &state));
        struct ast **arguments = arena_array(taking->arena, 1, sizeof(struct ast *));
        struct slice *parts = ARENA_ARRAY(taking->arena, struct slice, 1);
        if (arguments == NULL || parts == NULL) {
            return arena_error(taking->arena);
        }
        parts[0] = state->merge;
        (*out)->parts = parts;
        (*out)->nulls = 0;
        (*out)->distinct = false;
        OR_DONE(column_reference(taking, state->name, &arguments[0]));
        (*out)->arguments = (struct ast_list){arguments, 1};
        goto done;
    }
    struct ast **items = arena_array(taking->arena, (size_t)node->arguments.count + 1, sizeof(struct ast *));
    if (items == NULL) {
        return arena_error(taking->arena);
    }
    for (uint32_t i = 0; i < node->arguments.count; i++) {
        OR_DONE(read_node(taking, node->arguments.items[i], &items[i]));
    }
    (*out)->arguments = (struct ast_list){items, node->arguments.count};
done:
    return err;
}

/* ---- */

static bool has_aggregate(const struct ast *node)
{
    bool has = is_aggregate(node) && node->window == NULL && node->window_name.length == 0;
    for (uint32_t i = 0; !has && i < node->arguments.count; i++) {
        has = has_aggregate(node->arguments.items[i]);
    }
    return has;
}

static bool has_window_state(const struct ast *node)
{
    bool has = asks_window_state(node);
    for (uint32_t i = 0; !has && i < node->arguments.count; i++) {
        has = has_window_state(node->arguments.items[i]);
    }
    return has;
}

bool states_ask_lateness(const struct ast_select *select)
{
    bool asks = select->having != NULL && has_window_state(select->having);
    for (uint32_t i = 0; !asks && i < select->columns.count; i++) {
        asks = has_window_state(select->columns.items[i]);
    }
    for (uint32_t i = 0; !asks && i < select->with_count; i++) {
        asks = select->with[i].expression != NULL && has_window_state(select->with[i].expression);
    }
    return asks;
}

bool states_wanted(const struct ast_select *select)
{
    bool wanted = select->grouped || select->group_by.count > 0 || select->group_kind != AST_GROUP_PLAIN;
    for (uint32_t i = 0; !wanted && i < select->columns.count; i++) {
        wanted = has_aggregate(select->columns.items[i]);
    }
    for (uint32_t i = 0; !wanted && i < select->with_count; i++) {
        wanted = select->with[i].expression != NULL && has_aggregate(select->with[i].expression);
    }
    return wanted;
}

static struct err *refuse(const struct ast_select *select)
{
    const struct {
        bool there;
        const char *what;
    } list[] = {
        {select->distinct || select->distinct_on.count > 0, "DISTINCT"},
        {select->order_count > 0 || select->order_by_all, "ORDER BY"},
        {select->limit != NULL || select->limit_offset != NULL || select->limit_by.count > 0 ||
             select->limit_by_count != NULL,
         "LIMIT"},
        {select->with_totals, "WITH TOTALS"},
        {select->group_kind == AST_GROUP_ROLLUP, "ROLLUP"},
        {select->group_kind == AST_GROUP_CUBE, "CUBE"},
        {select->group_kind == AST_GROUP_SETS || select->grouping_set_count > 0, "GROUPING SETS"},
        {select->qualify != NULL, "QUALIFY"},
        {select->window_count > 0, "WINDOW"},
    };
    for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
        if (list[i].there) {
            return err_new(ERR_NOT_IMPLEMENTED,
                           "%s in a materialized view that keeps states (one without TO and ENGINE) is not supported; "
                           "write it where the view is read",
                           list[i].what);
        }
    }
    for (uint32_t i = 0; i < select->columns.count; i++) {
        if (select->columns.items[i]->kind == AST_STAR || select->columns.items[i]->kind == AST_COLUMNS) {
            return err_new(ERR_NOT_IMPLEMENTED, "a star in a materialized view that keeps states is not supported; "
                                                "name the columns");
        }
    }
    return NULL;
}

/* Rows that come later may join sessions of rows that came before: their states are no sum of both. */
static struct err *refuse_session(const struct state_select *states)
{
    static const char session[] = "session(";
    for (uint32_t i = 0; i < states->column_count; i++) {
        struct slice text = states->columns[i].text;
        if (states->columns[i].is_key && text.length >= sizeof(session) - 1 &&
            memcmp(text.data, session, sizeof(session) - 1) == 0) {
            return err_new(ERR_NOT_IMPLEMENTED, "GROUP BY session in a materialized view that keeps states is not "
                                                "supported; let the view keep a row for each piece of time, and write "
                                                "session where it is read");
        }
    }
    return NULL;
}

/* How many rows each key stands for is known of every such view: mutations ask for it (materialize_keys.h). */
static struct err *count_rows(struct taking *taking)
{
    struct ast *count = ARENA_NEW(taking->arena, struct ast);
    struct slice *parts = ARENA_ARRAY(taking->arena, struct slice, 1);
    struct state_column *column = NULL;
    if (count == NULL || parts == NULL) {
        return arena_error(taking->arena);
    }
    parts[0] = slice_text("count");
    *count = (struct ast){.kind = AST_FUNCTION, .parts = parts, .part_count = 1, .depth = 1};
    struct err *err = aggregate_column(taking, count, &column);
    if (err == NULL) {
        taking->out->count = column->name;
    }
    return err;
}

char *states_fed(struct arena *arena, const struct state_select *states, uint32_t column)
{
    unsigned element = states->columns[column].element;
    return element == 0 ? arena_format(arena, "_c%u", column)
                        : arena_format(arena, "tupleElement(_c%u, %u)", column + 1 - element, element);
}

struct err *states_of(struct arena *arena, const struct ast_select *select, bool whole_windows,
                      struct state_select *out)
{
    struct err *err = NULL;
    struct taking taking = {.arena = arena, .select = select, .out = out, .whole_windows = whole_windows};
    struct ast *expanded = NULL;

    *out = (struct state_select){.select = select};
    OR_DONE(refuse(select));
    OR_DONE(select_each_alias(select, add_alias, &taking));
    for (uint32_t i = 0; i < select->group_by.count; i++) {
        OR_DONE(add_key(&taking, select->group_by.items[i]));
    }
    for (uint32_t i = 0; select->group_kind == AST_GROUP_ALL && i < select->columns.count; i++) {
        OR_DONE(expand_item(&taking, select->columns.items[i], &expanded));
        if (!has_aggregate(expanded)) {
            OR_DONE(add_key(&taking, select->columns.items[i]));
        }
    }
    OR_DONE(refuse_session(out));
    out->items = arena_array(arena, (size_t)select->columns.count + 1, sizeof(struct ast *));
    if (out->items == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < select->columns.count; i++) {
        OR_DONE(expand_item(&taking, select->columns.items[i], &expanded));
        OR_DONE(read_node(&taking, expanded, &out->items[i]));
        out->items[i]->alias = item_name(&taking, select->columns.items[i]);
    }
    if (select->having != NULL) {
        OR_DONE(expand(&taking, select->having, NULL, &expanded));
        OR_DONE(read_node(&taking, expanded, &out->having));
    }
    /* conditions on rows keep what aliases stood for, though these are gone */
    struct ast_select *rows = ARENA_NEW(arena, struct ast_select);
    if (rows == NULL) {
        return arena_error(arena);
    }
    *rows = *select;
    if (select->where != NULL) {
        OR_DONE(expand(&taking, select->where, NULL, &rows->where));
    }
    if (select->prewhere != NULL) {
        OR_DONE(expand(&taking, select->prewhere, NULL, &rows->prewhere));
    }
    out->select = rows;
    err = count_rows(&taking);
done:
    return err;
}
