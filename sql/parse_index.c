/*
 * parse_index.c: INDEX name expression TYPE type(…) [GRANULARITY n], and ALTER TABLE's actions on indexes.
 *
 * flow     parse_create.c, parse_alter.c → here; sql/define_index.c says which there are
 */
#include "sql/parse.h"

bool parse_index(struct parser *parser, struct ast_index *index)
{
    index->offset = parser->token.offset;
    if (!parse_identifier(parser, "an index name", &index->name)) {
        return false;
    }
    index->expression = parse_expression(parser);
    if (index->expression == NULL || !parse_expect(parser, "TYPE")) {
        return false;
    }
    struct ast *type = node_function(parser, parser->token.offset, "", NULL, 0);
    if (type == NULL || !parse_identifier(parser, "an index type: minmax, set, bloom_filter", &type->parts[0])) {
        return false;
    }
    if (parse_accept_kind(parser, TOKEN_OPEN, "'('")) {
        index->has_arguments = parser->token.kind != TOKEN_CLOSE;
        if ((index->has_arguments && !parse_list(parser, &type->arguments)) ||
            !parse_expect_kind(parser, TOKEN_CLOSE, "')'")) {
            return false;
        }
    }
    index->type = node_finish(parser, type);
    if (index->type == NULL || !parse_accept(parser, "GRANULARITY")) {
        return index->type != NULL;
    }
    if (!parse_is_kind(parser, TOKEN_NUMBER, "a number of granules")) {
        return parse_fail(parser);
    }
    index->granularity = parse_number(parser, parser->token.offset, false);
    return index->granularity != NULL;
}

static bool refuse_partition(struct parser *parser, const char *verb)
{
    return !parse_peek(parser, "IN PARTITION") ||
           parse_refuse(parser, parser->token.offset, "%s INDEX … IN PARTITION", verb);
}

static bool parse_add(struct parser *parser, struct ast_alter *action)
{
    action->kind = AST_ALTER_ADD_INDEX;
    action->if_not_exists = parse_accept(parser, "IF NOT EXISTS");
    action->index = ARENA_NEW(parser->arena, struct ast_index);
    if (action->index == NULL) {
        return parse_oom(parser);
    }
    *action->index = (struct ast_index){0};
    if (!parse_index(parser, action->index)) {
        return false;
    }
    action->name = action->index->name;
    action->first = parse_accept(parser, "FIRST");
    return action->first || !parse_accept(parser, "AFTER") || parse_identifier(parser, "an index name", &action->after);
}

bool parse_alter_index(struct parser *parser, struct ast_alter *action, bool *known)
{
    *known = true;
    if (parse_accept(parser, "ADD INDEX")) {
        return parse_add(parser, action);
    }
    if (parse_accept(parser, "DROP INDEX")) {
        action->kind = AST_ALTER_DROP_INDEX;
        action->if_exists = parse_accept(parser, "IF EXISTS");
        return parse_identifier(parser, "an index name", &action->name) && refuse_partition(parser, "DROP");
    }
    if (parse_accept(parser, "MATERIALIZE INDEX")) {
        action->kind = AST_ALTER_MATERIALIZE_INDEX;
        action->if_exists = parse_accept(parser, "IF EXISTS");
        return parse_identifier(parser, "an index name", &action->name) && refuse_partition(parser, "MATERIALIZE");
    }
    *known = false;
    return true;
}
