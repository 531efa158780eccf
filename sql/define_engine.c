/*
 * define_engine.c: see define_engine.h.
 */
#include "sql/define_engine.h"

#include "sql/column_names.h"
#include "sql/parser.h"
#include "sql/print.h"
#include "sql/printer.h"
#include "storage/combining.h"
#include "storage/table.h"

struct err *check_engine(struct binder *binder, const struct ast *engine)
{
    static const char *const known[] = {
        "GraphiteMergeTree",
        "ReplicatedMergeTree",
        "ReplicatedReplacingMergeTree",
        "ReplicatedSummingMergeTree",
        "ReplicatedAggregatingMergeTree",
        "ReplicatedCollapsingMergeTree",
        "ReplicatedVersionedCollapsingMergeTree",
        "SharedMergeTree",
        "CoalescingMergeTree",
        "Log",
        "TinyLog",
        "StripeLog",
        "Memory",
        "Kafka",
        "Distributed",
        "Buffer",
        "Null",
        "Merge",
        "File",
        "URL",
        "S3",
        "Join",
        "Set",
        "View",
        "MaterializedView",
        "Dictionary",
        "EmbeddedRocksDB",
        "MySQL",
        "PostgreSQL",
    };
    static const char *const combining[] = {"ReplacingMergeTree", "SummingMergeTree", "AggregatingMergeTree",
                                            "CollapsingMergeTree", "VersionedCollapsingMergeTree"};
    enum combining_kind kind;

    if (engine == NULL || slice_is_text(engine->parts[0], "MergeTree")) {
        return engine != NULL && engine->arguments.count > 0
                   ? bind_error(binder, engine->offset, ERR_BAD_ARGUMENTS,
                                "the engine MergeTree takes no arguments; use ORDER BY and PARTITION BY")
                   : NULL;
    }
    char *name = arena_text(binder->arena, engine->parts[0]);
    if (name == NULL) {
        return arena_error(binder->arena);
    }
    if (engine_combines(name, &kind)) {
        return NULL;
    }
    struct nearest nearest = {.wanted = engine->parts[0]};
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (slice_is_text(engine->parts[0], known[i])) {
            return bind_error(binder, engine->offset, ERR_NOT_IMPLEMENTED,
                              "the engine %s is not supported yet; use MergeTree%s", known[i],
                              slice_is_text(engine->parts[0], "Kafka") ? " and CREATE SOURCE … FROM KAFKA" : "");
        }
        nearest_offer(&nearest, slice_text(known[i]));
    }
    for (size_t i = 0; i < sizeof(combining) / sizeof(combining[0]); i++) {
        nearest_offer(&nearest, slice_text(combining[i]));
    }
    nearest_offer(&nearest, slice_text("MergeTree"));
    return bind_error(binder, engine->offset, ERR_UNKNOWN_STORAGE, "there is no engine %.*s%s%.*s%s",
                      SLICE_ARG(engine->parts[0]), nearest.best.length > 0 ? "; did you mean " : "; use MergeTree",
                      SLICE_ARG(nearest.best), nearest.best.length > 0 ? "?" : "");
}

/* ---- arguments */

struct engine {
    struct binder *binder;
    const struct ast_create_table *create;
    struct table_def *def;
    const struct ast *node;
    struct slice name;
    struct slice columns[2];
    int places[2];
};

static struct err *argument_count(const struct engine *engine, uint32_t least, uint32_t most)
{
    uint32_t count = engine->node->arguments.count;
    const char *range = least == most ? arena_format(engine->binder->arena, most == 0 ? "no" : "%u", most)
                                      : arena_format(engine->binder->arena, "%u to %u", least, most);
    if (range == NULL) {
        return arena_error(engine->binder->arena);
    }
    return count >= least && count <= most
               ? NULL
               : bind_error(engine->binder, engine->node->offset, ERR_ARGUMENT_COUNT,
                            "storage %.*s requires %s parameters", SLICE_ARG(engine->name), range);
}

static bool is_name(const struct ast *node)
{
    return node->kind == AST_IDENTIFIER && node->part_count == 1;
}

static int stored_column(const struct table_def *def, struct slice name)
{
    int column = table_column_find(def, name);
    return column >= 0 && (uint32_t)column < def->column_count ? column : -1;
}

/* The column that an argument names: what it is for, "Version" or "Sign". */
static struct err *argument_column(struct engine *engine, uint32_t index, const char *what)
{
    const struct ast *node = engine->node->arguments.items[index];
    if (!is_name(node)) {
        return bind_error(engine->binder, node->offset, ERR_BAD_ARGUMENTS,
                          "%s column name must be an unquoted string: a column's name", what);
    }
    engine->columns[index] = node->parts[0];
    engine->places[index] = stored_column(engine->def, node->parts[0]);
    return engine->places[index] >= 0
               ? NULL
               : bind_error(engine->binder, node->offset, ERR_NO_SUCH_COLUMN,
                            "%s column %.*s does not exist in table declaration.", what, SLICE_ARG(node->parts[0]));
}

static const struct type *argument_type(const struct engine *engine, uint32_t index)
{
    return engine->def->columns[engine->places[index]].type;
}

static bool is_version(const struct type *type)
{
    return !type->nullable && !type->low_cardinality &&
           (type_is_integer(type) || type_is_time(type) || type_is_float(type) || type->kind == TYPE_BOOL);
}

static struct err *check_version(const struct engine *engine, uint32_t index)
{
    const struct type *type = argument_type(engine, index);
    return is_version(type) ? NULL
                            : bind_error(engine->binder, engine->node->offset, ERR_FIELD_TYPE,
                                         "The column %.*s cannot be used as a version column for storage %.*s because "
                                         "it is of type %.*s (must be of an integer type or of type "
                                         "Date/DateTime/DateTime64)",
                                         SLICE_ARG(engine->columns[index]), SLICE_ARG(engine->name),
                                         SLICE_ARG(type_name(engine->binder->arena, type)));
}

static struct err *check_kind(const struct engine *engine, uint32_t index, const char *what, bool fits,
                              const char *wanted)
{
    return fits ? NULL
                : bind_error(engine->binder, engine->node->offset, ERR_FIELD_TYPE,
                             "%s column (%.*s) for storage %.*s must have type %s. Provided column of type %.*s.", what,
                             SLICE_ARG(engine->columns[index]), SLICE_ARG(engine->name), wanted,
                             SLICE_ARG(type_name(engine->binder->arena, argument_type(engine, index))));
}

static bool is_plain(const struct type *type, enum type_kind kind)
{
    return type->kind == kind && !type->nullable && !type->low_cardinality;
}

static struct err *replacing(struct engine *engine)
{
    struct err *err = NULL;
    uint32_t count = engine->node->arguments.count;
    OR_DONE(argument_count(engine, 0, 2));
    if (count > 0) {
        OR_DONE(argument_column(engine, 0, "Version"));
    }
    if (count > 1) {
        OR_DONE(argument_column(engine, 1, "is_deleted"));
        if (engine->places[0] == engine->places[1]) {
            err = bind_error(engine->binder, engine->node->offset, ERR_BAD_ARGUMENTS,
                             "The version and is_deleted column cannot be the same column (%.*s).",
                             SLICE_ARG(engine->columns[0]));
            goto done;
        }
        const struct type *type = argument_type(engine, 1);
        OR_DONE(check_kind(engine, 1, "is_deleted", is_plain(type, TYPE_UINT8) || is_plain(type, TYPE_BOOL), "UInt8"));
    }
    err = count > 0 ? check_version(engine, 0) : NULL;
done:
    return err;
}

/* The version ends the sorting key. */
static struct err *key_with_version(struct engine *engine)
{
    struct table_def *def = engine->def;
    struct slice version = sql_identifier(engine->binder->arena, engine->columns[1]);
    const char **keys = ARENA_ARRAY(engine->binder->arena, const char *, def->order_by_count + 1U);
    if (version.data == NULL || keys == NULL) {
        return arena_error(engine->binder->arena);
    }
    for (uint32_t i = 0; i < def->order_by_count; i++) {
        keys[i] = def->order_by[i];
        if (slice_is_text(version, keys[i])) {
            return NULL;
        }
    }
    keys[def->order_by_count] = arena_text(engine->binder->arena, version);
    if (keys[def->order_by_count] == NULL) {
        return arena_error(engine->binder->arena);
    }
    def->order_by = keys;
    def->order_by_count++;
    return NULL;
}

static struct err *collapsing(struct engine *engine, bool versioned)
{
    struct err *err = NULL;
    OR_DONE(argument_count(engine, versioned ? 2 : 1, versioned ? 2 : 1));
    OR_DONE(argument_column(engine, 0, "Sign"));
    OR_DONE(check_kind(engine, 0, "Sign", is_plain(argument_type(engine, 0), TYPE_INT8), "Int8"));
    if (versioned) {
        OR_DONE(argument_column(engine, 1, "Version"));
        if (engine->places[0] == engine->places[1]) {
            err = bind_error(engine->binder, engine->node->offset, ERR_BAD_ARGUMENTS,
                             "The version and sign column cannot be the same column (%.*s).",
                             SLICE_ARG(engine->columns[0]));
            goto done;
        }
        OR_DONE(check_version(engine, 1));
        OR_DONE(key_with_version(engine));
    }
done:
    return err;
}

static struct err *in_key(const struct engine *engine, const struct ast *key, struct slice name, const char *what)
{
    struct err *err = NULL;
    bool found = false;
    OR_DONE(column_names_find(engine->binder->arena, (struct ast *)(uintptr_t)key, name, slice_text(""), &found));
    if (found) {
        err = bind_error(engine->binder, engine->node->offset, ERR_BAD_ARGUMENTS,
                         "Columns: %.*s listed both in columns to sum and in %s key. That is not allowed.",
                         SLICE_ARG(name), what);
    }
done:
    return err;
}

/* Is it the name of a Nested, of which arrays are columns? */
static bool is_nested_name(const struct table_def *def, struct slice name)
{
    bool found = false;
    for (uint32_t c = 0; c < def->column_count && !found; c++) {
        const char *column = def->columns[c].name;
        found = strncmp(column, name.data, name.length) == 0 && column[name.length] == '.';
    }
    return found;
}

/* The list of columns: one name, or a tuple of names. */
static struct ast_list summed(const struct ast *engine)
{
    struct ast_list none = {0};
    if (engine->arguments.count == 0) {
        return none;
    }
    const struct ast *first = engine->arguments.items[0];
    bool tuple = first->kind == AST_FUNCTION && slice_is_text(first->parts[0], "tuple");
    return tuple ? first->arguments : engine->arguments;
}

static struct err *summing(struct engine *engine)
{
    struct err *err = NULL;
    OR_DONE(argument_count(engine, 0, 1));
    struct ast_list list = summed(engine->node);
    for (uint32_t i = 0; i < list.count; i++) {
        const struct ast *node = list.items[i];
        if (!is_name(node)) {
            err = bind_error(engine->binder, node->offset, ERR_BAD_ARGUMENTS,
                             "columns to sum must be names of columns, one or a tuple of them");
            goto done;
        }
        if (stored_column(engine->def, node->parts[0]) < 0 && !is_nested_name(engine->def, node->parts[0])) {
            err = bind_error(engine->binder, node->offset, ERR_NO_SUCH_COLUMN,
                             "Column %.*s listed in columns to sum does not exist in table declaration.",
                             SLICE_ARG(node->parts[0]));
            goto done;
        }
        OR_DONE(in_key(engine, engine->create->order_by, node->parts[0], "sorting"));
        OR_DONE(in_key(engine, engine->create->primary_key, node->parts[0], "sorting"));
        OR_DONE(in_key(engine, engine->create->partition_by, node->parts[0], "partition"));
    }
done:
    return err;
}

static struct err *names_in(struct arena *arena, const char *text, struct slice name, bool *found)
{
    struct ast *node = NULL;
    struct err *err = text[0] == 0 ? NULL : parse_expression_text(arena, slice_text(text), &node);
    return err == NULL ? column_names_find(arena, node, name, slice_text(""), found) : err;
}

struct err *check_dimensions(struct arena *arena, const struct table_def *def)
{
    struct err *err = NULL;
    enum combining_kind kind;
    bool measures = false;
    if (!engine_combines(def->engine, &kind) || kind != COMBINING_AGGREGATING ||
        strstr(def->settings, "allow_dimensions_outside_sorting_key = 1") != NULL) {
        return NULL;
    }
    for (uint32_t c = 0; c < def->column_count; c++) {
        measures = measures || def->columns[c].type->function != NULL;
    }
    for (uint32_t c = 0; c < def->column_count && measures; c++) {
        struct slice name = slice_text(def->columns[c].name);
        bool found =
            def->columns[c].type->function != NULL || def->columns[c].default_kind == COLUMN_DEFAULT_MATERIALIZED;
        OR_DONE(names_in(arena, def->partition_by, name, &found));
        for (uint32_t k = 0; k < def->order_by_count; k++) {
            OR_DONE(names_in(arena, def->order_by[k], name, &found));
        }
        if (!found) {
            err = err_new(ERR_BAD_ARGUMENTS,
                          "Column(s) %s of the AggregatingMergeTree table are neither part of the sorting key nor "
                          "aggregate measures (AggregateFunction or SimpleAggregateFunction): merges would keep any of "
                          "their values. Add them to ORDER BY, or set 'allow_dimensions_outside_sorting_key = 1' if "
                          "this is intentional",
                          def->columns[c].name);
            goto done;
        }
    }
done:
    return err;
}

/* "Name(a, b)", columns alone. */
static struct err *engine_text(struct engine *engine)
{
    struct arena *arena = engine->binder->arena;
    struct ast_list list = summed(engine->node);
    char *text = arena_format(arena, "%.*s", SLICE_ARG(engine->name));
    for (uint32_t i = 0; text != NULL && i < list.count; i++) {
        struct slice name = sql_identifier(arena, list.items[i]->parts[0]);
        text = name.data == NULL ? NULL
                                 : arena_format(arena, "%s%s%.*s%s", text, i == 0 ? "(" : ", ", SLICE_ARG(name),
                                                i + 1 == list.count ? ")" : "");
    }
    engine->def->engine = text;
    return text == NULL ? arena_error(arena) : NULL;
}

struct err *define_engine(struct binder *binder, const struct ast_create_table *create, struct table_def *def)
{
    struct err *err = NULL;
    struct engine engine = {.binder = binder, .create = create, .def = def, .node = create->engine};
    enum combining_kind kind;

    def->engine = "MergeTree";
    if (create->engine == NULL || slice_is_text(create->engine->parts[0], "MergeTree")) {
        goto done;
    }
    engine.name = create->engine->parts[0];
    char *name = arena_text(binder->arena, engine.name);
    if (name == NULL || !engine_combines(name, &kind)) {
        err = name == NULL ? arena_error(binder->arena) : check_engine(binder, create->engine);
        goto done;
    }
    switch (kind) {
    case COMBINING_REPLACING:
        err = replacing(&engine);
        break;
    case COMBINING_SUMMING:
        err = summing(&engine);
        break;
    case COMBINING_AGGREGATING:
        err = argument_count(&engine, 0, 0);
        break;
    case COMBINING_COLLAPSING:
        err = collapsing(&engine, false);
        break;
    case COMBINING_VERSIONED:
        err = collapsing(&engine, true);
        break;
    }
    OR_DONE(err);
    err = engine_text(&engine);
done:
    return err;
}

struct err *define_engine_primary_key(struct binder *binder, struct table_def *def)
{
    enum combining_kind kind;
    if (!engine_combines(def->engine, &kind) || kind != COMBINING_VERSIONED || def->primary_key[0] != 0) {
        return NULL;
    }
    char *all = arena_format(binder->arena, "%s", def->order_by_count > 1 ? def->order_by[0] : "");
    for (uint32_t i = 1; all != NULL && i + 1 < def->order_by_count; i++) {
        all = arena_format(binder->arena, "%s, %s", all, def->order_by[i]);
    }
    def->primary_key = all;
    return all == NULL ? arena_error(binder->arena) : NULL;
}

/* ---- ALTER */

/* What the engine has the column for; NULL: nothing. */
static const char *role_of(const struct ast *engine, struct slice column)
{
    if (engine == NULL || engine->arguments.count == 0) {
        return NULL;
    }
    bool sums = slice_is_text(engine->parts[0], "SummingMergeTree");
    bool replaces = slice_is_text(engine->parts[0], "ReplacingMergeTree");
    struct ast_list list = summed(engine);
    for (uint32_t i = 0; i < list.count; i++) {
        if (is_name(list.items[i]) && slice_equal(list.items[i]->parts[0], column)) {
            return sums                             ? "columns to sum"
                   : (replaces && i == 0) || i == 1 ? (replaces && i == 1 ? "is_deleted" : "version")
                                                    : (replaces ? "is_deleted" : "sign");
        }
    }
    return NULL;
}

struct err *check_engine_column(struct binder *binder, const struct ast_alter *action, const struct ast *engine,
                                const char *verb)
{
    const char *role = role_of(engine, action->name);
    return role == NULL ? NULL
                        : bind_error(binder, action->offset, ERR_ALTER_OF_COLUMN,
                                     "Trying to ALTER %s %s (%.*s) column.", verb, role, SLICE_ARG(action->name));
}

struct err *check_engine_type(struct binder *binder, const struct ast_alter *action, const struct ast *engine,
                              const struct type *from, const struct type *to)
{
    struct slice name = action->column->name;
    const char *role = role_of(engine, name);
    if (role == NULL || strcmp(role, "columns to sum") == 0) {
        return NULL;
    }
    bool expands = strcmp(role, "version") == 0 && is_version(from) && is_version(to) && to->width >= from->width &&
                   type_is_signed(from) == type_is_signed(to) && type_is_float(from) == type_is_float(to) &&
                   type_is_time(from) == type_is_time(to) && (!type_is_time(from) || from->kind == to->kind);
    return expands ? NULL
                   : bind_error(binder, action->offset, ERR_ALTER_OF_COLUMN,
                                "Cannot alter %s column %.*s from type %.*s to type %.*s%s", role, SLICE_ARG(name),
                                SLICE_ARG(type_name(binder->arena, from)), SLICE_ARG(type_name(binder->arena, to)),
                                strcmp(role, "version") == 0 ? ": the only possible conversion is expansion of the "
                                                               "number of bytes of the current type"
                                                             : "");
}

bool engine_orders_by(const struct table_def *def, struct slice column)
{
    enum combining_kind kind;
    if (!engine_combines(def->engine, &kind) || kind == COMBINING_SUMMING) {
        return false;
    }
    const char *at = strchr(def->engine, '(');
    for (uint32_t i = 0; at != NULL && (i == 0 || kind != COMBINING_REPLACING); at = strchr(at, ','), i++) {
        at += strspn(at, "(, ");
        size_t length = strcspn(at, ",)");
        bool quoted = *at == '`';
        if (slice_equal(slice_of(at + quoted, length - (quoted ? 2 : 0)), column)) {
            return true;
        }
    }
    return false;
}
