/*
 * http_form.c: a body of multipart/form-data: the statement, parameters, and files, each of which is a table that the
 * statement alone sees (external.c).
 *
 * parts    with a file name: an external table of the part's name. Without: "query" goes on where the URL's query ends,
 *          all others are as if they stood in the URL
 * memory   FORM_BYTES_MAX a request, FORMS_BYTES_MAX all together; nothing begins before the body's end
 * flow     http_routes.c → here → http_request.c
 * thread   HTTP threads; of one request one at a time
 */
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
    size_t bytes; /* in http->forms_bytes */
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

void form_take(struct http_request *request, const char *data, size_t bytes)
{
    if (request->bad == NULL && MHD_post_process(request->form->processor, data, bytes) != MHD_YES &&
        request->bad == NULL) {
        request->bad = "a multipart body that is malformed";
    }
}

void form_end(struct http_request *request)
{
    struct form *form = request->form;
    struct MHD_PostProcessor *processor = form->processor;
    form->processor = NULL;
    if (processor != NULL && MHD_destroy_post_processor(processor) != MHD_YES && request->bad == NULL) {
        request->bad = "a multipart body that ends too early";
    }
    if (request->bad == NULL && end_part(request)) {
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
    if (form->processor != NULL) {
        (void)MHD_destroy_post_processor(form->processor);
    }
    free(form->name);
    buffer_deinit(&form->value);
    atomic_fetch_sub(&request->http->forms_bytes, form->bytes);
    free(form);
    request->form = NULL;
}
