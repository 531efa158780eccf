/*
 * parse_select.c: SELECT with all of its clauses, UNION, WITH, FROM.
 */
#include "sql/parse.h"

bool parse_starts_query(const struct parser *parser)
{
    struct token next = parse_next(parser);
    if (token_is_word(parser->token, "SELECT") || token_is_word(parser->token, "WITH")) {
        return next.kind != TOKEN_COMMA && next.kind != TOKEN_DOT && next.kind != TOKEN_CLOSE &&
               next.kind != TOKEN_END && next.kind != TOKEN_EQUALS;
    }
    /* FROM t SELECT a */
    return token_is_word(parser->token, "FROM") &&
           (next.kind == TOKEN_WORD || next.kind == TOKEN_QUOTED || next.kind == TOKEN_OPEN);
}

bool parse_settings(struct parser *parser, struct ast_settings *settings)
{
    do {
        struct ast_setting *setting = array_add(parser, &settings->items, &settings->count, sizeof(*setting));
        if (setting == NULL) {
            return false;
        }
        setting->offset = parser->token.offset;
        uint32_t begin = parser->token.offset;
        struct slice name;
        if (!parse_identifier(parser, "a setting's name", &name)) {
            return false;
        }
        while (parse_accept_kind(parser, TOKEN_DOT, "'.'")) { /* param.x, kafka.fetch.min.bytes */
            struct slice part;
            if (!parse_identifier(parser, "a setting's name", &part)) {
                return false;
            }
            name = slice_of(parser->text.data + begin, parser->previous_end - begin);
        }
        setting->name = name;
        if (!parse_accept_kind(parser, TOKEN_EQUALS, "'='")) {
            /* "SET x" without a value is x = 1 in ClickHouse, for SETTINGS too */
            if (parser->token.kind != TOKEN_COMMA && parser->token.kind != TOKEN_END &&
                parser->token.kind != TOKEN_SEMICOLON && parser->token.kind != TOKEN_CLOSE &&
                !parse_peek(parser, "FORMAT") && !parse_peek(parser, "AS")) {
                return parse_fail(parser);
            }
            setting->value = node_uint(parser, setting->offset, 1);
        } else if (parse_accept(parser, "DEFAULT")) {
            setting->value = NULL;
        } else {
            setting->value = parse_literal(parser);
            if (setting->value == NULL) {
                enum token_kind opens = parser->token.kind;
                enum token_kind next = parse_next(parser).kind;
                if (parser->err == NULL && opens == TOKEN_OPEN_CURLY &&
                    (next == TOKEN_STRING || next == TOKEN_CLOSE_CURLY)) {
                    setting->value = parse_map(parser);
                } else if (parser->err == NULL && (opens == TOKEN_OPEN_SQUARE || opens == TOKEN_OPEN_CURLY)) {
                    setting->value = parse_expression(parser);
                }
                if (setting->value == NULL) {
                    parse_note(parser, "a number or string");
                    return parse_fail(parser);
                }
            }
        }
    } while (parse_accept_kind(parser, TOKEN_COMMA, "','"));
    return true;
}

/* ---- FROM */

static bool parse_sample_number(struct parser *parser, struct ast **out)
{
    *out = parse_expression(parser);
    return *out != NULL;
}

static bool parse_table(struct parser *parser, struct ast_table *table)
{
    table->offset = parser->token.offset;
    if (parser->token.kind == TOKEN_WORD && slice_equal(parser->token.text, slice_text("view")) &&
        parse_next(parser).kind == TOKEN_OPEN) { /* view(SELECT …) is the subquery alone */
        parse_advance(parser);
        parse_advance(parser);
        if (!parse_starts_query(parser)) {
            parse_note(parser, "SELECT");
            return parse_fail(parser);
        }
        table->subquery = parse_select_query(parser);
        if (table->subquery == NULL || !parse_expect_kind(parser, TOKEN_CLOSE, "')'")) {
            return false;
        }
    } else if (parser->token.kind == TOKEN_OPEN) {
        struct token next = parse_next(parser);
        if (next.kind != TOKEN_OPEN && next.kind != TOKEN_WORD) {
            parse_advance(parser);
            parse_note(parser, "SELECT");
            return parse_fail(parser);
        }
        parse_advance(parser);
        if (next.kind == TOKEN_WORD && !parse_starts_query(parser)) {
            return parse_refuse(parser, next.offset, "a table or join in parentheses");
        }
        table->subquery = parse_select_query(parser);
        if (table->subquery == NULL || !parse_expect_kind(parser, TOKEN_CLOSE, "')'")) {
            return false;
        }
    } else if ((parser->token.kind == TOKEN_WORD || parser->token.kind == TOKEN_QUOTED) &&
               parse_next(parser).kind == TOKEN_OPEN) {
        struct ast *call = parse_expression(parser);
        if (call == NULL) {
            return false;
        }
        if (call->kind != AST_FUNCTION || call->is_operator) {
            return parse_fail_here(parser, "a table function was expected");
        }
        table->function = call;
    } else {
        struct ast *database = NULL;
        struct ast *name = NULL;
        /* words that never follow FROM for anything else */
        static const char *const names[] = {"FINAL", "SAMPLE", "FILTER",  "VALUES",  "TTL",    "ONLY", "EMIT",
                                            "APPLY", "OVER",   "ALLOWED", "REPLACE", "IGNORE", NULL};
        if (parser->token.kind == TOKEN_WORD && is_reserved_alias(parser->token.text) &&
            !word_in(parser->token.text, names)) {
            parse_note(parser, "a table name");
            return parse_fail(parser);
        }
        if (!parse_table_name(parser, "a table name", &table->database, &table->name, &database, &name)) {
            return false;
        }
        table->database_parameter = database;
        table->name_parameter = name;
    }
    bool has_final = parse_accept(parser, "FINAL");
    if (!parse_alias(parser, true, &table->alias)) {
        return false;
    }
    if (table->alias.length > 0 && parser->token.kind == TOKEN_OPEN) {
        parse_advance(parser);
        do {
            struct slice *name = array_add(parser, &table->column_aliases, &table->column_alias_count, sizeof(*name));
            if (name == NULL || !parse_identifier(parser, "a column alias", name)) {
                return false;
            }
        } while (parse_accept_kind(parser, TOKEN_COMMA, "','"));
        if (!parse_expect_kind(parser, TOKEN_CLOSE, "')'")) {
            return false;
        }
    }
    table->final = has_final || parse_accept(parser, "FINAL");
    if (parse_accept(parser, "SAMPLE")) {
        if (!parse_sample_number(parser, &table->sample) ||
            (parse_accept(parser, "OFFSET") && !parse_sample_number(parser, &table->sample_offset))) {
            return false;
        }
    }
    return true;
}

/* The words of a join, up to JOIN; 0: none stands here. */
static uint32_t join_words(const struct parser *parser)
{
    static const char *const words[] = {"GLOBAL", "LOCAL", "ANY",   "ALL",     "ASOF",  "SEMI",
                                        "ANTI",   "ONLY",  "INNER", "LEFT",    "RIGHT", "FULL",
                                        "CROSS",  "OUTER", "PASTE", "NATURAL", "ARRAY", NULL};
    static const char *const sides[] = {"INNER", "LEFT", "RIGHT", "FULL", "CROSS", "PASTE", NULL};
    struct lexer lexer = parser->lexer;
    struct token token = parser->token;
    uint32_t side_count = 0; /* one join has one of them */
    for (uint32_t count = 1; count <= 6; count++) {
        if (token_is_word(token, "JOIN")) {
            return side_count <= 1 ? count : 0;
        }
        if (token.kind != TOKEN_WORD || !word_in(token.text, words)) {
            return 0;
        }
        side_count += word_in(token.text, sides) ? 1 : 0;
        token = lexer_next(&lexer);
    }
    return 0;
}

/* CROSS, PASTE and NATURAL JOIN stand without ON and USING. */
static bool joins_without_condition(struct slice words)
{
    static const char *const without[] = {"CROSS", "PASTE", "NATURAL", NULL};
    for (size_t begin = 0, at = 0; at <= words.length; at++) {
        if (at == words.length || words.data[at] <= ' ') {
            if (word_in(slice_of(words.data + begin, at - begin), without)) {
                return true;
            }
            begin = at + 1;
        }
    }
    return false;
}

static bool parse_join_condition(struct parser *parser, struct ast_table *table)
{
    if (joins_without_condition(table->join)) {
        return true;
    }
    if (parse_accept(parser, "ON")) {
        table->on = parse_expression(parser);
        return table->on != NULL;
    }
    if (parse_accept(parser, "USING")) {
        bool open = parse_accept_kind(parser, TOKEN_OPEN, "'('");
        return parse_list(parser, &table->using) && (!open || parse_expect_kind(parser, TOKEN_CLOSE, "')'"));
    }
    return parse_fail(parser);
}

static bool parse_from(struct parser *parser, struct ast_select *select)
{
    struct ast_table *table = array_add(parser, &select->tables, &select->table_count, sizeof(*table));
    if (table == NULL || !parse_table(parser, table)) {
        return false;
    }
    while (true) {
        uint32_t words = join_words(parser);
        bool comma = parser->token.kind == TOKEN_COMMA;
        parse_note(parser, "JOIN");
        if (words == 0 && !comma) {
            return true;
        }
        table = array_add(parser, &select->tables, &select->table_count, sizeof(*table));
        if (table == NULL) {
            return false;
        }
        table->join_offset = parser->token.offset;
        bool is_array = false;
        for (uint32_t i = 0; i < (comma ? 1 : words); i++) {
            is_array = is_array || token_is_word(parser->token, "ARRAY");
            parse_advance(parser);
        }
        table->join = slice_of(parser->text.data + table->join_offset, parser->previous_end - table->join_offset);
        if (is_array) {
            table->offset = parser->token.offset;
            if (!parse_list(parser, &table->array_join)) {
                return false;
            }
        } else if (!parse_table(parser, table) || (!comma && !parse_join_condition(parser, table))) {
            return false;
        }
    }
}

/* ---- clauses */

static bool parse_with(struct parser *parser, struct ast_select *select)
{
    select->recursive = parse_accept(parser, "RECURSIVE");
    do {
        struct ast_with *with = array_add(parser, &select->with, &select->with_count, sizeof(*with));
        if (with == NULL) {
            return false;
        }
        with->offset = parser->token.offset;
        bool is_name = parser->token.kind == TOKEN_WORD || parser->token.kind == TOKEN_QUOTED;
        if (is_name && token_is_word(parse_next(parser), "AS") && parse_after(parser, 2).kind == TOKEN_OPEN) {
            if (!parse_identifier(parser, "a name", &with->name)) {
                return false;
            }
            parse_advance(parser);
            parse_advance(parser);
            with->query = parse_select_query(parser);
            if (with->query == NULL || !parse_expect_kind(parser, TOKEN_CLOSE, "')'")) {
                return false;
            }
            continue;
        }
        with->expression = parse_aliased(parser, false);
        if (with->expression == NULL) {
            return false;
        }
        if (with->expression->alias.length == 0) {
            parse_note(parser, "AS");
            return parse_fail(parser);
        }
        with->name = with->expression->alias;
    } while (parse_accept_kind(parser, TOKEN_COMMA, "','"));
    return true;
}

static bool parse_select_list(struct parser *parser, struct ast_list *list)
{
    do {
        if (list->count > 0 &&
            (parse_peek(parser, "FROM") || parser->token.kind == TOKEN_CLOSE || parser->token.kind == TOKEN_END)) {
            return true; /* a comma too many */
        }
        if (!list_add(parser, list, parse_aliased(parser, true))) {
            return false;
        }
    } while (parse_accept_kind(parser, TOKEN_COMMA, "','"));
    return true;
}

static bool parse_group_by(struct parser *parser, struct ast_select *select)
{
    bool open = false;

    select->grouped = true;
    if (parse_peek(parser, "ALL") && parse_next(parser).kind != TOKEN_COMMA && parse_next(parser).kind != TOKEN_DOT) {
        parse_advance(parser);
        select->group_kind = AST_GROUP_ALL;
    } else if (parse_accept(parser, "GROUPING SETS")) {
        select->group_kind = AST_GROUP_SETS;
        if (!parse_expect_kind(parser, TOKEN_OPEN, "'('")) {
            return false;
        }
        do {
            struct ast_list *set = array_add(parser, &select->grouping_sets, &select->grouping_set_count, sizeof(*set));
            if (set == NULL || !list_add(parser, set, parse_expression(parser))) {
                return false;
            }
        } while (parse_accept_kind(parser, TOKEN_COMMA, "','"));
        if (!parse_expect_kind(parser, TOKEN_CLOSE, "')'")) {
            return false;
        }
    } else {
        if ((parse_peek(parser, "ROLLUP") || parse_peek(parser, "CUBE")) && parse_next(parser).kind == TOKEN_OPEN) {
            select->group_kind = parse_peek(parser, "ROLLUP") ? AST_GROUP_ROLLUP : AST_GROUP_CUBE;
            parse_advance(parser);
            parse_advance(parser);
            open = true;
        }
        if (!parse_list(parser, &select->group_by) || (open && !parse_expect_kind(parser, TOKEN_CLOSE, "')'"))) {
            return false;
        }
    }
    while (parse_is(parser, "WITH") && !parse_peek(parser, "WITH TIES") && !parse_peek(parser, "WITH FILL")) {
        select->totals_offset = parser->token.offset;
        bool rollup = parse_accept(parser, "WITH ROLLUP");
        if (rollup || parse_accept(parser, "WITH CUBE")) {
            if (select->group_kind != AST_GROUP_PLAIN) {
                return parse_refuse(parser, select->totals_offset, "WITH ROLLUP or WITH CUBE after GROUP BY %s",
                                    select->group_kind == AST_GROUP_ALL    ? "ALL"
                                    : select->group_kind == AST_GROUP_SETS ? "GROUPING SETS"
                                                                           : "ROLLUP or CUBE");
            }
            select->group_kind = rollup ? AST_GROUP_ROLLUP : AST_GROUP_CUBE;
        } else if (parse_accept(parser, "WITH TOTALS")) {
            select->with_totals = true;
        } else {
            return parse_fail(parser);
        }
    }
    return true;
}

static bool parse_fill(struct parser *parser, struct ast_order *order)
{
    order->has_fill = true;
    if ((parse_accept(parser, "FROM") && (order->fill_from = parse_expression(parser)) == NULL) ||
        (parse_accept(parser, "TO") && (order->fill_to = parse_expression(parser)) == NULL) ||
        (parse_accept(parser, "STEP") && (order->fill_step = parse_expression(parser)) == NULL)) {
        return false;
    }
    if (parser->err == NULL && parse_is(parser, "STALENESS")) {
        return parse_refuse(parser, parser->token.offset, "WITH FILL … STALENESS");
    }
    return parser->err == NULL;
}

static bool parse_interpolate(struct parser *parser, struct ast_select *select)
{
    select->has_interpolate = true;
    if (!parse_accept_kind(parser, TOKEN_OPEN, "'('")) {
        return true;
    }
    while (parser->token.kind != TOKEN_CLOSE) {
        struct ast_interpolation *item =
            array_add(parser, &select->interpolations, &select->interpolation_count, sizeof(*item));
        if (item == NULL) {
            return false;
        }
        item->offset = parser->token.offset;
        if (!parse_identifier(parser, "a column", &item->name) ||
            (parse_accept(parser, "AS") && (item->expression = parse_expression(parser)) == NULL)) {
            return false;
        }
        if (!parse_accept_kind(parser, TOKEN_COMMA, "','")) {
            break;
        }
    }
    return parse_expect_kind(parser, TOKEN_CLOSE, "')'");
}

bool parse_order_list(struct parser *parser, struct ast_order **orders, uint32_t *count)
{
    do {
        struct ast_order *order = array_add(parser, orders, count, sizeof(*order));
        if (order == NULL) {
            return false;
        }
        order->offset = parser->token.offset;
        order->expression = parse_aliased(parser, false);
        if (order->expression == NULL) {
            return false;
        }
        if (parse_accept(parser, "DESC") || parse_accept(parser, "DESCENDING")) {
            order->descending = true;
        } else if (!parse_accept(parser, "ASC")) {
            parse_accept(parser, "ASCENDING");
        }
        if (parse_accept(parser, "NULLS FIRST")) {
            order->nulls = 1;
        } else if (parse_accept(parser, "NULLS LAST")) {
            order->nulls = -1;
        }
        if (parse_accept(parser, "COLLATE") && !parse_string(parser, "a collation", &order->collation)) {
            return false;
        }
        if (parse_accept(parser, "WITH FILL") && !parse_fill(parser, order)) {
            return false;
        }
    } while (parse_accept_kind(parser, TOKEN_COMMA, "','"));
    return true;
}

/* LIMIT n, LIMIT n OFFSET m, LIMIT m, n; each with BY, or WITH TIES. */
static bool parse_one_limit(struct parser *parser, struct ast_select *select)
{
    uint32_t position = parser->previous_end;
    struct ast *count = parse_expression(parser);
    struct ast *offset = NULL;

    if (count == NULL) {
        return false;
    }
    if (parse_accept_kind(parser, TOKEN_COMMA, "','")) {
        offset = count;
        count = parse_expression(parser);
    } else if (parse_accept(parser, "OFFSET")) {
        offset = parse_expression(parser);
        if (offset == NULL) {
            return false;
        }
        if (!parse_accept(parser, "ROWS")) {
            parse_accept(parser, "ROW");
        }
    }
    if (count == NULL) {
        return false;
    }
    if (select->limit_by.count == 0 && parse_accept(parser, "BY")) {
        select->limit_by_count = count;
        select->limit_by_offset = offset;
        return parse_list(parser, &select->limit_by);
    }
    select->limit = count;
    select->limit_offset = offset;
    select->limit_position = position;
    select->with_ties = parse_accept(parser, "WITH TIES");
    return true;
}

static bool parse_limits(struct parser *parser, struct ast_select *select)
{
    while (select->limit == NULL && parse_accept(parser, "LIMIT")) {
        if (!parse_one_limit(parser, select)) {
            return false;
        }
    }
    if (select->limit_offset == NULL && parse_accept(parser, "OFFSET")) {
        select->limit_position = parser->previous_end;
        select->limit_offset = parse_expression(parser);
        if (select->limit_offset == NULL) {
            return false;
        }
        if (!parse_accept(parser, "ROWS")) {
            parse_accept(parser, "ROW");
        }
    }
    if (select->limit == NULL && parse_accept(parser, "FETCH")) {
        if (!parse_accept(parser, "FIRST") && !parse_expect(parser, "NEXT")) {
            return false;
        }
        select->limit_position = parser->previous_end;
        select->limit = parse_peek(parser, "ROW") || parse_peek(parser, "ROWS")
                            ? node_uint(parser, parser->token.offset, 1)
                            : parse_expression(parser);
        if (select->limit == NULL || (!parse_accept(parser, "ROWS") && !parse_expect(parser, "ROW"))) {
            return false;
        }
        select->with_ties = parse_accept(parser, "WITH TIES");
        if (!select->with_ties && !parse_expect(parser, "ONLY")) {
            return false;
        }
    }
    return true;
}

static bool parse_distinct(struct parser *parser, struct ast_select *select)
{
    if (parse_peek(parser, "DISTINCT") && parse_next(parser).kind != TOKEN_COMMA) {
        parse_advance(parser);
        select->distinct = true;
        if (parse_accept(parser, "ON")) {
            if (!parse_expect_kind(parser, TOKEN_OPEN, "'('") || !parse_list(parser, &select->distinct_on) ||
                !parse_expect_kind(parser, TOKEN_CLOSE, "')'")) {
                return false;
            }
            select->distinct = false;
        }
    } else if (parse_peek(parser, "ALL") && parse_next(parser).kind != TOKEN_COMMA &&
               parse_next(parser).kind != TOKEN_DOT && !token_is_word(parse_next(parser), "FROM")) {
        parse_advance(parser);
    }
    if (parse_peek(parser, "TOP") && parse_next(parser).kind == TOKEN_NUMBER) {
        parse_advance(parser);
        select->limit_position = parser->token.offset;
        select->limit = parse_literal(parser);
        select->with_ties = select->limit != NULL && parse_accept(parser, "WITH TIES");
        return select->limit != NULL;
    }
    return true;
}

/* ALLOWED LATENESS [INTERVAL] n unit: of the first table's rows. */
static bool parse_lateness(struct parser *parser, struct ast_select *select)
{
    uint32_t offset = parser->token.offset;
    if (!parse_accept(parser, "ALLOWED LATENESS")) {
        return true;
    }
    if (select->table_count == 0) {
        return parse_fail_here(parser, "ALLOWED LATENESS is of the rows of a table: there is no FROM");
    }
    select->tables[0].late_bounded = true;
    select->tables[0].lateness_offset = offset;
    return parse_time(parser, &select->tables[0].lateness_us);
}

static bool parse_select_clauses(struct parser *parser, struct ast_select *select)
{
    if (parse_accept(parser, "WITH") && !parse_with(parser, select)) {
        return false;
    }
    bool has_from = parse_peek(parser, "FROM");
    if (has_from) {
        parse_advance(parser);
        if (!parse_from(parser, select)) {
            return false;
        }
    }
    if (!parse_expect(parser, "SELECT") || !parse_distinct(parser, select) ||
        !parse_select_list(parser, &select->columns)) {
        return false;
    }
    if (!has_from && parse_accept(parser, "FROM") && !parse_from(parser, select)) {
        return false;
    }
    if (parse_accept(parser, "PREWHERE") && (select->prewhere = parse_expression(parser)) == NULL) {
        return false;
    }
    if (parse_accept(parser, "WHERE") && (select->where = parse_expression(parser)) == NULL) {
        return false;
    }
    select->group_offset = parser->token.offset;
    if (parse_accept(parser, "GROUP BY") && !parse_group_by(parser, select)) {
        return false;
    }
    if (parse_peek(parser, "WITH TOTALS")) {
        select->totals_offset = parser->token.offset;
        parse_accept(parser, "WITH TOTALS");
        select->with_totals = true;
    }
    if (parse_accept(parser, "HAVING") && (select->having = parse_expression(parser)) == NULL) {
        return false;
    }
    if (parse_accept(parser, "WINDOW") && !parse_windows(parser, select)) {
        return false;
    }
    if (parse_accept(parser, "QUALIFY") && (select->qualify = parse_expression(parser)) == NULL) {
        return false;
    }
    if (!parse_lateness(parser, select)) {
        return false;
    }
    if (parse_accept(parser, "ORDER BY")) {
        struct token next = parse_next(parser);
        if (parse_peek(parser, "ALL") && next.kind != TOKEN_COMMA && next.kind != TOKEN_DOT) {
            parse_advance(parser);
            select->order_by_all = true;
            struct ast_order *order = array_add(parser, &select->order_by, &select->order_count, sizeof(*order));
            if (order == NULL) {
                return false;
            }
            order->descending = parse_accept(parser, "DESC");
            if (!order->descending) {
                parse_accept(parser, "ASC");
            }
            order->nulls = parse_accept(parser, "NULLS FIRST") ? 1 : parse_accept(parser, "NULLS LAST") ? -1 : 0;
        } else if (!parse_order_list(parser, &select->order_by, &select->order_count)) {
            return false;
        }
        bool has_fill = false;
        for (uint32_t i = 0; i < select->order_count; i++) {
            has_fill = has_fill || select->order_by[i].has_fill;
        }
        if (has_fill && parse_accept(parser, "INTERPOLATE") && !parse_interpolate(parser, select)) {
            return false;
        }
    }
    if (!parse_limits(parser, select)) {
        return false;
    }
    return !parse_accept(parser, "SETTINGS") || parse_settings(parser, &select->settings);
}

struct ast_select *parse_select(struct parser *parser)
{
    struct ast_select *select = ARENA_NEW(parser->arena, struct ast_select);

    if (select == NULL) {
        parse_oom(parser);
        return NULL;
    }
    select->offset = parser->token.offset;
    return parse_select_clauses(parser, select) ? select : NULL;
}

/* ---- UNION */

static bool parse_part(struct parser *parser, struct ast_query_part *part)
{
    part->offset = parser->token.offset;
    if (parser->token.kind == TOKEN_OPEN) {
        parse_advance(parser);
        part->query = parse_select_query(parser);
        return part->query != NULL && parse_expect_kind(parser, TOKEN_CLOSE, "')'");
    }
    part->select = parse_select(parser);
    return part->select != NULL;
}

static struct ast_query *parse_parts(struct parser *parser, struct ast_query *query)
{
    while (true) {
        enum ast_set_operation operation;
        if (parse_accept(parser, "UNION")) {
            operation = parse_accept(parser, "ALL")        ? AST_UNION_ALL
                        : parse_accept(parser, "DISTINCT") ? AST_UNION_DISTINCT
                                                           : AST_UNION;
        } else if (parse_accept(parser, "INTERSECT")) {
            operation = AST_INTERSECT;
        } else if (parse_accept(parser, "EXCEPT")) {
            operation = AST_EXCEPT_SET;
        } else {
            break;
        }
        if (operation >= AST_INTERSECT && !parse_accept(parser, "ALL") && parse_accept(parser, "DISTINCT")) {
            operation++; /* …_DISTINCT */
        }
        struct ast_query_part *part = array_add(parser, &query->parts, &query->part_count, sizeof(*part));
        if (part == NULL || !parse_part(parser, part)) {
            return NULL;
        }
        part->operation = operation;
    }
    query->end = parser->previous_end;
    query->depth = parser->deepest + 1;
    if (query->depth > SQL_DEPTH_MAX) {
        err_keep_first(&parser->err,
                       err_new(ERR_TOO_DEEP_AST, "the query is deeper than %u levels (max_ast_depth)", SQL_DEPTH_MAX));
        return NULL;
    }
    return query;
}

struct ast_query *parse_query_rest(struct parser *parser, struct ast_query *first)
{
    struct ast_query *query = ARENA_NEW(parser->arena, struct ast_query);
    if (query == NULL) {
        parse_oom(parser);
        return NULL;
    }
    query->offset = first->offset;
    struct ast_query_part *part = array_add(parser, &query->parts, &query->part_count, sizeof(*part));
    if (part == NULL) {
        return NULL;
    }
    part->query = first;
    part->offset = first->offset;
    return parse_parts(parser, query);
}

struct ast_query *parse_select_query(struct parser *parser)
{
    struct ast_query *query = ARENA_NEW(parser->arena, struct ast_query);

    if (query == NULL) {
        parse_oom(parser);
        return NULL;
    }
    if (!parse_enter(parser)) {
        return NULL;
    }
    uint32_t deepest_outside = parser->deepest;
    parser->deepest = 0;
    query->offset = parser->token.offset;
    struct ast_query_part *part = array_add(parser, &query->parts, &query->part_count, sizeof(*part));
    query = part != NULL && parse_part(parser, part) ? parse_parts(parser, query) : NULL;
    if (query != NULL) {
        parser->deepest = query->depth > deepest_outside ? query->depth : deepest_outside;
    }
    parse_leave(parser);
    return query;
}
