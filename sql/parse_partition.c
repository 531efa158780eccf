/*
 * parse_partition.c: actions of ALTER TABLE on partitions: DROP, DETACH, ATTACH, DROP DETACHED, FREEZE; HOLD, RELEASE
 * HOLD.
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

/* PARTITION value | ID 'text' | ALL, or PART 'text' */
static bool parse_part(struct parser *parser, struct ast_alter *action)
{
    if (parse_accept(parser, "PART")) {
        action->part = AST_PART_NAME;
        return parse_string(parser, "the name of a part", &action->text);
    }
    if (!parse_expect(parser, "PARTITION")) {
        return false;
    }
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
    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        char words[64];
        (void)snprintf(words, sizeof(words), "%s PART", verbs[i].words);
        bool is = parse_peek(parser, words);
        (void)snprintf(words, sizeof(words), "%s PARTITION", verbs[i].words);
        if (is || parse_peek(parser, words)) {
            action->kind = verbs[i].kind;
            (void)parse_accept(parser, verbs[i].words);
            return parse_part(parser, action) &&
                   (!parse_is(parser, "FROM") || parse_refuse(parser, parser->token.offset, "ATTACH PARTITION … FROM"));
        }
    }
    *known = false;
    return true;
}
