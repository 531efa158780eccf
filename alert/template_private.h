/*
 * template_private.h: what the parts of the templates share: values, the tree, the functions' table.
 *
 * flow     template_lex.c → template_parse.c → template_run.c → template_go.c, template_prometheus.c, template_text.c → template_format.c
 */
#ifndef ALERT_TEMPLATE_PRIVATE_H
#define ALERT_TEMPLATE_PRIVATE_H

#include "alert/template.h"

/* ---- values */

enum value_kind {
    VALUE_NONE, /* nil */
    VALUE_BOOL,
    VALUE_INT,
    VALUE_FLOAT,
    VALUE_STRING,
    VALUE_MAP,
    VALUE_SAMPLES, /* what query answers */
    VALUE_SAMPLE,
    VALUE_TIME,     /* milliseconds since 1970 */
    VALUE_DURATION, /* nanoseconds */
    VALUE_DATA,     /* the dot of the whole template */
};

struct template_entry;
struct template_map {
    struct template_entry *entries; /* sorted by key */
    uint32_t count;
    bool of_strings; /* what is missing is an empty string */
};

struct template_value {
    enum value_kind kind;
    uint32_t count; /* of samples */
    union {
        bool truth;
        int64_t integer;
        double number;
        struct slice text;
        struct template_map map;
        struct template_sample *samples;    /* VALUE_SAMPLE: one */
        const struct template_input *input; /* VALUE_DATA */
    };
};

struct template_entry {
    struct slice key;
    struct template_value value;
};

/* ---- the tree */

enum node_kind {
    NODE_TEXT,
    NODE_ACTION,
    NODE_IF,
    NODE_WITH,
    NODE_RANGE,
    NODE_BREAK,
    NODE_CONTINUE,
    NODE_TEMPLATE,
    NODE_DOT,
    NODE_NIL,
    NODE_CONSTANT,
    NODE_FIELD,
    NODE_VARIABLE,
    NODE_FUNCTION,
    NODE_CHAIN,
    NODE_PIPE,
    NODE_COMMAND,
};

struct template_function;
struct template_node {
    enum node_kind kind;
    size_t at;         /* its byte in the text, for errors */
    struct slice text; /* NODE_TEXT; the name of a variable or template */
    struct template_value constant;
    const struct template_function *function;
    struct slice *fields; /* .a.b: of NODE_FIELD, NODE_VARIABLE, NODE_CHAIN */
    uint32_t field_count;
    struct slice variables[2]; /* NODE_PIPE: those that it sets */
    uint32_t variable_count;
    bool assigns;                /* =, not := */
    bool ranges;                 /* its variables are set for each element */
    struct template_node *next;  /* beside it: of a list, a pipe's commands, a command's operands */
    struct template_node *first; /* NODE_PIPE, NODE_COMMAND, NODE_CHAIN: what is in it */
    struct template_node *pipe;  /* of an action */
    struct template_node *body, *other;
};

struct template_definition {
    struct template_definition *next;
    struct slice name;
    struct template_node *body;
};

struct template_tree {
    struct template_node *body;
    struct template_definition *definitions;
};

/* The whole text; the tree lives as long as the arena and the text. */
struct err *template_parse(struct arena *arena, struct slice text, struct template_tree *out);

/* ---- tokens */

enum token_kind {
    TOKEN_END, /* of the text */
    TOKEN_TEXT,
    TOKEN_OPEN,  /* {{ */
    TOKEN_CLOSE, /* }} */
    TOKEN_SPACE,
    TOKEN_DOT,
    TOKEN_FIELD,
    TOKEN_VARIABLE,
    TOKEN_WORD,
    TOKEN_NUMBER,
    TOKEN_STRING,
    TOKEN_RAW,
    TOKEN_CHARACTER,
    TOKEN_PIPE,
    TOKEN_LEFT,
    TOKEN_RIGHT,
    TOKEN_ASSIGN,
    TOKEN_DECLARE,
    TOKEN_COMMA,
};

struct template_token {
    enum token_kind kind;
    size_t at;
    struct slice text; /* of fields without the dot, of variables with the $, of strings with quotes */
};

struct template_lexer {
    struct slice text;
    size_t at;
    bool inside; /* between {{ and }} */
    bool trim;   /* the text that follows loses its spaces at the beginning */
    uint32_t open_parentheses;
};

struct err *template_next(struct template_lexer *lexer, struct template_token *out);
/* "line 1, byte 7: …" */
struct err *template_error(struct slice text, size_t at, const char *format, ...)
    __attribute__((format(printf, 3, 4), returns_nonnull));

/* ---- running */

struct template_run {
    struct arena *arena;
    const struct template_input *input;
    struct slice text;
    uint32_t steps;
};

/* Counts work; ERR_LIMIT_EXCEEDED when it is too much. */
struct err *template_steps(struct template_run *run, size_t steps);

struct template_function {
    const char *name;
    uint32_t count_min, count_max;
    const char
        *kinds; /* one letter an argument, the last for all further ones: s string, q samples, o one sample, a any */
    struct err *(*call)(struct template_run *run, const struct template_value *arguments, uint32_t count,
                        struct template_value *out);
};

const struct template_function *template_function_find(struct slice name);
bool template_is_and(const struct template_function *function);
bool template_is_or(const struct template_function *function);

bool template_truth(const struct template_value *value);
const char *template_type(const struct template_value *value); /* Go's name */
struct template_value template_text_value(struct slice text);
/* A buffer's bytes as a string of the arena; the buffer is emptied. */
struct err *template_text_of(struct template_run *run, struct buffer *bytes, struct template_value *out);
struct err *template_labels_map(struct template_run *run, const struct labels *labels, struct template_value *out);

/* ---- Go's formats */

/* %v */
void template_print(struct buffer *out, const struct template_value *value);
struct err *template_printf(struct template_run *run, const struct template_value *arguments, uint32_t count,
                            struct buffer *out);
/* A number as %e, %f, %g (or their capitals) show it; precision -1: as many digits as it needs. */
void template_number(struct buffer *out, double value, char verb, int precision);
void template_time(struct buffer *out, int64_t ms);
void template_quote(struct buffer *out, struct slice text);

/* ---- the families of functions */

extern const struct template_function template_functions_go[];         /* and, or, eq, …: ends with a NULL name */
extern const struct template_function template_functions_prometheus[]; /* humanize, … */
extern const struct template_function template_functions_text[];       /* match, stripPort, … */

#endif
