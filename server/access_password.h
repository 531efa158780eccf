/*
 * access_password.h: passwords and what is kept of them; addresses that a user may come from.
 *
 * cost     Argon2id with 19 MiB and three passes takes some 40 ms; one is computed at a time in this process
 * thread   any
 */
#ifndef SERVER_ACCESS_PASSWORD_H
#define SERVER_ACCESS_PASSWORD_H

#include "base/err.h"
#include "base/slice.h"
#include "server/access_model.h"

#include <stdbool.h>
#include <stddef.h>

#define ACCESS_HASH_BYTES         128U /* libsodium's text of a hash, with its ending zero */
#define ACCESS_PASSWORD_BYTES_MAX 4096U

struct err *access_password_hash(struct slice password, char out[ACCESS_HASH_BYTES]);
/* Is it such a text, of a cost that this server bears? */
bool access_password_is_hash(struct slice text);
/* Is it the user's? NULL user: it is nobody's. What is false took as long as one Argon2id hash, whoever it was about. */
bool access_password_verify(const struct access_thing *user, struct slice password);
/* Is it verified at once, without a costly hash, when it is right? */
bool access_password_is_quick(const struct access_thing *user);
void access_password_forget(void *memory, size_t bytes); /* overwrites it */

/* "10.0.0.0/8", "::1", "fd00::/8" */
bool access_network_is_valid(struct slice network);
bool access_network_has(struct slice network, const char *address);
bool access_address_is_local(const char *address);
/* By the user's HOST. */
bool access_address_is_allowed(const struct access_thing *user, const char *address);

#endif
