/*
 * expire_rules.c: the TTLs of a table as conditions and columns of SELECTs.
 *
 * flow     expire.c, expire_rows.c → here → the table's CREATE statement
 * time     is over when it is not 0 and not after now, as for ClickHouse; a Date ends at midnight of the server's zone
 */
#include "server/expire_private.h"

#include "sql/parser.h"
#include "sql/printer.h"
#include "storage/retention.h"
#include "storage/table.h"

#include <inttypes.h>
#include <string.h>

struct rules {
    struct arena *arena;
    const struct function_context *context;
    const struct table_def *def;
    int64_t now_s;
    struct source_column *columns;
    struct expire_rule *list;
    uint32_t count;
};

bool expire_has_ttl(const struct table_def *def)
{
    return !def->internal && strstr(def->create_sql, "TTL ") != NULL;
}

/* "((time) <= now) AND ((time) != 0)" */
static struct err *expired_text(struct rules *rules, const struct ast *time, const char **out)
{
    struct err *err = NULL;
    const struct expression *expression = NULL;
    struct arena *arena = rules->arena;
    struct slice text = ast_print(arena, time);

    if (text.data == NULL) {
        return arena_error(arena);
    }
    OR_DONE(
        bind_expression_text(arena, rules->context, text, rules->columns, rules->def->column_count, NULL, &expression));
    struct slice type = sql_string(arena, type_name(arena, expression->type));
    *out = type.data == NULL
               ? NULL
               : arena_format(arena, "((%.*s) <= CAST(toDateTime(%" PRId64 "), %.*s)) AND ((%.*s) != CAST(0, %.*s))",
                              SLICE_ARG(text), rules->now_s, SLICE_ARG(type), SLICE_ARG(text), SLICE_ARG(type));
    err = *out == NULL ? arena_error(arena) : NULL;
done:
    return err;
}

/* ---- rows that leave */

static struct err *delete_rule(struct rules *rules, const struct ast_ttl *ttl, struct expire_rule *rule)
{
    struct err *err = NULL;
    rule->kind = EXPIRE_ROWS;
    OR_DONE(expired_text(rules, ttl->expression, &rule->expired));
    rule->condition = rule->expired;
    if (ttl->where != NULL) {
        struct slice where = ast_print(rules->arena, ttl->where);
        rule->condition = where.data == NULL
                              ? NULL
                              : arena_format(rules->arena, "%s AND ((%.*s) != 0)", rule->expired, SLICE_ARG(where));
        err = rule->condition == NULL ? arena_error(rules->arena) : NULL;
    }
done:
    return err;
}

/* ---- segments that are compressed anew */

static struct err *recompress_rule(struct rules *rules, const struct ast_ttl *ttl, struct expire_rule *rule)
{
    struct slice text = ast_print(rules->arena, ttl->expression);
    rule->kind = EXPIRE_RECOMPRESS;
    rule->codec = ttl->codec;
    rule->expired = text.data == NULL
                        ? NULL
                        : arena_format(rules->arena, "toInt64(CAST((%.*s), 'DateTime64(0)'))", SLICE_ARG(text));
    rule->condition = rule->expired;
    return rule->expired == NULL ? arena_error(rules->arena) : NULL;
}

/* ---- groups */

static const struct ast_assignment *assignment_of(const struct ast_ttl *ttl, const char *name)
{
    for (uint32_t i = 0; i < ttl->set_count; i++) {
        if (slice_equal(ttl->set[i].name, slice_text(name))) {
            return &ttl->set[i];
        }
    }
    return NULL;
}

/* What SET says, and any value of the others. NULL: memory is out. */
static char *group_columns(const struct rules *rules, const struct ast_ttl *ttl)
{
    struct arena *arena = rules->arena;
    char *all = arena_format(arena, "%s", "");
    for (uint32_t i = 0; all != NULL && i < rules->def->column_count; i++) {
        const struct column_def *column = &rules->def->columns[i];
        const struct ast_assignment *assignment = assignment_of(ttl, column->name);
        struct slice name = sql_identifier(arena, slice_text(column->name));
        struct slice type = sql_string(arena, type_name(arena, column->type));
        struct slice value = assignment == NULL ? name : ast_print(arena, assignment->expression);
        all = name.data == NULL || type.data == NULL || value.data == NULL
                  ? NULL
                  : arena_format(arena, "%s, CAST(%s(%.*s), %.*s)", all, assignment == NULL ? "any" : "",
                                 SLICE_ARG(value), SLICE_ARG(type));
    }
    return all == NULL ? NULL
                       : arena_format(arena,
                                      "%s, toUInt64(0), toInt32(%d), toInt64(sum(if(_stream = 0 AND _partition = %d, "
                                      "_offset, 1)))",
                                      all, PARTITION_COMBINED, PARTITION_COMBINED);
}

static struct err *group_rule(struct rules *rules, const struct ast_ttl *ttl, struct expire_rule *rule)
{
    struct err *err = NULL;
    struct arena *arena = rules->arena;
    bool parted = rules->def->partition_by != NULL && rules->def->partition_by[0] != 0;

    rule->kind = EXPIRE_GROUPS;
    OR_DONE(expired_text(rules, ttl->expression, &rule->expired));
    rule->condition = rule->expired;
    char *group = parted ? arena_format(arena, "%s", rules->def->partition_by) : arena_format(arena, "%s", "0");
    for (uint32_t i = 0; group != NULL && i < ttl->group_by.count; i++) {
        struct slice key = ast_print(arena, ttl->group_by.items[i]);
        group = key.data == NULL ? NULL : arena_format(arena, "%s, %.*s", group, SLICE_ARG(key));
    }
    rule->group = group == NULL ? NULL : arena_format(arena, "sipHash128(%s)", group);
    rule->having =
        arena_format(arena, "count() > 1 OR countIf(_stream != 0 OR _partition != %d) > 0", PARTITION_COMBINED);
    rule->columns = group_columns(rules, ttl);
    if (rule->group == NULL || rule->having == NULL || rule->columns == NULL) {
        err = arena_error(arena);
    }
done:
    return err;
}

/* ---- columns */

/* The value that a column gets; data NULL: memory is out. */
static struct slice default_text(struct arena *arena, const struct column_def *column)
{
    struct slice type = sql_string(arena, type_name(arena, column->type));
    char *text = type.data == NULL ? NULL
                 : column->default_text[0] == 0
                     ? arena_format(arena, "defaultValueOfTypeName(%.*s)", SLICE_ARG(type))
                     : arena_format(arena, "CAST(%s, %.*s)", column->default_text, SLICE_ARG(type));
    return text == NULL ? (struct slice){0} : slice_text(text);
}

static const struct ast *ttl_of(const struct ast_create_table *create, const char *name)
{
    for (uint32_t i = 0; i < create->column_count; i++) {
        if (slice_equal(create->columns[i].name, slice_text(name))) {
            return create->columns[i].ttl;
        }
    }
    return NULL;
}

/* Is its value another than the one that it gets? */
static char *differs_text(struct arena *arena, const struct column_def *column, struct slice name, struct slice value)
{
    if (type_is_nested(column->type)) {
        return arena_format(arena, "toString(%.*s) != toString(%.*s)", SLICE_ARG(name), SLICE_ARG(value));
    }
    return column->type->nullable ? arena_format(arena, "ifNull(%.*s != %.*s, isNull(%.*s) != isNull(%.*s))",
                                                 SLICE_ARG(name), SLICE_ARG(value), SLICE_ARG(name), SLICE_ARG(value))
                                  : arena_format(arena, "%.*s != %.*s", SLICE_ARG(name), SLICE_ARG(value));
}

/* One more column, or one that stays as it is (time NULL). */
static struct err *column_part_of_rule(struct rules *rules, const struct column_def *column, const struct ast *time,
                                       struct expire_rule *rule)
{
    struct err *err = NULL;
    struct arena *arena = rules->arena;
    struct slice name = sql_identifier(arena, slice_text(column->name));
    const char *expired = NULL;

    if (time == NULL || name.data == NULL) {
        rule->columns = name.data == NULL ? NULL : arena_format(arena, "%s, %.*s", rule->columns, SLICE_ARG(name));
        return rule->columns == NULL ? arena_error(arena) : NULL;
    }
    OR_DONE(expired_text(rules, time, &expired));
    struct slice value = default_text(arena, column);
    struct slice type = sql_string(arena, type_name(arena, column->type));
    char *differs = value.data == NULL ? NULL : differs_text(arena, column, name, value);
    if (type.data == NULL || differs == NULL) {
        err = arena_error(arena);
        goto done;
    }
    bool first = rule->condition[0] == 0;
    if (first || strstr(rule->expired, expired) == NULL) {
        rule->expired = arena_format(arena, "%s%s(%s)", rule->expired, first ? "" : " OR ", expired);
    }
    rule->condition =
        arena_format(arena, "%s%s((%s) AND (%s))", rule->condition, first ? "" : " OR ", expired, differs);
    rule->columns = arena_format(arena, "%s, CAST(if(%s, %.*s, %.*s), %.*s)", rule->columns, expired, SLICE_ARG(value),
                                 SLICE_ARG(name), SLICE_ARG(type));
    if (rule->expired == NULL || rule->condition == NULL || rule->columns == NULL) {
        err = arena_error(arena);
    }
done:
    return err;
}

static struct err *column_rule(struct rules *rules, const struct ast_create_table *create)
{
    struct err *err = NULL;
    struct expire_rule rule = {.kind = EXPIRE_COLUMNS, .expired = "", .condition = "", .columns = ""};

    for (uint32_t i = 0; i < rules->def->column_count; i++) {
        const struct column_def *column = &rules->def->columns[i];
        OR_DONE(column_part_of_rule(rules, column, ttl_of(create, column->name), &rule));
    }
    for (uint32_t i = 0; i < COLUMN_HIDDEN_COUNT && rule.columns != NULL; i++) {
        rule.columns = arena_format(rules->arena, "%s, %s", rule.columns, hidden_column_name((enum hidden_column)i));
    }
    if (rule.columns == NULL) {
        err = arena_error(rules->arena);
        goto done;
    }
    if (rule.condition[0] != 0) {
        rules->list[rules->count++] = rule;
    }
done:
    return err;
}

struct err *expire_rules(struct arena *arena, const struct function_context *context, const struct table_def *def,
                         int64_t now_us, struct expire_rule **out, uint32_t *count)
{
    struct err *err = NULL;
    struct ast_statement *statement = NULL;
    struct rules rules = {.arena = arena, .context = context, .def = def, .now_s = now_us / 1000000};
    uint64_t whole_only = 0;

    *out = NULL;
    *count = 0;
    if (!expire_has_ttl(def)) {
        return NULL;
    }
    (void)table_setting(def, "ttl_only_drop_parts", &whole_only);
    OR_DONE(parse_query(arena, slice_text(def->create_sql), (uint32_t)strlen(def->create_sql) + 1, &statement));
    const struct ast_create_table *create = statement->create_table;
    rules.list = arena_zalloc(arena, (create->ttl_count + 1U) * sizeof(*rules.list));
    rules.columns = arena_zalloc(arena, (def->column_count + 1U) * sizeof(*rules.columns));
    if (rules.list == NULL || rules.columns == NULL) {
        err = arena_error(arena);
        goto done;
    }
    for (uint32_t i = 0; i < def->column_count; i++) {
        rules.columns[i] =
            (struct source_column){.name = slice_text(def->columns[i].name), .type = def->columns[i].type};
    }
    for (uint32_t i = 0; i < create->ttl_count; i++) {
        const struct ast_ttl *ttl = &create->ttl[i];
        if (ttl->kind == AST_TTL_DELETE && !(ttl->where == NULL && whole_only != 0)) {
            OR_DONE(delete_rule(&rules, ttl, &rules.list[rules.count++]));
        } else if (ttl->kind == AST_TTL_GROUP) {
            OR_DONE(group_rule(&rules, ttl, &rules.list[rules.count++]));
        } else if (ttl->kind == AST_TTL_RECOMPRESS) {
            OR_DONE(recompress_rule(&rules, ttl, &rules.list[rules.count++]));
        }
    }
    OR_DONE(column_rule(&rules, create));
    *out = rules.list;
    *count = rules.count;
done:
    return err_while(err, "the TTLs of %s.%s", def->database, def->name);
}
