/*
 * privileges.h: what GRANT and REVOKE can name: ClickHouse's access types, and Weir's own beside them.
 *
 * A privilege is a set of leaves; SELECT is one leaf, ALTER many. Each leaf has a level: the finest thing that it can be
 * granted on (everything, a database, a table, a column).
 */
#ifndef SQL_PRIVILEGES_H
#define SQL_PRIVILEGES_H

#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

typedef unsigned __int128 privileges;

enum privilege_level { PRIVILEGE_GLOBAL, PRIVILEGE_DATABASE, PRIVILEGE_TABLE, PRIVILEGE_COLUMN };

/* Leaves, in the order of their bits. */
enum privilege {
    MAY_SHOW_DATABASES,
    MAY_SHOW_TABLES,
    MAY_SHOW_COLUMNS,
    MAY_SHOW_DICTIONARIES,
    MAY_SELECT,
    MAY_INSERT,
    MAY_ALTER_UPDATE,
    MAY_ALTER_DELETE,
    MAY_ADD_COLUMN,
    MAY_MODIFY_COLUMN,
    MAY_DROP_COLUMN,
    MAY_COMMENT_COLUMN,
    MAY_CLEAR_COLUMN,
    MAY_RENAME_COLUMN,
    MAY_ALTER_ORDER_BY,
    MAY_ADD_INDEX,
    MAY_DROP_INDEX,
    MAY_MATERIALIZE_INDEX,
    MAY_ALTER_TTL,
    MAY_MATERIALIZE_TTL,
    MAY_ALTER_SETTINGS,
    MAY_MODIFY_COMMENT,
    MAY_MOVE_PARTITION,
    MAY_FREEZE_PARTITION,
    MAY_ALTER_HOLD,
    MAY_REPAIR,
    MAY_ALTER_VIEW,
    MAY_ALTER_SOURCE,
    MAY_CREATE_DATABASE,
    MAY_CREATE_TABLE,
    MAY_CREATE_VIEW,
    MAY_CREATE_DICTIONARY,
    MAY_CREATE_SOURCE,
    MAY_CREATE_TEMPORARY_TABLE,
    MAY_DROP_DATABASE,
    MAY_DROP_TABLE,
    MAY_DROP_VIEW,
    MAY_DROP_DICTIONARY,
    MAY_DROP_SOURCE,
    MAY_TRUNCATE,
    MAY_OPTIMIZE,
    MAY_CHECK,
    MAY_BACKUP,
    MAY_KILL_QUERY,
    MAY_CREATE_USER,
    MAY_ALTER_USER,
    MAY_DROP_USER,
    MAY_CREATE_ROLE,
    MAY_ALTER_ROLE,
    MAY_DROP_ROLE,
    MAY_ROLE_ADMIN,
    MAY_CREATE_QUOTA,
    MAY_ALTER_QUOTA,
    MAY_DROP_QUOTA,
    MAY_CREATE_PROFILE,
    MAY_ALTER_PROFILE,
    MAY_DROP_PROFILE,
    MAY_SHOW_USERS,
    MAY_SHOW_ROLES,
    MAY_SHOW_QUOTAS,
    MAY_SHOW_PROFILES,
    MAY_RELOAD_DICTIONARY,
    MAY_FLUSH_LOGS,
    MAY_FLUSH_INSERT_QUEUE,
    MAY_UNFREEZE,
    MAY_SYSTEM_OTHER,
    MAY_READ_FILE,
    MAY_READ_KAFKA,
    MAY_READ_URL,
    MAY_READ_REMOTE,
    MAY_DICT_GET,
    MAY_INTROSPECT,
    MAY_ALTER_DASHBOARD,
    MAY_SHOW_ALERTS,
    MAY_CREATE_ALERT,
    MAY_ALTER_ALERT,
    MAY_DROP_ALERT,
    PRIVILEGE_COUNT,
};

#define PRIVILEGE(leaf) ((privileges)1 << (leaf))
#define PRIVILEGES_ALL  (PRIVILEGE(PRIVILEGE_COUNT) - 1)

/* The leaves of a privilege or group by name, in any case, one space between its words; 0: there is none. */
privileges privileges_named(struct slice name);
/* Those of the set that can be granted on something as fine as this. */
privileges privileges_at(privileges set, enum privilege_level level);
/*
 * Names a set as SHOW GRANTS does: groups that are whole, then the leaves that are left. Each call takes one name's
 * leaves out of *set. NULL: the set is empty.
 */
const char *privileges_next(privileges *set);
const char *privilege_name(enum privilege leaf);
/* For system.privileges: *name NULL when index is behind the last one; parent may be NULL. */
void privileges_describe(uint32_t index, const char **name, const char **aliases, const char **level,
                         const char **parent);

#endif
