/*
 * clause_coverage_test.c: every clause and form of SELECT stands in at least ten golden statements (tests/sql/golden
 * and scripts). What a statement has is read off the parser's tree: words in texts, names and comments do not count. A
 * clause counts once per statement. Not here, since no golden statement can show them: file() and Weir's own EXPLAIN
 * PLAN and PIPELINE (tests/integration/test_objects.py, tests/sql/scripts/explain.sql).
 */
#include "sql/parser.h"
#include "tests/sql/read_file.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <cmocka.h>

#define CASES 10U

struct clause {
    const char *name;
    uint32_t statements;
    uint32_t last; /* number of the last statement that had it */
};

static struct clause clauses[] = {
    {.name = "WITH name AS (SELECT)"},
    {.name = "WITH expression AS name"},
    {.name = "WITH (SELECT) AS name"},
    {.name = "DISTINCT"},
    {.name = "DISTINCT ON"},
    {.name = "*"},
    {.name = "* EXCEPT"},
    {.name = "* REPLACE"},
    {.name = "* APPLY"},
    {.name = "COLUMNS('regexp')"},
    {.name = "COLUMNS(names)"},
    {.name = "FROM (SELECT)"},
    {.name = "FROM function"},
    {.name = "SAMPLE"},
    {.name = "PREWHERE"},
    {.name = "WHERE"},
    {.name = "INNER JOIN"},
    {.name = "LEFT JOIN"},
    {.name = "RIGHT JOIN"},
    {.name = "FULL JOIN"},
    {.name = "CROSS JOIN"},
    {.name = "comma join"},
    {.name = "SEMI JOIN"},
    {.name = "ANTI JOIN"},
    {.name = "ANY JOIN"},
    {.name = "ASOF JOIN"},
    {.name = "ON"},
    {.name = "USING"},
    {.name = "ARRAY JOIN"},
    {.name = "LEFT ARRAY JOIN"},
    {.name = "GROUP BY"},
    {.name = "GROUP BY ALL"},
    {.name = "ROLLUP"},
    {.name = "CUBE"},
    {.name = "GROUPING SETS"},
    {.name = "WITH TOTALS"},
    {.name = "HAVING"},
    {.name = "OVER (window)"},
    {.name = "OVER name"},
    {.name = "WINDOW"},
    {.name = "PARTITION BY"},
    {.name = "ROWS frame"},
    {.name = "RANGE frame"},
    {.name = "GROUPS frame"},
    {.name = "INTERVAL in a frame"},
    {.name = "QUALIFY"},
    {.name = "ORDER BY"},
    {.name = "ORDER BY ALL"},
    {.name = "DESC"},
    {.name = "NULLS FIRST"},
    {.name = "NULLS LAST"},
    {.name = "WITH FILL"},
    {.name = "WITH FILL FROM"},
    {.name = "WITH FILL TO"},
    {.name = "WITH FILL STEP"},
    {.name = "INTERPOLATE"},
    {.name = "LIMIT BY"},
    {.name = "LIMIT"},
    {.name = "OFFSET"},
    {.name = "WITH TIES"},
    {.name = "FETCH"},
    {.name = "UNION ALL"},
    {.name = "UNION DISTINCT"},
    {.name = "INTERSECT"},
    {.name = "INTERSECT DISTINCT"},
    {.name = "EXCEPT"},
    {.name = "EXCEPT DISTINCT"},
    {.name = "SETTINGS"},
    {.name = "IN (list)"},
    {.name = "IN (SELECT)"},
    {.name = "EXISTS"},
    {.name = "scalar subquery"},
    {.name = "lambda"},
    {.name = "FILTER"},
    {.name = "f(DISTINCT)"},
    {.name = "f(parameters)(arguments)"},
    {.name = "RESPECT or IGNORE NULLS"},
    {.name = "numbers()"},
    {.name = "zeros()"},
    {.name = "generateRandom()"},
    {.name = "values()"},
    {.name = "EXPLAIN AST"},
    {.name = "INSERT SELECT"},
    {.name = "CREATE VIEW"},
    {.name = "CREATE DICTIONARY"},
    {.name = "CREATE TEMPORARY TABLE"},
};
#define CLAUSE_COUNT (sizeof(clauses) / sizeof(clauses[0]))

static uint32_t statement_number;

static void note(const char *name)
{
    for (size_t i = 0; i < CLAUSE_COUNT; i++) {
        if (strcmp(clauses[i].name, name) == 0) {
            clauses[i].statements += clauses[i].last != statement_number;
            clauses[i].last = statement_number;
            return;
        }
    }
    fail_msg("there is no clause '%s'", name);
}

static void note_if(bool there, const char *name)
{
    if (there) {
        note(name);
    }
}

static bool has_word(struct slice text, const char *word)
{
    size_t length = strlen(word);
    for (size_t at = 0; at + length <= text.length; at++) {
        if (strncasecmp(text.data + at, word, length) == 0 && (at == 0 || text.data[at - 1] == ' ') &&
            (at + length == text.length || text.data[at + length] == ' ')) {
            return true;
        }
    }
    return false;
}

static void look_at_query(const struct ast_query *query);
static void look_at(const struct ast *node);

static void look_at_list(const struct ast_list *list)
{
    for (uint32_t i = 0; i < list->count; i++) {
        look_at(list->items[i]);
    }
}

static void look_at_orders(const struct ast_order *orders, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (orders[i].expression != NULL) { /* ORDER BY ALL has none */
            look_at(orders[i].expression);
        }
        note_if(orders[i].descending, "DESC");
        note_if(orders[i].nulls > 0, "NULLS FIRST");
        note_if(orders[i].nulls < 0, "NULLS LAST");
        note_if(orders[i].has_fill, "WITH FILL");
        note_if(orders[i].fill_from != NULL, "WITH FILL FROM");
        note_if(orders[i].fill_to != NULL, "WITH FILL TO");
        note_if(orders[i].fill_step != NULL, "WITH FILL STEP");
    }
}

static bool is_interval(const struct ast *node)
{
    return node != NULL && node->kind == AST_FUNCTION && node->parts[0].length > 10 &&
           memcmp(node->parts[0].data, "toInterval", 10) == 0;
}

static void look_at_window(const struct ast_window *window)
{
    note_if(window->partition_by.count > 0, "PARTITION BY");
    note_if(window->frame == AST_FRAME_ROWS, "ROWS frame");
    note_if(window->frame == AST_FRAME_RANGE, "RANGE frame");
    note_if(window->frame == AST_FRAME_GROUPS, "GROUPS frame");
    note_if(is_interval(window->begin.value) || is_interval(window->end.value), "INTERVAL in a frame");
    look_at_list(&window->partition_by);
    look_at_orders(window->order_by, window->order_count);
}

static void look_at_star(const struct ast *node)
{
    note_if(node->kind == AST_STAR, "*");
    note_if(node->kind == AST_COLUMNS, node->arguments.count > 0 ? "COLUMNS(names)" : "COLUMNS('regexp')");
    for (const struct ast_transformer *step = node->transformers; step != NULL; step = step->next) {
        note(step->kind == AST_EXCEPT ? "* EXCEPT" : step->kind == AST_REPLACE ? "* REPLACE" : "* APPLY");
        look_at_list(&step->items);
    }
}

static void look_at_function(const struct ast *node)
{
    struct slice name = node->parts[0];
    bool is_in = slice_equal(name, slice_text("in")) || slice_equal(name, slice_text("notIn"));
    bool exists = slice_equal(name, slice_text("exists"));
    note_if(exists, "EXISTS");
    note_if(node->distinct, "f(DISTINCT)");
    note_if(node->has_parameters, "f(parameters)(arguments)");
    note_if(node->nulls != 0, "RESPECT or IGNORE NULLS");
    note_if(node->window_name.length > 0, "OVER name");
    if (node->window != NULL) {
        note("OVER (window)");
        look_at_window(node->window);
    }
    for (uint32_t i = 0; i < node->arguments.count; i++) {
        const struct ast *argument = node->arguments.items[i];
        bool is_set = (is_in && i == 1) || exists;
        note_if(is_in && i == 1, argument->kind == AST_SUBQUERY ? "IN (SELECT)" : "IN (list)");
        if (is_set && argument->kind == AST_SUBQUERY) {
            look_at_query(argument->subquery);
        } else {
            look_at(argument);
        }
    }
    look_at_list(&node->parameters);
}

static void look_at(const struct ast *node)
{
    switch (node->kind) {
    case AST_STAR:
    case AST_COLUMNS:
        look_at_star(node);
        break;
    case AST_FUNCTION:
        look_at_function(node);
        break;
    case AST_LAMBDA:
        note("lambda");
        look_at_list(&node->arguments);
        break;
    case AST_SUBQUERY:
        note("scalar subquery");
        look_at_query(node->subquery);
        break;
    default:
        break;
    }
}

static void look_at_join(const struct ast_table *table)
{
    static const char *const kinds[][2] = {{"LEFT", "LEFT JOIN"},   {"RIGHT", "RIGHT JOIN"}, {"FULL", "FULL JOIN"},
                                           {"CROSS", "CROSS JOIN"}, {"SEMI", "SEMI JOIN"},   {"ANTI", "ANTI JOIN"},
                                           {"ANY", "ANY JOIN"},     {"ASOF", "ASOF JOIN"}};
    if (table->array_join.count > 0) {
        note(has_word(table->join, "LEFT") ? "LEFT ARRAY JOIN" : "ARRAY JOIN");
        look_at_list(&table->array_join);
        return;
    }
    if (table->join.length == 0) {
        return;
    }
    if (slice_equal(table->join, slice_text(","))) {
        note("comma join");
        return;
    }
    bool inner = !has_word(table->join, "LEFT") && !has_word(table->join, "RIGHT") && !has_word(table->join, "FULL") &&
                 !has_word(table->join, "CROSS");
    note_if(inner, "INNER JOIN");
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        note_if(has_word(table->join, kinds[i][0]), kinds[i][1]);
    }
    note_if(table->on != NULL, "ON");
    note_if(table->using.count > 0, "USING");
    if (table->on != NULL) {
        look_at(table->on);
    }
}

static void look_at_tables(const struct ast_select *select)
{
    static const char *const functions[][2] = {
        {"numbers", "numbers()"}, {"zeros", "zeros()"}, {"generateRandom", "generateRandom()"}, {"values", "values()"}};
    for (uint32_t i = 0; i < select->table_count; i++) {
        const struct ast_table *table = &select->tables[i];
        look_at_join(table);
        note_if(table->sample != NULL, "SAMPLE");
        if (table->subquery != NULL) {
            note("FROM (SELECT)");
            look_at_query(table->subquery);
        }
        if (table->function != NULL) {
            note("FROM function");
            for (size_t k = 0; k < sizeof(functions) / sizeof(functions[0]); k++) {
                note_if(slice_equal(table->function->parts[0], slice_text(functions[k][0])), functions[k][1]);
            }
            look_at_list(&table->function->arguments);
        }
    }
}

static void look_at_grouping(const struct ast_select *select)
{
    note_if(select->grouped, "GROUP BY");
    note_if(select->group_kind == AST_GROUP_ALL, "GROUP BY ALL");
    note_if(select->group_kind == AST_GROUP_ROLLUP, "ROLLUP");
    note_if(select->group_kind == AST_GROUP_CUBE, "CUBE");
    note_if(select->group_kind == AST_GROUP_SETS, "GROUPING SETS");
    note_if(select->with_totals, "WITH TOTALS");
    look_at_list(&select->group_by);
}

static void look_at_tail(const struct ast_select *select)
{
    struct ast *const expressions[] = {select->prewhere, select->where, select->having, select->qualify};
    static const char *const names[] = {"PREWHERE", "WHERE", "HAVING", "QUALIFY"};
    for (int i = 0; i < 4; i++) {
        if (expressions[i] != NULL) {
            note(names[i]);
            look_at(expressions[i]);
        }
    }
    for (uint32_t i = 0; i < select->window_count; i++) {
        note("WINDOW");
        look_at_window(&select->windows[i]);
    }
    note_if(select->order_count > 0, "ORDER BY");
    note_if(select->order_by_all, "ORDER BY ALL");
    look_at_orders(select->order_by, select->order_count);
    note_if(select->has_interpolate, "INTERPOLATE");
    note_if(select->limit_by.count > 0, "LIMIT BY");
    note_if(select->limit != NULL, "LIMIT");
    note_if(select->limit_offset != NULL, "OFFSET");
    note_if(select->with_ties, "WITH TIES");
    note_if(select->settings.count > 0, "SETTINGS");
}

static void look_at_select(const struct ast_select *select)
{
    for (uint32_t i = 0; i < select->with_count; i++) {
        const struct ast_with *with = &select->with[i];
        if (with->query != NULL) {
            note("WITH name AS (SELECT)");
            look_at_query(with->query);
        } else {
            note(with->expression->kind == AST_SUBQUERY ? "WITH (SELECT) AS name" : "WITH expression AS name");
            look_at(with->expression);
        }
    }
    note_if(select->distinct && select->distinct_on.count == 0, "DISTINCT");
    note_if(select->distinct_on.count > 0, "DISTINCT ON");
    look_at_list(&select->columns);
    look_at_tables(select);
    look_at_grouping(select);
    look_at_tail(select);
}

static void look_at_query(const struct ast_query *query)
{
    static const char *const operations[] = {
        [AST_UNION_ALL] = "UNION ALL",
        [AST_UNION_DISTINCT] = "UNION DISTINCT",
        [AST_UNION] = NULL,
        [AST_INTERSECT] = "INTERSECT",
        [AST_INTERSECT_DISTINCT] = "INTERSECT DISTINCT",
        [AST_EXCEPT_SET] = "EXCEPT",
        [AST_EXCEPT_DISTINCT] = "EXCEPT DISTINCT",
    };
    for (uint32_t i = 0; i < query->part_count; i++) {
        const struct ast_query_part *part = &query->parts[i];
        if (i > 0 && operations[part->operation] != NULL) {
            note(operations[part->operation]);
        }
        if (part->select != NULL) {
            look_at_select(part->select);
        } else {
            look_at_query(part->query);
        }
    }
}

static void look_at_statement(const struct ast_statement *statement)
{
    switch (statement->kind) {
    case AST_EXPLAIN:
        note_if(slice_equal(statement->explain, slice_text("AST")), "EXPLAIN AST");
        break;
    case AST_INSERT:
        note_if(statement->insert->kind == AST_INSERT_SELECT, "INSERT SELECT");
        break;
    case AST_CREATE_VIEW:
        note("CREATE VIEW");
        break;
    case AST_CREATE_DICTIONARY:
        note("CREATE DICTIONARY");
        break;
    case AST_CREATE_TABLE:
        note_if(statement->create_table->temporary, "CREATE TEMPORARY TABLE");
        break;
    default:
        break;
    }
    if (statement->query != NULL) {
        look_at_query(statement->query);
        note_if(statement->kind == AST_SELECT && statement->settings.count > 0, "SETTINGS");
    }
}

/* Statements stand in paragraphs; what the parser refuses has no clauses. */
static void look_at_file(const char *path)
{
    char *text = read_file(path);
    for (char *at = text; *at != '\0';) {
        char *end = strstr(at, "\n\n");
        size_t length = end == NULL ? strlen(at) : (size_t)(end - at);
        struct arena *arena = arena_create(NULL);
        struct ast_statement *statement;
        struct err *err = parse_query(arena, slice_of(at, length), 0, &statement);
        statement_number++;
        if (err == NULL) {
            look_at_statement(statement);
            /* the tree has FETCH as a LIMIT, FILTER as an argument of -If */
            note_if(memmem(at, length, "FETCH ", 6) != NULL, "FETCH");
            note_if(memmem(at, length, ") FILTER (", 10) != NULL, "FILTER");
        }
        err_free(err);
        arena_destroy(arena);
        at += length + strspn(at + length, "\n");
    }
    free(text);
}

static void look_at_folder(const char *path)
{
    DIR *folder = opendir(path);
    assert_non_null(folder);
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        size_t length = strlen(entry->d_name);
        char file[512];
        if (length > 4 && strcmp(entry->d_name + length - 4, ".sql") == 0) {
            snprintf(file, sizeof(file), "%s/%s", path, entry->d_name);
            look_at_file(file);
        }
    }
    closedir(folder);
}

static void test_every_clause_has_cases(void **state)
{
    uint32_t bad = 0;
    (void)state;
    look_at_folder("tests/sql/golden");
    look_at_folder("tests/sql/scripts");
    for (size_t i = 0; i < CLAUSE_COUNT; i++) {
        if (clauses[i].statements < CASES) {
            print_error("%s stands in %u golden statements, %u are needed\n", clauses[i].name, clauses[i].statements,
                        CASES);
            bad++;
        }
    }
    print_message("%zu clauses in %u golden statements\n", CLAUSE_COUNT, statement_number);
    assert_true(statement_number > 5000);
    assert_int_equal(bad, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_clause_has_cases)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
