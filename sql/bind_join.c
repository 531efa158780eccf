/*
 * bind_join.c: names and conditions of a FROM with several tables.
 *
 * names    of a name that two tables have, a single join takes the left one's; with more joins it is ambiguous. A name
 * of USING is the column of the side that is kept (of both for FULL). A star gives USING columns first, once. ON is cut
 * at its ANDs: left = right becomes a key, what else there is a further condition results  are named after their column
 * alone where that says which it is, else with the table's name before it
 */
#include "sql/join.h"

#include "query/pipeline.h"

#include <strings.h>

/* ---- the words before a table */

static bool has_word(struct slice words, const char *word)
{
    size_t length = strlen(word);
    for (size_t at = 0; at + length <= words.length; at++) {
        bool begins = at == 0 || words.data[at - 1] <= ' ';
        bool ends = at + length == words.length || words.data[at + length] <= ' ';
        if (begins && ends && strncasecmp(words.data + at, word, length) == 0) {
            return true;
        }
    }
    return false;
}

static struct err *bind_words(struct binder *binder, struct join_step *step)
{
    struct slice words = step->table->join;
    uint32_t offset = step->table->join_offset;
    bool left = has_word(words, "LEFT");
    bool right = has_word(words, "RIGHT");
    bool full = has_word(words, "FULL");
    bool inner = has_word(words, "INNER");
    bool any = has_word(words, "ANY");
    bool all = has_word(words, "ALL");
    bool semi = has_word(words, "SEMI");
    bool anti = has_word(words, "ANTI");
    bool asof = has_word(words, "ASOF");

    if (has_word(words, "PASTE") || has_word(words, "NATURAL")) {
        return bind_refuse(binder, offset, "%s JOIN", has_word(words, "PASTE") ? "PASTE" : "NATURAL");
    }
    if (has_word(words, "OUTER") && !left && !right && !full) {
        return bind_error(binder, offset, ERR_SYNTAX, "OUTER goes with LEFT, RIGHT and FULL");
    }
    if (has_word(words, "ONLY") || any + all + semi + anti + asof > 1) {
        return bind_refuse(binder, offset, "%.*s", SLICE_ARG(words));
    }
    step->is_cross = has_word(words, "CROSS") || words.data[0] == ',';
    if (step->is_cross && (any || all || semi || anti || asof || left || right || full || inner)) {
        return bind_error(binder, offset, ERR_SYNTAX, "CROSS JOIN goes without ANY, ALL, SEMI, ANTI, ASOF and a side");
    }
    step->kind = left ? JOIN_LEFT : right ? JOIN_RIGHT : full ? JOIN_FULL : JOIN_INNER;
    step->strictness = any ? JOIN_ANY : semi ? JOIN_SEMI : anti ? JOIN_ANTI : asof ? JOIN_ASOF : JOIN_ALL;
    if ((semi || anti) && (full || inner)) {
        return bind_error(binder, offset, ERR_SYNTAX, "a SEMI or ANTI JOIN is LEFT or RIGHT");
    }
    if ((semi || anti) && step->kind == JOIN_INNER) {
        step->kind = JOIN_LEFT;
    }
    if (any && full) {
        return bind_refuse(binder, offset, "ANY FULL JOIN");
    }
    if (asof && (right || full)) {
        return bind_refuse(binder, offset, "ASOF JOIN that is neither INNER nor LEFT");
    }
    return NULL;
}

/* ---- tables */

static struct err *check_table(struct binder *binder, const struct scope_join *join, const struct ast_table *table,
                               uint32_t index)
{
    if (table->alias.length == 0 && (table->subquery != NULL || table->function != NULL)) {
        return bind_error(binder, table->offset, ERR_ALIAS_REQUIRED,
                          "a subquery or table function in a join needs an alias");
    }
    for (uint32_t i = 0; table->alias.length > 0 && i < index; i++) {
        if (slice_equal(join->sides[i].scope.table, table->alias)) {
            return bind_error(binder, table->offset, ERR_MULTIPLE_EXPRESSIONS, "two tables of a join are called %.*s",
                              SLICE_ARG(table->alias));
        }
    }
    return NULL;
}

static bool use_nulls(const struct binder *binder, const struct scope *scope)
{
    for (; scope != NULL; scope = scope->parent) {
        for (uint32_t i = 0; scope->select != NULL && i < scope->select->settings.count; i++) {
            const struct ast_setting *setting = &scope->select->settings.items[i];
            if (slice_is_text(setting->name, "join_use_nulls")) {
                const struct ast *value = setting->value;
                return value != NULL && (value->literal == AST_STRING
                                             ? slice_is_text(value->text, "1") || slice_is_any_case(value->text, "true")
                                             : value->number != 0);
            }
        }
    }
    return binder->options->join_use_nulls;
}

struct err *bind_join_tables(struct binder *binder, struct scope *scope)
{
    struct err *err = NULL;
    const struct ast_select *select = scope->select;
    uint32_t count = select->table_count;
    struct scope_join *join = ARENA_NEW(binder->arena, struct scope_join);
    uint32_t columns = 0;
    bool nulls = use_nulls(binder, scope);

    if (join == NULL) {
        return arena_error(binder->arena);
    }
    join->sides = arena_zalloc(binder->arena, count * sizeof(*join->sides));
    join->steps = arena_zalloc(binder->arena, count * sizeof(*join->steps));
    if (join->sides == NULL || join->steps == NULL) {
        return arena_error(binder->arena);
    }
    join->side_count = count;
    for (uint32_t i = 0; i < count; i++) {
        const struct ast_table *table = &select->tables[i];
        struct join_side *side = &join->sides[i];
        if (table->array_join.count > 0) {
            err = bind_refuse(binder, table->join_offset, "%.*s", SLICE_ARG(table->join));
            goto done;
        }
        if (i > 0) {
            struct join_step *step = &join->steps[i - 1];
            step->table = table;
            OR_DONE(bind_words(binder, step));
            bool all = step->kind == JOIN_FULL;
            step->left_nulls = nulls && (all || step->kind == JOIN_RIGHT);
            step->right_nulls = nulls && (all || step->kind == JOIN_LEFT);
        }
        OR_DONE(check_table(binder, join, table, i));
        side->scope = (struct scope){.parent = scope->parent, .select = select, .with_all = true};
        OR_DONE(bind_table(binder, &side->scope, table));
        side->begin = columns;
        columns += side->scope.column_count;
        side->end = columns;
        columns += table->using.count;
    }
    scope->columns = arena_zalloc(binder->arena, (columns + 1U) * sizeof(*scope->columns));
    if (scope->columns == NULL) {
        return arena_error(binder->arena);
    }
    scope->column_count = 0;
    for (uint32_t i = 0; i < count; i++) {
        struct join_side *side = &join->sides[i];
        side->begin = scope->column_count;
        for (uint32_t c = 0; c < side->scope.column_count; c++) {
            struct scope_column *column = &scope->columns[scope->column_count];
            *column = side->scope.columns[c];
            column->side = i;
            column->index = UINT32_MAX;
            column->source = scope->column_count++;
        }
        side->end = scope->column_count;
    }
    join->visible = count;
    scope->join = join;
done:
    return err;
}

struct slice scope_join_table(const struct scope *scope, uint32_t side)
{
    return side == JOIN_NONE ? slice_text("") : scope->join->sides[side].scope.table;
}

bool scope_join_is_table(const struct scope *scope, const struct slice *parts, uint32_t count)
{
    for (uint32_t i = 0; i < scope->join->side_count; i++) {
        if (scope_is_table(&scope->join->sides[i].scope, parts, count)) {
            return true;
        }
    }
    return false;
}

/* ---- names */

static const struct join_using *using_of(const struct join_step *step, struct slice name)
{
    for (uint32_t i = 0; i < step->using_count; i++) {
        if (slice_equal(step->using[i].name, name)) {
            return &step->using[i];
        }
    }
    return NULL;
}

/* Among the first `sides` tables. */
static struct err *find_among(struct binder *binder, struct scope *scope, const struct ast *node, uint32_t sides,
                              uint32_t *out)
{
    struct err *err = NULL;
    struct scope_join *join = scope->join;
    struct join_side *side = &join->sides[sides - 1];
    struct scope_column *found = NULL;
    uint32_t left = JOIN_NONE;

    *out = JOIN_NONE;
    const struct join_using *using =
        sides > 1 && node->part_count == 1 ? using_of(&join->steps[sides - 2], node->parts[0]) : NULL;
    if (using != NULL) {
        *out = using->merged;
        return NULL;
    }
    OR_DONE(scope_find_column(binder, &side->scope, node, &found));
    uint32_t right = found == NULL ? JOIN_NONE : side->begin + (uint32_t)(found - side->scope.columns);
    if (sides > 1) {
        OR_DONE(find_among(binder, scope, node, sides - 1, &left));
    }
    if (left != JOIN_NONE && right != JOIN_NONE && join->side_count > 2) {
        err = bind_error(binder, node->offset, ERR_AMBIGUOUS_IDENTIFIER,
                         "the name %.*s is ambiguous: several tables of the join have it",
                         SLICE_ARG(node->parts[node->part_count - 1]));
        goto done;
    }
    *out = left != JOIN_NONE ? left : right;
done:
    return err;
}

struct err *scope_join_find(struct binder *binder, struct scope *scope, const struct ast *node,
                            struct scope_column **out)
{
    struct err *err = NULL;
    uint32_t index;

    OR_DONE(find_among(binder, scope, node, scope->join->visible, &index));
    *out = index == JOIN_NONE ? NULL : &scope->columns[index];
done:
    return err;
}

/* ---- stars, names of results */

/* Does a table of the join but this one have the name? */
static bool is_taken(const struct scope *scope, uint32_t side, struct slice name)
{
    const struct scope_join *join = scope->join;
    for (uint32_t i = 0; i < join->side_count; i++) {
        if (i == side) {
            continue;
        }
        for (uint32_t c = join->sides[i].begin; c < join->sides[i].end; c++) {
            if (slice_equal(scope->columns[c].name, name)) {
                return true;
            }
        }
    }
    return scope_alias(scope, name) != NULL;
}

static struct slice column_name(struct binder *binder, const struct scope *scope, uint32_t index)
{
    const struct scope_join *join = scope->join;
    const struct scope_column *column = &scope->columns[index];
    struct slice table = scope_join_table(scope, column->side);
    bool leads = column->side == 0 && join->side_count == 2; /* a name alone is the left table's */
    const struct join_step *step = &join->steps[0];

    if (column->side == JOIN_NONE || table.length == 0) {
        return column->name;
    }
    if (leads && step->kind == JOIN_RIGHT && using_of(step, column->name) != NULL) {
        leads = false;
    }
    if ((leads && scope_alias(scope, column->name) == NULL) ||
        (!leads && !is_taken(scope, column->side, column->name))) {
        return column->name;
    }
    char *text = arena_format(binder->arena, "%.*s.%.*s", SLICE_ARG(table), SLICE_ARG(column->name));
    return text == NULL ? (struct slice){0} : slice_text(text);
}

struct naming {
    struct binder *binder;
    struct scope *scope;
};

static struct slice identifier_name(void *user, const struct ast *node)
{
    const struct naming *naming = user;
    struct scope_column *column = NULL;
    struct slice last = node->parts[node->part_count - 1];
    bool positioned = naming->binder->positioned;

    if (node->part_count == 1) {
        return last;
    }
    struct err *err = scope_find_column(naming->binder, naming->scope, node, &column);
    if (err != NULL) {
        naming->binder->positioned = positioned;
        err_free(err);
        return last;
    }
    if (naming->scope->join == NULL) {
        return column == NULL ? last : column->name;
    }
    return column == NULL ? last
                          : column_name(naming->binder, naming->scope, (uint32_t)(column - naming->scope->columns));
}

struct slice scope_item_name(struct binder *binder, struct scope *scope, const struct ast *node)
{
    struct naming naming = {binder, scope};
    return ast_column_name_in(binder->arena, node, identifier_name, &naming);
}

struct star {
    struct binder *binder;
    struct scope *scope;
    struct star_column *columns;
    uint32_t count;
};

static struct err *star_add(struct star *star, uint32_t column, struct slice name)
{
    struct star_column *place = bind_array_add(star->binder->arena, &star->columns, &star->count, sizeof(*place));
    if (place == NULL || name.data == NULL) {
        return arena_error(star->binder->arena);
    }
    *place = (struct star_column){column, name};
    return NULL;
}

/* Columns of one table that no USING of steps [first, …) has given already. */
static struct err *star_table(struct star *star, const struct scope *table, uint32_t begin, uint32_t first, bool all)
{
    struct err *err = NULL;
    const struct scope_join *join = star->scope->join;

    for (uint32_t c = 0; c < table->column_count; c++) {
        const struct scope_column *column = &table->columns[c];
        bool left_out =
            table->source != NULL && column->source + table->source->hidden_count >= table->source->column_count;
        for (uint32_t s = first; join != NULL && !all && s + 1 < join->side_count; s++) {
            left_out |= using_of(&join->steps[s], column->name) != NULL;
        }
        if (!left_out) {
            OR_DONE(star_add(star, begin + c,
                             join == NULL ? column->name : column_name(star->binder, star->scope, begin + c)));
        }
    }
done:
    return err;
}

struct err *scope_star(struct binder *binder, struct scope *scope, const struct ast *node, struct star_column **out,
                       uint32_t *count)
{
    struct err *err = NULL;
    const struct scope_join *join = scope->join;
    struct star star = {binder, scope, NULL, 0};

    if (join == NULL) {
        bool hidden = node->kind == AST_COLUMNS; /* may be named */
        for (uint32_t c = 0; hidden && c < scope->column_count; c++) {
            OR_DONE(star_add(&star, c, scope->columns[c].name));
        }
        if (!hidden) {
            OR_DONE(star_table(&star, scope, 0, 0, true));
        }
        goto done;
    }
    if (node->part_count > 0) {
        for (uint32_t i = 0; i < join->side_count; i++) {
            if (scope_is_table(&join->sides[i].scope, node->parts, node->part_count)) {
                OR_DONE(star_table(&star, &join->sides[i].scope, join->sides[i].begin, 0, true));
                goto done;
            }
        }
    }
    for (uint32_t s = join->side_count - 1; s > 0; s--) { /* the last join's USING first */
        const struct join_step *step = &join->steps[s - 1];
        for (uint32_t u = 0; u < step->using_count; u++) {
            bool given = false;
            for (uint32_t later = s; later + 1 < join->side_count; later++) {
                given |= using_of(&join->steps[later], step->using[u].name) != NULL;
            }
            if (!given) {
                OR_DONE(star_add(&star, step->using[u].merged, step->using[u].name));
            }
        }
    }
    for (uint32_t i = 0; i < join->side_count; i++) {
        OR_DONE(star_table(&star, &join->sides[i].scope, join->sides[i].begin, i == 0 ? 0 : i - 1, false));
    }
done:
    *out = star.columns;
    *count = star.count;
    return err;
}

/* ---- ON */

struct reads_visit {
    const struct scope *scope;
    const uint32_t *references;
    uint32_t side;
    struct join_reads *reads;
};

static struct err *visit_reads(void *user, const struct expression *expression)
{
    struct reads_visit *visit = user;
    if (expression->kind == EXPRESSION_COLUMN && expression->column_index < AGGREGATE_BASE) {
        uint32_t side = visit->scope->columns[visit->references[expression->column_index]].side;
        visit->reads->right |= side == visit->side;
        visit->reads->left |= side == JOIN_NONE || side < visit->side;
        visit->reads->later |= side != JOIN_NONE && side > visit->side;
    }
    return NULL;
}

struct err *join_reads(const struct scope *scope, const uint32_t *references, const struct expression *expression,
                       uint32_t side, struct join_reads *out)
{
    struct reads_visit visit = {scope, references, side, out};
    *out = (struct join_reads){0};
    return expression_walk(expression, visit_reads, &visit);
}

static const struct type *bare(struct arena *arena, const struct type *type)
{
    type = type_low_cardinality(arena, type, false);
    return type == NULL || type->kind == TYPE_NOTHING ? type : type_nullable(arena, type, false);
}

struct err *join_key_type(struct binder *binder, uint32_t offset, const struct type *left, const struct type *right,
                          const struct type **out)
{
    struct arena *arena = binder->arena;
    const struct type *types[2] = {bare(arena, left), bare(arena, right)};

    if (types[0] == NULL || types[1] == NULL) {
        return arena_error(arena);
    }
    if (type_equal(types[0], types[1])) {
        *out = types[0];
        return NULL;
    }
    struct err *err = function_common_type(arena, types, 2, out);
    if (err == NULL) {
        return NULL;
    }
    err_free(err);
    if (type_is_integer(types[0]) && type_is_integer(types[1]) && types[0]->width <= 8 && types[1]->width <= 8) {
        *out = type_simple(TYPE_INT128);
        return NULL;
    }
    struct slice names[2] = {type_name(arena, left), type_name(arena, right)};
    return bind_error(binder, offset, ERR_NO_COMMON_TYPE, "JOIN: there is no common type of the keys %.*s and %.*s",
                      SLICE_ARG(names[0]), SLICE_ARG(names[1]));
}

static struct err *add_rest(struct binder *binder, struct join_step *step, uint32_t offset,
                            const struct expression *condition)
{
    struct slice name = type_name(binder->arena, condition->type);
    const struct type *type = condition->type;
    if (type->kind != TYPE_NOTHING && (!type_is_number(type) || type->kind == TYPE_DECIMAL)) {
        return bind_error(binder, offset, ERR_JOIN_ON, "JOIN ON: a condition of type %.*s", SLICE_ARG(name));
    }
    const struct expression **place =
        bind_array_add(binder->arena, &step->rest, &step->rest_count, sizeof(struct expression *));
    if (place == NULL) {
        return arena_error(binder->arena);
    }
    *place = condition;
    return NULL;
}

static struct err *add_key(struct binder *binder, struct join_step *step, const struct join_key *key, uint32_t offset)
{
    if (step->key_count == JOIN_KEYS_MAX) {
        return bind_refuse(binder, offset, "a join on more than %u keys", JOIN_KEYS_MAX);
    }
    struct join_key *place = bind_array_add(binder->arena, &step->keys, &step->key_count, sizeof(*place));
    if (place == NULL) {
        return arena_error(binder->arena);
    }
    *place = *key;
    return NULL;
}

static bool is_call(const struct ast *node, const char *name, uint32_t count)
{
    return node->kind == AST_FUNCTION && !node->has_parameters && slice_is_text(node->parts[0], name) &&
           (count == 0 || node->arguments.count == count);
}

static bool is_text(const struct type *type)
{
    return type_is_string(type) || type->kind == TYPE_ENUM8 || type->kind == TYPE_ENUM16;
}

/* left op right with one side's columns on each side: *found, and which way round. */
static struct err *sides_of(struct binder *binder, struct scope *scope, uint32_t side, const struct ast *node,
                            struct join_key *key, const struct expression **whole, bool *found, bool *swapped)
{
    struct err *err = NULL;
    const struct expression *both[2] = {NULL, NULL};
    struct join_reads reads[2];

    for (uint32_t i = 0; i < 2; i++) {
        OR_DONE(bind_node(binder, scope, node->arguments.items[i], &both[i]));
        OR_DONE(join_reads(scope, scope->scan_columns, both[i], side, &reads[i]));
    }
    char *name = arena_text(binder->arena, node->parts[0]);
    if (name == NULL) {
        err = arena_error(binder->arena);
        goto done;
    }
    *swapped = reads[0].right && reads[1].left;
    *found = (reads[0].left && !reads[0].right && reads[1].right && !reads[1].left) ||
             (reads[1].left && !reads[1].right && reads[0].right && !reads[0].left);
    if (*found && is_text(both[0]->type) != is_text(both[1]->type)) {
        const struct type *type;
        OR_DONE(join_key_type(binder, node->offset, both[0]->type, both[1]->type, &type));
    }
    OR_DONE(bind_call(binder, node->offset, name, both, 2, whole));
    key->left = both[*swapped];
    key->right = both[!*swapped];
done:
    return err;
}

static struct err *bind_equality(struct binder *binder, struct scope *scope, uint32_t side, struct join_step *step,
                                 const struct ast *node)
{
    struct err *err = NULL;
    struct join_key key = {.null_safe = is_call(node, "isNotDistinctFrom", 2)};
    const struct expression *whole = NULL;
    const struct type *type;
    bool found = false;
    bool swapped;

    OR_DONE(sides_of(binder, scope, side, node, &key, &whole, &found, &swapped));
    if (!found) {
        OR_DONE(add_rest(binder, step, node->offset, whole));
        goto done;
    }
    OR_DONE(join_key_type(binder, node->offset, key.left->type, key.right->type, &type));
    OR_DONE(add_key(binder, step, &key, node->offset));
done:
    return err;
}

static struct err *bind_conjunct(struct binder *binder, struct scope *scope, uint32_t side, struct join_step *step,
                                 const struct ast *node)
{
    struct err *err = NULL;
    const struct expression *condition = NULL;

    if (is_call(node, "and", 0) && node->alias.length == 0) {
        for (uint32_t i = 0; i < node->arguments.count; i++) {
            OR_DONE(bind_conjunct(binder, scope, side, step, node->arguments.items[i]));
        }
        goto done;
    }
    if (is_call(node, "equals", 2) && is_call(node->arguments.items[0], "tuple", 0) &&
        is_call(node->arguments.items[1], "tuple", node->arguments.items[0]->arguments.count)) {
        for (uint32_t i = 0; i < node->arguments.items[0]->arguments.count; i++) { /* (a, b) = (x, y) */
            struct ast *parts[2] = {node->arguments.items[0]->arguments.items[i],
                                    node->arguments.items[1]->arguments.items[i]};
            struct ast one = *node;
            one.arguments = (struct ast_list){parts, 2};
            OR_DONE(bind_equality(binder, scope, side, step, &one));
        }
        goto done;
    }
    if (is_call(node, "equals", 2) || is_call(node, "isNotDistinctFrom", 2)) {
        err = bind_equality(binder, scope, side, step, node);
        goto done;
    }
    OR_DONE(bind_node(binder, scope, node, &condition));
    OR_DONE(add_rest(binder, step, node->offset, condition));
done:
    return err;
}

/* A condition without columns: true goes without saying; else no two rows match, said by keys that are never equal. */
static struct err *bind_constants(struct binder *binder, struct join_step *step)
{
    struct err *err = NULL;
    uint32_t kept = 0;
    bool never = false;

    for (uint32_t i = 0; i < step->rest_count; i++) {
        const struct column *value = expression_value(step->rest[i]);
        if (value == NULL) {
            step->rest[kept++] = step->rest[i];
            continue;
        }
        uint32_t position;
        uint32_t count;
        OR_DONE(positions_of(binder->arena, value, 1, &position, &count));
        never |= count == 0;
    }
    step->rest_count = kept;
    if (never) {
        const struct ast zero = {.kind = AST_LITERAL, .literal = AST_UINT, .number = 0, .depth = 1};
        const struct ast one = {.kind = AST_LITERAL, .literal = AST_UINT, .number = 1, .depth = 1};
        struct join_key key = {0};
        OR_DONE(bind_literal(binder, &zero, &key.left));
        OR_DONE(bind_literal(binder, &one, &key.right));
        step->key_count = step->key_count == JOIN_KEYS_MAX ? JOIN_KEYS_MAX - 1 : step->key_count;
        OR_DONE(add_key(binder, step, &key, step->table->join_offset));
    }
done:
    return err;
}

static struct err *bind_on(struct binder *binder, struct scope *scope, uint32_t side, struct join_step *step)
{
    struct err *err = NULL;
    const struct ast *on = step->table->on;

    if (on->kind == AST_IDENTIFIER) {
        return bind_error(binder, on->offset, ERR_JOIN_ON, "JOIN ON: a column is no condition");
    }
    OR_DONE(bind_conjunct(binder, scope, side, step, on));
    bool had_rest = step->rest_count > 0;
    OR_DONE(bind_constants(binder, step));
    bool needs_key = step->kind == JOIN_FULL || step->strictness != JOIN_ALL;
    if (step->key_count == 0 && needs_key && had_rest && step->rest_count > 0 && !is_call(on, "or", 0)) {
        err = bind_error(binder, on->offset, ERR_JOIN_ON, "JOIN ON: this kind of join needs an equality of both sides");
    }
done:
    return err;
}

/* ---- USING */

static struct err *bind_using_column(struct binder *binder, struct scope *scope, uint32_t side, struct join_step *step,
                                     const struct ast *node)
{
    struct err *err = NULL;
    struct join_side *table = &scope->join->sides[side];
    struct join_using using = {0};
    struct scope_column *found = NULL;

    if (node->kind != AST_IDENTIFIER) {
        return bind_error(binder, node->offset, ERR_BAD_ARGUMENTS, "JOIN USING: a column's name is needed");
    }
    using.name = node->parts[node->part_count - 1];
    if (using_of(step, using.name) != NULL) {
        return bind_error(binder, node->offset, ERR_BAD_ARGUMENTS, "JOIN USING: %.*s stands there twice",
                          SLICE_ARG(using.name));
    }
    OR_DONE(find_among(binder, scope, node, side, &using.left));
    OR_DONE(scope_find_column(binder, &table->scope, node, &found));
    if (using.left == JOIN_NONE || found == NULL) {
        err = bind_error(binder, node->offset, ERR_UNKNOWN_IDENTIFIER, "JOIN USING: the %s side has no column %.*s",
                         using.left == JOIN_NONE ? "left" : "right", SLICE_ARG(using.name));
        goto done;
    }
    using.right = table->begin + (uint32_t)(found - table->scope.columns);
    const struct type *types[2] = {scope->columns[using.left].type, scope->columns[using.right].type};
    err = function_common_type(binder->arena, types, 2, &using.type);
    if (err != NULL) {
        err_free(err);
        err = bind_error(binder, node->offset, ERR_NO_COMMON_TYPE, "JOIN USING: there is no common type of %.*s",
                         SLICE_ARG(using.name));
        goto done;
    }
    if (step->kind == JOIN_FULL) {
        struct scope_column *merged = &scope->columns[scope->column_count];
        *merged = (struct scope_column){.name = using.name,
                                        .type = using.type,
                                        .index = UINT32_MAX,
                                        .source = scope->column_count,
                                        .side = JOIN_NONE};
        using.merged = scope->column_count++;
    } else {
        using.merged = step->kind == JOIN_RIGHT ? using.right : using.left;
    }
    struct join_using *place = bind_array_add(binder->arena, &step->using, &step->using_count, sizeof(*place));
    if (place == NULL) {
        err = arena_error(binder->arena);
        goto done;
    }
    *place = using;
    scope->columns[using.left].type = using.type;
    scope->columns[using.right].type = using.type;
    /* the key: references to both, of the common type */
    struct join_key key = {0};
    OR_DONE(scope_column_expression(binder, scope, &scope->columns[using.left], &key.left));
    OR_DONE(scope_column_expression(binder, scope, &scope->columns[using.right], &key.right));
    OR_DONE(add_key(binder, step, &key, node->offset));
done:
    return err;
}

/* ---- all steps */

/* What this join makes of the types of columns. */
static struct err *change_types(struct binder *binder, struct scope *scope, uint32_t side, const struct join_step *step)
{
    for (uint32_t c = 0; c < scope->column_count; c++) {
        struct scope_column *column = &scope->columns[c];
        bool left = column->side == JOIN_NONE || column->side < side;
        bool nulls = left ? step->left_nulls : column->side == side && step->right_nulls;
        for (uint32_t u = 0; u < step->using_count && column->side == JOIN_NONE; u++) {
            nulls |= step->using[u].merged == c && step->right_nulls;
        }
        if (nulls) {
            column->type = join_nullable(binder->arena, column->type);
            if (column->type == NULL) {
                return arena_error(binder->arena);
            }
        }
    }
    return NULL;
}

static struct err *bind_step(struct binder *binder, struct scope *scope, uint32_t side, struct join_step *step)
{
    struct err *err = NULL;

    scope->join->visible = side + 1;
    if (step->strictness == JOIN_ASOF) {
        err = bind_refuse(binder, step->table->join_offset, "ASOF JOIN");
        goto done;
    }
    for (uint32_t i = 0; i < step->table->using.count; i++) {
        OR_DONE(bind_using_column(binder, scope, side, step, step->table->using.items[i]));
    }
    if (step->table->on != NULL) {
        OR_DONE(bind_on(binder, scope, side, step));
    }
    OR_DONE(change_types(binder, scope, side, step));
done:
    return err;
}

struct err *bind_join_conditions(struct binder *binder, struct scope *scope)
{
    struct err *err = NULL;
    struct scope_join *join = scope->join;

    if (join == NULL) {
        return NULL;
    }
    scope->no_aggregates = "JOIN ON";
    for (uint32_t i = 0; i + 1 < join->side_count; i++) {
        OR_DONE(bind_step(binder, scope, i + 1, &join->steps[i]));
    }
    for (uint32_t i = 0; scope->select->prewhere != NULL && i + 1 < join->side_count; i++) {
        if (join->steps[i].kind == JOIN_RIGHT || join->steps[i].kind == JOIN_FULL) {
            err = bind_refuse(binder, scope->select->prewhere->offset, "PREWHERE with a RIGHT or FULL JOIN");
            goto done;
        }
    }
    scope->no_aggregates = NULL;
    /* what follows refers to columns as the joins leave them */
    join->references = scope->scan_columns;
    join->reference_count = scope->scan_count;
    scope->scan_columns = NULL;
    scope->scan_count = 0;
    for (uint32_t c = 0; c < scope->column_count; c++) {
        scope->columns[c].index = UINT32_MAX;
    }
    for (uint32_t i = 0; i < scope->alias_count; i++) {
        scope->aliases[i].state = ALIAS_NEW;
    }
done:
    return err;
}
