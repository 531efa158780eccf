/*
 * lexicon.c: dictionaries by identity: loading, and how it went. See lexicon.h.
 *
 * locks    `loading`, of all dictionaries, is held while one loads (a query runs under it) and taken before anything
 *          else; a dictionary's own mutex guards its data and numbers, and nothing is locked under it
 */
#include "query/lexicon.h"

#include "base/clock.h"
#include "base/interrupt.h"
#include "query/query_rights.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define POLL_US 2000

struct lexicon {
    _Atomic uint32_t references;
    struct arena *arena;
    const struct lexicon_shape *shape;
    struct budget *budget;
    lexicon_load load;
    void *user;
    pthread_mutex_t mutex;
    struct lexicon_data *data; /* or NULL */
    uint64_t due_us;           /* monotonic; 0: never */
    struct lexicon_numbers numbers;
    _Atomic uint64_t lookups, found;
};

static pthread_mutex_t loading = PTHREAD_MUTEX_INITIALIZER;

/* Dictionaries that this thread is loading: a source may need another one. */
struct load_frame {
    struct load_frame *outer;
    const struct lexicon *dictionary;
};
static _Thread_local struct load_frame *load_frames;

static const struct lexicon_provider *the_provider;

void lexicon_provider_set(const struct lexicon_provider *provider)
{
    the_provider = provider;
}

struct lexicon *lexicon_create(struct arena *arena, const struct lexicon_shape *shape, struct budget *budget,
                               lexicon_load load, void *user)
{
    struct lexicon *dictionary = calloc(1, sizeof(*dictionary));
    if (dictionary == NULL) {
        arena_destroy(arena);
        return NULL;
    }
    atomic_init(&dictionary->references, 1);
    dictionary->arena = arena;
    dictionary->shape = shape;
    dictionary->budget = budget;
    dictionary->load = load;
    dictionary->user = user;
    pthread_mutex_init(&dictionary->mutex, NULL);
    return dictionary;
}

struct lexicon *lexicon_ref(struct lexicon *dictionary)
{
    atomic_fetch_add_explicit(&dictionary->references, 1, memory_order_relaxed);
    return dictionary;
}

void lexicon_unref(struct lexicon *dictionary)
{
    if (dictionary == NULL || atomic_fetch_sub_explicit(&dictionary->references, 1, memory_order_acq_rel) != 1) {
        return;
    }
    lexicon_data_unref(dictionary->data);
    pthread_mutex_destroy(&dictionary->mutex);
    arena_destroy(dictionary->arena);
    free(dictionary);
}

const struct lexicon_shape *lexicon_shape(const struct lexicon *dictionary)
{
    return dictionary->shape;
}

static struct lexicon_data *current(struct lexicon *dictionary)
{
    pthread_mutex_lock(&dictionary->mutex);
    struct lexicon_data *data = dictionary->data;
    if (data != NULL) {
        atomic_fetch_add_explicit(&data->references, 1, memory_order_relaxed);
    }
    pthread_mutex_unlock(&dictionary->mutex);
    return data;
}

/* Somewhere between the lifetime's ends, so that dictionaries do not load all at once. */
static uint64_t due_from(const struct lexicon_shape *shape, uint64_t now_us)
{
    uint64_t span = shape->lifetime_max_s > shape->lifetime_min_s ? shape->lifetime_max_s - shape->lifetime_min_s : 0;
    uint64_t part = span == 0 ? 0 : (now_us * 0x9e3779b97f4a7c15U >> 16) % (span * 1000 + 1);
    return shape->lifetime_max_s == 0 ? 0 : now_us + (shape->lifetime_max_s - span) * 1000000 + part * 1000;
}

static struct err *load_data(struct lexicon *dictionary, struct lexicon_data **out)
{
    struct err *err = NULL;
    struct lexicon_builder *builder = NULL;

    OR_DONE(lexicon_builder_create(dictionary->shape, dictionary->budget, &builder));
    OR_DONE(dictionary->load(dictionary->user, dictionary->shape, builder));
    err = lexicon_builder_finish(builder, out);
done:
    lexicon_builder_destroy(builder);
    return err_while(err, "loading the dictionary %.*s.%.*s", SLICE_ARG(dictionary->shape->database),
                     SLICE_ARG(dictionary->shape->name));
}

/* Under `loading`. */
static struct err *load_now(struct lexicon *dictionary)
{
    struct lexicon_data *data = NULL;
    struct lexicon_data *old = NULL;
    uint64_t begin_us = clock_monotonic_us();
    int64_t started_at_us = clock_wall_us();
    struct err *err = load_data(dictionary, &data);
    uint64_t end_us = clock_monotonic_us();

    pthread_mutex_lock(&dictionary->mutex);
    struct lexicon_numbers *numbers = &dictionary->numbers;
    numbers->started_at_us = started_at_us;
    numbers->seconds = (double)(end_us - begin_us) * 1e-6;
    dictionary->due_us = due_from(dictionary->shape, end_us);
    if (err == NULL) {
        old = dictionary->data;
        dictionary->data = data;
        numbers->status = LEXICON_LOADED;
        numbers->rows = data->row_count;
        numbers->bytes = arena_bytes(data->arena);
        numbers->loaded_at_us = clock_wall_us();
        numbers->errors = 0;
        numbers->error[0] = '\0';
    } else if (err_code(err) != ERR_QUERY_CANCELLED && !interrupted()) { /* else the next one tries it again */
        numbers->status = dictionary->data == NULL ? LEXICON_FAILED : LEXICON_LOADED;
        numbers->errors++;
        (void)snprintf(numbers->error, sizeof(numbers->error), "%s", err_message(err));
    }
    pthread_mutex_unlock(&dictionary->mutex);
    lexicon_data_unref(old);
    return err;
}

/* Takes `loading`, which somebody else may hold for long. */
static struct err *take_turn(void)
{
    struct err *err = NULL;
    while (pthread_mutex_trylock(&loading) != 0) {
        const struct timespec moment = {.tv_nsec = POLL_US * 1000};
        OR_DONE(interrupt_check());
        (void)nanosleep(&moment, NULL);
    }
done:
    return err;
}

static struct err *load_guarded(struct lexicon *dictionary, bool again)
{
    struct err *err = NULL;
    bool outermost = load_frames == NULL;

    for (const struct load_frame *frame = load_frames; frame != NULL; frame = frame->outer) {
        if (frame->dictionary == dictionary) {
            return err_new(ERR_INFINITE_LOOP, "the dictionary %.*s.%.*s needs itself to be loaded",
                           SLICE_ARG(dictionary->shape->database), SLICE_ARG(dictionary->shape->name));
        }
    }
    if (outermost) {
        OR_DONE(take_turn());
    }
    struct load_frame frame = {load_frames, dictionary};
    load_frames = &frame;
    struct lexicon_data *data = current(dictionary); /* another may have loaded it meanwhile */
    if (data == NULL || again) {
        err = load_now(dictionary);
    }
    lexicon_data_unref(data);
    load_frames = frame.outer;
    if (outermost) {
        pthread_mutex_unlock(&loading);
    }
done:
    return err;
}

struct err *lexicon_take(struct lexicon *dictionary, struct lexicon_data **out)
{
    struct err *err = NULL;

    *out = current(dictionary);
    if (*out == NULL) {
        OR_DONE(load_guarded(dictionary, false));
        *out = current(dictionary);
        ASSERT(*out != NULL);
    }
done:
    return err;
}

struct err *lexicon_reload(struct lexicon *dictionary)
{
    return load_guarded(dictionary, true);
}

bool lexicon_is_due(struct lexicon *dictionary, uint64_t now_us)
{
    pthread_mutex_lock(&dictionary->mutex);
    bool due = dictionary->data != NULL && dictionary->due_us != 0 && dictionary->due_us <= now_us;
    pthread_mutex_unlock(&dictionary->mutex);
    return due;
}

void lexicon_count(struct lexicon *dictionary, uint64_t rows, uint64_t found)
{
    atomic_fetch_add_explicit(&dictionary->lookups, rows, memory_order_relaxed);
    atomic_fetch_add_explicit(&dictionary->found, found, memory_order_relaxed);
}

void lexicon_numbers(struct lexicon *dictionary, struct lexicon_numbers *out)
{
    pthread_mutex_lock(&dictionary->mutex);
    *out = dictionary->numbers;
    pthread_mutex_unlock(&dictionary->mutex);
    out->lookups = atomic_load_explicit(&dictionary->lookups, memory_order_relaxed);
    out->found = atomic_load_explicit(&dictionary->found, memory_order_relaxed);
}

static void unpin(void *dictionary)
{
    lexicon_unref(dictionary);
}

struct err *lexicon_named(struct arena *arena, const struct function_context *context, struct slice name,
                          struct lexicon **out)
{
    struct err *err = NULL;
    struct slice database = context->database;
    struct slice own = name;
    const char *dot = name.length == 0 ? NULL : memchr(name.data, '.', name.length);

    *out = NULL;
    if (dot != NULL) {
        database = slice_of(name.data, (size_t)(dot - name.data));
        own = slice_of(dot + 1, name.length - database.length - 1);
    }
    if (context->rights != NULL) {
        OR_DONE(context->rights->looks_up(context->rights->user, database, own));
    }
    if (the_provider != NULL) {
        OR_DONE(the_provider->find(the_provider->user, database, own, out));
    }
    if (*out == NULL) {
        return err_new(ERR_BAD_ARGUMENTS, "Dictionary (`%.*s`) not found", SLICE_ARG(name));
    }
    if (!arena_on_destroy(arena, unpin, *out)) {
        lexicon_unref(*out);
        return arena_error(arena);
    }
done:
    return err;
}
