/*
 * yaml_file.h: the configuration file as a document, for sections that are more than keys with one value.
 *
 * errors   ERR_OPEN_FILE: it cannot be opened; ERR_BAD_ARGUMENTS: it is not YAML, with its line
 * source   YAML 1.1, by libyaml
 */
#ifndef SERVER_YAML_FILE_H
#define SERVER_YAML_FILE_H

#include "base/err.h"

#include <yaml.h>

/* Without an error the caller deletes *out. */
struct err *yaml_file_load(const char *path, yaml_document_t *out);

#endif
