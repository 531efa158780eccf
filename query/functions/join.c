/*
 * join.c: several values become one string: concat, concatWithSeparator, format.
 *
 * thread   any, no shared state
 */
#include "query/functions/nested.h"
#include "query/functions/value_text.h"

enum join { CONCAT, CONCAT_SEPARATOR };

static struct err *as_texts(const struct function *function, struct arena *arena, const struct column *const *arguments,
                            const struct column ***out)
{
    struct err *err = NULL;
    const struct column **texts = ARENA_ARRAY(arena, const struct column *, function->argument_count + 1U);
    if (texts == NULL) {
        return arena_error(arena);
    }
    for (uint32_t a = 0; a < function->argument_count; a++) {
        if (type_is_string(arguments[a]->type)) {
            texts[a] = column_strings(arena, arguments[a]);
        } else {
            struct column *cast;
            OR_DONE(function_cast(arena, function->context, arguments[a], type_simple(TYPE_STRING), &cast));
            texts[a] = cast;
        }
        if (texts[a] == NULL) {
            return arena_error(arena);
        }
    }
    *out = texts;
done:
    return err;
}

static struct err *evaluate_concat(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    bool separated = (enum join)(intptr_t)function->data == CONCAT_SEPARATOR;
    const struct column **texts;
    struct text_buffer buffer = {arena, NULL, 0};
    struct column *made;
    OR_DONE(as_texts(function, arena, arguments, &texts));
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    for (uint32_t i = 0; i < row_count; i++) {
        size_t bytes = 0;
        struct slice separator = separated ? VALUE_AT(texts[0], struct slice, i) : slice_of("", 0);
        for (uint32_t a = separated; a < function->argument_count; a++) {
            bytes += VALUE_AT(texts[a], struct slice, i).length + (a > separated ? separator.length : 0);
        }
        char *to = text_room(&buffer, bytes);
        if (to == NULL) {
            return arena_error(arena);
        }
        for (uint32_t a = separated; a < function->argument_count; a++) {
            struct slice text = VALUE_AT(texts[a], struct slice, i);
            if (a > separated && separator.length > 0) {
                memcpy(to, separator.data, separator.length);
                to += separator.length;
            }
            if (text.length > 0) {
                OR_DONE(interrupt_copy(to, text.data, text.length));
                to += text.length;
            }
        }
        ((struct slice *)made->values)[i] = text_taken(&buffer, bytes);
    }
    *out = made;
done:
    return err;
}

static struct err *resolve_concat(const struct function_bind *bind, struct function *out)
{
    bool all_arrays = bind->count > 0;
    for (uint32_t i = 0; i < bind->count; i++) {
        all_arrays &= bind->arguments[i].type->kind == TYPE_ARRAY;
    }
    if (all_arrays) {
        struct function_bind arrays = *bind;
        arrays.tag = 0;
        return resolve_array_join(&arrays, out);
    }
    if (bind->tag == CONCAT_SEPARATOR && !type_is_string(bind->arguments[0].type)) {
        return argument_error(bind, 0, "a string is needed");
    }
    out->inner = type_simple(TYPE_STRING);
    out->evaluate = evaluate_concat;
    out->data = (const void *)(intptr_t)bind->tag;
    return NULL;
}

/* format('{} is {1}', a, b): pieces of the pattern and the argument that follows each. */
struct pattern {
    uint32_t count;
    struct slice *pieces;
    uint32_t *arguments; /* one fewer than pieces */
};

static struct err *evaluate_format(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct pattern *pattern = function->data;
    const struct column **texts;
    struct text_buffer buffer = {arena, NULL, 0};
    struct column *made;
    OR_DONE(as_texts(function, arena, arguments, &texts));
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    for (uint32_t i = 0; i < row_count; i++) {
        size_t bytes = 0;
        for (uint32_t p = 0; p < pattern->count; p++) {
            bytes += pattern->pieces[p].length;
            bytes += p + 1 < pattern->count ? VALUE_AT(texts[pattern->arguments[p]], struct slice, i).length : 0;
        }
        char *to = text_room(&buffer, bytes);
        if (to == NULL) {
            return arena_error(arena);
        }
        for (uint32_t p = 0; p < pattern->count; p++) {
            memcpy(to, pattern->pieces[p].data, pattern->pieces[p].length);
            to += pattern->pieces[p].length;
            if (p + 1 < pattern->count) {
                struct slice text = VALUE_AT(texts[pattern->arguments[p]], struct slice, i);
                if (text.length > 0) {
                    memcpy(to, text.data, text.length);
                    to += text.length;
                }
            }
        }
        ((struct slice *)made->values)[i] = text_taken(&buffer, bytes);
    }
    *out = made;
done:
    return err;
}

static struct err *resolve_format(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    struct slice text;
    struct pattern *pattern = ARENA_NEW(bind->arena, struct pattern);
    OR_DONE(argument_constant_text(bind, 0, &text));
    if (pattern == NULL) {
        return arena_error(bind->arena);
    }
    pattern->pieces = ARENA_ARRAY(bind->arena, struct slice, text.length + 2);
    pattern->arguments = ARENA_ARRAY(bind->arena, uint32_t, text.length + 2);
    char *copy = arena_alloc(bind->arena, text.length + 1);
    if (pattern->pieces == NULL || pattern->arguments == NULL || copy == NULL) {
        return arena_error(bind->arena);
    }
    uint32_t next = 0;
    char *piece = copy;
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        if ((c == '{' || c == '}') && i + 1 < text.length && text.data[i + 1] == c) {
            *copy++ = c;
            i++;
        } else if (c == '{') {
            uint32_t number = 0;
            bool given = false;
            for (i++; i < text.length && text.data[i] >= '0' && text.data[i] <= '9' && number < 1000; i++) {
                number = number * 10 + (uint32_t)(text.data[i] - '0');
                given = true;
            }
            if (i == text.length || text.data[i] != '}') {
                return err_new(ERR_BAD_ARGUMENTS, "the pattern of function format has a '{' without its '}'");
            }
            number = given ? number : next++;
            if (number + 1 >= bind->count) {
                return err_new(ERR_BAD_ARGUMENTS, "the pattern of function format names argument %u, there are %u",
                               number, bind->count - 1);
            }
            pattern->pieces[pattern->count] = slice_of(piece, (size_t)(copy - piece));
            pattern->arguments[pattern->count++] = number + 1;
            piece = copy;
        } else if (c == '}') {
            return err_new(ERR_BAD_ARGUMENTS, "the pattern of function format has a '}' without its '{'");
        } else {
            *copy++ = c;
        }
    }
    pattern->pieces[pattern->count++] = slice_of(piece, (size_t)(copy - piece));
    out->inner = type_simple(TYPE_STRING);
    out->evaluate = evaluate_format;
    out->data = pattern;
done:
    return err;
}

static const struct function_definition definitions[] = {
    {"concat", true, 0, ANY_COUNT, 0, resolve_concat, CONCAT},
    {"concatWithSeparator", false, 1, ANY_COUNT, 0, resolve_concat, CONCAT_SEPARATOR},
    {"format", false, 1, ANY_COUNT, 0, resolve_format, 0},
};
static const struct function_alias aliases[] = {{"concat_ws", true, "concatWithSeparator"}};
const struct function_group functions_join = GROUP_OF(definitions, aliases);
