/*
 * access_rights.h: what somebody may do: privileges on everything, on databases, tables and columns.
 *
 * A tree: everything → databases → tables → columns. A node holds the privileges that are granted there; what stands
 * above a node that is not in the tree counts for it. GRANT adds to a node and all below it, REVOKE takes away from
 * them: so part of what was granted can be revoked (SELECT ON db.*, but not of db.secret).
 * Two trees in one: what may be done, and what may be passed on (WITH GRANT OPTION).
 * owner    the arena that it was made with; immutable once it is shared
 */
#ifndef SERVER_ACCESS_RIGHTS_H
#define SERVER_ACCESS_RIGHTS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"
#include "sql/privileges.h"

/* What a privilege is about. Empty database: everything; empty table: the database; empty column: the table. */
struct right_on {
    struct slice database, table, column;
};

struct rights;

struct rights *rights_create(struct arena *arena); /* nothing is granted; NULL: memory is out */
struct rights *rights_copy(struct arena *arena, const struct rights *rights);

/* option: what may be passed on; to grant it grants the privileges too, to revoke the privileges revokes it too, to
 * revoke it leaves the privileges. Errors: memory. */
struct err *rights_grant(struct rights *rights, privileges set, struct right_on on, bool option);
struct err *rights_revoke(struct rights *rights, privileges set, struct right_on on, bool option);
struct err *rights_add(struct rights *rights, const struct rights *other); /* grants what is granted there */

/* Is all of the set granted on all of this, whatever stands below it? */
bool rights_have(const struct rights *rights, privileges set, struct right_on on, bool option);
/* Is something of the set granted on this, or on a part of it? */
bool rights_have_some(const struct rights *rights, privileges set, struct right_on on);
bool rights_are_empty(const struct rights *rights);
/* Is everything that is granted there granted here, with the option to pass it on? */
bool rights_may_pass_on(const struct rights *rights, const struct rights *other);

/* One line of SHOW GRANTS: set on … is granted or (partially) revoked. */
struct right_line {
    privileges set;
    struct right_on on; /* on.column: of one column; lines of several columns come one by one */
    bool revoke;
    bool option;
};
/* All of them, sorted; they make the same tree again when they are done in this order. */
void rights_each(const struct rights *rights, void (*visit)(void *user, const struct right_line *line), void *user);
/* "GRANT SELECT(a, b), INSERT ON db.t TO `u` WITH GRANT OPTION", a line each, ended by newlines. */
void rights_print(const struct rights *rights, struct slice grantee, struct buffer *out);
/* "SELECT(a, b) ON db.t" */
void rights_print_one(privileges set, struct right_on on, const struct slice *columns, uint32_t column_count,
                      struct buffer *out);

#endif
