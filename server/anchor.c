/*
 * anchor.c: the command weir anchor, and the page /anchor.
 *
 * The command may run beside the server of the directory: it reads the ledger's files, and writes nothing but its key.
 * The page is of the server's last commit, which it knows to be durable.
 */
#include "server/anchor.h"

#include "base/io.h"
#include "server/server.h"

#include <errno.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define KEY_NAME   "anchor.key"
#define PATH_BYTES 4096

static const char usage[] =
    "weir anchor DIR [--key FILE]   prints a signed head of the chain of the data directory DIR; keep it elsewhere.\n"
    "    weir check DIR --anchor FILE proves later that the data still extend it. A server may run on DIR: the\n"
    "    anchor is of the last commit that no crash can take back.\n"
    "    --key FILE   the secret key that signs (DIR/" KEY_NAME "); made when there is none\n";

struct err *anchor_load(const char *path, const char *public_key, struct anchor *out)
{
    struct err *err = NULL;
    char text[ANCHOR_TEXT_BYTES], key[2 * ANCHOR_PUBLIC_KEY_BYTES + 1];
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return err_errno(ERR_OPEN_FILE, errno, "opening the anchor \"%s\"", path);
    }
    size_t length = fread(text, 1, sizeof text, file);
    (void)fclose(file);
    OR_DONE(anchor_read(slice_of(text, length), out));
    (void)sodium_bin2hex(key, sizeof key, out->public_key, sizeof out->public_key);
    if (public_key != NULL && strcmp(public_key, key) != 0) {
        err = err_new(ERR_CORRUPT, "it is signed with the key %s, not with %s", key, public_key);
    }
done:
    return err_while(err, "reading the anchor \"%s\"", path);
}

static struct err *make(const char *directory, const char *key_path, char text[ANCHOR_TEXT_BYTES])
{
    struct err *err = NULL;
    struct io *io = NULL, *key_io = NULL;
    uint8_t seed[ANCHOR_SEED_BYTES];
    char folder[PATH_BYTES];
    const char *slash = strrchr(key_path, '/');

    if (snprintf(folder, sizeof folder, "%.*s", slash == NULL ? 1 : (int)(slash - key_path + 1),
                 slash == NULL ? "." : key_path) >= (int)sizeof folder) {
        return err_new(ERR_BAD_ARGUMENTS, "the name \"%s\" is too long", key_path);
    }
    OR_DONE(io_system(directory, &io));
    OR_DONE(io_system(folder, &key_io));
    OR_DONE(anchor_key(key_io, slash == NULL ? key_path : slash + 1, seed));
    OR_DONE(anchor_make(io, "ledger", seed, text));
done:
    sodium_memzero(seed, sizeof seed);
    io_destroy(key_io);
    io_destroy(io);
    return err;
}

struct err *anchor_page(struct server *server, char text[ANCHOR_TEXT_BYTES])
{
    static pthread_mutex_t making = PTHREAD_MUTEX_INITIALIZER; /* of a key, by one thread; nothing else is locked */
    uint8_t seed[ANCHOR_SEED_BYTES];

    (void)pthread_mutex_lock(&making);
    struct err *err = anchor_key(server->store->io, KEY_NAME, seed);
    (void)pthread_mutex_unlock(&making);
    if (err == NULL) {
        err = anchor_last(server->store->ledger, seed, text);
    }
    sodium_memzero(seed, sizeof seed);
    return err;
}

int anchor_main(int argc, char **argv)
{
    char text[ANCHOR_TEXT_BYTES], own[PATH_BYTES];
    bool help = argc == 2 && strcmp(argv[1], "--help") == 0;
    bool key = argc == 4 && strcmp(argv[2], "--key") == 0;

    if (help || (argc != 2 && !key) || argv[1][0] == '-') {
        (void)fputs(usage, help ? stdout : stderr);
        return help ? 0 : 2;
    }
    (void)snprintf(own, sizeof own, "%s/" KEY_NAME, argv[1]);
    struct err *err = make(argv[1], key ? argv[3] : own, text);
    if (err != NULL) {
        (void)fprintf(stderr, "weir anchor: %s\n", err_message(err));
        bool damaged = err_code(err) == ERR_CORRUPT;
        err_free(err);
        return damaged ? 1 : 2;
    }
    return fputs(text, stdout) < 0 || fflush(stdout) != 0 ? 2 : 0;
}
