/*
 * anchor.h: weir anchor: a signed head of the ledger's chain, to be kept elsewhere (storage/anchor.h).
 */
#ifndef SERVER_ANCHOR_H
#define SERVER_ANCHOR_H

#include "storage/anchor.h"

/* argv[0] is "anchor". The process's exit status. */
int anchor_main(int argc, char **argv);
struct server;
/* The page /anchor: of the last commit; signed with the key of the data directory, which is made when there is none. */
struct err *anchor_page(struct server *server, char text[ANCHOR_TEXT_BYTES]);
/* For weir check: an anchor from a file. public_key: the digits of the key that must have signed it, or NULL. */
struct err *anchor_load(const char *path, const char *public_key, struct anchor *out);

#endif
