/*
 * program.c: expressions compiled together: equal sub-trees once per chunk, what may fail only where it is wanted.
 *
 * flow     operators → evaluator_run → function_evaluate
 * lazy     if, multiIf, and, or with a later argument that may fail evaluate it on the rows that reach it, over the
 *          input columns taken at these rows; the results are spread back. Without such arguments everything is
 *          evaluated whole: that is faster than selecting.
 * lambda   a map node's body is a program of its own: run once over all elements of the chunk's arrays
 * thread   a program is immutable; an evaluator belongs to one thread
 */
#include "base/interrupt.h"
#include "query/functions/nested.h"
#include "query/expression.h"

#include <string.h>

struct node {
    const struct expression *expression;
    uint32_t *children; /* nodes before this one */
    uint64_t hash;
    bool can_fail; /* this or a node below */
    bool lazy;
    struct program *body; /* of a map */
};

struct program {
    struct node *nodes;
    uint32_t node_count;
    uint32_t *results; /* node of each expression */
    uint32_t result_count;
    uint32_t *columns;
    uint32_t column_count;
    uint32_t column_span; /* greatest input column + 1 */
};

struct evaluator {
    const struct program *program;
    struct function_cache *cache;
    struct arena *arena;
    struct evaluator **bodies; /* per node; NULL: not a map, or not run yet */
};

struct compiler {
    struct arena *arena;
    struct program *program;
    uint32_t capacity;
    uint32_t *slots; /* by hash: node + 1, or 0; open addressing */
    uint32_t slot_count;
};

/* The node of an equal expression, or UINT32_MAX. */
static uint32_t find_node(const struct compiler *compiler, const struct expression *expression, uint64_t hash)
{
    const struct program *program = compiler->program;
    uint32_t mask = compiler->slot_count - 1;
    for (uint32_t slot = (uint32_t)hash & mask; compiler->slot_count > 0 && compiler->slots[slot] != 0;
         slot = (slot + 1) & mask) {
        const struct node *node = &program->nodes[compiler->slots[slot] - 1];
        if (node->hash == hash && expression_equal(node->expression, expression)) {
            return compiler->slots[slot] - 1;
        }
    }
    return UINT32_MAX;
}

static void place_node(struct compiler *compiler, uint32_t node)
{
    uint32_t mask = compiler->slot_count - 1;
    uint32_t slot = (uint32_t)compiler->program->nodes[node].hash & mask;
    while (compiler->slots[slot] != 0) {
        slot = (slot + 1) & mask;
    }
    compiler->slots[slot] = node + 1;
}

/* Room for one more node. */
static struct err *grow(struct compiler *compiler)
{
    struct program *program = compiler->program;
    if (program->node_count < compiler->capacity) {
        return NULL;
    }
    uint32_t capacity = compiler->capacity == 0 ? 16 : compiler->capacity * 2;
    struct node *nodes = ARENA_ARRAY(compiler->arena, struct node, capacity);
    uint32_t *slots = arena_zalloc(compiler->arena, 2 * (size_t)capacity * sizeof(*slots));
    if (nodes == NULL || slots == NULL) {
        return arena_error(compiler->arena);
    }
    if (program->node_count > 0) {
        memcpy(nodes, program->nodes, program->node_count * sizeof(*nodes));
    }
    program->nodes = nodes;
    compiler->capacity = capacity;
    compiler->slots = slots;
    compiler->slot_count = 2 * capacity;
    for (uint32_t i = 0; i < program->node_count; i++) {
        place_node(compiler, i);
    }
    return NULL;
}

static struct err *compile_node(struct compiler *compiler, const struct expression *expression, uint32_t *out)
{
    struct err *err = NULL;
    struct program *program = compiler->program;
    uint64_t hash = expression->hash;

    *out = find_node(compiler, expression, hash);
    if (*out != UINT32_MAX) {
        return NULL;
    }
    uint32_t *children = ARENA_ARRAY(compiler->arena, uint32_t, expression->child_count + 1U);
    if (children == NULL) {
        return arena_error(compiler->arena);
    }
    bool can_fail = expression->kind == EXPRESSION_CALL && (expression->function->flags & FUNCTION_CAN_FAIL) != 0;
    bool later_fails = false;
    struct program *body = NULL;
    if (expression->kind == EXPRESSION_MAP) {
        OR_DONE(program_compile(compiler->arena, &expression->body, 1, &body));
        can_fail = expression->array_count > 1; /* of different lengths */
        for (uint32_t i = 0; i < body->node_count; i++) {
            can_fail |= body->nodes[i].can_fail;
        }
    }
    for (uint32_t i = 0; i < expression->child_count; i++) {
        OR_DONE(compile_node(compiler, expression->children[i], &children[i]));
        can_fail |= program->nodes[children[i]].can_fail;
        later_fails |= i > 0 && program->nodes[children[i]].can_fail;
    }
    OR_DONE(grow(compiler));
    bool lazy =
        later_fails && expression->kind == EXPRESSION_CALL && (expression->function->flags & FUNCTION_LAZY) != 0;
    program->nodes[program->node_count] = (struct node){expression, children, hash, can_fail, lazy, body};
    *out = program->node_count++;
    place_node(compiler, *out);
done:
    return err;
}

struct err *program_compile(struct arena *arena, const struct expression *const *expressions, uint32_t count,
                            struct program **out)
{
    struct err *err = NULL;
    struct program *program = ARENA_NEW(arena, struct program);
    struct compiler compiler = {.arena = arena, .program = program};

    if (program == NULL) {
        return arena_error(arena);
    }
    program->result_count = count;
    program->results = ARENA_ARRAY(arena, uint32_t, count + 1U);
    if (program->results == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < count; i++) {
        OR_DONE(compile_node(&compiler, expressions[i], &program->results[i]));
    }
    for (uint32_t i = 0; i < program->node_count; i++) {
        const struct expression *expression = program->nodes[i].expression;
        if (expression->kind == EXPRESSION_COLUMN && expression->column_index >= program->column_span) {
            program->column_span = expression->column_index + 1;
        }
    }
    uint8_t *used = arena_zalloc(arena, program->column_span + 1U);
    program->columns = ARENA_ARRAY(arena, uint32_t, program->column_span + 1U);
    if (used == NULL || program->columns == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < program->node_count; i++) {
        if (program->nodes[i].expression->kind == EXPRESSION_COLUMN) {
            used[program->nodes[i].expression->column_index] = 1;
        }
    }
    for (uint32_t i = 0; i < program->column_span; i++) {
        if (used[i]) {
            program->columns[program->column_count++] = i;
        }
    }
    *out = program;
done:
    return err;
}

const uint32_t *program_columns(const struct program *program, uint32_t *count)
{
    *count = program->column_count;
    return program->columns;
}

struct err *evaluator_create(struct arena *arena, const struct program *program, struct evaluator **out)
{
    struct evaluator *evaluator = ARENA_NEW(arena, struct evaluator);
    if (evaluator == NULL) {
        return arena_error(arena);
    }
    evaluator->program = program;
    evaluator->cache = function_cache_create(arena);
    evaluator->arena = arena;
    evaluator->bodies = arena_zalloc(arena, (program->node_count + 1U) * sizeof(struct evaluator *));
    *out = evaluator;
    return evaluator->cache == NULL || evaluator->bodies == NULL ? arena_error(arena) : NULL;
}

/* One evaluation: over all rows of a chunk, or over some of them. */
struct run {
    struct evaluator *evaluator;
    struct arena *arena;
    const struct column *const *columns;
    uint32_t row_count;
    struct column **values; /* per node, NULL: not yet */
};

static struct err *run_node(struct run *run, uint32_t index, struct column **out);

static struct column *constant_rows(struct arena *arena, const struct column *constant, uint32_t row_count)
{
    struct column *copy = ARENA_NEW(arena, struct column);
    if (copy != NULL) {
        *copy = *constant;
        copy->form = COLUMN_CONST;
        copy->row_count = row_count;
    }
    return copy;
}

static struct err *run_in(struct run *run, const struct node *node, struct column **out)
{
    struct err *err = NULL;
    const struct expression *expression = node->expression;
    const struct column **columns = ARENA_ARRAY(run->arena, const struct column *, expression->child_count);
    struct column *made = column_new(run->arena, expression->type, run->row_count);
    if (columns == NULL || made == NULL) {
        return arena_error(run->arena);
    }
    for (uint32_t i = 0; i < expression->child_count; i++) {
        struct column *column;
        OR_DONE(run_node(run, node->children[i], &column));
        columns[i] = column;
    }
    uint8_t *found = made->values;
    OR_DONE(value_set_find(expression->set, run->arena, columns, run->row_count, found));
    for (uint32_t c = 0; made->nulls == NULL && c < expression->child_count; c++) {
        for (uint32_t i = 0; columns[c]->type->nullable && i < run->row_count; i++) {
            found[i] = found[i] != 0 && !column_is_null(columns[c], i);
        }
    }
    if (expression->negated) {
        for (uint32_t i = 0; i < run->row_count; i++) {
            found[i] = !found[i];
        }
    }
    if (made->nulls != NULL) {
        for (uint32_t c = 0; c < expression->child_count; c++) {
            for (uint32_t i = 0; i < run->row_count; i++) {
                if (column_is_null(columns[c], i)) {
                    made->nulls[i] = 1;
                    found[i] = 0;
                }
            }
        }
    }
    *out = made;
done:
    return err;
}

#define BODY_ROWS 32768U /* elements that a lambda's body is evaluated over at once */

/* The body over elements [begin, end) of the columns. */
static struct err *body_part(struct evaluator *body, struct arena *arena, const struct column *const *columns,
                             uint32_t column_count, uint32_t begin, uint32_t end, struct column **out)
{
    struct err *err = NULL;
    const struct column **parts = ARENA_ARRAY(arena, const struct column *, column_count + 1U);
    if (parts == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < column_count; i++) {
        parts[i] = column_part(arena, columns[i], begin, end);
        if (parts[i] == NULL) {
            return arena_error(arena);
        }
    }
    OR_DONE(evaluator_run(body, arena, parts, end - begin, out));
done:
    return err;
}

/*
 * The body over many elements, some at a time: what it holds meanwhile stays small, and it can be interrupted. Values
 * that are no more than their bytes are copied out of each part at once.
 */
static struct err *body_rows(struct evaluator *body, const struct type *type, struct arena *arena,
                             const struct column *const *columns, uint32_t column_count, uint32_t total,
                             struct column **out)
{
    struct err *err = NULL;
    bool plain = !type_is_nested(type) && type->kind != TYPE_STRING && type->kind != TYPE_NOTHING;
    uint32_t part_count = (total + BODY_ROWS - 1) / BODY_ROWS;
    const struct column **parts = plain ? NULL : ARENA_ARRAY(arena, const struct column *, part_count);
    struct column *made = plain ? column_new(arena, type, total) : NULL;
    struct arena *work = arena_beside(arena);
    if (work == NULL) {
        return err_oom();
    }
    if (parts == NULL && made == NULL) {
        err = arena_error(arena);
        goto done;
    }
    for (uint32_t p = 0; p < part_count; p++) {
        uint32_t begin = p * BODY_ROWS, end = total - begin < BODY_ROWS ? total : begin + BODY_ROWS;
        struct column *part;
        OR_DONE(interrupt_check());
        OR_DONE(body_part(body, plain ? work : arena, columns, column_count, begin, end, &part));
        if (!plain) {
            parts[p] = part;
            continue;
        }
        const struct column *flat = column_flat(work, part);
        if (flat == NULL) {
            err = arena_error(work);
            goto done;
        }
        ASSERT(made != NULL);
        memcpy((char *)made->values + (size_t)begin * type->width, flat->values, (size_t)(end - begin) * type->width);
        if (made->nulls != NULL && flat->nulls != NULL) {
            memcpy(made->nulls + begin, flat->nulls, end - begin);
        }
        arena_reset(work);
    }
    *out = plain ? made : column_concat(arena, parts, part_count);
    if (*out == NULL) {
        err = arena_error(arena);
    }
done:
    arena_destroy(work);
    return err;
}

/* A map whose children are known, over row_count rows. */
static struct err *map_rows(struct run *run, const struct expression *expression, struct evaluator *body,
                            const struct column *const *values, uint32_t row_count, struct column **out)
{
    struct err *err = NULL;
    const struct column **columns = ARENA_ARRAY(run->arena, const struct column *, expression->child_count + 1U);
    const struct column *first = NULL;
    struct column *items = NULL;
    if (columns == NULL) {
        return arena_error(run->arena);
    }
    for (uint32_t i = 0; i < expression->array_count; i++) {
        const struct column *flat;
        OR_DONE(arrays_flat(run->arena, values[i], &flat));
        if (i > 0 && memcmp(first->offsets, flat->offsets, (row_count + 1U) * sizeof(uint32_t)) != 0) {
            return err_new(ERR_ARRAY_SIZES, "the arrays of a lambda function have different sizes");
        }
        first = i == 0 ? flat : first;
        columns[i] = flat->children[0];
    }
    ASSERT(first != NULL); /* a lambda has an array at least */
    uint32_t total = first->offsets[row_count];
    uint32_t *rows = ARENA_ARRAY(run->arena, uint32_t, total + 1U);
    struct arrays arrays = arrays_of(first);
    if (rows == NULL) {
        return arena_error(run->arena);
    }
    OR_DONE(arrays_rows(&arrays, row_count, rows));
    for (uint32_t i = expression->array_count; i < expression->child_count; i++) {
        columns[i] = column_take(run->arena, values[i], rows, total);
        if (columns[i] == NULL) {
            return arena_error(run->arena);
        }
    }
    if (total == 0) {
        items = column_empty(run->arena, expression->body->type);
        if (items == NULL) {
            return arena_error(run->arena);
        }
    } else if (total > BODY_ROWS) {
        OR_DONE(body_rows(body, expression->body->type, run->arena, columns, expression->child_count, total, &items));
    } else {
        OR_DONE(evaluator_run(body, run->arena, columns, total, &items));
    }
    OR_DONE(arrays_new(run->arena, expression->type, row_count, first->offsets, items, out));
done:
    return err;
}

static struct err *run_map(struct run *run, uint32_t index, struct column **out)
{
    struct err *err = NULL;
    const struct node *node = &run->evaluator->program->nodes[index];
    const struct expression *expression = node->expression;
    struct evaluator **body = &run->evaluator->bodies[index];
    const struct column **values = ARENA_ARRAY(run->arena, const struct column *, expression->child_count + 1U);
    if (values == NULL) {
        return arena_error(run->arena);
    }
    if (*body == NULL) {
        OR_DONE(evaluator_create(run->evaluator->arena, node->body, body));
    }
    for (uint32_t i = 0; i < expression->child_count; i++) {
        struct column *value;
        OR_DONE(run_node(run, node->children[i], &value));
        values[i] = value;
    }
    OR_DONE(expression->folds ? fold_rows(run->arena, expression, *body, values, run->row_count, out)
                              : map_rows(run, expression, *body, values, run->row_count, out));
done:
    return err;
}

/* A node over the rows at positions; the result has run->row_count rows, default where not at positions. */
static struct err *run_selected(struct run *run, uint32_t index, const uint32_t *positions, uint32_t count,
                                struct column **out)
{
    struct err *err = NULL;
    const struct program *program = run->evaluator->program;
    const struct type *type = program->nodes[index].expression->type;
    if (count == 0) {
        *out = column_default(run->arena, type, run->row_count);
        return *out == NULL ? arena_error(run->arena) : NULL;
    }
    const struct column **columns = ARENA_ARRAY(run->arena, const struct column *, program->column_span + 1U);
    struct run some = {run->evaluator, run->arena, columns, count, NULL};
    some.values = arena_zalloc(run->arena, program->node_count * sizeof(*some.values));
    if (columns == NULL || some.values == NULL) {
        return arena_error(run->arena);
    }
    for (uint32_t i = 0; i < program->column_count; i++) {
        uint32_t c = program->columns[i];
        columns[c] = column_take(run->arena, run->columns[c], positions, count);
        if (columns[c] == NULL) {
            return arena_error(run->arena);
        }
    }
    struct column *result;
    OR_DONE(run_node(&some, index, &result));
    *out = column_spread(run->arena, result, positions, run->row_count);
    return *out == NULL ? arena_error(run->arena) : NULL;
done:
    return err;
}

/* Keeps of positions those rows whose condition is true (keep) or not true. NULL is not true, and for or: not false. */
static uint32_t narrow(const struct column *condition, uint32_t *positions, uint32_t count, int keep,
                       struct arena *arena, struct err **err)
{
    const struct column *flat = column_flat(arena, condition);
    uint32_t kept = 0;
    if (flat == NULL) {
        *err = arena_error(arena);
        return 0;
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t row = positions[i];
        bool null = flat->type->kind == TYPE_NOTHING || (flat->nulls != NULL && flat->nulls[row]);
        bool yes = false;
        if (!null) {
            const unsigned char *bytes = (const unsigned char *)flat->values + (size_t)row * flat->type->width;
            for (uint32_t b = 0; b < flat->type->width; b++) {
                yes |= bytes[b] != 0;
            }
        }
        positions[kept] = row;
        kept += keep == 0 ? !yes : (yes || (keep == 2 && null));
    }
    return kept;
}

static struct err *run_lazy(struct run *run, const struct node *node, const struct column **arguments)
{
    struct err *err = NULL;
    uint32_t count = node->expression->child_count;
    const char *name = node->expression->function->name;
    bool choosing = strcmp(name, "if") == 0 || strcmp(name, "multiIf") == 0;
    uint32_t *left = ARENA_ARRAY(run->arena, uint32_t, run->row_count + 1U);
    uint32_t *branch = ARENA_ARRAY(run->arena, uint32_t, run->row_count + 1U);
    uint32_t left_count = run->row_count;
    struct column *column;

    if (left == NULL || branch == NULL) {
        return arena_error(run->arena);
    }
    for (uint32_t i = 0; i < run->row_count; i++) {
        left[i] = i;
    }
    for (uint32_t a = 0; a < count; a++) {
        OR_DONE(run_selected(run, node->children[a], left, left_count, &column));
        arguments[a] = column;
        if (!choosing) {
            /* and: rows that are not false go on; or: rows that are not true */
            left_count = narrow(column, left, left_count, strcmp(name, "and") == 0 ? 2 : 0, run->arena, &err);
        } else if (a + 1 < count) {
            memcpy(branch, left, left_count * sizeof(*left));
            uint32_t branch_count = narrow(column, branch, left_count, 1, run->arena, &err);
            left_count = narrow(column, left, left_count, 0, run->arena, &err);
            if (err != NULL) {
                return err;
            }
            a++;
            OR_DONE(run_selected(run, node->children[a], branch, branch_count, &column));
            arguments[a] = column;
        }
        if (err != NULL) {
            return err;
        }
    }
done:
    return err;
}

static struct err *run_node(struct run *run, uint32_t index, struct column **out)
{
    struct err *err = NULL;
    const struct node *node = &run->evaluator->program->nodes[index];
    const struct expression *expression = node->expression;
    struct column *result = run->values[index];

    if (result != NULL) {
        *out = result;
        return NULL;
    }
    switch (expression->kind) {
    case EXPRESSION_COLUMN:
        result = (struct column *)(uintptr_t)run->columns[expression->column_index];
        break;
    case EXPRESSION_CONSTANT:
        result = constant_rows(run->arena, expression->constant, run->row_count);
        break;
    case EXPRESSION_PARAMETER:
        ASSERT(expression->parameter->value != NULL);
        result = constant_rows(run->arena, expression->parameter->value, run->row_count);
        break;
    case EXPRESSION_IN:
        OR_DONE(run_in(run, node, &result));
        break;
    case EXPRESSION_MAP:
        OR_DONE(run_map(run, index, &result));
        break;
    case EXPRESSION_CALL: {
        const struct column **arguments = ARENA_ARRAY(run->arena, const struct column *, expression->child_count + 1U);
        if (arguments == NULL) {
            return arena_error(run->arena);
        }
        if (node->lazy) {
            OR_DONE(run_lazy(run, node, arguments));
        } else {
            for (uint32_t i = 0; i < expression->child_count; i++) {
                struct column *argument;
                OR_DONE(run_node(run, node->children[i], &argument));
                arguments[i] = argument;
            }
        }
        OR_DONE(function_evaluate(expression->function, run->arena, run->evaluator->cache, arguments, run->row_count,
                                  &result));
        break;
    }
    }
    if (result == NULL) {
        return arena_error(run->arena);
    }
    run->values[index] = result;
    *out = result;
done:
    return err;
}

struct err *evaluator_run(struct evaluator *evaluator, struct arena *arena, const struct column *const *columns,
                          uint32_t row_count, struct column **results)
{
    struct err *err = NULL;
    const struct program *program = evaluator->program;
    struct run run = {evaluator, arena, columns, row_count, NULL};

    run.values = arena_zalloc(arena, (program->node_count + 1U) * sizeof(*run.values));
    if (run.values == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < program->result_count; i++) {
        OR_DONE(run_node(&run, program->results[i], &results[i]));
    }
done:
    return err;
}
