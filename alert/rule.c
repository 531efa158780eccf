/*
 * rule.c: see rule.h.
 */
#include "alert/rule.h"

#include <stdlib.h>

static bool record_name_is_valid(struct slice name)
{
    for (size_t k = 0; k < name.length; k++) {
        char c = name.data[k];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':';
        if (!letter && (k == 0 || c < '0' || c > '9')) {
            return false;
        }
    }
    return name.length > 0;
}

static struct err *check_labels(const struct labels *labels, const char *what)
{
    if (labels->count > RULE_LABELS_MAX) {
        return err_new(ERR_BAD_ARGUMENTS, "%u %ss, at most %u are allowed", labels->count, what, RULE_LABELS_MAX);
    }
    for (uint32_t k = 0; k < labels->count; k++) {
        struct slice name = labels->items[k].name;
        if (!label_name_is_valid(name)) {
            return err_new(ERR_BAD_ARGUMENTS, "\"%.*s\" is no name of a%s %s: letters, digits and _ are",
                           SLICE_ARG(slice_cut(name, 100)), what[0] == 'a' ? "n" : "", what);
        }
        if (what[0] == 'l' &&
            (slice_equal(name, slice_text("alertname")) || slice_equal(name, slice_text("__name__")))) {
            return err_new(ERR_BAD_ARGUMENTS, "the label %.*s is set by the rule's name", SLICE_ARG(name));
        }
    }
    return NULL;
}

static struct err *check(const struct rule *rule)
{
    struct err *err = NULL;
    if (rule->name.length == 0 || rule->name.length > RULE_NAME_BYTES_MAX) {
        return err_new(ERR_BAD_ARGUMENTS, "a rule's name has 1 to %u bytes", RULE_NAME_BYTES_MAX);
    }
    if (rule->kind == RULE_RECORD && !record_name_is_valid(rule->name)) {
        return err_new(ERR_BAD_ARGUMENTS, "\"%.*s\" is no name of a recording rule: letters, digits, _ and : are",
                       SLICE_ARG(slice_cut(rule->name, 100)));
    }
    if (rule->kind == RULE_RECORD && (rule->for_us != 0 || rule->keep_us != 0 || rule->annotations.count > 0)) {
        return err_new(ERR_BAD_ARGUMENTS, "a recording rule has no for, keep_firing_for or annotations");
    }
    if (rule->interval_us < RULE_INTERVAL_US_MIN || rule->interval_us % 1000 != 0) {
        return err_new(ERR_BAD_ARGUMENTS,
                       "a rule is evaluated every 100 milliseconds at the most, in whole milliseconds");
    }
    if (rule->for_us < 0 || rule->keep_us < 0 || rule->offset_us < 0 || rule->max_wait_us < 0) {
        return err_new(ERR_BAD_ARGUMENTS, "times of rules are not negative");
    }
    OR_DONE(check_labels(&rule->labels, "label"));
    err = check_labels(&rule->annotations, "annotation");
done:
    return err;
}

static uint64_t fold(uint64_t hash, struct slice text)
{
    for (size_t k = 0; k < text.length; k++) {
        hash = (hash ^ (unsigned char)text.data[k]) * UINT64_C(1099511628211);
    }
    return (hash ^ 0xff) * UINT64_C(1099511628211);
}

/* Rules of one group may share a name: their labels tell them apart. */
static uint64_t identity(const struct rule *rule)
{
    uint64_t hash = fold(UINT64_C(14695981039346656037), slice_text(rule->kind == RULE_ALERT ? "alert" : "record"));
    hash = fold(fold(fold(hash, rule->file), rule->group), rule->name);
    for (uint32_t k = 0; k < rule->labels.count; k++) {
        hash = fold(fold(hash, rule->labels.items[k].name), rule->labels.items[k].value);
    }
    return hash;
}

/* Seconds of the interval, by file and group. */
static int64_t phase_of(const struct rule *rule)
{
    if (rule->file.length == 0 || rule->interval_us < RULE_SPREAD_US) {
        return 0;
    }
    uint64_t hash = fold(fold(UINT64_C(14695981039346656037), rule->file), rule->group);
    hash ^= hash >> 32; /* the low bits of texts that end alike are alike */
    return (int64_t)(hash % (uint64_t)(rule->interval_us / 1000000)) * 1000000;
}

static bool copy_text(struct arena *arena, struct slice *text)
{
    *text = slice_of(arena_text(arena, *text), text->length); /* NUL-terminated, for who needs it */
    return text->data != NULL;
}

struct err *rule_make(const struct rule *draft, struct rule **out)
{
    struct err *err = NULL;
    struct arena *arena = arena_create(NULL);
    struct rule *rule = arena == NULL ? NULL : ARENA_NEW(arena, struct rule);

    *out = NULL;
    if (rule == NULL) {
        err = err_oom();
        goto done;
    }
    OR_DONE(check(draft));
    rule->kind = draft->kind;
    rule->file = draft->file;
    rule->line = draft->line;
    rule->group = draft->group;
    rule->index = draft->index;
    rule->database = draft->database;
    rule->name = draft->name;
    rule->query = draft->query;
    rule->query_line = draft->query_line;
    rule->interval_us = draft->interval_us;
    rule->offset_us = draft->offset_us;
    rule->for_us = draft->for_us;
    rule->keep_us = draft->keep_us;
    rule->max_wait_us = draft->max_wait_us;
    rule->limit = draft->limit;
    rule->paused = draft->paused;
    if (!copy_text(arena, &rule->file) || !copy_text(arena, &rule->group) || !copy_text(arena, &rule->database) ||
        !copy_text(arena, &rule->name) || !copy_text(arena, &rule->query)) {
        err = arena_error(arena);
        goto done;
    }
    if (!labels_copy(arena, &draft->labels, &rule->labels) ||
        !labels_copy(arena, &draft->annotations, &rule->annotations)) {
        err = arena_error(arena);
        goto done;
    }
    rule->id = identity(rule);
    rule->phase_us = phase_of(rule);
    rule->arena = arena;
    atomic_init(&rule->references, 1);
    *out = rule;
    arena = NULL;
done:
    arena_destroy(arena);
    return err;
}

struct rule *rule_ref(struct rule *rule)
{
    atomic_fetch_add(&rule->references, 1);
    return rule;
}

void rule_unref(struct rule *rule)
{
    if (rule != NULL && atomic_fetch_sub(&rule->references, 1) == 1) {
        arena_destroy(rule->arena);
    }
}

bool rule_equal(const struct rule *a, const struct rule *b)
{
    return a->id == b->id && a->kind == b->kind && slice_equal(a->query, b->query) &&
           slice_equal(a->database, b->database) && a->interval_us == b->interval_us && a->offset_us == b->offset_us &&
           a->for_us == b->for_us && a->keep_us == b->keep_us && a->max_wait_us == b->max_wait_us &&
           a->limit == b->limit && a->paused == b->paused && labels_equal(&a->labels, &b->labels) &&
           labels_equal(&a->annotations, &b->annotations);
}

bool rule_same_group(const struct rule *a, const struct rule *b)
{
    return a->file.length > 0 && slice_equal(a->file, b->file) && slice_equal(a->group, b->group);
}

int64_t rule_moment(const struct rule *rule, int64_t us)
{
    int64_t rest = (us - rule->phase_us) % rule->interval_us;
    return us - (rest < 0 ? rest + rule->interval_us : rest);
}

struct err *rule_labels(struct arena *arena, const struct rule *rule, const struct labels *row,
                        const struct labels *expanded, struct labels *out)
{
    struct err *err = NULL;
    struct label name = {slice_text("alertname"), rule->name};
    const struct labels named = {&name, rule->kind == RULE_ALERT ? 1 : 0};
    struct labels merged;
    OR_DONE(labels_merge(arena, row, expanded, false, &merged));
    err = labels_merge(arena, &merged, &named, false, out);
done:
    return err;
}
