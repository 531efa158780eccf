/*
 * live_batch.c: bytes on their way to one viewer: its own, and events that it shares with others.
 */
#include "server/live_private.h"

#include <stdlib.h>

static struct live_piece *add(struct live_batch *batch)
{
    if (batch->count == batch->capacity) {
        uint32_t capacity = batch->capacity == 0 ? 16 : 2 * batch->capacity;
        struct live_piece *grown = realloc(batch->pieces, capacity * sizeof(*grown));
        if (grown == NULL) {
            batch->failed = true;
            return NULL;
        }
        batch->pieces = grown;
        batch->capacity = capacity;
    }
    return &batch->pieces[batch->count++];
}

void live_batch_text(struct live_batch *batch, const char *text, size_t length)
{
    struct live_piece *last = batch->count == 0 ? NULL : &batch->pieces[batch->count - 1];
    size_t at = batch->scratch.length;
    if (length == 0) {
        return;
    }
    buffer_append(&batch->scratch, text, length);
    batch->failed = batch->failed || batch->scratch.failed;
    batch->bytes += length;
    if (last != NULL && last->shared == NULL && last->at + last->length == at) {
        last->length += length;
        return;
    }
    struct live_piece *piece = add(batch);
    if (piece != NULL) {
        *piece = (struct live_piece){.at = at, .length = length};
    }
}

void live_batch_shared(struct live_batch *batch, struct live_bytes *bytes)
{
    struct live_piece *piece = add(batch);
    if (piece == NULL) {
        live_bytes_unref(bytes);
        return;
    }
    *piece = (struct live_piece){.shared = bytes, .length = bytes->length};
    batch->bytes += bytes->length;
}

void live_batch_clear(struct live_batch *batch)
{
    for (uint32_t i = 0; i < batch->count; i++) {
        live_bytes_unref(batch->pieces[i].shared);
    }
    free(batch->pieces);
    buffer_deinit(&batch->scratch);
    *batch = (struct live_batch){0};
}
