/*
 * parse_grant.c: GRANT and REVOKE, of privileges and of roles.
 *
 * Whether SELECT is the privilege or a role of that name is known when ON or TO comes: so the list is kept as words
 * until then.
 */
#include "sql/parse.h"

#define PRIVILEGE_WORDS_MAX 6U

struct item {
    struct slice name; /* its words, one space between them */
    uint32_t words;
    bool quoted;
    struct slice *columns;
    uint32_t column_count;
    uint32_t offset;
};

struct items {
    struct item *items;
    uint32_t count;
};

static bool ends_item(const struct parser *parser)
{
    return parse_peek(parser, "ON") || parse_peek(parser, "TO") || parse_peek(parser, "FROM") ||
           parse_peek(parser, "EXCEPT") || parser->token.kind == TOKEN_OPEN || parser->token.kind == TOKEN_COMMA;
}

static bool parse_item(struct parser *parser, struct item *item)
{
    item->offset = parser->token.offset;
    if (parser->token.kind != TOKEN_WORD) {
        item->words = 1;
        item->quoted = true;
        return parse_access_name(parser, &item->name);
    }
    while (parser->token.kind == TOKEN_WORD && !(item->words > 0 && ends_item(parser))) {
        char *joined = item->words == 0 ? arena_text(parser->arena, parser->token.text)
                                        : arena_format(parser->arena, "%.*s %.*s", SLICE_ARG(item->name),
                                                       SLICE_ARG(parser->token.text));
        if (joined == NULL) {
            return parse_oom(parser);
        }
        item->name = slice_text(joined);
        parse_advance(parser);
        if (++item->words > PRIVILEGE_WORDS_MAX) {
            return parse_fail(parser);
        }
    }
    if (!parse_accept_kind(parser, TOKEN_OPEN, "'('")) {
        return true;
    }
    do {
        struct slice *column = array_add(parser, &item->columns, &item->column_count, sizeof(*column));
        if (column == NULL || !parse_dotted(parser, column)) {
            return false;
        }
    } while (parse_accept_kind(parser, TOKEN_COMMA, "','"));
    return parse_expect_kind(parser, TOKEN_CLOSE, "')'");
}

static bool parse_items(struct parser *parser, struct items *items)
{
    do {
        struct item *item = array_add(parser, &items->items, &items->count, sizeof(*item));
        if (item == NULL || !parse_item(parser, item)) {
            return false;
        }
    } while (parse_accept_kind(parser, TOKEN_COMMA, "','"));
    return true;
}

/* Behind ON: *.*, db.*, db.t, *, t. */
static bool parse_target(struct parser *parser, struct ast_grant *target)
{
    target->offset = parser->token.offset;
    bool star = parse_accept_kind(parser, TOKEN_STAR, "'*'");
    if (!star && !parse_identifier(parser, "a database or table name", &target->table)) {
        return false;
    }
    if (!star && parser->token.kind == TOKEN_STAR) {
        return parse_refuse(parser, target->offset, "a pattern of names in GRANT");
    }
    if (!parse_accept_kind(parser, TOKEN_DOT, "'.'")) { /* of the current database */
        target->current_database = target->on_database = true;
        target->on_table = !star;
        return true;
    }
    if (parse_accept_kind(parser, TOKEN_STAR, "'*'")) {
        target->on_database = !star;
        target->database = target->table;
        target->table = (struct slice){0};
        return true;
    }
    if (star) {
        return parse_fail(parser);
    }
    target->on_database = target->on_table = true;
    target->database = target->table;
    if (!parse_identifier(parser, "a table name", &target->table)) {
        return false;
    }
    return parser->token.kind != TOKEN_STAR || parse_refuse(parser, target->offset, "a pattern of names in GRANT");
}

static bool add_grants(struct parser *parser, struct ast_access *access, const struct items *items)
{
    struct ast_grant target = {0};
    if (!parse_target(parser, &target)) {
        return false;
    }
    for (uint32_t i = 0; i < items->count; i++) {
        const struct item *item = &items->items[i];
        struct ast_grant *grant = array_add(parser, &access->grants, &access->grant_count, sizeof(*grant));
        if (grant == NULL) {
            return false;
        }
        bool usage = slice_is_word(item->name, "USAGE") || slice_is_word(item->name, "NONE");
        *grant = target;
        grant->set = usage ? 0 : privileges_named(item->name);
        grant->columns = item->columns;
        grant->column_count = item->column_count;
        grant->offset = item->offset;
        if (grant->set == 0 && !usage) {
            struct slice position = parse_position(parser, item->offset);
            err_keep_first(&parser->err, err_new(ERR_SYNTAX, "Syntax error: %.*s: there is no privilege %.*s",
                                                 SLICE_ARG(position), SLICE_ARG(item->name)));
            return false;
        }
    }
    return true;
}

static bool add_roles(struct parser *parser, struct ast_access *access, const struct items *items)
{
    access->grants_roles = true;
    access->roles.given = true;
    for (uint32_t i = 0; i < items->count; i++) {
        const struct item *item = &items->items[i];
        if (item->words != 1 || item->column_count > 0) {
            return parse_fail(parser);
        }
        if (items->count == 1 && !item->quoted && slice_is_word(item->name, "ALL")) {
            access->roles.all = true;
            continue;
        }
        struct slice *name = array_add(parser, &access->roles.names, &access->roles.count, sizeof(*name));
        if (name == NULL) {
            return false;
        }
        *name = item->name;
    }
    return true;
}

bool parse_grant(struct parser *parser, struct ast_statement *statement, bool revoke)
{
    struct ast_access *access = parse_access_new(parser, statement, revoke ? AST_ACCESS_REVOKE : AST_ACCESS_GRANT);
    const char *to = revoke ? "FROM" : "TO";
    bool more = true;
    if (access == NULL || !refuse_on_cluster(parser)) {
        return false;
    }
    if (parse_is(parser, "CURRENT GRANTS")) {
        return parse_refuse(parser, parser->token.offset, "GRANT CURRENT GRANTS");
    }
    bool grant_option = revoke && parse_accept(parser, "GRANT OPTION FOR");
    bool admin_option = revoke && !grant_option && parse_accept(parser, "ADMIN OPTION FOR");
    access->option = grant_option || admin_option;
    while (more) {
        struct items items = {0};
        if (!parse_items(parser, &items)) {
            return false;
        }
        if (parse_accept(parser, "ON")) {
            if (!add_grants(parser, access, &items)) {
                return false;
            }
            more = parse_accept_kind(parser, TOKEN_COMMA, "','");
        } else if (access->grant_count > 0 || grant_option) {
            return parse_fail(parser);
        } else {
            more = false;
            if (!add_roles(parser, access, &items)) {
                return false;
            }
        }
    }
    if (!parse_expect(parser, to) || !parse_access_names(parser, &access->grantees)) {
        return false;
    }
    while (!revoke && parse_accept(parser, "WITH")) {
        if (parse_accept(parser, "REPLACE OPTION")) {
            access->replaces = true;
        } else if (parse_expect(parser, access->grants_roles ? "ADMIN OPTION" : "GRANT OPTION")) {
            access->option = true;
        } else {
            return false;
        }
    }
    return true;
}
