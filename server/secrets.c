/*
 * secrets.c: see secrets.h.
 */
#include "server/secrets.h"

#include "base/text.h"
#include "sql/lexer.h"
#include "sql/parse.h"

/* A shorter one is part of other words. */
#define SHORT_BYTES 4U
#define HIDDEN      "'[HIDDEN]'"

/* Words that are part of a secret property's name. */
static const char *const secret_names[] = {"password", "secret",     "key.pem", "private_key", "access_key",
                                           "token",    "credential", "keytab",  NULL};

/* Functions whose texts are secrets from an argument on, counted from 0; in any case. */
static const struct {
    const char *name;
    uint32_t from;
} secret_calls[] = {{"encrypt", 1},           {"decrypt", 1},           {"tryDecrypt", 1},
                    {"aes_encrypt_mysql", 1}, {"aes_decrypt_mysql", 1}, {"hmac", 2}};

/* word: lower case, begins with a letter. */
static bool contains_word(struct slice text, const char *word)
{
    size_t length = strlen(word);
    for (size_t i = 0; i + length <= text.length; i++) {
        if ((text.data[i] | ('a' ^ 'A')) == word[0] && strncasecmp(text.data + i, word, length) == 0) {
            return true;
        }
    }
    return false;
}

/* Few statements hold any: these are looked at closer. */
static bool may_hold_secrets(struct slice text)
{
    bool may = contains_word(text, "identified") || contains_word(text, "crypt") || contains_word(text, "hmac");
    for (size_t i = 0; secret_names[i] != NULL && !may; i++) {
        may = contains_word(text, secret_names[i]);
    }
    return may;
}

/* insert_deduplication_token and the names of methods (sha256_password) are none. */
static bool names_secret(struct slice name)
{
    static const char *const open[] = {"insert_deduplication_token",
                                       "plaintext_password",
                                       "sha256_password",
                                       "double_sha1_password",
                                       "no_password",
                                       "argon2id_password",
                                       "bcrypt_password",
                                       NULL};
    if (word_in(name, open)) {
        return false;
    }
    for (size_t i = 0; secret_names[i] != NULL; i++) {
        if (contains_word(name, secret_names[i])) {
            return true;
        }
    }
    return false;
}

/* What ends the part of a statement that says how a user is identified. */
static bool ends_identified(struct token token)
{
    static const char *const words[] = {"HOST", "DEFAULT", "SETTINGS", "GRANTEES", "VALID", "IN", "ADD", "DROP", NULL};
    return token.kind == TOKEN_SEMICOLON || (token.kind == TOKEN_WORD && word_in(token.text, words));
}

/* Where in the arguments of such a function the tokens are: of the outermost one. */
struct secret_call {
    uint32_t named;           /* the word before: its arguments that are none, plus 1; 0: another token */
    uint32_t depth;           /* of parentheses and brackets, the call's own too; 0: in no such call */
    uint32_t argument, first; /* this one; the first that is a secret */
};

static uint32_t names_secret_call(struct token token)
{
    for (size_t i = 0; i < sizeof(secret_calls) / sizeof(secret_calls[0]); i++) {
        if ((token.kind == TOKEN_WORD || token.kind == TOKEN_QUOTED) &&
            contains_word(token.text, secret_calls[i].name) &&
            token.text.length <= strlen(secret_calls[i].name) + (token.kind == TOKEN_QUOTED ? 2 : 0)) {
            return secret_calls[i].from + 1;
        }
    }
    return 0;
}

/* Is the token a secret argument's? */
static bool call_step(struct secret_call *call, struct token token)
{
    bool opens = token.kind == TOKEN_OPEN || token.kind == TOKEN_OPEN_SQUARE;
    bool closes = token.kind == TOKEN_CLOSE || token.kind == TOKEN_CLOSE_SQUARE;
    if (call->depth > 0) {
        call->depth = opens ? call->depth + 1 : closes ? call->depth - 1 : call->depth;
        call->argument += token.kind == TOKEN_COMMA && call->depth == 1;
        call->depth = token.kind == TOKEN_SEMICOLON ? 0 : call->depth;
    } else if (call->named > 0 && token.kind == TOKEN_OPEN) {
        call->depth = 1;
        call->argument = 0;
        call->first = call->named - 1;
    }
    call->named = call->depth == 0 ? names_secret_call(token) : 0;
    return call->depth > 0 && call->argument >= call->first;
}

typedef void visit_secret(void *user, struct slice text, uint32_t begin, uint32_t end);

/* Visits the tokens that are secrets; the last one ends with the text when that cannot be read. */
static void each_secret(struct slice text, visit_secret *visit, void *user)
{
    struct lexer lexer;
    struct secret_call call = {0};
    bool identified = false, named = false;
    lexer_init(&lexer, text);
    while (true) {
        struct token token = lexer_next(&lexer);
        if (token.kind == TOKEN_END) {
            return;
        }
        if (token.kind == TOKEN_ERROR) {
            if (identified || named || call_step(&call, token)) {
                visit(user, text, token.offset, (uint32_t)text.length);
                return;
            }
            if (token.text.length == 0) {
                return;
            }
            continue;
        }
        bool is_text = token.kind == TOKEN_STRING || token.kind == TOKEN_QUOTED;
        bool argument = call_step(&call, token);
        if (token.kind == TOKEN_STRING && (identified || named || argument)) {
            visit(user, text, token.offset, token.offset + (uint32_t)token.text.length);
        }
        bool was_named = named;
        if (token.kind == TOKEN_WORD && slice_is_word(token.text, "IDENTIFIED")) {
            identified = true;
        } else if (ends_identified(token)) {
            identified = false;
        }
        /* password = '…', password '…', 'kafka.sasl.password' = '…', a.password = '…' */
        named = ((token.kind == TOKEN_WORD || is_text) && !was_named && names_secret(token.text)) ||
                (was_named && (token.kind == TOKEN_EQUALS || token.kind == TOKEN_COLON || token.kind == TOKEN_COMMA));
        if (token.kind == TOKEN_COMMA) {
            named = false;
        }
    }
}

struct hiding {
    struct buffer out;
    uint32_t at;
};

static void hide(void *user, struct slice text, uint32_t begin, uint32_t end)
{
    struct hiding *hiding = user;
    buffer_append(&hiding->out, text.data + hiding->at, begin - hiding->at);
    buffer_text(&hiding->out, HIDDEN);
    hiding->at = end;
}

struct slice secrets_hide(struct arena *arena, struct slice text)
{
    struct hiding hiding = {0};
    struct slice hidden = text;
    if (text.length > UINT32_MAX / 2 || !may_hold_secrets(text)) {
        return text;
    }
    each_secret(text, hide, &hiding);
    if (hiding.at > 0) {
        buffer_append(&hiding.out, text.data + hiding.at, text.length - hiding.at);
        hidden = hiding.out.failed ? (struct slice){0} : arena_slice(arena, buffer_all(&hiding.out));
    }
    buffer_deinit(&hiding.out);
    return hidden;
}

struct cleaning {
    struct arena *arena;
    char *message;
    bool changed;
};

/* Of the message every place that quotes the secret: as it is written, or its value. */
static void clean(void *user, struct slice text, uint32_t begin, uint32_t end)
{
    struct cleaning *cleaning = user;
    struct slice quoted = slice_of(text.data + begin, end - begin);
    struct token token = {.kind = TOKEN_STRING, .text = quoted};
    bool whole = quoted.length >= 2 && quoted.data[0] == '\'' && quoted.data[quoted.length - 1] == '\'';
    struct slice forms[3] = {
        quoted, whole ? slice_of(quoted.data + 1, quoted.length - 2) : slice_of(quoted.data + 1, quoted.length - 1),
        whole ? token_value(cleaning->arena, token) : (struct slice){0}};
    for (size_t k = 0; k < 3; k++) {
        struct slice form = forms[k];
        if (form.data == NULL || form.length < (k == 0 ? 1 : SHORT_BYTES)) {
            continue;
        }
        for (char *at = cleaning->message; (at = memmem(at, strlen(at), form.data, form.length)) != NULL;) {
            memset(at, '*', form.length);
            at += form.length;
            cleaning->changed = true;
        }
    }
}

struct err *secrets_hide_error(struct arena *arena, struct slice text, struct err *err)
{
    if (err == NULL || text.length > UINT32_MAX / 2 || !may_hold_secrets(text)) {
        return err;
    }
    struct cleaning cleaning = {.arena = arena, .message = arena_text(arena, slice_text(err_message(err)))};
    if (cleaning.message == NULL) {
        return err;
    }
    each_secret(text, clean, &cleaning);
    if (cleaning.changed) {
        struct err *cleaned = err_new(err_code(err), "%s", cleaning.message);
        err_free(err);
        err = cleaned;
    }
    return err;
}
