/*
 * access_check.c: what each statement needs, before it does anything. SELECT and INSERT are access_query.c's and
 * insert.c's.
 */
#include "server/access_query.h"
#include "server/objects.h"
#include "storage/table.h"

static struct err *names_of(struct execution *execution, const struct ast_statement *statement, struct right_on *on)
{
    struct err *err = NULL;
    *on = (struct right_on){0};
    OR_DONE(bind_name(execution->arena, &execution->bind, statement->database, statement->database_parameter,
                      &on->database));
    OR_DONE(bind_name(execution->arena, &execution->bind, statement->name, statement->name_parameter, &on->table));
    if (on->database.length == 0) {
        on->database = execution->database;
    }
done:
    return err;
}

static struct err *need(struct execution *execution, enum privilege leaf, struct right_on on)
{
    return access_check(execution->access, PRIVILEGE(leaf), on);
}

static struct err *need_both(struct execution *execution, enum privilege a, enum privilege b, struct right_on on)
{
    return access_check(execution->access, PRIVILEGE(a) | PRIVILEGE(b), on);
}

static bool is_temporary(const struct execution *execution, const struct ast_statement *statement)
{
    return statement->object == AST_TEMPORARY_OBJECT ||
           execution_temporary(execution, statement->database, statement->name) != NULL;
}

/* Its definition: who may read all of it may see it, too. */
static struct err *need_definition(struct execution *execution, struct right_on on)
{
    bool open = slice_equal(on.database, slice_text("system")) || slice_is_word(on.database, "information_schema") ||
                access_may(execution->access, PRIVILEGE(MAY_SELECT), on);
    return open ? NULL : need(execution, MAY_SHOW_COLUMNS, on);
}

/* ---- CREATE, DROP */

/* What a view's SELECT reads; its other errors are told when the view is defined. */
static struct err *may_read_all(struct execution *execution, struct ast_query *query)
{
    struct query_plan plan;
    if (execution->context.rights == NULL) {
        return NULL;
    }
    struct err *err = access_bind(execution, &execution->bind, query, (struct slice){0}, (struct slice){0}, &plan);
    if (err_code(err) != ERR_ACCESS_DENIED) {
        err_free(err);
        err = NULL;
    }
    return err;
}

static struct err *check_create_table(struct execution *execution, const struct ast_statement *statement)
{
    struct err *err = NULL;
    const struct ast_create_table *create = statement->create_table;
    struct right_on on = {.database = create->database.length == 0 ? execution->database : create->database};
    bool view = statement->kind == AST_CREATE_VIEW;
    if (create->temporary) {
        return need(execution, MAY_CREATE_TEMPORARY_TABLE, (struct right_on){0});
    }
    OR_DONE(bind_name(execution->arena, &execution->bind, create->table, statement->name_parameter, &on.table));
    OR_DONE(need(execution, view ? MAY_CREATE_VIEW : MAY_CREATE_TABLE, on));
    if (create->or_replace) {
        OR_DONE(need(execution, view ? MAY_DROP_VIEW : MAY_DROP_TABLE, on));
    }
    if (create->as_table.length > 0) {
        const struct right_on other = {.database =
                                           create->as_database.length == 0 ? execution->database : create->as_database,
                                       .table = create->as_table};
        OR_DONE(need_definition(execution, other));
    }
    if (!view && create->as_select != NULL && !create->empty) {
        OR_DONE(need(execution, MAY_INSERT, on));
    }
    if (create->to_table.length > 0) {
        const struct right_on to = {.database = create->to_database.length == 0 ? on.database : create->to_database,
                                    .table = create->to_table};
        OR_DONE(need(execution, MAY_INSERT, to));
    }
    if (view && create->as_select != NULL) {
        err = may_read_all(execution, create->as_select);
    }
done:
    return err;
}

static struct err *check_create_source(struct execution *execution, const struct ast_statement *statement)
{
    struct err *err = NULL;
    const struct ast_create_source *create = statement->create_source;
    struct slice database = create->database.length == 0 ? execution->database : create->database;
    OR_DONE(need(execution, MAY_CREATE_SOURCE, (struct right_on){.database = database, .table = create->name}));
    OR_DONE(need(execution, MAY_READ_KAFKA, (struct right_on){0}));
    err = need(execution, MAY_INSERT, (struct right_on){.database = database, .table = create->table});
done:
    return err;
}

static struct err *check_drop(struct execution *execution, const struct ast_statement *statement)
{
    struct err *err = NULL;
    struct right_on on;
    struct object_def *object = NULL;
    if (is_temporary(execution, statement)) {
        return NULL;
    }
    OR_DONE(names_of(execution, statement, &on));
    OR_DONE(object_named(execution, on.database, on.table, &object));
    err = need(execution,
               object == NULL                      ? statement->object == AST_VIEW_OBJECT         ? MAY_DROP_VIEW
                                                     : statement->object == AST_DICTIONARY_OBJECT ? MAY_DROP_DICTIONARY
                                                                                                  : MAY_DROP_TABLE
               : object->kind == OBJECT_DICTIONARY ? MAY_DROP_DICTIONARY
                                                   : MAY_DROP_VIEW,
               on);
done:
    object_def_unref(object);
    return err;
}

static struct err *check_rename(struct execution *execution, const struct ast_statement *statement)
{
    struct err *err = NULL;
    struct right_on from, to;
    OR_DONE(names_of(execution, statement, &from));
    to =
        (struct right_on){.database = statement->to_database.length == 0 ? execution->database : statement->to_database,
                          .table = statement->to_name};
    bool both = statement->kind == AST_EXCHANGE_TABLES;
    OR_DONE(need_both(execution, MAY_SELECT, MAY_DROP_TABLE, from));
    OR_DONE(need_both(execution, MAY_CREATE_TABLE, MAY_INSERT, to));
    if (both) {
        OR_DONE(need_both(execution, MAY_SELECT, MAY_DROP_TABLE, to));
        err = need_both(execution, MAY_CREATE_TABLE, MAY_INSERT, from);
    }
done:
    return err;
}

/* ---- ALTER */

static struct err *check_action(struct execution *execution, const struct ast_alter *action, struct right_on on)
{
    struct err *err = NULL;
    struct right_on column = {on.database, on.table, action->name};
    const struct right_on other = {.database = action->other_database.length == 0 ? execution->database
                                                                                  : action->other_database,
                                   .table = action->other_name};
    switch (action->kind) {
    case AST_ALTER_ADD_COLUMN:
        column.column = action->column->name;
        return need(execution, MAY_ADD_COLUMN, column);
    case AST_ALTER_DROP_COLUMN:
        return need(execution, MAY_DROP_COLUMN, column);
    case AST_ALTER_CLEAR_COLUMN:
    case AST_ALTER_CLEAR_IN_PARTITION:
        return need(execution, MAY_CLEAR_COLUMN, column);
    case AST_ALTER_RENAME_COLUMN:
        return need(execution, MAY_RENAME_COLUMN, column);
    case AST_ALTER_COMMENT_COLUMN:
        return need(execution, MAY_COMMENT_COLUMN, column);
    case AST_ALTER_MODIFY_COLUMN:
        column.column = action->column == NULL ? action->name : action->column->name;
        return need(execution, MAY_MODIFY_COLUMN, column);
    case AST_ALTER_REMOVE_PROPERTY:
        return need(execution, MAY_MODIFY_COLUMN, column);
    case AST_ALTER_MODIFY_ORDER_BY:
        return need(execution, MAY_ALTER_ORDER_BY, on);
    case AST_ALTER_MODIFY_SETTING:
    case AST_ALTER_RESET_SETTING:
        return need(execution, MAY_ALTER_SETTINGS, on);
    case AST_ALTER_MODIFY_TTL:
    case AST_ALTER_REMOVE_TTL:
        return need(execution, MAY_ALTER_TTL, on);
    case AST_ALTER_MODIFY_COMMENT:
        return need(execution, MAY_MODIFY_COMMENT, on);
    case AST_ALTER_MODIFY_REFRESH:
        return need(execution, MAY_ALTER_VIEW, on);
    case AST_ALTER_MODIFY_QUERY:
        OR_DONE(need(execution, MAY_ALTER_VIEW, on));
        return may_read_all(execution, action->query);
    case AST_ALTER_ADD_INDEX:
        return need(execution, MAY_ADD_INDEX, on);
    case AST_ALTER_DROP_INDEX:
        return need(execution, MAY_DROP_INDEX, on);
    case AST_ALTER_MATERIALIZE_INDEX:
        return need(execution, MAY_MATERIALIZE_INDEX, on);
    case AST_ALTER_DROP_PARTITION:
    case AST_ALTER_DETACH_PARTITION:
    case AST_ALTER_DROP_DETACHED:
        return need(execution, MAY_ALTER_DELETE, on);
    case AST_ALTER_ATTACH_PARTITION:
        return need(execution, MAY_INSERT, on);
    case AST_ALTER_MOVE_PARTITION:
        OR_DONE(need_both(execution, MAY_SELECT, MAY_ALTER_DELETE, on));
        return need(execution, MAY_INSERT, other);
    case AST_ALTER_REPLACE_PARTITION:
        OR_DONE(need_both(execution, MAY_INSERT, MAY_ALTER_DELETE, on));
        return need(execution, MAY_SELECT, other);
    case AST_ALTER_ATTACH_FROM:
        OR_DONE(need(execution, MAY_INSERT, on));
        return need(execution, MAY_SELECT, other);
    case AST_ALTER_FREEZE:
    case AST_ALTER_UNFREEZE:
        return need(execution, MAY_FREEZE_PARTITION, on);
    case AST_ALTER_HOLD:
    case AST_ALTER_RELEASE:
        return need(execution, MAY_ALTER_HOLD, on);
    case AST_ALTER_MATERIALIZE_TTL:
        return need(execution, MAY_MATERIALIZE_TTL, on);
    case AST_ALTER_DELETE:
        return need(execution, MAY_ALTER_DELETE, on);
    case AST_ALTER_UPDATE:
        for (uint32_t i = 0; i < action->assignment_count; i++) {
            column.column = action->assignments[i].name;
            OR_DONE(need(execution, MAY_ALTER_UPDATE, column));
        }
        break;
    }
done:
    return err;
}

static struct err *check_alter(struct execution *execution, const struct ast_statement *statement)
{
    struct err *err = NULL;
    struct right_on on;
    OR_DONE(names_of(execution, statement, &on));
    for (uint32_t i = 0; i < statement->alter_count; i++) {
        OR_DONE(check_action(execution, &statement->alters[i], on));
    }
done:
    return err;
}

/* ---- BACKUP, RESTORE */

static struct err *check_backup(struct execution *execution, const struct ast_statement *statement)
{
    struct err *err = NULL;
    const struct ast_backup *backup = statement->backup;
    for (uint32_t i = 0; i < backup->element_count; i++) {
        const struct ast_backup_element *element = &backup->elements[i];
        struct slice database = element->database.length == 0 ? execution->database : element->database;
        struct right_on on = {0};
        if (element->kind == AST_BACKUP_TABLE) {
            on = (struct right_on){.database = database, .table = element->name};
        } else if (element->kind == AST_BACKUP_DATABASE) {
            on.database = element->name.length > 0 ? element->name : database;
        }
        if (statement->kind == AST_BACKUP) {
            OR_DONE(need(execution, MAY_BACKUP, on));
            continue;
        }
        if (element->to_name.data != NULL && element->kind == AST_BACKUP_TABLE) {
            on.database = element->to_database.length == 0 ? database : element->to_database;
            on.table = element->to_name;
        } else if (element->to_name.data != NULL) {
            on.database = element->to_name;
        }
        if (element->kind != AST_BACKUP_TABLE) {
            OR_DONE(need(execution, MAY_CREATE_DATABASE, on));
        }
        OR_DONE(need_both(execution, MAY_CREATE_TABLE, MAY_INSERT, on));
    }
done:
    return err;
}

/* ---- all of them */

/* SYSTEM … VIEW v: who may alter the view, or what SYSTEM does in general. */
static struct err *check_system_view(struct execution *execution, const struct ast_statement *statement)
{
    struct err *err = NULL;
    struct right_on on;
    if (statement->name.length == 0 ||
        access_may(execution->access, PRIVILEGE(MAY_SYSTEM_OTHER), (struct right_on){0})) {
        return need(execution, MAY_SYSTEM_OTHER, (struct right_on){0});
    }
    OR_DONE(names_of(execution, statement, &on));
    err = need(execution, MAY_ALTER_VIEW, on);
done:
    return err;
}

static struct err *check_system(struct execution *execution, const struct ast_statement *statement)
{
    if (statement->object == AST_REFRESH_OBJECT) {
        return check_system_view(execution, statement);
    }
    return need(execution,
                statement->object == AST_DICTIONARY_OBJECT     ? MAY_RELOAD_DICTIONARY
                : statement->object == AST_FREEZE_OBJECT       ? MAY_UNFREEZE
                : statement->object == AST_INSERT_QUEUE_OBJECT ? MAY_FLUSH_INSERT_QUEUE
                : slice_is_word(statement->name, "FLUSH LOGS") ? MAY_FLUSH_LOGS
                                                               : MAY_SYSTEM_OTHER,
                (struct right_on){0});
}

static struct err *check_named(struct execution *execution, const struct ast_statement *statement, enum privilege leaf)
{
    struct right_on on;
    struct err *err = names_of(execution, statement, &on);
    return err == NULL && !is_temporary(execution, statement) ? need(execution, leaf, on) : err;
}

static struct err *check_database(struct execution *execution, const struct ast_statement *statement,
                                  enum privilege leaf)
{
    struct right_on on = {0};
    struct err *err =
        bind_name(execution->arena, &execution->bind, statement->name, statement->name_parameter, &on.database);
    return err == NULL ? need(execution, leaf, on) : err;
}

static struct err *check_definition(struct execution *execution, const struct ast_statement *statement)
{
    struct right_on on;
    struct err *err = names_of(execution, statement, &on);
    return err == NULL && !is_temporary(execution, statement) ? need_definition(execution, on) : err;
}

/* It is there for who sees something in it. */
static struct err *check_use(struct execution *execution, const struct ast_statement *statement)
{
    struct right_on on = {0};
    struct err *err =
        bind_name(execution->arena, &execution->bind, statement->name, statement->name_parameter, &on.database);
    return err != NULL || access_sees(execution->access, on) ? err : need(execution, MAY_SHOW_DATABASES, on);
}

static struct err *check_source(struct execution *execution, const struct ast_statement *statement)
{
    struct right_on on;
    struct err *err = names_of(execution, statement, &on);
    bool knows = err == NULL && (access_may(execution->access, PRIVILEGE(MAY_CREATE_SOURCE), on) ||
                                 access_may(execution->access, PRIVILEGE(MAY_ALTER_SOURCE), on));
    return err != NULL || knows ? err : need(execution, MAY_SHOW_TABLES, on);
}

/* The SELECT is bound with the user's rights: who makes a rule may read what it reads, errors of the query itself are
 * told
 * when the rule is made. */
static struct err *check_alert(struct execution *execution, const struct ast_statement *statement)
{
    struct err *err = NULL;
    const struct ast_alert *alert = statement->alert;
    struct right_on on;
    OR_DONE(names_of(execution, statement, &on));
    switch (alert->action) {
    case AST_ALERT_CREATE:
        OR_DONE(need(execution, MAY_CREATE_ALERT, on));
        if (alert->or_replace) {
            OR_DONE(need(execution, MAY_DROP_ALERT, on));
        }
        break;
    case AST_ALERT_DROP:
        OR_DONE(need(execution, MAY_DROP_ALERT, on));
        break;
    case AST_ALERT_PAUSE:
    case AST_ALERT_RESUME:
        OR_DONE(need(execution, MAY_ALTER_ALERT, on));
        break;
    case AST_ALERT_SHOW_CREATE:
    case AST_ALERT_BACKTEST:
        if (alert->select == NULL && !access_may(execution->access, PRIVILEGE(MAY_CREATE_ALERT), on)) {
            OR_DONE(need(execution, MAY_SHOW_ALERTS, on));
        }
        break;
    }
    if (alert->select != NULL && execution->context.rights != NULL) {
        struct query_plan plan;
        err = access_bind(execution, &execution->bind, alert->select, (struct slice){0}, (struct slice){0}, &plan);
        if (err_code(err) != ERR_ACCESS_DENIED) {
            err_free(err);
            err = NULL;
        }
    }
done:
    return err;
}

static struct err *check_one(struct execution *execution, const struct ast_statement *statement)
{
    switch (statement->kind) {
    case AST_CREATE_DATABASE:
        return check_database(execution, statement, MAY_CREATE_DATABASE);
    case AST_DROP_DATABASE:
        return check_database(execution, statement, MAY_DROP_DATABASE);
    case AST_CREATE_TABLE:
    case AST_CREATE_VIEW:
        return check_create_table(execution, statement);
    case AST_CREATE_DICTIONARY: {
        const struct ast_create_dictionary *create = statement->create_dictionary;
        struct right_on on = {.database = create->database.length == 0 ? execution->database : create->database};
        struct err *err =
            bind_name(execution->arena, &execution->bind, create->name, statement->name_parameter, &on.table);
        err = err == NULL ? need(execution, MAY_CREATE_DICTIONARY, on) : err;
        return err == NULL && create->or_replace ? need(execution, MAY_DROP_DICTIONARY, on) : err;
    }
    case AST_CREATE_SOURCE:
        return check_create_source(execution, statement);
    case AST_DROP_TABLE:
        return check_drop(execution, statement);
    case AST_DROP_SOURCE:
        return check_named(execution, statement, MAY_DROP_SOURCE);
    case AST_ALTER_SOURCE:
        return check_named(execution, statement, MAY_ALTER_SOURCE);
    case AST_TRUNCATE_TABLE:
        return statement->all ? check_database(execution, statement, MAY_TRUNCATE)
                              : check_named(execution, statement, MAY_TRUNCATE);
    case AST_RENAME_TABLE:
    case AST_EXCHANGE_TABLES:
        return check_rename(execution, statement);
    case AST_OPTIMIZE_TABLE:
        return check_named(execution, statement, MAY_OPTIMIZE);
    case AST_VERIFY_TABLE:
        return check_named(execution, statement, MAY_CHECK);
    case AST_REPAIR_TABLE:
        return check_named(execution, statement, MAY_REPAIR);
    case AST_DELETE:
        return check_named(execution, statement, MAY_ALTER_DELETE);
    case AST_ALTER_TABLE:
        return check_alter(execution, statement);
    case AST_BACKUP:
    case AST_RESTORE:
        return check_backup(execution, statement);
    case AST_SHOW_COLUMNS:
    case AST_SHOW_INDEXES:
    case AST_SHOW_CREATE_TABLE:
        return check_definition(execution, statement);
    case AST_DESCRIBE:
        return statement->query != NULL ? NULL : check_definition(execution, statement);
    case AST_SHOW_CREATE_DATABASE:
    case AST_USE:
        return check_use(execution, statement);
    case AST_SHOW_CREATE_SOURCE:
        return check_source(execution, statement);
    case AST_SYSTEM:
        return check_system(execution, statement);
    case AST_ALERT:
        return check_alert(execution, statement);
    case AST_SELECT: /* these look for themselves, or show each row to who may see it */
    case AST_EXPLAIN:
    case AST_INSERT:
    case AST_SHOW_DATABASES:
    case AST_SHOW_TABLES:
    case AST_SHOW_DICTIONARIES:
    case AST_SHOW_SOURCES:
    case AST_SHOW_ALERTS:
    case AST_SHOW_PROCESSLIST:
    case AST_SHOW_FUNCTIONS:
    case AST_SHOW_SETTINGS:
    case AST_SHOW_CLUSTERS:
    case AST_SHOW_CLUSTER:
    case AST_SHOW_SETTING:
    case AST_SHOW_MERGES:
    case AST_SHOW_ENGINES:
    case AST_EXISTS_DATABASE:
    case AST_EXISTS_TABLE:
    case AST_EXISTS_SOURCE:
    case AST_SET:
    case AST_KILL_QUERY:
    case AST_ACCESS:
        return NULL;
    }
    return NULL;
}

struct err *access_check_statement(struct execution *execution, const struct ast_statement *statement)
{
    struct err *err = NULL;
    for (; statement != NULL && err == NULL; statement = statement->more) {
        err = check_one(execution, statement);
    }
    return err;
}
