/*
 * secrets.h: takes secrets out of SQL text before anybody is shown it: logs, system tables, errors, SHOW CREATE.
 *
 * Secrets are the texts behind IDENTIFIED (BY, SALT), those of properties whose names say so: password, secret,
 * 'kafka.sasl.password', key.pem, token, …, and what encrypt, decrypt, HMAC and their like are given but for the mode
 * (and HMAC's text). Each becomes '[HIDDEN]'. It works on tokens, so also on statements that do
 * not parse; what cannot be read to its end is left out from there.
 */
#ifndef SERVER_SECRETS_H
#define SERVER_SECRETS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/slice.h"

/* The text itself when it holds none. data NULL: memory is out (arena_error). */
struct slice secrets_hide(struct arena *arena, struct slice text);
/* An error whose message quotes part of such a text: without it. Moves err. */
struct err *secrets_hide_error(struct arena *arena, struct slice text, struct err *err);

#endif
