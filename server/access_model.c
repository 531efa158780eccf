/*
 * access_model.c: things and models: making, counting, finding.
 */
#include "server/access_model.h"

#include <stdlib.h>

struct access_thing *access_thing_create(enum ast_entity kind, struct slice name)
{
    struct arena *arena = arena_create(NULL);
    struct access_thing *thing = arena == NULL ? NULL : ARENA_NEW(arena, struct access_thing);
    if (thing != NULL) {
        thing->arena = arena;
        thing->references = 1;
        thing->kind = kind;
        thing->name = arena_slice(arena, name);
        thing->all_default = true;
        thing->rights = rights_create(arena);
        if (thing->name.data != NULL && thing->rights != NULL) {
            return thing;
        }
    }
    arena_destroy(arena);
    return NULL;
}

/* The count is the only field that changes in a shared thing. */
struct access_thing *access_thing_ref(const struct access_thing *thing)
{
    struct access_thing *shared = (struct access_thing *)(uintptr_t)thing;
    atomic_fetch_add_explicit(&shared->references, 1, memory_order_relaxed);
    return shared;
}

void access_thing_unref(const struct access_thing *thing)
{
    struct access_thing *shared = (struct access_thing *)(uintptr_t)thing;
    if (shared != NULL && atomic_fetch_sub_explicit(&shared->references, 1, memory_order_acq_rel) == 1) {
        arena_destroy(shared->arena);
    }
}

struct err *access_thing_copy(const struct access_thing *thing, struct access_thing **out)
{
    struct buffer text = {0};
    access_thing_print(thing, false, &text);
    struct err *err = text.failed
                          ? err_oom()
                          : access_thing_read(thing->kind, thing->name, thing->uuid, buffer_all(&text), false, out);
    buffer_deinit(&text);
    return err;
}

bool access_names_have(const struct ast_names *names, struct slice name)
{
    bool have = names->all;
    for (uint32_t i = 0; i < names->count && !have; i++) {
        have = slice_equal(names->names[i], name);
    }
    for (uint32_t i = 0; i < names->except_count && have; i++) {
        have = !slice_equal(names->except[i], name);
    }
    return have;
}

/* ---- models */

static int compare(const struct access_thing *thing, enum ast_entity kind, struct slice name)
{
    return thing->kind != kind ? (thing->kind > kind) - (thing->kind < kind) : slice_compare(thing->name, name);
}

static int compare_things(const void *a, const void *b)
{
    const struct access_thing *x = *(const struct access_thing *const *)a, *y = *(const struct access_thing *const *)b;
    return compare(x, y->kind, y->name);
}

struct access_model *access_model_create(const struct access_thing *const *things, uint32_t count, uint64_t version)
{
    struct access_model *model = calloc(1, sizeof(*model));
    if (model != NULL) {
        model->things = calloc((size_t)count + 1, sizeof(struct access_thing *));
    }
    if (model == NULL || model->things == NULL) {
        free(model);
        return NULL;
    }
    model->references = 1;
    model->version = version;
    for (uint32_t i = 0; i < count; i++) {
        model->things[model->count++] = access_thing_ref(things[i]);
    }
    qsort(model->things, count, sizeof(struct access_thing *), compare_things);
    return model;
}

struct access_model *access_model_ref(struct access_model *model)
{
    atomic_fetch_add_explicit(&model->references, 1, memory_order_relaxed);
    return model;
}

void access_model_unref(struct access_model *model)
{
    if (model == NULL || atomic_fetch_sub_explicit(&model->references, 1, memory_order_acq_rel) != 1) {
        return;
    }
    for (uint32_t i = 0; i < model->count; i++) {
        access_thing_unref(model->things[i]);
    }
    free(model->things);
    free(model);
}

const struct access_thing *access_model_find(const struct access_model *model, enum ast_entity kind, struct slice name)
{
    uint32_t low = 0, high = model->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = compare(model->things[middle], kind, name);
        if (order == 0) {
            return model->things[middle];
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}
