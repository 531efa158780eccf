/*
 * define_index.c: see define_index.h.
 *
 * of what  a column, of arrays their elements; lower() of a String, mapKeys() or mapValues() of a Map
 * types    minmax (the zone maps that every column has), set, bloom_filter, tokenbf_v1, ngrambf_v1, bitmap, text (a
 *          filter, too: of values, words or n-grams, by its tokenizer; of each granule, whatever GRANULARITY says). A filter
 *          has the size that is asked for; eight hash functions and no seed, whatever is said of these
 */
#include "sql/define_index.h"

#include "sql/print.h"
#include "storage/index_bitmap.h"

#define RATE_DEFAULT 0.025 /* ClickHouse's */
#define RATE_TEXT    0.005
#define GRAM_DEFAULT 3U

struct index_definer {
    struct binder *binder;
    struct arena *arena;
    const struct ast_index *from;
    struct index_def *def;
    const struct type *type; /* of the column */
};

static struct err *wrong(struct index_definer *definer, enum err_code code, const char *what)
{
    return bind_error(definer->binder, definer->from->type->offset, code, "%s: index %.*s", what,
                      SLICE_ARG(definer->from->name));
}

/* What it is an index of. */
static const struct {
    const char *function;
    enum index_input input;
} inputs[] = {{"lower", INDEX_LOWER}, {"mapKeys", INDEX_MAP_KEYS}, {"mapValues", INDEX_MAP_VALUES}};

static struct err *define_input(struct index_definer *definer, const struct source_column *names, uint32_t count)
{
    struct err *err = NULL;
    const struct ast *node = definer->from->expression;
    const struct expression *expression = NULL;

    OR_DONE(bind_expression(definer->arena, definer->binder->options, node, names, count, &expression));
    definer->def->input = INDEX_PLAIN;
    for (size_t k = 0; k < sizeof(inputs) / sizeof(inputs[0]) && expression->kind == EXPRESSION_CALL; k++) {
        if (strcmp(expression->function->name, inputs[k].function) == 0) {
            expression = expression->children[0];
            definer->def->input = (uint32_t)inputs[k].input;
        }
    }
    if (expression->kind != EXPRESSION_COLUMN) {
        err = bind_refuse(definer->binder, node->offset,
                          "an index of %s (only of columns, and of lower(), mapKeys() and mapValues() of one)",
                          ast_print(definer->arena, node).data);
        goto done;
    }
    definer->def->column = expression->column_index;
    definer->type = names[expression->column_index].type;
    if (definer->type->kind == TYPE_ARRAY) {
        definer->def->input = INDEX_ELEMENTS;
    }
    definer->def->expression = ast_print(definer->arena, node).data;
    if (definer->def->expression == NULL) {
        err = arena_error(definer->arena);
    }
done:
    return err;
}

/* The type's arguments as numbers that are not negative; what: ClickHouse's words for others. */
static struct err *get_numbers(struct index_definer *definer, uint32_t count, enum err_code code, const char *few,
                               const char *what, uint64_t *out)
{
    const struct ast_list *list = &definer->from->type->arguments;
    if (list->count != count) {
        return wrong(definer, code, few);
    }
    for (uint32_t i = 0; i < count; i++) {
        if (list->items[i]->kind != AST_LITERAL || list->items[i]->literal != AST_UINT) {
            return wrong(definer, code, what);
        }
        out[i] = list->items[i]->number;
    }
    return NULL;
}

static struct err *define_set(struct index_definer *definer)
{
    uint64_t count = 0;
    struct err *err = get_numbers(definer, 1, ERR_INCORRECT_QUERY, "Set index must have exactly one argument",
                                  "Set index argument must be positive integer", &count);
    definer->def->kind = INDEX_SET;
    definer->def->parameter =
        err != NULL || count == 0 || count > INDEX_HASHES_MAX ? INDEX_HASHES_MAX : (uint32_t)count;
    return err;
}

static struct err *define_bloom(struct index_definer *definer)
{
    const struct ast_list *list = &definer->from->type->arguments;
    double rate = RATE_DEFAULT;
    if (list->count > 1) {
        return wrong(definer, ERR_ARGUMENT_COUNT, "BloomFilter index cannot have more than one parameter");
    }
    if (list->count == 1) {
        rate = list->items[0]->kind == AST_LITERAL && list->items[0]->literal == AST_FLOAT ? list->items[0]->real : 0;
    }
    if (!(rate > 0 && rate < 1)) {
        return wrong(definer, ERR_BAD_ARGUMENTS,
                     "The BloomFilter false positive must be a double number between 0 and 1");
    }
    definer->def->kind = INDEX_VALUES;
    definer->def->bits = index_bits_for(rate);
    return NULL;
}

/* (size, hash functions, seed), for n-grams with their length before. */
static struct err *define_text(struct index_definer *definer, bool grams)
{
    struct err *err = NULL;
    uint64_t numbers[4] = {1, 0, 0, 0};
    if (!type_is_string(index_input_type(definer->type, (enum index_input)definer->def->input))) {
        return wrong(definer, ERR_BAD_ARGUMENTS,
                     "Ngram and token bloom filter indexes can only be used with column types `String` and "
                     "`LowCardinality(String)`");
    }
    OR_DONE(get_numbers(definer, grams ? 4 : 3, ERR_BAD_ARGUMENTS,
                        grams ? "`ngrambf` index must have exactly 4 arguments"
                              : "`tokenbf` index must have exactly 3 arguments",
                        "All parameters to *bf_v1 index must be unsigned integers", grams ? numbers : numbers + 1));
    if (numbers[0] == 0) {
        return wrong(definer, ERR_BAD_ARGUMENTS, "ngram length must be at least 1");
    }
    if (numbers[1] == 0) {
        return wrong(definer, ERR_BAD_ARGUMENTS, "The size of bloom filter cannot be zero");
    }
    if (numbers[2] == 0) {
        return wrong(definer, ERR_BAD_ARGUMENTS, "The number of hash functions for bloom filter cannot be zero");
    }
    if (numbers[0] > INDEX_GRAM_MAX || numbers[1] > INDEX_BYTES_MAX) {
        return bind_refuse(definer->binder, definer->from->type->offset,
                           "n-grams of more than %u bytes, and filters of more than %u", INDEX_GRAM_MAX,
                           INDEX_BYTES_MAX);
    }
    definer->def->kind = grams ? INDEX_GRAMS : INDEX_WORDS;
    definer->def->parameter = grams ? (uint32_t)numbers[0] : 0;
    definer->def->bytes = (uint32_t)numbers[1];
done:
    return err;
}

/* text(tokenizer = 'array' | splitByNonAlpha | ngrams(3)) */
static struct err *define_tokens(struct index_definer *definer)
{
    const struct ast_list *list = &definer->from->type->arguments;
    const struct ast *tokenizer = NULL;
    for (uint32_t i = 0; i < list->count; i++) {
        const struct ast *argument = list->items[i];
        bool names = argument->kind == AST_FUNCTION && slice_is_text(argument->parts[0], "equals") &&
                     argument->arguments.items[0]->kind == AST_IDENTIFIER;
        if (!names || !slice_is_text(argument->arguments.items[0]->parts[0], "tokenizer")) {
            return bind_refuse(definer->binder, argument->offset, "arguments of a text index but its tokenizer");
        }
        tokenizer = argument->arguments.items[1];
    }
    if (tokenizer == NULL) {
        return wrong(definer, ERR_BAD_ARGUMENTS, "Text index argument 'tokenizer' is required");
    }
    bool is_text = tokenizer->kind == AST_LITERAL && tokenizer->literal == AST_STRING;
    struct slice name = is_text                          ? tokenizer->text
                        : tokenizer->kind == AST_LITERAL ? slice_text("")
                                                         : tokenizer->parts[0];
    uint64_t size = GRAM_DEFAULT;
    if (tokenizer->kind == AST_FUNCTION && tokenizer->arguments.count == 1 &&
        tokenizer->arguments.items[0]->kind == AST_LITERAL && tokenizer->arguments.items[0]->literal == AST_UINT) {
        size = tokenizer->arguments.items[0]->number;
    }
    definer->def->bits = index_bits_for(RATE_TEXT);
    if (slice_is_text(name, "array")) {
        definer->def->kind = INDEX_VALUES;
    } else if (slice_is_text(name, "splitByNonAlpha")) {
        definer->def->kind = INDEX_WORDS;
    } else if (slice_is_text(name, "ngrams") && size > 0 && size <= INDEX_GRAM_MAX) {
        definer->def->kind = INDEX_GRAMS;
        definer->def->parameter = (uint32_t)size;
    } else {
        return bind_refuse(definer->binder, tokenizer->offset,
                           "the tokenizer %.*s of a text index (only array, splitByNonAlpha, ngrams(1 to %u))",
                           SLICE_ARG(name), INDEX_GRAM_MAX);
    }
    return NULL;
}

static struct err *define_type(struct index_definer *definer)
{
    struct slice name = definer->from->type->parts[0];
    if (slice_is_text(name, "minmax")) {
        definer->def->kind = 0;
        definer->def->input = definer->def->input == INDEX_ELEMENTS ? INDEX_PLAIN : definer->def->input;
        return definer->def->input == INDEX_PLAIN ? NULL
                                                  : bind_refuse(definer->binder, definer->from->type->offset,
                                                                "a minmax index of a function of a column");
    }
    if (slice_is_text(name, "set")) {
        return define_set(definer);
    }
    if (slice_is_text(name, "bloom_filter")) {
        return define_bloom(definer);
    }
    if (slice_is_text(name, "tokenbf_v1") || slice_is_text(name, "ngrambf_v1")) {
        return define_text(definer, slice_is_text(name, "ngrambf_v1"));
    }
    if (slice_is_text(name, "bitmap")) {
        definer->def->kind = INDEX_BITMAP;
        return definer->from->has_arguments ? wrong(definer, ERR_ARGUMENT_COUNT, "A bitmap index has no parameters")
                                            : NULL;
    }
    if (slice_is_text(name, "text")) {
        return define_tokens(definer);
    }
    if (slice_is_text(name, "vector_similarity") || slice_is_text(name, "sparse_grams")) {
        return bind_refuse(definer->binder, definer->from->type->offset, "an index of type %.*s", SLICE_ARG(name));
    }
    if (slice_is_text(name, "hypothesis")) {
        return wrong(definer, ERR_ILLEGAL_INDEX, "Index of type 'hypothesis' is no longer supported");
    }
    return bind_error(definer->binder, definer->from->type->offset, ERR_INCORRECT_QUERY,
                      "Unknown Index type '%.*s'. Available index types: minmax, set, bloom_filter, tokenbf_v1, "
                      "ngrambf_v1, bitmap, text",
                      SLICE_ARG(name));
}

static struct err *define_granularity(struct index_definer *definer)
{
    const struct ast *node = definer->from->granularity;
    definer->def->granularity = node == NULL ? 1 : node->literal == AST_UINT ? node->number : 0;
    if (definer->def->granularity == 0) {
        return bind_error(definer->binder, definer->from->offset, ERR_BAD_ARGUMENTS,
                          "Index GRANULARITY must be a positive integer");
    }
    if (slice_is_text(definer->from->type->parts[0], "text")) {
        definer->def->granularity = 1; /* ClickHouse's has one for the whole part */
    }
    uint32_t most = definer->def->kind == INDEX_BITMAP ? BITMAP_GROUP_MAX : INDEX_GROUP_MAX;
    return definer->def->granularity <= most || definer->def->kind == 0
               ? NULL
               : bind_refuse(definer->binder, node->offset, "an index of GRANULARITY above %u", most);
}

static struct err *define_one(struct index_definer *definer, const struct source_column *names, uint32_t count)
{
    struct err *err = NULL;
    struct printer printer = {.arena = definer->arena};
    struct slice name = sql_identifier(definer->arena, definer->from->name);

    definer->def->name = arena_text(definer->arena, definer->from->name);
    if (name.data == NULL || definer->def->name == NULL) {
        return arena_error(definer->arena);
    }
    OR_DONE(define_input(definer, names, count));
    OR_DONE(define_type(definer));
    OR_DONE(define_granularity(definer));
    print_index_type(&printer, definer->from);
    definer->def->type = print_end(&printer).data;
    if (definer->def->type == NULL) {
        return arena_error(definer->arena);
    }
    if (definer->def->kind != 0 &&
        !index_takes(definer->type, (enum index_kind)definer->def->kind, (enum index_input)definer->def->input)) {
        err =
            bind_refuse(definer->binder, definer->from->offset, "an index of type %.*s of a column of type %.*s",
                        SLICE_ARG(definer->from->type->parts[0]), SLICE_ARG(type_name(definer->arena, definer->type)));
    }
done:
    return err;
}

struct err *define_indexes(struct binder *binder, const struct ast_create_table *create,
                           const struct source_column *names, struct table_def *def)
{
    struct err *err = NULL;
    struct index_def *indexes = arena_zalloc(binder->arena, (create->index_count + 1U) * sizeof(*indexes));

    if (indexes == NULL) {
        return arena_error(binder->arena);
    }
    if (create->index_count > INDEXES_MAX / 2) { /* a segment has also those that the rule makes */
        err = bind_refuse(binder, create->indexes[INDEXES_MAX / 2].offset, "more than %u indexes", INDEXES_MAX / 2);
        goto done;
    }
    for (uint32_t i = 0; i < create->index_count; i++) {
        struct index_definer definer = {binder, binder->arena, &create->indexes[i], &indexes[i], NULL};
        for (uint32_t k = 0; k < i; k++) {
            if (slice_equal(create->indexes[k].name, create->indexes[i].name)) {
                err = bind_error(binder, create->indexes[i].offset, ERR_ILLEGAL_INDEX,
                                 "Duplicated index name %.*s is not allowed. Please use a different index name",
                                 SLICE_ARG(create->indexes[i].name));
                goto done;
            }
        }
        OR_DONE(define_one(&definer, names, create->column_count));
    }
    def->indexes = indexes;
    def->index_count = create->index_count;
done:
    return err;
}

/* ---- ALTER TABLE */

static uint32_t place_of(const struct ast_create_table *create, struct slice name)
{
    uint32_t i = 0;
    while (i < create->index_count && !slice_equal(create->indexes[i].name, name)) {
        i++;
    }
    return i;
}

struct err *define_add_index(struct binder *binder, struct ast_create_table *create, const struct ast_alter *action,
                             bool *changed)
{
    uint32_t count = create->index_count, place = action->first ? 0 : count;

    if (place_of(create, action->name) < count) {
        return action->if_not_exists
                   ? NULL
                   : bind_error(binder, action->offset, ERR_ILLEGAL_COLUMN,
                                "Cannot add index %.*s: index with this name already exists", SLICE_ARG(action->name));
    }
    if (action->after.length > 0) {
        place = place_of(create, action->after) + 1;
        if (place > count) {
            return bind_error(binder, action->offset, ERR_BAD_ARGUMENTS,
                              "Wrong index name. Cannot find index `%.*s` to insert after", SLICE_ARG(action->after));
        }
    }
    struct ast_index *indexes = arena_array(binder->arena, count + 1U, sizeof(*indexes));
    if (indexes == NULL) {
        return arena_error(binder->arena);
    }
    for (uint32_t i = 0; i <= count; i++) {
        indexes[i] = i == place ? *action->index : create->indexes[i - (i > place)];
    }
    create->indexes = indexes;
    create->index_count++;
    *changed = true;
    return NULL;
}

struct err *define_drop_index(struct binder *binder, struct ast_create_table *create, const struct ast_alter *action,
                              bool *changed)
{
    uint32_t place = place_of(create, action->name);

    if (place == create->index_count) {
        return action->if_exists
                   ? NULL
                   : bind_error(binder, action->offset, ERR_BAD_ARGUMENTS,
                                "Wrong index name. Cannot find index `%.*s` to drop", SLICE_ARG(action->name));
    }
    create->index_count--;
    for (uint32_t i = place; i < create->index_count; i++) {
        create->indexes[i] = create->indexes[i + 1];
    }
    *changed = true;
    return NULL;
}
