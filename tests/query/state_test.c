/*
 * state_test.c: states of aggregate functions from bytes: the fuzzer's seeds (tests/fuzz/corpus/state_fuzz: a type, a
 * line's end, the bytes of a state) are read whole, cut off at every place, and with every byte changed: an error or a
 * state that can be written and finished. Those called refused-… are no states.
 */
#include "base/timezone.h"
#include "query/aggregate_state.h"
#include "query/table_source.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#define FOLDER     "tests/fuzz/corpus/state_fuzz"
#define BYTES_MAX  ((uint64_t)64 << 20)
#define PLACES_MAX 160U /* bytes from the beginning that are changed */
#define SEED_MAX   16384U

struct seed {
    char text[SEED_MAX];
    size_t length;
    const struct aggregate *aggregate;
    char *bytes; /* of the state */
    size_t byte_count;
};

static const char *const changes = "\x01\x7f\x80\xff"; /* XOR */

static struct err *restore(const struct aggregate *aggregate, struct arena *arena, struct slice bytes, char **out)
{
    *out = arena_zalloc(arena, aggregate->state_bytes + 1U);
    return *out == NULL ? arena_error(arena) : aggregate_add_bytes(aggregate, arena, arena, bytes, *out);
}

/* Reads the bytes; if they are a state: what is written of it is the same state again, and has a value. */
static struct err *use(const struct aggregate *aggregate, struct arena *arena, struct slice bytes)
{
    struct err *err = NULL;
    struct state_writer writer = {.arena = arena};
    char *state;
    char *again;
    OR_DONE(restore(aggregate, arena, bytes, &state));
    OR_DONE(aggregate->write_state(aggregate, state, &writer));
    OR_DONE(restore(aggregate, arena, slice_of(writer.data, writer.length), &again));
    struct column *value = column_new(arena, aggregate->type, 1);
    assert_non_null(value);
    OR_DONE(aggregate->finish(aggregate, arena, again, aggregate->state_bytes, 1, value));
done:
    return err;
}

static void load(struct arena *arena, const char *name, struct seed *seed)
{
    static const struct function_context *context;
    static struct function_context made;
    char path[512];
    const struct type *type = NULL;
    snprintf(path, sizeof(path), FOLDER "/%s", name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    seed->length = fread(seed->text, 1, sizeof(seed->text), file);
    (void)fclose(file);
    assert_true(seed->length < sizeof(seed->text));
    char *end = memchr(seed->text, '\n', seed->length);
    assert_non_null(end);
    seed->bytes = end + 1;
    seed->byte_count = seed->length - (size_t)(end + 1 - seed->text);
    made = (struct function_context){.zone = timezone_utc()};
    context = &made;
    assert_null(type_parse(arena, slice_of(seed->text, (size_t)(end - seed->text)), &type));
    assert_true(type_is_state(type));
    assert_null(aggregate_of_state(arena, context, type, &seed->aggregate));
}

static void try_seed(const char *name)
{
    static struct seed seed;
    struct budget budget;
    struct arena *arena = arena_create(NULL);
    budget_init(&budget, "test", BYTES_MAX, NULL);
    struct arena *scratch = arena_create(&budget);
    assert_non_null(arena);
    assert_non_null(scratch);
    load(arena, name, &seed);

    struct err *err = use(seed.aggregate, scratch, slice_of(seed.bytes, seed.byte_count));
    bool refused = strncmp(name, "refused-", 8) == 0;
    if ((err != NULL) != refused) {
        fail_msg("%s: %s", name, err == NULL ? "it is not refused" : err_message(err));
    }
    err_free(err);
    size_t places = seed.byte_count < PLACES_MAX ? seed.byte_count : PLACES_MAX;
    for (size_t at = 0; at < places; at++) {
        arena_reset(scratch);
        char *cut = at == 0 ? NULL : arena_alloc(scratch, at); /* of its own, so that reading past it shows */
        if (cut != NULL) {
            memcpy(cut, seed.bytes, at);
        }
        err_free(use(seed.aggregate, scratch, slice_of(cut, at)));
        for (const char *change = changes; *change != 0; change++) {
            arena_reset(scratch);
            seed.bytes[at] = (char)(seed.bytes[at] ^ *change);
            err_free(use(seed.aggregate, scratch, slice_of(seed.bytes, seed.byte_count)));
            seed.bytes[at] = (char)(seed.bytes[at] ^ *change);
        }
    }
    arena_destroy(scratch);
    arena_destroy(arena);
}

static void test_states(void **state)
{
    (void)state;
    uint32_t count = 0;
    DIR *folder = opendir(FOLDER);
    assert_non_null(folder);
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        if (entry->d_name[0] != '.') {
            try_seed(entry->d_name);
            count++;
        }
    }
    (void)closedir(folder);
    assert_true(count >= 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_states)};
    source_register_builtin();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
