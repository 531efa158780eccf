/*
 * search_multi.c: many needles in one text: multiSearchAny, -FirstIndex, -FirstPosition, -AllPositions with their
 * CaseInsensitive and UTF8 forms; multiMatchAny, -AnyIndex, -AllIndices of regular expressions.
 *
 * how      needle after needle; constant expressions are compiled when the function is bound
 * thread   any: compiled patterns are immutable, match data belongs to a call
 */
#include "query/functions/nested.h"
#include "query/functions/regex.h"
#include "query/functions/search.h"

enum answer { ANSWER_ANY, ANSWER_FIRST_INDEX, ANSWER_FIRST_POSITION, ANSWER_ALL_POSITIONS, ANSWER_ALL_INDICES };
enum search_form { FORM_PLAIN = 0, FORM_ANY_CASE = 16, FORM_UTF8 = 32, FORM_REGEX = 64 };
#define NEEDLE_STEPS   50U /* looking for one in a short text; see base/interrupt.h */
#define ANSWER_OF(tag) ((enum answer)((tag)&15))

struct many {
    int tag;
    uint32_t code_count; /* constant needles of FORM_REGEX, compiled */
    pcre2_code **codes;
};

static void match_data_free(void *data)
{
    pcre2_match_data_free(data);
}

/* Position (from 1) of the needle, of bytes or, FORM_UTF8, of letters; 0: it is not there. */
static uint64_t position_of(const struct many *many, struct slice text, struct slice needle)
{
    bool utf8 = (many->tag & FORM_UTF8) != 0;
    const char *at = find_text(text, 0, needle, !utf8 && (many->tag & FORM_ANY_CASE) != 0);
    uint64_t position = 1;
    if (at == NULL) {
        return 0;
    }
    if (!utf8) {
        return (uint64_t)(at - text.data) + 1;
    }
    for (const char *c = text.data; c < at; c++) {
        position += ((unsigned char)*c & 0xc0) != 0x80;
    }
    return position;
}

/* All needles of a row: the number of those found that are in places[], each an index or a position. */
struct looking {
    const struct many *many;
    pcre2_match_data *data;
    uint64_t *places;
    uint32_t count;
};

static struct err *look_row(struct looking *looking, struct arena *arena, struct slice text,
                            const struct slice *needles, uint32_t needle_count, uint64_t *answer)
{
    struct err *err = NULL;
    const struct many *many = looking->many;
    enum answer wanted = ANSWER_OF(many->tag);
    *answer = 0;
    for (uint32_t k = 0; k < needle_count; k++) {
        uint64_t position;
        if ((many->tag & FORM_REGEX) != 0) {
            pcre2_code *code;
            bool found;
            if (many->codes != NULL) {
                code = many->codes[k];
            } else {
                OR_DONE(regex_pattern(arena, needles[k], &code));
            }
            OR_DONE(regex_next(code, looking->data, text, 0, &found));
            position = found;
        } else {
            position = position_of(many, text, needles[k]);
        }
        if (wanted == ANSWER_ALL_POSITIONS) {
            ASSERT(looking->places != NULL);
            looking->places[looking->count++] = position;
        } else if (position > 0) {
            switch ((int)wanted) {
            case ANSWER_ANY:
                *answer = 1;
                return NULL;
            case ANSWER_FIRST_INDEX:
                *answer = k + 1;
                return NULL;
            case ANSWER_FIRST_POSITION:
                *answer = *answer == 0 || position < *answer ? position : *answer;
                break;
            default:
                ASSERT(looking->places != NULL);
                looking->places[looking->count++] = k + 1;
            }
        }
    }
done:
    return err;
}

static struct err *evaluate_many(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct many *many = function->data;
    struct looking looking = {.many = many};
    const struct column *texts = column_strings(arena, arguments[0]);
    struct arrays arrays = arrays_of(arguments[1]);
    const struct column *needles = column_flat(arena, arrays.items);
    bool lists = function->inner->kind == TYPE_ARRAY;
    uint32_t total = 0;
    uint64_t steps = 0;
    struct column *made = NULL;
    OR_DONE(arrays_total(&arrays, row_count, &total));
    if (texts != NULL && needles != NULL && (many->tag & FORM_UTF8) != 0 && (many->tag & FORM_ANY_CASE) != 0) {
        texts = column_lower_utf8(arena, texts);
        needles = column_lower_utf8(arena, needles);
    }
    struct column *places = lists ? column_new(arena, type_simple(TYPE_UINT64), total) : NULL;
    uint32_t *offsets = ARENA_ARRAY(arena, uint32_t, row_count + 1U);
    if (texts == NULL || needles == NULL || offsets == NULL || (lists && places == NULL)) {
        return arena_error(arena);
    }
    looking.places = lists ? places->values : NULL;
    if ((many->tag & FORM_REGEX) != 0) {
        looking.data = pcre2_match_data_create(1, NULL);
        if (looking.data == NULL || !arena_on_destroy(arena, match_data_free, looking.data)) {
            pcre2_match_data_free(looking.data);
            return err_oom();
        }
    }
    if (!lists) {
        OR_DONE(result_new(arena, function->inner, row_count, &made));
    }
    for (uint32_t i = 0; i < row_count; i++) {
        uint64_t answer;
        struct slice text = VALUE_AT(texts, struct slice, i);
        offsets[i] = looking.count;
        OR_DONE(interrupt_steps(&steps, array_length(&arrays, i) * (NEEDLE_STEPS + text.length / 8)));
        OR_DONE(look_row(&looking, arena, text, (const struct slice *)needles->values + array_begin(&arrays, i),
                         array_length(&arrays, i), &answer));
        if (!lists && made->type->width == 1) {
            ((uint8_t *)made->values)[i] = (uint8_t)answer;
        } else if (!lists) {
            ((uint64_t *)made->values)[i] = answer;
        }
    }
    offsets[row_count] = looking.count;
    if (lists) {
        places->row_count = looking.count;
        OR_DONE(arrays_new(arena, function->inner, row_count, offsets, places, &made));
    }
    *out = made;
done:
    return err;
}

static struct err *compile_constant(const struct function_bind *bind, const struct column *needles, struct many *many)
{
    struct err *err = NULL;
    const struct column *items = column_flat(bind->arena, needles->children[0]);
    uint32_t begin = needles->offsets[0];
    many->code_count = needles->offsets[1] - begin;
    many->codes = ARENA_ARRAY(bind->arena, pcre2_code *, many->code_count + 1U);
    if (items == NULL || many->codes == NULL) {
        return arena_error(bind->arena);
    }
    for (uint32_t k = 0; k < many->code_count; k++) {
        err = regex_pattern(bind->arena, ((const struct slice *)items->values)[begin + k], &many->codes[k]);
        if (err != NULL && err_code(err) == ERR_REGEXP) { /* ClickHouse's code here */
            struct err *other = err_new(ERR_BAD_ARGUMENTS, "%s", err_message(err));
            err_free(err);
            err = other;
        }
        OR_DONE(err);
    }
done:
    return err;
}

static struct err *resolve_many(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    struct many *many = ARENA_NEW(bind->arena, struct many);
    if (many == NULL) {
        return arena_error(bind->arena);
    }
    many->tag = bind->tag;
    if (bind->arguments[0].type->kind != TYPE_STRING) {
        return argument_error(bind, 0, "a String is needed");
    }
    OR_DONE(argument_array(bind, 1));
    const struct type *element = bind->arguments[1].type->children[0];
    if (element->kind != TYPE_STRING || element->nullable) {
        return argument_error(bind, 1, "an array of String is needed");
    }
    if ((many->tag & FORM_REGEX) != 0 && bind->arguments[1].constant != NULL) {
        OR_DONE(compile_constant(bind, bind->arguments[1].constant, many));
    }
    const struct type *number = type_simple(ANSWER_OF(many->tag) == ANSWER_ANY ? TYPE_UINT8 : TYPE_UINT64);
    out->inner = ANSWER_OF(many->tag) >= ANSWER_ALL_POSITIONS ? type_array(bind->arena, number) : number;
    out->evaluate = evaluate_many;
    out->data = many;
    if (out->inner == NULL) {
        return arena_error(bind->arena);
    }
done:
    return err;
}

#define MANY(name, tag)                                                                                                \
    {                                                                                                                  \
        name, false, 2, 2, (tag)&FORM_REGEX ? FUNCTION_CAN_FAIL : 0, resolve_many, tag                                 \
    }
#define MULTI_SEARCH(name, answer)                                                                                     \
    MANY("multiSearch" name, answer), MANY("multiSearch" name "CaseInsensitive", (answer) | FORM_ANY_CASE),            \
        MANY("multiSearch" name "UTF8", (answer) | FORM_UTF8),                                                         \
        MANY("multiSearch" name "CaseInsensitiveUTF8", (answer) | FORM_ANY_CASE | FORM_UTF8)
static const struct function_definition definitions[] = {
    MULTI_SEARCH("Any", ANSWER_ANY),
    MULTI_SEARCH("FirstIndex", ANSWER_FIRST_INDEX),
    MULTI_SEARCH("FirstPosition", ANSWER_FIRST_POSITION),
    MULTI_SEARCH("AllPositions", ANSWER_ALL_POSITIONS),
    MANY("multiMatchAny", ANSWER_ANY | FORM_REGEX),
    MANY("multiMatchAnyIndex", ANSWER_FIRST_INDEX | FORM_REGEX),
    MANY("multiMatchAllIndices", ANSWER_ALL_INDICES | FORM_REGEX),
};
const struct function_group functions_search_multi = GROUP_WITHOUT_ALIASES(definitions);
