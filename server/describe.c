/*
 * describe.c: DESCRIBE: the columns of whatever can stand in FROM, as rows.
 *
 * flow     ddl.c binds SELECT * FROM it → here: a source of its columns → execute_plan
 * tables   show all that their definitions have: * gives less
 * thread   a query thread; the rows are made by one of the query's
 */
#include "query/functions/nested.h"
#include "server/execute.h"
#include "sql/parser.h"
#include "storage/catalogue.h"

enum { NAME, TYPE, DEFAULT_TYPE, DEFAULT_EXPRESSION, COMMENT, CODEC_EXPRESSION, TTL_EXPRESSION, COLUMNS };

struct described {
    struct table_source source;
    struct source_column columns[COLUMNS];
    const struct plan *plan;
    const struct table_def *def;       /* or NULL */
    const struct table_source *hiding; /* whose hidden columns are told, too; or NULL */
};

static struct err *generate(struct table_source *source, struct arena *arena, const struct source_request *request,
                            struct source_output *output)
{
    static const char *const kinds[] = {"", "DEFAULT", "MATERIALIZED", "ALIAS", "EPHEMERAL"};
    struct err *err = NULL;
    const struct described *described = source->data;
    const struct plan *plan = described->plan;
    struct source_rows *rows = NULL;
    const struct table_def *def = described->def;
    uint32_t count = def == NULL ? plan->column_count : def->column_count + def->computed_count;
    bool stop = false;
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    for (uint32_t k = 0; k < count && !stop; k++) {
        const struct column_def *column = def == NULL ? NULL : table_def_column(def, k);
        struct slice name = column == NULL ? plan->columns[k].name : slice_text(column->name);
        struct slice type = type_name_lines(arena, column == NULL ? plan->columns[k].type : column->type);
        if (type.data == NULL) {
            return arena_error(arena);
        }
        source_row_text(rows, NAME, name);
        source_row_text(rows, TYPE, type);
        if (column != NULL) {
            source_row_text(rows, DEFAULT_TYPE, slice_text(kinds[column->default_kind]));
            source_row_text(rows, DEFAULT_EXPRESSION, slice_text(column->default_text));
            source_row_text(rows, COMMENT, slice_text(column->comment));
            source_row_text(rows, CODEC_EXPRESSION, slice_text(column->codec));
        }
        OR_DONE(source_row_end(rows, &stop));
    }
    for (uint32_t k = 0; described->hiding != NULL && k < described->hiding->alias_count && !stop; k++) {
        const struct source_alias *alias = &described->hiding->aliases[k];
        const struct source_column *columns = described->hiding->columns;
        source_row_text(rows, NAME, columns[alias->column].name);
        source_row_text(rows, TYPE, type_name(arena, columns[alias->column].type));
        source_row_text(rows, DEFAULT_TYPE, slice_text("ALIAS"));
        source_row_text(rows, DEFAULT_EXPRESSION, columns[alias->of].name);
        OR_DONE(source_row_end(rows, &stop));
    }
    err = source_rows_end(rows);
done:
    return err;
}

static struct err *find(void *user, struct arena *arena, struct slice database, struct slice name,
                        struct table_source **out)
{
    struct described *described = user;
    (void)arena;
    (void)database;
    (void)name;
    *out = &described->source;
    return NULL;
}

struct err *execute_describe(struct execution *execution, const struct plan *plan, const struct table_def *def,
                             const struct table_source *hiding)
{
    static const char *const names[COLUMNS] = {
        "name", "type", "default_type", "default_expression", "comment", "codec_expression", "ttl_expression"};
    struct err *err = NULL;
    struct ast_statement *statement = NULL;
    struct query_plan query;
    struct described described = {.plan = plan, .def = def, .hiding = hiding};
    const struct bind_catalogue catalogue = {.user = &described, .find = find};
    struct bind_options bind = execution->bind;
    for (uint32_t k = 0; k < COLUMNS; k++) {
        described.columns[k] = (struct source_column){slice_text(names[k]), type_simple(TYPE_STRING)};
    }
    described.source = (struct table_source){.name = slice_text("described"),
                                             .columns = described.columns,
                                             .column_count = COLUMNS,
                                             .data = &described,
                                             .generate = generate};
    bind.text = slice_text("SELECT * FROM described");
    bind.catalogue = &catalogue;
    OR_DONE(parse_query(execution->arena, bind.text, (uint32_t)bind.text.length + 1, &statement));
    OR_DONE(bind_query(execution->arena, &bind, statement->query, &query));
    err = execute_plan(execution, &query);
done:
    return err;
}
