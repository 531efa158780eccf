/*
 * http_body.c: how the bytes of a request and of its reply are packed, and the body as the query thread gets it.
 *
 * request  Content-Encoding (lz4, zstd, gzip, deflate, br: members one after another), and within it, with
 *          decompress=1, ClickHouse's frames
 * reply    compress=1: ClickHouse's frames; else enable_http_compression=1 and Accept-Encoding
 * flow     http_request.c (bytes as they come) → here → execute.c, insert.c
 * thread   query threads but for wire_choose
 */
#include "base/number.h"
#include "server/http_parts.h"

#include <strings.h>

static bool is_on(const struct http_request *request, const char *name)
{
    struct slice value = request_parameter(&request->base, name);
    return slice_equal(value, slice_text("1")) || (value.length == 4 && strncasecmp(value.data, "true", 4) == 0);
}

void wire_choose(struct http_request *request)
{
    struct slice encoding = request_header(&request->base, "Content-Encoding");
    uint64_t kept;
    if (encoding.length > 0 && !encoding_find(encoding, &request->unpacking)) {
        request->bad_encoding = encoding.data;
    }
    if (is_on(request, "decompress")) {
        request->unpacks_twice = request->unpacking != ENCODING_NONE;
        request->unpacking = request->unpacks_twice ? request->unpacking : ENCODING_FRAMES;
    }
    if (is_on(request, "compress")) {
        request->packing = ENCODING_FRAMES;
    } else if (is_on(request, "enable_http_compression")) {
        request->packing = encoding_choose(request_header(&request->base, "Accept-Encoding"));
    }
    if (number_parse_u64(request_parameter(&request->base, "buffer_size"), &kept)) {
        request->reply_kept = kept;
    }
    request->cors = is_on(request, "add_http_cors_header") && request_header(&request->base, "Origin").length > 0;
}

/* What came since the last time, as it came. Under the lock. */
static void take_raw(struct http_request *request, struct buffer *out, bool *end)
{
    struct buffer taken = request->body;
    request->body = *out;
    request->body.length = 0;
    *out = taken;
    request_account_body(request);
    *end = request->body_end;
    if (!request->body_end) {
        request_resume(request);
    }
}

/* A step's worth of what the packed bytes from *taken on hold. */
static struct err *unpack_some(struct http_request *request, struct unpacker **unpacker, enum encoding encoding,
                               const struct buffer *packed, size_t *taken, bool last, struct buffer *out, bool *more)
{
    struct err *err = NULL;
    if (*unpacker == NULL) {
        OR_DONE(unpacker_create(encoding, &request->base.process.budget, unpacker));
    }
    struct slice in =
        packed->length == *taken ? slice_text("") : slice_of(packed->data + *taken, packed->length - *taken);
    err = unpacker_step(*unpacker, &in, last, out, STEP_BYTES, more);
    *taken = packed->length - in.length;
done:
    return err;
}

/* A step's worth of plain bytes. */
static struct err *unpack(struct http_request *request, struct buffer *out, bool *more)
{
    struct err *err = NULL;
    if (!request->unpacks_twice) {
        return unpack_some(request, &request->unpacker, request->unpacking, &request->raw, &request->raw_taken,
                           request->raw_end, out, more);
    }
    if (!request->frames_more) { /* all frames that came were taken */
        request->frames.length = request->frames_taken = 0;
        OR_DONE(unpack_some(request, &request->unpacker, request->unpacking, &request->raw, &request->raw_taken,
                            request->raw_end, &request->frames, &request->frames_follow));
    }
    OR_DONE(unpack_some(request, &request->frame_unpacker, ENCODING_FRAMES, &request->frames, &request->frames_taken,
                        request->raw_end && !request->frames_follow, out, &request->frames_more));
    *more = request->frames_more || request->frames_follow;
done:
    return err;
}

struct err *body_take(struct request *base, struct buffer *out, bool *end)
{
    struct err *err = NULL;
    struct http_request *request = (struct http_request *)base;
    bool more = false;
    if (request->bad_encoding != NULL) {
        return err_new(
            ERR_NOT_IMPLEMENTED,
            "Content-Encoding: %.100s is not supported; there are lz4, zstd, gzip, deflate, br, xz, bz2, snappy",
            request->bad_encoding);
    }
    bool packed = request->unpacking != ENCODING_NONE;
    lock_take(&request->lock);
    if (request->gone) {
        err = request_gone_error();
    } else if (!packed) {
        take_raw(request, out, end);
    } else if (!request->unpacks) { /* all of the last piece was taken */
        request->raw.length = request->raw_taken = 0;
        take_raw(request, &request->raw, &request->raw_end);
    }
    lock_give(&request->lock);
    if (err != NULL || !packed) {
        return err;
    }
    out->length = 0;
    OR_DONE(unpack(request, out, &more));
    *end = request->raw_end && !more;
    lock_take(&request->lock);
    request->unpacks = more;
    lock_give(&request->lock);
done:
    return err;
}

void wire_release(struct http_request *request)
{
    packer_destroy(request->packer);
    unpacker_destroy(request->unpacker);
    unpacker_destroy(request->frame_unpacker);
    buffer_deinit(&request->frames);
    buffer_deinit(&request->packed);
    buffer_deinit(&request->raw);
}
