/*
 * regexp.c: regexpExtract, regexpPosition, regexpQuoteMeta.
 *
 * regexpPosition(text, pattern[, from[, occurrence[, 1: the place behind the match]]]): places are of bytes, from 1.
 *
 * thread   any: compiled patterns are immutable, match data belongs to a call
 */
#include "query/functions/regex.h"
#include "query/functions/row.h"

enum regexp { REGEXP_EXTRACT, REGEXP_POSITION };

struct pattern {
    enum regexp kind;
    pcre2_code *code;
    uint32_t group_count;
    struct slice text;
};

static void match_data_free(void *data)
{
    pcre2_match_data_free(data);
}

static struct err *extract_row(const struct pattern *pattern, pcre2_match_data *data, struct slice text, int64_t index,
                               struct slice *out)
{
    struct err *err = NULL;
    bool found;
    *out = slice_of("", 0);
    if (index < 0 || index > pattern->group_count) {
        return err_new(
            ERR_INDEX_OF_GROUP,
            "Index value %lld for regexp pattern `%.*s` in function regexpExtract is out-of-range, should be "
            "in [0, %u)",
            (long long)index, SLICE_ARG(pattern->text), pattern->group_count + 1);
    }
    OR_DONE(regex_next(pattern->code, data, text, 0, &found));
    if (found) {
        const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(data) + 2 * index;
        if (ends[0] != PCRE2_UNSET) {
            *out = slice_of(text.data + ends[0], ends[1] - ends[0]);
        }
    }
done:
    return err;
}

/* numbers: from, occurrence, return option. */
static struct err *position_row(const struct pattern *pattern, pcre2_match_data *data, struct slice text,
                                const int64_t numbers[3], uint64_t *out)
{
    static const char *const names[3] = {"position", "occurrence", "return_option"};
    struct err *err = NULL;
    for (int k = 0; k < 3; k++) {
        if (k == 2 ? numbers[k] < 0 || numbers[k] > 1 : numbers[k] < 1) {
            return err_new(ERR_BAD_ARGUMENTS, "Argument '%s' for function regexpPosition must be %s, got %lld",
                           names[k], k == 2 ? "0 or 1" : ">= 1", (long long)numbers[k]);
        }
    }
    *out = 0;
    int64_t left = numbers[1];
    for (size_t from = (size_t)numbers[0] - 1; from <= text.length;) {
        bool found;
        OR_DONE(regex_next(pattern->code, data, text, from, &found));
        if (!found) {
            break;
        }
        const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(data);
        if (--left == 0) {
            *out = ends[numbers[2]] + 1;
            break;
        }
        from = ends[1] > from ? ends[1] : from + 1;
    }
done:
    return err;
}

static struct err *evaluate_pattern(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct pattern *pattern = function->data;
    const struct column *texts = column_strings(arena, arguments[0]);
    const struct column *numbers[3] = {NULL};
    pcre2_match_data *data = pcre2_match_data_create(pattern->group_count + 1, NULL);
    struct column *made;
    if (data == NULL || !arena_on_destroy(arena, match_data_free, data)) {
        struct err *oom = data == NULL ? err_oom() : arena_error(arena);
        pcre2_match_data_free(data);
        return oom;
    }
    for (uint32_t a = 2; a < function->argument_count; a++) {
        numbers[a - 2] = column_numbers(arena, arguments[a], TYPE_INT64);
        if (numbers[a - 2] == NULL) {
            return arena_error(arena);
        }
    }
    if (texts == NULL) {
        return arena_error(arena);
    }
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    for (uint32_t i = 0; i < row_count; i++) {
        struct slice text = VALUE_AT(texts, struct slice, i);
        if (pattern->kind == REGEXP_EXTRACT) {
            int64_t index = numbers[0] == NULL ? pattern->group_count > 0 : VALUE_AT(numbers[0], int64_t, i);
            OR_DONE(extract_row(pattern, data, text, index, &((struct slice *)made->values)[i]));
        } else {
            int64_t three[3] = {1, 1, 0};
            for (int k = 0; k < 3 && numbers[k] != NULL; k++) {
                three[k] = VALUE_AT(numbers[k], int64_t, i);
            }
            OR_DONE(position_row(pattern, data, text, three, &((uint64_t *)made->values)[i]));
        }
    }
    *out = made;
done:
    return err;
}

static struct err *resolve_pattern(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    struct pattern *pattern = ARENA_NEW(bind->arena, struct pattern);
    if (pattern == NULL) {
        return arena_error(bind->arena);
    }
    pattern->kind = (enum regexp)bind->tag;
    OR_DONE(argument_string(bind, 0));
    if (bind->arguments[1].type->kind != TYPE_STRING) {
        return argument_error(bind, 1, "a String is needed");
    }
    if (bind->arguments[1].constant == NULL) {
        return err_new(ERR_ILLEGAL_COLUMN, "argument 2 of function %s must be a constant", bind->name);
    }
    for (uint32_t a = 2; a < bind->count; a++) {
        OR_DONE(argument_integer(bind, a));
    }
    pattern->text = *(const struct slice *)bind->arguments[1].constant->values;
    OR_DONE(regex_pattern(bind->arena, pattern->text, &pattern->code));
    (void)pcre2_pattern_info(pattern->code, PCRE2_INFO_CAPTURECOUNT, &pattern->group_count);
    out->inner = type_simple(pattern->kind == REGEXP_EXTRACT ? TYPE_STRING : TYPE_UINT64);
    out->evaluate = evaluate_pattern;
    out->data = pattern;
done:
    return err;
}

static struct err *run_quote(struct row_call *call, union row_value *out)
{
    struct err *err = NULL;
    struct slice text = call->arguments[0].text;
    char *to = row_room(call, text.length * 2, &err);
    size_t length = 0;
    if (to == NULL) {
        return err;
    }
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        if (c == '\0' || strchr("\\()|[]{^$.?*+:-", c) != NULL) {
            to[length++] = '\\';
        }
        to[length++] = c;
    }
    out->text = text_taken(&call->buffer, length);
    return NULL;
}

static const struct function_definition definitions[] = {
    {"regexpExtract", false, 2, 3, FUNCTION_CAN_FAIL, resolve_pattern, REGEXP_EXTRACT},
    {"regexpPosition", false, 2, 5, FUNCTION_CAN_FAIL, resolve_pattern, REGEXP_POSITION},
};
static const struct row_function rows[] = {
    ROW("regexpQuoteMeta", false, 1, 1, 0, "s", TYPE_STRING, run_quote,
        "The text with what regular expressions read otherwise behind backslashes."),
};
static const struct function_alias aliases[] = {
    {"REGEXP_EXTRACT", true, "regexpExtract"},
    {"REGEXP_SUBSTR", true, "regexpExtract"},
    {"regexp_instr", true, "regexpPosition"},
    {"regexpInstr", true, "regexpPosition"},
};
const struct function_group functions_regexp = {definitions, sizeof(definitions) / sizeof(definitions[0]),
                                                aliases,     sizeof(aliases) / sizeof(aliases[0]),
                                                rows,        sizeof(rows) / sizeof(rows[0])};
