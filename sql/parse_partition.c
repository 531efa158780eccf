/*
 * parse_partition.c: actions of ALTER TABLE on partitions: DROP, DETACH, ATTACH, DROP DETACHED, FREEZE; MOVE, REPLACE
 * and ATTACH with another table; HOLD, RELEASE HOLD.
 *
 * flow     parse_alter.c → here
 */
#include "sql/parse.h"

#include <stdio.h>

static bool is_value(const struct ast *node)
{
    if (node->kind == AST_FUNCTION && node->part_count == 1 && slice_equal(node->parts[0], slice_text("tuple"))) {
        bool all = true;
        for (uint32_t i = 0; i < node->arguments.count; i++) {
            all = all && is_value(node->arguments.items[i]);
        }
        return all;
    }
    return node->kind == AST_LITERAL || node->kind == AST_PARAMETER;
}

bool parse_partition(struct parser *parser, struct ast_alter *action)
{
    if (parse_accept(parser, "ALL")) {
        action->part = AST_PART_ALL;
        return true;
    }
    if (parse_accept(parser, "ID")) {
        action->part = AST_PART_ID;
        return parse_string(parser, "a partition_id", &action->text);
    }
    action->part = AST_PART_VALUE;
    action->value = parse_expression(parser);
    return action->value != NULL &&
           (is_value(action->value) ||
            parse_fail_here(parser, "a partition is a value, a tuple of values, ID 'text' or ALL"));
}

/* PARTITION value | ID 'text' | ALL, or PART 'text' */
static bool parse_part(struct parser *parser, struct ast_alter *action)
{
    if (parse_accept(parser, "PART")) {
        action->part = AST_PART_NAME;
        return parse_string(parser, "the name of a part", &action->text);
    }
    return parse_expect(parser, "PARTITION") && parse_partition(parser, action);
}

/* [PARTITION …] [WITH NAME 'name'] */
static bool parse_freeze(struct parser *parser, struct ast_alter *action)
{
    bool undo = action->kind == AST_ALTER_UNFREEZE;
    action->part = AST_PART_ALL;
    if (parse_is(parser, "PARTITION")) {
        if (!parse_part(parser, action)) {
            return false;
        }
        action->if_exists = true; /* what is written, not the whole table */
    }
    if (!parse_accept(parser, "WITH NAME")) {
        return !undo || parse_fail(parser);
    }
    return parse_string(parser, "the name of the frozen copy", &action->to);
}

/* ATTACH PARTITION … [FROM table] */
static bool parse_from(struct parser *parser, struct ast_alter *action)
{
    bool attach = action->kind == AST_ALTER_ATTACH_PARTITION && action->part != AST_PART_NAME;
    if (!attach || !parse_accept(parser, "FROM")) {
        return true;
    }
    action->kind = AST_ALTER_ATTACH_FROM;
    return parse_table_name(parser, "a table name", &action->other_database, &action->other_name, NULL, NULL);
}

/* MOVE PARTITION … TO TABLE table, REPLACE PARTITION … FROM table */
static bool parse_transfer(struct parser *parser, struct ast_alter *action)
{
    bool move = parse_accept(parser, "MOVE");
    action->kind = move ? AST_ALTER_MOVE_PARTITION : AST_ALTER_REPLACE_PARTITION;
    if (!move && !parse_accept(parser, "REPLACE")) {
        return parse_fail(parser);
    }
    if (!parse_is(parser, "PARTITION")) {
        return parse_fail(parser);
    }
    if (!parse_part(parser, action) || !parse_expect(parser, move ? "TO" : "FROM")) {
        return false;
    }
    if (move && (parse_is(parser, "DISK") || parse_is(parser, "VOLUME"))) {
        return parse_refuse(parser, action->offset, "MOVE PARTITION TO DISK or VOLUME");
    }
    return (!move || parse_expect(parser, "TABLE")) &&
           parse_table_name(parser, "a table name", &action->other_database, &action->other_name, NULL, NULL);
}

bool parse_alter_partition(struct parser *parser, struct ast_alter *action, bool *known)
{
    static const struct {
        const char *words;
        enum ast_alter_kind kind;
    } verbs[] = {
        {"DROP DETACHED", AST_ALTER_DROP_DETACHED},
        {"DROP", AST_ALTER_DROP_PARTITION},
        {"DETACH", AST_ALTER_DETACH_PARTITION},
        {"ATTACH", AST_ALTER_ATTACH_PARTITION},
    };
    *known = true;
    if (parse_accept(parser, "HOLD")) {
        action->kind = AST_ALTER_HOLD;
        return parse_string(parser, "the reason of the hold", &action->text);
    }
    if (parse_accept(parser, "RELEASE HOLD")) {
        action->kind = AST_ALTER_RELEASE;
        return parse_string(parser, "the reason of the hold", &action->text);
    }
    if (parse_accept(parser, "FREEZE")) {
        action->kind = AST_ALTER_FREEZE;
        return parse_freeze(parser, action);
    }
    if (parse_accept(parser, "UNFREEZE")) {
        action->kind = AST_ALTER_UNFREEZE;
        return parse_freeze(parser, action);
    }
    if (parse_peek(parser, "MOVE PARTITION") || parse_peek(parser, "REPLACE PARTITION")) {
        return parse_transfer(parser, action);
    }
    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        char words[64];
        (void)snprintf(words, sizeof(words), "%s PART", verbs[i].words);
        bool is = parse_peek(parser, words);
        (void)snprintf(words, sizeof(words), "%s PARTITION", verbs[i].words);
        if (is || parse_peek(parser, words)) {
            action->kind = verbs[i].kind;
            (void)parse_accept(parser, verbs[i].words);
            return parse_part(parser, action) && parse_from(parser, action);
        }
    }
    *known = false;
    return true;
}
