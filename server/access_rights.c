/*
 * access_rights.c: the tree of what is granted.
 *
 * node     may: what is granted on all of it that has no node of its own below; children are sorted by name. A child
 *          that says the same as its parent is left out.
 */
#include "server/access_rights.h"

#include "sql/printer.h"

#include <stdlib.h>

#define DEPTH_MAX 3U

struct node {
    struct slice name;
    privileges may[2]; /* [1]: may be passed on */
    struct node **children;
    uint32_t count, capacity;
};

struct rights {
    struct arena *arena;
    struct node root;
};

static uint32_t place_of(const struct node *node, struct slice name, bool *found)
{
    uint32_t low = 0, high = node->count;
    *found = false;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = slice_compare(node->children[middle]->name, name);
        if (order == 0) {
            *found = true;
            return middle;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static const struct node *child_of(const struct node *node, struct slice name)
{
    bool found;
    uint32_t at = place_of(node, name, &found);
    return found && node->children != NULL ? node->children[at] : NULL;
}

/* The child, made when it is not there: as its parent. NULL: memory is out. */
static struct node *child_make(struct rights *rights, struct node *node, struct slice name)
{
    bool found;
    uint32_t at = place_of(node, name, &found);
    if (found && node->children != NULL) {
        return node->children[at];
    }
    if (node->children == NULL || node->count == node->capacity) {
        uint32_t capacity = node->capacity == 0 ? 4 : node->capacity * 2;
        struct node **grown = ARENA_ARRAY(rights->arena, struct node *, capacity);
        if (grown == NULL) {
            return NULL;
        }
        if (node->children != NULL) {
            memcpy(grown, node->children, node->count * sizeof(struct node *));
        }
        node->children = grown;
        node->capacity = capacity;
    }
    struct node *child = ARENA_NEW(rights->arena, struct node);
    struct slice own = arena_slice(rights->arena, name);
    if (child == NULL || own.data == NULL) {
        return NULL;
    }
    child->name = own;
    memcpy(child->may, node->may, sizeof(child->may));
    memmove(&node->children[at + 1], &node->children[at], (node->count - at) * sizeof(struct node *));
    node->children[at] = child;
    node->count++;
    return child;
}

/* The path's names: database, table, column, as many as there are. */
static uint32_t path_of(struct right_on on, struct slice path[DEPTH_MAX])
{
    path[0] = on.database;
    path[1] = on.table;
    path[2] = on.column;
    return on.database.length == 0 ? 0 : on.table.length == 0 ? 1 : on.column.length == 0 ? 2 : 3;
}

/* What can be granted so deep. */
static privileges at_depth(privileges set, uint32_t depth)
{
    return privileges_at(set, (enum privilege_level)depth);
}

static void change(struct node *node, privileges set, uint32_t depth, const bool which[2], bool grant)
{
    for (int k = 0; k < 2; k++) {
        if (which[k]) {
            node->may[k] = grant ? node->may[k] | set : node->may[k] & ~set;
        }
    }
    for (uint32_t i = 0; i < node->count; i++) {
        change(node->children[i], at_depth(set, depth + 1), depth + 1, which, grant);
    }
}

/* Leaves out children that say nothing. */
static void tidy(struct node *node, uint32_t depth)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < node->count; i++) {
        struct node *child = node->children[i];
        tidy(child, depth + 1);
        if (child->count > 0 || at_depth(child->may[0] ^ node->may[0], depth + 1) != 0 ||
            at_depth(child->may[1] ^ node->may[1], depth + 1) != 0) {
            node->children[kept++] = child;
        }
    }
    node->count = kept;
}

static struct err *do_change(struct rights *rights, privileges set, struct right_on on, const bool which[2], bool grant)
{
    struct slice path[DEPTH_MAX];
    uint32_t depth = path_of(on, path);
    struct node *node = &rights->root;
    for (uint32_t i = 0; i < depth; i++) {
        node = child_make(rights, node, path[i]);
        if (node == NULL) {
            return arena_error(rights->arena);
        }
    }
    change(node, at_depth(set, depth), depth, which, grant);
    tidy(&rights->root, 0);
    return NULL;
}

struct rights *rights_create(struct arena *arena)
{
    struct rights *rights = ARENA_NEW(arena, struct rights);
    if (rights != NULL) {
        rights->arena = arena;
    }
    return rights;
}

struct err *rights_grant(struct rights *rights, privileges set, struct right_on on, bool option)
{
    const bool which[2] = {true, option};
    return do_change(rights, set, on, which, true);
}

struct err *rights_revoke(struct rights *rights, privileges set, struct right_on on, bool option)
{
    const bool which[2] = {!option, true};
    return do_change(rights, set, on, which, false);
}

/* Everything that is granted in `from` is granted in `to`; what stands above `from` counts for what is below `to`. */
static bool add(struct rights *rights, struct node *to, const struct node *from, uint32_t depth)
{
    for (uint32_t i = 0; i < from->count; i++) { /* first, so that the child begins as `to` was */
        if (child_make(rights, to, from->children[i]->name) == NULL) {
            return false;
        }
    }
    for (uint32_t i = 0; i < to->count; i++) {
        const struct node *other = child_of(from, to->children[i]->name);
        struct node above = {.may = {from->may[0], from->may[1]}};
        if (!add(rights, to->children[i], other == NULL ? &above : other, depth + 1)) {
            return false;
        }
    }
    to->may[0] |= from->may[0];
    to->may[1] |= from->may[1];
    return true;
}

struct err *rights_add(struct rights *rights, const struct rights *other)
{
    if (!add(rights, &rights->root, &other->root, 0)) {
        return arena_error(rights->arena);
    }
    tidy(&rights->root, 0);
    return NULL;
}

struct rights *rights_copy(struct arena *arena, const struct rights *rights)
{
    struct rights *copy = rights_create(arena);
    struct err *err = copy == NULL ? NULL : rights_add(copy, rights);
    bool failed = err != NULL;
    err_free(err);
    return failed ? NULL : copy;
}

/* ---- asking */

static bool all_have(const struct node *node, privileges set, uint32_t depth, int k)
{
    set = at_depth(set, depth);
    bool have = (node->may[k] & set) == set;
    for (uint32_t i = 0; have && i < node->count; i++) {
        have = all_have(node->children[i], set, depth + 1, k);
    }
    return have;
}

static bool some_have(const struct node *node, privileges set, uint32_t depth)
{
    set = at_depth(set, depth);
    bool have = (node->may[0] & set) != 0;
    for (uint32_t i = 0; !have && i < node->count; i++) {
        have = some_have(node->children[i], set, depth + 1);
    }
    return have;
}

/* The node of the path, or the last one above it; *depth: its. */
static const struct node *find(const struct rights *rights, struct right_on on, uint32_t *depth, uint32_t *wanted)
{
    struct slice path[DEPTH_MAX];
    const struct node *node = &rights->root;
    *wanted = path_of(on, path);
    for (*depth = 0; *depth < *wanted; (*depth)++) {
        const struct node *child = child_of(node, path[*depth]);
        if (child == NULL) {
            break;
        }
        node = child;
    }
    return node;
}

bool rights_have(const struct rights *rights, privileges set, struct right_on on, bool option)
{
    uint32_t depth, wanted;
    const struct node *node = find(rights, on, &depth, &wanted);
    int k = option ? 1 : 0;
    set = at_depth(set, wanted);
    return depth == wanted ? all_have(node, set, depth, k) : (node->may[k] & set) == set;
}

bool rights_have_some(const struct rights *rights, privileges set, struct right_on on)
{
    uint32_t depth, wanted;
    const struct node *node = find(rights, on, &depth, &wanted);
    set = at_depth(set, wanted);
    return depth == wanted ? some_have(node, set, depth) : (node->may[0] & set) != 0;
}

static bool is_empty(const struct node *node)
{
    bool empty = node->may[0] == 0;
    for (uint32_t i = 0; empty && i < node->count; i++) {
        empty = is_empty(node->children[i]);
    }
    return empty;
}

bool rights_are_empty(const struct rights *rights)
{
    return is_empty(&rights->root);
}

/* ---- showing */

struct walk {
    void (*visit)(void *user, const struct right_line *line);
    void *user;
};

static void say(const struct walk *walk, privileges set, struct right_on on, bool revoke, bool option)
{
    if (set != 0) {
        struct right_line line = {.set = set, .on = on, .revoke = revoke, .option = option};
        walk->visit(walk->user, &line);
    }
}

static void walk_node(const struct walk *walk, const struct node *node, const struct node *above, struct right_on on,
                      uint32_t depth)
{
    privileges had = at_depth(above->may[0], depth), had_option = at_depth(above->may[1], depth);
    privileges may = at_depth(node->may[0], depth), option = at_depth(node->may[1], depth);
    say(walk, had & ~may, on, true, false);
    say(walk, had_option & ~option & may, on, true, true);
    say(walk, option & ~had_option, on, false, true);
    say(walk, may & ~had & ~(option & ~had_option), on, false, false);
    for (uint32_t i = 0; i < node->count; i++) {
        struct right_on below = on;
        *(depth == 0 ? &below.database : depth == 1 ? &below.table : &below.column) = node->children[i]->name;
        walk_node(walk, node->children[i], node, below, depth + 1);
    }
}

void rights_each(const struct rights *rights, void (*visit)(void *user, const struct right_line *line), void *user)
{
    const struct walk walk = {visit, user};
    const struct node nothing = {0};
    walk_node(&walk, &rights->root, &nothing, (struct right_on){0}, 0);
}

struct pass_on {
    const struct rights *rights;
    bool may;
};

static void check_line(void *user, const struct right_line *line)
{
    struct pass_on *pass = user;
    pass->may = pass->may && (line->revoke || rights_have(pass->rights, line->set, line->on, true));
}

bool rights_may_pass_on(const struct rights *rights, const struct rights *other)
{
    struct pass_on pass = {.rights = rights, .may = true};
    rights_each(other, check_line, &pass);
    return pass.may;
}

static void print_name(struct slice name, struct buffer *out)
{
    struct arena *arena = arena_create(NULL);
    struct slice quoted = arena == NULL ? (struct slice){0} : sql_identifier(arena, name);
    if (quoted.data == NULL) {
        out->failed = true;
    } else {
        buffer_slice(out, quoted);
    }
    arena_destroy(arena);
}

static void print_set(privileges set, const struct slice *columns, uint32_t column_count, struct buffer *out)
{
    const char *name;
    bool first = true;
    while ((name = privileges_next(&set)) != NULL) {
        buffer_text(out, first ? "" : ", ");
        buffer_text(out, name);
        for (uint32_t i = 0; i < column_count; i++) {
            buffer_text(out, i == 0 ? "(" : ", ");
            print_name(columns[i], out);
        }
        buffer_text(out, column_count > 0 ? ")" : "");
        first = false;
    }
}

static void print_target(struct right_on on, struct buffer *out)
{
    buffer_text(out, " ON ");
    if (on.database.length == 0) {
        buffer_text(out, "*.*");
        return;
    }
    print_name(on.database, out);
    buffer_char(out, '.');
    if (on.table.length == 0) {
        buffer_char(out, '*');
    } else {
        print_name(on.table, out);
    }
}

void rights_print_one(privileges set, struct right_on on, const struct slice *columns, uint32_t column_count,
                      struct buffer *out)
{
    print_set(set, columns, column_count, out);
    print_target(on, out);
}

struct print {
    struct slice grantee;
    struct buffer *out;
};

static void print_line(void *user, const struct right_line *line)
{
    const struct print *print = user;
    struct buffer *out = print->out;
    buffer_text(out, line->revoke ? line->option ? "REVOKE GRANT OPTION FOR " : "REVOKE " : "GRANT ");
    rights_print_one(line->set, line->on, &line->on.column, line->on.column.length > 0, out);
    buffer_text(out, line->revoke ? " FROM " : " TO ");
    print_name(print->grantee, out);
    buffer_text(out, line->option && !line->revoke ? " WITH GRANT OPTION\n" : "\n");
}

void rights_print(const struct rights *rights, struct slice grantee, struct buffer *out)
{
    struct print print = {grantee, out};
    rights_each(rights, print_line, &print);
}
