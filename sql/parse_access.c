/*
 * parse_access.c: CREATE, ALTER, DROP and SHOW of users, roles, quotas and settings profiles; SET ROLE.
 *
 * flow     parse_create.c, parse_statement.c → here; GRANT and REVOKE are parse_grant.c's
 * known    each function is asked what the next words are, and says so: the statement is somebody else's when not
 */
#include "sql/parse.h"

static const struct entity_word {
    const char *word, *plural;
    enum ast_entity entity;
} entity_words[] = {{"USER", "USERS", AST_USER},
                    {"ROLE", "ROLES", AST_ROLE},
                    {"QUOTA", "QUOTAS", AST_QUOTA},
                    {"SETTINGS PROFILE", "SETTINGS PROFILES", AST_PROFILE},
                    {"PROFILE", "PROFILES", AST_PROFILE}};
#define ENTITY_WORDS (sizeof(entity_words) / sizeof(entity_words[0]))

struct ast_access *parse_access_new(struct parser *parser, struct ast_statement *statement,
                                    enum ast_access_action action)
{
    struct ast_access *access = ARENA_NEW(parser->arena, struct ast_access);
    if (access == NULL) {
        parse_oom(parser);
        return NULL;
    }
    access->action = action;
    statement->kind = AST_ACCESS;
    statement->access = access;
    return access;
}

/* A name, as a word, in backticks or as a text: 'u'. */
bool parse_access_name(struct parser *parser, struct slice *out)
{
    bool done = parser->token.kind == TOKEN_STRING ? parse_string(parser, "a name", out)
                                                   : parse_identifier(parser, "a name", out);
    return done && (out->length > 0 || parse_fail_here(parser, "the name is empty"));
}

static bool parse_name_list(struct parser *parser, struct slice **names, uint32_t *count)
{
    do {
        struct slice *name = array_add(parser, names, count, sizeof(*name));
        bool current = parse_is(parser, "CURRENT_USER");
        if (name == NULL || !parse_access_name(parser, name)) {
            return false;
        }
        if (current) {
            *name = (struct slice){0};
            if (parser->token.kind == TOKEN_OPEN) {
                parse_advance(parser);
                if (!parse_expect_kind(parser, TOKEN_CLOSE, "')'")) {
                    return false;
                }
            }
        }
    } while (parse_accept_kind(parser, TOKEN_COMMA, "','"));
    return true;
}

bool parse_access_names(struct parser *parser, struct ast_names *names)
{
    names->given = true;
    if (parse_accept(parser, "NONE")) {
        return true;
    }
    if (parse_accept(parser, "ALL") || parse_accept(parser, "ANY")) {
        names->all = true;
    } else if (!parse_name_list(parser, &names->names, &names->count)) {
        return false;
    }
    return !parse_accept(parser, "EXCEPT") || parse_name_list(parser, &names->except, &names->except_count);
}

/* ---- what a user has */

static bool parse_authentication(struct parser *parser, struct ast_access *access)
{
    access->has_auth = true;
    access->auth_offset = parser->token.offset;
    if (parse_accept(parser, "WITH") && !parse_identifier(parser, "a method of authentication", &access->method)) {
        return false;
    }
    if (parse_accept(parser, "BY")) {
        /* never shown by an error: it is a secret */
        if (parser->token.kind != TOKEN_STRING) {
            return parse_fail_here(parser, "a password or hash was expected, as a text");
        }
        if (!parse_string(parser, "a password or hash", &access->secret)) {
            return false;
        }
        if (parse_accept(parser, "SALT") && !parse_string(parser, "a salt", &access->salt)) {
            return false;
        }
    } else if (access->method.length == 0) {
        return parse_fail(parser);
    }
    return parser->token.kind != TOKEN_COMMA ||
           parse_refuse(parser, parser->token.offset, "more than one method of authentication for a user");
}

static bool parse_hosts(struct parser *parser, struct ast_access *access)
{
    static const struct {
        const char *word;
        enum ast_host_kind kind;
        bool text;
    } kinds[] = {{"ANY", AST_HOST_ANY, false}, {"NONE", AST_HOST_NONE, false}, {"LOCAL", AST_HOST_LOCAL, false},
                 {"IP", AST_HOST_IP, true},    {"NAME", AST_HOST_NAME, true},  {"LIKE", AST_HOST_LIKE, true}};
    do {
        struct ast_host *host = array_add(parser, &access->hosts, &access->host_count, sizeof(*host));
        size_t k = 0;
        if (host == NULL) {
            return false;
        }
        if (parse_is(parser, "REGEXP") || parse_is(parser, "NAME REGEXP")) {
            return parse_refuse(parser, parser->token.offset, "HOST REGEXP");
        }
        while (k < sizeof(kinds) / sizeof(kinds[0]) && !parse_accept(parser, kinds[k].word)) {
            k++;
        }
        if (parser->token.kind == TOKEN_STRING && k == sizeof(kinds) / sizeof(kinds[0]) && access->host_count > 1 &&
            host[-1].kind >= AST_HOST_IP) { /* IP 'a', 'b' */
            host->kind = host[-1].kind;
            if (!parse_string(parser, "an address", &host->text)) {
                return false;
            }
            continue;
        }
        if (k == sizeof(kinds) / sizeof(kinds[0])) {
            return parse_fail(parser);
        }
        host->kind = kinds[k].kind;
        if (kinds[k].text && !parse_string(parser, "an address or name", &host->text)) {
            return false;
        }
    } while (parse_accept_kind(parser, TOKEN_COMMA, "','"));
    return true;
}

/* A literal as text: 'x' → x, 5 → 5. */
static bool parse_value(struct parser *parser, struct slice *out)
{
    (void)parse_accept_kind(parser, TOKEN_EQUALS, "'='");
    uint32_t offset = parser->token.offset;
    const struct ast *literal = parse_literal(parser);
    if (literal == NULL) {
        return parser->err == NULL ? parse_fail_here(parser, "a value was expected") : false;
    }
    if (literal->kind != AST_LITERAL || literal->literal == AST_NULL) {
        return parse_refuse(parser, offset, "this value of a setting");
    }
    *out = literal->literal == AST_BOOL ? slice_text(literal->number != 0 ? "1" : "0") : literal->text;
    if (out->data == NULL) {
        *out = slice_of(parser->text.data + offset, parser->previous_end - offset);
    }
    return true;
}

static bool parse_rule(struct parser *parser, struct ast_setting_rule *rule)
{
    if (parse_accept(parser, "PROFILE") || parse_accept(parser, "INHERIT")) {
        return parse_access_name(parser, &rule->profile);
    }
    if (!parse_identifier(parser, "the name of a setting", &rule->name)) {
        return false;
    }
    if (parser->token.kind == TOKEN_EQUALS && !parse_value(parser, &rule->value)) {
        return false;
    }
    while (true) {
        if (parse_accept(parser, "MIN")) {
            if (!parse_value(parser, &rule->min)) {
                return false;
            }
        } else if (parse_accept(parser, "MAX")) {
            if (!parse_value(parser, &rule->max)) {
                return false;
            }
        } else if (parse_accept(parser, "READONLY") || parse_accept(parser, "CONST")) {
            rule->writable = AST_CONST;
        } else if (parse_accept(parser, "WRITABLE")) {
            rule->writable = AST_WRITABLE;
        } else if (parse_is(parser, "CHANGEABLE_IN_READONLY")) {
            return parse_refuse(parser, parser->token.offset, "CHANGEABLE_IN_READONLY");
        } else {
            return true;
        }
    }
}

static bool parse_rules(struct parser *parser, struct ast_access *access)
{
    access->has_settings = true;
    if (parse_accept(parser, "NONE")) {
        return true;
    }
    do {
        struct ast_setting_rule *rule =
            array_add(parser, &access->settings, &access->setting_count, sizeof(*access->settings));
        if (rule == NULL || !parse_rule(parser, rule)) {
            return false;
        }
    } while (parse_accept_kind(parser, TOKEN_COMMA, "','"));
    return true;
}

/* ADD HOST …, DROP SETTINGS a, b: of ALTER. *known: it was one. */
static bool parse_change(struct parser *parser, struct ast_access *access, bool *known)
{
    *known = true;
    if (parse_accept(parser, "ADD HOST")) {
        access->has_hosts = access->adds_hosts = true;
        return parse_hosts(parser, access);
    }
    if (parse_accept(parser, "DROP HOST")) {
        access->has_hosts = access->drops_hosts = true;
        return parse_hosts(parser, access);
    }
    if (parse_accept(parser, "ADD SETTINGS") || parse_accept(parser, "ADD SETTING") ||
        parse_accept(parser, "MODIFY SETTINGS") || parse_accept(parser, "MODIFY SETTING")) {
        access->adds_settings = true;
        return parse_rules(parser, access);
    }
    if (parse_accept(parser, "DROP SETTINGS") || parse_accept(parser, "DROP SETTING")) {
        access->drops_settings = true;
        return parse_rules(parser, access);
    }
    if (parse_accept(parser, "DROP ALL SETTINGS")) {
        access->has_settings = true;
        return true;
    }
    *known = false;
    return true;
}

static bool parse_user(struct parser *parser, struct ast_access *access)
{
    bool known = true;
    while (known) {
        if (parse_accept(parser, "NOT IDENTIFIED")) {
            access->has_auth = true;
            access->method = slice_text("no_password");
        } else if (parse_accept(parser, "IDENTIFIED")) {
            if (!parse_authentication(parser, access)) {
                return false;
            }
        } else if (parse_accept(parser, "HOST")) {
            access->has_hosts = true;
            if (!parse_hosts(parser, access)) {
                return false;
            }
        } else if (parse_accept(parser, "DEFAULT ROLE")) {
            if (!parse_access_names(parser, &access->roles)) {
                return false;
            }
        } else if (parse_accept(parser, "DEFAULT DATABASE")) {
            access->has_database = true;
            if (!parse_accept(parser, "NONE") &&
                !parse_identifier(parser, "a database name", &access->default_database)) {
                return false;
            }
        } else if (parse_accept(parser, "GRANTEES")) {
            struct ast_names grantees = {0};
            uint32_t offset = parser->token.offset;
            if (!parse_access_names(parser, &grantees)) {
                return false;
            }
            if (!grantees.all || grantees.except_count > 0) {
                return parse_refuse(parser, offset, "GRANTEES other than ANY");
            }
        } else if (parse_is(parser, "VALID UNTIL") || parse_is(parser, "IN") || parse_is(parser, "ON CLUSTER") ||
                   parse_is(parser, "ADD IDENTIFIED") || parse_is(parser, "RESET AUTHENTICATION METHODS")) {
            return parse_refuse(parser, parser->token.offset, "%.*s of a user", SLICE_ARG(parser->token.text));
        } else if (parse_accept(parser, "SETTINGS") || parse_accept(parser, "SETTING")) {
            if (!parse_rules(parser, access)) {
                return false;
            }
        } else if (access->action != AST_ACCESS_ALTER) {
            known = false;
        } else if (!parse_change(parser, access, &known)) {
            return false;
        }
    }
    return true;
}

/* ---- quotas */

const char *const quota_resource_names[AST_QUOTA_RESOURCES] = {[AST_QUOTA_QUERIES] = "queries",
                                                               [AST_QUOTA_SELECTS] = "query_selects",
                                                               [AST_QUOTA_INSERTS] = "query_inserts",
                                                               [AST_QUOTA_ERRORS] = "errors",
                                                               [AST_QUOTA_RESULT_ROWS] = "result_rows",
                                                               [AST_QUOTA_RESULT_BYTES] = "result_bytes",
                                                               [AST_QUOTA_READ_ROWS] = "read_rows",
                                                               [AST_QUOTA_READ_BYTES] = "read_bytes",
                                                               [AST_QUOTA_WRITTEN_BYTES] = "written_bytes",
                                                               [AST_QUOTA_EXECUTION_TIME] = "execution_time"};

static bool parse_limit(struct parser *parser, struct ast_quota_interval *interval)
{
    uint32_t k = 0;
    while (k < AST_QUOTA_RESOURCES && !parse_accept(parser, quota_resource_names[k])) {
        k++;
    }
    if (k == AST_QUOTA_RESOURCES) {
        return parse_is(parser, "queries_per_normalized_hash") || parse_is(parser, "failed_sequential_authentications")
                   ? parse_refuse(parser, parser->token.offset, "the limit %.*s", SLICE_ARG(parser->token.text))
                   : parse_fail(parser);
    }
    (void)parse_accept_kind(parser, TOKEN_EQUALS, "'='");
    uint32_t offset = parser->token.offset;
    const struct ast *value = parser->token.kind == TOKEN_NUMBER ? parse_literal(parser) : NULL;
    if (value == NULL) {
        return parse_fail_here(parser, "a number was expected");
    }
    double scale = k == AST_QUOTA_EXECUTION_TIME ? 1e6 : 1;
    if (value->literal == AST_UINT && scale == 1) {
        interval->max[k] = value->number;
    } else {
        double number = value->literal == AST_UINT ? (double)value->number : value->real;
        if (!(number >= 0) || number * scale > 1e18 || (scale == 1 && value->literal != AST_UINT)) {
            return parse_refuse(parser, offset, "this limit of a quota");
        }
        interval->max[k] = (uint64_t)(number * scale);
    }
    interval->limited[k] = true;
    return true;
}

static bool parse_interval(struct parser *parser, struct ast_access *access)
{
    static const struct {
        const char *word;
        uint64_t seconds;
    } units[] = {{"SECOND", 1},    {"MINUTE", 60},     {"HOUR", 3600},       {"DAY", 86400},
                 {"WEEK", 604800}, {"MONTH", 2629746}, {"QUARTER", 7889238}, {"YEAR", 31556952}};
    struct ast_quota_interval *interval =
        array_add(parser, &access->intervals, &access->interval_count, sizeof(*interval));
    if (interval == NULL) {
        return false;
    }
    interval->randomized = parse_accept(parser, "RANDOMIZED");
    if (!parse_expect(parser, "INTERVAL")) {
        return false;
    }
    uint32_t offset = parser->token.offset;
    const struct ast *number = parser->token.kind == TOKEN_NUMBER ? parse_literal(parser) : NULL;
    if (number == NULL || number->literal != AST_UINT || number->number == 0 || number->number > 1000000) {
        return parser->err != NULL ? false : parse_refuse(parser, offset, "an interval that is not 1 to 1000000 units");
    }
    size_t k = 0;
    while (k < sizeof(units) / sizeof(units[0]) && !parse_accept(parser, units[k].word)) {
        k++;
    }
    if (k == sizeof(units) / sizeof(units[0])) {
        return parse_fail(parser);
    }
    interval->seconds = number->number * units[k].seconds;
    if (parse_accept(parser, "NO LIMITS")) {
        interval->removed = true;
        return true;
    }
    if (parse_accept(parser, "TRACKING ONLY")) {
        return true;
    }
    if (!parse_expect(parser, "MAX")) {
        return false;
    }
    bool more = true;
    while (more) {
        if (!parse_limit(parser, interval)) {
            return false;
        }
        more = parser->token.kind == TOKEN_COMMA && !token_is_word(parse_next(parser), "FOR");
        if (more) {
            parse_advance(parser);
            (void)parse_accept(parser, "MAX");
        }
    }
    return true;
}

static bool parse_quota(struct parser *parser, struct ast_access *access)
{
    while (true) {
        if (parse_accept(parser, "NOT KEYED")) {
            access->quota_key = slice_text("none");
        } else if (parse_accept(parser, "KEYED BY")) {
            if (!parse_access_name(parser, &access->quota_key)) {
                return false;
            }
            if (!slice_is_word(access->quota_key, "user_name") && !slice_is_word(access->quota_key, "ip_address") &&
                !slice_is_word(access->quota_key, "none")) {
                return parse_refuse(parser, parser->token.offset, "KEYED BY %.*s", SLICE_ARG(access->quota_key));
            }
        } else if (parse_accept(parser, "FOR")) {
            do {
                (void)parse_accept(parser, "FOR");
                if (!parse_interval(parser, access)) {
                    return false;
                }
            } while (parse_accept_kind(parser, TOKEN_COMMA, "','"));
        } else if (parse_accept(parser, "TO")) {
            if (!parse_access_names(parser, &access->grantees)) {
                return false;
            }
        } else {
            return true;
        }
    }
}

static bool parse_profile(struct parser *parser, struct ast_access *access)
{
    bool known = true;
    while (known) {
        if (parse_accept(parser, "SETTINGS") || parse_accept(parser, "SETTING")) {
            if (!parse_rules(parser, access)) {
                return false;
            }
        } else if (access->entity == AST_PROFILE && parse_accept(parser, "TO")) {
            if (!parse_access_names(parser, &access->grantees)) {
                return false;
            }
        } else if (access->action != AST_ACCESS_ALTER) {
            known = false;
        } else if (!parse_change(parser, access, &known)) {
            return false;
        }
    }
    return true;
}

/* ---- statements */

static bool parse_entity(struct parser *parser, enum ast_entity *entity)
{
    for (size_t k = 0; k < ENTITY_WORDS; k++) {
        if (parse_accept(parser, entity_words[k].word)) {
            *entity = entity_words[k].entity;
            return true;
        }
    }
    return false;
}

static bool parse_body(struct parser *parser, struct ast_access *access)
{
    if (!refuse_on_cluster(parser)) {
        return false;
    }
    if (access->action == AST_ACCESS_ALTER && parse_accept(parser, "RENAME TO") &&
        !parse_access_name(parser, &access->new_name)) {
        return false;
    }
    return access->entity == AST_USER    ? parse_user(parser, access)
           : access->entity == AST_QUOTA ? parse_quota(parser, access)
                                         : parse_profile(parser, access);
}

bool parse_access_ddl(struct parser *parser, struct ast_statement *statement, enum ast_access_action action,
                      bool or_replace, bool *known)
{
    enum ast_entity entity = AST_USER;
    *known = parse_entity(parser, &entity);
    struct ast_access *access = *known ? parse_access_new(parser, statement, action) : NULL;
    if (access == NULL) {
        return !*known;
    }
    access->entity = entity;
    access->or_replace = or_replace;
    if (action == AST_ACCESS_CREATE) {
        access->if_not_exists = parse_accept(parser, "IF NOT EXISTS");
        access->or_replace |= parse_accept(parser, "OR REPLACE");
    } else {
        access->if_exists = parse_accept(parser, "IF EXISTS");
    }
    access->name_offset = parser->token.offset;
    return parse_name_list(parser, &access->names, &access->name_count) &&
           (action == AST_ACCESS_DROP ? refuse_on_cluster(parser) : parse_body(parser, access));
}

bool parse_show_create_access(struct parser *parser, struct ast_statement *statement, bool *known)
{
    enum ast_entity entity = AST_USER;
    *known = parse_entity(parser, &entity);
    struct ast_access *access = *known ? parse_access_new(parser, statement, AST_ACCESS_SHOW_CREATE) : NULL;
    if (access == NULL) {
        return !*known;
    }
    access->entity = entity;
    if (parser->token.kind != TOKEN_END && parser->token.kind != TOKEN_SEMICOLON && !parse_peek(parser, "FORMAT") &&
        !parse_name_list(parser, &access->names, &access->name_count)) {
        return false;
    }
    return parse_output(parser, statement);
}

bool parse_show_access(struct parser *parser, struct ast_statement *statement, bool *known)
{
    static const struct {
        const char *words;
        enum ast_access_action action;
        enum ast_entity entity;
        bool current;
    } lists[] = {{"GRANTS", AST_ACCESS_SHOW_GRANTS, AST_USER, false},
                 {"ACCESS", AST_ACCESS_SHOW_ACCESS, AST_USER, false},
                 {"CURRENT ROLES", AST_ACCESS_SHOW_LIST, AST_ROLE, true},
                 {"ENABLED ROLES", AST_ACCESS_SHOW_LIST, AST_ROLE, true},
                 {"CURRENT QUOTA", AST_ACCESS_SHOW_QUOTA, AST_QUOTA, true},
                 {"QUOTA", AST_ACCESS_SHOW_QUOTA, AST_QUOTA, true},
                 {"USERS", AST_ACCESS_SHOW_LIST, AST_USER, false},
                 {"ROLES", AST_ACCESS_SHOW_LIST, AST_ROLE, false},
                 {"QUOTAS", AST_ACCESS_SHOW_LIST, AST_QUOTA, false},
                 {"SETTINGS PROFILES", AST_ACCESS_SHOW_LIST, AST_PROFILE, false},
                 {"PROFILES", AST_ACCESS_SHOW_LIST, AST_PROFILE, false}};
    *known = true;
    for (size_t k = 0; k < sizeof(lists) / sizeof(lists[0]); k++) {
        if (!parse_accept(parser, lists[k].words)) {
            continue;
        }
        struct ast_access *access = parse_access_new(parser, statement, lists[k].action);
        if (access == NULL) {
            return false;
        }
        access->entity = lists[k].entity;
        access->current = lists[k].current;
        if (access->action == AST_ACCESS_SHOW_GRANTS && parse_accept(parser, "FOR") &&
            !parse_name_list(parser, &access->names, &access->name_count)) {
            return false;
        }
        return parse_output(parser, statement);
    }
    *known = false;
    return true;
}

bool parse_set_role(struct parser *parser, struct ast_statement *statement, bool *known)
{
    *known = parse_peek(parser, "ROLE") || parse_peek(parser, "DEFAULT ROLE");
    if (!*known) {
        return true;
    }
    bool is_default = parse_accept(parser, "DEFAULT ROLE");
    struct ast_access *access =
        parse_access_new(parser, statement, is_default ? AST_ACCESS_SET_DEFAULT_ROLE : AST_ACCESS_SET_ROLE);
    if (access == NULL) {
        return false;
    }
    if (!is_default) {
        parse_advance(parser); /* ROLE */
        access->role_default = parse_accept(parser, "DEFAULT");
        return access->role_default || parse_access_names(parser, &access->roles);
    }
    return parse_access_names(parser, &access->roles) && parse_expect(parser, "TO") &&
           parse_access_names(parser, &access->grantees);
}
