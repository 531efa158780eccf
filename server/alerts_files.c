/*
 * alerts_files.c: the rule files that the key rule_files names: paths and globs, separated by commas.
 */
#include "server/alerts_private.h"

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

/* The next pattern of the list; false: there is none. */
static bool next_pattern(const char **at, char *out, size_t size)
{
    while (**at == ',' || **at == ' ') {
        (*at)++;
    }
    size_t length = strcspn(*at, ",");
    if (length == 0) {
        return false;
    }
    slice_copy(out, size, slice_of(*at, length));
    *at += length;
    return true;
}

static struct err *read_text(const char *path, struct buffer *out)
{
    struct err *err = NULL;
    char block[16384];
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return err_errno(ERR_OPEN_FILE, errno, "reading the rule file \"%s\"", path);
    }
    while (out->length <= RULE_FILE_BYTES_MAX && !feof(file) && !ferror(file)) {
        buffer_append(out, block, fread(block, 1, sizeof(block), file));
    }
    if (ferror(file)) {
        err = err_errno(ERR_READ_FILE, errno, "reading the rule file \"%s\"", path);
    } else if (out->failed) {
        err = err_oom();
    }
    (void)fclose(file);
    return err;
}

static struct err *read_one(const char *path, struct rule_list *out)
{
    struct err *err = NULL;
    struct buffer text = {0};
    struct rule_list list = {0};
    OR_DONE(read_text(path, &text));
    OR_DONE(rule_file_parse(buffer_all(&text), slice_text(path), slice_text("default"), &list));
    for (uint32_t k = 0; k < list.count; k++) {
        if (!rule_list_add(out, list.items[k])) {
            err = err_oom();
            goto done;
        }
        (void)rule_ref(list.items[k]);
    }
done:
    rule_list_deinit(&list);
    buffer_deinit(&text);
    return err;
}

struct err *alert_files_read(struct server *server, struct rule_list *out)
{
    struct err *err = NULL;
    char pattern[1024];
    *out = (struct rule_list){0};
    for (const char *at = server->config.rule_files; next_pattern(&at, pattern, sizeof(pattern));) {
        glob_t found = {0};
        int status = glob(pattern, 0, NULL, &found);
        bool named = strpbrk(pattern, "*?[") == NULL;
        if (status != 0 && (status != GLOB_NOMATCH || named)) {
            err = err_new(ERR_OPEN_FILE, "the rule file \"%s\" (rule_files) %s", pattern,
                          status == GLOB_NOMATCH ? "does not exist" : "cannot be looked for");
        }
        for (size_t k = 0; err == NULL && k < found.gl_pathc; k++) {
            err = read_one(found.gl_pathv[k], out);
        }
        globfree(&found);
        OR_DONE(err);
    }
done:
    if (err != NULL) {
        rule_list_deinit(out);
    }
    return err;
}

static uint64_t mix(uint64_t hash, const void *data, size_t bytes)
{
    const unsigned char *at = data;
    for (size_t k = 0; k < bytes; k++) {
        hash = (hash ^ at[k]) * UINT64_C(1099511628211);
    }
    return hash;
}

uint64_t alert_files_stamp(struct server *server)
{
    uint64_t hash = 1;
    char pattern[1024];
    for (const char *at = server->config.rule_files; next_pattern(&at, pattern, sizeof(pattern));) {
        glob_t found = {0};
        if (glob(pattern, 0, NULL, &found) == 0) {
            for (size_t k = 0; k < found.gl_pathc; k++) {
                struct stat status;
                hash = mix(hash, found.gl_pathv[k], strlen(found.gl_pathv[k]));
                if (stat(found.gl_pathv[k], &status) == 0) {
                    hash = mix(hash, &status.st_mtim, sizeof(status.st_mtim));
                    hash = mix(hash, &status.st_size, sizeof(status.st_size));
                    hash = mix(hash, &status.st_ino, sizeof(status.st_ino));
                }
            }
        }
        globfree(&found);
    }
    return hash;
}
