/*
 * name_table.c: names and what they stand for.
 */
#include "query/name_table.h"

#include <strings.h>

/* The same for names that differ in case alone. */
static uint32_t name_hash(struct slice name)
{
    uint32_t hash = 2166136261U;
    for (size_t i = 0; i < name.length; i++) {
        unsigned char c = (unsigned char)name.data[i];
        hash = (hash ^ (c >= 'A' && c <= 'Z' ? c + 32U : c)) * 16777619U;
    }
    return hash;
}

void name_table_add(struct name_table *table, const char *name, bool any_case, const void *object)
{
    uint32_t slot = name_hash(slice_text(name)) & (NAME_TABLE_SLOTS - 1);
    while (table->entries[slot].name != NULL) {
        slot = (slot + 1) & (NAME_TABLE_SLOTS - 1);
    }
    table->entries[slot] = (struct name_entry){name, any_case, object};
}

const void *name_table_find(const struct name_table *table, struct slice name)
{
    for (uint32_t slot = name_hash(name) & (NAME_TABLE_SLOTS - 1); table->entries[slot].name != NULL;
         slot = (slot + 1) & (NAME_TABLE_SLOTS - 1)) {
        const struct name_entry *entry = &table->entries[slot];
        if (strlen(entry->name) == name.length &&
            (entry->any_case ? strncasecmp(entry->name, name.data, name.length) == 0
                             : memcmp(entry->name, name.data, name.length) == 0)) {
            return entry->object;
        }
    }
    return NULL;
}
