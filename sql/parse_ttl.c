/*
 * parse_ttl.c: what stands behind TTL of a table: elements with commas between them.
 *
 *     time [DELETE] [WHERE condition] | time GROUP BY key, … [SET column = expression, …] | time RECOMPRESS CODEC(…)
 *
 * flow     parse_create.c, parse_alter.c → here
 */
#include "sql/parse.h"

static bool parse_keys(struct parser *parser, struct ast_ttl *ttl)
{
    do {
        struct ast **key = array_add(parser, &ttl->group_by.items, &ttl->group_by.count, sizeof(*ttl->group_by.items));
        if (key == NULL || (*key = parse_expression(parser)) == NULL) {
            return false;
        }
    } while (parse_accept_kind(parser, TOKEN_COMMA, "','"));
    return true;
}

/* Is this "name = …"? What follows a comma may be the next element. */
static bool is_assignment(struct parser *parser)
{
    return (parser->token.kind == TOKEN_WORD || parser->token.kind == TOKEN_QUOTED) &&
           parse_next(parser).kind == TOKEN_EQUALS;
}

/* The comma behind the last assignment is taken: *comma. */
static bool parse_set(struct parser *parser, struct ast_ttl *ttl, bool *comma)
{
    do {
        struct ast_assignment *assignment = array_add(parser, &ttl->set, &ttl->set_count, sizeof(*assignment));
        if (assignment == NULL || !parse_identifier(parser, "a column", &assignment->name) ||
            !parse_expect_kind(parser, TOKEN_EQUALS, "'='") ||
            (assignment->expression = parse_expression(parser)) == NULL) {
            return false;
        }
        *comma = parse_accept_kind(parser, TOKEN_COMMA, "','");
    } while (*comma && is_assignment(parser));
    return true;
}

bool parse_ttl(struct parser *parser, struct ast_ttl **list, uint32_t *count)
{
    static const char *const forms[] = {"TO DISK", "TO VOLUME", NULL};
    bool comma = true;

    while (comma) {
        struct ast_ttl *ttl = array_add(parser, list, count, sizeof(*ttl));
        if (ttl == NULL) {
            return false;
        }
        comma = false;
        ttl->offset = parser->token.offset;
        ttl->expression = parse_expression(parser);
        if (ttl->expression == NULL) {
            return false;
        }
        for (size_t i = 0; forms[i] != NULL; i++) {
            if (parse_is(parser, forms[i])) {
                return parse_refuse(parser, parser->token.offset, "TTL … %s", forms[i]);
            }
        }
        if (parse_accept(parser, "RECOMPRESS")) {
            struct ast_column column = {0};
            ttl->kind = AST_TTL_RECOMPRESS;
            if (!parse_expect(parser, "CODEC") || !parse_codec(parser, &column)) {
                return false;
            }
            ttl->codec = column.codec;
        } else if (parse_accept(parser, "GROUP BY")) {
            ttl->kind = AST_TTL_GROUP;
            if (!parse_keys(parser, ttl) || (parse_accept(parser, "SET") && !parse_set(parser, ttl, &comma))) {
                return false;
            }
        } else {
            parse_accept(parser, "DELETE");
            if (parse_accept(parser, "WHERE") && (ttl->where = parse_expression(parser)) == NULL) {
                return false;
            }
        }
        comma = comma || parse_accept_kind(parser, TOKEN_COMMA, "','");
    }
    return true;
}
