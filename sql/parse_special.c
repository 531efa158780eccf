/*
 * parse_special.c: functions that have a syntax of their own, turned into plain calls as ClickHouse does.
 *
 *   CASE WHEN a THEN b ELSE c END        multiIf(a, b, c); with an operand: caseWithExpression(x, a, b, c)
 *   CAST(x AS T), CAST(x, 'T')           CAST(x, 'T')
 *   INTERVAL 5 MINUTE                    toIntervalMinute(5)
 *   DATE '…', TIMESTAMP '…'              toDate('…'), toDateTime('…')
 *   EXTRACT(YEAR FROM x)                 toYear(x)
 *   SUBSTRING(x FROM a FOR b)            substring(x, a, b)
 *   TRIM(BOTH 'x' FROM y)                trimBoth(y, 'x')
 *   POSITION(a IN b)                     position(b, a)
 *   DATE_ADD(DAY, 1, x), DATEDIFF(…)     plus(x, toIntervalDay(1)), dateDiff('day', …)
 *   EXISTS(SELECT …)                     exists(…)
 */
#include "sql/parse.h"

struct unit {
    const char *const *names;
    const char *interval;
    const char *extract;
    const char *text;
};

static const struct unit units[] = {
    {(const char *const[]){"NANOSECOND", "NANOSECONDS", "SQL_TSI_NANOSECOND", "NS", NULL}, "toIntervalNanosecond", NULL,
     "nanosecond"},
    {(const char *const[]){"MICROSECOND", "MICROSECONDS", "SQL_TSI_MICROSECOND", "US", NULL}, "toIntervalMicrosecond",
     "toMicrosecond", "microsecond"},
    {(const char *const[]){"MILLISECOND", "MILLISECONDS", "SQL_TSI_MILLISECOND", "MS", NULL}, "toIntervalMillisecond",
     "toMillisecond", "millisecond"},
    {(const char *const[]){"SECOND", "SECONDS", "SQL_TSI_SECOND", "SS", "S", NULL}, "toIntervalSecond", "toSecond",
     "second"},
    {(const char *const[]){"MINUTE", "MINUTES", "SQL_TSI_MINUTE", "MI", "N", NULL}, "toIntervalMinute", "toMinute",
     "minute"},
    {(const char *const[]){"HOUR", "HOURS", "SQL_TSI_HOUR", "HH", "H", NULL}, "toIntervalHour", "toHour", "hour"},
    {(const char *const[]){"DAY", "DAYS", "SQL_TSI_DAY", "DD", "D", NULL}, "toIntervalDay", "toDayOfMonth", "day"},
    {(const char *const[]){"WEEK", "WEEKS", "SQL_TSI_WEEK", "WK", "WW", NULL}, "toIntervalWeek", "toWeek", "week"},
    {(const char *const[]){"MONTH", "MONTHS", "SQL_TSI_MONTH", "MM", "M", NULL}, "toIntervalMonth", "toMonth", "month"},
    {(const char *const[]){"QUARTER", "QUARTERS", "SQL_TSI_QUARTER", "QQ", "Q", NULL}, "toIntervalQuarter", "toQuarter",
     "quarter"},
    {(const char *const[]){"YEAR", "YEARS", "SQL_TSI_YEAR", "YYYY", "YY", NULL}, "toIntervalYear", "toYear", "year"},
};

static const struct unit *unit_of(struct token token)
{
    for (size_t i = 0; token.kind == TOKEN_WORD && i < sizeof(units) / sizeof(units[0]); i++) {
        if (word_in(token.text, units[i].names)) {
            return &units[i];
        }
    }
    return NULL;
}

static const struct unit *parse_unit(struct parser *parser)
{
    const struct unit *unit = unit_of(parser->token);
    if (unit == NULL) {
        parse_note(parser, "SECOND");
        parse_note(parser, "MINUTE");
        parse_note(parser, "HOUR");
        parse_note(parser, "DAY");
        parse_note(parser, "WEEK");
        parse_note(parser, "MONTH");
        parse_note(parser, "QUARTER");
        parse_note(parser, "YEAR");
        parse_note(parser, "MILLISECOND");
        parse_fail(parser);
        return NULL;
    }
    parse_advance(parser);
    return unit;
}

bool parse_span(struct parser *parser, struct ast_span *span)
{
    do {
        struct ast *number =
            parser->token.kind == TOKEN_NUMBER ? parse_number(parser, parser->token.offset, false) : NULL;
        const struct unit *unit = NULL;
        if (number == NULL || number->literal != AST_UINT || span->part_count == AST_SPAN_PARTS_MAX) {
            parse_note(parser, "a number");
            return parse_fail(parser);
        }
        unit = parse_unit(parser);
        if (unit == NULL) {
            return false;
        }
        span->numbers[span->part_count] = number->number;
        span->units[span->part_count++] = (uint8_t)(unit - units); /* in the order of enum interval_unit */
    } while (parser->token.kind == TOKEN_NUMBER);
    return true;
}

static struct ast *parse_case(struct parser *parser)
{
    struct ast *call = node_function(parser, parser->token.offset, "multiIf", NULL, 0);

    parse_advance(parser);
    if (call == NULL) {
        return NULL;
    }
    if (!parse_peek(parser, "WHEN")) {
        call->parts[0] = slice_text("caseWithExpression");
        if (!list_add(parser, &call->arguments, parse_expression(parser))) {
            return NULL;
        }
    }
    do {
        if (!parse_expect(parser, "WHEN") || !list_add(parser, &call->arguments, parse_expression(parser)) ||
            !parse_expect(parser, "THEN") || !list_add(parser, &call->arguments, parse_expression(parser))) {
            return NULL;
        }
    } while (parse_is(parser, "WHEN"));
    struct ast *otherwise = NULL;
    if (parse_accept(parser, "ELSE")) {
        otherwise = parse_expression(parser);
    } else {
        otherwise = node_new(parser, AST_LITERAL, parser->token.offset);
    }
    if (!list_add(parser, &call->arguments, otherwise) || !parse_expect(parser, "END")) {
        return NULL;
    }
    return node_finish(parser, call);
}

static struct ast *parse_cast(struct parser *parser)
{
    uint32_t offset = parser->token.offset;
    struct ast *arguments[2];

    parse_advance(parser);
    parse_advance(parser);
    arguments[0] = parse_expression(parser);
    if (arguments[0] == NULL) {
        return NULL;
    }
    if (parse_accept(parser, "AS")) {
        /* CAST(x AS T), or CAST(x AS alias AS T), or CAST(x AS alias, 'T') */
        struct token next = parse_next(parser);
        if (token_is_word(next, "AS") || next.kind == TOKEN_COMMA) {
            if (!parse_identifier(parser, "an alias", &arguments[0]->alias)) {
                return NULL;
            }
            parse_accept(parser, "AS");
        }
    }
    if (parse_accept_kind(parser, TOKEN_COMMA, "','")) {
        arguments[1] = parse_expression(parser);
    } else {
        struct slice type;
        uint32_t type_offset = parser->token.offset;
        arguments[1] = parse_type(parser, &type) ? node_text(parser, type_offset, type) : NULL;
    }
    if (arguments[1] == NULL || !parse_expect_kind(parser, TOKEN_CLOSE, "')'")) {
        return NULL;
    }
    return node_function(parser, offset, "CAST", arguments, 2);
}

/* One to 18 digits and nothing else. */
static bool digits_value(struct slice text, uint64_t *value)
{
    *value = 0;
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] < '0' || text.data[i] > '9') {
            return false;
        }
        *value = *value * 10 + (uint64_t)(text.data[i] - '0');
    }
    return text.length > 0 && text.length <= 18;
}

/* INTERVAL 5 MINUTE, INTERVAL '5' MINUTE, INTERVAL '5 minute 3 second', INTERVAL n + 1 DAY. */
static struct ast *parse_interval(struct parser *parser)
{
    uint32_t offset = parser->token.offset;
    struct ast *argument = NULL;

    parse_advance(parser);
    if (parser->token.kind == TOKEN_STRING && unit_of(parse_next(parser)) == NULL) {
        struct slice text;
        struct ast *sum = NULL;
        if (!parse_string(parser, "an interval", &text)) {
            return NULL;
        }
        struct lexer lexer;
        lexer_init(&lexer, text);
        for (struct token number = lexer_next(&lexer); number.kind != TOKEN_END; number = lexer_next(&lexer)) {
            bool negative = number.kind == TOKEN_MINUS;
            if (negative) {
                number = lexer_next(&lexer);
            }
            const struct unit *unit = unit_of(lexer_next(&lexer));
            uint64_t value = 0;
            if (number.kind != TOKEN_NUMBER || unit == NULL || !digits_value(number.text, &value)) {
                parse_fail_here(parser, "'%.*s' is no interval; write INTERVAL '5 minute' or INTERVAL 5 MINUTE",
                                SLICE_ARG(text));
                return NULL;
            }
            struct ast *count = node_uint(parser, offset, value);
            if (count != NULL && negative) {
                count->literal = AST_INT;
                count->number = (uint64_t)0 - value;
            }
            struct ast *part = node_function(parser, offset, unit->interval, &count, 1);
            struct ast *both[2] = {sum, part};
            sum = sum == NULL ? part : node_function(parser, offset, "plus", both, 2);
            if (sum == NULL) {
                return NULL;
            }
        }
        if (sum == NULL) {
            parse_fail_here(parser, "an empty interval");
        }
        return sum;
    }
    argument = parse_expression(parser);
    const struct unit *unit = argument == NULL ? NULL : parse_unit(parser);
    if (unit == NULL) {
        return NULL;
    }
    /* INTERVAL '5' MINUTE counts as INTERVAL 5 MINUTE */
    uint64_t value;
    if (argument->kind == AST_LITERAL && argument->literal == AST_STRING && digits_value(argument->text, &value)) {
        argument = node_uint(parser, argument->offset, value);
    }
    return node_function(parser, offset, unit->interval, &argument, 1);
}

static bool starts_interval(const struct parser *parser)
{
    static const char *const behind[] = {"END", "ASC", "DESC", "NULLS", "COLLATE", "FILL", "TIES", NULL};
    struct token next = parse_next(parser);
    switch (next.kind) {
    case TOKEN_NUMBER:
    case TOKEN_STRING:
    case TOKEN_OPEN:
    case TOKEN_QUOTED:
    case TOKEN_OPEN_CURLY:
        return true;
    case TOKEN_MINUS:
        return parse_after(parser, 2).kind == TOKEN_NUMBER && unit_of(parse_after(parser, 3)) != NULL;
    case TOKEN_WORD: /* ORDER BY interval DESC: a column */
        return !is_reserved_alias(next.text) && !word_in(next.text, behind);
    default:
        return false;
    }
}

static struct ast *parse_extract(struct parser *parser)
{
    uint32_t offset = parser->token.offset;

    parse_advance(parser);
    parse_advance(parser);
    const struct unit *unit = parse_unit(parser);
    if (unit == NULL || !parse_expect(parser, "FROM")) {
        return NULL;
    }
    if (unit->extract == NULL) {
        parse_refuse(parser, offset, "EXTRACT(%s FROM …)", unit->names[0]);
        return NULL;
    }
    struct ast *argument = parse_expression(parser);
    if (argument == NULL || !parse_expect_kind(parser, TOKEN_CLOSE, "')'")) {
        return NULL;
    }
    return node_function(parser, offset, unit->extract, &argument, 1);
}

static struct ast *parse_substring(struct parser *parser)
{
    uint32_t offset = parser->token.offset;
    struct ast *arguments[3] = {NULL};
    uint32_t count = 1;

    parse_advance(parser);
    parse_advance(parser);
    arguments[0] = parse_aliased(parser, false);
    if (arguments[0] == NULL) {
        return NULL;
    }
    bool is_from = parse_accept(parser, "FROM");
    while (count < 3 &&
           (is_from ? count == 1 || parse_accept(parser, "FOR") : parse_accept_kind(parser, TOKEN_COMMA, "','"))) {
        arguments[count] = parse_aliased(parser, false);
        if (arguments[count] == NULL) {
            return NULL;
        }
        count++;
    }
    if (!parse_expect_kind(parser, TOKEN_CLOSE, "')'")) {
        return NULL;
    }
    return node_function(parser, offset, "substring", arguments, count);
}

static struct ast *parse_trim(struct parser *parser)
{
    uint32_t offset = parser->token.offset;
    const char *name = "trimBoth";
    struct ast *arguments[2] = {NULL};
    bool side = true;

    parse_advance(parser);
    parse_advance(parser);
    if (parse_accept(parser, "LEADING")) {
        name = "trimLeft";
    } else if (parse_accept(parser, "TRAILING")) {
        name = "trimRight";
    } else {
        side = parse_accept(parser, "BOTH");
    }
    arguments[0] = parse_aliased(parser, false);
    if (arguments[0] == NULL) {
        return NULL;
    }
    uint32_t count = 1;
    if (side && parse_accept(parser, "FROM")) {
        arguments[1] = arguments[0];
        arguments[0] = parse_aliased(parser, false);
        count = 2;
    } else if (parse_accept_kind(parser, TOKEN_COMMA, "','")) {
        arguments[1] = parse_aliased(parser, false);
        count = 2;
    }
    if (arguments[0] == NULL || (count == 2 && arguments[1] == NULL) ||
        !parse_expect_kind(parser, TOKEN_CLOSE, "')'")) {
        return NULL;
    }
    return node_function(parser, offset, name, arguments, count);
}

/* POSITION(a IN b) was parsed as a call of in(a, b). */
static struct ast *parse_position_call(struct parser *parser)
{
    struct ast *call = NULL;
    uint32_t offset = parser->token.offset;
    struct ast_list list = {0};

    parse_advance(parser);
    parse_advance(parser);
    if (parser->token.kind != TOKEN_CLOSE && !parse_list(parser, &list)) {
        return NULL;
    }
    if (!parse_expect_kind(parser, TOKEN_CLOSE, "')'")) {
        return NULL;
    }
    if (list.count == 1 && list.items[0]->kind == AST_FUNCTION && list.items[0]->is_operator &&
        slice_is_word(list.items[0]->parts[0], "in")) {
        struct ast *swapped[2] = {list.items[0]->arguments.items[1], list.items[0]->arguments.items[0]};
        return node_function(parser, offset, "position", swapped, 2);
    }
    call = node_function(parser, offset, "position", NULL, 0);
    if (call != NULL) {
        call->arguments = list;
    }
    return node_finish(parser, call);
}

/* DATE_ADD(unit, n, x), DATE_ADD(x, INTERVAL n unit) and their kin. */
static struct ast *parse_date_add(struct parser *parser, const char *function)
{
    uint32_t offset = parser->token.offset;
    struct ast *arguments[2] = {NULL};
    const struct unit *unit;

    parse_advance(parser);
    parse_advance(parser);
    unit = unit_of(parser->token);
    if (unit != NULL && parse_next(parser).kind == TOKEN_COMMA) {
        parse_advance(parser);
        parse_advance(parser);
        struct ast *amount = parse_aliased(parser, false);
        if (amount == NULL || !parse_expect_kind(parser, TOKEN_COMMA, "','")) {
            return NULL;
        }
        arguments[0] = parse_aliased(parser, false);
        arguments[1] = node_function(parser, offset, unit->interval, &amount, 1);
    } else {
        arguments[0] = parse_aliased(parser, false);
        if (arguments[0] == NULL || !parse_expect_kind(parser, TOKEN_COMMA, "','")) {
            return NULL;
        }
        arguments[1] = parse_aliased(parser, false);
    }
    if (arguments[0] == NULL || arguments[1] == NULL || !parse_expect_kind(parser, TOKEN_CLOSE, "')'")) {
        return NULL;
    }
    return node_function(parser, offset, function, arguments, 2);
}

static struct ast *parse_date_diff(struct parser *parser, const char *function)
{
    uint32_t offset = parser->token.offset;

    parse_advance(parser);
    parse_advance(parser);
    struct ast *call = node_function(parser, offset, function, NULL, 0);
    const struct unit *unit = unit_of(parser->token);
    if (call == NULL) {
        return NULL;
    }
    if (unit != NULL && parse_next(parser).kind == TOKEN_COMMA) {
        if (!list_add(parser, &call->arguments, node_text(parser, parser->token.offset, slice_text(unit->text)))) {
            return NULL;
        }
        parse_advance(parser);
        parse_advance(parser);
    }
    if (!parse_list(parser, &call->arguments) || !parse_expect_kind(parser, TOKEN_CLOSE, "')'")) {
        return NULL;
    }
    return node_finish(parser, call);
}

static struct ast *parse_exists(struct parser *parser)
{
    uint32_t offset = parser->token.offset;
    struct ast *argument;

    parse_advance(parser);
    parse_advance(parser);
    if (parse_starts_query(parser)) {
        argument = node_new(parser, AST_SUBQUERY, parser->token.offset);
        if (argument == NULL || (argument->subquery = parse_select_query(parser)) == NULL) {
            return NULL;
        }
        argument = node_finish(parser, argument);
    } else { /* EXISTS((SELECT …)) */
        argument = parse_aliased(parser, false);
    }
    if (argument == NULL || !parse_expect_kind(parser, TOKEN_CLOSE, "')'")) {
        return NULL;
    }
    return node_function(parser, offset, "exists", &argument, 1);
}

/* Is the call's first argument, in (unit FROM …), a unit? */
static bool is_extract(const struct parser *parser)
{
    return token_is_word(parse_after(parser, 3), "FROM");
}

struct ast *parse_special(struct parser *parser)
{
    static const char *const add[] = {"DATE_ADD", "DATEADD", "TIMESTAMP_ADD", "TIMESTAMPADD", NULL};
    static const char *const subtract[] = {"DATE_SUB", "DATESUB", "TIMESTAMP_SUB", "TIMESTAMPSUB", NULL};
    static const char *const difference[] = {"DATE_DIFF", "DATEDIFF", "TIMESTAMP_DIFF", "TIMESTAMPDIFF", NULL};
    struct token token = parser->token;
    struct token next = parse_next(parser);
    bool call = next.kind == TOKEN_OPEN;

    if (token_is_word(token, "CASE") && next.kind != TOKEN_COMMA && next.kind != TOKEN_DOT && next.kind != TOKEN_END &&
        next.kind != TOKEN_CLOSE) {
        return parse_case(parser);
    }
    if (token_is_word(token, "INTERVAL") && starts_interval(parser)) {
        return parse_interval(parser);
    }
    if (next.kind == TOKEN_STRING && (token_is_word(token, "DATE") || token_is_word(token, "TIMESTAMP"))) {
        bool is_date = token_is_word(token, "DATE");
        struct slice text;
        parse_advance(parser);
        if (!parse_string(parser, "a date", &text)) {
            return NULL;
        }
        struct ast *argument = node_text(parser, next.offset, text);
        return node_function(parser, token.offset, is_date ? "toDate" : "toDateTime", &argument, 1);
    }
    if (!call) {
        return NULL;
    }
    if (token_is_word(token, "CAST")) {
        return parse_cast(parser);
    }
    if (token_is_word(token, "EXTRACT") && is_extract(parser)) {
        return parse_extract(parser);
    }
    if (token_is_word(token, "SUBSTRING") || token_is_word(token, "SUBSTR") || token_is_word(token, "MID")) {
        return parse_substring(parser);
    }
    if (token_is_word(token, "TRIM")) {
        return parse_trim(parser);
    }
    if (token_is_word(token, "POSITION")) {
        return parse_position_call(parser);
    }
    if (token_is_word(token, "EXISTS")) {
        return parse_exists(parser);
    }
    if (word_in(token.text, add)) {
        return parse_date_add(parser, "plus");
    }
    if (word_in(token.text, subtract)) {
        return parse_date_add(parser, "minus");
    }
    if (word_in(token.text, difference)) {
        return parse_date_diff(parser, "dateDiff");
    }
    if (token_is_word(token, "AGE")) {
        return parse_date_diff(parser, "age");
    }
    return NULL;
}
