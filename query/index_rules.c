/*
 * index_rules.c: see index_rules.h.
 */
#include "query/index_rules.h"

#include "query/pipeline.h"
#include "storage/catalogue.h"

#include <string.h>

struct index_rules_use {
    struct arena *arena;
    const struct plan *scan;
    const struct index_rules *rules;
    bool *forced; /* which of them are used */
    bool key, partition;
    bool any; /* condition */
};

/* ---- names */

static bool is_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
}

struct err *index_rules_names(struct arena *arena, const char *setting, struct slice text, struct slice **out,
                              uint32_t *count)
{
    struct slice *names = ARENA_ARRAY(arena, struct slice, text.length / 2 + 1);
    *count = 0;
    if (names == NULL) {
        return arena_error(arena);
    }
    for (size_t at = 0; at < text.length;) {
        char c = text.data[at];
        size_t begin = at;
        if (c == ',' || c == ' ' || c == '\t' || c == '\n') {
            at++;
            continue;
        }
        if (c == '`' || c == '"') {
            const char *end = memchr(text.data + at + 1, c, text.length - at - 1);
            if (end == NULL || end == text.data + at + 1) {
                break;
            }
            names[(*count)++] = slice_of(text.data + at + 1, (size_t)(end - text.data) - at - 1);
            at = (size_t)(end - text.data) + 1;
            continue;
        }
        while (at < text.length && is_name(text.data[at])) {
            at++;
        }
        if (at == begin) {
            break;
        }
        names[(*count)++] = slice_of(text.data + begin, at - begin);
    }
    struct slice last = *count > 0 ? names[*count - 1] : (struct slice){0};
    for (size_t at = last.length == 0 ? 0 : (size_t)(last.data + last.length - text.data); at < text.length; at++) {
        if (strchr(", \t\n`\"", text.data[at]) == NULL || text.data[at] == 0) {
            return err_new(ERR_CANNOT_PARSE_TEXT, "%s = '%.*s': these are no names of indexes", setting,
                           SLICE_ARG(text));
        }
    }
    *out = names;
    return NULL;
}

static bool is_one_of(const struct slice *names, uint32_t count, struct slice name)
{
    for (uint32_t k = 0; k < count; k++) {
        if (slice_equal(names[k], name)) {
            return true;
        }
    }
    return false;
}

/* ---- what is used */

static bool counted(void *user, uint64_t hash)
{
    (void)hash;
    *(bool *)user = true;
    return false;
}

static bool same_column(const struct index_rules_use *use, const struct index_test *test, const struct index_def *index)
{
    return use->scan->source_columns[test->column] == index->column;
}

/* Can the index say something of the test? */
static bool answers(const struct index_rules_use *use, const struct index_test *test, const struct index_def *index)
{
    const struct index_shape shape = {(enum index_kind)index->kind, (enum index_input)index->input, index->column,
                                      index->parameter, 1};
    bool any = false, all = test->count > 0;
    switch (test->kind) {
    case INDEX_TEST_VALUES:
        return same_column(use, test, index) && index->input == (uint32_t)test->input;
    case INDEX_TEST_PARTS:
        for (uint32_t k = 0; k < test->count && same_column(use, test, index) && shape.input == test->input; k++) {
            (void)index_part_hashes(&shape, &test->parts[k], counted, &any);
        }
        return any;
    case INDEX_TEST_AND:
    case INDEX_TEST_OR:
    case INDEX_TEST_NOT:
        break;
    }
    for (uint32_t k = 0; k < test->count; k++) {
        bool one = answers(use, test->children[k], index);
        any = any || one;
        all = all && one;
    }
    return test->kind == INDEX_TEST_OR ? all : any;
}

/* Does the condition compare a column of this list with something known? */
static bool compares(const struct index_rules_use *use, const struct expression *condition, const struct prune *prune,
                     const uint32_t *columns, uint32_t count)
{
    static const char *const names[] = {"notEquals", "not", "isNull", "isNotNull", "like", "startsWith"};
    int64_t column = prune != NULL ? (int64_t)prune_column(prune) : -1;
    for (size_t k = 0; k < sizeof(names) / sizeof(names[0]) && column < 0; k++) {
        if (condition->kind == EXPRESSION_CALL && strcmp(condition->function->name, names[k]) == 0) {
            const struct expression *side = condition->children[0];
            while (side->kind == EXPRESSION_CALL && side->child_count > 0) {
                side = side->children[0];
            }
            column = side->kind == EXPRESSION_COLUMN ? (int64_t)side->column_index : -1;
        }
    }
    for (uint32_t k = 0; k < count && column >= 0; k++) {
        if (use->scan->source_columns[column] == columns[k]) {
            return true;
        }
    }
    return false;
}

/* ---- what is left out */

/* Leaves of the test do not look at indexes that are ignored. */
static struct err *leave_out(const struct index_rules_use *use, struct index_test *test)
{
    struct err *err = NULL;
    const struct table_source *source = use->scan->source;
    if (test->kind != INDEX_TEST_VALUES && test->kind != INDEX_TEST_PARTS) {
        for (uint32_t k = 0; k < test->count; k++) {
            OR_DONE(leave_out(use, (struct index_test *)(uintptr_t)test->children[k])); /* made for this scan */
        }
        return NULL;
    }
    struct index_shape *without = ARENA_ARRAY(use->arena, struct index_shape, source->index_count + 1U);
    if (without == NULL) {
        return arena_error(use->arena);
    }
    for (uint32_t k = 0; k < source->index_count; k++) {
        const struct index_def *index = &source->indexes[k];
        if (same_column(use, test, index) &&
            is_one_of(use->rules->ignored, use->rules->ignored_count, slice_text(index->name))) {
            without[test->without_count++] =
                (struct index_shape){(enum index_kind)index->kind, (enum index_input)index->input, 0, index->parameter,
                                     (uint32_t)index->granularity};
        }
    }
    test->without = without;
done:
    return err;
}

/* ---- a scan */

struct err *index_rules_begin(struct arena *arena, const struct plan *scan, struct index_rules_use **out)
{
    const struct index_rules *rules = scan->source->rules;
    *out = NULL;
    if (rules == NULL) {
        return NULL;
    }
    struct index_rules_use *use = ARENA_NEW(arena, struct index_rules_use);
    if (use == NULL || (use->forced = arena_zalloc(arena, rules->forced_count + 1U)) == NULL) {
        return arena_error(arena);
    }
    use->arena = arena;
    use->scan = scan;
    use->rules = rules;
    *out = use;
    return NULL;
}

struct err *index_rules_condition(struct index_rules_use *use, const struct expression *condition,
                                  const struct prune *prune, const struct index_test **test,
                                  const struct index_test **bitmap)
{
    struct err *err = NULL;
    if (use == NULL) {
        return NULL;
    }
    const struct index_rules *rules = use->rules;
    const struct table_source *source = use->scan->source;
    use->any = true;
    use->key = use->key || compares(use, condition, prune, rules->key, rules->key_count);
    use->partition = use->partition || compares(use, condition, prune, rules->partition, rules->partition_count);
    for (uint32_t k = 0; k < source->index_count; k++) {
        const struct index_def *index = &source->indexes[k];
        const struct slice name = slice_text(index->name);
        bool used = index->kind == 0 ? compares(use, condition, prune, &index->column, 1)
                                     : *test != NULL && answers(use, *test, index);
        used = used && !is_one_of(rules->ignored, rules->ignored_count, name);
        for (uint32_t f = 0; f < rules->forced_count && used; f++) {
            use->forced[f] = use->forced[f] || slice_equal(rules->forced[f], name);
        }
    }
    if (rules->off) {
        *test = NULL;
        *bitmap = NULL;
    }
    if (rules->ignored_count > 0 && *test != NULL) {
        OR_DONE(leave_out(use, (struct index_test *)(uintptr_t)*test)); /* made for this scan */
    }
    if (rules->ignored_count > 0 && *bitmap != NULL) {
        for (uint32_t k = 0; k < source->index_count && *bitmap != NULL; k++) {
            const struct index_def *index = &source->indexes[k];
            bool ignored =
                index->kind == INDEX_BITMAP && is_one_of(rules->ignored, rules->ignored_count, slice_text(index->name));
            *bitmap = ignored ? NULL : *bitmap;
        }
    }
done:
    return err;
}

struct err *index_rules_end(const struct index_rules_use *use, bool reads)
{
    if (use == NULL || (!reads && !use->any)) {
        return NULL;
    }
    const struct index_rules *rules = use->rules;
    if (rules->force_partition && rules->partition_count > 0 && !use->partition) {
        return err_new(ERR_INDEX_NOT_USED,
                       "No condition is on a column of PARTITION BY, and the setting force_index_by_date is set");
    }
    if (rules->force_key && !use->key) {
        return err_new(ERR_INDEX_NOT_USED,
                       "No condition is on a column of the primary key, and the setting force_primary_key is set");
    }
    for (uint32_t k = 0; k < rules->forced_count && !rules->off; k++) {
        if (!use->forced[k]) {
            return err_new(ERR_INDEX_NOT_USED,
                           "Index `%.*s` is not used and setting 'force_data_skipping_indices' contains it",
                           SLICE_ARG(rules->forced[k]));
        }
    }
    return NULL;
}
