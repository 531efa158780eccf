/*
 * parse_show.c: SHOW: what is to be shown, of which table or database, and which rows of it.
 *
 * flow     parse_statement.c → here → server/show.c
 */
#include "sql/parse.h"

/* What rows: [NOT] LIKE 'x', ILIKE 'x', WHERE condition, LIMIT n. */
static bool parse_show_filter(struct parser *parser, struct ast_statement *statement)
{
    statement->not_like = parse_accept(parser, "NOT");
    if (parse_accept(parser, "LIKE") || parse_is(parser, "ILIKE")) {
        statement->ilike = parse_accept(parser, "ILIKE");
        if (!parse_string(parser, "a pattern", &statement->like)) {
            return false;
        }
    } else if (statement->not_like) {
        return parse_fail(parser);
    }
    if (parse_accept(parser, "WHERE") && (statement->where = parse_expression(parser)) == NULL) {
        return false;
    }
    if (parse_accept(parser, "LIMIT") && (statement->limit = parse_expression(parser)) == NULL) {
        return false;
    }
    return parse_output(parser, statement);
}

static bool parse_show_create(struct parser *parser, struct ast_statement *statement)
{
    if (parse_accept(parser, "SOURCE")) {
        statement->kind = AST_SHOW_CREATE_SOURCE;
        return parse_names(parser, statement, "a source name") && parse_output(parser, statement);
    }
    if (parse_accept(parser, "DATABASE")) {
        statement->kind = AST_SHOW_CREATE_DATABASE;
        return parse_one_name(parser, statement, "a database name") && parse_output(parser, statement);
    }
    bool known;
    if (!parse_show_create_alert(parser, statement, &known) || known) {
        return parser->err == NULL;
    }
    if (!parse_show_create_access(parser, statement, &known) || known) {
        return parser->err == NULL;
    }
    statement->kind = AST_SHOW_CREATE_TABLE;
    statement->object = parse_object_kind(parser);
    return parse_names(parser, statement, "a table name") && parse_output(parser, statement);
}

static bool parse_show_from(struct parser *parser, struct ast_statement *statement)
{
    if (!parse_accept(parser, "FROM") && !parse_accept(parser, "IN")) {
        return true;
    }
    if (parser->token.kind == TOKEN_OPEN_CURLY) {
        statement->database_parameter = parse_parameter(parser);
        return statement->database_parameter != NULL;
    }
    statement->database_parameter = NULL;
    return parse_identifier(parser, "a database name", &statement->database);
}

/* FROM table [FROM database] */
static bool parse_show_of_table(struct parser *parser, struct ast_statement *statement)
{
    if (!parse_accept(parser, "FROM") && !parse_expect(parser, "IN")) {
        return false;
    }
    return parse_names(parser, statement, "a table name") && parse_show_from(parser, statement) &&
           parse_show_filter(parser, statement);
}

/* [EXTENDED] [FULL] COLUMNS, [FULL] [TEMPORARY] TABLES, [EXTENDED] INDEX; *known false: it is none of them. */
static bool parse_show_tables(struct parser *parser, struct ast_statement *statement, bool *known)
{
    static const char *const indexes[] = {"INDEX", "INDEXES", "INDICES", "KEYS", NULL};
    *known = true;
    bool extended = parse_accept(parser, "EXTENDED"); /* ClickHouse shows the same with it */
    for (size_t i = 0; indexes[i] != NULL; i++) {
        if (parse_accept(parser, indexes[i])) {
            statement->kind = AST_SHOW_INDEXES;
            return parse_show_of_table(parser, statement);
        }
    }
    statement->full = parse_accept(parser, "FULL");
    if (parse_accept(parser, "COLUMNS") || parse_accept(parser, "FIELDS")) {
        statement->kind = AST_SHOW_COLUMNS;
        return parse_show_of_table(parser, statement);
    }
    if (extended) {
        return parse_fail(parser);
    }
    bool temporary = parse_accept(parser, "TEMPORARY TABLES");
    if (temporary || parse_accept(parser, "TABLES")) {
        statement->kind = AST_SHOW_TABLES;
        statement->object = temporary ? AST_TEMPORARY_OBJECT : AST_ANY_OBJECT;
        return parse_show_from(parser, statement) && parse_show_filter(parser, statement);
    }
    *known = false;
    return !statement->full || parse_fail(parser);
}

bool parse_show(struct parser *parser, struct ast_statement *statement)
{
    static const struct {
        const char *keyword;
        enum ast_statement_kind kind;
        bool of_database; /* FROM name may follow */
    } lists[] = {{"DATABASES", AST_SHOW_DATABASES, false},
                 {"SOURCES", AST_SHOW_SOURCES, true},
                 {"ALERTS", AST_SHOW_ALERTS, true},
                 {"DICTIONARIES", AST_SHOW_DICTIONARIES, true},
                 {"PROCESSLIST", AST_SHOW_PROCESSLIST, false},
                 {"FUNCTIONS", AST_SHOW_FUNCTIONS, false},
                 {"SETTINGS", AST_SHOW_SETTINGS, false},
                 {"MERGES", AST_SHOW_MERGES, false},
                 {"CLUSTERS", AST_SHOW_CLUSTERS, false},
                 {"ENGINES", AST_SHOW_ENGINES, false}};
    static const char *const refused[] = {"POLICIES", "VIEWS", "FILESYSTEM CACHES", "PRIVILEGES", NULL};
    bool known;
    if (parse_accept(parser, "CREATE")) {
        return parse_show_create(parser, statement);
    }
    if (!parse_show_tables(parser, statement, &known) || known) {
        return parser->err == NULL;
    }
    if (parse_accept(parser, "CHANGED SETTINGS")) {
        statement->kind = AST_SHOW_SETTINGS;
        statement->changed = true;
        return parse_show_filter(parser, statement);
    }
    /* SETTINGS PROFILES are another thing */
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]) && !parse_peek(parser, "SETTINGS PROFILES"); i++) {
        if (parse_accept(parser, lists[i].keyword)) {
            statement->kind = lists[i].kind;
            return (!lists[i].of_database || parse_show_from(parser, statement)) &&
                   parse_show_filter(parser, statement);
        }
    }
    if (parse_accept(parser, "SETTING")) {
        statement->kind = AST_SHOW_SETTING;
        return parse_identifier(parser, "a setting's name", &statement->name) && parse_output(parser, statement);
    }
    if (parse_accept(parser, "CLUSTER")) {
        statement->kind = AST_SHOW_CLUSTER;
        return parse_string(parser, "a cluster's name", &statement->name) && parse_output(parser, statement);
    }
    if (!parse_show_access(parser, statement, &known) || known) {
        return parser->err == NULL;
    }
    for (size_t i = 0; refused[i] != NULL; i++) {
        if (parse_peek(parser, refused[i])) {
            return parse_refuse(parser, parser->token.offset, "SHOW %s", refused[i]);
        }
    }
    return parse_fail(parser);
}
