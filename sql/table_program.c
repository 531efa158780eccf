/*
 * table_program.c: see table_program.h, storage/table_functions.h.
 *
 * flow     storage (flush, insert, retention) → here → query/expression.h
 * owns     an arena per definition with its bound expressions
 * thread   a program is immutable; each call makes its evaluator in the caller's arena
 * time     a DEFAULT with now() is bound anew for each chunk, so that it is the time of the insert, not of CREATE TABLE
 */
#include "sql/table_program.h"

#include "base/clock.h"
#include "base/timezone.h"
#include "query/value_fold.h"
#include "sql/binder.h"
#include "sql/parser.h"
#include "storage/table.h"
#include "storage/table_functions.h"

struct one_program {
    struct program *program; /* NULL: bound for each chunk, or there is no such expression */
    const char *text;
    const struct type *type; /* to be cast to, or NULL */
};

struct table_program {
    struct arena *arena;
    struct function_context context;
    struct source_column *columns;
    uint32_t column_count; /* stored, then computed ones */
    uint32_t stored_count;
    struct one_program partition_by;
    struct one_program ttl;
    struct one_program *order_by;
    uint32_t order_by_count;
    struct one_program *defaults; /* per column */
    uint8_t *key_reads;           /* a byte per column, 1: ORDER BY or PARTITION BY reads it */
    uint8_t *ttl_reads;           /* a byte per column, 1: the TTL reads it */
    uint8_t **reads;              /* per column with a default: a byte per column, 1: its expression reads it */
};

/* Which columns an expression reads. */
struct reads {
    uint8_t *columns;
    uint32_t count;
};

static struct err *note_read(void *user, const struct expression *expression)
{
    const struct reads *reads = user;
    if (expression->kind == EXPRESSION_COLUMN && expression->column_index < reads->count) {
        reads->columns[expression->column_index] = 1;
    }
    return NULL;
}

static struct err *compile_text(struct arena *arena, const struct function_context *context,
                                const struct table_program *table, const struct one_program *one, uint8_t *columns,
                                struct program **out)
{
    struct err *err = NULL;
    const struct expression *expression = NULL;
    struct reads reads = {columns, table->column_count};

    OR_DONE(bind_expression_text(arena, context, slice_text(one->text), table->columns, table->column_count, one->type,
                                 &expression));
    if (columns != NULL) {
        OR_DONE(expression_walk(expression, note_read, &reads));
    }
    OR_DONE(program_compile(arena, &expression, 1, out));
done:
    return err;
}

static struct err *compile_one(struct table_program *table, const char *text, const struct type *type, uint8_t *reads,
                               struct one_program *one)
{
    struct err *err = NULL;
    struct ast *ast = NULL;

    *one = (struct one_program){.text = text, .type = type};
    if (text[0] == '\0') {
        return NULL;
    }
    OR_DONE(parse_expression_text(table->arena, slice_text(text), &ast));
    OR_DONE(compile_text(table->arena, &table->context, table, one, reads, &one->program));
    if (ast_volatile(ast).length > 0) {
        one->program = NULL; /* it compiles; it will be bound for each chunk */
    }
done:
    return err == NULL ? NULL : err_while(err, "the expression %s", text);
}

static void program_destroy(struct table_program *program)
{
    if (program != NULL) {
        arena_destroy(program->arena);
    }
}

static const char *keep_text(struct arena *arena, const char *text)
{
    return arena_text(arena, slice_text(text));
}

static struct err *compile(const struct table_def *def, struct table_program **out)
{
    struct err *err = NULL;
    struct arena *arena = arena_create(NULL);
    struct table_program *program = arena == NULL ? NULL : ARENA_NEW(arena, struct table_program);

    if (program == NULL) {
        err = err_oom();
        goto done;
    }
    program->arena = arena;
    program->context = (struct function_context){.now_us = clock_wall_us(), .zone = timezone_system()};
    uint32_t count = def->column_count + def->computed_count;
    program->columns = arena_zalloc(arena, (count + 1U) * sizeof(*program->columns));
    program->defaults = arena_zalloc(arena, (count + 1U) * sizeof(*program->defaults));
    program->order_by = arena_zalloc(arena, (def->order_by_count + 1U) * sizeof(*program->order_by));
    program->reads = arena_zalloc(arena, (count + 1U) * sizeof(*program->reads));
    program->ttl_reads = arena_zalloc(arena, count + 1U);
    program->key_reads = arena_zalloc(arena, count + 1U);
    if (program->ttl_reads == NULL || program->key_reads == NULL || program->columns == NULL ||
        program->defaults == NULL || program->order_by == NULL || program->reads == NULL) {
        err = arena_error(arena);
        goto done;
    }
    for (uint32_t i = 0; i < count; i++) {
        const char *name = keep_text(arena, table_input_column(def, i)->name);
        const struct type *type = type_copy(arena, table_input_column(def, i)->type);
        if (name == NULL || type == NULL) {
            err = arena_error(arena);
            goto done;
        }
        program->columns[i] = (struct source_column){.name = slice_text(name), .type = type};
    }
    program->column_count = count;
    program->stored_count = def->column_count;
    program->order_by_count = def->order_by_count;
    const char *partition_by = keep_text(arena, def->partition_by);
    const char *ttl = keep_text(arena, def->ttl);
    if (partition_by == NULL || ttl == NULL) {
        err = arena_error(arena);
        goto done;
    }
    OR_DONE(compile_one(program, partition_by, NULL, program->key_reads, &program->partition_by));
    OR_DONE(compile_one(program, ttl, NULL, program->ttl_reads, &program->ttl));
    for (uint32_t i = 0; i < def->order_by_count; i++) {
        const char *text = keep_text(arena, def->order_by[i]);
        if (text == NULL) {
            err = arena_error(arena);
            goto done;
        }
        OR_DONE(compile_one(program, text, NULL, program->key_reads, &program->order_by[i]));
    }
    for (uint32_t i = 0; i < count; i++) {
        const char *text = keep_text(arena, table_input_column(def, i)->default_text);
        if (text == NULL) {
            err = arena_error(arena);
            goto done;
        }
        program->reads[i] = text[0] == '\0' ? NULL : arena_zalloc(arena, count + 1U);
        if (text[0] != '\0' && program->reads[i] == NULL) {
            err = arena_error(arena);
            goto done;
        }
        OR_DONE(compile_one(program, text, program->columns[i].type, program->reads[i], &program->defaults[i]));
    }
    *out = program;
    arena = NULL;
done:
    arena_destroy(arena);
    return err_while(err, "table %s.%s", def->database, def->name);
}

static struct err *evaluate(struct table_program *program, struct arena *arena, enum table_expression what,
                            uint32_t index, const struct chunk *chunk, struct column **out)
{
    struct err *err = NULL;
    const struct one_program *one = NULL;
    struct evaluator *evaluator = NULL;

    switch (what) {
    case TABLE_PARTITION_BY:
        one = &program->partition_by;
        break;
    case TABLE_TTL:
        one = &program->ttl;
        break;
    case TABLE_ORDER_BY:
        ASSERT(index < program->order_by_count);
        one = &program->order_by[index];
        break;
    case TABLE_DEFAULT:
        ASSERT(index < program->column_count);
        one = &program->defaults[index];
        break;
    }
    ASSERT(one != NULL && one->text[0] != '\0' &&
           chunk->column_count >= (what == TABLE_DEFAULT ? program->column_count : program->stored_count));
    struct program *compiled = one->program;
    if (compiled == NULL) {
        struct function_context *context = ARENA_NEW(arena, struct function_context);
        if (context == NULL) {
            err = arena_error(arena);
            goto done;
        }
        *context = program->context;
        context->now_us = clock_wall_us();
        OR_DONE(compile_text(arena, context, program, one, NULL, &compiled));
    }
    OR_DONE(evaluator_create(arena, compiled, &evaluator));
    OR_DONE(evaluator_run(evaluator, arena, (const struct column *const *)chunk->columns, chunk->row_count, out));
done:
    return err == NULL ? NULL : err_while(err, "evaluating %s", one->text);
}

static bool ttl_reads(const struct table_program *program, uint32_t column)
{
    return program->ttl_reads[column] != 0;
}

static bool key_reads(const struct table_program *program, uint32_t column)
{
    return program->key_reads[column] != 0;
}

static bool default_reads(const struct table_program *program, uint32_t index, uint32_t column)
{
    return program->reads[index] != NULL && program->reads[index][column] != 0;
}

static struct err *cast(struct arena *arena, const struct column *column, const struct type *type, struct column **out)
{
    struct function_context context = {.now_us = clock_wall_us(), .zone = timezone_system()};
    return function_cast(arena, &context, column, type, out);
}

static struct err *partition_text(struct table_program *program, struct arena *arena, const struct column *column,
                                  uint32_t row, struct slice *out)
{
    struct err *err = NULL;
    struct column *text = NULL;
    struct column *one = column_part(arena, column, row, row + 1);

    if (one == NULL) {
        return arena_error(arena);
    }
    OR_DONE(function_cast(arena, &program->context, one, type_simple(TYPE_STRING), &text));
    *out = *(const struct slice *)column_value(text, 0);
done:
    return err;
}

void table_program_register(void)
{
    static const struct table_functions functions = {.compile = compile,
                                                     .destroy = program_destroy,
                                                     .evaluate = evaluate,
                                                     .default_reads = default_reads,
                                                     .ttl_reads = ttl_reads,
                                                     .key_reads = key_reads,
                                                     .folder = folder_create,
                                                     .fold = folder_fold,
                                                     .cast = cast,
                                                     .partition_text = partition_text};
    table_functions_register(&functions);
}
