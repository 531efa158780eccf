/*
 * parse_statement.c: every statement but CREATE; those that are known and not built are refused by name.
 */
#include "sql/parse.h"

static bool parse_if_exists(struct parser *parser)
{
    return parse_accept(parser, "IF EXISTS");
}

bool parse_names(struct parser *parser, struct ast_statement *statement, const char *what)
{
    statement->name_offset = parser->token.offset;
    return parse_table_name(parser, what, &statement->database, &statement->name, &statement->database_parameter,
                            &statement->name_parameter);
}

/* Behind a comma: a statement like this one without its names. */
static struct ast_statement *parse_more(struct parser *parser, struct ast_statement *statement)
{
    struct ast_statement *more =
        parser->token.kind == TOKEN_COMMA ? ARENA_NEW(parser->arena, struct ast_statement) : NULL;
    if (parser->token.kind != TOKEN_COMMA) {
        return NULL;
    }
    parse_advance(parser);
    if (more == NULL) {
        (void)parse_oom(parser);
        return NULL;
    }
    *more = (struct ast_statement){.kind = statement->kind,
                                   .offset = statement->offset,
                                   .text = statement->text,
                                   .object = statement->object,
                                   .if_exists = statement->if_exists};
    statement->more = more;
    return more;
}

/* A name that has no database in front of it. */
bool parse_one_name(struct parser *parser, struct ast_statement *statement, const char *what)
{
    statement->name_offset = parser->token.offset;
    if (parser->token.kind == TOKEN_OPEN_CURLY) {
        statement->name_parameter = parse_parameter(parser);
        return statement->name_parameter != NULL;
    }
    return parse_identifier(parser, what, &statement->name);
}

/* A query made of text of our own: for statements that are short for one. */
static struct ast_query *parse_own(struct parser *parser, const char *sql)
{
    struct parser own = {.arena = parser->arena, .text = slice_text(sql), .expected_offset = UINT32_MAX};
    lexer_init(&own.lexer, own.text);
    own.token = lexer_next(&own.lexer);
    struct ast_query *query = parse_select_query(&own);
    err_keep_first(&parser->err, own.err);
    return query;
}

/* Behind EMIT EVERY: n ROWS, or [INTERVAL] n unit. */
static bool parse_every(struct parser *parser, struct ast_statement *statement)
{
    bool interval = parse_accept(parser, "INTERVAL");
    if (parser->token.kind != TOKEN_NUMBER) {
        parse_note(parser, "a number of rows, seconds, minutes, …");
        return parse_fail(parser);
    }
    const struct ast *number = parse_number(parser, parser->token.offset, false);
    if (number == NULL) {
        return false;
    }
    if (!interval && (parse_accept(parser, "ROWS") || parse_accept(parser, "ROW"))) {
        statement->emit_rows = number->literal == AST_UINT ? number->number : 0;
    } else if (!parse_time_unit(parser, number, &statement->emit_us)) {
        return false;
    }
    if (statement->emit_rows == 0 && statement->emit_us == 0) {
        return parse_fail_here(parser, "EMIT EVERY takes a whole number of rows, or a time, of more than 0");
    }
    return true;
}

/* Behind EMIT ROWS: [LAST n | SINCE time]. */
static bool parse_last(struct parser *parser, struct ast_statement *statement)
{
    if (parse_accept(parser, "SINCE")) {
        statement->emit_since = parse_expression(parser);
        return statement->emit_since != NULL;
    }
    if (!parse_accept(parser, "LAST")) {
        return true;
    }
    if (parser->token.kind != TOKEN_NUMBER) {
        parse_note(parser, "a number of rows");
        return parse_fail(parser);
    }
    const struct ast *number = parse_number(parser, parser->token.offset, false);
    if (number == NULL) {
        return false;
    }
    statement->emit_last = number->literal == AST_UINT ? number->number : 0;
    return statement->emit_last > 0 || parse_fail_here(parser, "EMIT ROWS LAST takes a whole number of rows above 0");
}

static bool parse_emit(struct parser *parser, struct ast_statement *statement)
{
    uint32_t offset = parser->token.offset;
    if (statement->emit != AST_EMIT_NONE || !parse_accept(parser, "EMIT")) {
        return true;
    }
    if (statement->kind != AST_SELECT) {
        return parse_refuse(parser, offset, "EMIT of what is no SELECT");
    }
    if (parse_accept(parser, "CHANGES")) {
        statement->emit = AST_EMIT_CHANGES;
    } else if (parse_accept(parser, "ROWS")) {
        statement->emit = AST_EMIT_ROWS;
        return parse_last(parser, statement);
    } else if (parse_accept(parser, "EVERY")) {
        statement->emit = AST_EMIT_EVERY;
        return parse_every(parser, statement);
    } else {
        return parse_fail(parser);
    }
    return true;
}

/* EMIT, FORMAT, SETTINGS behind a query. */
bool parse_output(struct parser *parser, struct ast_statement *statement)
{
    if (parse_peek(parser, "INTO OUTFILE")) {
        return parse_refuse(parser, parser->token.offset, "INTO OUTFILE");
    }
    if (!parse_emit(parser, statement) ||
        (parse_accept(parser, "SETTINGS") && !parse_settings(parser, &statement->settings))) {
        return false;
    }
    if (parse_accept(parser, "FORMAT")) {
        statement->format_offset = parser->token.offset;
        if (!parse_identifier(parser, "a format", &statement->format)) {
            return false;
        }
    }
    if (!parse_emit(parser, statement)) {
        return false;
    }
    return statement->settings.count > 0 || !parse_accept(parser, "SETTINGS") ||
           parse_settings(parser, &statement->settings);
}

static bool parse_query_statement(struct parser *parser, struct ast_statement *statement)
{
    statement->kind = AST_SELECT;
    statement->query = parse_select_query(parser);
    return statement->query != NULL && parse_output(parser, statement);
}

static bool parse_explain(struct parser *parser, struct ast_statement *statement)
{
    static const char *const kinds[] = {"AST",      "SYNTAX",         "QUERY TREE",          "PLAN", "PIPELINE",
                                        "ESTIMATE", "TABLE OVERRIDE", "CURRENT TRANSACTION", NULL};
    for (size_t i = 0; kinds[i] != NULL; i++) {
        uint32_t offset = parser->token.offset;
        if (parse_accept(parser, kinds[i])) {
            statement->explain = slice_text(kinds[i]);
            if (i == 2 || i > 5) {
                return parse_refuse(parser, offset, "EXPLAIN %s", kinds[i]);
            }
            break;
        }
    }
    if (!parse_starts_query(parser) && parser->token.kind == TOKEN_WORD && parse_next(parser).kind == TOKEN_EQUALS &&
        !parse_settings(parser, &statement->explain_options)) {
        return false;
    }
    for (const char *const *word = (const char *const[]){"INSERT", "CREATE", "DROP", "ALTER", "SET", NULL};
         *word != NULL; word++) {
        if (parse_is(parser, *word)) {
            return parse_refuse(parser, parser->token.offset, "EXPLAIN of %s", *word);
        }
    }
    if (!parse_starts_query(parser) && parser->token.kind != TOKEN_OPEN) {
        parse_note(parser, "SELECT");
        return parse_fail(parser);
    }
    if (!parse_query_statement(parser, statement)) {
        return false;
    }
    statement->kind = AST_EXPLAIN;
    return true;
}

/* ---- INSERT */

#define COLUMN_PARTS_MAX 8U

bool parse_dotted(struct parser *parser, struct slice *name)
{
    if (!parse_identifier(parser, "a column name", name)) {
        return false;
    }
    for (uint32_t parts = 1; parts < COLUMN_PARTS_MAX && parse_accept_kind(parser, TOKEN_DOT, "'.'"); parts++) {
        struct slice part;
        if (!parse_identifier(parser, "a part of a Nested column", &part)) {
            return false;
        }
        char *joined = arena_format(parser->arena, "%.*s.%.*s", SLICE_ARG(*name), SLICE_ARG(part));
        if (joined == NULL) {
            return parse_oom(parser);
        }
        *name = slice_text(joined);
    }
    return true;
}

static bool parse_insert_columns(struct parser *parser, struct ast_insert *insert)
{
    bool inner = false;

    parse_advance(parser); /* ( */
    if (parser->token.kind == TOKEN_STAR) {
        parse_advance(parser);
        if (!parse_accept(parser, "EXCEPT")) {
            return parse_expect_kind(parser, TOKEN_CLOSE, "')'"); /* (*): all */
        }
        insert->all_except = true;
        inner = parse_accept_kind(parser, TOKEN_OPEN, "'('");
    }
    do {
        uint32_t count = insert->column_count;
        uint32_t *offset = array_add(parser, &insert->column_offsets, &count, sizeof(*offset));
        struct slice *column = array_add(parser, &insert->columns, &insert->column_count, sizeof(*column));
        if (column == NULL || offset == NULL) {
            return false;
        }
        *offset = parser->token.offset;
        if (!parse_dotted(parser, column)) {
            return false;
        }
    } while (parse_accept_kind(parser, TOKEN_COMMA, "','"));
    return (!inner || parse_expect_kind(parser, TOKEN_CLOSE, "')'")) && parse_expect_kind(parser, TOKEN_CLOSE, "')'");
}

/* Data begin behind VALUES, or behind FORMAT's name: after blanks, and after one line break if there is one. */
static void set_data_offset(struct parser *parser, struct ast_insert *insert, bool is_values)
{
    uint32_t at = parser->previous_end;
    const char *data = parser->text.data;

    while (at < parser->text.length && (data[at] == ' ' || data[at] == '\t' || data[at] == '\r')) {
        at++;
    }
    if (at < parser->text.length && data[at] == ';' && !is_values) {
        at++;
    }
    if (at < parser->text.length && data[at] == '\n') {
        at++;
    } else if (!is_values && at > parser->previous_end && data[at - 1] == '\t') {
        at = parser->previous_end + 1; /* an empty first field of TabSeparated stands on the same line */
    }
    insert->data_offset = at;
}

static bool parse_insert(struct parser *parser, struct ast_statement *statement)
{
    struct ast_insert *insert = ARENA_NEW(parser->arena, struct ast_insert);

    if (insert == NULL) {
        return parse_oom(parser);
    }
    statement->kind = AST_INSERT;
    statement->insert = insert;
    if (!parse_expect(parser, "INTO")) {
        return false;
    }
    bool table_word = parse_peek(parser, "TABLE") &&
                      (parse_next(parser).kind == TOKEN_WORD || parse_next(parser).kind == TOKEN_QUOTED ||
                       parse_next(parser).kind == TOKEN_OPEN_CURLY);
    if (table_word) {
        parse_advance(parser);
    }
    if (parse_peek(parser, "FUNCTION")) {
        return parse_refuse(parser, parser->token.offset, "INSERT INTO FUNCTION");
    }
    insert->name_offset = parser->token.offset;
    if (!parse_table_name(parser, "a table name", &insert->database, &insert->table, &insert->name_parameter_database,
                          &insert->name_parameter)) {
        return false;
    }
    if (parser->token.kind == TOKEN_OPEN && !token_is_word(parse_next(parser), "SELECT") &&
        !token_is_word(parse_next(parser), "WITH") && !parse_insert_columns(parser, insert)) {
        return false;
    }
    if (parse_is(parser, "PARTITION BY")) {
        return parse_refuse(parser, parser->token.offset, "INSERT … PARTITION BY");
    }
    if (parse_is(parser, "FROM INFILE")) {
        return parse_refuse(parser, parser->token.offset, "INSERT … FROM INFILE");
    }
    if (parse_accept(parser, "SETTINGS") && !parse_settings(parser, &insert->settings)) {
        return false;
    }
    if (parse_peek(parser, "VALUES") || parse_peek(parser, "FORMAT")) {
        bool is_values = parse_peek(parser, "VALUES");
        insert->kind = is_values ? AST_INSERT_VALUES : AST_INSERT_FORMAT;
        insert->format = slice_text("Values");
        parser->previous_end = parser->token.offset + (uint32_t)parser->token.text.length;
        if (!is_values) {
            parse_advance(parser);
            if (parser->token.kind != TOKEN_WORD && parser->token.kind != TOKEN_QUOTED) {
                parse_note(parser, "a format: JSONEachRow, CSV, TabSeparated, Values");
                return parse_fail(parser);
            }
            insert->format = parser->token.text;
            statement->format_offset = parser->token.offset;
            parser->previous_end = parser->token.offset + (uint32_t)parser->token.text.length;
        }
        /* What follows are data: no more tokens are read. */
        set_data_offset(parser, insert, is_values || slice_is_word(insert->format, "Values"));
        return true;
    }
    parse_note(parser, "VALUES");
    parse_note(parser, "FORMAT");
    if (!parse_starts_query(parser) && parser->token.kind != TOKEN_OPEN) {
        parse_note(parser, "SELECT");
        return parse_fail(parser);
    }
    insert->kind = AST_INSERT_SELECT;
    insert->select = parse_select_query(parser);
    return insert->select != NULL &&
           (!parse_accept(parser, "SETTINGS") || parse_settings(parser, &statement->settings));
}

/* ---- DROP, TRUNCATE, RENAME, ALTER */

static bool parse_drop_end(struct parser *parser, struct ast_statement *statement)
{
    if (!refuse_on_cluster(parser)) {
        return false;
    }
    if (parse_accept(parser, "SYNC") || parse_accept(parser, "NO DELAY")) {
        statement->sync = true;
    }
    return true;
}

static bool parse_drop(struct parser *parser, struct ast_statement *statement)
{
    static const char *const refused[] = {"FUNCTION",         "ROW POLICY", "POLICY", "INDEX",
                                          "NAMED COLLECTION", "RULE",       NULL};
    bool known;
    if (!parse_drop_alert(parser, statement, &known) || known) {
        return parser->err == NULL;
    }
    if (!parse_access_ddl(parser, statement, AST_ACCESS_DROP, false, &known) || known) {
        return parser->err == NULL;
    }
    enum ast_object object = parse_accept(parser, "VIEW")              ? AST_VIEW_OBJECT
                             : parse_accept(parser, "DICTIONARY")      ? AST_DICTIONARY_OBJECT
                             : parse_accept(parser, "TEMPORARY TABLE") ? AST_TEMPORARY_OBJECT
                                                                       : AST_ANY_OBJECT;
    if (object != AST_ANY_OBJECT || parse_accept(parser, "TABLE")) {
        statement->kind = AST_DROP_TABLE;
        statement->object = object;
        statement->if_exists = parse_if_exists(parser);
        if (parse_is(parser, "IF EMPTY")) {
            return parse_refuse(parser, parser->token.offset, "IF EMPTY");
        }
        for (struct ast_statement *next = statement; next != NULL; next = parse_more(parser, next)) {
            if (!parse_names(parser, next, "a table name")) {
                return false;
            }
        }
        return parser->err == NULL && parse_drop_end(parser, statement);
    }
    if (parse_accept(parser, "DATABASE")) {
        statement->kind = AST_DROP_DATABASE;
        statement->if_exists = parse_if_exists(parser);
        return parse_one_name(parser, statement, "a database name") && parse_drop_end(parser, statement);
    }
    if (parse_accept(parser, "SOURCE")) {
        statement->kind = AST_DROP_SOURCE;
        statement->if_exists = parse_if_exists(parser);
        return parse_names(parser, statement, "a source name") && parse_drop_end(parser, statement);
    }
    for (size_t i = 0; refused[i] != NULL; i++) {
        if (parse_peek(parser, refused[i])) {
            return parse_refuse(parser, parser->token.offset, "DROP %s", refused[i]);
        }
    }
    return parse_fail(parser);
}

static bool parse_truncate(struct parser *parser, struct ast_statement *statement)
{
    statement->kind = AST_TRUNCATE_TABLE;
    if (parse_is(parser, "DATABASE")) {
        return parse_refuse(parser, parser->token.offset, "TRUNCATE DATABASE");
    }
    if (parse_accept(parser, "ALL TABLES FROM") || parse_accept(parser, "TABLES FROM")) {
        statement->all = true;
        statement->if_exists = parse_if_exists(parser);
        if (!parse_one_name(parser, statement, "a database name")) {
            return false;
        }
        return parse_is(parser, "LIKE") || parse_is(parser, "ILIKE") || parse_is(parser, "NOT LIKE")
                   ? parse_refuse(parser, parser->token.offset, "TRUNCATE ALL TABLES … LIKE")
                   : parse_drop_end(parser, statement);
    }
    if (parse_accept(parser, "TEMPORARY TABLE")) {
        statement->object = AST_TEMPORARY_OBJECT;
    } else {
        parse_accept(parser, "TABLE");
    }
    statement->if_exists = parse_if_exists(parser);
    return parse_names(parser, statement, "a table name") && parse_drop_end(parser, statement);
}

static bool parse_rename(struct parser *parser, struct ast_statement *statement)
{
    statement->kind = AST_RENAME_TABLE;
    if (parse_is(parser, "DATABASE")) {
        return parse_refuse(parser, parser->token.offset, "RENAME %.*s", SLICE_ARG(parser->token.text));
    }
    if (!parse_accept(parser, "TABLE") && parse_accept(parser, "DICTIONARY")) {
        statement->object = AST_DICTIONARY_OBJECT;
    }
    statement->if_exists = parse_if_exists(parser);
    for (struct ast_statement *next = statement; next != NULL; next = parse_more(parser, next)) {
        if (!parse_names(parser, next, "a table name") || !parse_expect(parser, "TO") ||
            !parse_table_name(parser, "a table name", &next->to_database, &next->to_name, &next->to_database_parameter,
                              &next->to_name_parameter)) {
            return false;
        }
    }
    return parser->err == NULL && refuse_on_cluster(parser);
}

/* EXCHANGE TABLES | DICTIONARIES a AND b */
static bool parse_exchange(struct parser *parser, struct ast_statement *statement)
{
    statement->kind = AST_EXCHANGE_TABLES;
    if (parse_accept(parser, "DICTIONARIES")) {
        statement->object = AST_DICTIONARY_OBJECT;
    } else if (!parse_expect(parser, "TABLES")) {
        return false;
    }
    return parse_names(parser, statement, "a table name") && parse_expect(parser, "AND") &&
           parse_table_name(parser, "a table name", &statement->to_database, &statement->to_name,
                            &statement->to_database_parameter, &statement->to_name_parameter) &&
           refuse_on_cluster(parser);
}

static bool parse_alter(struct parser *parser, struct ast_statement *statement, uint32_t offset)
{
    if (parse_accept(parser, "TABLE")) {
        return parse_alter_table(parser, statement);
    }
    bool known;
    if (!parse_alter_alert(parser, statement, &known) || known) {
        return parser->err == NULL;
    }
    if (!parse_access_ddl(parser, statement, AST_ACCESS_ALTER, false, &known) || known) {
        return parser->err == NULL;
    }
    if (!parse_accept(parser, "SOURCE")) {
        struct token what = parser->token;
        return what.kind == TOKEN_WORD
                   ? parse_refuse(parser, offset, "ALTER %.*s",
                                  SLICE_ARG(slice_of(what.text.data, what.text.length > 40 ? 40 : what.text.length)))
                   : parse_fail(parser);
    }
    statement->kind = AST_ALTER_SOURCE;
    if (!parse_names(parser, statement, "a source name")) {
        return false;
    }
    if (parse_accept(parser, "PAUSE")) {
        statement->action = AST_SOURCE_PAUSE;
    } else if (parse_accept(parser, "RESUME")) {
        statement->action = AST_SOURCE_RESUME;
    } else if (parse_accept(parser, "ACCEPT NEW TOPIC")) {
        statement->action = AST_SOURCE_ACCEPT_NEW_TOPIC;
    } else if (parse_peek(parser, "SEEK") || parse_peek(parser, "MODIFY") || parse_peek(parser, "RENAME")) {
        return parse_refuse(parser, parser->token.offset, "ALTER SOURCE … %.*s", SLICE_ARG(parser->token.text));
    } else {
        return parse_fail(parser);
    }
    return true;
}

/* ---- DESCRIBE, EXISTS */

static bool parse_describe(struct parser *parser, struct ast_statement *statement)
{
    statement->kind = AST_DESCRIBE;
    if (parse_peek(parser, "TABLE") && parse_next(parser).kind != TOKEN_END &&
        parse_next(parser).kind != TOKEN_SEMICOLON && !token_is_word(parse_next(parser), "FORMAT")) {
        parse_advance(parser);
    }
    statement->name_offset = parser->token.offset;
    if (parser->token.kind == TOKEN_OPEN) {
        parse_advance(parser);
        statement->query = parse_select_query(parser);
        return statement->query != NULL && parse_expect_kind(parser, TOKEN_CLOSE, "')'") &&
               parse_output(parser, statement);
    }
    if (parse_starts_query(parser)) {
        statement->query = parse_select_query(parser);
        return statement->query != NULL && parse_output(parser, statement);
    }
    if (parser->token.kind == TOKEN_WORD && parse_next(parser).kind == TOKEN_OPEN) {
        /* a table function: described as SELECT * FROM it */
        statement->query = parse_own(parser, "SELECT * FROM f()");
        if (statement->query == NULL) {
            return false;
        }
        struct ast *call = parse_expression(parser);
        if (call == NULL) {
            return false;
        }
        if (call->kind != AST_FUNCTION) {
            return parse_fail_here(parser, "a table function was expected");
        }
        statement->query->parts[0].select->tables[0].function = call;
        return parse_output(parser, statement);
    }
    return parse_names(parser, statement, "a table name") && parse_output(parser, statement);
}

static bool parse_exists_statement(struct parser *parser, struct ast_statement *statement)
{
    if (parse_peek(parser, "DATABASE") && parse_next(parser).kind != TOKEN_DOT) {
        parse_advance(parser);
        statement->kind = AST_EXISTS_DATABASE;
        return parse_one_name(parser, statement, "a database name") && parse_output(parser, statement);
    }
    if (parse_peek(parser, "SOURCE") && parse_next(parser).kind != TOKEN_DOT) {
        parse_advance(parser);
        statement->kind = AST_EXISTS_SOURCE;
        return parse_names(parser, statement, "a source name") && parse_output(parser, statement);
    }
    statement->kind = AST_EXISTS_TABLE;
    statement->object = parse_object_kind(parser);
    return parse_names(parser, statement, "a table name") && parse_output(parser, statement);
}

static bool parse_kill(struct parser *parser, struct ast_statement *statement)
{
    statement->kind = AST_KILL_QUERY;
    if (parse_is(parser, "PART_MOVE_TO_SHARD")) {
        return parse_refuse(parser, parser->token.offset, "KILL %.*s", SLICE_ARG(parser->token.text));
    }
    statement->mutation = parse_accept(parser, "MUTATION");
    if ((!statement->mutation && !parse_expect(parser, "QUERY")) || !refuse_on_cluster(parser)) {
        return false;
    }
    if (!parse_expect(parser, "WHERE")) {
        return false;
    }
    statement->where = parse_expression(parser);
    statement->query =
        statement->where == NULL ? NULL
        : statement->mutation
            ? parse_own(parser, "SELECT query_id, database, table, mutation_id, command, finish_time FROM "
                                "system.mutations")
            : parse_own(parser, "SELECT query_id, user, query FROM system.processes");
    if (statement->query == NULL) {
        return false;
    }
    statement->query->parts[0].select->where = statement->where;
    statement->sync = parse_accept(parser, "SYNC");
    statement->test = !statement->sync && parse_accept(parser, "TEST");
    if (!statement->sync && !statement->test) {
        parse_accept(parser, "ASYNC");
    }
    return parse_output(parser, statement);
}

static bool parse_system(struct parser *parser, struct ast_statement *statement)
{
    uint32_t begin = parser->token.offset;

    statement->kind = AST_SYSTEM;
    if (parse_accept(parser, "RELOAD DICTIONARIES")) {
        statement->object = AST_DICTIONARY_OBJECT;
        return true;
    }
    if (parse_accept(parser, "RELOAD DICTIONARY")) {
        statement->object = AST_DICTIONARY_OBJECT;
        return refuse_on_cluster(parser) && parse_names(parser, statement, "a dictionary's name");
    }
    if (parse_accept(parser, "SET CLOCK")) {
        statement->name = slice_text("SET CLOCK");
        return parse_string(parser, "seconds to go forwards or backwards", &statement->like);
    }
    if (parse_accept(parser, "UNFREEZE WITH NAME")) {
        statement->object = AST_FREEZE_OBJECT;
        return parse_string(parser, "the name of the frozen copy", &statement->like);
    }
    if (parse_accept(parser, "FLUSH ASYNC INSERT QUEUE")) {
        statement->object = AST_INSERT_QUEUE_OBJECT;
        for (struct ast_statement *next = statement; parser->token.kind == TOKEN_WORD && next != NULL;
             next = parse_more(parser, next)) {
            if (!parse_names(parser, next, "a table's name")) {
                return false;
            }
        }
        return parser->err == NULL;
    }
    if (parse_accept(parser, "FLUSH LOGS")) { /* all, or those named: they are always up to date */
        struct slice database, name;
        struct ast *parameters[2];
        statement->name = slice_text("FLUSH LOGS");
        bool more = parser->token.kind == TOKEN_WORD || parser->token.kind == TOKEN_QUOTED;
        while (more) {
            if (!parse_table_name(parser, "a log's name", &database, &name, &parameters[0], &parameters[1])) {
                return false;
            }
            more = parse_accept_kind(parser, TOKEN_COMMA, "','");
        }
        return true;
    }
    bool known = false;
    if (!parse_system_view(parser, statement, &known) || known) {
        return parser->err == NULL;
    }
    while (parser->token.kind == TOKEN_WORD) {
        parse_advance(parser);
    }
    if (parser->previous_end <= begin) {
        parse_note(parser, "FLUSH LOGS");
        return parse_fail(parser);
    }
    statement->name = slice_of(parser->text.data + begin, parser->previous_end - begin);
    return true;
}

bool parse_any_statement(struct parser *parser, struct ast_statement *statement)
{
    static const char *const refused[] = {"ATTACH",
                                          "DETACH",
                                          "CHECK",
                                          "UPDATE",
                                          "UNDROP",
                                          "WATCH",
                                          "BEGIN",
                                          "COMMIT",
                                          "ROLLBACK",
                                          "MOVE",
                                          "TRACE",
                                          "BACKFILL",
                                          "REDRIVE",
                                          "COPY",
                                          "EXECUTE",
                                          "REPLACE",
                                          "PARALLEL",
                                          "DEALLOCATE",
                                          "START TRANSACTION",
                                          NULL};
    uint32_t offset = parser->token.offset;

    if (parse_starts_query(parser) || parser->token.kind == TOKEN_OPEN) {
        return parse_query_statement(parser, statement);
    }
    parse_note(parser, "SELECT");
    parse_note(parser, "WITH");
    if (parse_accept(parser, "INSERT")) {
        return parse_insert(parser, statement);
    }
    if (parse_accept(parser, "CREATE")) {
        return parse_create(parser, statement);
    }
    if (parse_accept(parser, "DROP")) {
        return parse_drop(parser, statement);
    }
    if (parse_accept(parser, "SHOW")) {
        return parse_show(parser, statement);
    }
    if (parse_accept(parser, "DESCRIBE") || parse_accept(parser, "DESC")) {
        return parse_describe(parser, statement);
    }
    if (parse_accept(parser, "EXPLAIN")) {
        return parse_explain(parser, statement);
    }
    if (parse_accept(parser, "EXISTS")) {
        return parse_exists_statement(parser, statement);
    }
    if (parse_accept(parser, "ALTER")) {
        return parse_alter(parser, statement, offset);
    }
    if (parse_accept(parser, "TRUNCATE")) {
        return parse_truncate(parser, statement);
    }
    if (parse_accept(parser, "RENAME")) {
        return parse_rename(parser, statement);
    }
    if (parse_accept(parser, "EXCHANGE")) {
        return parse_exchange(parser, statement);
    }
    if (parse_accept(parser, "REPLACE TABLE")) {
        return parse_replace_table(parser, statement);
    }
    if (parse_accept(parser, "OPTIMIZE")) {
        return parse_optimize(parser, statement);
    }
    if (parse_accept(parser, "BACKTEST")) {
        return parse_backtest(parser, statement);
    }
    if (parse_accept(parser, "VERIFY")) {
        return parse_verify(parser, statement);
    }
    if (parse_accept(parser, "REPAIR")) {
        return parse_repair(parser, statement);
    }
    if (parse_accept(parser, "BACKUP")) {
        return parse_backup(parser, statement, false);
    }
    if (parse_accept(parser, "RESTORE")) {
        return parse_backup(parser, statement, true);
    }
    if (parse_accept(parser, "DELETE")) {
        return parse_delete(parser, statement);
    }
    if (parse_accept(parser, "USE")) {
        statement->kind = AST_USE;
        parse_accept(parser, "DATABASE");
        return parse_one_name(parser, statement, "a database name");
    }
    if (parse_accept(parser, "SET")) {
        bool known;
        if (!parse_set_role(parser, statement, &known) || known) {
            return parser->err == NULL;
        }
        if (parse_is(parser, "TRANSACTION")) {
            return parse_refuse(parser, offset, "SET %.*s", SLICE_ARG(parser->token.text));
        }
        statement->kind = AST_SET;
        return parse_settings(parser, &statement->settings);
    }
    if (parse_accept(parser, "GRANT")) {
        return parse_grant(parser, statement, false);
    }
    if (parse_accept(parser, "REVOKE")) {
        return parse_grant(parser, statement, true);
    }
    if (parse_accept(parser, "KILL")) {
        return parse_kill(parser, statement);
    }
    if (parse_accept(parser, "SYSTEM")) {
        return parse_system(parser, statement);
    }
    for (size_t i = 0; refused[i] != NULL; i++) {
        if (parse_peek(parser, refused[i])) {
            return parse_refuse(parser, offset, "the statement %s", refused[i]);
        }
    }
    return parse_fail(parser);
}
