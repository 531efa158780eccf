/*
 * parse_object.c: CREATE VIEW, CREATE MATERIALIZED VIEW.
 */
#include "sql/parse.h"

/* CREATE [OR REPLACE] VIEW [IF NOT EXISTS] [db.]v [(columns)] [COMMENT '…'] AS SELECT … [COMMENT '…'] */
bool parse_create_view(struct parser *parser, struct ast_statement *statement, bool or_replace)
{
    struct ast_create_table *create = ARENA_NEW(parser->arena, struct ast_create_table);

    if (create == NULL) {
        return parse_oom(parser);
    }
    statement->kind = AST_CREATE_VIEW;
    statement->create_table = create;
    create->or_replace = or_replace;
    create->if_not_exists = parse_if_not_exists(parser);
    create->name_offset = parser->token.offset;
    if (!parse_table_name(parser, "a view's name", &create->database, &create->table, &statement->database_parameter,
                          &statement->name_parameter) ||
        !refuse_on_cluster(parser)) {
        return false;
    }
    if (parser->token.kind == TOKEN_OPEN) {
        parse_advance(parser);
        if (!parse_columns_list(parser, create)) {
            return parse_fail(parser);
        }
    }
    for (const char *const *word = (const char *const[]){"DEFINER", "SQL SECURITY", "UUID", "TO", NULL}; *word != NULL;
         word++) {
        if (parse_peek(parser, *word)) {
            return parse_refuse(parser, parser->token.offset, "%s in CREATE VIEW", *word);
        }
    }
    if ((parse_accept(parser, "COMMENT") && !parse_string(parser, "a comment", &create->comment)) ||
        !parse_expect(parser, "AS")) {
        return false;
    }
    if (!parse_starts_query(parser) && parser->token.kind != TOKEN_OPEN) {
        parse_note(parser, "SELECT");
        return parse_fail(parser);
    }
    create->as_select = parse_select_query(parser);
    return create->as_select != NULL && (create->comment.length > 0 || !parse_accept(parser, "COMMENT") ||
                                         parse_string(parser, "a comment", &create->comment));
}

/* CREATE MATERIALIZED VIEW [IF NOT EXISTS] [db.]v [TO [db.]t] [(columns)] [ENGINE = …] [ORDER BY …] … [POPULATE | EMPTY]
 * AS SELECT … [COMMENT '…'] */
bool parse_create_materialized(struct parser *parser, struct ast_statement *statement, bool or_replace)
{
    struct ast_create_table *create = ARENA_NEW(parser->arena, struct ast_create_table);

    if (create == NULL) {
        return parse_oom(parser);
    }
    statement->kind = AST_CREATE_VIEW;
    statement->create_table = create;
    create->materialized = true;
    if (or_replace) {
        return parse_refuse(parser, parser->token.offset, "CREATE OR REPLACE MATERIALIZED VIEW");
    }
    create->if_not_exists = parse_if_not_exists(parser);
    create->name_offset = parser->token.offset;
    if (!parse_table_name(parser, "a view's name", &create->database, &create->table, &statement->database_parameter,
                          &statement->name_parameter) ||
        !refuse_on_cluster(parser)) {
        return false;
    }
    for (const char *const *word = (const char *const[]){"REFRESH", "DEFINER", "SQL SECURITY", "UUID", NULL};
         *word != NULL; word++) {
        if (parse_peek(parser, *word)) {
            return parse_refuse(parser, parser->token.offset, "%s in CREATE MATERIALIZED VIEW", *word);
        }
    }
    if (parse_accept(parser, "TO")) {
        create->to_offset = parser->token.offset;
        if (!parse_table_name(parser, "a table name", &create->to_database, &create->to_table, NULL, NULL)) {
            return false;
        }
    }
    if (parser->token.kind == TOKEN_OPEN) {
        parse_advance(parser);
        if (!parse_columns_list(parser, create)) {
            return parse_fail(parser);
        }
    }
    if (!parse_storage_clauses(parser, create)) {
        return false;
    }
    while (!create->populate && !create->empty) {
        if (parse_accept(parser, "POPULATE")) {
            create->populate = true;
        } else if (parse_accept(parser, "EMPTY")) {
            create->empty = true;
        } else {
            break;
        }
    }
    if ((create->comment.length == 0 && parse_accept(parser, "COMMENT") &&
         !parse_string(parser, "a comment", &create->comment)) ||
        !parse_expect(parser, "AS")) {
        return false;
    }
    if (!parse_starts_query(parser) && parser->token.kind != TOKEN_OPEN) {
        parse_note(parser, "SELECT");
        return parse_fail(parser);
    }
    create->as_select = parse_select_query(parser);
    if (create->as_select != NULL && parse_peek(parser, "ALLOWED LATENESS")) {
        return parse_refuse(parser, parser->token.offset, "ALLOWED LATENESS");
    }
    return create->as_select != NULL && (create->comment.length > 0 || !parse_accept(parser, "COMMENT") ||
                                         parse_string(parser, "a comment", &create->comment));
}
