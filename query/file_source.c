/*
 * file_source.c: the table functions file('name', 'format', 'structure'), a file below one directory of the server, and
 * format('format', 'structure', 'text').
 *
 * The path is walked one name at a time from the directory, and no name may be a link: nothing outside can be reached.
 * Without a structure it is inferred from the text's beginning (format/infer.h), when the query is bound.
 * Rows are parsed piece by piece by format/reader.h; what fails names the file, the row and the column.
 *
 * thread   file_source_directory at start; the rest any
 */
#include "query/file_source.h"

#include "format/infer.h"
#include "format/reader.h"
#include "query/query_host.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE_BYTES ((size_t)1 << 18)
#define PATH_BYTES  1024U

static char directory[PATH_BYTES]; /* empty: there is none */

bool file_source_directory(const char *path)
{
    if (strlen(path) >= sizeof(directory)) {
        return false;
    }
    memcpy(directory, path, strlen(path) + 1);
    return true;
}

struct file_table {
    char *path;        /* NULL: of format() */
    struct slice text; /* of format() */
    struct slice format;
    const struct function_context *context;
};

/* The query's settings of formats; NULL: nobody runs one. */
static const struct format_settings *settings_of(const struct file_table *table)
{
    return table->context->host_asks == NULL ? NULL : table->context->host_asks->format;
}

/* ---- opening */

static struct err *denied(const char *path, const char *why)
{
    return err_new(ERR_DATABASE_DENIED, "file(): \"%s\" %s; files are read from the directory user_files_path only",
                   path, why);
}

/* Opens a path that is relative to the directory; *out is to be closed. */
static struct err *open_below(const char *path, int *out)
{
    struct err *err = NULL;
    char name[256];
    struct stat found;
    int at = -1;

    if (directory[0] == '\0') {
        return err_new(ERR_DATABASE_DENIED, "file(): the server has no directory for files; set user_files_path");
    }
    if (path[0] == '/') {
        return denied(path, "is not a path within that directory");
    }
    at = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (at < 0) {
        return err_errno(ERR_OPEN_FILE, errno, "opening the directory user_files_path");
    }
    while (true) {
        size_t length = strcspn(path, "/");
        bool last = path[length] == '\0';
        if (length == 0 || length >= sizeof(name) || (length == 1 && path[0] == '.') ||
            (length == 2 && memcmp(path, "..", 2) == 0)) {
            err = denied(path, "has a name that is none");
            goto done;
        }
        memcpy(name, path, length);
        name[length] = '\0';
        int next = openat(at, name, O_CLOEXEC | O_NOFOLLOW | (last ? O_RDONLY | O_NONBLOCK : O_PATH | O_DIRECTORY));
        if (next < 0) {
            err = errno == ELOOP    ? denied(name, "is a link")
                  : errno == ENOENT ? err_new(ERR_FILE_NOT_FOUND, "file(): \"%s\" does not exist", name)
                                    : err_errno(ERR_OPEN_FILE, errno, "opening the file \"%s\"", name);
            goto done;
        }
        (void)close(at);
        at = next;
        if (last) {
            break;
        }
        path += length + 1;
    }
    if (fstat(at, &found) != 0 || !S_ISREG(found.st_mode)) {
        err = denied(name, "is no regular file");
        goto done;
    }
    *out = at;
    at = -1;
done:
    if (at >= 0) {
        (void)close(at);
    }
    return err;
}

/* ---- reading */

/* Chunks that are full (all of them: the last one too) go on. */
static struct err *emit(struct arena *arena, const struct source_request *request, struct source_output *output,
                        struct builder *builder, bool *stop)
{
    struct err *err = NULL;
    struct row_chunk **chunks = NULL;
    uint32_t count = 0;

    OR_DONE(builder_take(builder, &chunks, &count));
    for (uint32_t k = 0; k < count && !*stop; k++) {
        uint32_t rows = row_chunk_rows(chunks[k]);
        struct chunk *chunk = chunk_new(arena, request->column_count, rows);
        if (chunk == NULL) {
            err = arena_error(arena);
            goto done;
        }
        for (uint32_t c = 0; c < request->column_count; c++) {
            chunk->columns[c] = row_chunk_column(arena, chunks[k], request->columns[c], rows);
            if (chunk->columns[c] == NULL) {
                err = arena_error(arena);
                goto done;
            }
        }
        OR_DONE(source_emit(output, chunk, stop));
    }
done:
    for (uint32_t k = 0; k < count; k++) {
        row_chunk_unref(chunks[k]);
    }
    free(chunks);
    return err;
}

static struct err *read_piece(int file, const char *path, char *bytes, size_t *length)
{
    ssize_t got;
    do {
        got = read(file, bytes, PIECE_BYTES);
    } while (got < 0 && errno == EINTR);
    if (got < 0) {
        return err_errno(ERR_READ_FILE, errno, "reading the file \"%s\"", path);
    }
    *length = (size_t)got;
    return NULL;
}

static struct err *generate(struct table_source *source, struct arena *arena, const struct source_request *request,
                            struct source_output *output)
{
    struct err *err = NULL;
    const struct file_table *table = source->data;
    struct arena *own = arena_beside(arena); /* columns and the piece; `arena` is not reset while rows are read */
    const struct type **types = own == NULL ? NULL : ARENA_ARRAY(own, const struct type *, source->column_count + 1U);
    struct reader_column *columns =
        own == NULL ? NULL : ARENA_ARRAY(own, struct reader_column, source->column_count + 1U);
    char *bytes = own == NULL ? NULL : arena_alloc(own, PIECE_BYTES);
    struct builder_options builder_options = {0};
    struct reader_options options = {.zone = table->context->zone, .settings = settings_of(table), .in_parts = true};
    struct builder *builder = NULL;
    struct reader *reader = NULL;
    int file = -1;
    bool stop = false, end = false, more = true;
    size_t charged = 0;

    if (types == NULL || columns == NULL || bytes == NULL) {
        err = own == NULL ? err_oom() : arena_error(own);
        goto done;
    }
    for (uint32_t i = 0; i < source->column_count; i++) {
        types[i] = source->columns[i].type;
        columns[i] = (struct reader_column){source->columns[i].name, source->columns[i].type, i};
    }
    OR_DONE(builder_create(types, source->column_count, &builder_options, &builder));
    OR_DONE(reader_create(table->format, columns, source->column_count, source->column_count, &options, &reader));
    if (table->path != NULL) {
        OR_DONE(open_below(table->path, &file));
    }
    for (size_t at = 0; more && !stop;) {
        size_t length = 0;
        if (table->path == NULL) {
            length = table->text.length - at < PIECE_BYTES ? table->text.length - at : PIECE_BYTES;
            end = length == 0;
            OR_DONE(reader_feed(reader, builder, slice_of(table->text.data + at, length), end));
            at += length;
        } else {
            OR_DONE(read_piece(file, table->path, bytes, &length));
            end = length == 0;
            OR_DONE(
                err_while(reader_feed(reader, builder, slice_of(bytes, length), end), "the file \"%s\"", table->path));
        }
        more = !end || reader_more(reader);
        size_t rest = reader_rest_bytes(reader);
        if (rest > charged && !arena_charge(own, rest - charged)) {
            err = arena_error(own);
            goto done;
        }
        charged = rest > charged ? rest : charged;
        if (end || builder_rows(builder) >= CHUNK_ROWS_MAX) {
            struct arena *scratch = arena_beside(arena);
            err = scratch == NULL ? err_oom() : emit(scratch, request, output, builder, &stop);
            arena_destroy(scratch);
            OR_DONE(err);
        }
    }
done:
    if (file >= 0) {
        (void)close(file);
    }
    reader_destroy(reader);
    builder_destroy(builder);
    arena_destroy(own);
    return err;
}

/* ---- the function */

static struct err *text_argument(const struct source_maker *maker, const struct source_argument *argument,
                                 const char *what, struct slice *out)
{
    if (argument->value->type->kind != TYPE_STRING || column_is_null(argument->value, 0)) {
        return err_new(ERR_BAD_ARGUMENTS, "the %s of table function %s is a string", what, maker->name);
    }
    *out = *(const struct slice *)column_value(argument->value, 0);
    return NULL;
}

/* The format that a name's ending means, or "". */
static const char *format_of(struct slice path)
{
    static const char *const endings[][2] = {{".csv", "CSV"},
                                             {".tsv", "TabSeparated"},
                                             {".json", "JSONEachRow"},
                                             {".jsonl", "JSONEachRow"},
                                             {".ndjson", "JSONEachRow"},
                                             {".arrow", "Arrow"},
                                             {".arrows", "ArrowStream"},
                                             {".parquet", "Parquet"}};
    for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
        size_t length = strlen(endings[i][0]);
        if (path.length > length && memcmp(path.data + path.length - length, endings[i][0], length) == 0) {
            return endings[i][1];
        }
    }
    return "";
}

/* Columns from the text's beginning; the format may be another then: with names. Types and names live as the arena. */
static struct err *infer(struct arena *arena, struct file_table *table, struct slice sample, bool whole,
                         struct source_column **columns, uint32_t *count)
{
    struct err *err = NULL;
    struct inferred_column *inferred = NULL;
    struct slice read_as = {0};
    struct arena *own = arena_beside(arena);
    if (own == NULL) {
        return err_oom();
    }
    OR_DONE(format_infer(own, table->format, settings_of(table), sample, whole, &inferred, count, &read_as));
    *columns = ARENA_ARRAY(arena, struct source_column, *count + 1U);
    table->format = arena_slice(arena, read_as);
    for (uint32_t i = 0; *columns != NULL && i < *count; i++) {
        (*columns)[i] =
            (struct source_column){arena_slice(arena, inferred[i].name), type_copy(arena, inferred[i].type)};
        if ((*columns)[i].name.data == NULL || (*columns)[i].type == NULL) {
            err = arena_error(arena);
            goto done;
        }
        for (uint32_t k = 0; k < i; k++) {
            if (slice_equal((*columns)[k].name, (*columns)[i].name)) {
                err = err_new(ERR_CANNOT_INFER_STRUCTURE, "Cannot extract table structure: the name %.*s stands twice",
                              SLICE_ARG((*columns)[i].name));
                goto done;
            }
        }
    }
    if (*columns == NULL || table->format.data == NULL) {
        err = arena_error(arena);
    }
done:
    arena_destroy(own);
    return err;
}

static struct err *infer_file(struct arena *arena, struct file_table *table, struct source_column **columns,
                              uint32_t *count)
{
    struct err *err = NULL;
    struct arena *own = arena_beside(arena);
    struct stat found;
    int file = -1;
    size_t length = 0, got = 1;

    if (own == NULL) {
        return err_oom();
    }
    OR_DONE(open_below(table->path, &file));
    size_t most = slice_equal(table->format, slice_text("Parquet")) ? FILE_BYTES_MAX : INFER_BYTES_MAX;
    size_t wanted = fstat(file, &found) == 0 && (uint64_t)found.st_size < most ? (size_t)found.st_size + 1 : most;
    char *bytes = arena_alloc(own, wanted + PIECE_BYTES);
    if (bytes == NULL) {
        err = arena_error(own);
        goto done;
    }
    while (length < wanted && got > 0) {
        OR_DONE(read_piece(file, table->path, bytes + length, &got));
        length += got;
    }
    OR_DONE(err_while(infer(arena, table, slice_of(bytes, length), got == 0, columns, count), "the file \"%s\"",
                      table->path));
done:
    if (file >= 0) {
        (void)close(file);
    }
    arena_destroy(own);
    return err;
}

struct err *file_make(MAKE_ARGUMENTS)
{
    struct err *err = NULL;
    struct slice path = {0}, format = {0};
    struct source_column *columns = NULL;
    uint32_t count = 0;
    struct file_table *table = ARENA_NEW(arena, struct file_table);

    if (table == NULL) {
        return arena_error(arena);
    }
    if (argument_count == 0 || argument_count > 4) {
        return err_new(ERR_ARGUMENT_COUNT, "table function %s takes a path, a format and a structure, %u given",
                       maker->name, argument_count);
    }
    OR_DONE(text_argument(maker, &arguments[0], "path", &path));
    if (argument_count > 1) {
        OR_DONE(text_argument(maker, &arguments[1], "format", &format));
    }
    if (argument_count > 3) {
        return err_new(ERR_NOT_IMPLEMENTED, "table function %s reads no compressed files", maker->name);
    }
    if (path.length >= PATH_BYTES || memchr(path.data, 0, path.length) != NULL) {
        return err_new(ERR_BAD_ARGUMENTS, "the path of table function %s is too long", maker->name);
    }
    table->path = arena_text(arena, path);
    if (table->path == NULL) {
        return arena_error(arena);
    }
    if (strcspn(table->path, "*?{") < path.length) {
        return err_new(ERR_NOT_IMPLEMENTED, "wildcards in the path of table function %s are not supported yet",
                       maker->name);
    }
    table->format =
        format.length == 0 || slice_equal(format, slice_text("auto")) ? slice_text(format_of(path)) : format;
    table->format = arena_slice(arena, table->format);
    if (table->format.data == NULL) {
        return arena_error(arena);
    }
    if (table->format.length == 0) {
        return err_new(ERR_BAD_ARGUMENTS, "table function %s: the name \"%s\" does not tell the format; give it",
                       maker->name, table->path);
    }
    table->context = context;
    bool automatic = argument_count < 3;
    if (!automatic) {
        struct slice structure = {0};
        OR_DONE(text_argument(maker, &arguments[2], "structure", &structure));
        automatic = slice_equal(structure, slice_text("auto"));
    }
    OR_DONE(automatic ? infer_file(arena, table, &columns, &count)
                      : structure_argument(maker, arena, &arguments[2], &columns, &count));
    err = source_of_columns(maker, arena, columns, count, generate, table, out);
done:
    return err;
}

struct err *format_make(MAKE_ARGUMENTS)
{
    struct err *err = NULL;
    struct slice format = {0}, text = {0};
    struct source_column *columns = NULL;
    uint32_t count = 0;
    struct file_table *table = ARENA_NEW(arena, struct file_table);

    if (table == NULL) {
        return arena_error(arena);
    }
    if (argument_count < 2 || argument_count > 3) {
        return err_new(ERR_ARGUMENT_COUNT,
                       "table function %s takes a format, a structure or none, and a text, %u given", maker->name,
                       argument_count);
    }
    OR_DONE(text_argument(maker, &arguments[0], "format", &format));
    OR_DONE(text_argument(maker, &arguments[argument_count - 1], "text", &text));
    *table = (struct file_table){NULL, arena_slice(arena, text), arena_slice(arena, format), context};
    if (table->text.data == NULL || table->format.data == NULL) {
        return arena_error(arena);
    }
    OR_DONE(argument_count == 2 ? infer(arena, table, table->text, true, &columns, &count)
                                : structure_argument(maker, arena, &arguments[1], &columns, &count));
    err = source_of_columns(maker, arena, columns, count, generate, table, out);
done:
    return err;
}
