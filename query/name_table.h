/*
 * name_table.h: names of functions and what they stand for, some of them in any case: open addressing.
 *
 * size     fixed; at least twice the number of names
 * thread   built once, before others read it (pthread_once)
 */
#ifndef QUERY_NAME_TABLE_H
#define QUERY_NAME_TABLE_H

#include "base/slice.h"

#define NAME_TABLE_SLOTS 4096U /* a power of two */

struct name_table {
    struct name_entry {
        const char *name; /* NULL: free */
        bool any_case;
        const void *object;
    } entries[NAME_TABLE_SLOTS];
};

/* name: static. */
void name_table_add(struct name_table *table, const char *name, bool any_case, const void *object);
/* NULL: there is no such name. */
const void *name_table_find(const struct name_table *table, struct slice name);

#endif
