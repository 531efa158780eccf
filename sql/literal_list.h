/*
 * literal_list.h: long lists of literals on the right of IN, kept as text: (1, 2, 3), ['a', 'b'], ((1, 'a'), (2, 'b')).
 *
 * why      A node of the syntax tree takes some 300 bytes; a list of a million values is one node (AST_LITERALS) and
 *          goes into its set from the text, a few thousand rows at a time.
 * rows     the values, or the tuples, between the outer brackets
 * limits   LITERAL_LIST_MIN rows at least: shorter lists are ordinary nodes
 * thread   one at a time
 */
#ifndef SQL_LITERAL_LIST_H
#define SQL_LITERAL_LIST_H

#include "base/arena.h"
#include "base/interrupt.h"
#include "sql/parse.h"

#define LITERAL_LIST_MIN 64U

/* The current token opens a list of nothing but literals, and behind it comes nothing that binds more strongly than IN:
 * the node. NULL without an error: something else, nothing was taken. */
struct ast *parse_literal_list(struct parser *parser);

/* Reads the rows of an AST_LITERALS. */
struct literal_reader {
    struct parser parser;
};
struct err *literal_reader_init(struct literal_reader *reader, const struct ast *list);
/*
 * The next row: a literal, or a call of tuple with literals; in the arena, which may be another one for each row.
 * *out NULL: there are no more.
 */
struct err *literal_reader_next(struct literal_reader *reader, struct arena *arena, struct ast **out);

/* The list as the nodes that it would have been. */
struct err *literal_list_expand(struct arena *arena, const struct ast *list, struct ast **out);

#endif
