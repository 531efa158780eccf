/*
 * file_source.h: the table functions file() and format().
 */
#ifndef QUERY_FILE_SOURCE_H
#define QUERY_FILE_SOURCE_H

#include "query/value_sources.h"

/* The one directory below which files may be read; empty: none. At start. False: the path is too long. */
bool file_source_directory(const char *path);
struct err *file_make(MAKE_ARGUMENTS);
/* format(Name, ['structure',] 'data'): rows of a text. */
struct err *format_make(MAKE_ARGUMENTS);

#endif
