/*
 * partitions.c: see partitions.h.
 *
 * value    becomes one of the type of PARTITION BY's values, then its text; errors as ClickHouse's: 248 for the number
 *          of values, 53 and 69 for what is no such value
 * part     the name that system.parts and system.detached_parts show: partition_pack_offset_level
 */
#include "server/partitions.h"

#include "base/interrupt.h"
#include "base/number.h"
#include "query/expression.h"
#include "server/freeze.h"
#include "server/objects.h"
#include "storage/partition.h"
#include "storage/transfer.h"

/* A whole number of a type of at most 64 bits, by its digits. */
static bool fits(const struct type *type, struct slice digits)
{
    uint32_t shift = 64 - type->width * 8;
    int64_t with_sign = 0;
    uint64_t without = 0;
    if (type_is_signed(type)) {
        return number_parse_i64(digits, &with_sign) && (int64_t)((uint64_t)with_sign << shift) >> shift == with_sign;
    }
    return number_parse_u64(digits, &without) && without << shift >> shift == without;
}

static struct err *refuse_value(struct execution *execution, enum err_code code, struct slice text,
                                const struct type *type)
{
    struct slice name = type_name(execution->arena, type);
    return code == ERR_TYPE_MISMATCH ? err_new(code, "Cannot convert '%.*s' to %.*s, the type of the partition key",
                                               SLICE_ARG(text), SLICE_ARG(name))
                                     : err_new(code, "Cannot convert value '%.*s': it cannot be represented as %.*s",
                                               SLICE_ARG(text), SLICE_ARG(name));
}

/* The text of a partition whose value is this column's first row. */
static struct err *value_text(struct execution *execution, struct table *table, const struct column *value,
                              struct slice *out)
{
    struct err *err = NULL;
    struct arena *arena = execution->arena;
    const struct type *type = NULL;
    struct column *text = NULL, *cast = NULL;
    bool is_text = value->type->kind == TYPE_STRING;

    OR_DONE(table_partition_type(table, arena, &type));
    if (type == NULL) {
        err = err_new(ERR_PARTITION_VALUE, "Wrong number of fields in the partition expression: 1, must be: 0");
        goto done;
    }
    if (column_is_null(value, 0)) {
        err = refuse_value(execution, ERR_TYPE_MISMATCH, slice_text("NULL"), type);
        goto done;
    }
    OR_DONE(function_cast(arena, &execution->context, value, type_simple(TYPE_STRING), &text));
    struct slice digits = *(const struct slice *)column_value(text, 0);
    bool whole = type_is_integer(type) && type->width <= 8;
    if (whole && !fits(type, digits)) {
        err = refuse_value(execution, is_text ? ERR_TYPE_MISMATCH : ERR_SIZE_OUT_OF_BOUND, digits, type);
        goto done;
    }
    if (type->kind == TYPE_STRING || whole) {
        *out = digits;
        goto done;
    }
    if (type_is_time(type) && !is_text) {
        err = refuse_value(execution, ERR_SIZE_OUT_OF_BOUND, digits, type);
        goto done;
    }
    OR_DONE(function_cast(arena, &execution->context, value, type, &cast));
    err = table_partition_name(table, arena, cast, out);
done:
    return err;
}

/* tuple(x) is x, as far as partitions go. */
static struct err *partition_of(struct execution *execution, struct table *table, const struct ast *value,
                                struct slice *out)
{
    struct err *err = NULL;
    const struct expression *expression = NULL;
    const struct type *type = NULL;

    if (value->kind == AST_FUNCTION) {
        OR_DONE(table_partition_type(table, execution->arena, &type));
        uint32_t wanted = type == NULL ? 0 : 1;
        if (value->arguments.count != wanted) {
            err = err_new(ERR_PARTITION_VALUE, "Wrong number of fields in the partition expression: %u, must be: %u",
                          value->arguments.count, wanted);
            goto done;
        }
        *out = slice_text("");
        if (wanted == 0) {
            goto done;
        }
        err = partition_of(execution, table, value->arguments.items[0], out);
        goto done;
    }
    OR_DONE(bind_expression(execution->arena, &execution->bind, value, NULL, 0, &expression));
    if (expression->kind != EXPRESSION_CONSTANT) {
        err = err_new(ERR_PARTITION_VALUE, "a partition is a value, not an expression");
        goto done;
    }
    err = value_text(execution, table, expression->constant, out);
done:
    return err;
}

static struct err *no_all(void)
{
    return err_new(ERR_SUPPORT_DISABLED, "Only support DROP/DETACH/ATTACH PARTITION ALL currently");
}

struct err *partition_named(struct execution *execution, struct table *table, const struct ast_alter *named,
                            struct slice *out)
{
    struct err *err = NULL;
    const struct type *type = NULL;

    if (named->part == AST_PART_VALUE) {
        return partition_of(execution, table, named->value, out);
    }
    if (named->part != AST_PART_ID) {
        return no_all();
    }
    OR_DONE(table_partition_type(table, execution->arena, &type));
    /* without a partition key everything is partition "all" */
    *out = type == NULL && slice_equal(named->text, slice_text("all")) ? slice_text("")
           : type == NULL                                              ? slice_text(" ")
                                                                       : named->text;
done:
    return err;
}

/* partition_pack_offset_level: from behind, as a partition's text may hold anything. */
static struct err *part_of(struct slice name, struct segment_name *out)
{
    uint64_t numbers[3];
    size_t end = name.length;
    bool good = true;
    for (uint32_t i = 0; i < 3 && good; i++) {
        size_t at = end;
        while (at > 0 && name.data[at - 1] != '_') {
            at--;
        }
        good = at > 0 && number_parse_u64(slice_of(name.data + at, end - at), &numbers[i]);
        end = at > 0 ? at - 1 : 0;
    }
    if (!good) {
        return err_new(ERR_BAD_PART_NAME,
                       "Unexpected part name: %.*s; system.parts and system.detached_parts list them", SLICE_ARG(name));
    }
    *out = (struct segment_name){.pack = numbers[2], .offset = numbers[1]};
    return NULL;
}

/* The table that the action names, which is none but a MergeTree. */
static struct err *other_table(struct execution *execution, struct table *table, const struct ast_alter *action,
                               struct table **out)
{
    struct err *err = NULL;
    struct object_def *object = NULL;
    struct table_def *def = table_definition(table);
    bool move = action->kind == AST_ALTER_MOVE_PARTITION;
    const char *engine = NULL;

    OR_DONE(object_named(execution, action->other_database, action->other_name, &object));
    if (object != NULL) {
        engine = object_engine(object);
    } else if (execution_temporary(execution, action->other_database, action->other_name) != NULL) {
        engine = "Memory";
    }
    if (engine == NULL) {
        err = execution_table(execution, action->other_database, action->other_name, out);
        goto done;
    }
    err = move ? err_new(ERR_NOT_IMPLEMENTED, "Cannot move partition from table %s.%s to table %.*s with storage %s",
                         def->database, def->name, SLICE_ARG(action->other_name), engine)
               : err_new(ERR_NOT_IMPLEMENTED, "Cannot replace partition from table %.*s with storage %s to table %s.%s",
                         SLICE_ARG(action->other_name), engine, def->database, def->name);
done:
    table_def_unref(def);
    object_def_unref(object);
    return err;
}

static struct err *transfer(struct execution *execution, struct table *table, const struct ast_alter *action,
                            const struct partition_choice *choice)
{
    struct err *err = NULL;
    struct table *other = NULL;
    bool move = action->kind == AST_ALTER_MOVE_PARTITION;
    enum transfer_kind kind = move                                          ? TRANSFER_MOVE
                              : action->kind == AST_ALTER_REPLACE_PARTITION ? TRANSFER_REPLACE
                                                                            : TRANSFER_ATTACH;
    struct interrupt interrupt;

    OR_DONE(other_table(execution, table, action, &other));
    interrupt_begin(&interrupt, &execution->process->progress.cancelled);
    err = interrupt_over(table_transfer(move ? table : other, move ? other : table, choice, kind, NULL));
    interrupt_end(&interrupt);
done:
    table_unref(other);
    return err;
}

struct err *execute_partition(struct execution *execution, struct table *table, const struct ast_alter *action)
{
    struct err *err = NULL;
    struct slice partition = slice_text("");
    struct segment_name part;
    struct partition_choice choice = {0};
    uint32_t count = 0;

    if (action->part == AST_PART_NAME) {
        OR_DONE(part_of(action->text, &part));
        choice.segment = &part;
    } else if (action->part != AST_PART_ALL) {
        OR_DONE(partition_named(execution, table, action, &partition));
        choice.partition = &partition;
    } else if ((action->if_exists && (action->kind == AST_ALTER_FREEZE || action->kind == AST_ALTER_UNFREEZE)) ||
               action->kind == AST_ALTER_MOVE_PARTITION || action->kind == AST_ALTER_REPLACE_PARTITION) {
        err = no_all();
        goto done;
    }
    switch (action->kind) {
    case AST_ALTER_DROP_PARTITION:
        err = table_drop_segments(table, &choice, &count);
        break;
    case AST_ALTER_DETACH_PARTITION:
        err = table_detach(table, &choice, &count);
        break;
    case AST_ALTER_ATTACH_PARTITION:
        err = table_attach(table, &choice, &count);
        break;
    case AST_ALTER_MOVE_PARTITION:
    case AST_ALTER_REPLACE_PARTITION:
    case AST_ALTER_ATTACH_FROM:
        err = transfer(execution, table, action, &choice);
        break;
    case AST_ALTER_FREEZE:
        err = freeze_table(execution, table, action->to, choice.partition);
        break;
    case AST_ALTER_UNFREEZE:
        err = unfreeze_table(execution, table, action->to, choice.partition);
        break;
    default:
        err = execution->settings.allow_drop_detached
                  ? table_drop_detached(table, &choice, &count)
                  : err_new(ERR_SUPPORT_DISABLED,
                            "Cannot execute query: DROP DETACHED is disabled (see the setting allow_drop_detached)");
        break;
    }
    OR_DONE(err);
    if (choice.segment != NULL && count == 0) {
        bool detached = action->kind == AST_ALTER_ATTACH_PARTITION || action->kind == AST_ALTER_DROP_DETACHED;
        err = err_new(ERR_BAD_PART_NAME, "No %s part %.*s", detached ? "detached" : "such", SLICE_ARG(action->text));
    }
done:
    return err;
}
