/*
 * privileges.c: the table of privileges: names, groups, levels.
 *
 * order    a group stands before what belongs to it; the table's depth says to what (as in ClickHouse's
 *          system.privileges)
 */
#include "sql/privileges.h"

#include "base/err.h"

#include <stddef.h>
#include <strings.h>

static const struct entry {
    const char *name;
    const char *alias; /* or NULL */
    int depth;
    int leaf; /* or -1: a group */
    enum privilege_level level;
} entries[] = {
#define GROUP(depth, name, alias)                                                                                      \
    {                                                                                                                  \
        name, alias, depth, -1, PRIVILEGE_GLOBAL                                                                       \
    }
#define LEAF(depth, name, alias, leaf, level)                                                                          \
    {                                                                                                                  \
        name, alias, depth, leaf, PRIVILEGE_##level                                                                    \
    }
    GROUP(0, "ALL", "ALL PRIVILEGES"),
    GROUP(1, "SHOW", NULL),
    LEAF(2, "SHOW DATABASES", NULL, MAY_SHOW_DATABASES, DATABASE),
    LEAF(2, "SHOW TABLES", NULL, MAY_SHOW_TABLES, TABLE),
    LEAF(2, "SHOW COLUMNS", NULL, MAY_SHOW_COLUMNS, COLUMN),
    LEAF(2, "SHOW ALERTS", NULL, MAY_SHOW_ALERTS, TABLE),
    LEAF(2, "SHOW DICTIONARIES", NULL, MAY_SHOW_DICTIONARIES, TABLE),
    LEAF(1, "SELECT", NULL, MAY_SELECT, COLUMN),
    LEAF(1, "INSERT", NULL, MAY_INSERT, COLUMN),
    GROUP(1, "ALTER", NULL),
    GROUP(2, "ALTER TABLE", NULL),
    LEAF(3, "ALTER UPDATE", "UPDATE", MAY_ALTER_UPDATE, COLUMN),
    LEAF(3, "ALTER DELETE", "DELETE", MAY_ALTER_DELETE, TABLE),
    GROUP(3, "ALTER COLUMN", NULL),
    LEAF(4, "ALTER ADD COLUMN", "ADD COLUMN", MAY_ADD_COLUMN, COLUMN),
    LEAF(4, "ALTER MODIFY COLUMN", "MODIFY COLUMN", MAY_MODIFY_COLUMN, COLUMN),
    LEAF(4, "ALTER DROP COLUMN", "DROP COLUMN", MAY_DROP_COLUMN, COLUMN),
    LEAF(4, "ALTER COMMENT COLUMN", "COMMENT COLUMN", MAY_COMMENT_COLUMN, COLUMN),
    LEAF(4, "ALTER CLEAR COLUMN", "CLEAR COLUMN", MAY_CLEAR_COLUMN, COLUMN),
    LEAF(4, "ALTER RENAME COLUMN", "RENAME COLUMN", MAY_RENAME_COLUMN, COLUMN),
    GROUP(3, "ALTER INDEX", "INDEX"),
    LEAF(4, "ALTER ORDER BY", "MODIFY ORDER BY", MAY_ALTER_ORDER_BY, TABLE),
    LEAF(4, "ALTER ADD INDEX", "ADD INDEX", MAY_ADD_INDEX, TABLE),
    LEAF(4, "ALTER DROP INDEX", "DROP INDEX", MAY_DROP_INDEX, TABLE),
    LEAF(4, "ALTER MATERIALIZE INDEX", "MATERIALIZE INDEX", MAY_MATERIALIZE_INDEX, TABLE),
    LEAF(3, "ALTER TTL", "MODIFY TTL", MAY_ALTER_TTL, TABLE),
    LEAF(3, "ALTER MATERIALIZE TTL", "MATERIALIZE TTL", MAY_MATERIALIZE_TTL, TABLE),
    LEAF(3, "ALTER SETTINGS", "ALTER MODIFY SETTING", MAY_ALTER_SETTINGS, TABLE),
    LEAF(3, "ALTER MODIFY COMMENT", "MODIFY COMMENT", MAY_MODIFY_COMMENT, TABLE),
    LEAF(3, "ALTER MOVE PARTITION", "MOVE PARTITION", MAY_MOVE_PARTITION, TABLE),
    LEAF(3, "ALTER FREEZE PARTITION", "FREEZE PARTITION", MAY_FREEZE_PARTITION, TABLE),
    LEAF(3, "ALTER HOLD", "HOLD", MAY_ALTER_HOLD, TABLE),
    LEAF(3, "REPAIR TABLE", "REPAIR", MAY_REPAIR, TABLE),
    LEAF(2, "ALTER VIEW", NULL, MAY_ALTER_VIEW, TABLE),
    LEAF(2, "ALTER SOURCE", NULL, MAY_ALTER_SOURCE, TABLE),
    LEAF(2, "ALTER ALERT", NULL, MAY_ALTER_ALERT, TABLE),
    GROUP(1, "CREATE", NULL),
    LEAF(2, "CREATE DATABASE", NULL, MAY_CREATE_DATABASE, DATABASE),
    LEAF(2, "CREATE TABLE", NULL, MAY_CREATE_TABLE, TABLE),
    LEAF(2, "CREATE VIEW", NULL, MAY_CREATE_VIEW, TABLE),
    LEAF(2, "CREATE DICTIONARY", NULL, MAY_CREATE_DICTIONARY, TABLE),
    LEAF(2, "CREATE SOURCE", NULL, MAY_CREATE_SOURCE, TABLE),
    LEAF(2, "CREATE ALERT", NULL, MAY_CREATE_ALERT, TABLE),
    LEAF(1, "CREATE TEMPORARY TABLE", NULL, MAY_CREATE_TEMPORARY_TABLE, GLOBAL),
    GROUP(1, "DROP", NULL),
    LEAF(2, "DROP DATABASE", NULL, MAY_DROP_DATABASE, DATABASE),
    LEAF(2, "DROP TABLE", NULL, MAY_DROP_TABLE, TABLE),
    LEAF(2, "DROP VIEW", NULL, MAY_DROP_VIEW, TABLE),
    LEAF(2, "DROP DICTIONARY", NULL, MAY_DROP_DICTIONARY, TABLE),
    LEAF(2, "DROP SOURCE", NULL, MAY_DROP_SOURCE, TABLE),
    LEAF(2, "DROP ALERT", NULL, MAY_DROP_ALERT, TABLE),
    LEAF(1, "TRUNCATE", "TRUNCATE TABLE", MAY_TRUNCATE, TABLE),
    LEAF(1, "OPTIMIZE", "OPTIMIZE TABLE", MAY_OPTIMIZE, TABLE),
    LEAF(1, "CHECK", "CHECK TABLE", MAY_CHECK, TABLE),
    LEAF(1, "BACKUP", NULL, MAY_BACKUP, TABLE),
    LEAF(1, "KILL QUERY", NULL, MAY_KILL_QUERY, GLOBAL),
    LEAF(1, "ALTER DASHBOARD", NULL, MAY_ALTER_DASHBOARD, GLOBAL),
    GROUP(1, "ACCESS MANAGEMENT", NULL),
    LEAF(2, "CREATE USER", NULL, MAY_CREATE_USER, GLOBAL),
    LEAF(2, "ALTER USER", NULL, MAY_ALTER_USER, GLOBAL),
    LEAF(2, "DROP USER", NULL, MAY_DROP_USER, GLOBAL),
    LEAF(2, "CREATE ROLE", NULL, MAY_CREATE_ROLE, GLOBAL),
    LEAF(2, "ALTER ROLE", NULL, MAY_ALTER_ROLE, GLOBAL),
    LEAF(2, "DROP ROLE", NULL, MAY_DROP_ROLE, GLOBAL),
    LEAF(2, "ROLE ADMIN", NULL, MAY_ROLE_ADMIN, GLOBAL),
    LEAF(2, "CREATE QUOTA", NULL, MAY_CREATE_QUOTA, GLOBAL),
    LEAF(2, "ALTER QUOTA", NULL, MAY_ALTER_QUOTA, GLOBAL),
    LEAF(2, "DROP QUOTA", NULL, MAY_DROP_QUOTA, GLOBAL),
    LEAF(2, "CREATE SETTINGS PROFILE", "CREATE PROFILE", MAY_CREATE_PROFILE, GLOBAL),
    LEAF(2, "ALTER SETTINGS PROFILE", "ALTER PROFILE", MAY_ALTER_PROFILE, GLOBAL),
    LEAF(2, "DROP SETTINGS PROFILE", "DROP PROFILE", MAY_DROP_PROFILE, GLOBAL),
    GROUP(2, "SHOW ACCESS", NULL),
    LEAF(3, "SHOW USERS", "SHOW CREATE USER", MAY_SHOW_USERS, GLOBAL),
    LEAF(3, "SHOW ROLES", "SHOW CREATE ROLE", MAY_SHOW_ROLES, GLOBAL),
    LEAF(3, "SHOW QUOTAS", "SHOW CREATE QUOTA", MAY_SHOW_QUOTAS, GLOBAL),
    LEAF(3, "SHOW SETTINGS PROFILES", "SHOW PROFILES", MAY_SHOW_PROFILES, GLOBAL),
    GROUP(1, "SYSTEM", NULL),
    LEAF(2, "SYSTEM RELOAD DICTIONARY", "RELOAD DICTIONARY", MAY_RELOAD_DICTIONARY, GLOBAL),
    LEAF(2, "SYSTEM FLUSH LOGS", "FLUSH LOGS", MAY_FLUSH_LOGS, GLOBAL),
    LEAF(2, "SYSTEM FLUSH ASYNC INSERT QUEUE", "FLUSH ASYNC INSERT QUEUE", MAY_FLUSH_INSERT_QUEUE, GLOBAL),
    LEAF(2, "SYSTEM UNFREEZE", "UNFREEZE", MAY_UNFREEZE, GLOBAL),
    LEAF(2, "SYSTEM RELOAD CONFIG", "RELOAD CONFIG", MAY_SYSTEM_OTHER, GLOBAL),
    LEAF(1, "dictGet", "dictHas", MAY_DICT_GET, TABLE),
    LEAF(1, "INTROSPECTION", NULL, MAY_INTROSPECT, GLOBAL),
    GROUP(1, "SOURCES", NULL),
    LEAF(2, "FILE", NULL, MAY_READ_FILE, GLOBAL),
    LEAF(2, "KAFKA", NULL, MAY_READ_KAFKA, GLOBAL),
    LEAF(2, "URL", NULL, MAY_READ_URL, GLOBAL),
    LEAF(2, "REMOTE", NULL, MAY_READ_REMOTE, GLOBAL),
#undef GROUP
#undef LEAF
};
#define ENTRY_COUNT ((uint32_t)(sizeof(entries) / sizeof(entries[0])))

/* The leaves of an entry: its own, or those of all entries below it. */
static privileges leaves_of(uint32_t index)
{
    privileges set = 0;
    if (entries[index].leaf >= 0) {
        return PRIVILEGE(entries[index].leaf);
    }
    for (uint32_t i = index + 1; i < ENTRY_COUNT && entries[i].depth > entries[index].depth; i++) {
        set |= entries[i].leaf < 0 ? 0 : PRIVILEGE(entries[i].leaf);
    }
    return set;
}

static bool is_name(struct slice name, const char *text)
{
    return text != NULL && strlen(text) == name.length && strncasecmp(text, name.data, name.length) == 0;
}

privileges privileges_named(struct slice name)
{
    for (uint32_t i = 0; i < ENTRY_COUNT; i++) {
        if (is_name(name, entries[i].name) || is_name(name, entries[i].alias)) {
            return leaves_of(i);
        }
    }
    return 0;
}

privileges privileges_at(privileges set, enum privilege_level level)
{
    for (uint32_t i = 0; i < ENTRY_COUNT; i++) {
        if (entries[i].leaf >= 0 && entries[i].level < level) {
            set &= ~PRIVILEGE(entries[i].leaf);
        }
    }
    return set;
}

const char *privileges_next(privileges *set)
{
    for (uint32_t i = 0; *set != 0 && i < ENTRY_COUNT; i++) {
        privileges leaves = leaves_of(i);
        if ((leaves & ~*set) == 0) {
            *set &= ~leaves;
            return entries[i].name;
        }
    }
    ASSERT(*set == 0);
    return NULL;
}

const char *privilege_name(enum privilege leaf)
{
    privileges set = PRIVILEGE(leaf);
    return privileges_next(&set);
}

void privileges_describe(uint32_t index, const char **name, const char **aliases, const char **level,
                         const char **parent)
{
    static const char *const levels[] = {"GLOBAL", "DATABASE", "TABLE", "COLUMN"};
    *name = *aliases = *level = *parent = NULL;
    if (index >= ENTRY_COUNT) {
        return;
    }
    *name = entries[index].name;
    *aliases = entries[index].alias;
    *level = entries[index].leaf < 0 ? NULL : levels[entries[index].level];
    for (uint32_t i = index; i-- > 0 && *parent == NULL;) {
        *parent = entries[i].depth < entries[index].depth ? entries[i].name : NULL;
    }
}
