/*
 * define_alter_table.c: MODIFY ORDER BY, TTL, MODIFY SETTING, RESET SETTING.
 */
#include "sql/column_names.h"
#include "sql/define.h"
#include "sql/define_alter_private.h"

/* Stored rows must stay sorted: what is added to the key is the same in all of them. */
static struct err *check_added_key(struct alterer *alterer, const struct ast_alter *action, struct ast *node)
{
    struct err *err = NULL;
    for (uint32_t i = 0; i < alterer->create.column_count; i++) {
        const struct ast_column *column = &alterer->create.columns[i];
        bool found = false;
        OR_DONE(column_names_find(alterer->arena, node, column->name, slice_text(""), &found));
        if (found && alterer->ids[i] != 0) {
            err =
                bind_error(&alterer->binder, action->offset, ERR_BAD_ARGUMENTS,
                           "Existing column %.*s is used in the expression that was added to the sorting key. You can "
                           "add expressions that use only the newly added columns",
                           SLICE_ARG(column->name));
            goto done;
        }
        if (found && column->default_kind != AST_NO_DEFAULT) {
            err = bind_error(&alterer->binder, action->offset, ERR_BAD_ARGUMENTS,
                             "Newly added column %.*s has a default expression, so adding expressions that use it to "
                             "the sorting key is forbidden",
                             SLICE_ARG(column->name));
            goto done;
        }
    }
done:
    return err;
}

static bool is_tuple(const struct ast *node)
{
    return node->kind == AST_FUNCTION && !node->has_parameters && slice_is_text(node->parts[0], "tuple");
}

static struct err *key_text(struct alterer *alterer, const struct ast *key, uint32_t index, struct slice *out)
{
    *out = ast_print(alterer->arena, is_tuple(key) ? key->arguments.items[index] : key);
    return out->data == NULL ? arena_error(alterer->arena) : NULL;
}

static uint32_t key_count(const struct ast *key)
{
    return key == NULL ? 0 : is_tuple(key) ? key->arguments.count : 1;
}

/* The key may get shorter (not below the primary key), or longer by columns that this statement adds. */
struct err *alter_order_by(struct alterer *alterer, const struct ast_alter *action)
{
    struct err *err = NULL;
    struct ast_create_table *create = &alterer->create;
    struct ast *old = create->order_by != NULL ? create->order_by : create->primary_key, *next = action->expression;
    struct ast *primary = create->primary_key != NULL ? create->primary_key : old;
    uint32_t old_count = key_count(old), count = key_count(next), primary_count = key_count(primary);

    if (primary_count > count) {
        return bind_error(&alterer->binder, action->offset, ERR_BAD_ARGUMENTS,
                          "Primary key must be a prefix of the sorting key, but its length: %u is greater than the "
                          "sorting key length: %u",
                          primary_count, count);
    }
    for (uint32_t i = 0; i < count; i++) {
        struct slice before = {0}, now = {0};
        OR_DONE(key_text(alterer, next, i, &now));
        if (i < old_count) {
            OR_DONE(key_text(alterer, old, i, &before));
        }
        if (i < old_count && slice_equal(before, now)) {
            continue;
        }
        if (i < primary_count) {
            err =
                bind_error(&alterer->binder, action->offset, ERR_BAD_ARGUMENTS,
                           "Primary key must be a prefix of the sorting key, but the column in the position %u is %.*s",
                           i, SLICE_ARG(now));
            goto done;
        }
        OR_DONE(check_added_key(alterer, action, is_tuple(next) ? next->arguments.items[i] : next));
    }
    create->primary_key = primary;
    create->order_by = next;
    alterer->changed = true;
done:
    return err;
}

static uint32_t setting_index(const struct ast_settings *settings, struct slice name)
{
    uint32_t i = 0;
    while (i < settings->count && !slice_equal(settings->items[i].name, name)) {
        i++;
    }
    return i;
}

static bool is_table_setting(struct slice name)
{
    for (const char *const *known = define_table_settings(); *known != NULL; known++) {
        if (slice_is_text(name, *known)) {
            return true;
        }
    }
    return false;
}

struct err *alter_ttl(struct alterer *alterer, const struct ast_alter *action)
{
    if (action->kind == AST_ALTER_REMOVE_TTL && alterer->create.ttl_count == 0) {
        return bind_error(&alterer->binder, action->offset, ERR_BAD_ARGUMENTS,
                          "Table doesn't have any table TTL expression, cannot remove");
    }
    alterer->create.ttl = action->ttl;
    alterer->create.ttl_count = action->ttl_count;
    alterer->changed = true;
    return NULL;
}

struct err *alter_ttl_names(struct alterer *alterer, struct slice name, struct slice to)
{
    struct err *err = NULL;
    const struct ast_create_table *create = &alterer->create;
    bool found = false;

    for (uint32_t i = 0; i < create->column_count; i++) {
        OR_DONE(column_names_find(alterer->arena, create->columns[i].ttl, name, to, &found));
    }
    for (uint32_t i = 0; i < create->ttl_count; i++) {
        struct ast_ttl *ttl = &create->ttl[i];
        OR_DONE(column_names_find(alterer->arena, ttl->expression, name, to, &found));
        OR_DONE(column_names_find(alterer->arena, ttl->where, name, to, &found));
        for (uint32_t k = 0; k < ttl->group_by.count; k++) {
            OR_DONE(column_names_find(alterer->arena, ttl->group_by.items[k], name, to, &found));
        }
        for (uint32_t k = 0; k < ttl->set_count; k++) {
            OR_DONE(column_names_find(alterer->arena, ttl->set[k].expression, name, to, &found));
            ttl->set[k].name = slice_equal(ttl->set[k].name, name) ? to : ttl->set[k].name;
        }
    }
done:
    return err;
}

struct err *alter_settings(struct alterer *alterer, const struct ast_alter *action)
{
    for (uint32_t i = 0; i < action->settings.count; i++) {
        struct ast_settings *settings = &alterer->create.settings;
        const struct ast_setting *given = &action->settings.items[i];
        uint32_t at = setting_index(settings, given->name);
        if (slice_is_text(given->name, "index_granularity")) {
            return bind_error(&alterer->binder, given->offset, ERR_READONLY_SETTING,
                              "Setting 'index_granularity' is readonly for storage 'MergeTree'");
        }
        if (!is_table_setting(given->name)) {
            return bind_error(&alterer->binder, given->offset, ERR_UNKNOWN_SETTING, "Unknown setting '%.*s'",
                              SLICE_ARG(given->name));
        }
        struct ast_setting *items = arena_array(alterer->arena, settings->count + 1U, sizeof(*items));
        if (items == NULL) {
            return arena_error(alterer->arena);
        }
        if (settings->count > 0) {
            memcpy(items, settings->items, settings->count * sizeof(*items));
        }
        items[at] = *given;
        settings->items = items;
        settings->count += at == settings->count ? 1 : 0;
        alterer->changed = true;
    }
    return NULL;
}

struct err *alter_settings_reset(struct alterer *alterer, const struct ast_alter *action)
{
    for (uint32_t i = 0; i < action->settings.count; i++) {
        struct ast_settings *settings = &alterer->create.settings;
        struct slice name = action->settings.items[i].name;
        uint32_t at = setting_index(settings, name);
        if (!is_table_setting(name)) {
            return bind_error(&alterer->binder, action->settings.items[i].offset, ERR_BAD_ARGUMENTS,
                              "Cannot reset setting '%.*s' because it doesn't exist for MergeTree engines family",
                              SLICE_ARG(name));
        }
        if (at < settings->count) {
            settings->count--;
            memmove(&settings->items[at], &settings->items[at + 1], (settings->count - at) * sizeof(*settings->items));
            alterer->changed = true;
        }
    }
    return NULL;
}
