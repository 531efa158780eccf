/*
 * complete.h: what the word being typed could become: names that the server knows, and keywords.
 */
#ifndef CLIENT_COMPLETE_H
#define CLIENT_COMPLETE_H

#include "client/session.h"

struct completer;

struct completer *completer_create(struct session *session); /* NULL: memory is out */
void completer_destroy(struct completer *completer);         /* accepts NULL */
/* Tables may have changed: they are asked for again when the next word is completed. */
void completer_forget(struct completer *completer);
/* As edit.h's edit_complete; user is the completer. */
size_t completer_find(void *completer, struct slice text, struct buffer *candidates);

#endif
