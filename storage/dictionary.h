/*
 * dictionary.h: a growing dictionary of strings, from the decoder's bytes to codes, while readers look on.
 *
 * One dictionary belongs to one writer (table, writer, column). The writer finds or adds an entry and stores its code
 * in a chunk; readers see the codes of published rows and, through dictionary_column, at least the entries that those
 * codes name. Entries never move and never change: their slices stand in memory mapped once at full size (pages that
 * are not touched cost nothing), their bytes in heap pieces. The hash table is the writer's alone.
 * A NULL is an entry of its own (dictionary_null).
 *
 * bound    DICTIONARY_ENTRIES_MAX entries decide that the next chunk is plain; the chunk in hand may still add its rows
 * thread   add: the writer. Everything else: any, once published ("released in head_publish, acquired in
 *          snapshot_take").
 * owner    reference counted: the writer and each chunk hold one
 */
#ifndef STORAGE_DICTIONARY_H
#define STORAGE_DICTIONARY_H

#include "base/arena.h"
#include "base/slice.h"
#include "storage/column.h"

#include <stdbool.h>
#include <stdint.h>

#define DICTIONARY_ENTRIES_MAX 65536U
#define DICTIONARY_BYTES_MAX   ((uint64_t)4 << 20)
#define DICTIONARY_NO_CODE     UINT32_MAX

struct dictionary;

struct dictionary *dictionary_create(bool nullable); /* NULL: memory is out */
struct dictionary *dictionary_ref(struct dictionary *dictionary);
void dictionary_unref(struct dictionary *dictionary); /* accepts NULL */

/* The code of the string, which is copied when it is new; DICTIONARY_NO_CODE: memory is out. */
uint32_t dictionary_code(struct dictionary *dictionary, const char *data, size_t length);
uint32_t dictionary_null(struct dictionary *dictionary);

uint32_t dictionary_count(const struct dictionary *dictionary);
/* Too many entries or bytes: the next chunk should not be coded with it. */
bool dictionary_is_full(const struct dictionary *dictionary);

/* A DICT column over codes[0..row_count). Its dictionary_id changes when the dictionary has grown since. */
struct column *dictionary_column(struct arena *arena, struct dictionary *dictionary, const struct type *type,
                                 uint32_t *codes, uint32_t row_count);

#endif
