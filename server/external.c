/*
 * external.c: tables that came with a statement, in a multipart body: temporary tables of a session that nobody else
 * has and that ends with the statement.
 *
 * table    NAME, with the parameters NAME_structure ("a UInt8, b String") or NAME_types ("UInt8, String": columns _1,
 *          _2, …), and NAME_format (TabSeparated); its rows are the part's bytes
 * flow     http_form.c → here → ddl.c, insert.c
 * thread   the request's query thread
 */
#include "server/execute.h"
#include "sql/parser.h"
#include "sql/printer.h"

#include <string.h>

static struct slice parameter_of(const struct execution *execution, const char *table, const char *suffix)
{
    char *name = arena_format(execution->arena, "%s_%s", table, suffix);
    return name == NULL ? (struct slice){0} : request_parameter(execution->request, name);
}

static struct err *run_text(struct execution *execution, struct slice text, bool creates)
{
    struct err *err = NULL;
    struct ast_statement *statement = NULL;
    struct bind_options bind = execution->bind;
    if (text.data == NULL) {
        return arena_error(execution->arena);
    }
    OR_DONE(parse_query(execution->arena, text, INT32_MAX, &statement));
    if (statement->kind != (creates ? AST_CREATE_TABLE : AST_INSERT) ||
        (creates && (statement->create_table->as_select != NULL || statement->create_table->engine != NULL))) {
        return err_new(ERR_BAD_ARGUMENTS, "the structure or format of an external table is more than that");
    }
    execution->bind.text = text;
    err = creates ? execute_ddl(execution, statement) : execute_insert(execution, statement, text);
    execution->bind = bind;
done:
    return err;
}

/* "UInt8, Tuple(a String, b Int8)": where the type ends. */
static size_t type_bytes(struct slice types)
{
    int depth = 0;
    bool quoted = false;
    size_t at = 0;
    for (; at < types.length && (quoted || depth > 0 || types.data[at] != ','); at++) {
        char c = types.data[at];
        if (quoted && c == '\\') {
            at += at + 1 < types.length;
        } else if (c == '\'') {
            quoted = !quoted;
        } else if (!quoted) {
            depth += (c == '(') - (c == ')');
        }
    }
    return at;
}

/* The columns, as CREATE TABLE has them. */
static struct err *columns_of(struct execution *execution, const struct external *table, struct slice *out)
{
    struct slice types = parameter_of(execution, table->name, "types");
    struct buffer text = {0};
    *out = parameter_of(execution, table->name, "structure");
    if (out->length > 0) {
        return NULL;
    }
    for (uint32_t k = 1; types.length > 0; k++) {
        size_t bytes = type_bytes(types);
        buffer_printf(&text, "%s`_%u` %.*s", k == 1 ? "" : ", ", k, (int)bytes, types.data);
        size_t skipped = bytes < types.length ? bytes + 1 : bytes;
        types = slice_of(types.data + skipped, types.length - skipped);
    }
    *out = text.failed ? (struct slice){0} : arena_slice(execution->arena, buffer_all(&text));
    bool none = text.length == 0;
    buffer_deinit(&text);
    return none ? err_new(ERR_BAD_ARGUMENTS, "the external table %s has neither %s_structure nor %s_types", table->name,
                          table->name, table->name)
           : out->data == NULL ? arena_error(execution->arena)
                               : NULL;
}

static struct err *make_table(struct execution *execution, const struct external *table)
{
    struct err *err = NULL;
    struct slice columns, format = parameter_of(execution, table->name, "format");
    struct buffer text = {0};
    struct slice name = sql_identifier(execution->arena, slice_text(table->name));
    if (name.data == NULL) {
        return arena_error(execution->arena);
    }
    OR_DONE(columns_of(execution, table, &columns));
    buffer_printf(&text, "CREATE TEMPORARY TABLE %.*s (%.*s\n)", SLICE_ARG(name), SLICE_ARG(columns));
    OR_DONE(text.failed ? err_oom() : run_text(execution, arena_slice(execution->arena, buffer_all(&text)), true));
    text.length = 0;
    buffer_printf(&text, "INSERT INTO %.*s FORMAT %.*s\n", SLICE_ARG(name),
                  SLICE_ARG(format.length == 0 ? slice_text("TabSeparated") : format));
    buffer_slice(&text, buffer_all(&table->data));
    OR_DONE(text.failed ? err_oom() : run_text(execution, arena_slice(execution->arena, buffer_all(&text)), false));
done:
    buffer_deinit(&text);
    return err_while(err, "external table %s", table->name);
}

struct err *externals_make(struct execution *execution)
{
    struct err *err = NULL;
    const struct external *first = execution->request->externals;
    struct session *session = execution->session;
    bool body_end = execution->body_end;
    if (first == NULL) {
        return NULL;
    }
    OR_DONE(session_create_alone(&execution->process->budget, &execution->alone));
    execution->session = execution->alone;
    execution->body_end = true;
    for (const struct external *table = first; table != NULL && err == NULL; table = table->next) {
        err = make_table(execution, table);
    }
    execution->session = session;
    execution->body_end = body_end;
    execution->summary = (struct request_summary){0};
done:
    return err;
}

bool external_has_parameter(const struct request *request, struct slice name)
{
    static const char *const suffixes[] = {"_format", "_types", "_structure"};
    for (const struct external *table = request->externals; table != NULL; table = table->next) {
        size_t length = strlen(table->name);
        bool same = name.length > length && memcmp(name.data, table->name, length) == 0;
        for (size_t k = 0; same && k < sizeof(suffixes) / sizeof(suffixes[0]); k++) {
            if (slice_equal(slice_of(name.data + length, name.length - length), slice_text(suffixes[k]))) {
                return true;
            }
        }
    }
    return false;
}
