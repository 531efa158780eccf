/*
 * lexicon_test.c: dictionaries as functions see them: what is loaded again is seen by calls that were bound before,
 * results outlive the data they came from, one that needs itself is an error, memory is bounded.
 */
#include "query/lexicon.h"

#include "base/timezone.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

static struct function_context context;
static struct lexicon *the_lexicon;
static uint32_t loads; /* the value of key k in load n is "n.k" */
static uint32_t rows;
static bool recurse;

static void must(struct err *err)
{
    if (err != NULL) {
        fail_msg("%s", err_message(err));
    }
}

static struct err *load(void *user, const struct lexicon_shape *shape, struct lexicon_builder *builder)
{
    struct err *err = NULL;
    struct arena *arena = arena_create(NULL);
    struct chunk *chunk = chunk_new(arena, 2, rows);
    (void)user;
    (void)shape;
    if (recurse) {
        struct lexicon_data *data = NULL;
        OR_DONE(lexicon_take(the_lexicon, &data));
    }
    loads++;
    chunk->columns[0] = column_new(arena, type_simple(TYPE_UINT64), rows);
    chunk->columns[1] = column_new(arena, type_simple(TYPE_STRING), rows);
    for (uint32_t i = 0; i < rows; i++) {
        ((uint64_t *)chunk->columns[0]->values)[i] = i;
        ((struct slice *)chunk->columns[1]->values)[i] = slice_text(arena_format(arena, "%u.%u", loads, i));
    }
    err = lexicon_builder_add(builder, &context, chunk);
done:
    arena_destroy(arena);
    return err;
}

static struct err *find(void *user, struct slice database, struct slice name, struct lexicon **out)
{
    (void)user;
    (void)database;
    *out = slice_equal(name, slice_text("d")) ? lexicon_ref(the_lexicon) : NULL;
    return NULL;
}

static struct lexicon *make(struct budget *budget)
{
    static const struct source_column key = {{"k", 1}, NULL};
    static const struct lexicon_provider provider = {NULL, find};
    struct arena *arena = arena_create(NULL);
    struct lexicon_shape *shape = ARENA_NEW(arena, struct lexicon_shape);
    struct source_column *keys = ARENA_NEW(arena, struct source_column);
    struct lexicon_attribute *attribute = ARENA_NEW(arena, struct lexicon_attribute);
    *keys = key;
    keys->type = type_simple(TYPE_UINT64);
    attribute->name = slice_text("v");
    attribute->type = type_simple(TYPE_STRING);
    attribute->fallback = column_default(arena, attribute->type, 1);
    *shape = (struct lexicon_shape){.database = slice_text("db"),
                                    .name = slice_text("d"),
                                    .layout = LEXICON_HASHED,
                                    .keys = keys,
                                    .key_count = 1,
                                    .attributes = attribute,
                                    .attribute_count = 1};
    lexicon_provider_set(&provider);
    the_lexicon = lexicon_create(arena, shape, budget, load, NULL);
    loads = 0;
    rows = 3;
    recurse = false;
    return the_lexicon;
}

static const struct function *bind(struct arena *arena)
{
    struct slice name = slice_text("d"), attribute = slice_text("v");
    struct function_argument arguments[3] = {
        {type_simple(TYPE_STRING), column_const(arena, type_simple(TYPE_STRING), &name, 1)},
        {type_simple(TYPE_STRING), column_const(arena, type_simple(TYPE_STRING), &attribute, 1)},
        {type_simple(TYPE_UINT64), NULL}};
    const struct function *function = NULL;
    must(function_resolve(arena, &context, slice_text("dictGet"), arguments, 3, &function));
    return function;
}

static struct column *get(const struct function *function, struct arena *arena, uint64_t key)
{
    struct slice name = slice_text("d"), attribute = slice_text("v");
    struct column *keys = column_new(arena, type_simple(TYPE_UINT64), 1);
    const struct column *arguments[3] = {column_const(arena, type_simple(TYPE_STRING), &name, 1),
                                         column_const(arena, type_simple(TYPE_STRING), &attribute, 1), keys};
    struct column *out = NULL;
    *(uint64_t *)keys->values = key;
    must(function_evaluate(function, arena, NULL, arguments, 1, &out));
    return out;
}

static void expect(const struct column *column, const char *text)
{
    assert_true(slice_equal(*(const struct slice *)column_value(column, 0), slice_text(text)));
}

static void loaded_again_is_seen(void **state)
{
    (void)state;
    struct lexicon *lexicon = make(NULL);
    struct arena *arena = arena_create(NULL), *first = arena_create(NULL);
    const struct function *function = bind(arena);
    struct lexicon_numbers numbers;

    struct column *old = get(function, first, 2);
    expect(old, "1.2");
    must(lexicon_reload(lexicon));
    expect(get(function, arena, 2), "2.2");
    expect(old, "1.2"); /* it pins what it came from */
    expect(get(function, arena, 3), "");
    lexicon_numbers(lexicon, &numbers);
    assert_int_equal(numbers.status, LEXICON_LOADED);
    assert_int_equal(numbers.rows, 3);
    assert_int_equal(numbers.lookups, 3);
    assert_int_equal(numbers.found, 2);
    assert_int_equal(loads, 2);
    lexicon_unref(lexicon); /* the bound call holds it */
    expect(get(function, arena, 0), "2.0");
    arena_destroy(first);
    arena_destroy(arena);
}

static void needs_itself(void **state)
{
    (void)state;
    struct lexicon *lexicon = make(NULL);
    struct lexicon_data *data = NULL;
    struct lexicon_numbers numbers;

    recurse = true;
    struct err *err = lexicon_take(lexicon, &data);
    assert_non_null(err);
    assert_int_equal(err_code(err), ERR_INFINITE_LOOP);
    err_free(err);
    lexicon_numbers(lexicon, &numbers);
    assert_int_equal(numbers.status, LEXICON_FAILED);
    recurse = false;
    must(lexicon_take(lexicon, &data)); /* the next one tries again */
    lexicon_data_unref(data);
    lexicon_unref(lexicon);
}

static void memory_is_bounded(void **state)
{
    (void)state;
    struct budget budget;
    struct lexicon_data *data = NULL;
    budget_init(&budget, "the test", 1 << 20, NULL);
    struct lexicon *lexicon = make(&budget);

    must(lexicon_take(lexicon, &data));
    rows = 100000;
    struct err *err = lexicon_reload(lexicon);
    assert_non_null(err);
    assert_int_equal(err_code(err), ERR_MEMORY_LIMIT);
    err_free(err);
    assert_int_equal(data->row_count, 3);
    lexicon_data_unref(data);
    lexicon_unref(lexicon);
    assert_int_equal(atomic_load(&budget.bytes), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(loaded_again_is_seen), cmocka_unit_test(needs_itself),
                                       cmocka_unit_test(memory_is_bounded)};
    context = (struct function_context){.zone = timezone_utc(), .database = slice_text("db")};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
