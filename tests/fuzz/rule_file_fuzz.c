/*
 * rule_file_fuzz.c: any bytes as a rule file, and as the JSON of labels.
 */
#include "alert/rule_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rule_list list;
    struct labels labels;
    struct slice text = slice_of((const char *)data, size);
    err_free(rule_file_parse(text, slice_text("f"), slice_text("default"), &list));
    rule_list_deinit(&list);
    struct arena *arena = arena_create(NULL);
    if (arena != NULL) {
        err_free(labels_read_json(arena, text, &labels));
        arena_destroy(arena);
    }
    return 0;
}
