/* session.c: one statement: to the server, and its reply to stdout. */
#include "client/session.h"

#include <errno.h>
#include <unistd.h>

struct stream {
    struct session_data data;
    int read_errno;
    bool out_failed;
};

static size_t read_data(void *user, char *to, size_t bytes)
{
    struct stream *stream = user;
    struct session_data *data = &stream->data;
    ssize_t count = 0;
    if (data->first.length > 0) {
        size_t piece = data->first.length < bytes ? data->first.length : bytes;
        memcpy(to, data->first.data, piece);
        data->first = slice_of(data->first.data + piece, data->first.length - piece);
        return piece;
    }
    if (data->file >= 0) {
        do {
            count = read(data->file, to, bytes);
        } while (count < 0 && errno == EINTR);
    }
    stream->read_errno = count < 0 ? errno : 0;
    return count < 0 ? WEIR_BODY_FAILED : (size_t)count;
}

static bool write_reply(void *user, const char *data, size_t bytes)
{
    struct stream *stream = user;
    stream->out_failed = stream->out_failed || fwrite(data, 1, bytes, stdout) != bytes;
    return !stream->out_failed;
}

struct err *session_run(struct session *session, struct slice statement, const struct session_data *data,
                        struct weir_reply *reply)
{
    struct stream stream = {.data = {.file = -1}};
    if (data != NULL) {
        stream.data = *data;
    }
    struct weir_query query = {.text = statement,
                               .parameters = session->parameters,
                               .parameter_count = session->parameter_count,
                               .default_format = session->format,
                               .body = data != NULL ? read_data : NULL,
                               .sink = write_reply,
                               .user = &stream,
                               .cancel = &session->cancel};
    struct err *err = weir_client_query(session->client, &query, reply);
    stream.out_failed = fflush(stdout) != 0 || stream.out_failed;
    if (stream.read_errno != 0) {
        err_free(err);
        err = err_errno(ERR_READ_FILE, stream.read_errno, "reading the data");
    }
    if (err == NULL && stream.out_failed) {
        err = err_new(ERR_IO, "the reply could not be written to the standard output");
    }
    return err;
}

int session_complain(struct err *err)
{
    int code = (int)err_code(err) % 256;
    const char *message = err_message(err);
    if (strncmp(message, "Code: ", 6) == 0) { /* the server's own words */
        (void)fprintf(stderr, "%s\n", message);
    } else {
        (void)fprintf(stderr, "Code: %d. %s. (%s)\n", (int)err_code(err), message, err_code_name(err_code(err)));
    }
    err_free(err);
    return code == 0 ? 1 : code;
}
