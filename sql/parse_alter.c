/*
 * parse_alter.c: ALTER TABLE [db.]t action, action, …
 *
 * flow     parse_statement.c → here; each action is a struct ast_alter
 */
#include "sql/parse.h"

/* The words behind COLUMN: [IF EXISTS] name. */
static bool parse_old_column(struct parser *parser, struct ast_alter *action)
{
    action->if_exists = parse_accept(parser, "IF EXISTS");
    return parse_dotted(parser, &action->name);
}

static bool parse_rename_column(struct parser *parser, struct ast_alter *action)
{
    action->kind = AST_ALTER_RENAME_COLUMN;
    return parse_old_column(parser, action) && parse_expect(parser, "TO") && parse_dotted(parser, &action->to);
}

static bool parse_comment_column(struct parser *parser, struct ast_alter *action)
{
    action->kind = AST_ALTER_COMMENT_COLUMN;
    return parse_old_column(parser, action) && parse_string(parser, "a comment", &action->text);
}

static bool parse_action(struct parser *parser, struct ast_alter *action)
{
    static const char *const words[] = {"ADD",     "DROP",    "MODIFY", "ALTER",    "CLEAR",  "RENAME",
                                        "COMMENT", "UPDATE",  "DELETE", "DETACH",   "ATTACH", "REPLACE",
                                        "MOVE",    "FETCH",   "FREEZE", "UNFREEZE", "RESET",  "MATERIALIZE",
                                        "HOLD",    "RELEASE", "REMOVE", "APPLY",    NULL};
    uint32_t offset = parser->token.offset;
    action->offset = offset;
    if (parse_accept(parser, "RENAME COLUMN")) {
        return parse_rename_column(parser, action);
    }
    if (parse_accept(parser, "COMMENT COLUMN")) {
        return parse_comment_column(parser, action);
    }
    if (parse_accept(parser, "MODIFY COMMENT")) {
        action->kind = AST_ALTER_MODIFY_COMMENT;
        return parse_string(parser, "a comment", &action->text);
    }
    bool known = false;
    if (!parse_alter_partition(parser, action, &known) || known) {
        return parser->err == NULL;
    }
    for (const char *const *word = words; *word != NULL; word++) {
        if (parse_accept(parser, *word)) {
            struct slice second = parser->token.kind == TOKEN_WORD ? parser->token.text : slice_text("");
            second.length = second.length > 40 ? 40 : second.length;
            return parse_refuse(parser, offset, "ALTER TABLE … %s%s%.*s", *word, second.length > 0 ? " " : "",
                                SLICE_ARG(second));
        }
    }
    return parse_fail(parser);
}

bool parse_alter_table(struct parser *parser, struct ast_statement *statement)
{
    statement->kind = AST_ALTER_TABLE;
    if (!parse_names(parser, statement, "a table name") || !refuse_on_cluster(parser)) {
        return false;
    }
    do {
        bool enclosed = parse_accept_kind(parser, TOKEN_OPEN, "'('");
        struct ast_alter *action =
            array_add(parser, &statement->alters, &statement->alter_count, sizeof(*statement->alters));
        if (action == NULL || !parse_action(parser, action) ||
            (enclosed && !parse_expect_kind(parser, TOKEN_CLOSE, "')'"))) {
            return false;
        }
    } while (parse_accept_kind(parser, TOKEN_COMMA, "','"));
    return !parse_accept(parser, "SETTINGS") || parse_settings(parser, &statement->settings);
}
