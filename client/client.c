/*
 * client.c: `weir client`: its arguments.
 *
 * exit     0: all went well; the error's code modulo 256 (never 0) otherwise; 2: wrong arguments
 */
#include "client/client.h"

#include "base/number.h"
#include "client/session.h"
#include "client/statement.h"

#include <stdlib.h>
#include <unistd.h>

static const char usage[] =
    "usage: weir client [OPTION]...\n"
    "\n"
    "Asks a server over HTTP: a shell on a terminal, or statements from -q or the standard input.\n"
    "\n"
    "  -h, --host HOST          127.0.0.1, or $WEIR_HOST\n"
    "  -p, --port PORT          8123, or $WEIR_PORT\n"
    "      --secure             https\n"
    "  -u, --user NAME          or $WEIR_USER\n"
    "      --password PASSWORD  or $WEIR_PASSWORD\n"
    "  -d, --database NAME\n"
    "  -q, --query SQL          runs it and leaves; an INSERT … FORMAT name takes its data from the standard input\n"
    "  -f, --format NAME        of results: TabSeparated; in the shell PrettyCompact\n"
    "  -t, --time               seconds of each query, to the standard error\n"
    "      --param_NAME=VALUE   the value of {NAME:Type} in the query\n"
    "      --SETTING=VALUE      a setting for every query\n"
    "      --help               this text\n";

struct arguments {
    int count;
    char **values;
    int at;
    const char *query;
    bool help;
};

static int complain(const char *what, const char *argument)
{
    (void)fprintf(stderr, "weir client: %s \"%s\"; weir client --help says more\n", what, argument);
    return 2;
}

/* "--name VALUE", "--name=VALUE", "-n VALUE", "-nVALUE". NULL: not this option. *missing: it has no value. */
static const char *option_value(struct arguments *arguments, char letter, const char *name, bool *missing)
{
    const char *argument = arguments->values[arguments->at];
    size_t length = strlen(name);
    bool is_long = strncmp(argument, "--", 2) == 0 && strncmp(argument + 2, name, length) == 0;
    if (is_long && argument[2 + length] == '=') {
        return argument + 3 + length;
    }
    bool is_short = letter != 0 && argument[0] == '-' && argument[1] == letter;
    if (is_short && argument[2] != 0) {
        return argument + 2;
    }
    if (!is_short && !(is_long && argument[2 + length] == 0)) {
        return NULL;
    }
    if (arguments->at + 1 == arguments->count) {
        *missing = true;
        return NULL;
    }
    return arguments->values[++arguments->at];
}

/* "--name=value" that is no option: a setting. */
static int add_setting(struct session *session, char *argument)
{
    char *equals = strchr(argument, '=');
    if (strncmp(argument, "--", 2) != 0 || equals == NULL || equals == argument + 2) {
        return complain("unknown option", argument);
    }
    if (session->parameter_count == SESSION_PARAMETERS_MAX) {
        return complain("too many settings, this one does not fit:", argument);
    }
    *equals = 0;
    session->parameters[session->parameter_count++] =
        (struct weir_parameter){.name = argument + 2, .value = equals + 1};
    return 0;
}

static int set_port(struct session *session, const char *text)
{
    uint64_t port;
    if (!number_parse_u64(slice_text(text), &port) || port == 0 || port > UINT16_MAX) {
        return complain("not a port:", text);
    }
    session->options.port = (uint16_t)port;
    return 0;
}

static int read_argument(struct session *session, struct arguments *arguments)
{
    const struct {
        char letter;
        const char *name;
        const char **to;
    } options[] = {{'h', "host", &session->options.host},       {'u', "user", &session->options.user},
                   {0, "password", &session->options.password}, {'d', "database", &session->options.database},
                   {'q', "query", &arguments->query},           {'f', "format", &session->format}};
    char *argument = arguments->values[arguments->at];
    bool missing = false;
    const char *value;
    if (strcmp(argument, "--help") == 0) {
        arguments->help = true;
        return 0;
    }
    if (strcmp(argument, "--secure") == 0) {
        session->options.secure = true;
        return 0;
    }
    if (strcmp(argument, "--time") == 0 || strcmp(argument, "-t") == 0) {
        session->time = true;
        return 0;
    }
    for (size_t k = 0; k < sizeof(options) / sizeof(options[0]) && !missing; k++) {
        value = option_value(arguments, options[k].letter, options[k].name, &missing);
        if (value != NULL) {
            *options[k].to = value;
            return 0;
        }
    }
    value = missing ? NULL : option_value(arguments, 'p', "port", &missing);
    if (missing) {
        return complain("a value is missing behind", argument);
    }
    return value != NULL ? set_port(session, value) : add_setting(session, argument);
}

static bool read_all(FILE *from, struct buffer *to)
{
    char piece[65536];
    size_t bytes;
    while ((bytes = fread(piece, 1, sizeof(piece), from)) > 0) {
        buffer_append(to, piece, bytes);
    }
    return !to->failed && ferror(from) == 0;
}

static int run(struct session *session, const char *query)
{
    if (query != NULL) {
        return batch_run(session, slice_text(query), isatty(STDIN_FILENO) ? NULL : stdin);
    }
    if (isatty(STDIN_FILENO)) {
        return shell_run(session);
    }
    struct buffer text = {0};
    int code = read_all(stdin, &text) ? batch_run(session, buffer_all(&text), NULL)
                                      : session_complain(err_new(ERR_READ_FILE, "the standard input cannot be read"));
    buffer_deinit(&text);
    return code;
}

int client_main(int argc, char **argv)
{
    struct session session = {
        .options = {.host = getenv("WEIR_HOST"), .user = getenv("WEIR_USER"), .password = getenv("WEIR_PASSWORD")}};
    struct arguments arguments = {.count = argc, .values = argv, .at = 1};
    const char *port = getenv("WEIR_PORT");
    int code = port != NULL && *port != 0 ? set_port(&session, port) : 0;
    for (; code == 0 && arguments.at < argc; arguments.at++) {
        code = read_argument(&session, &arguments);
    }
    if (code != 0) {
        return code;
    }
    if (arguments.help) {
        return fputs(usage, stdout) < 0;
    }
    struct err *err = weir_client_open(&session.options, &session.client);
    if (err != NULL) {
        return session_complain(err);
    }
    code = run(&session, arguments.query);
    weir_client_close(session.client);
    return code;
}
