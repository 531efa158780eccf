/*
 * key_value.c: extractKeyValuePairs, extractKeyValuePairsWithEscaping: "level=info msg=\"it failed\"" as a map.
 *
 * how      a machine that waits for a key, reads it, waits for a value, reads it. What does not fit (a quote inside an
 *          unquoted word, a pair delimiter before the value) is thrown away, and the next key is waited for behind it.
 * escapes  as in string literals of C; an escape that is none ends the pair
 * bounds   1,000 pairs a row
 * thread   any, no shared state
 */
#include "query/functions/text_list.h"

#include "base/hex.h"

#define PAIRS_MAX 1000U

enum strategy { QUOTE_INVALID, QUOTE_ACCEPT, QUOTE_PROMOTE };

struct rules {
    bool delimiter[256], between[256], quote[256];
    bool escapes;
    enum strategy strategy;
};

enum state { WAIT_KEY, READ_KEY, READ_QUOTED_KEY, READ_DELIMITER, WAIT_VALUE, READ_VALUE, READ_QUOTED_VALUE, STOP };

struct reader {
    const struct rules *rules;
    const char *at;
    const char *end;
    struct text_buffer *buffer; /* where words with escapes are put together */
    char *word;
    size_t length;
    struct slice key, value;
};

static bool is_in(const bool set[256], char c)
{
    return set[(unsigned char)c];
}

/* Behind the backslash at `at`: puts the bytes meant into the word. false: it is no escape. */
static bool read_escape(struct reader *reader, const char **at)
{
    static const char from[] = "abefnrtv0";
    static const char to[] = "\a\b\033\f\n\r\t\v";
    const char *p = *at + 1;
    *at = p;
    if (p == reader->end) {
        return false;
    }
    char c = *p++;
    const char *found = c == '\0' ? NULL : strchr(from, c);
    if (c == 'x') {
        if (reader->end - p < 2) {
            *at = reader->end;
            return false;
        }
        uint32_t high = hex_digit(p[0]), low = hex_digit(p[1]);
        reader->word[reader->length++] = (char)((high == 16 ? 15 : high) << 4 | (low == 16 ? 15 : low));
        *at = p + 2;
        return true;
    }
    if (c == 'N') { /* \N is nothing */
        *at = p;
        return true;
    }
    if (found == NULL && strchr("\\`'\"/=", c) == NULL) { /* the backslash stays */
        reader->word[reader->length++] = '\\';
    }
    reader->word[reader->length++] = found == NULL ? c : to[found - from];
    *at = p;
    return true;
}

/* Reads a word up to a byte that ends it. *stop: that byte, or the end; false: an escape that is none. */
static bool read_word(struct reader *reader, const bool *first, const bool *second, const bool *third,
                      const char **stop, struct slice *word)
{
    const char *at = reader->at;
    bool escaped = false;
    reader->word = reader->buffer->at;
    reader->length = 0;
    while (at < reader->end) {
        if (reader->rules->escapes && *at == '\\') {
            if (!escaped) {
                memcpy(reader->word, reader->at, (size_t)(at - reader->at));
                reader->length = (size_t)(at - reader->at);
                escaped = true;
            }
            if (!read_escape(reader, &at)) {
                *stop = at;
                *word = text_taken(reader->buffer, reader->length);
                return false;
            }
            continue;
        }
        if (is_in(first, *at) || (second != NULL && is_in(second, *at)) || (third != NULL && is_in(third, *at))) {
            break;
        }
        if (escaped) {
            reader->word[reader->length++] = *at;
        }
        at++;
    }
    *stop = at;
    *word = escaped ? text_taken(reader->buffer, reader->length) : slice_of(reader->at, (size_t)(at - reader->at));
    return true;
}

static enum state wait_key(struct reader *reader)
{
    const struct rules *rules = reader->rules;
    while (reader->at < reader->end && (is_in(rules->between, *reader->at) || is_in(rules->delimiter, *reader->at) ||
                                        (rules->escapes && *reader->at == '\\'))) {
        reader->at++;
    }
    if (reader->at == reader->end) {
        return STOP;
    }
    if (is_in(rules->quote, *reader->at)) {
        reader->at++;
        return READ_QUOTED_KEY;
    }
    return READ_KEY;
}

static enum state read_key(struct reader *reader)
{
    const struct rules *rules = reader->rules;
    const char *stop;
    const bool *quote = rules->strategy == QUOTE_ACCEPT ? NULL : rules->quote;
    bool read = read_word(reader, rules->delimiter, rules->between, quote, &stop, &reader->key);
    if (!read) {
        reader->at = stop;
        return WAIT_KEY;
    }
    if (stop == reader->end) {
        return STOP;
    }
    if (is_in(rules->delimiter, *stop)) {
        reader->at = stop + 1;
        return WAIT_VALUE;
    }
    if (is_in(rules->between, *stop)) {
        reader->at = stop + 1;
        return WAIT_KEY;
    }
    reader->at = rules->strategy == QUOTE_PROMOTE ? stop + 1 : stop;
    return rules->strategy == QUOTE_PROMOTE ? READ_QUOTED_KEY : WAIT_KEY;
}

static enum state read_quoted_key(struct reader *reader)
{
    const char *stop;
    if (!read_word(reader, reader->rules->quote, NULL, NULL, &stop, &reader->key)) {
        reader->at = stop;
        return WAIT_KEY;
    }
    if (stop == reader->end) {
        return STOP;
    }
    reader->at = stop + 1;
    return reader->key.length == 0 ? WAIT_KEY : READ_DELIMITER;
}

static enum state read_delimiter(struct reader *reader)
{
    if (reader->at == reader->end) {
        return STOP;
    }
    if (!is_in(reader->rules->delimiter, *reader->at)) {
        return WAIT_KEY;
    }
    reader->at++;
    return WAIT_VALUE;
}

/* *done: the pair is whole. */
static enum state read_value(struct reader *reader, bool *done)
{
    const struct rules *rules = reader->rules;
    const char *stop;
    const bool *quote = rules->strategy == QUOTE_ACCEPT ? NULL : rules->quote;
    bool read = read_word(reader, rules->between, quote, NULL, &stop, &reader->value);
    if (stop == reader->end) {
        reader->at = stop;
        *done = true;
        return STOP;
    }
    if (!read) {
        reader->at = stop;
        return WAIT_KEY;
    }
    *done = is_in(rules->between, *stop);
    reader->at = *done || rules->strategy == QUOTE_PROMOTE ? stop + 1 : stop;
    return *done ? WAIT_KEY : rules->strategy == QUOTE_PROMOTE ? READ_QUOTED_VALUE : WAIT_VALUE;
}

static enum state read_quoted_value(struct reader *reader, bool *done)
{
    const char *stop;
    if (!read_word(reader, reader->rules->quote, NULL, NULL, &stop, &reader->value)) {
        reader->at = stop;
        return WAIT_KEY;
    }
    if (stop == reader->end) {
        return STOP;
    }
    reader->at = stop + 1;
    while (reader->at < reader->end &&
           !is_in(reader->rules->between, *reader->at)) { /* what stands behind it is lost */
        reader->at++;
    }
    *done = true;
    return WAIT_KEY;
}

static enum state step(struct reader *reader, enum state state, bool *done)
{
    switch ((int)state) {
    case WAIT_KEY:
        return wait_key(reader);
    case READ_KEY:
        return read_key(reader);
    case READ_QUOTED_KEY:
        return read_quoted_key(reader);
    case READ_DELIMITER:
        return read_delimiter(reader);
    case WAIT_VALUE:
        if (reader->at < reader->end && is_in(reader->rules->quote, *reader->at)) {
            reader->at++;
            return READ_QUOTED_VALUE;
        }
        return reader->rules->escapes && reader->at < reader->end && *reader->at == '\\' ? WAIT_KEY : READ_VALUE;
    case READ_VALUE:
        return read_value(reader, done);
    default:
        return read_quoted_value(reader, done);
    }
}

static struct err *read_row(const struct rules *rules, struct text_buffer *buffer, struct slice text,
                            struct text_list *keys, struct text_list *values)
{
    struct reader reader = {.rules = rules, .at = text.data, .end = text.data + text.length, .buffer = buffer};
    uint32_t pairs = 0;
    if (rules->escapes && text_room(buffer, text.length + 1) == NULL) {
        return arena_error(keys->arena);
    }
    for (enum state state = WAIT_KEY; state != STOP;) {
        bool done = false;
        state = step(&reader, state, &done);
        if (done) {
            if (++pairs > PAIRS_MAX) {
                return err_new(ERR_LIMIT_EXCEEDED, "Number of pairs produced exceeded the limit of %u", PAIRS_MAX);
            }
            if (!text_list_add(keys, reader.key) || !text_list_add(values, reader.value)) {
                return arena_error(keys->arena);
            }
        }
    }
    return NULL;
}

static struct err *evaluate_pairs(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct column *texts = column_strings(arena, arguments[0]);
    struct text_list keys = {.arena = arena}, values = {.arena = arena};
    struct text_buffer buffer = {arena, NULL, 0};
    uint32_t *offsets = ARENA_ARRAY(arena, uint32_t, row_count + 1U);
    const struct type *pair = function->inner->children[0];
    if (texts == NULL || offsets == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < row_count; i++) {
        struct slice text = VALUE_AT(texts, struct slice, i);
        offsets[i] = keys.count;
        text = text.length == 0 ? slice_of("", 0) : text;
        OR_DONE(read_row(function->data, &buffer, text, &keys, &values));
    }
    offsets[row_count] = keys.count;
    struct column *pairs = column_new(arena, pair, keys.count);
    if (pairs == NULL) {
        return arena_error(arena);
    }
    pairs->children[0] = text_list_column(&keys);
    pairs->children[1] = text_list_column(&values);
    if (pairs->children[0] == NULL || pairs->children[1] == NULL) {
        return arena_error(arena);
    }
    OR_DONE(arrays_new(arena, function->inner, row_count, offsets, pairs, out));
done:
    return err;
}

static struct err *control_character(const struct function_bind *bind, uint32_t index, bool set[256])
{
    struct err *err = NULL;
    struct slice text;
    OR_DONE(argument_string(bind, index));
    OR_DONE(argument_constant_text(bind, index, &text));
    if (text.length == 0) {
        return NULL;
    }
    if (text.length != 1) {
        return err_new(ERR_BAD_ARGUMENTS,
                       "Control character argument must either be empty or contain exactly 1 character");
    }
    memset(set, 0, 256);
    set[(unsigned char)text.data[0]] = true;
done:
    return err;
}

static struct err *check_rules(const struct function_bind *bind, const struct rules *rules)
{
    for (uint32_t c = 0; c < 256; c++) {
        if (rules->delimiter[c] + rules->between[c] + rules->quote[c] > 1 ||
            (rules->escapes && c == '\\' && (rules->delimiter[c] || rules->between[c] || rules->quote[c]))) {
            return err_new(ERR_BAD_ARGUMENTS, "function %s: the byte %u has two meanings", bind->name, c);
        }
    }
    return NULL;
}

static struct err *resolve_pairs(const struct function_bind *bind, struct function *out)
{
    static const char *const strategies[] = {"invalid", "accept", "promote"};
    struct err *err = NULL;
    struct rules *rules = arena_zalloc(bind->arena, sizeof(*rules));
    if (rules == NULL) {
        return arena_error(bind->arena);
    }
    OR_DONE(argument_string(bind, 0));
    rules->escapes = bind->tag != 0;
    rules->delimiter[':'] = rules->quote['"'] = true;
    rules->between[' '] = rules->between[','] = rules->between[';'] = true;
    if (bind->count > 1) {
        OR_DONE(control_character(bind, 1, rules->delimiter));
    }
    if (bind->count > 2) {
        struct slice text;
        OR_DONE(argument_string(bind, 2));
        OR_DONE(argument_constant_text(bind, 2, &text));
        memset(rules->between, 0, text.length > 0 ? sizeof(rules->between) : 0);
        for (size_t i = 0; i < text.length; i++) {
            rules->between[(unsigned char)text.data[i]] = true;
        }
    }
    if (bind->count > 3) {
        OR_DONE(control_character(bind, 3, rules->quote));
    }
    if (bind->count > 4) {
        struct slice text;
        int found = -1;
        OR_DONE(argument_string(bind, 4));
        OR_DONE(argument_constant_text(bind, 4, &text));
        for (int s = 0; s < 3; s++) {
            found = slice_equal(text, slice_text(strategies[s])) ? s : found;
        }
        if (found < 0) {
            return err_new(ERR_BAD_ARGUMENTS, "function %s: '%.*s' is none of invalid, accept, promote", bind->name,
                           (int)(text.length > 50 ? 50 : text.length), text.data);
        }
        rules->strategy = (enum strategy)found;
    }
    OR_DONE(check_rules(bind, rules));
    out->inner = type_map(bind->arena, type_simple(TYPE_STRING), type_simple(TYPE_STRING));
    out->evaluate = evaluate_pairs;
    out->data = rules;
    return out->inner == NULL ? arena_error(bind->arena) : NULL;
done:
    return err;
}

static const struct function_definition definitions[] = {
    {"extractKeyValuePairs", false, 1, 5, FUNCTION_CAN_FAIL, resolve_pairs, 0},
    {"extractKeyValuePairsWithEscaping", false, 1, 5, FUNCTION_CAN_FAIL, resolve_pairs, 1},
};
static const struct function_alias aliases[] = {{"str_to_map", true, "extractKeyValuePairs"},
                                                {"mapFromString", false, "extractKeyValuePairs"}};
const struct function_group functions_key_value = GROUP_OF(definitions, aliases);
