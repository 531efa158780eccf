/* paint.c: colours of SQL on a terminal: of its sixteen, those that can be read on light and dark. */
#include "client/paint.h"

#include "client/statement.h"

#include <stdlib.h>
#include <strings.h>

static const char *const keywords[] = {
    "ADD",       "ALL",      "ALTER",     "AND",       "ANTI",         "ANY",      "ARRAY",      "AS",
    "ASC",       "ASOF",     "ATTACH",    "BACKUP",    "BETWEEN",      "BY",       "CASE",       "CAST",
    "CLEAR",     "CODEC",    "COLUMN",    "COMMENT",   "CREATE",       "CROSS",    "CUBE",       "DATABASE",
    "DAY",       "DEFAULT",  "DELETE",    "DESC",      "DESCRIBE",     "DETACH",   "DICTIONARY", "DISTINCT",
    "DROP",      "ELSE",     "END",       "ENGINE",    "EXCEPT",       "EXISTS",   "EXPLAIN",    "FALSE",
    "FETCH",     "FILL",     "FINAL",     "FIRST",     "FOLLOWING",    "FOR",      "FORMAT",     "FREEZE",
    "FROM",      "FULL",     "GLOBAL",    "GRANT",     "GROUP",        "GROUPING", "HAVING",     "HOUR",
    "IF",        "ILIKE",    "IN",        "INDEX",     "INFILE",       "INNER",    "INSERT",     "INTERPOLATE",
    "INTERSECT", "INTERVAL", "INTO",      "IS",        "JOIN",         "KAFKA",    "KEY",        "KILL",
    "LAST",      "LEFT",     "LIKE",      "LIMIT",     "MATERIALIZED", "MINUTE",   "MODIFY",     "MONTH",
    "NOT",       "NULL",     "NULLS",     "OFFSET",    "ON",           "OPTIMIZE", "OR",         "ORDER",
    "OUTER",     "OUTFILE",  "OVER",      "PARTITION", "PRECEDING",    "PREWHERE", "PRIMARY",    "QUALIFY",
    "QUERY",     "RANGE",    "REDRIVE",   "RENAME",    "REPAIR",       "REPLACE",  "RESTORE",    "REVOKE",
    "RIGHT",     "ROLLUP",   "ROW",       "ROWS",      "SAMPLE",       "SECOND",   "SELECT",     "SEMI",
    "SET",       "SETS",     "SETTINGS",  "SHOW",      "SOURCE",       "SOURCES",  "STEP",       "SYSTEM",
    "TABLE",     "TABLES",   "TEMPORARY", "THEN",      "TIES",         "TO",       "TOTALS",     "TRACE",
    "TRUE",      "TRUNCATE", "TTL",       "UNBOUNDED", "UNION",        "UPDATE",   "USE",        "USER",
    "USING",     "VALUES",   "VERIFY",    "VIEW",      "WATERMARK",    "WEEK",     "WHEN",       "WHERE",
    "WINDOW",    "WITH",     "YEAR",
};

#define KEYWORD_COUNT (sizeof(keywords) / sizeof(keywords[0]))

const char *const *paint_keywords(size_t *count)
{
    *count = KEYWORD_COUNT;
    return keywords;
}

static int compare_word(const void *key, const void *item)
{
    const struct slice *word = key;
    const char *keyword = *(const char *const *)item;
    size_t length = strlen(keyword), shorter = word->length < length ? word->length : length;
    int order = strncasecmp(word->data, keyword, shorter);
    return order != 0 ? order : (word->length > length) - (word->length < length);
}

static bool is_keyword(struct slice word)
{
    return bsearch(&word, keywords, KEYWORD_COUNT, sizeof(keywords[0]), compare_word) != NULL;
}

/* A word behind which, spaces aside, a parenthesis opens. */
static bool is_called(struct slice text, size_t at)
{
    while (at < text.length && text.data[at] == ' ') {
        at++;
    }
    return at < text.length && text.data[at] == '(';
}

static const char *colour_of(struct slice text, const struct statement_token *token, size_t end)
{
    switch (token->kind) {
    case STATEMENT_COMMENT:
        return "90";
    case STATEMENT_STRING:
        return "32";
    case STATEMENT_NUMBER:
        return "35";
    case STATEMENT_END_VERTICAL:
        return "1";
    case STATEMENT_WORD:
        return is_keyword(token->text) ? "1;34" : is_called(text, end) ? "36" : NULL;
    case STATEMENT_SPACE:
    case STATEMENT_NAME:
    case STATEMENT_SYMBOL:
    default:
        return NULL;
    }
}

void paint_sql(struct slice text, size_t from, struct buffer *out)
{
    size_t at = 0;
    struct statement_token token;
    while (statement_token(text, &at, &token)) {
        if (at <= from) {
            continue;
        }
        size_t begin = (size_t)(token.text.data - text.data);
        size_t skipped = begin < from ? from - begin : 0;
        struct slice shown = slice_of(token.text.data + skipped, token.text.length - skipped);
        const char *colour = colour_of(text, &token, at);
        if (colour != NULL) {
            buffer_printf(out, "\x1b[%sm%.*s\x1b[0m", colour, SLICE_ARG(shown));
        } else {
            buffer_slice(out, shown);
        }
    }
}
