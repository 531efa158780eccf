/*
 * template_parse.c: tokens → tree, with Go's rules about what may stand where.
 *
 * What is wrong with a template that its text alone shows (an unknown function or variable, a missing end) is found here.
 */
#include "alert/template_private.h"

#include "base/number.h"

#include <stdlib.h>

#define VARIABLES_MAX 200U

struct parser {
    struct arena *arena;
    struct slice text;
    struct template_lexer lexer;
    struct template_token token; /* the next one, when peeked */
    bool peeked;
    uint32_t depth, loops;
    struct slice variables[VARIABLES_MAX];
    uint32_t variable_count;
    struct template_tree *tree;
};

static struct err *peek(struct parser *parser)
{
    struct err *err = NULL;
    if (!parser->peeked) {
        err = template_next(&parser->lexer, &parser->token);
        parser->peeked = err == NULL;
    }
    return err;
}

static struct err *peek_word(struct parser *parser)
{
    struct err *err = peek(parser);
    if (err == NULL && parser->token.kind == TOKEN_SPACE) {
        parser->peeked = false;
        err = peek(parser);
    }
    return err;
}

static void take(struct parser *parser)
{
    parser->peeked = false;
}

static struct err *unexpected(const struct parser *parser, const char *where)
{
    const struct template_token *token = &parser->token;
    if (token->kind == TOKEN_CLOSE) {
        return template_error(parser->text, token->at, "unexpected \"}}\" in %s", where);
    }
    return template_error(parser->text, token->at, "unexpected \"%.*s\" in %s", SLICE_ARG(slice_cut(token->text, 40)),
                          where);
}

static struct template_node *node_new(struct parser *parser, enum node_kind kind, size_t at)
{
    struct template_node *node = ARENA_NEW(parser->arena, struct template_node);
    if (node != NULL) {
        node->kind = kind;
        node->at = at;
    }
    return node;
}

static struct err *node_add(struct parser *parser, enum node_kind kind, struct template_node **out)
{
    *out = node_new(parser, kind, parser->token.at);
    return *out == NULL ? arena_error(parser->arena) : NULL;
}

/* ---- constants */

/* Go's integers: 0x, 0o, 0b, a leading 0 for octal, underscores. */
static bool read_integer(struct slice text, int64_t *out)
{
    char digits[64];
    size_t length = 0, at = 0;
    uint32_t base = 10;
    uint64_t value = 0;
    bool negative = text.data[0] == '-';
    at += negative || text.data[0] == '+';
    for (; at < text.length && length < sizeof(digits); at++) {
        if (text.data[at] != '_') {
            digits[length++] =
                (char)(text.data[at] >= 'A' && text.data[at] <= 'Z' ? text.data[at] | 0x20 : text.data[at]);
        }
    }
    if (at < text.length || length == 0) {
        return false;
    }
    at = 0;
    if (digits[0] == '0' && length > 1) {
        base = digits[1] == 'x' ? 16 : digits[1] == 'b' ? 2 : 8;
        at = digits[1] == 'x' || digits[1] == 'b' || digits[1] == 'o' ? 2 : 1;
    }
    for (size_t k = at; k < length; k++) {
        uint32_t digit = digits[k] >= 'a' ? (uint32_t)(digits[k] - 'a') + 10 : (uint32_t)(digits[k] - '0');
        if (digits[k] < '0' || (digits[k] > '9' && digits[k] < 'a') || digit >= base ||
            __builtin_mul_overflow(value, base, &value) || __builtin_add_overflow(value, digit, &value)) {
            return false;
        }
    }
    if (at == length || value > (uint64_t)INT64_MAX + negative) {
        return false;
    }
    *out = negative ? (int64_t)(0 - value) : (int64_t)value;
    return true;
}

static struct err *read_number(struct parser *parser, struct template_value *out)
{
    struct slice text = parser->token.text;
    bool whole = true;
    for (size_t k = 0; k < text.length && whole; k++) {
        whole = strchr(".eE", text.data[k]) == NULL;
    }
    bool hexadecimal = text.length > 2 && (text.data[1] | 0x20) == 'x';
    if ((whole || hexadecimal) && read_integer(text, &out->integer)) {
        out->kind = VALUE_INT;
        return NULL;
    }
    out->kind = VALUE_FLOAT;
    struct slice digits = text.data[0] == '+' ? slice_of(text.data + 1, text.length - 1) : text;
    if (whole || !number_parse_double(digits, &out->number)) {
        return template_error(parser->text, parser->token.at, "bad number \"%.*s\"", SLICE_ARG(slice_cut(text, 40)));
    }
    return NULL;
}

/* Hexadecimal or octal digits of an escape. */
static bool read_digits(struct slice text, size_t at, size_t count, int base, uint32_t *out)
{
    char digits[9] = {0};
    char *end;
    if (count > 8 || at + count > text.length) {
        return false;
    }
    memcpy(digits, text.data + at, count);
    if (digits[0] == '+' || digits[0] == '-' || digits[0] == ' ') {
        return false;
    }
    *out = (uint32_t)strtoul(digits, &end, base);
    return end == digits + count;
}

/* One character or escape of a quoted constant at *at: its bytes into `to`, and its number. */
static bool read_escape(struct slice text, size_t *at, char quote, char *to, size_t *bytes, uint32_t *point)
{
    static const char letters[] = "abfnrtv\\", means[] = "\a\b\f\n\r\t\v\\";
    if (text.data[*at] != '\\') {
        size_t length = utf8_bytes(text, *at);
        const unsigned char *c = (const unsigned char *)text.data + *at;
        *point = length == 1 ? c[0] : c[0] & (0xffU >> (length + 1));
        for (size_t k = 1; k < length; k++) {
            *point = *point << 6 | (c[k] & 0x3fU);
        }
        memcpy(to, text.data + *at, length);
        *bytes = length;
        *at += length;
        return true;
    }
    char c = *at + 1 < text.length ? text.data[*at + 1] : 0;
    const char *letter = c == 0 ? NULL : strchr(letters, c);
    bool octal = c >= '0' && c <= '7';
    size_t count = octal ? 3 : c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
    *bytes = 1;
    if (letter != NULL || c == quote) {
        *to = c == quote ? quote : means[letter - letters];
        *point = (unsigned char)*to;
        *at += 2;
        return true;
    }
    size_t from = *at + (octal ? 1 : 2);
    if (count == 0 || !read_digits(text, from, count, octal ? 8 : 16, point) || (octal && *point > 255) ||
        (count >= 4 && (*point > 0x10ffff || (*point >= 0xd800 && *point < 0xe000)))) {
        return false;
    }
    *at = from + count;
    if (count >= 4) {
        *bytes = utf8_put(*point, to);
    } else {
        *to = (char)*point;
    }
    return true;
}

static struct err *read_string(struct parser *parser, struct template_value *out)
{
    struct template_token token = parser->token;
    struct slice text = slice_of(token.text.data + 1, token.text.length - 2);
    char *to = arena_alloc(parser->arena, text.length + 8);
    size_t length = 0, count = 0, bytes;
    uint32_t point = 0;
    if (to == NULL) {
        return arena_error(parser->arena);
    }
    for (size_t at = 0; at < text.length; length += bytes, count++) {
        if (token.kind == TOKEN_RAW) {
            to[length] = text.data[at++];
            bytes = to[length] != '\r';
        } else if (!read_escape(text, &at, token.text.data[0], to + length, &bytes, &point)) {
            return template_error(parser->text, token.at, "bad escape in %.*s", SLICE_ARG(slice_cut(token.text, 40)));
        }
    }
    *out = template_text_value(slice_of(to, length));
    if (token.kind == TOKEN_CHARACTER) {
        if (count != 1) {
            return template_error(parser->text, token.at, "malformed character constant %.*s",
                                  SLICE_ARG(slice_cut(token.text, 40)));
        }
        *out = (struct template_value){.kind = VALUE_INT, .integer = point};
    }
    return NULL;
}

/* ---- operands */

static struct err *pipeline(struct parser *parser, const char *where, enum token_kind end, struct template_node **out);

static struct err *deeper(struct parser *parser)
{
    if (++parser->depth > TEMPLATE_DEPTH_MAX) {
        return template_error(parser->text, parser->token.at, "nested deeper than %u", TEMPLATE_DEPTH_MAX);
    }
    return NULL;
}

static struct err *read_word(struct parser *parser, struct template_node **out)
{
    struct err *err = NULL;
    struct slice word = parser->token.text;
    bool is_true = slice_equal(word, slice_text("true"));
    if (is_true || slice_equal(word, slice_text("false"))) {
        OR_DONE(node_add(parser, NODE_CONSTANT, out));
        (*out)->constant = (struct template_value){.kind = VALUE_BOOL, .truth = is_true};
    } else if (slice_equal(word, slice_text("nil"))) {
        OR_DONE(node_add(parser, NODE_NIL, out));
    } else {
        OR_DONE(node_add(parser, NODE_FUNCTION, out));
        (*out)->text = word;
        (*out)->function = template_function_find(word);
        if ((*out)->function == NULL) {
            return template_error(parser->text, parser->token.at, "function \"%.*s\" not defined",
                                  SLICE_ARG(slice_cut(word, 40)));
        }
    }
    take(parser);
done:
    return err;
}

static bool is_defined(const struct parser *parser, struct slice name)
{
    for (uint32_t k = 0; k < parser->variable_count; k++) {
        if (slice_equal(parser->variables[k], name)) {
            return true;
        }
    }
    return false;
}

/* One operand without the fields that hang on it; *out NULL: none stands here. */
static struct err *term(struct parser *parser, struct template_node **out)
{
    struct err *err = NULL;
    const struct template_token *token = &parser->token;
    *out = NULL;
    OR_DONE(peek_word(parser));
    switch (token->kind) {
    case TOKEN_WORD:
        return read_word(parser, out);
    case TOKEN_DOT:
        OR_DONE(node_add(parser, NODE_DOT, out));
        break;
    case TOKEN_VARIABLE:
        if (!is_defined(parser, token->text)) {
            return template_error(parser->text, token->at, "undefined variable \"%.*s\"",
                                  SLICE_ARG(slice_cut(token->text, 40)));
        }
        OR_DONE(node_add(parser, NODE_VARIABLE, out));
        (*out)->text = token->text;
        break;
    case TOKEN_FIELD: /* the dot's: operand() takes it */
        OR_DONE(node_add(parser, NODE_FIELD, out));
        return NULL;
    case TOKEN_NUMBER:
        OR_DONE(node_add(parser, NODE_CONSTANT, out));
        OR_DONE(read_number(parser, &(*out)->constant));
        break;
    case TOKEN_STRING:
    case TOKEN_RAW:
    case TOKEN_CHARACTER:
        OR_DONE(node_add(parser, NODE_CONSTANT, out));
        OR_DONE(read_string(parser, &(*out)->constant));
        break;
    case TOKEN_LEFT:
        take(parser);
        OR_DONE(deeper(parser));
        OR_DONE(pipeline(parser, "parenthesized pipeline", TOKEN_RIGHT, out));
        parser->depth--;
        return NULL;
    default:
        return NULL;
    }
    take(parser);
done:
    return err;
}

static struct err *operand(struct parser *parser, struct template_node **out)
{
    struct err *err = NULL;
    struct template_node *chain;
    uint32_t room = 0;
    OR_DONE(term(parser, out));
    if (*out == NULL) {
        return NULL;
    }
    OR_DONE(peek(parser));
    if (parser->token.kind != TOKEN_FIELD) {
        return NULL;
    }
    chain = *out;
    if (chain->kind == NODE_CONSTANT || chain->kind == NODE_NIL || chain->kind == NODE_DOT) {
        return template_error(parser->text, parser->token.at, "unexpected . after term");
    }
    if (chain->kind != NODE_FIELD && chain->kind != NODE_VARIABLE) {
        OR_DONE(node_add(parser, NODE_CHAIN, &chain));
        chain->first = *out;
        *out = chain;
    }
    while (parser->token.kind == TOKEN_FIELD) {
        if (chain->field_count == room) {
            struct slice *more = ARENA_ARRAY(parser->arena, struct slice, (size_t)room * 2 + 2);
            if (more == NULL) {
                return arena_error(parser->arena);
            }
            if (room > 0) {
                memcpy(more, chain->fields, room * sizeof(*more));
            }
            chain->fields = more;
            room = room * 2 + 2;
        }
        chain->fields[chain->field_count++] = parser->token.text;
        take(parser);
        OR_DONE(peek(parser));
    }
done:
    return err;
}

static struct err *command(struct parser *parser, struct template_node **out)
{
    struct err *err = NULL;
    struct template_node **link;
    OR_DONE(node_add(parser, NODE_COMMAND, out));
    link = &(*out)->first;
    for (;;) {
        OR_DONE(operand(parser, link));
        if (*link != NULL) {
            link = &(*link)->next;
        }
        OR_DONE(peek(parser));
        if (parser->token.kind != TOKEN_SPACE) {
            break;
        }
        take(parser);
    }
    if (parser->token.kind == TOKEN_PIPE) {
        take(parser);
    } else if (parser->token.kind != TOKEN_CLOSE && parser->token.kind != TOKEN_RIGHT) {
        return unexpected(parser, "operand");
    }
    if ((*out)->first == NULL) {
        return template_error(parser->text, (*out)->at, "empty command");
    }
done:
    return err;
}

static struct err *declare(struct parser *parser, struct template_node *pipe, struct slice name)
{
    if (parser->variable_count == VARIABLES_MAX) {
        return template_error(parser->text, pipe->at, "more than %u variables", VARIABLES_MAX);
    }
    pipe->variables[pipe->variable_count++] = name;
    parser->variables[parser->variable_count++] = name;
    return NULL;
}

/* "$x :=", "$x =", and in a range "$i, $x :=". What turns out to be an operand is given back. */
static struct err *declarations(struct parser *parser, struct template_node *pipe, bool in_range)
{
    struct err *err = NULL;
    struct template_lexer before;
    struct template_token name;
    struct slice names[2];
    uint32_t count = 0;
    OR_DONE(peek_word(parser));
    name = parser->token;
    before = parser->lexer;
    while (parser->token.kind == TOKEN_VARIABLE && count < 2) {
        names[count++] = parser->token.text;
        take(parser);
        OR_DONE(peek_word(parser));
        if (!in_range || count == 2 || parser->token.kind != TOKEN_COMMA) {
            break;
        }
        take(parser);
        OR_DONE(peek_word(parser));
    }
    if (count == 0 || (parser->token.kind != TOKEN_ASSIGN && parser->token.kind != TOKEN_DECLARE)) {
        parser->lexer = before;
        parser->token = name;
        parser->peeked = true;
        return NULL;
    }
    pipe->assigns = parser->token.kind == TOKEN_ASSIGN;
    pipe->ranges = in_range;
    take(parser);
    for (uint32_t k = 0; k < count; k++) {
        if (!pipe->assigns) {
            OR_DONE(declare(parser, pipe, names[k]));
        } else if (is_defined(parser, names[k])) {
            pipe->variables[pipe->variable_count++] = names[k];
        } else {
            return template_error(parser->text, pipe->at, "undefined variable \"%.*s\"",
                                  SLICE_ARG(slice_cut(names[k], 40)));
        }
    }
    OR_DONE(peek_word(parser));
done:
    return err;
}

static struct err *pipeline(struct parser *parser, const char *where, enum token_kind end, struct template_node **out)
{
    struct err *err = NULL;
    struct template_node **link;
    OR_DONE(peek_word(parser));
    OR_DONE(node_add(parser, NODE_PIPE, out));
    link = &(*out)->first;
    OR_DONE(declarations(parser, *out, strcmp(where, "range") == 0));
    for (;;) {
        OR_DONE(peek_word(parser));
        if (parser->token.kind == end) {
            break;
        }
        if (parser->token.kind == TOKEN_END || parser->token.kind == TOKEN_CLOSE || parser->token.kind == TOKEN_RIGHT) {
            return unexpected(parser, where);
        }
        OR_DONE(command(parser, link));
        enum node_kind kind = (*link)->first->kind;
        if (link != &(*out)->first && (kind == NODE_CONSTANT || kind == NODE_NIL || kind == NODE_DOT)) {
            return template_error(parser->text, (*link)->at, "non executable command in a later stage of a pipeline");
        }
        link = &(*link)->next;
    }
    take(parser);
    if ((*out)->first == NULL) {
        return template_error(parser->text, (*out)->at, "missing value for %s", where);
    }
done:
    return err;
}

/* ---- actions */

enum list_end { LIST_TEXT_END, LIST_END, LIST_ELSE };
static struct err *list(struct parser *parser, struct template_node **out, enum list_end *how);

static struct err *expect_close(struct parser *parser, const char *where)
{
    struct err *err = peek_word(parser);
    if (err == NULL && parser->token.kind != TOKEN_CLOSE) {
        return unexpected(parser, where);
    }
    take(parser);
    return err;
}

/* The keyword that stands here, or nothing. */
static bool at_word(const struct parser *parser, const char *word)
{
    return parser->token.kind == TOKEN_WORD && slice_equal(parser->token.text, slice_text(word));
}

/* Behind "if", "with" or "range", up to its "end". */
static struct err *control(struct parser *parser, const char *word, struct template_node *node)
{
    struct err *err = NULL;
    enum list_end how;
    uint32_t kept = parser->variable_count;
    OR_DONE(deeper(parser));
    OR_DONE(pipeline(parser, word, TOKEN_CLOSE, &node->pipe));
    parser->loops += node->kind == NODE_RANGE;
    OR_DONE(list(parser, &node->body, &how));
    parser->loops -= node->kind == NODE_RANGE;
    if (how == LIST_ELSE) {
        OR_DONE(peek_word(parser));
        if (node->kind != NODE_RANGE && at_word(parser, word)) { /* {{else if}}: an if in the else, with the same end */
            take(parser);
            OR_DONE(node_add(parser, node->kind, &node->other));
            OR_DONE(control(parser, word, node->other));
            how = LIST_END;
        } else {
            OR_DONE(expect_close(parser, "else"));
            OR_DONE(list(parser, &node->other, &how));
        }
    }
    if (how != LIST_END) {
        return template_error(parser->text, node->at,
                              how == LIST_ELSE ? "expected end; found {{else}}" : "no {{end}} of %s", word);
    }
    parser->variable_count = kept;
    parser->depth--;
done:
    return err;
}

static struct err *template_name(struct parser *parser, const char *where, struct slice *out)
{
    struct template_value value;
    struct err *err = peek_word(parser);
    if (err == NULL && parser->token.kind != TOKEN_STRING && parser->token.kind != TOKEN_RAW) {
        return unexpected(parser, where);
    }
    if (err == NULL) {
        err = read_string(parser, &value);
        take(parser);
    }
    if (err == NULL) {
        *out = value.text;
    }
    return err;
}

/* {{define "name"}} … {{end}}: sees no variables from outside. */
static struct err *definition(struct parser *parser, struct slice name)
{
    struct err *err = NULL;
    enum list_end how;
    size_t at = parser->token.at;
    struct slice kept[VARIABLES_MAX];
    uint32_t count = parser->variable_count, loops = parser->loops;
    struct template_definition *made = ARENA_NEW(parser->arena, struct template_definition);
    if (made == NULL) {
        return arena_error(parser->arena);
    }
    OR_DONE(deeper(parser));
    memcpy(kept, parser->variables, sizeof(kept));
    parser->variable_count = 1;
    parser->loops = 0;
    OR_DONE(list(parser, &made->body, &how));
    if (how != LIST_END) {
        return template_error(parser->text, at, "no {{end}} of define");
    }
    memcpy(parser->variables, kept, sizeof(kept));
    parser->variable_count = count;
    parser->loops = loops;
    parser->depth--;
    made->name = name;
    made->next = parser->tree->definitions;
    parser->tree->definitions = made;
done:
    return err;
}

static struct err *call(struct parser *parser, struct template_node **out, bool is_block)
{
    struct err *err = NULL;
    OR_DONE(node_add(parser, NODE_TEMPLATE, out));
    OR_DONE(template_name(parser, is_block ? "block clause" : "template clause", &(*out)->text));
    OR_DONE(peek_word(parser));
    if (parser->token.kind == TOKEN_CLOSE && !is_block) {
        take(parser);
        return NULL;
    }
    OR_DONE(pipeline(parser, is_block ? "block clause" : "template clause", TOKEN_CLOSE, &(*out)->pipe));
    if (is_block) {
        OR_DONE(definition(parser, (*out)->text));
    }
done:
    return err;
}

static struct err *jump(struct parser *parser, enum node_kind kind, struct template_node **out)
{
    struct err *err = NULL;
    if (parser->loops == 0) {
        return template_error(parser->text, parser->token.at, "{{%s}} outside {{range}}",
                              kind == NODE_BREAK ? "break" : "continue");
    }
    OR_DONE(node_add(parser, kind, out));
    take(parser);
    OR_DONE(expect_close(parser, kind == NODE_BREAK ? "break" : "continue"));
done:
    return err;
}

/* Behind {{. *out stays NULL when nothing is to be run; *how, unless it is LIST_TEXT_END, says that a list ends. */
static struct err *action(struct parser *parser, struct template_node **out, enum list_end *how)
{
    static const struct {
        const char *word;
        enum node_kind kind;
    } controls[] = {{"if", NODE_IF}, {"with", NODE_WITH}, {"range", NODE_RANGE}};
    struct err *err = NULL;
    *how = LIST_TEXT_END;
    OR_DONE(peek_word(parser));
    for (size_t k = 0; k < 3; k++) {
        if (at_word(parser, controls[k].word)) {
            OR_DONE(node_add(parser, controls[k].kind, out));
            take(parser);
            return control(parser, controls[k].word, *out);
        }
    }
    if (at_word(parser, "end")) {
        *how = LIST_END;
        take(parser);
        return expect_close(parser, "end");
    }
    if (at_word(parser, "else")) {
        *how = LIST_ELSE; /* what follows is control()'s */
        take(parser);
        return NULL;
    }
    if (at_word(parser, "break") || at_word(parser, "continue")) {
        return jump(parser, at_word(parser, "break") ? NODE_BREAK : NODE_CONTINUE, out);
    }
    if (at_word(parser, "template") || at_word(parser, "block")) {
        bool is_block = at_word(parser, "block");
        take(parser);
        return call(parser, out, is_block);
    }
    if (at_word(parser, "define")) {
        struct slice name = {0};
        if (parser->depth > 0) {
            return unexpected(parser, "a block: define stands outside");
        }
        take(parser);
        OR_DONE(template_name(parser, "define clause", &name));
        OR_DONE(expect_close(parser, "define clause"));
        return definition(parser, name);
    }
    OR_DONE(node_add(parser, NODE_ACTION, out));
    OR_DONE(pipeline(parser, "command", TOKEN_CLOSE, &(*out)->pipe));
done:
    return err;
}

static struct err *list(struct parser *parser, struct template_node **out, enum list_end *how)
{
    struct err *err = NULL;
    *how = LIST_TEXT_END;
    while (*how == LIST_TEXT_END) {
        OR_DONE(peek(parser));
        take(parser);
        if (parser->token.kind == TOKEN_END) {
            break;
        }
        if (parser->token.text.length > 0) {
            OR_DONE(node_add(parser, NODE_TEXT, out));
            (*out)->text = parser->token.text;
            out = &(*out)->next;
        }
        if (parser->lexer.inside) {
            OR_DONE(action(parser, out, how));
            out = *out == NULL ? out : &(*out)->next;
        }
    }
done:
    return err;
}

struct err *template_parse(struct arena *arena, struct slice text, struct template_tree *out)
{
    static const char *const names[] = {"$", "$labels", "$externalLabels", "$externalURL", "$value"};
    struct err *err = NULL;
    enum list_end how;
    struct parser *parser = ARENA_NEW(arena, struct parser);
    if (parser == NULL) {
        return arena_error(arena);
    }
    *out = (struct template_tree){0};
    if (text.length > TEMPLATE_TEXT_BYTES_MAX) {
        return err_new(ERR_BAD_ARGUMENTS, "the template has %zu bytes; at most %zu are taken", text.length,
                       TEMPLATE_TEXT_BYTES_MAX);
    }
    parser->arena = arena;
    parser->text = parser->lexer.text = text;
    parser->tree = out;
    for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
        parser->variables[parser->variable_count++] = slice_text(names[k]);
    }
    OR_DONE(list(parser, &out->body, &how));
    if (how != LIST_TEXT_END) {
        return template_error(text, parser->token.at, "unexpected {{%s}}", how == LIST_END ? "end" : "else");
    }
done:
    return err;
}
