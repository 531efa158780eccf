/*
 * define_dictionary.c: see define_dictionary.h.
 *
 * Where the rows come from is SQL: SOURCE(CLICKHOUSE(…)) is a SELECT from a table, SOURCE(FILE(…)) one from file().
 */
#include "sql/define_dictionary.h"

#include "sql/binder.h"
#include "sql/parser.h"
#include "sql/printer.h"

#include <strings.h>

struct layout {
    const char *name;  /* in CREATE */
    const char *shown; /* in system.dictionaries */
    enum lexicon_layout layout;
};

static const struct layout layouts[] = {
    {"FLAT", "Flat", LEXICON_FLAT},
    {"HASHED", "Hashed", LEXICON_HASHED},
    {"SPARSE_HASHED", "SparseHashed", LEXICON_HASHED},
    {"HASHED_ARRAY", "HashedArray", LEXICON_HASHED},
    {"COMPLEX_KEY_HASHED", "ComplexKeyHashed", LEXICON_COMPLEX},
    {"COMPLEX_KEY_SPARSE_HASHED", "ComplexKeySparseHashed", LEXICON_COMPLEX},
    {"COMPLEX_KEY_HASHED_ARRAY", "ComplexKeyHashedArray", LEXICON_COMPLEX},
    {"RANGE_HASHED", "RangeHashed", LEXICON_RANGE},
};

struct definer {
    struct binder binder;
    const struct ast_create_dictionary *create;
    struct lexicon_shape *shape;
};

static struct err *bad(struct definer *definer, uint32_t offset, const char *format, ...)
    __attribute__((format(printf, 3, 4), returns_nonnull));

static struct err *bad(struct definer *definer, uint32_t offset, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    struct err *err = err_newv(ERR_DICTIONARY_DEFINITION, format, list);
    va_end(list);
    return bind_at(&definer->binder, offset, err);
}

static const struct ast_dictionary_attribute *find_column(const struct definer *definer, struct slice name)
{
    for (uint32_t i = 0; i < definer->create->attribute_count; i++) {
        if (slice_equal(definer->create->attributes[i].name, name)) {
            return &definer->create->attributes[i];
        }
    }
    return NULL;
}

static bool is_key(const struct definer *definer, struct slice name)
{
    for (uint32_t i = 0; i < definer->create->key_count; i++) {
        if (slice_equal(definer->create->keys[i], name)) {
            return true;
        }
    }
    return false;
}

static struct err *take_layout(struct definer *definer)
{
    const struct ast_dictionary_block *given = &definer->create->layout;

    if (given->name.length == 0) {
        return bad(definer, definer->create->name_offset, "the dictionary's LAYOUT is missing, as in LAYOUT(HASHED())");
    }
    if (given->pair_count > 0) {
        return bind_refuse(&definer->binder, given->pairs[0].offset, "%.*s of a dictionary's layout",
                           SLICE_ARG(given->pairs[0].name));
    }
    for (size_t i = 0; i < sizeof(layouts) / sizeof(layouts[0]); i++) {
        if (slice_is_any_case(given->name, layouts[i].name)) {
            definer->shape->layout = layouts[i].layout;
            definer->shape->layout_name = slice_text(layouts[i].shown);
            return NULL;
        }
    }
    return bind_refuse(&definer->binder, given->offset, "the layout %.*s", SLICE_ARG(given->name));
}

static struct err *take_keys(struct definer *definer)
{
    struct err *err = NULL;
    const struct ast_create_dictionary *create = definer->create;
    struct arena *arena = definer->binder.arena;
    struct source_column *keys = arena_array(arena, create->key_count + 1U, sizeof(*keys));
    bool complex = definer->shape->layout == LEXICON_COMPLEX;

    if (keys == NULL) {
        return arena_error(arena);
    }
    if (create->key_count == 0) {
        return bad(definer, create->name_offset, "the dictionary's PRIMARY KEY is missing");
    }
    if (!complex && create->key_count > 1) {
        return bad(definer, create->key_offset, "the layout %.*s takes one key, a UInt64; COMPLEX_KEY_HASHED more",
                   SLICE_ARG(create->layout.name));
    }
    for (uint32_t i = 0; i < create->key_count; i++) {
        const struct ast_dictionary_attribute *column = find_column(definer, create->keys[i]);
        if (column == NULL) {
            return bad(definer, create->key_offset, "Unknown key attribute '%.*s'", SLICE_ARG(create->keys[i]));
        }
        keys[i].name = column->name;
        OR_DONE(bind_type(&definer->binder, column->type_offset, column->type, &keys[i].type));
        if (!complex) { /* whatever is said: keys of these layouts are UInt64 */
            keys[i].type = type_simple(TYPE_UINT64);
        } else if (type_is_nested(keys[i].type) || keys[i].type->low_cardinality) {
            return bind_refuse(&definer->binder, column->type_offset, "a dictionary's key of type %.*s",
                               SLICE_ARG(column->type));
        }
    }
    definer->shape->keys = keys;
    definer->shape->key_count = create->key_count;
done:
    return err;
}

static struct err *take_range(struct definer *definer)
{
    struct err *err = NULL;
    const struct slice names[2] = {definer->create->range_min, definer->create->range_max};

    if (definer->shape->layout != LEXICON_RANGE) {
        return names[0].length + names[1].length == 0
                   ? NULL
                   : bad(definer, definer->create->range_offset, "RANGE stands with the layout RANGE_HASHED only");
    }
    for (uint32_t i = 0; i < 2; i++) {
        const struct ast_dictionary_attribute *column = find_column(definer, names[i]);
        if (column == NULL) {
            return bad(definer, definer->create->range_offset,
                       "RANGE_HASHED needs RANGE(MIN column MAX column) with columns of the dictionary");
        }
        definer->shape->range[i].name = column->name;
        OR_DONE(bind_type(&definer->binder, column->type_offset, column->type, &definer->shape->range[i].type));
        const struct type *type = definer->shape->range[i].type;
        if (!type_is_integer(type) && !type_is_time(type)) {
            return bad(definer, column->type_offset, "a range is of integers, dates or times, not %.*s",
                       SLICE_ARG(column->type));
        }
    }
done:
    return err;
}

/* The value for keys that are not there: DEFAULT, or the type's. */
static struct err *take_fallback(struct definer *definer, const struct ast_dictionary_attribute *given,
                                 const struct type *type, const struct column **out)
{
    struct err *err = NULL;
    struct arena *arena = definer->binder.arena;
    struct scope constants = {.rows_only = true, .rows_what = "an attribute's DEFAULT"};
    const struct expression *value = NULL;
    struct column *cast = NULL;

    if (given->fallback == NULL) {
        *out = column_default(arena, type, 1);
        return *out == NULL ? arena_error(arena) : NULL;
    }
    OR_DONE(bind_node(&definer->binder, &constants, given->fallback, &value));
    const struct column *constant = expression_value(value);
    if (constant == NULL) {
        return bad(definer, given->offset, "the DEFAULT of the attribute %.*s must be a constant",
                   SLICE_ARG(given->name));
    }
    const struct column *one = column_part(arena, constant, 0, 1);
    if (one == NULL) {
        return arena_error(arena);
    }
    OR_DONE(bind_at(&definer->binder, given->offset,
                    function_cast(arena, definer->binder.options->context, one, type, &cast)));
    *out = cast;
done:
    return err;
}

static struct err *take_attributes(struct definer *definer)
{
    struct err *err = NULL;
    const struct ast_create_dictionary *create = definer->create;
    struct arena *arena = definer->binder.arena;
    struct lexicon_attribute *attributes = arena_zalloc(arena, (create->attribute_count + 1U) * sizeof(*attributes));
    uint32_t count = 0;

    if (attributes == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < create->attribute_count; i++) {
        const struct ast_dictionary_attribute *given = &create->attributes[i];
        if (find_column(definer, given->name) != given) {
            return bad(definer, given->offset, "the attribute %.*s appears twice", SLICE_ARG(given->name));
        }
        bool range = definer->shape->layout == LEXICON_RANGE &&
                     (slice_equal(given->name, create->range_min) || slice_equal(given->name, create->range_max));
        if (is_key(definer, given->name) || range) {
            continue;
        }
        struct lexicon_attribute *made = &attributes[count++];
        made->name = given->name;
        made->hierarchical = given->hierarchical;
        OR_DONE(bind_type(&definer->binder, given->type_offset, given->type, &made->type));
        if (made->type->low_cardinality) {
            return bind_refuse(&definer->binder, given->type_offset, "an attribute of type %.*s",
                               SLICE_ARG(given->type));
        }
        if (made->hierarchical && (made->type->kind != TYPE_UINT64 || made->type->nullable)) {
            return bad(definer, given->type_offset, "a HIERARCHICAL attribute is of type UInt64, as the key");
        }
        OR_DONE(take_fallback(definer, given, made->type, &made->fallback));
    }
    if (count == 0) {
        return bad(definer, create->name_offset, "the dictionary has no attributes besides its key");
    }
    definer->shape->attributes = attributes;
    definer->shape->attribute_count = count;
done:
    return err;
}

/* ---- the source */

static struct slice source_value(const struct definer *definer, const char *name)
{
    const struct ast_dictionary_block *source = &definer->create->source;
    for (uint32_t i = 0; i < source->pair_count; i++) {
        if (slice_is_any_case(source->pairs[i].name, name)) {
            return source->pairs[i].value->text;
        }
    }
    return (struct slice){0};
}

static struct err *check_pairs(struct definer *definer, const char *const *known, const char *const *ignored)
{
    const struct ast_dictionary_block *source = &definer->create->source;
    for (uint32_t i = 0; i < source->pair_count; i++) {
        bool found = false;
        for (size_t k = 0; known[k] != NULL && !found; k++) {
            found = slice_is_any_case(source->pairs[i].name, known[k]);
        }
        for (size_t k = 0; ignored[k] != NULL && !found; k++) {
            found = slice_is_any_case(source->pairs[i].name, ignored[k]);
        }
        if (!found) {
            return bind_refuse(&definer->binder, source->pairs[i].offset, "%.*s of a dictionary's source",
                               SLICE_ARG(source->pairs[i].name));
        }
    }
    return NULL;
}

/* "a, upper(b) AS c" for all columns, in the shape's order. */
static struct err *select_list(struct definer *definer, bool expressions, char **out)
{
    struct arena *arena = definer->binder.arena;
    char *list = arena_format(arena, "%s", "");
    uint32_t count = lexicon_column_count(definer->shape);

    for (uint32_t i = 0; i < count && list != NULL; i++) {
        struct slice name = lexicon_column(definer->shape, i).name;
        const struct ast_dictionary_attribute *given = find_column(definer, name);
        struct slice quoted = sql_identifier(arena, name);
        if (expressions && given->expression != NULL) {
            struct slice expression = ast_print(arena, given->expression);
            list = expression.data == NULL
                       ? NULL
                       : arena_format(arena, "%s%s%.*s", list, i > 0 ? ", " : "", SLICE_ARG(expression));
        } else {
            list = quoted.data == NULL ? NULL
                                       : arena_format(arena, "%s%s%.*s", list, i > 0 ? ", " : "", SLICE_ARG(quoted));
        }
    }
    *out = list;
    return list == NULL ? arena_error(arena) : NULL;
}

static struct err *from_table(struct definer *definer)
{
    static const char *const known[] = {"TABLE", "DB", "WHERE", "QUERY", "USER", "PASSWORD", "HOST", "PORT", NULL};
    static const char *const none[] = {NULL};
    struct err *err = NULL;
    struct arena *arena = definer->binder.arena;
    struct slice table = source_value(definer, "TABLE"), query = source_value(definer, "QUERY");
    struct slice database = source_value(definer, "DB"), where = source_value(definer, "WHERE");
    struct slice host = source_value(definer, "HOST"), user = source_value(definer, "USER");
    char *list = NULL;

    OR_DONE(check_pairs(definer, known, none));
    if ((host.length > 0 && !slice_is_any_case(host, "localhost") && !slice_is_text(host, "127.0.0.1")) ||
        (user.length > 0 && !slice_is_text(user, "default")) || source_value(definer, "PASSWORD").length > 0) {
        return bind_refuse(&definer->binder, definer->create->source.offset,
                           "a dictionary from another server or user");
    }
    if (query.length > 0) {
        definer->shape->query = query;
        definer->shape->source_text = slice_text("ClickHouse: query");
        goto done;
    }
    if (table.length == 0) {
        return bad(definer, definer->create->source.offset,
                   "SOURCE(CLICKHOUSE(…)) needs TABLE 'name' or QUERY 'SELECT …'");
    }
    database = database.length == 0 ? definer->shape->database : database;
    OR_DONE(select_list(definer, true, &list));
    struct slice quoted_database = sql_identifier(arena, database), quoted_table = sql_identifier(arena, table);
    char *text = quoted_database.data == NULL || quoted_table.data == NULL
                     ? NULL
                     : arena_format(arena, "SELECT %s FROM %.*s.%.*s%s%.*s", list, SLICE_ARG(quoted_database),
                                    SLICE_ARG(quoted_table), where.length > 0 ? " WHERE " : "", SLICE_ARG(where));
    char *shown = arena_format(arena, "ClickHouse: %.*s.%.*s", SLICE_ARG(database), SLICE_ARG(table));
    if (text == NULL || shown == NULL) {
        return arena_error(arena);
    }
    definer->shape->query = slice_text(text);
    definer->shape->source_text = slice_text(shown);
done:
    return err;
}

/* "name Type, …" of the file's columns, in the order of the definition. */
static struct err *file_structure(struct definer *definer, char **out)
{
    struct arena *arena = definer->binder.arena;
    char *list = arena_format(arena, "%s", "");

    for (uint32_t i = 0; i < definer->create->attribute_count && list != NULL; i++) {
        const struct ast_dictionary_attribute *column = &definer->create->attributes[i];
        struct slice name = sql_identifier(arena, column->name);
        list = name.data == NULL ? NULL
                                 : arena_format(arena, "%s%s%.*s %.*s", list, i > 0 ? ", " : "", SLICE_ARG(name),
                                                SLICE_ARG(column->type));
    }
    *out = list;
    return list == NULL ? arena_error(arena) : NULL;
}

static struct err *from_file(struct definer *definer)
{
    static const char *const known[] = {"PATH", "FORMAT", NULL};
    static const char *const none[] = {NULL};
    struct err *err = NULL;
    struct arena *arena = definer->binder.arena;
    struct slice path = source_value(definer, "PATH"), format = source_value(definer, "FORMAT");
    char *list = NULL, *structure = NULL;

    OR_DONE(check_pairs(definer, known, none));
    if (path.length == 0 || format.length == 0) {
        return bad(definer, definer->create->source.offset, "SOURCE(FILE(…)) needs path 'name' and format 'CSV'");
    }
    OR_DONE(select_list(definer, true, &list));
    OR_DONE(file_structure(definer, &structure));
    struct slice quoted_path = sql_string(arena, path), quoted_format = sql_string(arena, format);
    struct slice quoted_structure = sql_string(arena, slice_text(structure));
    char *text = quoted_path.data == NULL || quoted_format.data == NULL || quoted_structure.data == NULL
                     ? NULL
                     : arena_format(arena, "SELECT %s FROM file(%.*s, %.*s, %.*s)", list, SLICE_ARG(quoted_path),
                                    SLICE_ARG(quoted_format), SLICE_ARG(quoted_structure));
    char *shown = arena_format(arena, "File: %.*s %.*s", SLICE_ARG(path), SLICE_ARG(format));
    if (text == NULL || shown == NULL) {
        return arena_error(arena);
    }
    definer->shape->query = slice_text(text);
    definer->shape->source_text = slice_text(shown);
done:
    return err;
}

static struct err *from_nothing(struct definer *definer)
{
    struct err *err = NULL;
    struct arena *arena = definer->binder.arena;
    char *list = NULL, *structure = NULL;

    OR_DONE(select_list(definer, false, &list));
    OR_DONE(file_structure(definer, &structure));
    struct slice quoted = sql_string(arena, slice_text(structure));
    char *text = quoted.data == NULL ? NULL : arena_format(arena, "SELECT %s FROM null(%.*s)", list, SLICE_ARG(quoted));
    if (text == NULL) {
        return arena_error(arena);
    }
    definer->shape->query = slice_text(text);
    definer->shape->source_text = slice_text("Null");
done:
    return err;
}

static struct err *take_source(struct definer *definer)
{
    struct slice name = definer->create->source.name;

    if (name.length == 0) {
        return bad(definer, definer->create->name_offset,
                   "the dictionary's SOURCE is missing, as in SOURCE(CLICKHOUSE(TABLE 'name'))");
    }
    return slice_is_any_case(name, "CLICKHOUSE") ? from_table(definer)
           : slice_is_any_case(name, "FILE")     ? from_file(definer)
           : slice_is_any_case(name, "NULL")     ? from_nothing(definer)
                                                 : bind_refuse(&definer->binder, definer->create->source.offset,
                                                               "a dictionary from %.*s", SLICE_ARG(name));
}

static struct err *make_shape(struct arena *arena, const struct bind_options *options,
                              const struct ast_create_dictionary *create, struct slice database,
                              struct lexicon_shape **out)
{
    struct err *err = NULL;
    struct definer definer = {.binder = {.arena = arena, .options = options}, .create = create};

    definer.shape = ARENA_NEW(arena, struct lexicon_shape);
    if (definer.shape == NULL) {
        return arena_error(arena);
    }
    definer.shape->database = arena_slice(arena, database);
    definer.shape->name = arena_slice(arena, create->name);
    definer.shape->lifetime_min_s = create->lifetime_min;
    definer.shape->lifetime_max_s = create->lifetime_max;
    if (definer.shape->database.data == NULL || definer.shape->name.data == NULL) {
        return arena_error(arena);
    }
    OR_DONE(take_layout(&definer));
    if (!create->has_lifetime) {
        return bad(&definer, create->name_offset, "the dictionary's LIFETIME is missing, as in LIFETIME(300)");
    }
    if (create->lifetime_min > create->lifetime_max || create->lifetime_max > UINT32_MAX) {
        return bad(&definer, create->name_offset, "LIFETIME: MIN must not be above MAX, and MAX not above %u",
                   UINT32_MAX);
    }
    OR_DONE(take_keys(&definer));
    OR_DONE(take_range(&definer));
    OR_DONE(take_attributes(&definer));
    OR_DONE(take_source(&definer));
    *out = definer.shape;
done:
    return err;
}

struct err *define_dictionary(struct arena *arena, const struct bind_options *options,
                              const struct ast_create_dictionary *given, struct slice database, struct object_def *out)
{
    struct err *err = NULL;
    struct ast_create_dictionary create = *given;
    struct lexicon_shape *shape = NULL;

    create.database = database;
    OR_DONE(make_shape(arena, options, &create, database, &shape));
    struct slice text = ast_print_create_dictionary(arena, &create);
    *out = (struct object_def){.kind = OBJECT_DICTIONARY,
                               .database = arena_text(arena, database),
                               .name = arena_text(arena, create.name),
                               .definition = text.data,
                               .comment = arena_text(arena, create.comment)};
    if (out->database == NULL || out->name == NULL || text.data == NULL || out->comment == NULL) {
        err = arena_error(arena);
        goto done;
    }
    err = define_dictionary_shape(arena, options->context, text, &shape); /* what is stored can be read */
done:
    return err;
}

struct err *define_dictionary_shape(struct arena *arena, const struct function_context *context,
                                    struct slice definition, struct lexicon_shape **out)
{
    struct err *err = NULL;
    struct ast_statement *statement = NULL;
    struct slice own = arena_slice(arena, definition);

    if (own.data == NULL) {
        return arena_error(arena);
    }
    struct bind_options options = {.text = own, .context = context};
    OR_DONE(parse_query(arena, own, (uint32_t)own.length + 1, &statement));
    err = make_shape(arena, &options, statement->create_dictionary, statement->create_dictionary->database, out);
done:
    return err;
}

struct err *define_dictionary_rename(struct arena *arena, struct slice definition, struct slice database,
                                     struct slice name, const char **out)
{
    struct err *err = NULL;
    struct ast_statement *statement = NULL;

    OR_DONE(parse_query(arena, definition, (uint32_t)definition.length + 1, &statement));
    struct ast_create_dictionary renamed = *statement->create_dictionary;
    renamed.database = database;
    renamed.name = name;
    *out = ast_print_create_dictionary(arena, &renamed).data;
    err = *out == NULL ? arena_error(arena) : NULL;
done:
    return err;
}
