/*
 * dictionaries.c: dictionaries by the identity of their definitions, loading, SYSTEM RELOAD, system.dictionaries.
 *
 * flow     catalogue (definitions) → here → sql/define_dictionary.h (shapes), query/lexicon.h (data)
 * thread   "dictionaries": once a second loads again what is due, and lets sessions go whose time is over. Queries
 *          load what they need first, themselves.
 * memory   all data under one budget, dictionaries_memory_max
 * locks    the list's mutex is held for moments; nothing is locked under it
 */
#include "server/dictionaries.h"

#include "base/clock.h"
#include "base/interrupt.h"
#include "server/access_query.h"
#include "server/inner_query.h"
#include "server/objects.h"
#include "server/sessions.h"
#include "server/system_tables.h"
#include "sql/define_dictionary.h"
#include "sql/parser.h"

#include <stdlib.h>

struct entry {
    uint64_t id;
    uint32_t version; /* of the definition */
    struct lexicon *dictionary;
};

struct dictionaries {
    struct server *server;
    struct budget budget;
    pthread_mutex_t mutex;
    struct entry *entries;
    uint32_t count, capacity;
    pthread_t thread;
    bool started;
    struct lock sleep; /* LOCK_SERVER is not taken under it */
    struct condition wake;
    _Atomic bool stopping;
    struct query_progress progress; /* of the load that goes on: one at a time */
};

/* ---- loading */

struct load {
    struct lexicon_builder *builder;
    const struct function_context *context;
};

static struct err *take_rows(void *user, const struct chunk *chunk, bool *stop)
{
    const struct load *load = user;
    (void)stop;
    return lexicon_builder_add(load->builder, load->context, chunk);
}

static struct err *load_rows(void *user, const struct lexicon_shape *shape, struct lexicon_builder *builder)
{
    struct err *err = NULL;
    struct dictionaries *dictionaries = user;
    struct server *server = dictionaries->server;
    struct inner_query inner = {0};

    OR_DONE(inner_query_begin(
        &inner, server, &(struct inner_query_options){.what = "the dictionary's query", .database = shape->database}));
    OR_DONE(inner_query_bind(&inner, shape->query));
    struct load load = {builder, &inner.execution->context};
    err = inner_query_run(&inner, 1, &dictionaries->progress, take_rows, &load);
done:
    inner_query_end(&inner);
    return err;
}

/* ---- the list */

static struct lexicon *find_entry(struct dictionaries *dictionaries, uint64_t id, uint32_t version)
{
    struct lexicon *found = NULL;
    pthread_mutex_lock(&dictionaries->mutex);
    for (uint32_t i = 0; i < dictionaries->count && found == NULL; i++) {
        if (dictionaries->entries[i].id == id && dictionaries->entries[i].version == version) {
            found = lexicon_ref(dictionaries->entries[i].dictionary);
        }
    }
    pthread_mutex_unlock(&dictionaries->mutex);
    return found;
}

/* Puts a dictionary (moved) into the place of its id; *out: the one that stands there, a reference. */
static struct err *add_entry(struct dictionaries *dictionaries, const struct object_def *def,
                             struct lexicon *dictionary, struct lexicon **out)
{
    struct err *err = NULL;
    struct lexicon *old = dictionary;
    uint32_t at = 0;

    pthread_mutex_lock(&dictionaries->mutex);
    while (at < dictionaries->count && dictionaries->entries[at].id != def->id) {
        at++;
    }
    if (at == dictionaries->count && at == dictionaries->capacity) {
        uint32_t capacity = dictionaries->capacity == 0 ? 16 : dictionaries->capacity * 2;
        struct entry *grown = realloc(dictionaries->entries, capacity * sizeof(*grown));
        if (grown == NULL) {
            err = err_oom();
            goto done;
        }
        dictionaries->entries = grown;
        dictionaries->capacity = capacity;
    }
    struct entry *entry = &dictionaries->entries[at];
    if (at == dictionaries->count) {
        *entry = (struct entry){def->id, def->version, dictionary};
        dictionaries->count++;
        old = NULL;
    } else if (entry->version < def->version) {
        old = entry->dictionary;
        *entry = (struct entry){def->id, def->version, dictionary};
    } /* else somebody was faster */
    *out = lexicon_ref(entry->dictionary);
done:
    pthread_mutex_unlock(&dictionaries->mutex);
    lexicon_unref(old);
    return err;
}

static struct err *of_definition(struct dictionaries *dictionaries, const struct object_def *def, struct lexicon **out)
{
    struct err *err = NULL;
    struct arena *arena = NULL;
    struct lexicon_shape *shape = NULL;

    *out = find_entry(dictionaries, def->id, def->version);
    if (*out != NULL) {
        return NULL;
    }
    arena = arena_create(NULL);
    if (arena == NULL) {
        return err_oom();
    }
    struct function_context context = {
        .now_us = clock_wall_us(), .zone = dictionaries->server->zone, .database = slice_text(def->database)};
    OR_DONE(define_dictionary_shape(arena, &context, slice_text(def->definition), &shape));
    struct lexicon *made = lexicon_create(arena, shape, &dictionaries->budget, load_rows, dictionaries);
    arena = NULL;
    err = made == NULL ? err_oom() : add_entry(dictionaries, def, made, out);
done:
    arena_destroy(arena);
    return err;
}

static struct err *find(void *user, struct slice database, struct slice name, struct lexicon **out)
{
    struct dictionaries *dictionaries = user;
    char database_text[300], name_text[300]; /* longer ones are no names */
    struct err *err = NULL;

    *out = NULL;
    if (database.length >= sizeof(database_text) || name.length >= sizeof(name_text)) {
        return NULL;
    }
    memcpy(database_text, database.length == 0 ? "" : database.data, database.length);
    memcpy(name_text, name.length == 0 ? "" : name.data, name.length);
    database_text[database.length] = name_text[name.length] = '\0';
    struct object_def *def = catalogue_object_find(dictionaries->server->store->catalogue, database_text, name_text);
    if (def != NULL && def->kind == OBJECT_DICTIONARY) {
        err = of_definition(dictionaries, def, out);
    }
    object_def_unref(def);
    return err;
}

/* Lets go of dictionaries that are no more: DROP; a handle lives on with those who hold it. */
static void sweep(struct dictionaries *dictionaries)
{
    struct arena *arena = arena_create(NULL);
    struct object_def **objects = NULL;
    uint32_t count = 0;
    struct err *err =
        arena == NULL ? err_oom() : catalogue_objects(dictionaries->server->store->catalogue, arena, &objects, &count);

    pthread_mutex_lock(&dictionaries->mutex);
    for (uint32_t i = dictionaries->count; i-- > 0 && err == NULL;) {
        bool known = false;
        for (uint32_t k = 0; k < count && !known; k++) {
            known = objects[k]->id == dictionaries->entries[i].id;
        }
        if (!known) {
            lexicon_unref(dictionaries->entries[i].dictionary);
            dictionaries->entries[i] = dictionaries->entries[--dictionaries->count];
        }
    }
    pthread_mutex_unlock(&dictionaries->mutex);
    err_free(err);
    arena_destroy(arena);
}

/* ---- the thread */

/* A reference to one that is due; NULL: none. */
static struct lexicon *next_due(struct dictionaries *dictionaries)
{
    struct lexicon *due = NULL;
    uint64_t now_us = clock_monotonic_us();

    pthread_mutex_lock(&dictionaries->mutex);
    for (uint32_t i = 0; i < dictionaries->count && due == NULL; i++) {
        if (lexicon_is_due(dictionaries->entries[i].dictionary, now_us)) {
            due = lexicon_ref(dictionaries->entries[i].dictionary);
        }
    }
    pthread_mutex_unlock(&dictionaries->mutex);
    return due;
}

static void *run(void *object)
{
    struct dictionaries *dictionaries = object;

    while (!atomic_load(&dictionaries->stopping)) {
        struct lexicon *due = NULL;
        sweep(dictionaries);
        sessions_expire(dictionaries->server);
        while (!atomic_load(&dictionaries->stopping) && (due = next_due(dictionaries)) != NULL) {
            err_free(lexicon_reload(due)); /* told in system.dictionaries; the old data stay */
            lexicon_unref(due);
        }
        lock_take(&dictionaries->sleep);
        if (!atomic_load(&dictionaries->stopping)) {
            (void)condition_wait_for(&dictionaries->wake, &dictionaries->sleep, 1000000);
        }
        lock_give(&dictionaries->sleep);
    }
    return NULL;
}

static struct dictionaries *the_dictionaries; /* of the server in this process */
static struct lexicon_provider provider;

struct err *dictionaries_start(struct server *server)
{
    struct dictionaries *dictionaries = calloc(1, sizeof(*dictionaries));
    if (dictionaries == NULL) {
        return err_oom();
    }
    dictionaries->server = server;
    budget_init(&dictionaries->budget, "all dictionaries", server->config.dictionaries_memory_max, NULL);
    pthread_mutex_init(&dictionaries->mutex, NULL);
    lock_init(&dictionaries->sleep, LOCK_SERVER);
    condition_init(&dictionaries->wake);
    server->dictionaries = dictionaries;
    the_dictionaries = dictionaries;
    provider = (struct lexicon_provider){dictionaries, find};
    lexicon_provider_set(&provider);
    dictionaries->started = pthread_create(&dictionaries->thread, NULL, run, dictionaries) == 0;
    return dictionaries->started ? NULL : err_new(ERR_OOM, "cannot start the thread of dictionaries");
}

void dictionaries_stop(struct server *server)
{
    struct dictionaries *dictionaries = server->dictionaries;
    if (dictionaries == NULL) {
        return;
    }
    lock_take(&dictionaries->sleep);
    atomic_store(&dictionaries->stopping, true);
    condition_signal(&dictionaries->wake);
    lock_give(&dictionaries->sleep);
    query_cancel(&dictionaries->progress);
    if (dictionaries->started) {
        pthread_join(dictionaries->thread, NULL);
    }
    lexicon_provider_set(NULL);
    for (uint32_t i = 0; i < dictionaries->count; i++) {
        lexicon_unref(dictionaries->entries[i].dictionary);
    }
    free(dictionaries->entries);
    pthread_mutex_destroy(&dictionaries->mutex);
    lock_deinit(&dictionaries->sleep);
    condition_deinit(&dictionaries->wake);
    server->dictionaries = NULL;
    the_dictionaries = NULL;
    free(dictionaries);
}

/* ---- statements */

/* It is loaded by the server: who makes it must be able to read what it loads. */
static struct err *check_source_rights(struct execution *execution, const struct object_def *def)
{
    struct err *err = NULL;
    struct lexicon_shape *shape = NULL;
    struct ast_statement *statement = NULL;
    struct query_plan plan;
    struct bind_options bind = execution->bind;
    struct function_context context = execution->context;
    if (access_may(execution->access, PRIVILEGE(MAY_SELECT), (struct right_on){0})) {
        return NULL;
    }
    OR_DONE(define_dictionary_shape(execution->arena, &execution->context, slice_text(def->definition), &shape));
    bind.text = shape->query;
    bind.context = &context;
    context.database = shape->database;
    OR_DONE(parse_query(execution->arena, shape->query, (uint32_t)shape->query.length + 1, &statement));
    if (statement->kind == AST_SELECT) {
        err = access_bind(execution, &bind, statement->query, (struct slice){0}, (struct slice){0}, &plan);
    }
done:
    return err;
}

struct err *dictionaries_create(struct execution *execution, const struct ast_statement *statement)
{
    struct err *err = NULL;
    struct ast_create_dictionary create = *statement->create_dictionary;
    struct object_def def;
    struct slice database;

    OR_DONE(bind_name(execution->arena, &execution->bind, create.database, statement->database_parameter, &database));
    OR_DONE(bind_name(execution->arena, &execution->bind, create.name, statement->name_parameter, &create.name));
    OR_DONE(define_dictionary(execution->arena, &execution->bind, &create,
                              database.length == 0 ? execution->database : database, &def));
    OR_DONE(check_source_rights(execution, &def));
    err = catalogue_create_object(execution->server->store->catalogue, &def,
                                  create.or_replace      ? OBJECT_REPLACE
                                  : create.if_not_exists ? OBJECT_KEEP
                                                         : OBJECT_REFUSE,
                                  NULL);
done:
    return err;
}

/* Ends when the statement is killed. */
static struct err *reload(struct execution *execution, struct lexicon *dictionary)
{
    struct interrupt interrupt;
    interrupt_begin(&interrupt, &execution->process->progress.cancelled);
    struct err *err = lexicon_reload(dictionary);
    interrupt_end(&interrupt);
    return err;
}

struct err *dictionaries_reload(struct execution *execution, struct slice database, struct slice name)
{
    struct err *err = NULL;
    struct lexicon *dictionary = NULL;

    OR_DONE(find(execution->server->dictionaries, database.length == 0 ? execution->database : database, name,
                 &dictionary));
    err = dictionary == NULL ? err_new(ERR_BAD_ARGUMENTS, "Dictionary (`%.*s`) not found", SLICE_ARG(name))
                             : reload(execution, dictionary);
done:
    lexicon_unref(dictionary);
    return err;
}

static void release(void *dictionary)
{
    lexicon_unref(dictionary);
}

struct err *dictionaries_reload_all(struct execution *execution)
{
    struct err *err = NULL;
    struct dictionaries *dictionaries = execution->server->dictionaries;

    pthread_mutex_lock(&dictionaries->mutex);
    uint32_t count = dictionaries->count;
    struct lexicon **list = ARENA_ARRAY(execution->arena, struct lexicon *, count + 1U);
    for (uint32_t i = 0; i < count && list != NULL; i++) {
        list[i] = lexicon_ref(dictionaries->entries[i].dictionary);
    }
    pthread_mutex_unlock(&dictionaries->mutex);
    if (list == NULL) {
        return arena_error(execution->arena);
    }
    for (uint32_t i = 0; i < count; i++) {
        struct lexicon_numbers numbers;
        lexicon_numbers(list[i], &numbers);
        if (numbers.status != LEXICON_NOT_LOADED && err == NULL) {
            err = reload(execution, list[i]);
        }
        lexicon_unref(list[i]);
    }
    return err;
}

struct err *dictionaries_find_table(struct execution *execution, struct arena *arena, struct slice database,
                                    struct slice name, struct table_source **out)
{
    struct err *err = NULL;
    struct lexicon *dictionary = NULL;

    *out = NULL;
    OR_DONE(find(execution->server->dictionaries, database, name, &dictionary));
    if (dictionary == NULL) {
        return NULL;
    }
    if (!arena_on_destroy(arena, release, dictionary)) {
        lexicon_unref(dictionary);
        return arena_error(arena);
    }
    err = source_of_dictionary(arena, dictionary, out);
done:
    return err;
}

/* ---- system.dictionaries */

#define STATUSES                                                                                                       \
    "Enum8('NOT_LOADED' = 0, 'LOADED' = 1, 'FAILED' = 2, 'LOADING' = 3, 'FAILED_AND_RELOADING' = 4, "                  \
    "'LOADED_AND_RELOADING' = 5, 'NOT_EXIST' = 6)"

static const char *const columns[] = {"database",
                                      "String",
                                      "name",
                                      "String",
                                      "uuid",
                                      "UUID",
                                      "status",
                                      (STATUSES),
                                      "origin",
                                      "String",
                                      "type",
                                      "String",
                                      "bytes_allocated",
                                      "UInt64",
                                      "query_count",
                                      "UInt64",
                                      "hit_rate",
                                      "Float64",
                                      "found_rate",
                                      "Float64",
                                      "element_count",
                                      "UInt64",
                                      "load_factor",
                                      "Float64",
                                      "source",
                                      "String",
                                      "lifetime_min",
                                      "UInt64",
                                      "lifetime_max",
                                      "UInt64",
                                      "loading_start_time",
                                      "DateTime",
                                      "last_successful_update_time",
                                      "DateTime",
                                      "error_count",
                                      "UInt64",
                                      "loading_duration",
                                      "Float32",
                                      "last_exception",
                                      "String",
                                      "comment",
                                      "String",
                                      NULL};

static void row(struct source_rows *rows, const struct object_def *def, struct lexicon *dictionary)
{
    const struct lexicon_shape *shape = lexicon_shape(dictionary);
    struct lexicon_numbers numbers;

    lexicon_numbers(dictionary, &numbers);
    source_row_text(rows, 0, slice_text(def->database));
    source_row_text(rows, 1, slice_text(def->name));
    source_row_uuid(rows, 2, def->uuid);
    source_row_uint(rows, 3, (uint64_t)numbers.status);
    source_row_text(rows, 4, slice_text("ledger"));
    source_row_text(rows, 5, shape->layout_name);
    source_row_uint(rows, 6, numbers.bytes);
    source_row_uint(rows, 7, numbers.lookups);
    source_row_double(rows, 8, 1);
    source_row_double(rows, 9, numbers.lookups == 0 ? 0 : (double)numbers.found / (double)numbers.lookups);
    source_row_uint(rows, 10, numbers.rows);
    source_row_double(rows, 11, numbers.rows == 0 ? 0 : 0.5);
    source_row_text(rows, 12, shape->source_text);
    source_row_uint(rows, 13, shape->lifetime_min_s);
    source_row_uint(rows, 14, shape->lifetime_max_s);
    source_row_uint(rows, 15, (uint64_t)(numbers.started_at_us / 1000000));
    source_row_uint(rows, 16, (uint64_t)(numbers.loaded_at_us / 1000000));
    source_row_uint(rows, 17, numbers.errors);
    source_row_double(rows, 18, numbers.seconds);
    source_row_text(rows, 19, slice_text(numbers.error));
    source_row_text(rows, 20, slice_text(def->comment));
}

static struct err *generate(struct table_source *source, struct arena *arena, const struct source_request *request,
                            struct source_output *output)
{
    struct err *err = NULL;
    struct source_rows *rows = NULL;
    struct object_def **objects = NULL;
    uint32_t count = 0;
    bool stop = false;

    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    OR_DONE(catalogue_objects(system_server()->store->catalogue, arena, &objects, &count));
    for (uint32_t i = 0; i < count && !stop; i++) {
        struct lexicon *dictionary = NULL;
        if (objects[i]->kind != OBJECT_DICTIONARY) {
            continue;
        }
        OR_DONE(of_definition(the_dictionaries, objects[i], &dictionary));
        row(rows, objects[i], dictionary);
        lexicon_unref(dictionary);
        OR_DONE(source_row_end(rows, &stop));
    }
    err = source_rows_end(rows);
done:
    return err;
}

void dictionaries_register(void)
{
    static struct system_table table = {.name = "dictionaries", .columns = columns, .generate = generate};
    system_table_register(&table);
}
