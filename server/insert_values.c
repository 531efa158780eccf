/*
 * insert_values.c: expressions among the literals of INSERT … VALUES.
 *
 * flow     format/values_reader.c → here → sql/bind.h → the value's text, which the reader takes like a literal's
 * thread   a query thread
 */
#include "format/value.h"
#include "query/expression.h"
#include "server/execute.h"

static struct err *evaluate_in(struct execution *execution, struct arena *arena, struct slice text,
                               const struct type *type, struct buffer *out, bool *is_null)
{
    struct err *err = NULL;
    const struct expression *expression = NULL;
    struct program *program = NULL;
    struct evaluator *evaluator = NULL;
    struct column *value = NULL;

    OR_DONE(bind_expression_text(arena, &execution->context, text, NULL, 0, NULL, &expression));
    OR_DONE(program_compile(arena, &expression, 1, &program));
    OR_DONE(evaluator_create(arena, program, &evaluator));
    OR_DONE(evaluator_run(evaluator, arena, NULL, 1, &value));
    *is_null = column_is_null(value, 0);
    if (!*is_null) {
        OR_DONE(function_cast(arena, &execution->context, value, type, &value));
        value_to_text(out, value, 0, execution->context.zone);
        err = out->failed ? err_oom() : NULL;
    }
done:
    return err;
}

struct err *insert_evaluate(void *user, struct slice text, const struct type *type, struct buffer *out, bool *is_null)
{
    struct execution *execution = user;
    struct arena *arena = arena_create(&execution->process->budget);
    struct err *err = arena == NULL ? err_oom() : evaluate_in(execution, arena, text, type, out, is_null);
    arena_destroy(arena);
    return err;
}
