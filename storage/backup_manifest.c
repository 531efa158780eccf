/*
 * backup_manifest.c: the file BACKUP: making its text, reading it, and what it says against the files.
 *
 * flow     backup.c, backup_restore.c, check.c → here
 * text     lines of a word and a value, as an anchor's; the last is the hash of all before it
 */
#include "base/io.h"
#include "base/number.h"
#include "base/text.h"
#include "storage/backup.h"
#include "storage/ledger_cut.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define MANIFEST_BYTES_MAX ((uint64_t)256 << 20)
#define HEX_MAX            (2U * LEDGER_HASH_BYTES + 1U)

void backup_path(char path[BACKUP_PATH_BYTES], const char *folder, const char *name)
{
    (void)snprintf(path, BACKUP_PATH_BYTES, "%s%s%s", folder, *folder == 0 || *name == 0 ? "" : "/", name);
}

void backup_pack_path(char path[BACKUP_PATH_BYTES], const char *folder, uint64_t pack)
{
    (void)snprintf(path, BACKUP_PATH_BYTES, "%s%spacks/%08" PRIu64 ".pack", folder, *folder == 0 ? "" : "/", pack);
}

static const char *hex(char text[HEX_MAX], const uint8_t *bytes, size_t count)
{
    return sodium_bin2hex(text, HEX_MAX, bytes, count);
}

struct slice backup_manifest_text(struct arena *arena, const struct backup_manifest *manifest)
{
    struct buffer out = {0};
    char text[4][HEX_MAX];
    struct slice made = {0};

    buffer_printf(&out,
                  "weir-backup 1\nid %s\nname %.*s\nbase %.*s\nstore %s\ncommit %" PRIu64 "\ntime %" PRId64
                  "\nchain %s\nledger %" PRIu64 " %s\npacks %u\n",
                  hex(text[0], manifest->id, sizeof manifest->id), SLICE_ARG(manifest->name), SLICE_ARG(manifest->base),
                  hex(text[1], manifest->store_id, sizeof manifest->store_id), manifest->at.number,
                  manifest->at.time_us, hex(text[2], manifest->at.hash, sizeof manifest->at.hash),
                  manifest->ledger_bytes, hex(text[3], manifest->ledger_hash.bytes, sizeof manifest->ledger_hash.bytes),
                  manifest->pack_count);
    for (uint32_t i = 0; i < manifest->pack_count; i++) {
        buffer_printf(&out, "pack %" PRIu64 " %" PRIu64 "\n", manifest->packs[i].number, manifest->packs[i].bytes);
    }
    if (!out.failed) {
        struct hash hash = hash_of(out.data, out.length);
        buffer_printf(&out, "hash %s\n", hex(text[0], hash.bytes, sizeof hash.bytes));
    }
    if (!out.failed) {
        made = arena_slice(arena, slice_of(out.data, out.length));
    }
    buffer_deinit(&out);
    return made;
}

/* ---- reading */

/* "word value\n" at the beginning of *text, which moves behind it. */
static bool take_line(struct slice *text, const char *word, struct slice *value)
{
    size_t length = strlen(word);
    if (text->length < length + 2 || memcmp(text->data, word, length) != 0 || text->data[length] != ' ') {
        return false;
    }
    const char *begin = text->data + length + 1, *end = memchr(begin, '\n', text->length - length - 1);
    if (end == NULL) {
        return false;
    }
    *value = slice_of(begin, (size_t)(end - begin));
    *text = slice_of(end + 1, text->length - (size_t)(end + 1 - text->data));
    return true;
}

/* What stands before the first space of *text, which moves behind it; all of it if there is none. */
static struct slice take_word(struct slice *text)
{
    const char *space = text->length == 0 ? NULL : memchr(text->data, ' ', text->length);
    struct slice word = space == NULL ? *text : slice_of(text->data, (size_t)(space - text->data));
    *text = space == NULL ? slice_of("", 0) : slice_of(space + 1, text->length - word.length - 1);
    return word;
}

static bool from_hex(struct slice text, uint8_t *out, size_t bytes)
{
    size_t length = 0;
    return text.length == 2 * bytes && sodium_hex2bin(out, bytes, text.data, text.length, NULL, &length, NULL) == 0 &&
           length == bytes;
}

static bool read_packs(struct slice *rest, struct arena *arena, uint64_t count, struct backup_manifest *out,
                       struct err **err)
{
    struct slice line;
    /* a line has eight bytes at least */
    if (count > rest->length / 8) {
        return false;
    }
    struct backup_pack *packs = ARENA_ARRAY(arena, struct backup_pack, count + 1);
    if (packs == NULL) {
        *err = arena_error(arena);
        return false;
    }
    for (uint64_t i = 0; i < count; i++) {
        if (!take_line(rest, "pack", &line) || !number_parse_u64(take_word(&line), &packs[i].number) ||
            !number_parse_u64(line, &packs[i].bytes) || packs[i].number == 0 ||
            (i > 0 && packs[i].number <= packs[i - 1].number)) {
            return false;
        }
    }
    out->packs = packs;
    out->pack_count = (uint32_t)count;
    return true;
}

static struct err *parse(struct slice text, struct arena *arena, struct backup_manifest *out)
{
    struct err *err = NULL;
    struct slice rest = text, version, line;
    struct hash said, found;
    uint64_t count = 0;

    if (!take_line(&rest, "weir-backup", &version)) {
        return err_new(ERR_BACKUP_DAMAGED, "it does not begin with weir-backup");
    }
    if (!slice_equal(version, slice_text("1"))) {
        return err_new(ERR_BACKUP_VERSION, "its version is %.*s; this program knows version 1",
                       SLICE_ARG(slice_of(version.data, version.length > 20 ? 20 : version.length)));
    }
    bool good = take_line(&rest, "id", &line) && from_hex(line, out->id, sizeof out->id) &&
                take_line(&rest, "name", &out->name) && take_line(&rest, "base", &out->base) &&
                take_line(&rest, "store", &line) && from_hex(line, out->store_id, sizeof out->store_id) &&
                take_line(&rest, "commit", &line) && number_parse_u64(line, &out->at.number) &&
                take_line(&rest, "time", &line) && number_parse_i64(line, &out->at.time_us) &&
                take_line(&rest, "chain", &line) && from_hex(line, out->at.hash, sizeof out->at.hash) &&
                take_line(&rest, "ledger", &line) && number_parse_u64(take_word(&line), &out->ledger_bytes) &&
                from_hex(line, out->ledger_hash.bytes, sizeof out->ledger_hash.bytes) &&
                take_line(&rest, "packs", &line) && number_parse_u64(line, &count) &&
                read_packs(&rest, arena, count, out, &err);
    if (err != NULL) {
        return err;
    }
    size_t covered = text.length - rest.length;
    good = good && take_line(&rest, "hash", &line) && rest.length == 0 && from_hex(line, said.bytes, sizeof said.bytes);
    if (!good) {
        return err_new(ERR_BACKUP_DAMAGED, "its lines are not those of a manifest: it was changed or cut off");
    }
    found = hash_of(text.data, covered);
    return memcmp(said.bytes, found.bytes, sizeof said.bytes) == 0
               ? NULL
               : err_new(ERR_BACKUP_DAMAGED, "its hash is another: it was changed");
}

struct err *backup_is_there(const struct backup_place *place, bool *out)
{
    char path[BACKUP_PATH_BYTES];
    backup_path(path, place->folder, BACKUP_FILE);
    return io_exists(place->io, path, out);
}

struct err *backup_manifest_read(const struct backup_place *place, struct arena *arena, struct backup_manifest *out)
{
    struct err *err = NULL;
    struct io_file *file = NULL;
    char path[BACKUP_PATH_BYTES];
    uint64_t bytes = 0;
    bool exists = false;

    *out = (struct backup_manifest){0};
    backup_path(path, place->folder, BACKUP_FILE);
    OR_DONE(io_exists(place->io, path, &exists));
    if (!exists) {
        bool unfinished = false;
        backup_path(path, place->folder, BACKUP_MARK);
        OR_DONE(io_exists(place->io, path, &unfinished));
        backup_path(path, place->folder, "");
        err = err_new(ERR_BACKUP_NOT_FOUND, "Backup \"%s/%s\" %s", place->io->root, path,
                      unfinished ? "was never finished" : "not found");
        goto done;
    }
    OR_DONE(io_open(place->io, path, IO_READ, &file));
    OR_DONE(io_size(file, &bytes));
    char *data = bytes > MANIFEST_BYTES_MAX ? NULL : arena_alloc(arena, (size_t)bytes + 1);
    if (data == NULL) {
        err = bytes > MANIFEST_BYTES_MAX ? err_new(ERR_BACKUP_DAMAGED, "it has %" PRIu64 " bytes", bytes)
                                         : arena_error(arena);
        goto done;
    }
    OR_DONE(io_read(file, 0, data, (size_t)bytes));
    OR_DONE(parse(slice_of(data, (size_t)bytes), arena, out));
done:
    io_close(file);
    return err == NULL || err_code(err) == ERR_BACKUP_NOT_FOUND
               ? err
               : err_while(err, "reading the backup's manifest \"%s/%s\"", place->io->root, path);
}

/* ---- against the files */

static struct err *check_pack(const struct backup_place *place, const struct backup_pack *pack)
{
    struct err *err = NULL;
    struct io_file *file = NULL;
    char path[BACKUP_PATH_BYTES];
    uint64_t bytes = 0;

    backup_pack_path(path, place->folder, pack->number);
    OR_DONE(io_open(place->io, path, IO_READ, &file));
    OR_DONE(io_size(file, &bytes));
    if (bytes != pack->bytes) {
        err = err_new(ERR_BACKUP_DAMAGED, "pack \"%s/%s\" has %" PRIu64 " bytes; the manifest says %" PRIu64,
                      place->io->root, path, bytes, pack->bytes);
    }
done:
    io_close(file);
    return err;
}

static struct err *check_ledger(const struct backup_place *place, const struct backup_manifest *manifest,
                                struct arena *arena)
{
    struct err *err = NULL;
    struct io_file *file = NULL;
    char path[BACKUP_PATH_BYTES];
    uint64_t bytes = 0;

    backup_path(path, place->folder, BACKUP_LEDGER);
    OR_DONE(io_open(place->io, path, IO_READ, &file));
    OR_DONE(io_size(file, &bytes));
    char *data = bytes != manifest->ledger_bytes ? NULL : arena_alloc(arena, (size_t)bytes + 1);
    if (bytes == manifest->ledger_bytes && data == NULL) {
        err = arena_error(arena);
        goto done;
    }
    if (data != NULL) {
        OR_DONE(io_read(file, 0, data, (size_t)bytes));
    }
    struct hash hash = data == NULL ? (struct hash){{0}} : hash_of(data, (size_t)bytes);
    if (data == NULL || memcmp(hash.bytes, manifest->ledger_hash.bytes, sizeof hash.bytes) != 0) {
        err = err_new(ERR_BACKUP_DAMAGED, "the ledger's file \"%s/%s\" is not the one that the manifest names",
                      place->io->root, path);
    }
done:
    io_close(file);
    return err;
}

struct err *backup_check_files(const struct backup_place *place, void (*problem)(void *user, struct err *err),
                               void *user)
{
    struct backup_manifest manifest;
    struct arena *arena = arena_create(NULL);
    if (arena == NULL) {
        return err_oom();
    }
    struct err *bad = backup_manifest_read(place, arena, &manifest);
    if (bad != NULL) {
        problem(user, bad);
        goto done;
    }
    bad = check_ledger(place, &manifest, arena);
    if (bad != NULL) {
        problem(user, bad);
    }
    for (uint32_t i = 0; i < manifest.pack_count; i++) {
        bad = check_pack(place, &manifest.packs[i]);
        if (bad != NULL) {
            problem(user, bad);
        }
    }
done:
    arena_destroy(arena);
    return NULL;
}
