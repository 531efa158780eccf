/*
 * parse_create.c: CREATE DATABASE, TABLE, SOURCE.
 */
#include "sql/parse.h"

bool parse_if_not_exists(struct parser *parser)
{
    return parse_accept(parser, "IF NOT EXISTS");
}

bool refuse_on_cluster(struct parser *parser)
{
    return !parse_is(parser, "ON CLUSTER") || parse_refuse(parser, parser->token.offset, "ON CLUSTER");
}

/* CODEC(…): the text inside. */
bool parse_codec(struct parser *parser, struct ast_column *column)
{
    uint32_t depth = 1;

    column->codec_offset = parser->token.offset;
    if (!parse_expect_kind(parser, TOKEN_OPEN, "'('")) {
        return false;
    }
    uint32_t begin = parser->token.offset;
    while (true) {
        if (parser->token.kind == TOKEN_END || parser->token.kind == TOKEN_ERROR) {
            parse_note(parser, "')'");
            return parse_fail(parser);
        }
        depth += parser->token.kind == TOKEN_OPEN;
        depth -= parser->token.kind == TOKEN_CLOSE;
        if (depth == 0) {
            break;
        }
        parse_advance(parser);
    }
    if (parser->token.offset == begin) {
        parse_note(parser, "codec");
        return parse_fail(parser);
    }
    column->codec = slice_of(parser->text.data + begin, parser->token.offset - begin);
    parse_advance(parser);
    return true;
}

/* EPHEMERAL needs no expression. */
static bool ends_column(const struct parser *parser)
{
    return parser->token.kind == TOKEN_COMMA || parser->token.kind == TOKEN_CLOSE || parser->token.kind == TOKEN_END ||
           parser->token.kind == TOKEN_SEMICOLON || parse_peek(parser, "CODEC") || parse_peek(parser, "COMMENT") ||
           parse_peek(parser, "FIRST") || parse_peek(parser, "AFTER");
}

static bool parse_column_default(struct parser *parser, struct ast_column *column)
{
    static const struct {
        const char *keyword;
        enum ast_default_kind kind;
    } kinds[] = {{"DEFAULT", AST_DEFAULT},
                 {"MATERIALIZED", AST_MATERIALIZED},
                 {"ALIAS", AST_ALIAS},
                 {"EPHEMERAL", AST_EPHEMERAL}};

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (parse_accept(parser, kinds[i].keyword)) {
            column->default_kind = kinds[i].kind;
            if (kinds[i].kind == AST_EPHEMERAL && ends_column(parser)) {
                return true;
            }
            column->default_expression = parse_expression(parser);
            return column->default_expression != NULL;
        }
    }
    return true;
}

static bool is_column_property(const struct parser *parser)
{
    static const char *const words[] = {"DEFAULT", "MATERIALIZED", "ALIAS", "EPHEMERAL",  "CODEC",  "COMMENT", "TTL",
                                        "PRIMARY", "NOT",          "NULL",  "STATISTICS", "REMOVE", NULL};
    return parser->token.kind == TOKEN_WORD && word_in(parser->token.text, words);
}

bool parse_column(struct parser *parser, struct ast_column *column)
{
    column->offset = parser->token.offset;
    if (!parse_dotted(parser, &column->name)) {
        return false;
    }
    return parse_column_rest(parser, column);
}

bool parse_column_rest(struct parser *parser, struct ast_column *column)
{
    column->type_offset = parser->token.offset;
    if (!is_column_property(parser) && parser->token.kind != TOKEN_COMMA && parser->token.kind != TOKEN_CLOSE &&
        !parse_type(parser, &column->type)) {
        return false;
    }
    while (true) {
        if (parse_accept(parser, "NOT NULL")) {
            column->not_null = true;
        } else if (parse_accept(parser, "NULL")) {
            column->null = true;
        } else if (parse_accept(parser, "CODEC")) {
            if (!parse_codec(parser, column)) {
                return false;
            }
        } else if (parse_accept(parser, "COMMENT")) {
            if (!parse_string(parser, "a comment", &column->comment)) {
                return false;
            }
        } else if (parse_accept(parser, "TTL")) {
            column->ttl = parse_expression(parser);
            if (column->ttl == NULL) {
                return false;
            }
        } else if (parse_accept(parser, "PRIMARY KEY")) {
            column->primary_key = true;
        } else if (parse_is(parser, "COLLATE")) {
            return parse_refuse(parser, parser->token.offset, "COLLATE of a column");
        } else if (parse_is(parser, "STATISTICS")) {
            return parse_refuse(parser, parser->token.offset, "STATISTICS of a column");
        } else if (parse_is(parser, "SETTINGS")) {
            return parse_refuse(parser, parser->token.offset, "SETTINGS of a column");
        } else if (column->default_kind == AST_NO_DEFAULT && column->default_expression == NULL) {
            if (!parse_column_default(parser, column)) {
                return false;
            }
            if (column->default_kind == AST_NO_DEFAULT) {
                return true;
            }
        } else {
            return true;
        }
    }
}

/* What else may stand in the list; refused when the definition is made, so that its name and place are kept. */
static bool refuse_list_item(struct parser *parser)
{
    static const char *const items[] = {"CONSTRAINT", "PROJECTION", "FOREIGN KEY", NULL};
    for (size_t i = 0; items[i] != NULL; i++) {
        if (parse_peek(parser, items[i])) {
            return parse_refuse(parser, parser->token.offset, "%s in CREATE TABLE", items[i]);
        }
    }
    return true;
}

/* INDEX name …; a column may be named so. */
static bool is_index(const struct parser *parser)
{
    enum token_kind behind = parse_after(parser, 2).kind;
    return parse_peek(parser, "INDEX") && behind != TOKEN_COMMA && behind != TOKEN_CLOSE;
}

/* WATERMARK FOR column AS expression */
static bool parse_watermark(struct parser *parser, struct ast_create_table *create)
{
    if (create->watermark != NULL) {
        return parse_fail_here(parser, "a table has one WATERMARK");
    }
    parse_accept(parser, "WATERMARK FOR");
    create->watermark_offset = parser->token.offset;
    if (!parse_identifier(parser, "a column", &create->watermark_column) || !parse_expect(parser, "AS")) {
        return false;
    }
    create->watermark = parse_expression(parser);
    return create->watermark != NULL;
}

bool parse_columns_list(struct parser *parser, struct ast_create_table *create)
{
    do {
        if (create->column_count > 0 && parser->token.kind == TOKEN_CLOSE) {
            break; /* a comma too many */
        }
        if (!refuse_list_item(parser)) {
            return false;
        }
        if (is_index(parser)) {
            struct ast_index *index = array_add(parser, &create->indexes, &create->index_count, sizeof(*index));
            parse_accept(parser, "INDEX");
            if (index == NULL || !parse_index(parser, index)) {
                return false;
            }
            continue;
        }
        if (parse_peek(parser, "WATERMARK FOR")) {
            if (!parse_watermark(parser, create)) {
                return false;
            }
            continue;
        }
        if (parse_peek(parser, "PRIMARY KEY")) {
            parse_accept(parser, "PRIMARY KEY");
            create->primary_key = parse_expression(parser);
            if (create->primary_key == NULL) {
                return false;
            }
            continue;
        }
        struct ast_column *column = array_add(parser, &create->columns, &create->column_count, sizeof(*column));
        if (column == NULL || !parse_column(parser, column)) {
            return false;
        }
    } while (parse_accept_kind(parser, TOKEN_COMMA, "','"));
    return parse_expect_kind(parser, TOKEN_CLOSE, "')'");
}

static bool parse_engine(struct parser *parser, struct ast_create_table *create)
{
    uint32_t offset;

    parse_accept_kind(parser, TOKEN_EQUALS, "'='");
    offset = parser->token.offset;
    struct ast *node = node_function(parser, offset, "", NULL, 0);
    if (node == NULL || !parse_identifier(parser, "an engine: MergeTree", &node->parts[0])) {
        return false;
    }
    if (parser->token.kind == TOKEN_OPEN) {
        parse_advance(parser);
        create->engine_has_arguments = parser->token.kind != TOKEN_CLOSE;
        if ((create->engine_has_arguments && !parse_list(parser, &node->arguments)) ||
            !parse_expect_kind(parser, TOKEN_CLOSE, "')'")) {
            return false;
        }
    }
    create->engine = node_finish(parser, node);
    return create->engine != NULL;
}

/* ENGINE, ORDER BY, PARTITION BY, … in any order. */
bool parse_storage_clauses(struct parser *parser, struct ast_create_table *create)
{
    while (true) {
        if (create->engine == NULL && parse_accept(parser, "ENGINE")) {
            if (!parse_engine(parser, create)) {
                return false;
            }
        } else if (create->partition_by == NULL && parse_accept(parser, "PARTITION BY")) {
            if ((create->partition_by = parse_expression(parser)) == NULL) {
                return false;
            }
        } else if (create->primary_key == NULL && parse_accept(parser, "PRIMARY KEY")) {
            if ((create->primary_key = parse_expression(parser)) == NULL) {
                return false;
            }
        } else if (create->order_by == NULL && parse_accept(parser, "ORDER BY")) {
            if ((create->order_by = parse_expression(parser)) == NULL) {
                return false;
            }
            if (parse_is(parser, "DESC")) {
                return parse_refuse(parser, parser->token.offset, "a descending sort key");
            }
            parse_accept(parser, "ASC");
        } else if (create->sample_by == NULL && parse_accept(parser, "SAMPLE BY")) {
            if ((create->sample_by = parse_expression(parser)) == NULL) {
                return false;
            }
        } else if (create->ttl == NULL && parse_accept(parser, "TTL")) {
            if (!parse_ttl(parser, &create->ttl, &create->ttl_count)) {
                return false;
            }
        } else if (create->settings.count == 0 && parse_accept(parser, "SETTINGS")) {
            if (!parse_settings(parser, &create->settings)) {
                return false;
            }
        } else if (create->comment.length == 0 && parse_accept(parser, "COMMENT")) {
            if (!parse_string(parser, "a comment", &create->comment)) {
                return false;
            }
        } else {
            return true;
        }
    }
}

static bool parse_create_table(struct parser *parser, struct ast_statement *statement, struct ast_create_table *create)
{
    statement->kind = AST_CREATE_TABLE;
    statement->create_table = create;
    create->if_not_exists = (!create->or_replace || create->temporary) && parse_if_not_exists(parser);
    create->name_offset = parser->token.offset;
    if (!parse_table_name(parser, "a table name", &create->database, &create->table, &statement->database_parameter,
                          &statement->name_parameter) ||
        !refuse_on_cluster(parser)) {
        return false;
    }
    if (parse_is(parser, "UUID")) {
        return parse_refuse(parser, parser->token.offset, "UUID in CREATE TABLE");
    }
    if (parser->token.kind == TOKEN_OPEN) {
        parse_advance(parser);
        if (parse_starts_query(parser)) {
            parse_note(parser, "a column name");
            return parse_fail(parser);
        }
        if (!parse_columns_list(parser, create)) {
            return parse_fail(parser);
        }
    }
    if (!parse_storage_clauses(parser, create)) {
        return false;
    }
    if (parse_is(parser, "CLONE AS")) {
        return parse_refuse(parser, parser->token.offset, "CLONE AS");
    }
    if (parse_accept(parser, "EMPTY")) {
        create->empty = true;
    }
    if (!parse_accept(parser, "AS")) {
        return !create->empty || parse_fail(parser);
    }
    if (parse_starts_query(parser) || parser->token.kind == TOKEN_OPEN) {
        create->as_select = parse_select_query(parser);
        return create->as_select != NULL;
    }
    if (parser->token.kind == TOKEN_WORD && parse_next(parser).kind == TOKEN_OPEN) {
        return parse_refuse(parser, parser->token.offset, "CREATE TABLE … AS table_function()");
    }
    if (!parse_table_name(parser, "SELECT or a table name", &create->as_database, &create->as_table, NULL, NULL) ||
        !parse_storage_clauses(parser, create)) {
        return false;
    }
    return true;
}

/* ---- CREATE SOURCE */

static bool parse_properties(struct parser *parser, struct ast_create_source *create)
{
    if (parse_accept_kind(parser, TOKEN_CLOSE, "')'")) {
        return true;
    }
    do {
        if (create->property_count > 0 && parser->token.kind == TOKEN_CLOSE) {
            break;
        }
        struct ast_property *property =
            array_add(parser, &create->properties, &create->property_count, sizeof(*property));
        if (property == NULL) {
            return false;
        }
        property->offset = parser->token.offset;
        uint32_t begin = parser->token.offset;
        bool first = true;
        do {
            struct slice part;
            /* 'kafka.fetch.min.bytes' = … may be quoted as a string too */
            if (first && parser->token.kind == TOKEN_STRING) {
                if (!parse_string(parser, "a property", &property->name)) {
                    return false;
                }
                break;
            }
            if (!parse_identifier(parser, "a property: brokers, topic, kafka.…", &part)) {
                return false;
            }
            property->name = first ? part : slice_of(parser->text.data + begin, parser->previous_end - begin);
            first = false;
        } while (parse_accept_kind(parser, TOKEN_DOT, "'.'"));
        if (!parse_expect_kind(parser, TOKEN_EQUALS, "'='")) {
            return false;
        }
        property->value = parser->token.kind == TOKEN_OPEN_CURLY ? parse_parameter(parser) : parse_literal(parser);
        if (property->value == NULL) {
            parse_note(parser, "a string or number");
            return parse_fail(parser);
        }
    } while (parse_accept_kind(parser, TOKEN_COMMA, "','"));
    return parse_expect_kind(parser, TOKEN_CLOSE, "')'");
}

static bool parse_create_source(struct parser *parser, struct ast_statement *statement,
                                struct ast_create_source *create)
{
    statement->kind = AST_CREATE_SOURCE;
    statement->create_source = create;
    create->if_not_exists = parse_if_not_exists(parser);
    create->name_offset = parser->token.offset;
    if (!parse_identifier(parser, "a source name", &create->name) || !parse_expect(parser, "INTO")) {
        return false;
    }
    create->table_offset = parser->token.offset;
    if (!parse_table_name(parser, "a table name", &create->database, &create->table, NULL, NULL) ||
        !parse_expect(parser, "FROM")) {
        return false;
    }
    create->connector_offset = parser->token.offset;
    parse_note(parser, "KAFKA");
    if (!parse_identifier(parser, "KAFKA", &create->connector) || !parse_expect_kind(parser, TOKEN_OPEN, "'('") ||
        !parse_properties(parser, create)) {
        return false;
    }
    if (parse_accept(parser, "FORMAT")) {
        create->format_offset = parser->token.offset;
        if (!parse_identifier(parser, "a format: JSONEachRow", &create->format)) {
            return false;
        }
    }
    if (parse_accept(parser, "SETTINGS") && !parse_settings(parser, &create->settings)) {
        return false;
    }
    if (parse_accept(parser, "AS")) {
        create->select = parse_select(parser);
        if (create->select == NULL) {
            return false;
        }
        if (parse_is(parser, "UNION") || parse_is(parser, "EXCEPT") || parse_is(parser, "INTERSECT")) {
            return parse_refuse(parser, parser->token.offset, "%.*s in a source", SLICE_ARG(parser->token.text));
        }
    }
    return true;
}

/* ---- the rest */

static bool parse_create_database(struct parser *parser, struct ast_statement *statement)
{
    statement->kind = AST_CREATE_DATABASE;
    statement->if_not_exists = parse_if_not_exists(parser);
    statement->name_offset = parser->token.offset;
    if (parser->token.kind == TOKEN_OPEN_CURLY) {
        statement->name_parameter = parse_parameter(parser);
        if (statement->name_parameter == NULL) {
            return false;
        }
    } else if (!parse_identifier(parser, "a database name", &statement->name)) {
        return false;
    }
    if (!refuse_on_cluster(parser)) {
        return false;
    }
    if (parse_accept(parser, "ENGINE")) {
        parse_accept_kind(parser, TOKEN_EQUALS, "'='");
        uint32_t offset = parser->token.offset;
        if (!parse_identifier(parser, "Atomic", &statement->engine)) {
            return false;
        }
        if (!slice_is_word(statement->engine, "Atomic") && !slice_is_word(statement->engine, "Ordinary")) {
            return parse_refuse(parser, offset, "the database engine %.*s", SLICE_ARG(statement->engine));
        }
        if (parse_accept_kind(parser, TOKEN_OPEN, "'('") && !parse_expect_kind(parser, TOKEN_CLOSE, "')'")) {
            return false;
        }
    }
    return !parse_accept(parser, "COMMENT") || parse_string(parser, "a comment", &statement->comment);
}

bool parse_create(struct parser *parser, struct ast_statement *statement)
{
    static const char *const refused[] = {"LIVE VIEW", "WINDOW VIEW",      "FUNCTION", "ROW POLICY", "POLICY",
                                          "INDEX",     "NAMED COLLECTION", "RULE",     "WORKLOAD",   "RESOURCE",
                                          NULL};
    uint32_t offset = parser->token.offset;
    bool or_replace = parse_accept(parser, "OR REPLACE");
    bool temporary = parse_accept(parser, "TEMPORARY");

    if (parse_accept(parser, "TABLE")) {
        struct ast_create_table *create = ARENA_NEW(parser->arena, struct ast_create_table);
        if (create == NULL) {
            return parse_oom(parser);
        }
        create->temporary = temporary;
        create->or_replace = or_replace;
        return parse_create_table(parser, statement, create);
    }
    if (!temporary && parse_accept(parser, "SOURCE")) {
        if (or_replace) {
            return parse_refuse(parser, offset, "CREATE OR REPLACE SOURCE");
        }
        struct ast_create_source *create = ARENA_NEW(parser->arena, struct ast_create_source);
        return create == NULL ? parse_oom(parser) : parse_create_source(parser, statement, create);
    }
    if (!temporary && parse_accept(parser, "DICTIONARY")) {
        return parse_create_dictionary(parser, statement, or_replace);
    }
    if (!temporary && parse_accept(parser, "VIEW")) {
        return parse_create_view(parser, statement, or_replace);
    }
    if (!temporary && parse_accept(parser, "MATERIALIZED VIEW")) {
        return parse_create_materialized(parser, statement, or_replace);
    }
    if (!or_replace && !temporary && parse_accept(parser, "DATABASE")) {
        return parse_create_database(parser, statement);
    }
    bool known = false;
    if (!temporary && (!parse_create_alert(parser, statement, or_replace, &known) || known)) {
        return parser->err == NULL;
    }
    if (!temporary && (!parse_access_ddl(parser, statement, AST_ACCESS_CREATE, or_replace, &known) || known)) {
        return parser->err == NULL;
    }
    for (size_t i = 0; refused[i] != NULL; i++) {
        if (parse_peek(parser, refused[i])) {
            return parse_refuse(parser, parser->token.offset, "CREATE %s", refused[i]);
        }
    }
    return parse_fail(parser);
}

bool parse_replace_table(struct parser *parser, struct ast_statement *statement)
{
    struct ast_create_table *create = ARENA_NEW(parser->arena, struct ast_create_table);
    if (create == NULL) {
        return parse_oom(parser);
    }
    create->or_replace = true;
    create->must_exist = true;
    return parse_create_table(parser, statement, create);
}
