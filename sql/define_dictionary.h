/*
 * define_dictionary.h: CREATE DICTIONARY → a definition that the catalogue keeps, and from it the shape that query/
 * works with.
 */
#ifndef SQL_DEFINE_DICTIONARY_H
#define SQL_DEFINE_DICTIONARY_H

#include "query/lexicon.h"
#include "sql/define.h"

/* What CREATE DICTIONARY says, checked as far as it can be without its source, which is read when the dictionary is
 * first needed. Identity and times 0. */
struct err *define_dictionary(struct arena *arena, const struct bind_options *options,
                              const struct ast_create_dictionary *create, struct slice database,
                              struct object_def *out);
/* The shape of a definition that define_dictionary made; all in the arena. */
struct err *define_dictionary_shape(struct arena *arena, const struct function_context *context,
                                    struct slice definition, struct lexicon_shape **out);
struct err *define_dictionary_rename(struct arena *arena, struct slice definition, struct slice database,
                                     struct slice name, const char **out);

#endif
