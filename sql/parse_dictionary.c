/*
 * parse_dictionary.c: CREATE DICTIONARY.
 */
#include "sql/parse.h"

static bool parse_attribute(struct parser *parser, struct ast_dictionary_attribute *attribute)
{
    attribute->offset = parser->token.offset;
    if (!parse_identifier(parser, "an attribute's name", &attribute->name)) {
        return false;
    }
    attribute->type_offset = parser->token.offset;
    if (!parse_type(parser, &attribute->type)) {
        return false;
    }
    while (true) {
        if (attribute->fallback == NULL && parse_accept(parser, "DEFAULT")) {
            if ((attribute->fallback = parse_expression(parser)) == NULL) {
                return false;
            }
        } else if (attribute->expression == NULL && parse_accept(parser, "EXPRESSION")) {
            if ((attribute->expression = parse_expression(parser)) == NULL) {
                return false;
            }
        } else if (parse_accept(parser, "HIERARCHICAL")) {
            attribute->hierarchical = true;
        } else if (parse_accept(parser, "INJECTIVE")) {
            attribute->injective = true;
        } else if (parse_is(parser, "IS_OBJECT_ID") || parse_is(parser, "BIDIRECTIONAL")) {
            return parse_refuse(parser, parser->token.offset, "%.*s of an attribute", SLICE_ARG(parser->token.text));
        } else {
            return true;
        }
    }
}

/* name 'value' name value …, as SOURCE and LAYOUT have them; values in parentheses are lists of their own. */
static bool parse_pairs(struct parser *parser, struct ast_property **pairs, uint32_t *count)
{
    while (parser->token.kind != TOKEN_CLOSE) {
        struct ast_property *pair = array_add(parser, pairs, count, sizeof(*pair));
        if (pair == NULL) {
            return false;
        }
        pair->offset = parser->token.offset;
        if (!parse_identifier(parser, "a setting's name", &pair->name)) {
            return false;
        }
        if (parser->token.kind == TOKEN_OPEN) {
            return parse_refuse(parser, pair->offset, "%.*s(…) in a dictionary", SLICE_ARG(pair->name));
        }
        pair->value =
            parser->token.kind == TOKEN_WORD || parser->token.kind == TOKEN_QUOTED ? NULL : parse_literal(parser);
        if (pair->value == NULL && parser->err == NULL) {
            struct slice word;
            uint32_t offset = parser->token.offset;
            if (!parse_identifier(parser, "a value", &word) ||
                (pair->value = node_text(parser, offset, word)) == NULL) {
                return false;
            }
        }
        if (pair->value == NULL) {
            return false;
        }
    }
    return parse_expect_kind(parser, TOKEN_CLOSE, "')'");
}

/* NAME(pairs) */
static bool parse_block(struct parser *parser, const char *what, struct ast_dictionary_block *block)
{
    block->offset = parser->token.offset;
    return parse_expect_kind(parser, TOKEN_OPEN, "'('") && parse_identifier(parser, what, &block->name) &&
           (!parse_accept_kind(parser, TOKEN_OPEN, "'('") || parse_pairs(parser, &block->pairs, &block->pair_count)) &&
           parse_expect_kind(parser, TOKEN_CLOSE, "')'");
}

static bool parse_number_of(struct parser *parser, uint64_t *out)
{
    struct ast *literal = parse_literal(parser);
    if (literal == NULL || literal->kind != AST_LITERAL || literal->literal != AST_UINT) {
        parse_note(parser, "a number of seconds");
        return parse_fail(parser);
    }
    *out = literal->number;
    return true;
}

/* (300), (MIN 0 MAX 300) */
static bool parse_lifetime(struct parser *parser, struct ast_create_dictionary *create)
{
    create->has_lifetime = true;
    if (!parse_expect_kind(parser, TOKEN_OPEN, "'('")) {
        return false;
    }
    if (parser->token.kind == TOKEN_NUMBER) {
        return parse_number_of(parser, &create->lifetime_max) && parse_expect_kind(parser, TOKEN_CLOSE, "')'");
    }
    while (parser->token.kind != TOKEN_CLOSE) {
        bool min = parse_accept(parser, "MIN");
        if ((!min && !parse_expect(parser, "MAX")) ||
            !parse_number_of(parser, min ? &create->lifetime_min : &create->lifetime_max)) {
            return false;
        }
    }
    return parse_expect_kind(parser, TOKEN_CLOSE, "')'");
}

/* (MIN a MAX b) */
static bool parse_range(struct parser *parser, struct ast_create_dictionary *create)
{
    create->range_offset = parser->token.offset;
    if (!parse_expect_kind(parser, TOKEN_OPEN, "'('")) {
        return false;
    }
    while (parser->token.kind != TOKEN_CLOSE) {
        bool min = parse_accept(parser, "MIN");
        if ((!min && !parse_expect(parser, "MAX")) ||
            !parse_identifier(parser, "a column", min ? &create->range_min : &create->range_max)) {
            return false;
        }
    }
    return parse_expect_kind(parser, TOKEN_CLOSE, "')'");
}

static bool parse_keys(struct parser *parser, struct ast_create_dictionary *create)
{
    bool inside = parse_accept_kind(parser, TOKEN_OPEN, "'('");
    create->key_offset = parser->token.offset;
    do {
        struct slice *key = array_add(parser, &create->keys, &create->key_count, sizeof(*key));
        if (key == NULL || !parse_identifier(parser, "a key's name", key)) {
            return false;
        }
    } while (parse_accept_kind(parser, TOKEN_COMMA, "','"));
    return !inside || parse_expect_kind(parser, TOKEN_CLOSE, "')'");
}

static bool parse_clauses(struct parser *parser, struct ast_create_dictionary *create)
{
    while (true) {
        bool good = true;
        if (create->key_count == 0 && parse_accept(parser, "PRIMARY KEY")) {
            good = parse_keys(parser, create);
        } else if (create->source.name.length == 0 && parse_accept(parser, "SOURCE")) {
            good = parse_block(parser, "a source: CLICKHOUSE, FILE, NULL", &create->source);
        } else if (create->layout.name.length == 0 && parse_accept(parser, "LAYOUT")) {
            good = parse_block(parser, "a layout: FLAT, HASHED, COMPLEX_KEY_HASHED, RANGE_HASHED", &create->layout);
        } else if (!create->has_lifetime && parse_accept(parser, "LIFETIME")) {
            good = parse_lifetime(parser, create);
        } else if (create->range_min.length == 0 && parse_accept(parser, "RANGE")) {
            good = parse_range(parser, create);
        } else if (create->comment.length == 0 && parse_accept(parser, "COMMENT")) {
            good = parse_string(parser, "a comment", &create->comment);
        } else if (parse_is(parser, "SETTINGS")) {
            return parse_refuse(parser, parser->token.offset, "SETTINGS of a dictionary");
        } else {
            return true;
        }
        if (!good) {
            return false;
        }
    }
}

bool parse_create_dictionary(struct parser *parser, struct ast_statement *statement, bool or_replace)
{
    struct ast_create_dictionary *create = ARENA_NEW(parser->arena, struct ast_create_dictionary);

    if (create == NULL) {
        return parse_oom(parser);
    }
    statement->kind = AST_CREATE_DICTIONARY;
    statement->create_dictionary = create;
    create->or_replace = or_replace;
    create->if_not_exists = parse_if_not_exists(parser);
    create->name_offset = parser->token.offset;
    if (!parse_table_name(parser, "a dictionary's name", &create->database, &create->name,
                          &statement->database_parameter, &statement->name_parameter) ||
        !refuse_on_cluster(parser) || !parse_expect_kind(parser, TOKEN_OPEN, "'('")) {
        return false;
    }
    do {
        struct ast_dictionary_attribute *attribute =
            array_add(parser, &create->attributes, &create->attribute_count, sizeof(*attribute));
        if (attribute == NULL || !parse_attribute(parser, attribute)) {
            return false;
        }
    } while (parse_accept_kind(parser, TOKEN_COMMA, "','"));
    return parse_expect_kind(parser, TOKEN_CLOSE, "')'") && parse_clauses(parser, create);
}
