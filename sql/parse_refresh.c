/*
 * parse_refresh.c: REFRESH of a materialized view, in CREATE and in ALTER TABLE … MODIFY REFRESH; SYSTEM … VIEW.
 */
#include "sql/parse.h"

static bool parse_depends(struct parser *parser, struct ast_refresh *refresh)
{
    do {
        struct ast_depends *view =
            array_add(parser, &refresh->depends, &refresh->depend_count, sizeof(*refresh->depends));
        if (view == NULL || !parse_table_name(parser, "a view's name", &view->database, &view->name, NULL, NULL)) {
            return false;
        }
    } while (parse_accept_kind(parser, TOKEN_COMMA, "','"));
    return true;
}

/* EVERY | AFTER period [OFFSET …] [RANDOMIZE FOR …] [DEPENDS ON …] [SETTINGS …] [APPEND] */
bool parse_refresh(struct parser *parser, struct ast_refresh **out)
{
    struct ast_refresh *refresh = *out = ARENA_NEW(parser->arena, struct ast_refresh);
    if (refresh == NULL) {
        return parse_oom(parser);
    }
    refresh->position = parser->token.offset;
    if (parse_peek(parser, "DEPENDS ON")) {
        return parse_refuse(parser, parser->token.offset, "REFRESH DEPENDS ON without EVERY");
    }
    refresh->after = parse_accept(parser, "AFTER");
    if (!refresh->after && !parse_expect(parser, "EVERY")) {
        return false;
    }
    if (!parse_span(parser, &refresh->period) ||
        (!refresh->after && parse_accept(parser, "OFFSET") && !parse_span(parser, &refresh->offset)) ||
        (parse_accept(parser, "RANDOMIZE FOR") && !parse_span(parser, &refresh->randomize))) {
        return false;
    }
    if (refresh->after && parse_peek(parser, "DEPENDS ON")) {
        return parse_refuse(parser, parser->token.offset, "DEPENDS ON with REFRESH AFTER");
    }
    if ((parse_accept(parser, "DEPENDS ON") && !parse_depends(parser, refresh)) ||
        (parse_accept(parser, "SETTINGS") && !parse_settings(parser, &refresh->settings))) {
        return false;
    }
    refresh->append = parse_accept(parser, "APPEND");
    return true;
}

bool parse_system_view(struct parser *parser, struct ast_statement *statement, bool *known)
{
    static const struct {
        const char *keyword, *verb;
        bool all;
    } of_views[] = {{"REFRESH VIEW", "refresh", false}, {"STOP VIEWS", "stop", true},   {"STOP VIEW", "stop", false},
                    {"START VIEWS", "start", true},     {"START VIEW", "start", false}, {"WAIT VIEW", "wait", false},
                    {"CANCEL VIEW", "cancel", false}};
    for (size_t i = 0; i < sizeof(of_views) / sizeof(of_views[0]); i++) {
        if (parse_accept(parser, of_views[i].keyword)) {
            statement->object = AST_REFRESH_OBJECT;
            statement->like = slice_text(of_views[i].verb);
            *known = true;
            return of_views[i].all || parse_names(parser, statement, "a view's name");
        }
    }
    return true;
}
