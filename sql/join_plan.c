/*
 * join_plan.c: the joins of a FROM as a plan.
 *
 * order    as written, left-deep: ((a ⋈ b) ⋈ c); of CROSS JOINs another one, where that spares all pairs of rows
 * WHERE    a condition on one table goes to that table, unless a join above it adds rows of its own that the
 *          condition has to see; equalities across a CROSS JOIN become its keys
 * sides    the right side is kept in memory: the one with fewer rows by far becomes it, where the kind of join allows
 * columns  a join hands on what ON above it and the rest of the SELECT read, nothing else
 */
#include "sql/join.h"

#include "query/storage_source.h"

struct building {
    struct binder *binder;
    struct scope *scope;
    struct scope_join *join;
    uint32_t *last_use;               /* per column: the last step whose condition reads it; ALWAYS: the SELECT does */
    const struct expression **filter; /* per side: conditions on the side alone, over its own columns; or NULL */
    uint32_t *positions;              /* per column: place in the plan so far; JOIN_NONE */
    uint32_t width;                   /* of the plan so far */
};

#define ALWAYS            (UINT32_MAX - 1)
#define MIRRORED_ROWS_MIN 1000U /* fewer are no matter */

/* ---- moving expressions */

struct move {
    struct building *building;
    const uint32_t *references;
    uint32_t side;   /* JOIN_NONE: onto the plan so far; else onto this side's own columns, */
    uint32_t offset; /* which begin here, */
    uint32_t before; /* and those of the plan so far here */
};

static struct err *move_column(const struct move *move, const struct expression *expression,
                               const struct expression **out)
{
    struct err *err = NULL;
    struct building *building = move->building;
    uint32_t c = move->references[expression->column_index];
    struct scope_column *column = &building->scope->columns[c];

    if (move->side != JOIN_NONE && column->side == move->side) {
        struct join_side *side = &building->join->sides[column->side];
        const struct expression *own = NULL;
        OR_DONE(scope_column_expression(building->binder, &side->scope, &side->scope.columns[c - side->begin], &own));
        OR_DONE(expression_column(building->binder->arena, own->column_index + move->offset, expression->type, out));
        goto done;
    }
    ASSERT(building->positions[c] != JOIN_NONE);
    OR_DONE(expression_column(building->binder->arena, building->positions[c] + move->before, expression->type, out));
done:
    return err;
}

static struct err *move_expression(const struct move *move, const struct expression *expression,
                                   const struct expression **out)
{
    struct err *err = NULL;
    struct arena *arena = move->building->binder->arena;

    if (expression->kind == EXPRESSION_COLUMN) {
        return move_column(move, expression, out);
    }
    if (expression->child_count == 0) {
        *out = expression;
        return NULL;
    }
    const struct expression **children;
    struct expression *copy;
    OR_DONE(expression_copy(arena, expression, &copy, &children));
    for (uint32_t i = 0; i < expression->child_count; i++) {
        OR_DONE(move_expression(move, expression->children[i], &children[i]));
    }
    *out = expression_made(copy);
done:
    return err;
}

/* ---- which columns are read, and until when */

struct use_visit {
    struct building *building;
    const uint32_t *references;
    uint32_t step;
};

static struct err *visit_use(void *user, const struct expression *expression)
{
    const struct use_visit *visit = user;
    if (expression->kind == EXPRESSION_COLUMN) {
        uint32_t *last = &visit->building->last_use[visit->references[expression->column_index]];
        *last = *last == JOIN_NONE || *last < visit->step ? visit->step : *last;
    }
    return NULL;
}

static struct err *use_expression(struct building *building, uint32_t step, const struct expression *expression)
{
    struct use_visit visit = {building, building->join->references, step};
    return expression == NULL ? NULL : expression_walk(expression, visit_use, &visit);
}

static struct err *find_uses(struct building *building)
{
    struct err *err = NULL;
    struct scope_join *join = building->join;

    for (uint32_t s = 0; s + 1 < join->side_count; s++) {
        const struct join_step *step = &join->steps[s];
        for (uint32_t k = 0; k < step->key_count; k++) {
            OR_DONE(use_expression(building, s, step->keys[k].left));
            OR_DONE(use_expression(building, s, step->keys[k].right));
        }
        for (uint32_t k = 0; k < step->rest_count; k++) {
            OR_DONE(use_expression(building, s, step->rest[k]));
        }
        if (step->has_time) {
            OR_DONE(use_expression(building, s, step->time.left));
            OR_DONE(use_expression(building, s, step->time.right));
        }
    }
    for (uint32_t r = 0; r < building->scope->scan_count; r++) {
        building->last_use[building->scope->scan_columns[r]] = ALWAYS;
    }
done:
    return err;
}

/* ---- conditions of WHERE */

static bool is_and(const struct expression *expression)
{
    return expression->kind == EXPRESSION_CALL && strcmp(expression->function->name, "and") == 0;
}

static struct err *visit_volatile(void *user, const struct expression *expression)
{
    bool *found = user;
    *found |= expression->kind == EXPRESSION_CALL && (expression->function->flags & FUNCTION_VOLATILE) != 0;
    return NULL;
}

struct sides_visit {
    struct building *building;
    uint32_t lowest; /* side; JOIN_NONE: no column */
    uint32_t highest;
    bool changed; /* a column has another type above the joins, or belongs to two sides */
};

static struct err *visit_sides(void *user, const struct expression *expression)
{
    struct sides_visit *visit = user;
    struct building *building = visit->building;
    if (expression->kind != EXPRESSION_COLUMN) {
        return NULL;
    }
    uint32_t c = building->scope->scan_columns[expression->column_index];
    uint32_t side = building->scope->columns[c].side;
    if (side == JOIN_NONE) {
        visit->changed = true;
        return NULL;
    }
    const struct join_side *own = &building->join->sides[side];
    visit->changed |= !type_equal(own->scope.columns[c - own->begin].type, expression->type);
    visit->lowest = visit->lowest == JOIN_NONE || side < visit->lowest ? side : visit->lowest;
    visit->highest = visit->highest == JOIN_NONE || side > visit->highest ? side : visit->highest;
    return NULL;
}

/* May rows of sides up to this one be dropped before steps [first, …)? */
static bool may_drop_left(const struct scope_join *join, uint32_t first)
{
    for (uint32_t s = first; s + 1 < join->side_count; s++) {
        const struct join_step *step = &join->steps[s];
        bool kept = step->kind == JOIN_LEFT || (step->kind == JOIN_INNER && step->strictness != JOIN_ANY);
        if (!kept) {
            return false;
        }
    }
    return true;
}

static bool may_drop_right(const struct join_step *step)
{
    return step->kind == JOIN_RIGHT || (step->kind == JOIN_INNER && step->strictness == JOIN_ALL);
}

static struct err *both(struct building *building, const struct expression *a, const struct expression *b,
                        const struct expression **out)
{
    const struct expression *pair[2] = {a, b};
    if (a == NULL) {
        *out = b;
        return NULL;
    }
    return expression_call(building->binder->arena, building->binder->options->context, slice_text("and"), pair, 2,
                           out);
}

static struct err *push_to_side(struct building *building, uint32_t side, const uint32_t *references,
                                const struct expression *condition)
{
    struct err *err = NULL;
    struct move move = {building, references, side, 0, 0};
    const struct expression *moved;

    OR_DONE(move_expression(&move, condition, &moved));
    OR_DONE(both(building, building->filter[side], moved, &building->filter[side]));
done:
    return err;
}

/* left = right of WHERE across a CROSS JOIN, as its key. The key's expressions are over the SELECT's references. */
static struct err *cross_key(struct building *building, const struct expression *condition, uint32_t highest,
                             bool *taken)
{
    struct err *err = NULL;
    struct binder *binder = building->binder;
    struct scope_join *join = building->join;
    struct join_reads reads[2];
    const struct type *type;

    if (highest == 0 || !join->steps[highest - 1].is_cross || condition->kind != EXPRESSION_CALL ||
        strcmp(condition->function->name, "equals") != 0 || join->steps[highest - 1].key_count == JOIN_KEYS_MAX ||
        !may_drop_left(join, highest)) {
        return NULL;
    }
    for (uint32_t i = 0; i < 2; i++) {
        OR_DONE(join_reads(building->scope, building->scope->scan_columns, condition->children[i], highest, &reads[i]));
    }
    bool swapped = reads[0].right;
    if (reads[swapped].right || !reads[swapped].left || reads[!swapped].left || !reads[!swapped].right) {
        goto done;
    }
    const struct expression *left = condition->children[swapped];
    const struct expression *right = condition->children[!swapped];
    struct err *none = join_key_type(binder, 0, left->type, right->type, &type);
    if (none != NULL || type_is_float(type) || type->kind == TYPE_FIXED_STRING || type_is_nested(type)) {
        binder->positioned = false;
        err_free(none); /* stays a condition */
        goto done;
    }
    struct join_step *step = &join->steps[highest - 1];
    struct join_key *place = bind_array_add(binder->arena, &step->keys, &step->key_count, sizeof(*place));
    if (place == NULL) {
        err = arena_error(binder->arena);
        goto done;
    }
    /* from the SELECT's references to those of ON, which are the same columns behind them */
    *place = (struct join_key){.left = left, .right = right};
    *taken = true;
done:
    return err;
}

static struct err *push_conjunct(struct building *building, const struct expression *condition,
                                 const struct expression **left)
{
    struct err *err = NULL;
    struct scope_join *join = building->join;
    struct sides_visit visit = {building, JOIN_NONE, JOIN_NONE, false};
    bool is_volatile = false;
    bool taken = false;

    if (is_and(condition)) {
        for (uint32_t i = 0; i < condition->child_count; i++) {
            OR_DONE(push_conjunct(building, condition->children[i], left));
        }
        goto done;
    }
    OR_DONE(expression_walk(condition, visit_sides, &visit));
    OR_DONE(expression_walk(condition, visit_volatile, &is_volatile));
    uint32_t side = visit.lowest;
    if (!visit.changed && !is_volatile && side != JOIN_NONE && side == visit.highest && may_drop_left(join, side) &&
        (side == 0 || may_drop_right(&join->steps[side - 1]))) {
        OR_DONE(push_to_side(building, side, building->scope->scan_columns, condition));
        taken = true;
    } else if (!visit.changed && !is_volatile && side != visit.highest) {
        OR_DONE(cross_key(building, condition, visit.highest, &taken));
    }
    if (!taken) {
        OR_DONE(both(building, *left, condition, left));
    }
done:
    return err;
}

/* ---- one step */

/* ARRAY JOINs behind the first table: from here on their elements are columns of the side's plan. */
static struct err *join_arrays_of_side(struct building *building, struct scope *side, struct plan **plan)
{
    struct err *err = NULL;

    OR_DONE(array_joins_place(building->binder, side, NULL, false, plan));
    for (uint32_t c = 0; c < side->column_count; c++) {
        uint32_t join = side->columns[c].index - JOINED_BASE;
        if (side->columns[c].index >= JOINED_BASE && join < side->array_join_count) {
            side->columns[c].index = side->array_joins[join].column;
        }
    }
done:
    return err;
}

static struct err *read_side(struct building *building, uint32_t index, struct plan **out)
{
    struct err *err = NULL;
    struct join_side *side = &building->join->sides[index];
    const struct expression *none = NULL;

    for (uint32_t c = side->begin; c < side->end; c++) {
        const struct expression *column;
        if (building->last_use[c] != JOIN_NONE) {
            OR_DONE(scope_column_expression(building->binder, &side->scope, &side->scope.columns[c - side->begin],
                                            &column));
        }
    }
    OR_DONE(scope_finish_input(building->binder, &side->scope, &none, out));
    const struct expression **filter = &building->filter[index];
    if (*filter != NULL && !expression_has_array_join(*filter)) {
        OR_DONE(plan_filter(building->binder->arena, *out, *filter, out));
        *filter = NULL;
    }
    OR_DONE(join_arrays_of_side(building, &side->scope, out));
    if (*filter != NULL) {
        OR_DONE(array_joins_replace(building->binder, &side->scope, filter));
        OR_DONE(plan_filter(building->binder->arena, *out, *filter, out));
    }
done:
    return err;
}

/* USING: the column of the plan under the type that both sides have in common. */
static struct err *cast_column(struct building *building, struct plan **plan, uint32_t position,
                               const struct type *type, uint32_t offset)
{
    struct err *err = NULL;
    struct arena *arena = building->binder->arena;
    uint32_t count = (*plan)->column_count;
    const struct expression **columns;
    struct slice *names;

    if (type_equal((*plan)->columns[position].type, type)) {
        return NULL;
    }
    columns = arena_array(arena, count, sizeof(struct expression *));
    names = arena_array(arena, count, sizeof(*names));
    if (columns == NULL || names == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < count; i++) {
        names[i] = (*plan)->columns[i].name;
        OR_DONE(expression_column(arena, i, (*plan)->columns[i].type, &columns[i]));
    }
    OR_DONE(bind_at(
        building->binder, offset,
        expression_cast(arena, building->binder->options->context, columns[position], type, &columns[position])));
    OR_DONE(plan_project(arena, *plan, columns, names, count, plan));
done:
    return err;
}

struct err *join_key_cast(struct binder *binder, const struct expression **key, const struct type *type)
{
    struct err *err = NULL;
    struct arena *arena = binder->arena;
    const struct type *own = type_low_cardinality(arena, (*key)->type, false);
    bool nullable = own != NULL && own->nullable;

    own = own == NULL || own->kind == TYPE_NOTHING ? own : type_nullable(arena, own, false);
    if (own == NULL) {
        return arena_error(arena);
    }
    if (!type_equal(own, type)) {
        type = nullable && !type_is_nested(type) ? type_nullable(arena, type, true) : type;
        if (type == NULL) {
            return arena_error(arena);
        }
        OR_DONE(expression_cast(arena, binder->options->context, *key, type, key));
    }
done:
    return err;
}

struct sides {
    struct move left; /* onto the plan so far */
    struct move right;
    struct move pair; /* onto both, one behind the other */
};

static struct err *move_key(struct building *building, const struct sides *sides, const struct join_key *key,
                            const struct expression **left, const struct expression **right)
{
    struct err *err = NULL;
    const struct type *type;

    OR_DONE(move_expression(&sides->left, key->left, left));
    OR_DONE(move_expression(&sides->right, key->right, right));
    OR_DONE(join_key_type(building->binder, 0, (*left)->type, (*right)->type, &type));
    OR_DONE(join_key_cast(building->binder, left, type));
    OR_DONE(join_key_cast(building->binder, right, type));
done:
    return err;
}

static struct err *join_conditions(struct building *building, const struct join_step *step, uint32_t own_keys,
                                   uint32_t side, const struct plan *left_plan, const struct plan *right_plan,
                                   bool mirrored, struct plan_join *join)
{
    struct err *err = NULL;
    struct arena *arena = building->binder->arena;
    const uint32_t *references = building->join->references;
    const struct expression **left = arena_array(arena, step->key_count + 1U, sizeof(struct expression *));
    const struct expression **right = arena_array(arena, step->key_count + 1U, sizeof(struct expression *));
    bool *null_safe = arena_alloc(arena, step->key_count + 1U);

    if (left == NULL || right == NULL || null_safe == NULL) {
        return arena_error(arena);
    }
    struct sides sides = {
        .left = {building, references, JOIN_NONE, 0, 0},
        .right = {building, references, side, 0, 0},
        .pair = {building, references, side, mirrored ? 0 : left_plan->column_count,
                 mirrored ? right_plan->column_count : 0},
    };
    if (step->has_time) {
        OR_DONE(move_key(building, &sides, &step->time, &join->left_time, &join->right_time));
        join->order = step->order;
    }
    for (uint32_t k = 0; k < step->rest_count; k++) {
        const struct expression *moved;
        OR_DONE(move_expression(&sides.pair, step->rest[k], &moved));
        OR_DONE(both(building, join->rest, moved, &join->rest));
    }
    for (uint32_t k = 0; k < step->key_count; k++) {
        if (k == own_keys) { /* those of WHERE */
            sides.left.references = building->scope->scan_columns;
            sides.right.references = building->scope->scan_columns;
        }
        OR_DONE(move_key(building, &sides, &step->keys[k], &left[k], &right[k]));
        null_safe[k] = step->keys[k].null_safe;
    }
    join->left_keys = left;
    join->right_keys = right;
    join->null_safe = null_safe;
    join->key_count = step->key_count;
done:
    return err;
}

static const struct join_using *merged_here(const struct join_step *step, uint32_t column)
{
    for (uint32_t u = 0; u < step->using_count; u++) {
        if (step->kind == JOIN_FULL && step->using[u].merged == column) {
            return &step->using[u];
        }
    }
    return NULL;
}

/* Where a column comes from in this join; false: from neither side. */
static bool output_of(const struct building *building, uint32_t side, const struct join_step *step, uint32_t column,
                      struct join_output *out)
{
    const struct join_side *own = &building->join->sides[side];
    const struct join_using *merged = merged_here(step, column);

    *out = (struct join_output){JOIN_NONE, JOIN_NONE};
    if (merged != NULL) {
        out->left = building->positions[merged->left];
        out->right = own->scope.columns[merged->right - own->begin].index;
    } else if (column >= own->begin && column < own->end) {
        out->right = own->scope.columns[column - own->begin].index;
    } else {
        out->left = building->positions[column];
    }
    return out->left != JOIN_NONE || out->right != JOIN_NONE;
}

/* What the join hands on: the last one exactly what the SELECT asked for, in that order. */
static struct err *join_outputs(struct building *building, uint32_t s, struct join_output **outputs,
                                struct slice **names, uint32_t *count)
{
    struct scope *scope = building->scope;
    const struct join_step *step = &building->join->steps[s];
    bool last = s + 2 == building->join->side_count;
    uint32_t max = last ? scope->scan_count : scope->column_count;
    uint32_t *positions = ARENA_ARRAY(building->binder->arena, uint32_t, scope->column_count + 1U);

    *outputs = ARENA_ARRAY(building->binder->arena, struct join_output, max + 1U);
    *names = ARENA_ARRAY(building->binder->arena, struct slice, max + 1U);
    *count = 0;
    if (positions == NULL || *outputs == NULL || *names == NULL) {
        return arena_error(building->binder->arena);
    }
    memset(positions, 0xff, (scope->column_count + 1U) * sizeof(*positions));
    for (uint32_t i = 0; i < max; i++) {
        uint32_t c = last ? scope->scan_columns[i] : i;
        struct join_output output;
        bool wanted =
            building->last_use[c] != JOIN_NONE && (building->last_use[c] == ALWAYS || building->last_use[c] > s);
        if (wanted && output_of(building, s + 1, step, c, &output)) {
            (*outputs)[*count] = output;
            (*names)[*count] = scope->columns[c].name;
            positions[c] = (*count)++;
        }
    }
    ASSERT(!last || *count == scope->scan_count);
    building->positions = positions;
    return NULL;
}

/* Is the left side so much smaller that it should be the one in memory? */
static bool is_mirrored(const struct join_step *step, const struct plan *left, const struct plan *right)
{
    uint64_t left_rows = plan_rows(left);
    uint64_t right_rows = plan_rows(right);
    bool may = step->strictness != JOIN_ASOF && (step->strictness != JOIN_ANY || step->kind != JOIN_INNER);
    return may && left_rows != UINT64_MAX && right_rows != UINT64_MAX && right_rows > MIRRORED_ROWS_MIN &&
           left_rows < right_rows / 4;
}

/* The same join with its sides changed. */
static void mirror(struct plan_join *join, struct join_output *outputs, uint32_t count)
{
    static const enum join_kind kinds[] = {
        [JOIN_INNER] = JOIN_INNER, [JOIN_LEFT] = JOIN_RIGHT, [JOIN_RIGHT] = JOIN_LEFT, [JOIN_FULL] = JOIN_FULL};
    const struct expression *const *keys = join->left_keys;
    bool nulls = join->left_nulls;

    join->kind = kinds[join->kind];
    join->left_keys = join->right_keys;
    join->right_keys = keys;
    join->left_nulls = join->right_nulls;
    join->right_nulls = nulls;
    for (uint32_t i = 0; i < count; i++) {
        outputs[i] = (struct join_output){outputs[i].right, outputs[i].left};
    }
}

static struct err *join_step(struct building *building, uint32_t s, uint32_t own_keys, struct plan **plan)
{
    struct err *err = NULL;
    struct arena *arena = building->binder->arena;
    struct join_step *step = &building->join->steps[s];
    struct join_side *side = &building->join->sides[s + 1];
    struct plan_join join = {.kind = step->kind,
                             .strictness = step->strictness,
                             .left_nulls = step->left_nulls,
                             .right_nulls = step->right_nulls};
    struct plan *right = NULL;
    struct join_output *outputs;
    struct slice *names;
    uint32_t count;

    OR_DONE(read_side(building, s + 1, &right));
    for (uint32_t u = 0; u < step->using_count; u++) {
        const struct join_using *using = &step->using[u];
        OR_DONE(cast_column(building, plan, building->positions[using->left], using->type, step->table->offset));
        OR_DONE(cast_column(building, &right, side->scope.columns[using->right - side->begin].index, using->type,
                            step->table->offset));
    }
    bool mirrored = is_mirrored(step, *plan, right);
    OR_DONE(join_conditions(building, step, own_keys, s + 1, *plan, right, mirrored, &join));
    OR_DONE(join_outputs(building, s, &outputs, &names, &count));
    join.outputs = outputs;
    if (mirrored) {
        mirror(&join, outputs, count);
    }
    OR_DONE(plan_join(arena, mirrored ? right : *plan, mirrored ? *plan : right, &join, names, count, plan));
done:
    return err;
}

/* Conditions of ON that concern one side only, where dropping its rows is the same. */
static struct err *push_on(struct building *building, uint32_t s)
{
    struct err *err = NULL;
    struct join_step *step = &building->join->steps[s];
    const uint32_t *references = building->join->references;
    uint32_t kept = 0;

    for (uint32_t k = 0; k < step->rest_count; k++) {
        struct join_reads reads;
        bool is_volatile = false;
        OR_DONE(join_reads(building->scope, references, step->rest[k], s + 1, &reads));
        OR_DONE(expression_walk(step->rest[k], visit_volatile, &is_volatile));
        bool right = reads.right && !reads.left && (step->kind == JOIN_INNER || step->kind == JOIN_LEFT);
        bool left = reads.left && !reads.right && s == 0 && (step->kind == JOIN_INNER || step->kind == JOIN_RIGHT);
        if (!is_volatile && (right || left)) {
            OR_DONE(push_to_side(building, right ? s + 1 : 0, references, step->rest[k]));
        } else {
            step->rest[kept++] = step->rest[k];
        }
    }
    step->rest_count = kept;
done:
    return err;
}

/* The one side whose columns an expression reads, or JOIN_NONE. */
static struct err *only_side(struct building *building, const struct expression *expression, uint32_t *out)
{
    struct sides_visit visit = {building, JOIN_NONE, JOIN_NONE, false};
    struct err *err = expression_walk(expression, visit_sides, &visit);
    *out = visit.changed || visit.lowest != visit.highest ? JOIN_NONE : visit.lowest;
    return err;
}

/* linked[a] has the bit b, and linked[b] the bit a: an equality of WHERE compares the two sides. */
static struct err *find_links(struct building *building, const struct expression *condition, uint64_t *linked)
{
    struct err *err = NULL;
    if (is_and(condition)) {
        for (uint32_t i = 0; i < condition->child_count; i++) {
            OR_DONE(find_links(building, condition->children[i], linked));
        }
        goto done;
    }
    if (condition->kind == EXPRESSION_CALL && strcmp(condition->function->name, "equals") == 0) {
        uint32_t a, b;
        OR_DONE(only_side(building, condition->children[0], &a));
        OR_DONE(only_side(building, condition->children[1], &b));
        if (a != JOIN_NONE && b != JOIN_NONE && a != b) {
            linked[a] |= (uint64_t)1 << b;
            linked[b] |= (uint64_t)1 << a;
        }
    }
done:
    return err;
}

/* Of an order of the sides, how many are joined to nothing before them. */
static uint32_t count_unlinked(const uint64_t *linked, const uint32_t *order, uint32_t count)
{
    uint64_t before = (uint64_t)1 << order[0];
    uint32_t unlinked = 0;
    for (uint32_t i = 1; i < count; i++) {
        unlinked += (linked[order[i]] & before) == 0;
        before |= (uint64_t)1 << order[i];
    }
    return unlinked;
}

/*
 * FROM a, b, c WHERE a.x = c.x AND b.y = c.y is joined as a, c, b: each table to what equalities link it with, else all
 * pairs of rows are made first. Only where all are CROSS JOINs, and only where that is needed.
 */
static struct err *order_sides(struct building *building, const struct expression *condition)
{
    struct err *err = NULL;
    struct scope_join *join = building->join;
    struct scope *scope = building->scope;
    uint32_t count = join->side_count, written[64], order[64], place[64];
    uint64_t linked[64] = {0};
    bool crosses = count > 2 && count <= 64 && condition != NULL && join->prewhere == NULL;

    for (uint32_t s = 0; s + 1 < count && crosses; s++) {
        crosses = join->steps[s].is_cross;
    }
    if (!crosses) {
        return NULL;
    }
    OR_DONE(find_links(building, condition, linked));
    order[0] = written[0] = 0; /* ARRAY JOIN stands behind the first table */
    for (uint64_t i = 1, placed = 1; i < count; i++) {
        uint32_t next = JOIN_NONE;
        for (uint32_t s = 1; s < count; s++) {
            bool is_new = (placed & (uint64_t)1 << s) == 0;
            bool better = next == JOIN_NONE || ((linked[next] & placed) == 0 && (linked[s] & placed) != 0);
            next = is_new && better ? s : next;
        }
        placed |= (uint64_t)1 << next;
        order[i] = next;
        written[i] = (uint32_t)i;
    }
    if (count_unlinked(linked, order, count) >= count_unlinked(linked, written, count)) {
        goto done;
    }
    struct join_side *sides = arena_alloc(building->binder->arena, count * sizeof(*sides));
    if (sides == NULL) {
        return arena_error(building->binder->arena);
    }
    for (uint32_t i = 0; i < count; i++) {
        sides[i] = join->sides[order[i]];
        place[order[i]] = i;
    }
    join->sides = sides;
    for (uint32_t c = 0; c < scope->column_count; c++) {
        scope->columns[c].side = scope->columns[c].side == JOIN_NONE ? JOIN_NONE : place[scope->columns[c].side];
    }
done:
    return err;
}

struct err *join_finish(struct binder *binder, struct scope *scope, const struct expression **condition,
                        struct plan **out)
{
    struct err *err = NULL;
    struct scope_join *join = scope->join;
    struct building building = {.binder = binder, .scope = scope, .join = join};
    struct plan *plan = NULL;
    const struct expression *left = NULL;
    uint32_t *own_keys = ARENA_ARRAY(binder->arena, uint32_t, join->side_count);

    building.last_use = ARENA_ARRAY(binder->arena, uint32_t, scope->column_count + 1U);
    building.positions = ARENA_ARRAY(binder->arena, uint32_t, scope->column_count + 1U);
    building.filter = arena_zalloc(binder->arena, join->side_count * sizeof(struct expression *));
    if (building.last_use == NULL || building.positions == NULL || building.filter == NULL || own_keys == NULL) {
        return arena_error(binder->arena);
    }
    memset(building.last_use, 0xff, (scope->column_count + 1U) * sizeof(uint32_t));
    memset(building.positions, 0xff, (scope->column_count + 1U) * sizeof(uint32_t));
    OR_DONE(order_sides(&building, *condition));
    for (uint32_t s = 0; s + 1 < join->side_count; s++) {
        own_keys[s] = join->steps[s].key_count;
        OR_DONE(push_on(&building, s));
    }
    OR_DONE(find_uses(&building));
    if (join->prewhere != NULL) {
        struct move move = {&building, scope->scan_columns, join->prewhere_side, 0, 0};
        const struct expression *moved;
        OR_DONE(move_expression(&move, join->prewhere, &moved));
        source_final_filter(join->sides[join->prewhere_side].scope.source, moved);
    }
    if (*condition != NULL) {
        OR_DONE(push_conjunct(&building, *condition, &left));
        *condition = left;
    }
    OR_DONE(read_side(&building, 0, &plan));
    for (uint32_t c = join->sides[0].begin; c < join->sides[0].end; c++) {
        building.positions[c] = join->sides[0].scope.columns[c - join->sides[0].begin].index;
    }
    for (uint32_t s = 0; s + 1 < join->side_count; s++) {
        OR_DONE(join_step(&building, s, own_keys[s], &plan));
    }
    *out = plan;
done:
    return err;
}
