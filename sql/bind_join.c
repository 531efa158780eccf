/*
 * bind_join.c: the tables of a FROM with several of them, and what names and stars mean among them.
 *
 * names    of a name that two tables have, a single join takes the left one's; with more joins it is ambiguous.
 *          A name of USING is the column of the side that is kept (of both for FULL). A star gives USING columns
 *          first, once.
 * results  are named after their column alone where that says which it is, else with the table's name before it
 */
#include "sql/join.h"

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
    uint32_t sides = 0;
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
    for (uint32_t i = 0; i < count; i++) {
        const struct ast_table *table = &select->tables[i];
        struct join_side *side = &join->sides[sides];
        if (table->array_join.count > 0) { /* before the first join and behind the last one */
            continue;
        }
        if (i > 0) {
            struct join_step *step = &join->steps[sides - 1];
            if (sides > 1 && select->tables[i - 1].array_join.count > 0) {
                err = bind_refuse(binder, table->join_offset, "ARRAY JOIN between two joins");
                goto done;
            }
            step->table = table;
            OR_DONE(bind_words(binder, step));
            bool all = step->kind == JOIN_FULL;
            step->left_nulls = nulls && (all || step->kind == JOIN_RIGHT);
            step->right_nulls = nulls && (all || step->kind == JOIN_LEFT);
        }
        OR_DONE(check_table(binder, join, table, sides));
        side->scope = (struct scope){.parent = scope->parent, .select = select, .with_all = true};
        OR_DONE(bind_table(binder, &side->scope, table));
        if (i + 1 < count && i == 0 && select->tables[1].array_join.count > 0) {
            OR_DONE(scope_collect_aliases(binder, &side->scope));
            OR_DONE(bind_array_join_clauses(binder, &side->scope, true));
        }
        columns += side->scope.column_count + table->using.count;
        sides++;
    }
    join->side_count = sides;
    count = sides;
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

const struct join_using *join_using_of(const struct join_step *step, struct slice name)
{
    for (uint32_t i = 0; i < step->using_count; i++) {
        if (slice_equal(step->using[i].name, name)) {
            return &step->using[i];
        }
    }
    return NULL;
}

struct err *join_find_among(struct binder *binder, struct scope *scope, const struct ast *node, uint32_t sides,
                            uint32_t *out)
{
    struct err *err = NULL;
    struct scope_join *join = scope->join;
    struct join_side *side = &join->sides[sides - 1];
    struct scope_column *found = NULL;
    uint32_t left = JOIN_NONE;

    *out = JOIN_NONE;
    const struct join_using *using =
        sides > 1 && node->part_count == 1 ? join_using_of(&join->steps[sides - 2], node->parts[0]) : NULL;
    if (using != NULL) {
        *out = using->merged;
        return NULL;
    }
    OR_DONE(scope_find_column(binder, &side->scope, node, &found));
    uint32_t right = found == NULL ? JOIN_NONE : side->begin + (uint32_t)(found - side->scope.columns);
    if (sides > 1) {
        OR_DONE(join_find_among(binder, scope, node, sides - 1, &left));
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

    for (uint32_t i = 0; i < scope->column_count && node->part_count == 1; i++) { /* elements of ARRAY JOIN */
        struct scope_column *column = &scope->columns[i];
        if (column->hidden && column->side == JOIN_NONE && slice_equal(column->name, node->parts[0])) {
            *out = column;
            return NULL;
        }
    }
    OR_DONE(join_find_among(binder, scope, node, scope->join->visible, &index));
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

/* in_star: it was not written, a star stands for it. */
static struct slice column_name(struct binder *binder, const struct scope *scope, uint32_t index, bool in_star)
{
    const struct scope_join *join = scope->join;
    const struct scope_column *column = &scope->columns[index];
    struct slice table = scope_join_table(scope, column->side);
    bool leads = column->side == 0 && join->side_count == 2; /* a name alone is the left table's */
    const struct join_step *step = &join->steps[0];

    if (column->side == JOIN_NONE || table.length == 0) {
        return column->name;
    }
    if (leads && !in_star && step->kind == JOIN_RIGHT && join_using_of(step, column->name) != NULL) {
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

/* A star among arguments: its columns, with commas between. */
static struct slice star_name(const struct naming *naming, const struct ast *node)
{
    struct binder *binder = naming->binder;
    struct ast *items[] = {(struct ast *)(uintptr_t)node};
    const struct ast call = {.kind = AST_FUNCTION, .arguments = {.items = items, .count = 1}};
    const struct ast *written = NULL;
    struct slice name = slice_text("*");
    bool positioned = binder->positioned;
    struct err *err = bind_star_arguments(binder, naming->scope, &call, &written);

    for (uint32_t i = 0; err == NULL && i < written->arguments.count; i++) {
        struct slice one = scope_item_name(binder, naming->scope, written->arguments.items[i]);
        char *text = i == 0 ? NULL : arena_format(binder->arena, "%.*s, %.*s", SLICE_ARG(name), SLICE_ARG(one));
        name = i == 0 ? one : text == NULL ? (struct slice){0} : slice_text(text);
    }
    if (err != NULL) { /* binding says it */
        binder->positioned = positioned;
        err_free(err);
    }
    return name;
}

static struct slice identifier_name(void *user, const struct ast *node)
{
    const struct naming *naming = user;
    struct scope_column *column = NULL;
    if (node->kind != AST_IDENTIFIER) {
        return star_name(naming, node);
    }
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
    if (column == NULL) {
        struct ast whole = *node; /* a part of it: t.element, a.size0 */
        whole.part_count--;
        if (scope_is_table(naming->scope, whole.parts, whole.part_count)) {
            return last;
        }
        struct slice name = identifier_name(user, &whole);
        char *text = name.data == NULL
                         ? NULL
                         : arena_format(naming->binder->arena, "%.*s.%.*s", SLICE_ARG(name), SLICE_ARG(last));
        return text == NULL ? (struct slice){0} : slice_text(text);
    }
    return naming->scope->join == NULL
               ? column->name
               : column_name(naming->binder, naming->scope, (uint32_t)(column - naming->scope->columns), false);
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
        bool left_out = column->hidden || (table->source != NULL &&
                                           column->source + table->source->hidden_count >= table->source->column_count);
        for (uint32_t s = first; join != NULL && !all && s + 1 < join->side_count; s++) {
            left_out |= join_using_of(&join->steps[s], column->name) != NULL;
        }
        if (!left_out) {
            OR_DONE(star_add(star, begin + c,
                             join == NULL ? column->name : column_name(star->binder, star->scope, begin + c, true)));
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
                given |= join_using_of(&join->steps[later], step->using[u].name) != NULL;
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
