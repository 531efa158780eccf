/*
 * parse_backup.c: BACKUP and RESTORE.
 *
 * syntax   BACKUP TABLE [db.]t [PARTITION[S] p, …] | DATABASE d [EXCEPT TABLES a, …] | ALL [EXCEPT …], … TO place
 *          [SETTINGS base_backup = place] [SYNC | ASYNC]
 *          RESTORE TABLE [db.]t [AS [db.]u] [PARTITION[S] p, …] | DATABASE d [AS e] [EXCEPT …] | ALL [EXCEPT …], … FROM place
 *          [SYNC | ASYNC]
 *          place: 'name', Disk('backups', 'name'), File('name'); VIEW and DICTIONARY for TABLE
 * flow     parse_statement.c → here
 */
#include "sql/parse.h"

/* 'name', Disk('disk', 'name'), File('name') */
static bool parse_place(struct parser *parser, struct ast_backup_place *place)
{
    uint32_t offset = parser->token.offset;
    if (parser->token.kind == TOKEN_STRING) {
        return parse_string(parser, "a backup's name", &place->name);
    }
    bool disk = parse_is(parser, "Disk");
    if (!disk && !parse_is(parser, "File") && parser->token.kind == TOKEN_WORD) {
        return parse_refuse(parser, offset, "BACKUP or RESTORE with %.*s", SLICE_ARG(parser->token.text));
    }
    if (!parse_accept(parser, "Disk") && !parse_accept(parser, "File")) {
        return parse_fail(parser);
    }
    place->engine = slice_text(disk ? "Disk" : "File");
    return parse_expect_kind(parser, TOKEN_OPEN, "'('") &&
           (!disk ||
            (parse_string(parser, "a disk's name", &place->disk) && parse_expect_kind(parser, TOKEN_COMMA, "','"))) &&
           parse_string(parser, "a backup's name", &place->name) && parse_expect_kind(parser, TOKEN_CLOSE, "')'");
}

static bool parse_as(struct parser *parser, bool restore, bool table, struct ast_backup_element *element)
{
    uint32_t offset = parser->token.offset;
    if (!parse_accept(parser, "AS")) {
        return true;
    }
    if (!restore) {
        return parse_refuse(parser, offset, "BACKUP … AS; RESTORE … AS gives other names");
    }
    return table ? parse_table_name(parser, "a table name", &element->to_database, &element->to_name, NULL, NULL)
                 : parse_identifier(parser, "a database name", &element->to_database);
}

static bool begins_element(struct parser *parser)
{
    static const char *const words[] = {"TABLE", "VIEW", "DICTIONARY", "DATABASE", "ALL", "TEMPORARY TABLE"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (parse_peek(parser, words[i])) {
            return true;
        }
    }
    return false;
}

/* EXCEPT TABLES [db.]a, … and of ALL also EXCEPT DATABASES d, …. *more: a comma was taken, an element follows. */
static bool parse_except(struct parser *parser, struct ast_backup_element *element, bool *more)
{
    bool of_all = element->kind == AST_BACKUP_ALL;
    while (!*more && parse_peek(parser, "EXCEPT")) {
        bool databases =
            of_all && (parse_accept(parser, "EXCEPT DATABASES") || parse_accept(parser, "EXCEPT DATABASE"));
        if (!databases && !parse_accept(parser, "EXCEPT TABLES") && !parse_accept(parser, "EXCEPT TABLE")) {
            return parse_fail(parser);
        }
        do {
            uint32_t offset = parser->token.offset;
            struct ast_backup_except *except =
                array_add(parser, &element->except, &element->except_count, sizeof *element->except);
            if (except == NULL) {
                return false;
            }
            *except = (struct ast_backup_except){0};
            if (databases ? !parse_identifier(parser, "a database name", &except->database)
                          : !parse_table_name(parser, "a table name", &except->database, &except->name, NULL, NULL)) {
                return false;
            }
            if (of_all && !databases && except->database.length == 0) {
                return parse_refuse(parser, offset, "ALL EXCEPT TABLES with a name without its database");
            }
            *more = parse_accept_kind(parser, TOKEN_COMMA, "','");
        } while (*more && !begins_element(parser));
    }
    return true;
}

/* PARTITION[S] p, …: both words mean the same. *more: a comma was taken, an element follows. */
static bool parse_partitions(struct parser *parser, struct ast_backup_element *element, bool *more)
{
    if (!parse_accept(parser, "PARTITIONS") && !parse_accept(parser, "PARTITION")) {
        return true;
    }
    do {
        struct ast_alter *partition =
            array_add(parser, &element->partitions, &element->partition_count, sizeof *element->partitions);
        if (partition == NULL) {
            return false;
        }
        *partition = (struct ast_alter){.offset = parser->token.offset};
        if (!parse_partition(parser, partition)) {
            return false;
        }
        *more = parse_accept_kind(parser, TOKEN_COMMA, "','");
    } while (*more && !begins_element(parser));
    return true;
}

static bool parse_element(struct parser *parser, bool restore, struct ast_backup *backup, bool *more)
{
    struct ast_backup_element *element =
        array_add(parser, &backup->elements, &backup->element_count, sizeof *backup->elements);
    if (element == NULL) {
        return false;
    }
    *element = (struct ast_backup_element){.kind = AST_BACKUP_ALL};
    if (parse_accept(parser, "TABLE") || parse_accept(parser, "VIEW") || parse_accept(parser, "DICTIONARY")) {
        element->kind = AST_BACKUP_TABLE;
        if (!parse_table_name(parser, "a table name", &element->database, &element->name, NULL, NULL) ||
            !parse_as(parser, restore, true, element)) {
            return false;
        }
    } else if (parse_accept(parser, "DATABASE")) {
        element->kind = AST_BACKUP_DATABASE;
        if (!parse_identifier(parser, "a database name", &element->database) ||
            !parse_as(parser, restore, false, element)) {
            return false;
        }
    } else if (!parse_is(parser, "TEMPORARY TABLE") && !parse_accept(parser, "ALL")) {
        return parse_fail(parser);
    }
    if (parse_is(parser, "TEMPORARY TABLE")) {
        return parse_refuse(parser, parser->token.offset, "TEMPORARY TABLE of a backup");
    }
    if (element->kind == AST_BACKUP_TABLE && !parse_partitions(parser, element, more)) {
        return false;
    }
    if (element->kind != AST_BACKUP_TABLE && !parse_except(parser, element, more)) {
        return false;
    }
    *more = *more || parse_accept_kind(parser, TOKEN_COMMA, "','");
    return true;
}

/* SETTINGS base_backup = place */
static bool parse_backup_settings(struct parser *parser, bool restore, struct ast_backup *backup)
{
    do {
        uint32_t offset = parser->token.offset;
        struct slice name;
        if (!parse_identifier(parser, "a setting's name", &name) || !parse_expect_kind(parser, TOKEN_EQUALS, "'='")) {
            return false;
        }
        if (slice_equal(name, slice_text("base_backup")) && !restore) {
            if (!parse_place(parser, &backup->base)) {
                return false;
            }
        } else {
            return parse_refuse(parser, offset, "the setting %.*s of %s", SLICE_ARG(name),
                                restore ? "RESTORE" : "BACKUP");
        }
    } while (parse_accept_kind(parser, TOKEN_COMMA, "','"));
    return true;
}

bool parse_backup(struct parser *parser, struct ast_statement *statement, bool restore)
{
    struct ast_backup *backup = ARENA_NEW(parser->arena, struct ast_backup);
    if (backup == NULL) {
        return parse_oom(parser);
    }
    statement->kind = restore ? AST_RESTORE : AST_BACKUP;
    statement->backup = backup;
    bool more;
    do {
        more = false;
        if (!parse_element(parser, restore, backup, &more)) {
            return false;
        }
    } while (more);
    if (!refuse_on_cluster(parser) || !parse_expect(parser, restore ? "FROM" : "TO") ||
        !parse_place(parser, &backup->place)) {
        return false;
    }
    if (parse_accept(parser, "SETTINGS") && !parse_backup_settings(parser, restore, backup)) {
        return false;
    }
    backup->async = parse_accept(parser, "ASYNC");
    if (!backup->async) {
        parse_accept(parser, "SYNC");
    }
    return parse_output(parser, statement);
}
