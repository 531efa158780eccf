/*
 * parse_mutation.c: actions of ALTER TABLE on rows: DELETE, UPDATE, MATERIALIZE TTL.
 *
 * flow     parse_alter.c → here
 */
#include "sql/parse.h"

/* [IN PARTITION p] WHERE condition */
static bool parse_where(struct parser *parser, struct ast_alter *action)
{
    bool is_id = false;
    if (parse_accept(parser, "IN PARTITION") && !parse_partition_text(parser, &action->text, &is_id)) {
        return false;
    }
    if (!parse_expect(parser, "WHERE")) {
        return false;
    }
    action->expression = parse_expression(parser);
    return action->expression != NULL;
}

/* a = expression, … */
static bool parse_assignments(struct parser *parser, struct ast_alter *action)
{
    bool ended = parser->in_partition_ends;
    bool good = true;
    parser->in_partition_ends = true;
    do {
        struct ast_assignment *assignment =
            array_add(parser, &action->assignments, &action->assignment_count, sizeof(*assignment));
        good = assignment != NULL && parse_identifier(parser, "a column", &assignment->name) &&
               parse_expect_kind(parser, TOKEN_EQUALS, "'='");
        if (good) {
            assignment->expression = parse_expression(parser);
            good = assignment->expression != NULL;
        }
    } while (good && parse_accept_kind(parser, TOKEN_COMMA, "','"));
    parser->in_partition_ends = ended;
    return good;
}

bool parse_alter_mutation(struct parser *parser, struct ast_alter *action, bool *known)
{
    *known = true;
    if (parse_accept(parser, "DELETE")) {
        action->kind = AST_ALTER_DELETE;
        return parse_where(parser, action);
    }
    if (parse_accept(parser, "UPDATE")) {
        action->kind = AST_ALTER_UPDATE;
        return parse_assignments(parser, action) && parse_where(parser, action);
    }
    if (parse_accept(parser, "MATERIALIZE TTL")) {
        bool is_id = false;
        action->kind = AST_ALTER_MATERIALIZE_TTL;
        return !parse_accept(parser, "IN PARTITION") || parse_partition_text(parser, &action->text, &is_id);
    }
    *known = false;
    return true;
}
