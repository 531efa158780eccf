/* session.c: one statement: to the server, its reply to stdout or a file; files that it names, how far it is. */
#include "client/session.h"

#include "client/files.h"

#include <errno.h>
#include <sys/random.h>
#include <unistd.h>

struct stream {
    struct session_data data;
    struct file_reader *reader; /* of INFILE; or NULL */
    struct file_writer *writer; /* of OUTFILE; or NULL */
    bool to_stdout;
    struct progress *progress;
    struct err *failed; /* a file's */
    int read_errno;
    bool out_failed;
};

static size_t read_data(void *user, char *to, size_t bytes)
{
    struct stream *stream = user;
    struct session_data *data = &stream->data;
    ssize_t count = 0;
    if (stream->reader != NULL) {
        size_t taken = 0;
        stream->failed = file_reader_read(stream->reader, to, bytes, &taken);
        return stream->failed != NULL ? WEIR_BODY_FAILED : taken;
    }
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
    if (stream->progress != NULL && stream->to_stdout) {
        progress_clear(stream->progress);
    }
    if (stream->writer != NULL && stream->failed == NULL) {
        stream->failed = file_writer_write(stream->writer, data, bytes);
    }
    if (stream->to_stdout) {
        /* whoever reads a pipe sees what came, too: live queries send little, and have no end */
        stream->out_failed = stream->out_failed || fwrite(data, 1, bytes, stdout) != bytes || fflush(stdout) != 0;
    }
    return !stream->out_failed && stream->failed == NULL;
}

static void tick(void *user)
{
    progress_tick(((struct stream *)user)->progress);
}

/* The file that the statement names, opened; *text: the statement without that clause, in `room`. */
static struct err *open_file(struct stream *stream, const struct statement_file *file, struct buffer *room,
                             struct slice *text, const char **format)
{
    struct err *err = NULL;
    struct buffer path = {0};
    statement_unquote(file->path, &path);
    buffer_char(&path, 0);
    buffer_slice(room, file->before);
    if (file->reads && !path.failed && !statement_names_format(file->behind)) {
        const char *found = file_format(path.data);
        if (found == NULL) {
            err = err_new(ERR_BAD_ARGUMENTS, "the name \"%s\" does not say its format; add FORMAT name", path.data);
            goto done;
        }
        buffer_slice(room, file->behind);
        buffer_printf(room, " FORMAT %s", found);
    } else {
        buffer_slice(room, file->behind);
    }
    if (path.failed || room->failed) {
        err = err_oom();
        goto done;
    }
    *text = buffer_all(room);
    if (file->reads) {
        err = file_reader_open(file, path.data, &stream->reader);
    } else {
        const char *found = file_format(path.data);
        *format = found == NULL ? "TabSeparated" : found;
        stream->to_stdout = file->and_stdout;
        err = file_writer_open(file, path.data, &stream->writer);
    }
done:
    buffer_deinit(&path);
    return err;
}

static void make_query_id(char *out, size_t bytes)
{
    uint64_t number[2] = {0};
    if (getrandom(number, sizeof(number), 0) != (ssize_t)sizeof(number)) {
        number[0] = (uint64_t)getpid(); /* it is for progress alone */
    }
    (void)snprintf(out, bytes, "client-%016llx%016llx", (unsigned long long)number[0], (unsigned long long)number[1]);
}

static bool has_query_id(const struct session *session)
{
    for (uint32_t k = 0; k < session->parameter_count; k++) {
        if (strcmp(session->parameters[k].name, "query_id") == 0) {
            return true;
        }
    }
    return false;
}

struct err *session_run(struct session *session, struct slice statement, bool vertical, const struct session_data *data,
                        struct weir_reply *reply)
{
    struct err *err = NULL;
    struct statement_file file;
    struct buffer room = {0};
    struct stream stream = {.data = {.file = -1}, .to_stdout = true};
    char query_id[64];
    bool watched = session->progress != NULL && !has_query_id(session);
    const char *format = vertical || session->vertical ? "Vertical" : session->format;
    *reply = (struct weir_reply){0};
    if (data != NULL) {
        stream.data = *data;
    }
    if (statement_file(statement, &file)) {
        OR_DONE(open_file(&stream, &file, &room, &statement, &format));
    }
    struct weir_query query = {.text = statement,
                               .parameters = session->parameters,
                               .parameter_count = session->parameter_count,
                               .default_format = format,
                               .body = data != NULL || stream.reader != NULL ? read_data : NULL,
                               .sink = write_reply,
                               .user = &stream,
                               .cancel = &session->cancel};
    if (watched) {
        make_query_id(query_id, sizeof(query_id));
        session->parameters[query.parameter_count++] = (struct weir_parameter){.name = "query_id", .value = query_id};
        stream.progress = session->progress;
        query.tick = tick;
        query.tick_user = &stream;
        progress_begin(session->progress, query_id);
    }
    err = weir_client_query(session->client, &query, reply);
    if (watched) {
        progress_clear(session->progress);
    }
    stream.out_failed = fflush(stdout) != 0 || stream.out_failed;
    if (stream.read_errno != 0) {
        err_free(err);
        err = err_errno(ERR_READ_FILE, stream.read_errno, "reading the data");
    }
    if (stream.failed != NULL) {
        err_free(err);
        err = stream.failed;
    }
    if (err == NULL && stream.out_failed) {
        err = err_new(ERR_IO, "the reply could not be written to the standard output");
    }
done:
    file_reader_close(stream.reader);
    struct err *closed = file_writer_close(stream.writer, err == NULL);
    if (err == NULL) {
        err = closed;
    } else {
        err_free(closed);
    }
    buffer_deinit(&room);
    return err;
}

static bool see_row(void *found, const char *data, size_t bytes)
{
    (void)data;
    *(bool *)found = bytes > 0;
    return true;
}

struct err *session_use_database(struct session *session, struct slice statement)
{
    struct err *err = NULL;
    struct weir_reply reply;
    struct statement_token token = {.kind = STATEMENT_SPACE};
    struct buffer name = {0};
    size_t at = 0;
    bool found = false;
    uint32_t word = 0;
    while (word < 2 && statement_token(statement, &at, &token)) {
        word += token.kind != STATEMENT_SPACE && token.kind != STATEMENT_COMMENT;
    }
    if (word < 2 || (token.kind != STATEMENT_WORD && token.kind != STATEMENT_NAME)) {
        return err_new(ERR_SYNTAX, "USE wants the name of a database");
    }
    if (token.kind == STATEMENT_NAME) {
        statement_unquote(token.text, &name);
    } else {
        buffer_slice(&name, token.text);
    }
    buffer_char(&name, 0);
    if (name.failed) {
        err = err_oom();
        goto done;
    }
    struct weir_parameter wanted = {.name = "param_name", .value = name.data};
    struct weir_query query = {
        .text = slice_text("SELECT 1 FROM system.databases WHERE name = {name:String} FORMAT TabSeparated"),
        .parameters = &wanted,
        .parameter_count = 1,
        .sink = see_row,
        .user = &found};
    OR_DONE(weir_client_query(session->client, &query, &reply));
    if (!found) {
        err = err_new(ERR_UNKNOWN_DATABASE, "Database %s does not exist; SHOW DATABASES lists them", name.data);
        goto done;
    }
    err = weir_client_use(session->client, name.data);
done:
    buffer_deinit(&name);
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
