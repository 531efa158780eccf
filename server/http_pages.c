/*
 * http_pages.c: the pages (/play) and their scripts and styles (/web/…): bytes in the program, kept by browsers.
 *
 * flow     http_routes.c → here → libmicrohttpd
 * caches   a page is asked for again each time and mostly answered with 304; a file under /web/ has a name that
 *          changes with its content and is kept for good
 * safety   Content-Security-Policy lets a page load from this server alone, and run no script in its text
 */
#include "base/text.h"
#include "server/http_parts.h"
#include "server/web_assets.h"

#include <stdio.h>
#include <strings.h>

static const char policy[] = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
                             "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

static const struct web_asset *find_asset(const char *path)
{
    for (size_t k = 0; k < web_asset_count; k++) {
        if (strcmp(web_assets[k].path, path) == 0) {
            return &web_assets[k];
        }
    }
    return NULL;
}

/* The next item of "a, b;q=0.5, c" without spaces; false: the end. */
static bool next_item(struct slice *list, struct slice *item)
{
    if (list->length == 0) {
        return false;
    }
    const char *comma = memchr(list->data, ',', list->length);
    *item = slice_of(list->data, comma == NULL ? list->length : (size_t)(comma - list->data));
    size_t taken = comma == NULL ? list->length : item->length + 1;
    *list = slice_of(list->data + taken, list->length - taken);
    while (item->length > 0 && (item->data[0] == ' ' || item->data[0] == '\t')) {
        *item = slice_of(item->data + 1, item->length - 1);
    }
    while (item->length > 0 && (item->data[item->length - 1] == ' ' || item->data[item->length - 1] == '\t')) {
        item->length--;
    }
    return true;
}

/* Is the weight "q=0", "q=0.000"? Items without one are welcome. */
static bool is_refused(struct slice weight)
{
    const char *mark = weight.length == 0 ? NULL : memmem(weight.data, weight.length, "q=", 2);
    if (mark == NULL) {
        return false;
    }
    for (mark += 2; mark < weight.data + weight.length; mark++) {
        if (*mark >= '1' && *mark <= '9') {
            return false;
        }
    }
    return true;
}

static bool takes_gzip(const struct http_request *request)
{
    struct slice list = request_header(&request->base, "Accept-Encoding"), item;
    bool any = false;
    while (next_item(&list, &item)) {
        const char *semicolon = item.length == 0 ? NULL : memchr(item.data, ';', item.length);
        size_t length = semicolon == NULL ? item.length : (size_t)(semicolon - item.data);
        bool refused = is_refused(slice_of(item.data + length, item.length - length));
        if (length == 4 && strncasecmp(item.data, "gzip", 4) == 0) {
            return !refused;
        }
        any = any || (length == 1 && item.data[0] == '*' && !refused);
    }
    return any;
}

/* If-None-Match names what the client would get. The two encodings have tags of their own. */
static bool is_known_to_client(const struct http_request *request, const char *tag)
{
    struct slice list = request_header(&request->base, "If-None-Match"), item;
    while (next_item(&list, &item)) {
        if (item.length > 2 && memcmp(item.data, "W/", 2) == 0) {
            item = slice_of(item.data + 2, item.length - 2);
        }
        if (slice_equal(item, slice_text(tag)) || slice_equal(item, slice_text("*"))) {
            return true;
        }
    }
    return false;
}

enum MHD_Result reply_asset(struct http_request *request, bool *known)
{
    const struct web_asset *asset = find_asset(request->path);
    char tag[64];
    *known = asset != NULL;
    if (asset == NULL) {
        return MHD_YES;
    }
    bool packed = takes_gzip(request);
    (void)snprintf(tag, sizeof(tag), "\"%s%s\"", asset->etag, packed ? "-gzip" : "");
    bool unchanged = is_known_to_client(request, tag);
    struct slice bytes = packed ? slice_of(asset->gzip, asset->gzip_bytes) : slice_of(asset->plain, asset->plain_bytes);
    struct MHD_Response *response = MHD_create_response_from_buffer(
        unchanged ? 0 : bytes.length, (void *)(uintptr_t)bytes.data, MHD_RESPMEM_PERSISTENT);
    if (response == NULL) {
        return MHD_NO;
    }
    const struct {
        const char *name, *value;
    } headers[] = {
        {"Content-Type", asset->content_type},
        {"ETag", tag},
        {"Cache-Control", asset->lasting ? "public, max-age=31536000, immutable" : "no-cache"},
        {"Vary", "Accept-Encoding"},
        {"Content-Security-Policy", policy},
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "no-referrer"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Content-Encoding", packed && !unchanged ? "gzip" : NULL},
    };
    for (size_t k = 0; k < sizeof(headers) / sizeof(headers[0]); k++) {
        if (headers[k].value != NULL) {
            (void)MHD_add_response_header(response, headers[k].name, headers[k].value);
        }
    }
    enum MHD_Result result = MHD_queue_response(request->connection, unchanged ? 304 : 200, response);
    MHD_destroy_response(response);
    return result;
}
