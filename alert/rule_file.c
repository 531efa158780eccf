/*
 * rule_file.c: see rule_file.h.
 */
#include "alert/rule_file.h"

#include "alert/duration.h"
#include "alert/template.h"
#include "base/number.h"
#include "sql/parser.h"

#include <stdlib.h>
#include <yaml.h>

void rule_list_deinit(struct rule_list *list)
{
    for (uint32_t k = 0; k < list->count; k++) {
        rule_unref(list->items[k]);
    }
    free(list->items);
    *list = (struct rule_list){0};
}

bool rule_list_add(struct rule_list *list, struct rule *rule)
{
    if ((list->count & (list->count - 1)) == 0) { /* a power of two, or none: it is full */
        struct rule **items = realloc(list->items, (list->count == 0 ? 1 : 2 * (size_t)list->count) * sizeof(*items));
        if (items == NULL) {
            return false;
        }
        list->items = items;
    }
    list->items[list->count++] = rule;
    return true;
}

struct reading {
    yaml_document_t *document;
    struct arena *arena;
    struct slice file, database;
    struct rule_list *out;
    struct slice *group_names;
    uint32_t group_count;
};

static uint32_t line_of(const yaml_node_t *node)
{
    return (uint32_t)node->start_mark.line + 1;
}

static struct slice text_of(const yaml_node_t *node)
{
    return slice_of((const char *)node->data.scalar.value, node->data.scalar.length);
}

static struct err *wrong(const struct reading *reading, const yaml_node_t *node, const char *what, struct slice detail)
{
    struct slice shown = detail.data == NULL ? slice_text("") : slice_cut(detail, 200);
    return err_new(ERR_BAD_ARGUMENTS, "%.*s, line %u: %s%s%.*s%s", SLICE_ARG(reading->file), line_of(node), what,
                   detail.data == NULL ? "" : " \"", SLICE_ARG(shown), detail.data == NULL ? "" : "\"");
}

static struct err *want(const struct reading *reading, const yaml_node_t *node, yaml_node_type_t type, const char *key)
{
    static const char *const kinds[] = {[YAML_NO_NODE] = "nothing",
                                        [YAML_SCALAR_NODE] = "a value",
                                        [YAML_SEQUENCE_NODE] = "a list",
                                        [YAML_MAPPING_NODE] = "a mapping"};
    return node->type == type ? NULL
                              : err_new(ERR_BAD_ARGUMENTS, "%.*s, line %u: %s must be %s, not %s",
                                        SLICE_ARG(reading->file), line_of(node), key, kinds[type], kinds[node->type]);
}

/* ---- mappings: each key at most once, by a table of what they mean */

struct member {
    const char *key;
    struct err *(*read)(struct reading *reading, const yaml_node_t *node, void *object);
};

static struct err *read_mapping(struct reading *reading, const yaml_node_t *node, const char *what,
                                const struct member *members, void *object)
{
    struct err *err = NULL;
    uint64_t seen = 0;
    OR_DONE(want(reading, node, YAML_MAPPING_NODE, what));
    for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top; pair++) {
        const yaml_node_t *key = yaml_document_get_node(reading->document, pair->key);
        const yaml_node_t *value = yaml_document_get_node(reading->document, pair->value);
        size_t k = 0;
        OR_DONE(want(reading, key, YAML_SCALAR_NODE, "a key"));
        while (members[k].key != NULL && !slice_equal(text_of(key), slice_text(members[k].key))) {
            k++;
        }
        if (members[k].key == NULL) {
            err = wrong(reading, key, "unknown key", text_of(key));
            goto done;
        }
        if ((seen & (UINT64_C(1) << k)) != 0) {
            err = wrong(reading, key, "this key stands there twice:", text_of(key));
            goto done;
        }
        seen |= UINT64_C(1) << k;
        OR_DONE(members[k].read(reading, value, object));
    }
done:
    return err;
}

static struct err *read_text(struct reading *reading, const yaml_node_t *node, const char *key, struct slice *out)
{
    struct err *err = want(reading, node, YAML_SCALAR_NODE, key);
    if (err == NULL) {
        *out = text_of(node);
        err =
            memchr(out->data, 0, out->length) == NULL ? NULL : wrong(reading, node, "a zero byte in", slice_text(key));
    }
    return err;
}

static struct err *read_time(struct reading *reading, const yaml_node_t *node, const char *key, int64_t *out)
{
    struct slice text;
    struct err *err = read_text(reading, node, key, &text);
    return err != NULL                 ? err
           : duration_parse(text, out) ? NULL
                                       : wrong(reading, node, "no duration (\"30s\", \"1h30m\"):", text);
}

static struct err *read_labels(struct reading *reading, const yaml_node_t *node, const char *key, struct labels *out)
{
    struct err *err = NULL;
    struct slice twice;
    OR_DONE(want(reading, node, YAML_MAPPING_NODE, key));
    size_t count = (size_t)(node->data.mapping.pairs.top - node->data.mapping.pairs.start);
    out->items = ARENA_ARRAY(reading->arena, struct label, count + 1);
    if (out->items == NULL) {
        return arena_error(reading->arena);
    }
    for (size_t k = 0; k < count; k++) {
        const yaml_node_pair_t *pair = &node->data.mapping.pairs.start[k];
        OR_DONE(read_text(reading, yaml_document_get_node(reading->document, pair->key), "a label's name",
                          &out->items[k].name));
        OR_DONE(read_text(reading, yaml_document_get_node(reading->document, pair->value), "a label's value",
                          &out->items[k].value));
    }
    out->count = (uint32_t)count;
    if (!labels_sort(out, &twice)) {
        err = wrong(reading, node, "this label stands there twice:", twice);
    }
done:
    return err;
}

static struct err *read_count(struct reading *reading, const yaml_node_t *node, const char *key, uint32_t *out)
{
    uint64_t number = 0;
    struct slice text;
    struct err *err = read_text(reading, node, key, &text);
    if (err == NULL && (!number_parse_u64(text, &number) || number > UINT32_MAX)) {
        err = wrong(reading, node, "no number:", text);
    }
    *out = (uint32_t)number;
    return err;
}

/* ---- a rule */

struct draft {
    struct rule rule;
    bool alert, record, expr;
};

static struct err *rule_alert(struct reading *reading, const yaml_node_t *node, void *object)
{
    struct draft *draft = object;
    draft->alert = true;
    draft->rule.line = line_of(node);
    return read_text(reading, node, "alert", &draft->rule.name);
}

static struct err *rule_record(struct reading *reading, const yaml_node_t *node, void *object)
{
    struct draft *draft = object;
    draft->record = true;
    draft->rule.kind = RULE_RECORD;
    draft->rule.line = line_of(node);
    return read_text(reading, node, "record", &draft->rule.name);
}

static struct err *rule_expr(struct reading *reading, const yaml_node_t *node, void *object)
{
    struct draft *draft = object;
    draft->expr = true;
    draft->rule.query_line = line_of(node);
    return read_text(reading, node, "expr", &draft->rule.query);
}

static struct err *rule_for(struct reading *reading, const yaml_node_t *node, void *object)
{
    return read_time(reading, node, "for", &((struct draft *)object)->rule.for_us);
}

static struct err *rule_keep(struct reading *reading, const yaml_node_t *node, void *object)
{
    return read_time(reading, node, "keep_firing_for", &((struct draft *)object)->rule.keep_us);
}

static struct err *rule_wait(struct reading *reading, const yaml_node_t *node, void *object)
{
    return read_time(reading, node, "max_wait", &((struct draft *)object)->rule.max_wait_us);
}

static struct err *rule_labels_of(struct reading *reading, const yaml_node_t *node, void *object)
{
    return read_labels(reading, node, "labels", &((struct draft *)object)->rule.labels);
}

static struct err *rule_annotations(struct reading *reading, const yaml_node_t *node, void *object)
{
    return read_labels(reading, node, "annotations", &((struct draft *)object)->rule.annotations);
}

static const struct member rule_members[] = {{"alert", rule_alert},
                                             {"record", rule_record},
                                             {"expr", rule_expr},
                                             {"for", rule_for},
                                             {"keep_firing_for", rule_keep},
                                             {"labels", rule_labels_of},
                                             {"annotations", rule_annotations},
                                             {"max_wait", rule_wait},
                                             {NULL, NULL}};

/* ---- a group */

struct group {
    struct slice name;
    int64_t interval_us, offset_us, max_wait_us;
    uint32_t limit;
    struct labels labels;
    const yaml_node_t *rules;
};

static struct err *group_name(struct reading *reading, const yaml_node_t *node, void *object)
{
    return read_text(reading, node, "name", &((struct group *)object)->name);
}

static struct err *group_interval(struct reading *reading, const yaml_node_t *node, void *object)
{
    return read_time(reading, node, "interval", &((struct group *)object)->interval_us);
}

static struct err *group_offset(struct reading *reading, const yaml_node_t *node, void *object)
{
    return read_time(reading, node, "query_offset", &((struct group *)object)->offset_us);
}

static struct err *group_wait(struct reading *reading, const yaml_node_t *node, void *object)
{
    return read_time(reading, node, "max_wait", &((struct group *)object)->max_wait_us);
}

static struct err *group_limit(struct reading *reading, const yaml_node_t *node, void *object)
{
    return read_count(reading, node, "limit", &((struct group *)object)->limit);
}

static struct err *group_labels(struct reading *reading, const yaml_node_t *node, void *object)
{
    return read_labels(reading, node, "labels", &((struct group *)object)->labels);
}

static struct err *group_rules(struct reading *reading, const yaml_node_t *node, void *object)
{
    ((struct group *)object)->rules = node;
    return want(reading, node, YAML_SEQUENCE_NODE, "rules");
}

static const struct member group_members[] = {
    {"name", group_name},     {"interval", group_interval}, {"query_offset", group_offset}, {"limit", group_limit},
    {"labels", group_labels}, {"rules", group_rules},       {"max_wait", group_wait},       {NULL, NULL}};

static struct err *check_templates(const struct labels *labels)
{
    struct err *err = NULL;
    for (uint32_t k = 0; k < labels->count && err == NULL; k++) {
        err =
            err_while(template_check(labels->items[k].value), "%.*s", SLICE_ARG(slice_cut(labels->items[k].name, 100)));
    }
    return err;
}

/* What can be known of the rule without the tables that it reads. */
static struct err *check_rule(const struct rule *rule)
{
    struct err *err = NULL;
    struct ast_statement *statement = NULL;
    struct arena *arena = arena_create(NULL);
    if (arena == NULL) {
        return err_oom();
    }
    OR_DONE(err_while(parse_query(arena, rule->query, 0, &statement), "expr"));
    if (statement->kind != AST_SELECT) {
        err = err_new(ERR_BAD_ARGUMENTS, "expr must be a SELECT");
        goto done;
    }
    OR_DONE(check_templates(&rule->labels));
    err = check_templates(&rule->annotations);
done:
    arena_destroy(arena);
    return err;
}

static struct err *read_rule(struct reading *reading, const struct group *group, uint32_t index,
                             const yaml_node_t *node)
{
    struct err *err = NULL;
    struct rule *rule = NULL;
    struct draft draft = {.rule = {.file = reading->file,
                                   .group = group->name,
                                   .index = index,
                                   .database = reading->database,
                                   .interval_us = group->interval_us,
                                   .offset_us = group->offset_us,
                                   .max_wait_us = group->max_wait_us,
                                   .limit = group->limit}};
    OR_DONE(read_mapping(reading, node, "a rule", rule_members, &draft));
    if (draft.alert == draft.record) {
        err = wrong(reading, node, "a rule has either alert or record", (struct slice){0});
        goto done;
    }
    if (!draft.expr || draft.rule.query.length == 0) {
        err = wrong(reading, node, "this rule has no expr:", draft.rule.name);
        goto done;
    }
    OR_DONE(labels_merge(reading->arena, &group->labels, &draft.rule.labels, false, &draft.rule.labels));
    err = rule_make(&draft.rule, &rule);
    err = err == NULL ? check_rule(rule) : err;
    if (err != NULL) {
        err = err_while(err, "%.*s, line %u, rule \"%.*s\"", SLICE_ARG(reading->file), line_of(node),
                        SLICE_ARG(slice_cut(draft.rule.name, 100)));
        goto done;
    }
    for (uint32_t k = 0; k < reading->out->count; k++) {
        if (reading->out->items[k]->id == rule->id) {
            err = wrong(reading, node,
                        "a rule of this name and with these labels stands in the group twice:", rule->name);
            goto done;
        }
    }
    if (reading->out->count >= RULE_FILE_RULES_MAX) {
        err = wrong(reading, node, "too many rules in a file", (struct slice){0});
        goto done;
    }
    if (!rule_list_add(reading->out, rule)) {
        err = err_oom();
        goto done;
    }
    rule = NULL;
done:
    rule_unref(rule);
    return err;
}

static struct err *read_group(struct reading *reading, const yaml_node_t *node)
{
    struct err *err = NULL;
    struct group group = {.interval_us = RULE_INTERVAL_US};
    OR_DONE(read_mapping(reading, node, "a group", group_members, &group));
    if (group.name.length == 0) {
        err = wrong(reading, node, "a group has a name", (struct slice){0});
        goto done;
    }
    if (group.interval_us == 0) {
        group.interval_us = RULE_INTERVAL_US;
    }
    for (uint32_t k = 0; k < reading->group_count; k++) {
        if (slice_equal(reading->group_names[k], group.name)) {
            err = wrong(reading, node, "two groups of the file have this name:", group.name);
            goto done;
        }
    }
    reading->group_names[reading->group_count++] = group.name;
    if (group.rules == NULL) {
        goto done;
    }
    uint32_t index = 0;
    for (const yaml_node_item_t *item = group.rules->data.sequence.items.start;
         item < group.rules->data.sequence.items.top; item++) {
        OR_DONE(read_rule(reading, &group, index++, yaml_document_get_node(reading->document, *item)));
    }
done:
    return err;
}

static struct err *read_groups(struct reading *reading, const yaml_node_t *node, void *object)
{
    struct err *err = NULL;
    (void)object;
    OR_DONE(want(reading, node, YAML_SEQUENCE_NODE, "groups"));
    size_t count = (size_t)(node->data.sequence.items.top - node->data.sequence.items.start);
    reading->group_names = ARENA_ARRAY(reading->arena, struct slice, count + 1);
    if (reading->group_names == NULL) {
        return arena_error(reading->arena);
    }
    for (size_t k = 0; k < count; k++) {
        OR_DONE(read_group(reading, yaml_document_get_node(reading->document, node->data.sequence.items.start[k])));
    }
done:
    return err;
}

struct err *rule_file_parse(struct slice text, struct slice name, struct slice database, struct rule_list *out)
{
    static const struct member members[] = {{"groups", read_groups}, {NULL, NULL}};
    struct err *err = NULL;
    yaml_parser_t parser;
    yaml_document_t document;
    struct arena *arena = NULL;

    *out = (struct rule_list){0};
    if (text.length > RULE_FILE_BYTES_MAX) {
        return err_new(ERR_BAD_ARGUMENTS, "%.*s: a rule file has %zu bytes at most", SLICE_ARG(name),
                       RULE_FILE_BYTES_MAX);
    }
    if (!yaml_parser_initialize(&parser)) {
        return err_oom();
    }
    const char *data = text.data == NULL ? "" : text.data; /* of an empty file; libyaml ends the process otherwise */
    yaml_parser_set_input_string(&parser, (const unsigned char *)data, text.length);
    if (!yaml_parser_load(&parser, &document)) {
        err = err_new(ERR_BAD_ARGUMENTS, "%.*s, line %zu: %s", SLICE_ARG(name), parser.problem_mark.line + 1,
                      parser.problem == NULL ? "not YAML" : parser.problem);
        yaml_parser_delete(&parser);
        return err;
    }
    arena = arena_create(NULL);
    if (arena == NULL) {
        err = err_oom();
        goto done;
    }
    struct reading reading = {.document = &document, .arena = arena, .file = name, .database = database, .out = out};
    const yaml_node_t *root = yaml_document_get_root_node(&document);
    if (root != NULL) { /* an empty file has no rules */
        OR_DONE(read_mapping(&reading, root, "a rule file", members, NULL));
    }
done:
    if (err != NULL) {
        rule_list_deinit(out);
    }
    arena_destroy(arena);
    yaml_document_delete(&document);
    yaml_parser_delete(&parser);
    return err;
}
