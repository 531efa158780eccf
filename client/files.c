/*
 * files.c: files that statements name: opened here, on the client's machine, packed and unpacked on the way.
 *
 * memory   pieces of PIECE_BYTES; what an unpacker keeps (windows) is bounded by UNPACK_BYTES_MAX
 */
#include "client/files.h"

#include "base/arena.h"
#include "format/encoding.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define PIECE_BYTES      ((size_t)64 << 10)
#define UNPACK_BYTES_MAX ((uint64_t)256 << 20)

struct file_reader {
    int file;
    char *path;
    struct budget budget;
    struct unpacker *unpacker; /* NULL: as it is */
    char *packed;              /* PIECE_BYTES */
    struct slice left;         /* of them */
    bool ended, more;
    struct buffer out;
    size_t out_sent;
};

struct file_writer {
    int file;
    char *path;
    bool made; /* it was not there before */
    struct packer *packer;
    struct buffer packed;
};

static const struct {
    const char *ending;
    enum encoding encoding;
} endings[] = {{".gz", ENCODING_GZIP},         {".gzip", ENCODING_GZIP},    {".zst", ENCODING_ZSTD},
               {".zstd", ENCODING_ZSTD},       {".lz4", ENCODING_LZ4},      {".br", ENCODING_BROTLI},
               {".deflate", ENCODING_DEFLATE}, {".zz", ENCODING_DEFLATE},   {".xz", ENCODING_XZ},
               {".bz2", ENCODING_BZIP2},       {".snappy", ENCODING_SNAPPY}};

static const struct {
    const char *ending, *format;
} formats[] = {
    {".csv", "CSV"},           {".tsv", "TabSeparated"},   {".tskv", "TSKV"},       {".json", "JSONEachRow"},
    {".jsonl", "JSONEachRow"}, {".ndjson", "JSONEachRow"}, {".native", "Native"},   {".rowbinary", "RowBinary"},
    {".arrow", "Arrow"},       {".arrows", "ArrowStream"}, {".bin", "RowBinary"},   {".md", "Markdown"},
    {".xml", "XML"},           {".txt", "TabSeparated"},   {".parquet", "Parquet"}, {".pq", "Parquet"}};

static bool ends_with(struct slice path, const char *ending)
{
    size_t length = strlen(ending);
    return path.length > length && strncasecmp(path.data + path.length - length, ending, length) == 0;
}

/* By the path's ending; its bytes without it. */
static enum encoding encoding_of_path(const char *path, size_t *length)
{
    *length = strlen(path);
    for (size_t k = 0; k < sizeof(endings) / sizeof(endings[0]); k++) {
        if (ends_with(slice_text(path), endings[k].ending)) {
            *length -= strlen(endings[k].ending);
            return endings[k].encoding;
        }
    }
    return ENCODING_NONE;
}

const char *file_format(const char *path)
{
    size_t length;
    (void)encoding_of_path(path, &length);
    for (size_t k = 0; k < sizeof(formats) / sizeof(formats[0]); k++) {
        if (ends_with(slice_of(path, length), formats[k].ending)) {
            return formats[k].format;
        }
    }
    return NULL;
}

static struct err *choose_encoding(const struct statement_file *file, const char *path, enum encoding *out)
{
    size_t length;
    struct buffer name = {0};
    struct err *err = NULL;
    statement_unquote(file->compression, &name);
    struct slice text = name.failed ? slice_text("") : buffer_all(&name);
    if (text.length == 0 || slice_is_word(text, "auto")) {
        *out = encoding_of_path(path, &length);
    } else if (slice_is_word(text, "none")) {
        *out = ENCODING_NONE;
    } else if (slice_is_word(text, "gz")) {
        *out = ENCODING_GZIP;
    } else if (slice_is_word(text, "zst")) {
        *out = ENCODING_ZSTD;
    } else if (slice_is_word(text, "brotli")) {
        *out = ENCODING_BROTLI;
    } else if (!encoding_find(text, out)) {
        err =
            err_new(ERR_NOT_IMPLEMENTED,
                    "COMPRESSION '%.*s' is not known; there are auto, none, gzip, zstd, lz4, br, deflate, xz, bz2 and "
                    "snappy",
                    SLICE_ARG(text));
    }
    buffer_deinit(&name);
    return err;
}

/* ---- reading */

struct err *file_reader_open(const struct statement_file *source, const char *path, struct file_reader **out)
{
    struct err *err = NULL;
    enum encoding encoding;
    struct file_reader *reader = calloc(1, sizeof(*reader));
    if (reader == NULL) {
        return err_oom();
    }
    reader->file = -1;
    reader->path = strdup(path);
    reader->packed = malloc(PIECE_BYTES);
    if (reader->path == NULL || reader->packed == NULL) {
        err = err_oom();
        goto done;
    }
    OR_DONE(choose_encoding(source, path, &encoding));
    reader->file = open(path, O_RDONLY | O_CLOEXEC);
    if (reader->file < 0) {
        err = err_errno(ERR_OPEN_FILE, errno, "opening \"%s\" (INFILE)", path);
        goto done;
    }
    if (encoding != ENCODING_NONE) {
        budget_init(&reader->budget, "unpacking INFILE", UNPACK_BYTES_MAX, NULL);
        OR_DONE(unpacker_create(encoding, &reader->budget, &reader->unpacker));
    }
    *out = reader;
    reader = NULL;
done:
    file_reader_close(reader);
    return err;
}

void file_reader_close(struct file_reader *reader)
{
    if (reader != NULL) {
        unpacker_destroy(reader->unpacker);
        buffer_deinit(&reader->out);
        free(reader->packed);
        free(reader->path);
        if (reader->file >= 0) {
            (void)close(reader->file);
        }
        free(reader);
    }
}

static struct err *read_file(struct file_reader *reader, char *to, size_t bytes, size_t *count)
{
    ssize_t got;
    do {
        got = read(reader->file, to, bytes);
    } while (got < 0 && errno == EINTR);
    if (got < 0) {
        return err_errno(ERR_READ_FILE, errno, "reading \"%s\" (INFILE)", reader->path);
    }
    *count = (size_t)got;
    return NULL;
}

struct err *file_reader_read(struct file_reader *reader, char *to, size_t bytes, size_t *count)
{
    struct err *err = NULL;
    *count = 0;
    if (reader->unpacker == NULL) {
        return read_file(reader, to, bytes, count);
    }
    while (reader->out_sent == reader->out.length && !(reader->ended && reader->left.length == 0 && !reader->more)) {
        reader->out.length = reader->out_sent = 0;
        if (reader->left.length == 0 && !reader->ended && !reader->more) {
            size_t got;
            OR_DONE(read_file(reader, reader->packed, PIECE_BYTES, &got));
            reader->left = slice_of(reader->packed, got);
            reader->ended = got == 0;
        }
        OR_DONE(
            unpacker_step(reader->unpacker, &reader->left, reader->ended, &reader->out, PIECE_BYTES, &reader->more));
    }
    size_t left = reader->out.length - reader->out_sent, taken = left < bytes ? left : bytes;
    if (taken > 0) {
        memcpy(to, reader->out.data + reader->out_sent, taken);
    }
    reader->out_sent += taken;
    *count = taken;
done:
    return err_while(err, "reading \"%s\" (INFILE)", reader->path);
}

/* ---- writing */

struct err *file_writer_open(const struct statement_file *target, const char *path, struct file_writer **out)
{
    struct err *err = NULL;
    enum encoding encoding;
    struct file_writer *writer = calloc(1, sizeof(*writer));
    if (writer == NULL) {
        return err_oom();
    }
    writer->file = -1;
    writer->path = strdup(path);
    if (writer->path == NULL) {
        err = err_oom();
        goto done;
    }
    OR_DONE(choose_encoding(target, path, &encoding));
    if (encoding == ENCODING_BROTLI && target->append) {
        err = err_new(ERR_NOT_IMPLEMENTED, "APPEND to \"%s\": what brotli packed cannot be added to", path);
        goto done;
    }
    if (encoding != ENCODING_NONE) {
        OR_DONE(packer_create(encoding, NULL, &writer->packer));
    }
    writer->file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    writer->made = writer->file >= 0;
    if (writer->file < 0 && errno == EEXIST && (target->append || target->truncate)) {
        writer->file = open(path, O_WRONLY | O_CLOEXEC | (target->append ? O_APPEND : O_TRUNC));
    } else if (writer->file < 0 && errno == EEXIST) {
        err = err_new(ERR_OPEN_FILE, "the file \"%s\" exists; INTO OUTFILE '…' APPEND adds to it, TRUNCATE replaces it",
                      path);
        goto done;
    }
    if (writer->file < 0) {
        err = err_errno(ERR_OPEN_FILE, errno, "opening \"%s\" (OUTFILE)", path);
        goto done;
    }
    *out = writer;
    writer = NULL;
done:
    err_free(file_writer_close(writer, false));
    return err;
}

static struct err *write_all(const struct file_writer *writer, struct slice bytes)
{
    while (bytes.length > 0) {
        ssize_t count = write(writer->file, bytes.data, bytes.length);
        if (count < 0 && errno != EINTR) {
            return err_errno(ERR_IO, errno, "writing \"%s\" (OUTFILE)", writer->path);
        }
        size_t written = count < 0 ? 0 : (size_t)count;
        bytes = slice_of(bytes.data + written, bytes.length - written);
    }
    return NULL;
}

struct err *file_writer_write(struct file_writer *writer, const char *data, size_t bytes)
{
    if (writer->packer == NULL) {
        return write_all(writer, slice_of(data, bytes));
    }
    struct err *err = NULL;
    writer->packed.length = 0;
    for (size_t at = 0; at < bytes && err == NULL; at += PIECE_BYTES) {
        size_t piece = bytes - at < PIECE_BYTES ? bytes - at : PIECE_BYTES;
        err = packer_put(writer->packer, slice_of(data + at, piece), &writer->packed);
    }
    return err != NULL ? err : write_all(writer, buffer_all(&writer->packed));
}

struct err *file_writer_close(struct file_writer *writer, bool keep)
{
    struct err *err = NULL;
    if (writer == NULL) {
        return NULL;
    }
    if (keep && writer->packer != NULL) {
        writer->packed.length = 0;
        err = packer_end(writer->packer, &writer->packed);
        err = err != NULL ? err : write_all(writer, buffer_all(&writer->packed));
    }
    if (writer->file >= 0 && close(writer->file) != 0 && err == NULL) {
        err = err_errno(ERR_IO, errno, "closing \"%s\" (OUTFILE)", writer->path);
    }
    if (writer->made && (!keep || err != NULL)) {
        (void)unlink(writer->path);
    }
    packer_destroy(writer->packer);
    buffer_deinit(&writer->packed);
    free(writer->path);
    free(writer);
    return err;
}
