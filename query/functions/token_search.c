/*
 * token_search.c: words of texts by a tokenizer: hasAnyTokens, hasAllTokens, hasPhrase, tokensForLikePattern.
 *
 * tokenizers  splitByNonAlpha (runs of letters, digits and bytes from 128 on), splitByString (at spaces), ngrams or
 *             ngrams(n), array (the text as it is). Others that ClickHouse has are refused by name.
 * needles     constants: a text is cut into tokens, those of an array are taken as they are
 * bounds      64 needles
 * thread      any, no shared state
 */
#include "query/functions/text_list.h"

enum use { USE_ANY, USE_ALL, USE_PHRASE, USE_LIKE };
enum tokenizer { BY_NON_ALPHA, BY_SPACE, BY_NGRAMS, BY_WHOLE };

#define NEEDLES_MAX 64U

struct token_rule {
    enum use use;
    enum tokenizer tokenizer;
    uint32_t gram;
    struct slice needles[NEEDLES_MAX];
    uint32_t needle_count;
    uint64_t all; /* a bit per different needle */
};

/* --- tokens ------------------------------------------------------------------------------------------------------- */

static bool is_word(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c >= 128;
}

/* The token at or behind *at, which moves on; false: there is none. */
static bool next_token(const struct token_rule *rule, struct slice text, size_t *at, struct slice *token)
{
    size_t begin = *at;
    size_t end;
    switch (rule->tokenizer) {
    case BY_WHOLE:
        *at = text.length + 1;
        *token = text;
        return begin == 0;
    case BY_NGRAMS:
        end = begin;
        for (uint32_t k = 0; k < rule->gram; k++) {
            if (end >= text.length) {
                return false;
            }
            end += text_point_bytes(text, end);
        }
        *at = begin + text_point_bytes(text, begin);
        break;
    default:
        while (begin < text.length &&
               !(rule->tokenizer == BY_SPACE ? text.data[begin] != ' ' : is_word((unsigned char)text.data[begin]))) {
            begin++;
        }
        end = begin;
        while (end < text.length &&
               (rule->tokenizer == BY_SPACE ? text.data[end] != ' ' : is_word((unsigned char)text.data[end]))) {
            end++;
        }
        *at = end;
        if (begin == end) {
            return false;
        }
    }
    *token = slice_of(text.data + begin, end - begin);
    return true;
}

/* `found` and the bits of the needles that the text has; no further than the answer is known. */
static uint64_t find_needles(const struct token_rule *rule, struct slice text, uint64_t found)
{
    struct slice token;
    for (size_t at = 0; next_token(rule, text, &at, &token);) {
        for (uint32_t n = 0; n < rule->needle_count; n++) {
            if (slice_equal(token, rule->needles[n])) {
                found |= (uint64_t)1 << n;
            }
        }
        if (rule->use == USE_ANY ? found != 0 : found == rule->all) {
            break;
        }
    }
    return found;
}

/* Do the needles stand one behind the other? */
static bool find_phrase(const struct token_rule *rule, struct slice text)
{
    struct slice token;
    for (size_t first = 0; next_token(rule, text, &first, &token);) {
        uint32_t matched = 0;
        size_t at = first;
        while (slice_equal(token, rule->needles[matched])) {
            if (++matched == rule->needle_count) {
                return true;
            }
            if (!next_token(rule, text, &at, &token)) {
                return false;
            }
        }
    }
    return false;
}

static bool answer(const struct token_rule *rule, uint64_t found)
{
    return rule->use == USE_ANY ? found != 0 : found == rule->all;
}

static struct err *evaluate_has(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct token_rule *rule = function->data;
    bool lists = arguments[0]->type->kind == TYPE_ARRAY;
    struct arrays arrays = {NULL, 0, NULL};
    const struct column *texts = arguments[0];
    struct column *made;
    if (lists) {
        const struct column *flat;
        OR_DONE(arrays_flat(arena, arguments[0], &flat));
        arrays = arrays_of(flat);
        texts = column_flat(arena, arrays.items);
    }
    texts = texts == NULL ? NULL : column_strings(arena, texts);
    if (texts == NULL) {
        return arena_error(arena);
    }
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    uint8_t *to = made->values;
    for (uint32_t i = 0; i < row_count; i++) {
        if (rule->needle_count == 0) {
            to[i] = 0;
        } else if (rule->use == USE_PHRASE) {
            to[i] = find_phrase(rule, VALUE_AT(texts, struct slice, i));
        } else if (!lists) {
            to[i] = answer(rule, find_needles(rule, VALUE_AT(texts, struct slice, i), 0));
        } else {
            uint64_t found = 0;
            for (uint32_t e = array_begin(&arrays, i); e < array_end(&arrays, i); e++) {
                found = find_needles(rule, VALUE_AT(texts, struct slice, e), found);
            }
            to[i] = answer(rule, found);
        }
    }
    *out = made;
done:
    return err;
}

/* --- tokens of a LIKE pattern ------------------------------------------------------------------------------------- */

/* A text without wildcards: its tokens, but not those that touch a wildcard at either side, which may go on there. */
static bool put_piece(const struct token_rule *rule, struct slice piece, bool open_left, bool open_right,
                      struct text_list *list)
{
    struct slice token;
    for (size_t at = 0; next_token(rule, piece, &at, &token);) {
        bool touches = (open_left && token.data == piece.data) ||
                       (open_right && token.data + token.length == piece.data + piece.length);
        if ((!touches || rule->tokenizer == BY_NGRAMS) && !text_list_add(list, token)) {
            return false;
        }
    }
    return true;
}

static struct err *like_row(const struct token_rule *rule, struct text_buffer *buffer, struct slice text,
                            struct text_list *list)
{
    char *to = text_room(buffer, text.length + 1);
    size_t length = 0;
    bool open = false;
    if (to == NULL) {
        return arena_error(list->arena);
    }
    for (size_t i = 0; i <= text.length; i++) {
        char c = i < text.length ? text.data[i] : '%';
        if (i < text.length && c == '\\' && i + 1 < text.length) {
            to[length++] = text.data[++i];
            continue;
        }
        if (c != '%' && c != '_') {
            to[length++] = c;
            continue;
        }
        struct slice piece = text_taken(buffer, length);
        if (!put_piece(rule, piece, open, i < text.length, list)) {
            return arena_error(list->arena);
        }
        to += length;
        length = 0;
        open = true;
    }
    return NULL;
}

static struct err *evaluate_like(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct column *texts = column_strings(arena, arguments[0]);
    struct text_list list = {.arena = arena};
    struct text_buffer buffer = {arena, NULL, 0};
    uint32_t *offsets = ARENA_ARRAY(arena, uint32_t, row_count + 1U);
    if (texts == NULL || offsets == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < row_count; i++) {
        offsets[i] = list.count;
        OR_DONE(like_row(function->data, &buffer, VALUE_AT(texts, struct slice, i), &list));
    }
    offsets[row_count] = list.count;
    struct column *items = text_list_column(&list);
    if (items == NULL) {
        return arena_error(arena);
    }
    OR_DONE(arrays_new(arena, function->inner, row_count, offsets, items, out));
done:
    return err;
}

/* --- binding ------------------------------------------------------------------------------------------------------ */

static struct err *read_tokenizer(const struct function_bind *bind, uint32_t index, struct token_rule *rule)
{
    static const struct {
        const char *name;
        enum tokenizer tokenizer;
    } known[] = {
        {"splitByNonAlpha", BY_NON_ALPHA}, {"splitByString", BY_SPACE}, {"ngrams", BY_NGRAMS}, {"array", BY_WHOLE}};
    static const char *const others[] = {"sparseGrams", "asciiCJK", "icu", "standard"};
    struct err *err = NULL;
    struct slice name;
    OR_DONE(argument_string(bind, index));
    OR_DONE(argument_constant_text(bind, index, &name));
    for (size_t k = 0; k < sizeof(known) / sizeof(known[0]); k++) {
        if (slice_equal(name, slice_text(known[k].name))) {
            rule->tokenizer = known[k].tokenizer;
            rule->gram = 3;
            return NULL;
        }
    }
    if (name.length == 9 && memcmp(name.data, "ngrams(", 7) == 0 && name.data[8] == ')' && name.data[7] >= '1' &&
        name.data[7] <= '8') {
        rule->tokenizer = BY_NGRAMS;
        rule->gram = (uint32_t)(name.data[7] - '0');
        return NULL;
    }
    for (size_t k = 0; k < sizeof(others) / sizeof(others[0]); k++) {
        if (name.length >= strlen(others[k]) && memcmp(name.data, others[k], strlen(others[k])) == 0) {
            return err_new(ERR_NOT_IMPLEMENTED, "function %s: the tokenizer %s is not implemented", bind->name,
                           others[k]);
        }
    }
    err =
        err_new(ERR_BAD_ARGUMENTS, "Unknown tokenizer: '%.*s'", (int)(name.length > 50 ? 50 : name.length), name.data);
done:
    return err;
}

static struct err *add_needle(const struct function_bind *bind, struct token_rule *rule, struct slice needle)
{
    for (uint32_t n = 0; n < rule->needle_count && rule->use != USE_PHRASE; n++) {
        if (slice_equal(needle, rule->needles[n])) {
            return NULL;
        }
    }
    if (rule->needle_count == NEEDLES_MAX) {
        return err_new(ERR_BAD_ARGUMENTS, "function %s takes at most %u needles", bind->name, NEEDLES_MAX);
    }
    rule->all |= (uint64_t)1 << rule->needle_count;
    rule->needles[rule->needle_count++] = needle;
    return NULL;
}

static struct err *read_needles(const struct function_bind *bind, struct token_rule *rule)
{
    struct err *err = NULL;
    const struct type *type = bind->arguments[1].type;
    const struct column *constant = bind->arguments[1].constant;
    bool list = type->kind == TYPE_ARRAY && rule->use != USE_PHRASE;
    if (list ? type->children[0]->nullable ||
                   (type->children[0]->kind != TYPE_STRING && type->children[0]->kind != TYPE_NOTHING)
             : type->kind != TYPE_STRING) {
        return argument_error(bind, 1,
                              rule->use == USE_PHRASE ? "a constant String is needed"
                                                      : "a constant String or Array(String) is needed");
    }
    if (constant == NULL) {
        return err_new(ERR_ILLEGAL_COLUMN, "argument 2 of function %s must be a constant", bind->name);
    }
    if (!list) {
        struct slice token;
        struct slice text = *(const struct slice *)constant->values;
        for (size_t at = 0; next_token(rule, text, &at, &token);) {
            OR_DONE(add_needle(bind, rule, token));
        }
        return NULL;
    }
    const struct column *items = column_flat(bind->arena, constant->children[0]);
    if (items == NULL) {
        return arena_error(bind->arena);
    }
    for (uint32_t e = constant->offsets[0]; e < constant->offsets[1]; e++) {
        OR_DONE(add_needle(bind, rule, ((const struct slice *)items->values)[e]));
    }
done:
    return err;
}

static struct err *resolve_tokens(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    struct token_rule *rule = arena_zalloc(bind->arena, sizeof(*rule));
    const struct type *type = bind->arguments[0].type;
    if (rule == NULL) {
        return arena_error(bind->arena);
    }
    rule->use = (enum use)bind->tag;
    bool list = type->kind == TYPE_ARRAY && rule->use <= USE_ALL && type_is_string(type->children[0]) &&
                !type->children[0]->nullable;
    if (!type_is_string(type) && !list) {
        return argument_error(
            bind, 0, rule->use <= USE_ALL ? "a string or an array of strings is needed" : "a string is needed");
    }
    uint32_t tokenizer = rule->use == USE_LIKE ? 1 : 2;
    if (bind->count > tokenizer) {
        OR_DONE(read_tokenizer(bind, tokenizer, rule));
    }
    if (rule->use == USE_LIKE) {
        if (bind->count > 2) {
            int64_t gram;
            OR_DONE(argument_constant_int(bind, 2, &gram));
            if (rule->tokenizer != BY_NGRAMS || gram < 1 || gram > 8) {
                return err_new(ERR_BAD_ARGUMENTS, "function %s: the length of ngrams must be from 1 to 8", bind->name);
            }
            rule->gram = (uint32_t)gram;
        }
        out->inner = type_array(bind->arena, type_simple(TYPE_STRING));
        out->evaluate = evaluate_like;
    } else {
        OR_DONE(read_needles(bind, rule));
        out->inner = type_simple(TYPE_UINT8);
        out->evaluate = evaluate_has;
    }
    out->data = rule;
    return out->inner == NULL ? arena_error(bind->arena) : NULL;
done:
    return err;
}

static const struct function_definition definitions[] = {
    {"hasAnyTokens", false, 2, 3, 0, resolve_tokens, USE_ANY},
    {"hasAllTokens", false, 2, 3, 0, resolve_tokens, USE_ALL},
    {"hasPhrase", false, 2, 3, 0, resolve_tokens, USE_PHRASE},
    {"tokensForLikePattern", false, 1, 3, 0, resolve_tokens, USE_LIKE},
};
static const struct function_alias aliases[] = {
    {"hasAnyToken", false, "hasAnyTokens"},
    {"hasAllToken", false, "hasAllTokens"},
    {"matchPhrase", false, "hasPhrase"},
};
const struct function_group functions_token_search = GROUP_OF(definitions, aliases);
