/*
 * batch.c: statements out of arguments or a pipe, one after the other; the first error ends them.
 *
 * memory   a pipe is read as far as its next statement; the data of INSERT … FORMAT pass through in pieces
 */
#include "client/session.h"
#include "client/statement.h"

#include <errno.h>
#include <unistd.h>

#define PIECE_BYTES     ((size_t)64 << 10)
#define RESCAN_BYTES    ((size_t)1 << 20) /* a longer statement is looked at again when it has doubled */
#define SHOWN_BYTES_MAX 500

/* Standard error says which of several statements failed. */
static int complain(struct err *err, struct slice statement, bool is_one_of_many)
{
    int code = session_complain(err);
    if (is_one_of_many) {
        bool cut = statement.length > SHOWN_BYTES_MAX;
        (void)fprintf(stderr, "(query: %.*s%s)\n", cut ? SHOWN_BYTES_MAX : (int)statement.length, statement.data,
                      cut ? "…" : "");
    }
    return code;
}

static struct slice without_spaces_before(struct slice text)
{
    while (text.length > 0 && (unsigned char)text.data[0] <= ' ') {
        text = slice_of(text.data + 1, text.length - 1);
    }
    return text;
}

static int run_statement(struct session *session, const struct statement *cut, const struct session_data *data,
                         bool is_one_of_many)
{
    struct weir_reply reply = {0};
    struct slice statement = without_spaces_before(cut->text); /* positions in messages count from its first byte */
    struct err *err = statement_begins(statement, "USE") ? session_use_database(session, statement)
                                                         : session_run(session, statement, cut->vertical, data, &reply);
    if (err != NULL) {
        return complain(err, statement, is_one_of_many);
    }
    if (session->time) {
        (void)fprintf(stderr, "%.3f\n", reply.elapsed_seconds);
    }
    return 0;
}

int batch_run(struct session *session, struct slice text, int data_file)
{
    bool is_one_of_many = false;
    struct statement statement;
    int code = 0;
    while (code == 0 && !statement_is_empty(text) && statement_cut(text, true, &statement)) {
        struct slice rest = slice_of(text.data + statement.end, text.length - statement.end);
        is_one_of_many = is_one_of_many || !statement_is_empty(rest);
        text = rest;
        if (statement_is_empty(statement.text)) {
            continue;
        }
        struct session_data data = {.first = statement.data, .file = -1};
        bool has_data = statement.data.data != NULL;
        if (!has_data && statement_wants_data(statement.text)) {
            data.file = data_file;
            has_data = true;
        }
        code = run_statement(session, &statement, has_data ? &data : NULL, is_one_of_many);
    }
    return code;
}

/* Appends what there is. *ended: nothing more comes. */
static struct err *read_piece(int file, struct buffer *text, bool *ended)
{
    ssize_t bytes;
    if (!buffer_reserve(text, PIECE_BYTES)) {
        return err_oom();
    }
    do {
        bytes = read(file, text->data + text->length, PIECE_BYTES);
    } while (bytes < 0 && errno == EINTR);
    if (bytes < 0) {
        return err_errno(ERR_READ_FILE, errno, "reading the statements");
    }
    text->length += (size_t)bytes;
    *ended = bytes == 0;
    return NULL;
}

int batch_run_file(struct session *session, int file)
{
    struct err *err = NULL;
    struct buffer text = {0};
    struct statement statement;
    bool ended = false;
    size_t at = 0, looked_at = 0; /* behind `at` */
    int code = 0;
    while (code == 0 && err == NULL) {
        struct slice rest = text.length == 0 ? slice_text("") : slice_of(text.data + at, text.length - at);
        bool look = ended || rest.length < RESCAN_BYTES || rest.length / 2 >= looked_at;
        looked_at = look ? rest.length : looked_at;
        if (look && rest.length > 0 && statement_cut(rest, ended, &statement)) {
            struct session_data data = {.first = statement.data, .file = ended ? -1 : file};
            bool has_data = statement.data.data != NULL;
            at += statement.end;
            looked_at = 0;
            if (!statement_is_empty(statement.text)) {
                code = run_statement(session, &statement, has_data ? &data : NULL, true);
            }
            ended = ended || has_data; /* the data reached to the end */
            continue;
        }
        if (ended) {
            break;
        }
        if (at > 0) {
            memmove(text.data, text.data + at, rest.length);
            text.length = rest.length;
            at = 0;
        }
        err = read_piece(file, &text, &ended);
    }
    buffer_deinit(&text);
    return err != NULL ? session_complain(err) : code;
}
