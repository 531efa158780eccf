/* password.h: a password that somebody types, unseen. */
#ifndef CLIENT_PASSWORD_H
#define CLIENT_PASSWORD_H

#include <stdbool.h>

#define PASSWORD_BYTES 4096U

/* Asks on the terminal. False: there is none, or nobody wanted to (Ctrl-C, Ctrl-D). */
bool password_ask(const char *user, char out[PASSWORD_BYTES]);

#endif
