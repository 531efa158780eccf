/*
 * files.h: files that statements name: INSERT … FROM INFILE, SELECT … INTO OUTFILE, packed or not.
 */
#ifndef CLIENT_FILES_H
#define CLIENT_FILES_H

#include "base/err.h"
#include "base/text.h"
#include "client/statement.h"

struct file_reader;
struct file_writer;

/* The format that a file's name says ("rows.csv.gz": CSV); NULL: none. */
const char *file_format(const char *path);

/* source: a clause FROM INFILE; path: what it says, unquoted. */
struct err *file_reader_open(const struct statement_file *source, const char *path, struct file_reader **out);
void file_reader_close(struct file_reader *reader); /* accepts NULL */
/* Up to `bytes` bytes, unpacked; *count 0: the end. */
struct err *file_reader_read(struct file_reader *reader, char *to, size_t bytes, size_t *count);

/* A file that is there is an error without APPEND or TRUNCATE. */
struct err *file_writer_open(const struct statement_file *target, const char *path, struct file_writer **out);
struct err *file_writer_write(struct file_writer *writer, const char *data, size_t bytes);
/* keep: the statement went well; a file that was made for one that did not is removed. Frees the writer; accepts NULL. */
struct err *file_writer_close(struct file_writer *writer, bool keep);

#endif
