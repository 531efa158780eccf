/*
 * dashboards.c: dashboards are listed, read, stored and deleted over HTTP.
 *
 * flow     endpoint.c → here → base/io.h
 * names    letters, digits, '_' and '-': nothing else reaches the file system, so that no path leaves the directory
 * storing  a file of its own, synced, then renamed: readers and crashes see the old definition or the new one. Changes
 *          go one at a time; If-Match and If-None-Match keep two editors from overwriting each other
 * rights   whoever may log in reads; ALTER DASHBOARD changes
 */
#include "server/dashboards.h"

#include "base/checksum.h"
#include "server/access.h"
#include "server/dashboard_schema.h"
#include "server/endpoint.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/stat.h>

#define NAME_BYTES_MAX 64U
#define SHOWN_MAX      1000U
#define ETAG_BYTES     20

FAILPOINT(dashboard_write);
FAILPOINT(dashboard_sync);
FAILPOINT(dashboard_rename);
FAILPOINT(dashboard_sync_directory);
FAILPOINT(dashboard_remove);

/* Of changes: what stands there is compared, then replaced. Nothing else is locked under it. */
static pthread_mutex_t changing = PTHREAD_MUTEX_INITIALIZER;

/* ---- the directory */

static struct err *open_directory(struct execution *execution, struct io **out)
{
    char path[2048];
    const struct config *config = &execution->server->config;
    bool own = config->dashboards_path[0] == 0;
    (void)snprintf(path, sizeof(path), "%s%s", own ? config->data_dir : config->dashboards_path,
                   own ? "/dashboards" : "");
    if (mkdir(path, 0750) != 0 && errno != EEXIST) {
        return err_errno(ERR_OPEN_FILE, errno, "making the directory of dashboards \"%s\"", path);
    }
    return io_system(path, out);
}

static bool is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

static bool is_name(struct slice name)
{
    bool good = name.length > 0 && name.length <= NAME_BYTES_MAX;
    for (size_t k = 0; k < name.length && good; k++) {
        good = is_name_byte(name.data[k]);
    }
    return good;
}

static struct err *check_name(struct slice name)
{
    return is_name(name)
               ? NULL
               : err_new(ERR_BAD_ARGUMENTS,
                         "'%.*s' is no name of a dashboard: it has 1 to %u letters, digits, '_' and '-'",
                         SLICE_ARG(slice_of(name.data, name.length > 100 ? 100 : name.length)), NAME_BYTES_MAX);
}

/* The file's bytes, in the arena. *found false: there is none. */
static struct err *read_definition(struct execution *execution, struct io *io, const char *file, struct slice *out,
                                   char etag[ETAG_BYTES], bool *found)
{
    struct err *err = NULL;
    struct io_file *opened = NULL;
    uint64_t bytes;
    etag[0] = 0;
    OR_DONE(io_exists(io, file, found));
    if (!*found) {
        goto done;
    }
    OR_DONE(io_open(io, file, IO_READ, &opened));
    OR_DONE(io_size(opened, &bytes));
    if (bytes > DASHBOARD_BYTES_MAX) {
        err = err_new(ERR_CORRUPT, "the file %s of a dashboard has %llu bytes; %zu are the most", file,
                      (unsigned long long)bytes, DASHBOARD_BYTES_MAX);
        goto done;
    }
    char *data = arena_alloc(execution->arena, (size_t)bytes + 1);
    if (data == NULL) {
        err = arena_error(execution->arena);
        goto done;
    }
    OR_DONE(io_read(opened, 0, data, (size_t)bytes));
    *out = slice_of(data, (size_t)bytes);
    (void)snprintf(etag, ETAG_BYTES, "%016llx", (unsigned long long)checksum(data, (size_t)bytes));
done:
    io_close(opened);
    return err;
}

/* ---- answers */

static bool may_change(const struct execution *execution)
{
    return execution->settings.readonly == 0 &&
           access_may(execution->access, PRIVILEGE(MAY_ALTER_DASHBOARD), (struct right_on){0});
}

static struct err *list(struct execution *execution, struct io *io)
{
    struct err *err = NULL;
    struct slice *names;
    struct buffer out = {0};
    uint32_t count, shown = 0;
    OR_DONE(io_list(io, "", execution->arena, &names, &count));
    buffer_text(&out, "{\"dashboards\":[");
    for (uint32_t k = 0; k < count && shown < SHOWN_MAX; k++) {
        struct slice name = names[k];
        if (name.length > 5 && memcmp(name.data + name.length - 5, ".json", 5) == 0 &&
            is_name(slice_of(name.data, name.length - 5))) {
            buffer_printf(&out, "%s{\"name\":\"%.*s\"}", shown++ == 0 ? "" : ",", (int)name.length - 5, name.data);
        }
    }
    buffer_printf(&out, "],\"may_change\":%s}\n", may_change(execution) ? "true" : "false");
    if (out.failed) {
        err = err_oom();
        goto done;
    }
    endpoint_head(execution, "application/json; charset=UTF-8", "");
    err = request_write(execution->request, buffer_all(&out), false);
done:
    buffer_deinit(&out);
    return err;
}

static struct err *get(struct execution *execution, struct io *io, const char *file)
{
    struct err *err = NULL;
    struct slice text = {0};
    char etag[ETAG_BYTES];
    bool found;
    OR_DONE(read_definition(execution, io, file, &text, etag, &found));
    if (!found) {
        err = err_new(ERR_UNKNOWN_DASHBOARD, "There is no dashboard %.*s; GET /dashboards lists them",
                      SLICE_ARG(endpoint_rest(execution)));
        goto done;
    }
    err = err_while(dashboard_check(text), "reading the dashboard's file %s", file); /* people edit these, too */
    OR_DONE(err);
    endpoint_head(execution, "application/json; charset=UTF-8", etag);
    err = request_write(execution->request, text, false);
done:
    return err;
}

/* Under the lock of changes: is what stands there what the client has seen? */
static struct err *check_seen(struct execution *execution, struct io *io, const char *file, bool *found)
{
    struct err *err = NULL;
    struct slice text, match = request_header(execution->request, "If-Match"),
                       none = request_header(execution->request, "If-None-Match");
    char etag[ETAG_BYTES];
    OR_DONE(read_definition(execution, io, file, &text, etag, found));
    if ((match.data != NULL && (!*found || !endpoint_names_tag(match, etag))) ||
        (none.data != NULL && *found && endpoint_names_tag(none, etag))) {
        err =
            err_new(ERR_DASHBOARD_CHANGED,
                    "The dashboard %.*s is another one on the server by now: read it again, or store without If-Match "
                    "and If-None-Match to replace it",
                    SLICE_ARG(endpoint_rest(execution)));
    }
done:
    return err;
}

static struct err *write_definition(struct io *io, const char *file, const char *fresh, struct slice text)
{
    struct err *err = NULL;
    struct io_file *written = NULL;
    bool there = false, left;
    OR_DONE(io_exists(io, fresh, &left));
    OR_DONE(left ? io_unlink(io, fresh, &failpoint_dashboard_remove) : NULL); /* of a server that died */
    OR_DONE(io_open(io, fresh, IO_CREATE, &written));
    there = true;
    OR_DONE(io_write(written, 0, text.data, text.length, &failpoint_dashboard_write));
    OR_DONE(io_sync(written, &failpoint_dashboard_sync));
    OR_DONE(io_rename(io, fresh, file, &failpoint_dashboard_rename));
    there = false;
    err = io_sync_dir(io, "", &failpoint_dashboard_sync_directory);
done:
    io_close(written);
    if (there) {
        err_free(io_unlink(io, fresh, &failpoint_dashboard_remove));
    }
    return err;
}

static struct err *answer_change(struct execution *execution, const char *what, const char *etag)
{
    char text[200];
    (void)snprintf(text, sizeof(text), "{\"name\":\"%.*s\",\"%s\":true}\n", SLICE_ARG(endpoint_rest(execution)), what);
    endpoint_head(execution, "application/json; charset=UTF-8", etag);
    return request_write(execution->request, slice_text(text), false);
}

static struct err *may_change_check(struct execution *execution)
{
    if (execution->settings.readonly != 0) {
        return err_new(ERR_READONLY, "Cannot change dashboards in readonly mode");
    }
    return access_check(execution->access, PRIVILEGE(MAY_ALTER_DASHBOARD), (struct right_on){0});
}

static struct err *put(struct execution *execution, struct io *io, const char *file, struct slice body)
{
    struct err *err = NULL;
    bool found;
    char etag[ETAG_BYTES];
    char *fresh = arena_format(execution->arena, ".%s.new", file);
    if (fresh == NULL) {
        return arena_error(execution->arena);
    }
    OR_DONE(dashboard_check(body));
    (void)pthread_mutex_lock(&changing);
    err = check_seen(execution, io, file, &found);
    err = err != NULL ? err : write_definition(io, file, fresh, body);
    (void)pthread_mutex_unlock(&changing);
    OR_DONE(err);
    (void)snprintf(etag, sizeof(etag), "%016llx", (unsigned long long)checksum(body.data, body.length));
    err = answer_change(execution, "stored", etag);
done:
    return err;
}

static struct err *delete (struct execution *execution, struct io *io, const char *file)
{
    struct err *err = NULL;
    bool found;
    (void)pthread_mutex_lock(&changing);
    err = check_seen(execution, io, file, &found);
    if (err == NULL && !found) {
        err = err_new(ERR_UNKNOWN_DASHBOARD, "There is no dashboard %.*s", SLICE_ARG(endpoint_rest(execution)));
    }
    err = err != NULL ? err : io_unlink(io, file, &failpoint_dashboard_remove);
    err = err != NULL ? err : io_sync_dir(io, "", &failpoint_dashboard_sync_directory);
    (void)pthread_mutex_unlock(&changing);
    return err != NULL ? err : answer_change(execution, "deleted", "");
}

struct err *dashboards_answer(struct execution *execution, struct slice body)
{
    struct err *err = NULL;
    struct io *io = NULL;
    struct slice name = endpoint_rest(execution);
    const char *method = execution->request->method;
    bool reads = execution->request->is_get;
    char *file = arena_format(execution->arena, "%.*s.json", SLICE_ARG(name));
    if (file == NULL) {
        return arena_error(execution->arena);
    }
    OR_DONE(reads ? NULL : may_change_check(execution));
    OR_DONE(reads && name.length == 0 ? NULL : check_name(name));
    OR_DONE(open_directory(execution, &io));
    if (reads) {
        err = name.length == 0 ? list(execution, io) : get(execution, io, file);
    } else {
        err = strcmp(method, "PUT") == 0 ? put(execution, io, file, body) : delete (execution, io, file);
    }
done:
    io_destroy(io);
    return err;
}
