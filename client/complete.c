/*
 * complete.c: completion: columns of the statement's tables, tables, databases, functions, settings, formats, keywords.
 *
 * The names are asked for when the first word is completed, and again after statements that change tables.
 * memory   all names as one text of lines "kind TAB owner TAB name", at most NAMES_BYTES_MAX
 */
#include "client/complete.h"

#include "client/paint.h"
#include "client/statement.h"

#include <stdlib.h>

#define NAMES_BYTES_MAX ((size_t)16 << 20)

static const char functions_query[] =
    "SELECT 'f', '', name FROM system.functions UNION ALL SELECT 's', '', name FROM system.settings FORMAT TSVRaw";
static const char tables_query[] = "SELECT 'd', '', name FROM system.databases UNION ALL "
                                   "SELECT 't', database, name FROM system.tables UNION ALL "
                                   "SELECT 'c', table, name FROM system.columns FORMAT TSVRaw";
static const char *const formats[] = {
    "Arrow",
    "ArrowStream",
    "CSV",
    "CSVWithNames",
    "CSVWithNamesAndTypes",
    "JSON",
    "JSONColumns",
    "JSONCompact",
    "JSONCompactEachRow",
    "JSONEachRow",
    "JSONStrings",
    "LineAsString",
    "Markdown",
    "Native",
    "Null",
    "Parquet",
    "Pretty",
    "PrettyCompact",
    "PrettySpace",
    "Prometheus",
    "RowBinary",
    "RowBinaryWithNamesAndTypes",
    "TSKV",
    "TabSeparated",
    "TabSeparatedRaw",
    "TabSeparatedWithNames",
    "TabSeparatedWithNamesAndTypes",
    "Values",
    "Vertical",
    "XML",
};

struct completer {
    struct session *session;
    struct buffer fixed;  /* functions and settings */
    struct buffer tables; /* databases, tables, columns */
    bool fixed_known, tables_known;
};

struct completer *completer_create(struct session *session)
{
    struct completer *completer = calloc(1, sizeof(*completer));
    if (completer != NULL) {
        completer->session = session;
    }
    return completer;
}

void completer_destroy(struct completer *completer)
{
    if (completer != NULL) {
        buffer_deinit(&completer->fixed);
        buffer_deinit(&completer->tables);
        free(completer);
    }
}

void completer_forget(struct completer *completer)
{
    completer->tables_known = false;
}

static bool keep_names(void *user, const char *data, size_t bytes)
{
    struct buffer *names = user;
    buffer_append(names, data, bytes);
    return !names->failed && names->length <= NAMES_BYTES_MAX;
}

/* Names that the server does not tell (it is gone, the user may not) are no candidates. */
static void ask(struct completer *completer, const char *sql, struct buffer *names)
{
    struct weir_reply reply;
    struct weir_query query = {.text = slice_text(sql), .sink = keep_names, .user = names};
    names->length = 0;
    struct err *err = weir_client_query(completer->session->client, &query, &reply);
    if (err != NULL) {
        names->length = 0;
        err_free(err);
    }
}

static bool is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* The last run of such bytes that ends at `end`. */
static struct slice word_before(struct slice text, size_t end)
{
    size_t begin = end;
    while (begin > 0 && is_name_byte(text.data[begin - 1])) {
        begin--;
    }
    return slice_of(text.data + begin, end - begin);
}

static bool begins(struct slice name, struct slice word)
{
    return name.length >= word.length && (word.length == 0 || strncasecmp(name.data, word.data, word.length) == 0);
}

static void add(struct buffer *out, struct slice name, const char *behind)
{
    for (size_t at = 0; at < out->length;) { /* each once: they are few */
        const char *feed = memchr(out->data + at, '\n', out->length - at);
        size_t length = (size_t)(feed - (out->data + at));
        if (length >= name.length && memcmp(out->data + at, name.data, name.length) == 0 &&
            length - name.length == strlen(behind)) {
            return;
        }
        at += length + 1;
    }
    buffer_slice(out, name);
    buffer_text(out, behind);
    buffer_char(out, '\n');
}

/* Does the statement name this table? */
static bool is_named(struct slice text, struct slice table)
{
    size_t at = 0;
    struct statement_token token;
    while (statement_token(text, &at, &token)) {
        if (slice_equal(token.text, table)) {
            return true;
        }
    }
    return false;
}

struct wanted {
    struct slice text, word;
    const char *kinds;
    struct slice owner; /* of tables and columns; empty: any */
    bool columns_of_named_tables;
};

static void add_names(const struct wanted *wanted, const struct buffer *names, struct buffer *out)
{
    for (size_t at = 0; at < names->length;) {
        const char *line = names->data + at, *feed = memchr(line, '\n', names->length - at);
        size_t length = feed == NULL ? names->length - at : (size_t)(feed - line);
        const char *tab = length < 3 ? NULL : memchr(line + 2, '\t', length - 2);
        at += length + 1;
        if (tab == NULL || strchr(wanted->kinds, line[0]) == NULL) {
            continue;
        }
        struct slice owner = slice_of(line + 2, (size_t)(tab - line) - 2);
        struct slice name = slice_of(tab + 1, (size_t)(line + length - tab) - 1);
        bool fits = begins(name, wanted->word) && (wanted->owner.length == 0 || slice_equal(owner, wanted->owner)) &&
                    (line[0] != 'c' || !wanted->columns_of_named_tables || is_named(wanted->text, owner));
        if (fits && name.length > 0) {
            add(out, name, line[0] == 'f' ? "(" : "");
        }
    }
}

/* In the case in which the word was begun. */
static void add_keywords(struct slice word, struct buffer *out)
{
    size_t count;
    const char *const *keywords = paint_keywords(&count);
    bool lower = word.length > 0 && word.data[0] >= 'a' && word.data[0] <= 'z';
    for (size_t k = 0; k < count; k++) {
        char name[32] = {0};
        for (size_t n = 0; keywords[k][n] != 0 && n + 1 < sizeof(name); n++) {
            name[n] = (char)(lower ? keywords[k][n] | 0x20 : keywords[k][n]);
        }
        if (begins(slice_text(name), word)) {
            add(out, slice_text(name), "");
        }
    }
}

size_t completer_find(void *user, struct slice text, struct buffer *candidates)
{
    struct completer *completer = user;
    static const char *const before_tables[] = {"FROM", "JOIN", "INTO", "TABLE", "DESCRIBE", "DESC", "TRUNCATE"};
    struct wanted wanted = {
        .text = text, .word = word_before(text, text.length), .kinds = "cdtf", .columns_of_named_tables = true};
    size_t at = text.length - wanted.word.length;
    bool dotted = at > 0 && text.data[at - 1] == '.';
    if (!completer->fixed_known) {
        completer->fixed_known = true;
        ask(completer, functions_query, &completer->fixed);
    }
    if (!completer->tables_known) {
        completer->tables_known = true;
        ask(completer, tables_query, &completer->tables);
    }
    while (!dotted && at > 0 && (unsigned char)text.data[at - 1] <= ' ') {
        at--;
    }
    struct slice last = word_before(text, dotted ? at - 1 : at);
    bool keywords = false;
    if (dotted) {
        wanted.kinds = "tc";
        wanted.owner = last;
        wanted.columns_of_named_tables = false;
    } else if (slice_is_word(last, "FORMAT")) {
        wanted.kinds = "";
        for (size_t k = 0; k < sizeof(formats) / sizeof(formats[0]); k++) {
            if (begins(slice_text(formats[k]), wanted.word)) {
                add(candidates, slice_text(formats[k]), "");
            }
        }
    } else if (slice_is_word(last, "SETTINGS")) {
        wanted.kinds = "s";
    } else if (slice_is_word(last, "USE")) {
        wanted.kinds = "d";
    } else {
        keywords = true;
        for (size_t k = 0; k < sizeof(before_tables) / sizeof(before_tables[0]); k++) {
            if (slice_is_word(last, before_tables[k])) {
                wanted.kinds = "td";
                keywords = false;
            }
        }
    }
    if (wanted.word.length == 0 && keywords) {
        wanted.kinds = "c"; /* everything would be too much */
        keywords = false;
    }
    add_names(&wanted, &completer->tables, candidates);
    add_names(&wanted, &completer->fixed, candidates);
    if (keywords) {
        add_keywords(wanted.word, candidates);
    }
    return wanted.word.length;
}
