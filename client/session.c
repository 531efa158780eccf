/* session.c: one statement: to the server, and its reply to stdout. */
#include "client/session.h"

struct stream {
    FILE *data;
    bool out_failed;
};

static size_t read_data(void *user, char *to, size_t bytes)
{
    struct stream *stream = user;
    return fread(to, 1, bytes, stream->data);
}

static bool write_reply(void *user, const char *data, size_t bytes)
{
    struct stream *stream = user;
    stream->out_failed = stream->out_failed || fwrite(data, 1, bytes, stdout) != bytes;
    return !stream->out_failed;
}

struct err *session_run(struct session *session, struct slice statement, FILE *data, struct weir_reply *reply)
{
    struct stream stream = {.data = data};
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
