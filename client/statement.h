/*
 * statement.h: just enough of SQL's shape for a client: where a statement ends, whether it waits for data.
 *
 * Quotes ('…', "…", `…` with backslashes and doubled quotes) and comments (--, #!, block comments) are left alone.
 * thread   any: pure functions.
 */
#ifndef CLIENT_STATEMENT_H
#define CLIENT_STATEMENT_H

#include "base/slice.h"

#include <stdbool.h>

/* Bytes up to and with the ';' that ends the first statement; 0: there is none. */
size_t statement_end(struct slice text);
/* Only spaces, comments and ';'? */
bool statement_is_empty(struct slice text);
/* An INSERT … FORMAT name whose data follow: they may hold anything, and go to the end of the text. */
bool statement_holds_data(struct slice text);
/* An INSERT that ends in VALUES or FORMAT name: its data come from elsewhere. */
bool statement_wants_data(struct slice text);

#endif
