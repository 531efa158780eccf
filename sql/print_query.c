/*
 * print_query.c: queries and CREATE statements → SQL. See printer.h.
 */
#include "sql/printer.h"

#include "sql/print.h"

void print_orders(struct printer *printer, const struct ast_order *orders, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        print_text(printer, i > 0 ? ", " : "");
        print_expression(printer, orders[i].expression);
        print_text(printer, orders[i].descending ? " DESC" : " ASC");
        if (orders[i].nulls != 0) {
            print_text(printer, orders[i].nulls > 0 ? " NULLS FIRST" : " NULLS LAST");
        }
        if (orders[i].collation.length > 0) {
            print_text(printer, " COLLATE ");
            print_string(printer, orders[i].collation);
        }
        if (orders[i].has_fill) {
            const struct {
                const char *text;
                const struct ast *node;
            } parts[] = {{" FROM ", orders[i].fill_from}, {" TO ", orders[i].fill_to}, {" STEP ", orders[i].fill_step}};
            print_text(printer, " WITH FILL");
            for (size_t j = 0; j < 3; j++) {
                if (parts[j].node != NULL) {
                    print_text(printer, parts[j].text);
                    print_expression(printer, parts[j].node);
                }
            }
        }
    }
}

/* A map is written as it is read. */
void print_setting(struct printer *printer, const struct ast *value)
{
    if (value->kind != AST_FUNCTION || !slice_equal(value->parts[0], slice_text("map"))) {
        print_expression(printer, value);
        return;
    }
    print_text(printer, "{");
    for (uint32_t i = 0; i < value->arguments.count; i++) {
        print_text(printer, i == 0 ? "" : i % 2 == 0 ? ", " : ":");
        print_expression(printer, value->arguments.items[i]);
    }
    print_text(printer, "}");
}

void print_settings(struct printer *printer, const struct ast_settings *settings)
{
    for (uint32_t i = 0; i < settings->count; i++) {
        print_text(printer, i > 0 ? ", " : "");
        print_slice(printer, settings->items[i].name);
        print_text(printer, " = ");
        if (settings->items[i].value == NULL) {
            print_text(printer, "DEFAULT");
        } else {
            print_setting(printer, settings->items[i].value);
        }
    }
}

static void print_clause(struct printer *printer, const char *keyword, const struct ast *node)
{
    if (node != NULL) {
        print_text(printer, keyword);
        print_expression(printer, node);
    }
}

void print_break(struct printer *printer)
{
    print_text(printer, printer->lines ? "\n" : " ");
    for (uint32_t i = 0; printer->lines && i < printer->indent; i++) {
        print_text(printer, "    ");
    }
}

void print_subquery(struct printer *printer, const struct ast_query *query)
{
    print_text(printer, "(");
    if (printer->lines) {
        printer->indent++;
        print_break(printer);
        print_query(printer, query);
        printer->indent--;
        print_break(printer);
    } else {
        print_query(printer, query);
    }
    print_text(printer, ")");
}

/* A clause of a SELECT, in a line of its own. */
static void print_line(struct printer *printer, const char *keyword)
{
    print_break(printer);
    print_text(printer, keyword);
}

static void print_line_clause(struct printer *printer, const char *keyword, const struct ast *node)
{
    if (node != NULL) {
        print_break(printer);
        print_clause(printer, keyword, node);
    }
}

/* Before item i of a list of so many: where lines are wanted, several stand below their keyword. */
static void print_item(struct printer *printer, uint32_t i, uint32_t count)
{
    print_text(printer, i > 0 ? "," : "");
    if (printer->lines && count > 1) {
        printer->indent++;
        print_break(printer);
        printer->indent--;
    } else {
        print_text(printer, " ");
    }
}

static void print_items(struct printer *printer, const struct ast_list *list)
{
    printer->indent += list->count > 1;
    for (uint32_t i = 0; i < list->count; i++) {
        printer->indent -= list->count > 1;
        print_item(printer, i, list->count);
        printer->indent += list->count > 1;
        print_aliased(printer, list->items[i]);
    }
    printer->indent -= list->count > 1;
}

static void print_name(struct printer *printer, struct slice database, struct slice name)
{
    if (database.length > 0) {
        print_identifier(printer, database);
        print_text(printer, ".");
    }
    print_identifier(printer, name);
}

/* Either part may be a parameter. */
static void print_table_name(struct printer *printer, const struct ast_table *table)
{
    if (table->database_parameter != NULL) {
        print_expression(printer, table->database_parameter);
        print_text(printer, ".");
    } else if (table->database.length > 0) {
        print_identifier(printer, table->database);
        print_text(printer, ".");
    }
    if (table->name_parameter != NULL) {
        print_expression(printer, table->name_parameter);
    } else {
        print_identifier(printer, table->name);
    }
}

static void print_table(struct printer *printer, const struct ast_table *table)
{
    if (table->join.length > 0 && table->join.data[0] == ',') {
        print_text(printer, ",");
    } else if (table->join.length > 0) {
        print_break(printer);
        print_slice(printer, table->join);
    }
    if (table->array_join.count > 0) {
        print_text(printer, " ");
        print_list(printer, &table->array_join);
        return;
    }
    if (table->subquery != NULL) {
        print_break(printer);
    } else {
        print_text(printer, " ");
    }
    if (table->subquery != NULL) {
        print_subquery(printer, table->subquery);
    } else if (table->function != NULL) {
        print_expression(printer, table->function);
    } else {
        print_table_name(printer, table);
    }
    if (table->alias.length > 0) {
        print_text(printer, " AS ");
        print_identifier(printer, table->alias);
    }
    for (uint32_t i = 0; i < table->column_alias_count; i++) {
        print_text(printer, i > 0 ? ", " : "(");
        print_identifier(printer, table->column_aliases[i]);
        print_text(printer, i + 1 == table->column_alias_count ? ")" : "");
    }
    print_text(printer, table->final ? " FINAL" : "");
    print_clause(printer, " SAMPLE ", table->sample);
    print_clause(printer, " OFFSET ", table->sample_offset);
    print_clause(printer, " ON ", table->on);
    if (table->using.count > 0) {
        print_text(printer, " USING (");
        print_list(printer, &table->using);
        print_text(printer, ")");
    }
}

static void print_group_by(struct printer *printer, const struct ast_select *select)
{
    if (select->grouped) {
        print_line(printer, "GROUP BY");
        if (select->group_kind == AST_GROUP_ALL) {
            print_text(printer, " ALL");
        } else if (select->group_kind == AST_GROUP_SETS) {
            print_text(printer, " GROUPING SETS (");
            for (uint32_t i = 0; i < select->grouping_set_count; i++) {
                print_text(printer, i > 0 ? ", " : "");
                print_list(printer, &select->grouping_sets[i]);
            }
            print_text(printer, ")");
        } else {
            print_items(printer, &select->group_by);
        }
        print_text(printer, select->group_kind == AST_GROUP_ROLLUP ? " WITH ROLLUP"
                            : select->group_kind == AST_GROUP_CUBE ? " WITH CUBE"
                                                                   : "");
    }
    print_text(printer, select->with_totals ? " WITH TOTALS" : "");
}

static void print_with(struct printer *printer, const struct ast_select *select)
{
    bool below =
        printer->lines && (select->with_count > 1 || (select->with_count > 0 && select->with[0].query != NULL));

    for (uint32_t i = 0; i < select->with_count; i++) {
        const struct ast_with *with = &select->with[i];
        print_text(printer, i > 0 ? "" : select->recursive ? "WITH RECURSIVE" : "WITH");
        print_item(printer, i, below ? 2 : 1);
        printer->indent += below;
        if (with->query != NULL) {
            print_identifier(printer, with->name);
            print_text(printer, " AS");
            print_break(printer);
            print_subquery(printer, with->query);
        } else {
            print_aliased(printer, with->expression);
        }
        printer->indent -= below;
    }
    if (select->with_count > 0) {
        print_break(printer);
    }
}

static void print_limits(struct printer *printer, const struct ast_select *select)
{
    if (select->limit_by_count != NULL) {
        print_line_clause(printer, "LIMIT ", select->limit_by_count);
        print_clause(printer, " OFFSET ", select->limit_by_offset);
        print_text(printer, " BY");
        print_items(printer, &select->limit_by);
    }
    print_line_clause(printer, "LIMIT ", select->limit);
    print_text(printer, select->with_ties && select->limit_offset == NULL ? " WITH TIES" : "");
    if (select->limit != NULL) {
        print_clause(printer, " OFFSET ", select->limit_offset);
    } else {
        print_line_clause(printer, "OFFSET ", select->limit_offset);
    }
    print_text(printer, select->with_ties && select->limit_offset != NULL ? " WITH TIES" : "");
}

static void print_lateness(struct printer *printer, const struct ast_select *select)
{
    static const struct {
        const char *unit;
        int64_t us;
    } units[] = {{"DAY", INT64_C(86400000000)},
                 {"HOUR", INT64_C(3600000000)},
                 {"MINUTE", 60000000},
                 {"SECOND", 1000000},
                 {"MILLISECOND", 1000}};
    if (select->table_count == 0 || !select->tables[0].late_bounded) {
        return;
    }
    int64_t us = select->tables[0].lateness_us;
    size_t k = 0;
    while (us % units[k].us != 0) {
        k++;
    }
    const char *text =
        arena_format(printer->arena, "ALLOWED LATENESS INTERVAL %lld %s", (long long)(us / units[k].us), units[k].unit);
    printer->failed = printer->failed || text == NULL;
    print_line(printer, text == NULL ? "" : text);
}

void print_select(struct printer *printer, const struct ast_select *select)
{
    print_with(printer, select);
    print_text(printer, select->distinct ? "SELECT DISTINCT" : "SELECT");
    if (select->distinct_on.count > 0) {
        print_text(printer, " DISTINCT ON (");
        print_list(printer, &select->distinct_on);
        print_text(printer, ")");
    }
    print_items(printer, &select->columns);
    for (uint32_t i = 0; i < select->table_count; i++) {
        if (i == 0) {
            print_line(printer, "FROM");
        }
        print_table(printer, &select->tables[i]);
    }
    print_line_clause(printer, "PREWHERE ", select->prewhere);
    print_line_clause(printer, "WHERE ", select->where);
    print_group_by(printer, select);
    print_line_clause(printer, "HAVING ", select->having);
    for (uint32_t i = 0; i < select->window_count; i++) {
        if (i == 0) {
            print_line(printer, "WINDOW");
        }
        print_item(printer, i, select->window_count);
        print_identifier(printer, select->windows[i].name);
        print_text(printer, " AS ");
        print_window(printer, &select->windows[i]);
    }
    print_line_clause(printer, "QUALIFY ", select->qualify);
    print_lateness(printer, select);
    if (select->order_by_all) {
        print_line(printer, select->order_by[0].descending ? "ORDER BY ALL DESC" : "ORDER BY ALL");
    } else if (select->order_count > 0) {
        print_line(printer, "ORDER BY");
        for (uint32_t i = 0; i < select->order_count; i++) {
            print_item(printer, i, select->order_count);
            print_orders(printer, &select->order_by[i], 1);
        }
    }
    if (select->has_interpolate) {
        print_line(printer, "INTERPOLATE");
    }
    for (uint32_t i = 0; i < select->interpolation_count; i++) {
        print_text(printer, i > 0 ? ", " : " (");
        print_identifier(printer, select->interpolations[i].name);
        print_clause(printer, " AS ", select->interpolations[i].expression);
        print_text(printer, i + 1 == select->interpolation_count ? ")" : "");
    }
    print_limits(printer, select);
    if (select->settings.count > 0) {
        print_line(printer, "SETTINGS ");
        print_settings(printer, &select->settings);
    }
}

void print_query(struct printer *printer, const struct ast_query *query)
{
    static const char *const words[] = {[AST_UNION_ALL] = "UNION ALL",
                                        [AST_UNION_DISTINCT] = "UNION DISTINCT",
                                        [AST_UNION] = "UNION",
                                        [AST_INTERSECT] = "INTERSECT ALL",
                                        [AST_INTERSECT_DISTINCT] = "INTERSECT DISTINCT",
                                        [AST_EXCEPT_SET] = "EXCEPT ALL",
                                        [AST_EXCEPT_DISTINCT] = "EXCEPT DISTINCT"};
    for (uint32_t i = 0; i < query->part_count; i++) {
        const struct ast_query_part *part = &query->parts[i];
        if (i > 0) {
            print_line(printer, words[part->operation]);
            print_break(printer);
        }
        if (part->query != NULL) {
            print_subquery(printer, part->query);
        } else {
            print_select(printer, part->select);
        }
    }
}

struct slice ast_print_lines(struct arena *arena, const struct ast_query *query)
{
    struct printer printer = {.arena = arena, .lines = true};

    print_query(&printer, query);
    return print_end(&printer);
}

/* ---- CREATE */

static void print_column(struct printer *printer, const struct ast_column *column)
{
    static const char *const kinds[] = {[AST_NO_DEFAULT] = "",
                                        [AST_DEFAULT] = " DEFAULT",
                                        [AST_MATERIALIZED] = " MATERIALIZED",
                                        [AST_ALIAS] = " ALIAS",
                                        [AST_EPHEMERAL] = " EPHEMERAL"};
    struct slice name = sql_identifier(printer->arena, column->name);

    /* column names stand in backticks always, as ClickHouse prints them */
    if (name.data != NULL && name.length > 0 && name.data[0] != '`') {
        print_text(printer, "`");
        print_slice(printer, name);
        print_text(printer, "`");
    } else {
        print_slice(printer, name);
    }
    if (column->type.length > 0) {
        print_text(printer, " ");
        print_slice(printer, column->type);
    }
    print_text(printer, column->null ? " NULL" : "");
    print_text(printer, kinds[column->default_kind]);
    if (column->default_expression != NULL) {
        print_text(printer, " ");
        print_expression(printer, column->default_expression);
    }
    if (column->comment.length > 0) {
        print_text(printer, " COMMENT ");
        print_string(printer, column->comment);
    }
    if (column->codec.length > 0) {
        print_text(printer, " CODEC(");
        print_slice(printer, column->codec);
        print_text(printer, ")");
    }
    print_clause(printer, " TTL ", column->ttl);
}

void print_index_type(struct printer *printer, const struct ast_index *index)
{
    print_slice(printer, index->type->parts[0]);
    if (index->has_arguments) {
        for (uint32_t i = 0; i < index->type->arguments.count; i++) {
            print_text(printer, i == 0 ? "(" : ", ");
            print_expression(printer, index->type->arguments.items[i]);
        }
        print_text(printer, ")");
    }
}

static void print_index(struct printer *printer, const struct ast_index *index)
{
    print_text(printer, "INDEX ");
    print_slice(printer, sql_identifier(printer->arena, index->name));
    print_text(printer, " ");
    print_expression(printer, index->expression);
    print_text(printer, " TYPE ");
    print_index_type(printer, index);
    print_text(printer, " GRANULARITY ");
    if (index->granularity == NULL) {
        print_text(printer, "1");
    } else {
        print_expression(printer, index->granularity);
    }
}

static void print_ttl(struct printer *printer, const struct ast_ttl *ttl)
{
    print_expression(printer, ttl->expression);
    print_clause(printer, " WHERE ", ttl->where);
    for (uint32_t i = 0; i < ttl->group_by.count; i++) {
        print_text(printer, i == 0 ? " GROUP BY " : ", ");
        print_expression(printer, ttl->group_by.items[i]);
    }
    for (uint32_t i = 0; i < ttl->set_count; i++) {
        print_text(printer, i == 0 ? " SET " : ", ");
        print_slice(printer, sql_identifier(printer->arena, ttl->set[i].name));
        print_text(printer, " = ");
        print_expression(printer, ttl->set[i].expression);
    }
    if (ttl->kind == AST_TTL_RECOMPRESS) {
        print_text(printer, " RECOMPRESS CODEC(");
        print_slice(printer, ttl->codec);
        print_text(printer, ")");
    }
}

static void print_engine(struct printer *printer, const struct ast_create_table *create)
{
    print_slice(printer, create->engine == NULL ? slice_text("MergeTree") : create->engine->parts[0]);
    for (uint32_t i = 0; create->engine != NULL && i < create->engine->arguments.count; i++) {
        print_text(printer, i == 0 ? "(" : ", ");
        print_expression(printer, create->engine->arguments.items[i]);
        print_text(printer, i + 1 == create->engine->arguments.count ? ")" : "");
    }
}

/* Clauses behind the engine. */
static void print_storage(struct printer *printer, const struct ast_create_table *create)
{
    print_clause(printer, "\nPARTITION BY ", create->partition_by);
    print_clause(printer, "\nPRIMARY KEY ", create->primary_key);
    if (create->order_by != NULL) {
        print_clause(printer, "\nORDER BY ", create->order_by);
    } else if (create->primary_key == NULL && (create->engine != NULL || !create->materialized)) {
        print_text(printer, "\nORDER BY tuple()");
    }
    for (uint32_t i = 0; i < create->ttl_count; i++) {
        print_text(printer, i == 0 ? "\nTTL " : ", ");
        print_ttl(printer, &create->ttl[i]);
    }
    if (create->settings.count > 0) {
        print_text(printer, "\nSETTINGS ");
        print_settings(printer, &create->settings);
    }
}

struct slice ast_print_create_table(struct arena *arena, const struct ast_create_table *create)
{
    struct printer printer = {.arena = arena};

    print_text(&printer, create->temporary ? "CREATE TEMPORARY TABLE " : "CREATE TABLE ");
    print_name(&printer, create->temporary ? slice_text("") : create->database, create->table);
    print_text(&printer, "\n(");
    for (uint32_t i = 0; i < create->column_count; i++) {
        print_text(&printer, i > 0 ? ",\n    " : "\n    ");
        print_column(&printer, &create->columns[i]);
    }
    for (uint32_t i = 0; i < create->index_count; i++) {
        print_text(&printer, ",\n    ");
        print_index(&printer, &create->indexes[i]);
    }
    if (create->watermark != NULL) {
        print_text(&printer, ",\n    WATERMARK FOR ");
        print_slice(&printer, sql_identifier(arena, create->watermark_column));
        print_text(&printer, " AS ");
        print_expression(&printer, create->watermark);
    }
    print_text(&printer, "\n)\nENGINE = ");
    if (create->temporary) {
        print_text(&printer, "Memory");
        return print_end(&printer);
    }
    print_engine(&printer, create);
    print_storage(&printer, create);
    if (create->comment.length > 0) {
        print_text(&printer, "\nCOMMENT ");
        print_string(&printer, create->comment);
    }
    return print_end(&printer);
}

static void print_number(struct printer *printer, const char *before, uint64_t number)
{
    char *text = arena_format(printer->arena, "%s%llu", before, (unsigned long long)number);
    printer->failed = printer->failed || text == NULL;
    print_text(printer, text == NULL ? "" : text);
}

static void print_span(struct printer *printer, const char *before, const struct ast_span *span)
{
    static const char *const units[] = {"NANOSECOND", "MICROSECOND", "MILLISECOND", "SECOND",  "MINUTE", "HOUR",
                                        "DAY",        "WEEK",        "MONTH",       "QUARTER", "YEAR"};
    print_text(printer, span->part_count > 0 ? before : "");
    for (uint32_t i = 0; i < span->part_count; i++) {
        print_number(printer, " ", span->numbers[i]);
        print_text(printer, " ");
        print_text(printer, units[span->units[i]]);
    }
}

static void print_refresh(struct printer *printer, const struct ast_refresh *refresh)
{
    if (refresh != NULL) {
        print_span(printer, refresh->after ? "\nREFRESH AFTER" : "\nREFRESH EVERY", &refresh->period);
        print_span(printer, " OFFSET", &refresh->offset);
        print_span(printer, " RANDOMIZE FOR", &refresh->randomize);
        for (uint32_t i = 0; i < refresh->depend_count; i++) {
            print_text(printer, i == 0 ? " DEPENDS ON " : ", ");
            print_name(printer, refresh->depends[i].database, refresh->depends[i].name);
        }
        print_text(printer, refresh->settings.count > 0 ? " SETTINGS " : "");
        print_settings(printer, &refresh->settings);
        print_text(printer, refresh->append ? " APPEND" : "");
    }
}

struct slice ast_print_create_view(struct arena *arena, const struct ast_create_table *create)
{
    struct printer printer = {.arena = arena};

    print_text(&printer, create->materialized ? "CREATE MATERIALIZED VIEW " : "CREATE VIEW ");
    print_name(&printer, create->database, create->table);
    print_refresh(&printer, create->refresh);
    if (create->to_table.length > 0) {
        print_text(&printer, " TO ");
        print_name(&printer, create->to_database, create->to_table);
    }
    for (uint32_t i = 0; i < create->column_count; i++) {
        print_text(&printer, i == 0 ? "\n(\n    " : ",\n    ");
        print_column(&printer, &create->columns[i]);
    }
    print_text(&printer, create->column_count > 0 ? "\n)" : "");
    if (create->materialized && create->to_table.length == 0) {
        if (create->engine != NULL) {
            print_text(&printer, "\nENGINE = ");
            print_engine(&printer, create);
        }
        print_storage(&printer, create);
    }
    print_text(&printer, create->refresh != NULL && create->empty ? "\nEMPTY\n" : "\n");
    if (create->definer.length > 0) {
        print_text(&printer, "DEFINER = ");
        print_identifier(&printer, create->definer);
        print_text(&printer, " SQL SECURITY DEFINER\n");
    }
    if (create->comment.length > 0) {
        print_text(&printer, "COMMENT ");
        print_string(&printer, create->comment);
        print_text(&printer, "\n");
    }
    print_text(&printer, "AS ");
    printer.lines = true;
    print_query(&printer, create->as_select);
    return print_end(&printer);
}

static void print_block(struct printer *printer, const struct ast_dictionary_block *block)
{
    print_slice(printer, block->name);
    for (uint32_t i = 0; i < block->pair_count; i++) {
        print_text(printer, i > 0 ? " " : "(");
        print_identifier(printer, block->pairs[i].name);
        print_clause(printer, " ", block->pairs[i].value);
    }
    print_text(printer, block->pair_count > 0 ? "))" : "())");
}

struct slice ast_print_create_dictionary(struct arena *arena, const struct ast_create_dictionary *create)
{
    struct printer printer = {.arena = arena};

    print_text(&printer, "CREATE DICTIONARY ");
    print_name(&printer, create->database, create->name);
    for (uint32_t i = 0; i < create->attribute_count; i++) {
        const struct ast_dictionary_attribute *attribute = &create->attributes[i];
        const struct ast_column column = {.name = attribute->name, .type = attribute->type};
        print_text(&printer, i == 0 ? "\n(\n    " : ",\n    ");
        print_column(&printer, &column);
        print_clause(&printer, " DEFAULT ", attribute->fallback);
        print_clause(&printer, " EXPRESSION ", attribute->expression);
        print_text(&printer, attribute->hierarchical ? " HIERARCHICAL" : "");
        print_text(&printer, attribute->injective ? " INJECTIVE" : "");
    }
    print_text(&printer, "\n)\nPRIMARY KEY ");
    for (uint32_t i = 0; i < create->key_count; i++) {
        print_text(&printer, i > 0 ? ", " : "");
        print_identifier(&printer, create->keys[i]);
    }
    print_text(&printer, "\nSOURCE(");
    print_block(&printer, &create->source);
    print_number(&printer, "\nLIFETIME(MIN ", create->lifetime_min);
    print_number(&printer, " MAX ", create->lifetime_max);
    print_text(&printer, ")\nLAYOUT(");
    print_block(&printer, &create->layout);
    if (create->range_min.length > 0) {
        print_text(&printer, "\nRANGE(MIN ");
        print_identifier(&printer, create->range_min);
        print_text(&printer, " MAX ");
        print_identifier(&printer, create->range_max);
        print_text(&printer, ")");
    }
    if (create->comment.length > 0) {
        print_text(&printer, "\nCOMMENT ");
        print_string(&printer, create->comment);
    }
    return print_end(&printer);
}

/* brokers, kafka.fetch.min.bytes; as a string when it is no such name. */
static void print_property_name(struct printer *printer, struct slice name)
{
    bool plain = name.length > 0;
    for (size_t i = 0; i < name.length && plain; i++) {
        char byte = name.data[i];
        plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_' ||
                (i > 0 && ((byte >= '0' && byte <= '9') || byte == '.'));
    }
    if (plain && name.data[name.length - 1] != '.') {
        print_slice(printer, name);
    } else {
        print_string(printer, name);
    }
}

struct slice ast_print_create_source(struct arena *arena, const struct ast_create_source *create)
{
    struct printer printer = {.arena = arena};

    print_text(&printer, "CREATE SOURCE ");
    print_identifier(&printer, create->name);
    print_text(&printer, " INTO ");
    print_name(&printer, create->database, create->table);
    print_text(&printer, "\nFROM ");
    print_slice(&printer, create->connector);
    for (uint32_t i = 0; i < create->property_count; i++) {
        print_text(&printer, i > 0 ? ", " : " (");
        print_property_name(&printer, create->properties[i].name);
        print_clause(&printer, " = ", create->properties[i].value);
    }
    print_text(&printer, create->property_count > 0 ? ")" : " ()");
    if (create->format.length > 0) {
        print_text(&printer, "\nFORMAT ");
        print_identifier(&printer, create->format);
    }
    if (create->settings.count > 0) {
        print_text(&printer, "\nSETTINGS ");
        print_settings(&printer, &create->settings);
    }
    if (create->select != NULL) {
        print_text(&printer, "\nAS ");
        print_select(&printer, create->select);
    }
    return print_end(&printer);
}
