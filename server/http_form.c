/*
 * http_form.c: a body of multipart/form-data: the statement, parameters, and files, each of which is a table that the
 * statement alone sees (external.c).
 *
 * parts    with a file name: an external table of the part's name. Without: "query" goes on where the URL's query ends,
 *          all others are as if they stood in the URL
 * login    before anything of the body is read: by headers and the URL, as nothing of the body says who sends it. The
 *          bodies of those who are not let in are thrown away.
 * memory   FORM_BYTES_MAX a request, FORMS_BYTES_MAX all together; nothing begins before the body's end
 * flow     http_routes.c → here → http_request.c
 * thread   HTTP threads; of one request one at a time
 */
#include "server/access.h"
#include "server/execute_login.h"
#include "server/http_parts.h"

#include <stdlib.h>
#include <strings.h>

#define FORM_BYTES_MAX  ((size_t)64 << 20)
#define FORMS_BYTES_MAX ((size_t)256 << 20)
#define PROCESSOR_BYTES ((size_t)32 << 10)
#define TABLES_MAX      100U

struct form {
    struct MHD_PostProcessor *processor;
    char *name; /* of the part that is read, or NULL */
    bool is_file;
    struct buffer value;
    uint32_t table_count;
    size_t bytes;               /* in http->forms_bytes */
    struct access_login *login; /* while a password is verified */
    bool asked, known;          /* the login has begun; is over */
    bool told;                  /* there is something to be seen of it; under the request's lock */
};

/* The part is whole. */
static bool end_part(struct http_request *request)
{
    struct form *form = request->form;
    char *name = form->name;
    bool fine = true;
    form->name = NULL;
    if (name == NULL) {
        return true;
    }
    if (form->is_file) {
        struct external *table = form->table_count == TABLES_MAX ? NULL : calloc(1, sizeof(*table));
        fine = table != NULL;
        if (fine) {
            struct external **place = &request->base.externals;
            while (*place != NULL) {
                place = &(*place)->next;
            }
            *table = (struct external){.name = name, .data = form->value};
            *place = table;
            form->value = (struct buffer){0};
            form->table_count++;
            return true;
        }
        request->bad = "more than 100 external tables, or no memory for them";
    } else if (strcmp(name, "user") == 0 || strcmp(name, "password") == 0) {
        request->bad = "user and password in a multipart body; send them in headers or in the URL";
        fine = false;
    } else if (strcmp(name, "query") == 0) {
        if (request->body.length > 0) {
            buffer_char(&request->body, '\n');
        }
        buffer_slice(&request->body, buffer_all(&form->value));
        fine = !request->body.failed;
        request->bad = fine ? request->bad : "the server is out of memory; try again";
    } else {
        fine = request_add(request, "", name, strlen(name), buffer_all(&form->value));
    }
    form->value.length = 0;
    free(name);
    return fine;
}

static bool charge(struct http_request *request, size_t bytes)
{
    struct form *form = request->form;
    form->bytes += bytes;
    size_t all = atomic_fetch_add(&request->http->forms_bytes, bytes) + bytes;
    if (form->bytes > FORM_BYTES_MAX || all > FORMS_BYTES_MAX) {
        request->bad = "a multipart body of more than 64 MiB, or 256 MiB of all such bodies; use tables and INSERT";
        return false;
    }
    return true;
}

static enum MHD_Result take_part(void *object, enum MHD_ValueKind kind, const char *key, const char *file,
                                 const char *type, const char *transfer_encoding, const char *data, uint64_t offset,
                                 size_t bytes)
{
    struct http_request *request = object;
    struct form *form = request->form;
    (void)kind;
    (void)type;
    (void)transfer_encoding;
    if (request->bad != NULL) {
        return MHD_NO;
    }
    if (offset == 0 &&
        !(form->name != NULL && form->value.length == 0 && key != NULL && strcmp(form->name, key) == 0)) {
        if (!end_part(request)) {
            return MHD_NO;
        }
        if (key == NULL || key[0] == 0) {
            request->bad = "a part of the multipart body has no name";
            return MHD_NO;
        }
        form->name = strdup(key);
        form->is_file = file != NULL;
    }
    if (form->name == NULL) {
        request->bad = "the server is out of memory; try again";
        return MHD_NO;
    }
    if (!charge(request, bytes)) {
        return MHD_NO;
    }
    buffer_append(&form->value, data, bytes);
    if (form->value.failed) {
        request->bad = "the server is out of memory; try again";
    }
    return request->bad == NULL ? MHD_YES : MHD_NO;
}

enum MHD_Result form_begin(struct http_request *request)
{
    static const char name[] = "multipart/form-data";
    struct slice type = request_header(&request->base, "Content-Type");
    bool is = type.length >= sizeof(name) - 1 && strncasecmp(type.data, name, sizeof(name) - 1) == 0;
    if (!is || request->bad != NULL) {
        return MHD_YES;
    }
    if (request->unpacking != ENCODING_NONE || request->bad_encoding != NULL) {
        request->bad = "a multipart body that is compressed; send it as it is";
        return MHD_YES;
    }
    request->form = calloc(1, sizeof(*request->form));
    if (request->form == NULL) {
        return MHD_NO;
    }
    request->form->processor = MHD_create_post_processor(request->connection, PROCESSOR_BYTES, take_part, request);
    if (request->form->processor == NULL) {
        request->bad = "a multipart body without a boundary that can be";
    }
    return MHD_YES;
}

/* Under the lock of logins. */
static void on_login(void *user)
{
    struct http_request *request = user;
    lock_take(&request->lock);
    request->form->told = true;
    request_resume(request);
    lock_give(&request->lock);
}

static struct err *begin_login(struct http_request *request)
{
    struct err *err = NULL;
    struct request *base = &request->base;
    struct access_credentials credentials = {.address = base->process.address};
    struct arena *arena = arena_create(NULL);
    if (arena == NULL) {
        return err_oom();
    }
    OR_DONE(request_credentials(base, arena, &credentials));
    err =
        access_login_begin(base->server->access, &credentials, on_login, request, &request->form->login, &base->access);
done:
    arena_destroy(arena);
    return err;
}

/* *waits: the connection is suspended until somebody knows. What comes of it is in base.access, or base.denied. */
static enum MHD_Result log_in(struct http_request *request, bool *waits)
{
    struct err *err = NULL;
    struct form *form = request->form;
    if (!form->asked) {
        if (request_enter(request) != MHD_YES) { /* now it is looked whether its client hangs up */
            return MHD_NO;
        }
        form->asked = true;
        err = begin_login(request);
    }
    if (form->login != NULL) {
        lock_take(&request->lock);
        bool gone = request->gone;
        *waits = !gone && !form->told;
        if (*waits) {
            request_suspend(request);
        }
        lock_give(&request->lock);
        if (gone || *waits) {
            return gone ? MHD_NO : MHD_YES;
        }
        struct access_login *login = form->login;
        form->login = NULL;
        err = access_login_end(login, &request->base.access);
    }
    form->known = true;
    request->base.denied = err;
    return MHD_YES;
}

bool form_is_open(const struct http_request *request)
{
    return request->form != NULL && request->form->processor != NULL;
}

enum MHD_Result form_take(struct http_request *request, const char *data, size_t *bytes)
{
    struct form *form = request->form;
    bool waits = false;
    if (!form->known && (log_in(request, &waits) != MHD_YES || waits)) {
        return waits ? MHD_YES : MHD_NO;
    }
    if (request->bad == NULL && request->base.denied == NULL &&
        MHD_post_process(form->processor, data, *bytes) != MHD_YES && request->bad == NULL) {
        request->bad = "a multipart body that is malformed";
    }
    *bytes = 0;
    return MHD_YES;
}

void form_end(struct http_request *request)
{
    struct form *form = request->form;
    struct MHD_PostProcessor *processor = form->processor;
    form->processor = NULL;
    if (request->base.denied != NULL) {
        (void)MHD_destroy_post_processor(processor);
    } else if (processor != NULL && MHD_destroy_post_processor(processor) != MHD_YES && request->bad == NULL) {
        request->bad = "a multipart body that ends too early";
    }
    if (request->bad == NULL && request->base.denied == NULL && end_part(request)) {
        wire_choose(request); /* parameters have come */
    }
}

void form_destroy(struct http_request *request)
{
    struct form *form = request->form;
    while (request->base.externals != NULL) {
        struct external *next = request->base.externals->next;
        free(request->base.externals->name);
        buffer_deinit(&request->base.externals->data);
        free(request->base.externals);
        request->base.externals = next;
    }
    if (form == NULL) {
        return;
    }
    struct access_session *nobodys;
    err_free(access_login_end(form->login, &nobodys)); /* nobody awaits it any more */
    access_session_unref(nobodys);
    if (form->processor != NULL) {
        (void)MHD_destroy_post_processor(form->processor);
    }
    free(form->name);
    buffer_deinit(&form->value);
    atomic_fetch_sub(&request->http->forms_bytes, form->bytes);
    free(form);
    request->form = NULL;
}
