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

/* FIRST, AFTER name, or nothing. */
static bool parse_place(struct parser *parser, struct ast_alter *action)
{
    action->first = parse_accept(parser, "FIRST");
    return action->first || !parse_accept(parser, "AFTER") || parse_dotted(parser, &action->after);
}

static bool parse_new_column(struct parser *parser, struct ast_alter *action)
{
    action->column = ARENA_NEW(parser->arena, struct ast_column);
    if (action->column == NULL) {
        return parse_oom(parser);
    }
    if (!parse_column(parser, action->column)) {
        return false;
    }
    action->name = action->column->name;
    return true;
}

static bool parse_add_column(struct parser *parser, struct ast_alter *action)
{
    action->kind = AST_ALTER_ADD_COLUMN;
    action->if_not_exists = parse_if_not_exists(parser);
    return parse_new_column(parser, action) && parse_place(parser, action);
}

/* DROP, CLEAR */
static bool parse_drop_column(struct parser *parser, struct ast_alter *action, enum ast_alter_kind kind)
{
    action->kind = kind;
    if (!parse_old_column(parser, action)) {
        return false;
    }
    if (kind == AST_ALTER_DROP_COLUMN || !parse_accept(parser, "IN PARTITION")) {
        return true;
    }
    bool is_id = false;
    action->kind = AST_ALTER_CLEAR_IN_PARTITION;
    return parse_partition_text(parser, &action->text, &is_id);
}

/* MODIFY COLUMN a [type] [DEFAULT …] … [FIRST | AFTER b], or a REMOVE DEFAULT; ALTER COLUMN a TYPE type */
static bool parse_modify_column(struct parser *parser, struct ast_alter *action, bool alter)
{
    static const char *const properties[] = {"DEFAULT", "MATERIALIZED", "ALIAS", "EPHEMERAL",
                                             "COMMENT", "CODEC",        "TTL",   NULL};
    action->kind = AST_ALTER_MODIFY_COLUMN;
    action->if_exists = parse_accept(parser, "IF EXISTS");
    struct token second = parse_next(parser);
    if (alter && token_is_word(second, "TYPE")) { /* the name, then TYPE, then what stands behind a name */
        action->column = ARENA_NEW(parser->arena, struct ast_column);
        if (action->column == NULL) {
            return parse_oom(parser);
        }
        action->column->offset = parser->token.offset;
        return parse_dotted(parser, &action->column->name) && parse_expect(parser, "TYPE") &&
               parse_column_rest(parser, action->column) && parse_place(parser, action);
    }
    if (!parse_new_column(parser, action)) {
        return false;
    }
    if (parse_is(parser, "MODIFY SETTING") || parse_is(parser, "RESET SETTING") ||
        parse_is(parser, "ADD ENUM VALUES")) {
        return parse_refuse(parser, parser->token.offset, "MODIFY COLUMN … %.*s", SLICE_ARG(parser->token.text));
    }
    if (!parse_accept(parser, "REMOVE")) {
        return parse_place(parser, action);
    }
    action->kind = AST_ALTER_REMOVE_PROPERTY;
    for (const char *const *property = properties; *property != NULL; property++) {
        if (parse_accept(parser, *property)) {
            action->text = slice_text(*property);
            return true;
        }
    }
    return parse_fail(parser);
}

/* Names without values. */
static bool parse_setting_names(struct parser *parser, struct ast_settings *settings)
{
    do {
        struct ast_setting *setting = array_add(parser, &settings->items, &settings->count, sizeof(*setting));
        if (setting == NULL) {
            return false;
        }
        setting->offset = parser->token.offset;
        if (!parse_identifier(parser, "a setting", &setting->name)) {
            return false;
        }
    } while (parse_accept_kind(parser, TOKEN_COMMA, "','"));
    return true;
}

static bool parse_action(struct parser *parser, struct ast_alter *action)
{
    static const char *const words[] = {"ADD",    "DROP",    "MODIFY",  "ALTER", "CLEAR", "RENAME", "COMMENT",
                                        "DETACH", "ATTACH",  "REPLACE", "MOVE",  "FETCH", "RESET",  "MATERIALIZE",
                                        "HOLD",   "RELEASE", "REMOVE",  "APPLY", NULL};
    uint32_t offset = parser->token.offset;
    bool mutates;
    action->offset = offset;
    if (!parse_alter_mutation(parser, action, &mutates) || mutates) {
        return parser->err == NULL;
    }
    if (parse_accept(parser, "ADD COLUMN")) {
        return parse_add_column(parser, action);
    }
    if (parse_accept(parser, "DROP COLUMN")) {
        return parse_drop_column(parser, action, AST_ALTER_DROP_COLUMN);
    }
    if (parse_accept(parser, "CLEAR COLUMN")) {
        return parse_drop_column(parser, action, AST_ALTER_CLEAR_COLUMN);
    }
    if (parse_accept(parser, "MODIFY COLUMN")) {
        return parse_modify_column(parser, action, false);
    }
    if (parse_accept(parser, "ALTER COLUMN")) {
        return parse_modify_column(parser, action, true);
    }
    if (parse_accept(parser, "MODIFY ORDER BY")) {
        action->kind = AST_ALTER_MODIFY_ORDER_BY;
        action->expression = parse_expression(parser);
        return action->expression != NULL;
    }
    if (parse_accept(parser, "MODIFY TTL")) {
        action->kind = AST_ALTER_MODIFY_TTL;
        return parse_ttl(parser, &action->ttl, &action->ttl_count);
    }
    if (parse_accept(parser, "REMOVE TTL")) {
        action->kind = AST_ALTER_REMOVE_TTL;
        return true;
    }
    if (parse_accept(parser, "MODIFY SETTING")) {
        action->kind = AST_ALTER_MODIFY_SETTING;
        return parse_settings(parser, &action->settings);
    }
    if (parse_accept(parser, "RESET SETTING")) {
        action->kind = AST_ALTER_RESET_SETTING;
        return parse_setting_names(parser, &action->settings);
    }
    if (parse_accept(parser, "RENAME COLUMN")) {
        return parse_rename_column(parser, action);
    }
    if (parse_accept(parser, "COMMENT COLUMN")) {
        return parse_comment_column(parser, action);
    }
    if (parse_accept(parser, "MODIFY REFRESH")) {
        action->kind = AST_ALTER_MODIFY_REFRESH;
        return parse_refresh(parser, &action->refresh);
    }
    if (parse_accept(parser, "MODIFY QUERY")) {
        action->kind = AST_ALTER_MODIFY_QUERY;
        if (!parse_starts_query(parser) && parser->token.kind != TOKEN_OPEN) {
            parse_note(parser, "SELECT");
            return parse_fail(parser);
        }
        action->query = parse_select_query(parser);
        return action->query != NULL;
    }
    if (parse_accept(parser, "MODIFY COMMENT")) {
        action->kind = AST_ALTER_MODIFY_COMMENT;
        return parse_string(parser, "a comment", &action->text);
    }
    bool known = false;
    if (!parse_alter_index(parser, action, &known) || known) {
        return parser->err == NULL;
    }
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
