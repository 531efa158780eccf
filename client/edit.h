/*
 * edit.h: the line being edited: libedit, with this dialect's colours, and keys that are not lost.
 */
#ifndef CLIENT_EDIT_H
#define CLIENT_EDIT_H

#include "base/err.h"
#include "base/text.h"

#include <stdbool.h>

struct edit;

enum edit_result {
    EDIT_LINE,    /* a line */
    EDIT_DROPPED, /* Ctrl-C */
    EDIT_END,     /* Ctrl-D, or the terminal is gone */
};

/* Candidates for the word at the end of `text` (what was typed up to the cursor, with the lines before): appends each
 * with a line feed, and says how long the word is. */
typedef size_t edit_complete(void *user, struct slice text, struct buffer *candidates);

/* history_path: NULL or empty: none is kept. */
struct err *edit_open(const char *history_path, edit_complete *complete, void *user, struct edit **out);
void edit_close(struct edit *edit); /* accepts NULL */
/* before: the lines of the statement so far. *line lives until the next call. */
enum edit_result edit_line(struct edit *edit, struct slice before, struct slice *line);
void edit_remember(struct edit *edit, const char *line);

#endif
