/*
 * template_fuzz.c: any text as a template of an annotation.
 *
 * checks   it ends, within its bounds of steps, memory and output; a template that can be read is read again the same; no
 *          answer is longer than what a template may write
 */
#include "alert/template.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct label labels[] = {{{"alertname", 9}, {"High", 4}}, {{"host", 4}, {"web-1.example.com:9100", 22}}};

static struct err *query(void *object, struct slice sql, struct arena *arena, struct template_sample **samples,
                         uint32_t *count)
{
    (void)object;
    *count = (uint32_t)(sql.length % 5);
    *samples = ARENA_ARRAY(arena, struct template_sample, 5);
    for (uint32_t k = 0; k < *count && *samples != NULL; k++) {
        (*samples)[k] = (struct template_sample){{labels, 2}, k * 1.5};
    }
    return *samples == NULL ? arena_error(arena) : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct template_input input = {.labels = {labels, 2},
                                         .external_url = {"http://weir/x", 13},
                                         .value = (double)size * 0.7,
                                         .now_us = 1700000000123456,
                                         .query = query};
    struct slice text = slice_of((const char *)data, size);
    struct buffer out[2] = {0};
    struct err *err = template_check(text);
    bool good = template_expand(text, &input, &out[0]);
    bool again = template_expand(text, &input, &out[1]);
    bool bounded = !good || out[0].length <= TEMPLATE_OUTPUT_BYTES_MAX;
    bool readable = err == NULL || !good || memmem(data, size, "{{", 2) == NULL;
    if (good != again || !slice_equal(buffer_all(&out[0]), buffer_all(&out[1])) || !bounded || !readable) {
        (void)fprintf(stderr, "good %d again %d bounded %d readable %d\n", good, again, bounded, readable);
        abort();
    }
    err_free(err);
    buffer_deinit(&out[0]);
    buffer_deinit(&out[1]);
    return 0;
}
