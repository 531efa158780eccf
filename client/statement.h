/*
 * statement.h: just enough of SQL's shape for a client: where a statement ends, whether it waits for data, files it names.
 *
 * Quotes ('…', "…", `…` with backslashes and doubled quotes), heredocs ($tag$…$tag$) and comments (--, #!, block
 * comments) are left alone. A statement ends with ';', or with \G: then its rows are to be shown one below the other.
 * thread   any: pure functions.
 */
#ifndef CLIENT_STATEMENT_H
#define CLIENT_STATEMENT_H

#include "base/slice.h"
#include "base/text.h"

#include <stdbool.h>

struct statement {
    struct slice text; /* without the ';'; of an INSERT … FORMAT name: up to the name */
    struct slice data; /* behind the name; goes on in what follows the text. NULL: none */
    size_t end;        /* where the next statement begins */
    bool vertical;     /* it ended with \G */
};

enum statement_token_kind {
    STATEMENT_SPACE,
    STATEMENT_COMMENT,
    STATEMENT_WORD,
    STATEMENT_NUMBER,
    STATEMENT_STRING,
    STATEMENT_NAME, /* in quotes */
    STATEMENT_SYMBOL,
    STATEMENT_END_VERTICAL,
};

struct statement_token {
    struct slice text;
    enum statement_token_kind kind;
};

/* The token at *at, which moves behind it; false: the end of the text. One that the text ends within reaches to it. */
bool statement_token(struct slice text, size_t *at, struct statement_token *out);

/* INSERT … FROM INFILE 'path', SELECT … INTO OUTFILE 'path' [APPEND | TRUNCATE] [AND STDOUT], [COMPRESSION 'name'] */
struct statement_file {
    bool reads; /* INFILE */
    bool append, truncate, and_stdout;
    struct slice path;           /* as it is written, quotes and all */
    struct slice compression;    /* likewise; empty: by the path's ending */
    struct slice before, behind; /* the statement without this clause */
};

/* false: the statement has no such clause. */
bool statement_file(struct slice text, struct statement_file *out);
bool statement_begins(struct slice text, const char *word);
/* Has it a FORMAT clause? */
bool statement_names_format(struct slice text);
/* Appends what a quoted token says. */
void statement_unquote(struct slice token, struct buffer *out);

/* The first statement of the text. is_all: nothing follows the text, its end ends the statement too. false: the
 * statement is not whole yet. Data behind INSERT … FORMAT name may hold anything, so they reach to the end of all. */
bool statement_cut(struct slice text, bool is_all, struct statement *out);
/* Bytes up to and with the ';' or \G that ends the first statement; 0: there is none. */
size_t statement_end(struct slice text);
/* Only spaces, comments and ';'? */
bool statement_is_empty(struct slice text);
/* An INSERT that ends in VALUES or FORMAT name: its data come from elsewhere. */
bool statement_wants_data(struct slice text);
/* Appended as a single line, for the history: comments and the spaces around tokens become one space. */
void statement_append_line(struct slice text, struct buffer *line);

#endif
