/*
 * access.c: the model of users that is current: where it comes from, how it changes.
 *
 * order    things of the ledger, then those of the configuration file in their place; "default" is made when neither has
 *          it: without a password (so from loopback alone), with all privileges and the option to pass them on
 * change   ledger first, then the model that everybody sees
 */
#include "base/log.h"
#include "server/access_password.h"
#include "server/access_private.h"
#include "server/server.h"
#include "storage/access_record.h"

#include <sodium.h>
#include <stdlib.h>

static const char everything_text[] =
    "CREATE USER `default` IDENTIFIED WITH no_password;\nGRANT ALL ON *.* TO `default` WITH GRANT OPTION;\n";

struct list {
    struct access_thing **things;
    uint32_t count, capacity;
};

/* Moves the reference; one of the same (kind, name) goes. */
static struct err *list_put(struct list *list, struct access_thing *thing)
{
    for (uint32_t i = 0; i < list->count; i++) {
        if (list->things[i]->kind == thing->kind && slice_equal(list->things[i]->name, thing->name)) {
            access_thing_unref(list->things[i]);
            list->things[i] = thing;
            return NULL;
        }
    }
    if (list->count == list->capacity) {
        uint32_t capacity = list->capacity == 0 ? 16 : list->capacity * 2;
        struct access_thing **grown = realloc(list->things, capacity * sizeof(*grown));
        if (grown == NULL) {
            access_thing_unref(thing);
            return err_oom();
        }
        list->things = grown;
        list->capacity = capacity;
    }
    list->things[list->count++] = thing;
    return NULL;
}

static void list_deinit(struct list *list)
{
    for (uint32_t i = 0; i < list->count; i++) {
        access_thing_unref(list->things[i]);
    }
    free(list->things);
}

static struct err *read_default(struct list *list)
{
    static const uint8_t uuid[16] = {[6] = 0x40, [8] = 0x80, [15] = 1};
    struct access_thing *thing = NULL;
    struct err *err =
        access_thing_read(AST_USER, slice_text("default"), uuid, slice_text(everything_text), false, &thing);
    return err == NULL ? list_put(list, thing) : err;
}

static struct err *read_ledger(struct list *list, struct ledger *ledger, struct arena *arena)
{
    struct err *err = NULL;
    struct access_record *records;
    uint32_t count;
    OR_DONE(access_records(ledger, arena, &records, &count));
    for (uint32_t i = 0; i < count; i++) {
        struct access_thing *thing = NULL;
        OR_DONE(access_thing_read((enum ast_entity)records[i].kind, records[i].name, records[i].uuid, records[i].text,
                                  false, &thing));
        OR_DONE(list_put(list, thing));
    }
done:
    return err;
}

static struct err *read_config(struct list *list, const char *path, struct arena *arena)
{
    struct err *err = NULL;
    struct access_thing **things = NULL;
    uint32_t count = 0;
    OR_DONE(access_config_read(path, arena, &things, &count));
    for (uint32_t i = 0; i < count; i++) {
        err_keep_first(&err, list_put(list, things[i]));
    }
done:
    return err;
}

static struct err *make_everything(struct access *access)
{
    struct err *err = NULL;
    struct list list = {0};
    struct access_model *model = NULL;
    OR_DONE(read_default(&list));
    model = access_model_create((const struct access_thing *const *)list.things, list.count, 0);
    if (model == NULL) {
        err = err_oom();
        goto done;
    }
    err = access_session_make(model, model->things[0], NULL, 0, &access->everything);
done:
    access_model_unref(model);
    list_deinit(&list);
    return err;
}

static bool is_local(const char *host)
{
    return strcmp(host, "localhost") == 0 || access_address_is_local(host);
}

/* Who has no password can be used by everybody that reaches the server: from elsewhere it is refused. */
static void warn(const struct server *server, const struct access_model *model)
{
    const struct config *config = &server->config;
    bool local = is_local(config->http_host) && (config->tls_host[0] == 0 || is_local(config->tls_host));
    for (uint32_t i = 0; !local && i < model->count; i++) {
        const struct access_thing *thing = model->things[i];
        if (thing->kind == AST_USER && thing->method == ACCESS_NO_PASSWORD) {
            LOG_WARNING("a user has no password: connections from other machines are refused; give one with "
                        "ALTER USER … IDENTIFIED BY '…', or in the section users of the configuration",
                        LOG_SLICE("user", thing->name));
        }
    }
}

struct err *access_start(struct server *server)
{
    struct err *err = NULL;
    struct list list = {0};
    struct arena *arena = arena_create(NULL);
    struct access *access = calloc(1, sizeof(*access));
    if (access == NULL || arena == NULL) {
        free(access);
        arena_destroy(arena);
        return err_oom();
    }
    server->access = access;
    lock_init(&access->change, LOCK_ACCESS_CHANGE);
    lock_init(&access->lock, LOCK_ACCESS);
    access->ledger = server->store->ledger;
    OR_DONE(read_default(&list));
    OR_DONE(read_ledger(&list, access->ledger, arena));
    OR_DONE(read_config(&list, server->config.config_file, arena));
    access->model = access_model_create((const struct access_thing *const *)list.things, list.count, 1);
    if (access->model == NULL) {
        err = err_oom();
        goto done;
    }
    OR_DONE(make_everything(access));
    OR_DONE(quotas_start(access));
    OR_DONE(logins_start(access));
    warn(server, access->model);
done:
    list_deinit(&list);
    arena_destroy(arena);
    return err;
}

void access_stop(struct server *server)
{
    struct access *access = server->access;
    if (access == NULL) {
        return;
    }
    logins_stop(access);
    quotas_stop(access);
    access_session_unref(access->everything);
    access_model_unref(access->model);
    lock_deinit(&access->lock);
    lock_deinit(&access->change);
    free(access);
    server->access = NULL;
}

struct access_session *access_everything(struct access *access)
{
    return access->everything;
}

struct access_model *access_current(struct access *access)
{
    lock_take(&access->lock);
    struct access_model *model = access_model_ref(access->model);
    lock_give(&access->lock);
    return model;
}

/* ---- changes */

void access_change_begin(struct access *access)
{
    lock_take(&access->change);
}

void access_change_end(struct access *access)
{
    lock_give(&access->change);
}

static bool is_among(const struct access_thing *thing, const struct access_thing *const *things, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (things[i]->kind == thing->kind && slice_equal(things[i]->name, thing->name)) {
            return true;
        }
    }
    return false;
}

static void new_uuid(uint8_t uuid[16])
{
    randombytes_buf(uuid, 16);
    uuid[6] = (uint8_t)((uuid[6] & 0x0f) | 0x40); /* a random UUID, RFC 9562 */
    uuid[8] = (uint8_t)((uuid[8] & 0x3f) | 0x80);
}

/* Those that leave come first: a thing may come in the place of one. */
static struct err *commit(struct access *access, struct access_thing *const *things, uint32_t count,
                          const struct access_thing *const *dropped, uint32_t dropped_count)
{
    struct err *err = NULL;
    uint32_t made = 0;
    static const uint8_t nothing[16];
    struct access_record *records = calloc((size_t)count + dropped_count + 1, sizeof(*records));
    struct buffer *texts = calloc((size_t)count + 1, sizeof(*texts));
    if (records == NULL || texts == NULL) {
        err = err_oom();
        goto done;
    }
    for (uint32_t i = 0; i < dropped_count; i++) {
        records[made] = (struct access_record){.kind = (uint32_t)dropped[i]->kind, .name = dropped[i]->name};
        memcpy(records[made++].uuid, dropped[i]->uuid, 16);
    }
    for (uint32_t i = 0; i < count; i++) {
        if (memcmp(things[i]->uuid, nothing, 16) == 0) {
            new_uuid(things[i]->uuid);
        }
        access_thing_print(things[i], false, &texts[i]);
        if (texts[i].failed) {
            err = err_oom();
            goto done;
        }
        if (texts[i].length > ACCESS_TEXT_BYTES_MAX || things[i]->name.length > ACCESS_NAME_BYTES_MAX) {
            err = err_new(ERR_LIMIT_EXCEEDED, "\"%.200s\" has more grants than are kept: its text would have %zu bytes",
                          things[i]->name.data, texts[i].length);
            goto done;
        }
        records[made] = (struct access_record){
            .kind = (uint32_t)things[i]->kind, .name = things[i]->name, .text = buffer_all(&texts[i])};
        memcpy(records[made++].uuid, things[i]->uuid, 16);
    }
    err = access_records_commit(access->ledger, records, made);
done:
    for (uint32_t i = 0; texts != NULL && i < count; i++) {
        buffer_deinit(&texts[i]);
    }
    free(texts);
    free(records);
    return err;
}

struct err *access_change(struct access *access, struct access_thing *const *things, uint32_t count,
                          const struct access_thing *const *dropped, uint32_t dropped_count)
{
    struct err *err = NULL;
    lock_check_held(&access->change);
    struct access_model *old = access->model, *model = NULL; /* changed under both locks */
    const struct access_thing **all = calloc((size_t)old->count + count + 1, sizeof(*all));
    const struct access_thing **leaving = calloc((size_t)dropped_count + 1, sizeof(*leaving));
    uint32_t all_count = 0, leaving_count = 0;
    if (all == NULL || leaving == NULL) {
        err = err_oom();
        goto done;
    }
    for (uint32_t i = 0; i < old->count; i++) {
        const struct access_thing *thing = old->things[i];
        if (!is_among(thing, dropped, dropped_count) &&
            !is_among(thing, (const struct access_thing *const *)things, count)) {
            all[all_count++] = thing;
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        all[all_count++] = things[i];
    }
    for (uint32_t i = 0; i < dropped_count; i++) {
        leaving[leaving_count++] = dropped[i];
    }
    /* built before the commit: what is durable must become visible */
    model = access_model_create(all, all_count, old->version + 1);
    if (model == NULL) {
        err = err_oom();
        goto done;
    }
    OR_DONE(commit(access, things, count, leaving, leaving_count));
    lock_take(&access->lock);
    access->model = model;
    model = old;
    lock_give(&access->lock);
done:
    access_model_unref(model);
    free(all);
    free(leaving);
    return err;
}
