/*
 * parse_window.c: windows: OVER (…), WINDOW name AS (…), and their frames.
 */
#include "sql/parse.h"

static bool parse_bound(struct parser *parser, struct ast_bound *bound)
{
    bound->offset = parser->token.offset;
    if (parse_accept(parser, "CURRENT ROW")) {
        bound->kind = AST_BOUND_CURRENT;
        return true;
    }
    if (parse_accept(parser, "UNBOUNDED")) {
        bound->kind = AST_BOUND_UNBOUNDED;
    } else {
        bound->kind = AST_BOUND_OFFSET;
        bound->value = parse_expression(parser);
        if (bound->value == NULL) {
            return false;
        }
    }
    bound->following = parse_accept(parser, "FOLLOWING");
    return bound->following || parse_expect(parser, "PRECEDING");
}

static bool parse_frame(struct parser *parser, struct ast_window *window)
{
    window->frame = parse_accept(parser, "ROWS")     ? AST_FRAME_ROWS
                    : parse_accept(parser, "RANGE")  ? AST_FRAME_RANGE
                    : parse_accept(parser, "GROUPS") ? AST_FRAME_GROUPS
                                                     : AST_FRAME_NONE;
    if (window->frame == AST_FRAME_NONE) {
        return true;
    }
    if (parse_accept(parser, "BETWEEN")) {
        return parse_bound(parser, &window->begin) && parse_expect(parser, "AND") && parse_bound(parser, &window->end);
    }
    window->end = (struct ast_bound){.kind = AST_BOUND_CURRENT, .offset = parser->token.offset};
    return parse_bound(parser, &window->begin);
}

bool parse_window(struct parser *parser, struct ast_window *window)
{
    window->offset = parser->token.offset;
    if ((parser->token.kind == TOKEN_WORD || parser->token.kind == TOKEN_QUOTED) && !parse_peek(parser, "PARTITION") &&
        !parse_peek(parser, "ORDER") && !parse_peek(parser, "ROWS") && !parse_peek(parser, "RANGE") &&
        !parse_peek(parser, "GROUPS") && !parse_identifier(parser, "a window", &window->parent)) {
        return false;
    }
    if (parse_accept(parser, "PARTITION BY") && !parse_list(parser, &window->partition_by)) {
        return false;
    }
    if (parse_accept(parser, "ORDER BY") && !parse_order_list(parser, &window->order_by, &window->order_count)) {
        return false;
    }
    return parse_frame(parser, window);
}

bool parse_windows(struct parser *parser, struct ast_select *select)
{
    do {
        struct ast_window *window = array_add(parser, &select->windows, &select->window_count, sizeof(*window));
        if (window == NULL || !parse_identifier(parser, "a window's name", &window->name) ||
            !parse_expect(parser, "AS") || !parse_expect_kind(parser, TOKEN_OPEN, "'('") ||
            !parse_window(parser, window) || !parse_expect_kind(parser, TOKEN_CLOSE, "')'")) {
            return false;
        }
    } while (parse_accept_kind(parser, TOKEN_COMMA, "','"));
    return true;
}
