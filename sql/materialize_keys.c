/*
 * materialize_keys.c: see materialize_keys.h.
 */
#include "sql/materialize_keys.h"

#include "query/storage_source.h"
#include "sql/define.h"
#include "sql/parser.h"
#include "sql/printer.h"
#include "storage/snapshot.h"
#include "storage/table.h"

#include <string.h>

#define DIRTY "`.view`.`dirty`"

/* The key's column, quoted, and its type. */
static struct err *key_column(struct arena *arena, const struct state_column *key, const struct table_def *target,
                              struct slice *name, const struct type **type)
{
    int column = table_column_find(target, key->name);
    if (column < 0) {
        return err_new(ERR_VIEW_QUERY, "the view's table %s.%s has no column %.*s", target->database, target->name,
                       SLICE_ARG(key->name));
    }
    *name = sql_identifier(arena, key->name);
    *type = target->columns[column].type;
    return name->data == NULL ? arena_error(arena) : NULL;
}

/* "[a], b", as IN compares them: of the table's columns, or of the feed's, `_c0`. */
static struct err *tuple_of(struct arena *arena, const struct state_select *states, const struct table_def *target,
                            bool of_feed, char **out)
{
    struct err *err = NULL;
    char *all = arena_format(arena, "%s", "");
    for (uint32_t i = 0; i < states->key_count && all != NULL; i++) {
        struct slice name;
        const struct type *type = NULL;
        OR_DONE(key_column(arena, &states->columns[i], target, &name, &type));
        char *shown = of_feed ? states_fed(arena, states, i) : arena_format(arena, "%.*s", SLICE_ARG(name));
        if (shown == NULL) {
            return arena_error(arena);
        }
        bool whole = type->nullable || type_is_nested(type); /* a tuple would stand for several columns */
        all = arena_format(arena, "%s%s%s%s%s", all, i > 0 ? ", " : "", whole ? "[" : "", shown, whole ? "]" : "");
    }
    *out = all;
    err = all == NULL ? arena_error(arena) : NULL;
done:
    return err;
}

/* "(a, b) IN (SELECT a, b FROM dirty)"; "1" without keys. */
static struct err *is_dirty(struct arena *arena, const struct state_select *states, const struct table_def *target,
                            bool of_feed, char **out)
{
    struct err *err = NULL;
    char *left = NULL, *right = NULL;
    OR_DONE(tuple_of(arena, states, target, of_feed, &left));
    OR_DONE(tuple_of(arena, states, target, false, &right));
    bool several = states->key_count > 1;
    *out = states->key_count == 0 ? arena_format(arena, "1")
                                  : arena_format(arena, "%s%s%s IN (SELECT %s FROM " DIRTY ")", several ? "(" : "",
                                                 left, several ? ")" : "", right);
    err = *out == NULL ? arena_error(arena) : NULL;
done:
    return err;
}

/* Rows of one of the tables: its keys, and how many rows of the base table each stands for, in one of two sums. */
static char *counts_of(struct arena *arena, const char *keys, const char *count, const char *table, bool of_view,
                       int sign, const char *condition)
{
    char *number = arena_format(arena, "%stoInt64(countMerge(%s))", sign < 0 ? "-" : "", count);
    return number == NULL ? NULL
                          : arena_format(arena, "SELECT %s%s%s AS _had, %s AS _has FROM `.view`.`%s`%s%s%s%s", keys,
                                         keys[0] == 0 ? "" : ", ", of_view ? number : "toInt64(0)",
                                         of_view ? "toInt64(0)" : number, table, condition[0] == 0 ? "" : " WHERE ",
                                         condition, keys[0] == 0 ? "" : " GROUP BY ", keys);
}

struct err *keys_selects(struct arena *arena, const struct state_select *states, const struct table_def *target,
                         struct materialized_keys *out)
{
    struct err *err = NULL;
    char *dirty = NULL, *in = NULL, *keys = arena_format(arena, "%s", "");
    struct slice count = sql_identifier(arena, states->count), name;
    const struct type *type = NULL;

    *out = (struct materialized_keys){.counted = table_column_find(target, states->count) >= 0};
    OR_DONE(is_dirty(arena, states, target, false, &dirty));
    OR_DONE(tuple_of(arena, states, target, false, &in));
    for (uint32_t i = 0; i < states->key_count && keys != NULL; i++) {
        OR_DONE(key_column(arena, &states->columns[i], target, &name, &type));
        keys = arena_format(arena, "%s%s%.*s", keys, i > 0 ? ", " : "", SLICE_ARG(name));
    }
    char *places = arena_format(arena, "SELECT %s, %s, %s FROM `.view`.`old` WHERE %s", source_places[SCAN_PLACE_PACK],
                                source_places[SCAN_PLACE_OFFSET], source_places[SCAN_PLACE_ROW], dirty);
    char *column = count.data == NULL ? NULL : arena_format(arena, "%.*s", SLICE_ARG(count));
    if (places == NULL || keys == NULL || column == NULL) {
        return arena_error(arena);
    }
    out->places = slice_text(places);
    if (!out->counted) {
        return NULL;
    }
    const char *parts[] = {
        counts_of(arena, keys, column, "old", true, 1, dirty), counts_of(arena, keys, column, "new", false, 1, ""),
        counts_of(arena, keys, column, "gone", false, 1, ""), counts_of(arena, keys, column, "came", false, -1, "")};
    char *all = arena_format(arena, "%s", "");
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]) && all != NULL; i++) {
        all = parts[i] == NULL ? NULL : arena_format(arena, "%s%s%s", all, i > 0 ? " UNION ALL " : "", parts[i]);
    }
    bool any = keys[0] != 0, several = states->key_count > 1;
    char *group = all == NULL ? NULL
                              : arena_format(arena, "FROM (%s)%s%s HAVING sum(_had) != sum(_has)", all,
                                             any ? " GROUP BY " : "", keys);
    char *differ = group == NULL ? NULL
                                 : arena_format(arena,
                                                "SELECT sum(_had) AS _a, sum(_has) AS _b, toString(tuple(%s)) AS _k %s "
                                                "ORDER BY _a DESC LIMIT 1",
                                                keys, group);
    char *kept =
        group == NULL ? NULL
        : !any        ? arena_format(arena, "SELECT * FROM `.view`.`new`")
               : arena_format(arena, "SELECT * FROM `.view`.`new` WHERE %s%s%s NOT IN (SELECT %s %s AND sum(_had) = 0)",
                              several ? "(" : "", in, several ? ")" : "", in, group);
    if (differ == NULL || kept == NULL) {
        return arena_error(arena);
    }
    out->differ = slice_text(differ);
    out->kept = slice_text(kept);
done:
    return err;
}

struct err *keys_lost(struct arena *arena, const struct state_select *states, const struct table_def *target,
                      struct slice feed, struct slice *out)
{
    struct err *err = NULL;
    char *keys = arena_format(arena, "%s", "");
    struct slice count = sql_identifier(arena, states->count), name;
    const struct type *type = NULL;

    *out = (struct slice){0};
    if (table_column_find(target, states->count) < 0) {
        return NULL;
    }
    for (uint32_t i = 0; i < states->key_count && keys != NULL; i++) {
        OR_DONE(key_column(arena, &states->columns[i], target, &name, &type));
        keys = arena_format(arena, "%s%s%.*s", keys, i > 0 ? ", " : "", SLICE_ARG(name));
    }
    char *column = count.data == NULL ? NULL : arena_format(arena, "%.*s", SLICE_ARG(count));
    if (keys == NULL || column == NULL) {
        return arena_error(arena);
    }
    bool any = keys[0] != 0;
    char *had = counts_of(arena, keys, column, "old", true, 1, "");
    char *text = had == NULL
                     ? NULL
                     : arena_format(arena,
                                    "SELECT sum(_had) AS _a, sum(_has) AS _b, toString(tuple(%s)) AS _k FROM (%s UNION "
                                    "ALL SELECT %s%stoInt64(0) AS _had, toInt64(countMerge(%s)) AS _has FROM "
                                    "(%.*s)%s%s)%s%s HAVING sum(_had) > sum(_has) ORDER BY _a DESC LIMIT 1",
                                    keys, had, keys, any ? ", " : "", column, SLICE_ARG(feed), any ? " GROUP BY " : "",
                                    keys, any ? " GROUP BY " : "", keys);
    *out = text == NULL ? (struct slice){0} : slice_text(text);
    err = text == NULL ? arena_error(arena) : NULL;
done:
    return err;
}

/* ---- the feed */

/* Has a row several values of the key: of arrayJoin, of windows (hopStart(…) is one's begin)? */
static bool is_of_several(const struct ast *node)
{
    static const char *const names[] = {"arrayJoin", "hop", "session"};
    bool found = false;
    for (size_t i = 0; node->kind == AST_FUNCTION && i < sizeof(names) / sizeof(names[0]) && !found; i++) {
        size_t length = strlen(names[i]);
        found = node->parts[0].length >= length && memcmp(node->parts[0].data, names[i], length) == 0;
    }
    for (uint32_t i = 0; i < node->arguments.count && !found; i++) {
        found = is_of_several(node->arguments.items[i]);
    }
    return found;
}

/* Types whose least and greatest value leave out granules. */
static bool is_ordered(const struct type *type)
{
    return !type->nullable && !type_is_nested(type) &&
           (type_is_integer(type) || type_is_time(type) || type_is_string(type));
}

struct err *keys_choose(struct arena *arena, const struct state_select *states, const struct table_def *target,
                        struct ast_select *select, const char **chosen)
{
    struct err *err = NULL;
    char *condition = NULL;
    struct slice name;
    const struct type *type = NULL;

    *chosen = "";
    if (states->key_count == 0) {
        return NULL;
    }
    OR_DONE(is_dirty(arena, states, target, true, &condition));
    for (uint32_t i = 0; i < states->key_count; i++) {
        if (is_of_several(states->columns[i].feed)) { /* conditions stay above */
            *chosen = arena_format(arena, " WHERE %s", condition);
            return *chosen == NULL ? arena_error(arena) : NULL;
        }
        OR_DONE(key_column(arena, &states->columns[i], target, &name, &type));
        if (is_ordered(type) && condition != NULL) {
            char *fed = states_fed(arena, states, i);
            condition = fed == NULL ? NULL
                                    : arena_format(arena,
                                                   "%s AND %s >= (SELECT min(%.*s) FROM " DIRTY
                                                   ") AND %s <= (SELECT max(%.*s) FROM " DIRTY ")",
                                                   condition, fed, SLICE_ARG(name), fed, SLICE_ARG(name));
        }
    }
    if (condition != NULL && select->where != NULL) {
        struct slice where = ast_print(arena, select->where);
        condition = where.data == NULL ? NULL : arena_format(arena, "(%.*s) AND %s", SLICE_ARG(where), condition);
    }
    if (condition == NULL) {
        return arena_error(arena);
    }
    err = parse_expression_text(arena, slice_text(condition), &select->where);
done:
    return err;
}
