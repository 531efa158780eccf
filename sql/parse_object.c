/*
 * parse_object.c: CREATE VIEW, CREATE MATERIALIZED VIEW; the word that says what a name is of.
 */
#include "sql/parse.h"

enum ast_object parse_object_kind(struct parser *parser)
{
    return parse_accept(parser, "TABLE")             ? AST_ANY_OBJECT
           : parse_accept(parser, "VIEW")            ? AST_VIEW_OBJECT
           : parse_accept(parser, "DICTIONARY")      ? AST_DICTIONARY_OBJECT
           : parse_accept(parser, "TEMPORARY TABLE") ? AST_TEMPORARY_OBJECT
                                                     : AST_ANY_OBJECT;
}

/* [IF NOT EXISTS] [db.]v */
static bool parse_view_name(struct parser *parser, struct ast_statement *statement)
{
    struct ast_create_table *create = statement->create_table;
    create->if_not_exists = parse_if_not_exists(parser);
    create->name_offset = parser->token.offset;
    return parse_table_name(parser, "a view's name", &create->database, &create->table, &statement->database_parameter,
                            &statement->name_parameter) &&
           refuse_on_cluster(parser);
}

/* [(columns)] */
static bool parse_view_columns(struct parser *parser, struct ast_create_table *create)
{
    if (parser->token.kind == TOKEN_OPEN) {
        parse_advance(parser);
        if (!parse_columns_list(parser, create)) {
            return parse_fail(parser);
        }
    }
    return true;
}

/* [COMMENT '…'] AS SELECT … [COMMENT '…'], unless there was a comment before. */
static bool parse_view_select(struct parser *parser, struct ast_create_table *create)
{
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
    return create->as_select != NULL && (create->comment.length > 0 || !parse_accept(parser, "COMMENT") ||
                                         parse_string(parser, "a comment", &create->comment));
}

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
    if (!parse_view_name(parser, statement)) {
        return false;
    }
    if (!parse_view_columns(parser, create)) {
        return false;
    }
    for (const char *const *word = (const char *const[]){"DEFINER", "SQL SECURITY", "UUID", "TO", NULL}; *word != NULL;
         word++) {
        if (parse_peek(parser, *word)) {
            return parse_refuse(parser, parser->token.offset, "%s in CREATE VIEW", *word);
        }
    }
    return parse_view_select(parser, create);
}

/* DEFINER = name | CURRENT_USER, SQL SECURITY DEFINER: the SELECT of a view with REFRESH runs with a user's rights. */
static bool parse_definer(struct parser *parser, struct ast_create_table *create)
{
    for (;;) {
        if (create->refresh == NULL && (parse_peek(parser, "DEFINER") || parse_peek(parser, "SQL SECURITY"))) {
            return parse_refuse(parser, parser->token.offset, "%s in CREATE MATERIALIZED VIEW without REFRESH",
                                parse_peek(parser, "DEFINER") ? "DEFINER" : "SQL SECURITY");
        }
        if (parse_accept(parser, "DEFINER")) {
            (void)parse_accept_kind(parser, TOKEN_EQUALS, "'='");
            if (!parse_accept(parser, "CURRENT_USER") && !parse_access_name(parser, &create->definer)) {
                return false;
            }
        } else if (parse_accept(parser, "SQL SECURITY")) {
            for (const char *const *word = (const char *const[]){"INVOKER", "NONE", NULL}; *word != NULL; word++) {
                if (parse_peek(parser, *word)) {
                    return parse_refuse(parser, parser->token.offset, "SQL SECURITY %s in CREATE MATERIALIZED VIEW",
                                        *word);
                }
            }
            if (!parse_expect(parser, "DEFINER")) {
                return false;
            }
        } else {
            return true;
        }
    }
}

/* CREATE [OR REPLACE] MATERIALIZED VIEW [IF NOT EXISTS] [db.]v [REFRESH …] [TO [db.]t] [(columns)] [ENGINE = …] [ORDER BY …] …
 * [POPULATE | EMPTY] [DEFINER = …] [SQL SECURITY …] AS SELECT … [COMMENT '…'] */
bool parse_create_materialized(struct parser *parser, struct ast_statement *statement, bool or_replace)
{
    struct ast_create_table *create = ARENA_NEW(parser->arena, struct ast_create_table);

    if (create == NULL) {
        return parse_oom(parser);
    }
    statement->kind = AST_CREATE_VIEW;
    statement->create_table = create;
    create->materialized = true;
    create->or_replace = or_replace;
    if (!parse_view_name(parser, statement)) {
        return false;
    }
    if (parse_accept(parser, "REFRESH") && !parse_refresh(parser, &create->refresh)) {
        return false;
    }
    if (parse_peek(parser, "UUID")) {
        return parse_refuse(parser, parser->token.offset, "UUID in CREATE MATERIALIZED VIEW");
    }
    if (!parse_definer(parser, create)) {
        return false;
    }
    if (parse_accept(parser, "TO")) {
        create->to_offset = parser->token.offset;
        if (!parse_table_name(parser, "a table name", &create->to_database, &create->to_table, NULL, NULL)) {
            return false;
        }
    }
    if (!parse_view_columns(parser, create)) {
        return false;
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
    if (!parse_definer(parser, create) || !parse_view_select(parser, create)) {
        return false;
    }
    /* behind ALLOWED LATENESS it may stand, too: there the SELECT is over */
    return create->ttl != NULL || !parse_accept(parser, "TTL") || parse_ttl(parser, &create->ttl, &create->ttl_count);
}
