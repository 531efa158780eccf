/*
 * yaml_file.c: the configuration file as a document.
 */
#include "server/yaml_file.h"

#include <errno.h>
#include <stdio.h>

struct err *yaml_file_load(const char *path, yaml_document_t *out)
{
    struct err *err = NULL;
    yaml_parser_t parser;
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return err_errno(ERR_OPEN_FILE, errno, "reading the configuration file \"%s\"", path);
    }
    if (!yaml_parser_initialize(&parser)) {
        (void)fclose(file);
        return err_oom();
    }
    yaml_parser_set_input_file(&parser, file);
    if (!yaml_parser_load(&parser, out)) {
        err = err_new(ERR_BAD_ARGUMENTS, "%s, line %zu: %s", path, parser.problem_mark.line + 1,
                      parser.problem == NULL ? "not YAML" : parser.problem);
    }
    yaml_parser_delete(&parser);
    (void)fclose(file);
    return err;
}
