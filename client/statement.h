/*
 * statement.h: just enough of SQL's shape for a client: where a statement ends, whether it waits for data.
 *
 * Quotes ('…', "…", `…` with backslashes and doubled quotes) and comments (--, #!, block comments) are left alone.
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
};

/* The first statement of the text. is_all: nothing follows the text, its end ends the statement too. false: the
 * statement is not whole yet. Data behind INSERT … FORMAT name may hold anything, so they reach to the end of all. */
bool statement_cut(struct slice text, bool is_all, struct statement *out);
/* Bytes up to and with the ';' that ends the first statement; 0: there is none. */
size_t statement_end(struct slice text);
/* Only spaces, comments and ';'? */
bool statement_is_empty(struct slice text);
/* An INSERT that ends in VALUES or FORMAT name: its data come from elsewhere. */
bool statement_wants_data(struct slice text);
/* Appended as a single line, for the history: comments and the spaces around tokens become one space. */
void statement_append_line(struct slice text, struct buffer *line);

#endif
