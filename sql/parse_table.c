/*
 * parse_table.c: statements that look after one table: OPTIMIZE, VERIFY, DELETE.
 *
 * flow     parse_statement.c → here
 */
#include "base/arena.h"
#include "sql/parse.h"

#include <inttypes.h>

/* A number or text as the value of PARTITION BY, or ID and the partition_id of system.parts. */
bool parse_partition_text(struct parser *parser, struct slice *partition, bool *is_id)
{
    uint32_t offset = parser->token.offset;
    if (parse_accept(parser, "ID")) {
        *is_id = true;
        return parse_string(parser, "a partition_id", partition);
    }
    struct ast *value = parse_expression(parser);
    if (value == NULL) {
        return false;
    }
    if (value->kind != AST_LITERAL ||
        (value->literal != AST_STRING && value->literal != AST_UINT && value->literal != AST_INT)) {
        return parse_refuse(
            parser, offset,
            "PARTITION of what is no number or text; write PARTITION ID 'partition_id' as in system.parts");
    }
    if (value->literal == AST_STRING) {
        *partition = value->text;
        return true;
    }
    const char *digits = value->literal == AST_UINT ? arena_format(parser->arena, "%" PRIu64, value->number)
                                                    : arena_format(parser->arena, "%" PRId64, (int64_t)value->number);
    if (digits == NULL) {
        return parse_oom(parser);
    }
    *partition = slice_text(digits);
    return true;
}

bool parse_optimize(struct parser *parser, struct ast_statement *statement)
{
    statement->kind = AST_OPTIMIZE_TABLE;
    if (!parse_expect(parser, "TABLE") || !parse_names(parser, statement, "a table name") ||
        !refuse_on_cluster(parser)) {
        return false;
    }
    if (parse_accept(parser, "PARTITION") &&
        !parse_partition_text(parser, &statement->partition, &statement->partition_is_id)) {
        return false;
    }
    statement->final = parse_accept(parser, "FINAL");
    return !parse_is(parser, "DEDUPLICATE") || parse_refuse(parser, parser->token.offset, "OPTIMIZE … DEDUPLICATE");
}

/* VERIFY TABLE t [FROM 'time'] [TO 'time'] */
bool parse_verify(struct parser *parser, struct ast_statement *statement)
{
    statement->kind = AST_VERIFY_TABLE;
    return parse_expect(parser, "TABLE") && parse_names(parser, statement, "a table name") &&
           (!parse_accept(parser, "FROM") || parse_string(parser, "a time", &statement->from)) &&
           (!parse_accept(parser, "TO") || parse_string(parser, "a time", &statement->to)) &&
           parse_output(parser, statement);
}

/* REPAIR TABLE t [SETTINGS …] */
bool parse_repair(struct parser *parser, struct ast_statement *statement)
{
    statement->kind = AST_REPAIR_TABLE;
    return parse_expect(parser, "TABLE") && parse_names(parser, statement, "a table name") &&
           refuse_on_cluster(parser) && parse_output(parser, statement);
}

/* DELETE FROM t [IN PARTITION p] WHERE condition [SETTINGS …] */
bool parse_delete(struct parser *parser, struct ast_statement *statement)
{
    statement->kind = AST_DELETE;
    if (!parse_expect(parser, "FROM") || !parse_names(parser, statement, "a table name") ||
        !refuse_on_cluster(parser) ||
        (parse_accept(parser, "IN PARTITION") &&
         !parse_partition_text(parser, &statement->partition, &statement->partition_is_id)) ||
        !parse_expect(parser, "WHERE")) {
        return false;
    }
    statement->where = parse_expression(parser);
    return statement->where != NULL &&
           (!parse_accept(parser, "SETTINGS") || parse_settings(parser, &statement->settings));
}
