/*
 * client.c: `weir client`: its arguments.
 *
 * exit     0: all went well; the error's code modulo 256 (never 0) otherwise; 2: wrong arguments
 */
#include "client/client.h"

#include "base/number.h"
#include "client/password.h"
#include "client/session.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define QUERIES_MAX 64U

static const char usage[] =
    "usage: weir client [OPTION]...\n"
    "\n"
    "Asks a server over HTTP: a shell on a terminal, or statements from -q or the standard input.\n"
    "\n"
    "  -h, --host HOST          127.0.0.1, or $WEIR_HOST\n"
    "  -p, --port PORT          8123, with --secure 8443, or $WEIR_PORT\n"
    "      --secure             over TLS (https)\n"
    "      --ca FILE            PEM file of who may vouch for the server; otherwise those that the system trusts\n"
    "      --accept-invalid-certificate   does not ask who the server is\n"
    "      --certificate FILE, --key FILE   the client's own, PEM, where the server wants one\n"
    "  -u, --user NAME          or $WEIR_USER\n"
    "      --password [PASSWORD]   or $WEIR_PASSWORD; without a value it is asked for, as when the server wants one\n"
    "  -d, --database NAME\n"
    "  -q, --query SQL          runs it and leaves; may be given several times\n"
    "      --queries-file FILE  runs the statements of a file and leaves\n"
    "  -f, --format NAME        of results: PrettyCompact on a terminal, otherwise TabSeparated\n"
    "  -E, --vertical           --format Vertical\n"
    "  -t, --time               seconds of each query, to the standard error\n"
    "      --progress, --no-progress   how far queries are, on the standard error; otherwise when that is a terminal\n"
    "      --param_NAME VALUE   the value of {NAME:Type} in the query\n"
    "      --SETTING=VALUE      a setting for every query\n"
    "  -n, -m                   taken for clickhouse-client's sake: several statements and lines are always welcome\n"
    "  -V, --version\n"
    "      --help               this text\n"
    "\n"
    "Statements are separated by ';' (or \\G: rows one below the other); the first error ends them. Data of INSERT … "
    "FORMAT name are\n"
    "what follows it in the text, or the standard input when nothing follows:\n"
    "\n"
    "  weir client -q 'SELECT count() FROM flights'\n"
    "  weir client -q 'INSERT INTO flights FORMAT CSV' < flights.csv\n"
    "  weir client < script.sql\n"
    "  weir client -q \"INSERT INTO flights FROM INFILE 'flights.csv.gz'\"\n"
    "  weir client -q \"SELECT * FROM flights INTO OUTFILE 'flights.csv.zst' FORMAT CSV\"\n"
    "\n"
    "exit code: 0; 2 for wrong arguments; otherwise the error's code modulo 256, or 1 where that is 0.\n";

struct arguments {
    int count;
    char **values;
    int at;
    const char *queries[QUERIES_MAX];
    uint32_t query_count;
    const char *query; /* the one just read */
    const char *queries_file;
    bool vertical, help, version, progress, no_progress, ask_password;
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

/* "--name=value" or "--name value" that is no option: a setting. */
static int add_setting(struct session *session, struct arguments *arguments)
{
    char *argument = arguments->values[arguments->at];
    if (argument[0] != '-') {
        return complain("a statement goes behind -q; unexpected", argument);
    }
    bool is_long = strncmp(argument, "--", 2) == 0 && argument[2] != 0 && argument[2] != '=';
    char *value = is_long ? strchr(argument, '=') : NULL;
    if (value != NULL) {
        *value++ = 0;
    } else if (is_long && arguments->at + 1 < arguments->count && arguments->values[arguments->at + 1][0] != '-') {
        value = arguments->values[++arguments->at];
    }
    if (value == NULL) {
        return complain("unknown option", argument);
    }
    if (session->parameter_count == SESSION_PARAMETERS_MAX) {
        return complain("too many settings, this one does not fit:", argument);
    }
    session->parameters[session->parameter_count++] = (struct weir_parameter){.name = argument + 2, .value = value};
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

static int add_query(struct arguments *arguments)
{
    if (arguments->query_count == QUERIES_MAX) {
        return complain("too many queries, this one does not fit:", arguments->query);
    }
    arguments->queries[arguments->query_count++] = arguments->query;
    return 0;
}

/* Nothing stands behind the option, or another one. */
static bool has_no_value(const struct arguments *arguments)
{
    return arguments->at + 1 == arguments->count || arguments->values[arguments->at + 1][0] == '-';
}

static int read_argument(struct session *session, struct arguments *arguments)
{
    const struct {
        char letter;
        const char *name;
        const char **to;
    } options[] = {{'h', "host", &session->options.host},
                   {'u', "user", &session->options.user},
                   {0, "password", &session->options.password},
                   {0, "ca", &session->options.ca},
                   {0, "certificate", &session->options.certificate},
                   {0, "key", &session->options.key},
                   {'d', "database", &session->options.database},
                   {'q', "query", &arguments->query},
                   {0, "queries-file", &arguments->queries_file},
                   {'f', "format", &session->format}};
    bool always; /* several statements, several lines */
    const struct {
        const char *name;
        bool *to;
    } switches[] = {{"--help", &arguments->help},
                    {"--version", &arguments->version},
                    {"-V", &arguments->version},
                    {"--secure", &session->options.secure},
                    {"-s", &session->options.secure},
                    {"--accept-invalid-certificate", &session->options.accept_invalid_certificate},
                    {"--ask-password", &arguments->ask_password},
                    {"--time", &session->time},
                    {"-t", &session->time},
                    {"--vertical", &arguments->vertical},
                    {"-E", &arguments->vertical},
                    {"--progress", &arguments->progress},
                    {"--no-progress", &arguments->no_progress},
                    {"--multiquery", &always},
                    {"-n", &always},
                    {"--multiline", &always},
                    {"-m", &always},
                    {"-nm", &always},
                    {"-mn", &always}};
    char *argument = arguments->values[arguments->at];
    bool missing = false;
    const char *value;
    if (strcmp(argument, "--password") == 0 && has_no_value(arguments)) {
        arguments->ask_password = true;
        return 0;
    }
    for (size_t k = 0; k < sizeof(switches) / sizeof(switches[0]); k++) {
        if (strcmp(argument, switches[k].name) == 0) {
            *switches[k].to = true;
            return 0;
        }
    }
    for (size_t k = 0; k < sizeof(options) / sizeof(options[0]) && !missing; k++) {
        value = option_value(arguments, options[k].letter, options[k].name, &missing);
        if (value != NULL) {
            *options[k].to = value;
            return options[k].to == &arguments->query ? add_query(arguments) : 0;
        }
    }
    value = missing ? NULL : option_value(arguments, 'p', "port", &missing);
    if (missing) {
        return complain("a value is missing behind", argument);
    }
    return value != NULL ? set_port(session, value) : add_setting(session, arguments);
}

static int run_file(struct session *session, const char *path)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return session_complain(err_errno(ERR_OPEN_FILE, errno, "opening the statements \"%s\"", path));
    }
    int code = batch_run_file(session, file);
    (void)close(file);
    return code;
}

static int run(struct session *session, const struct arguments *arguments)
{
    int code = 0;
    for (uint32_t k = 0; k < arguments->query_count && code == 0; k++) {
        code = batch_run(session, slice_text(arguments->queries[k]), STDIN_FILENO);
    }
    if (arguments->queries_file != NULL && code == 0) {
        return run_file(session, arguments->queries_file);
    }
    if (arguments->query_count > 0) {
        return code;
    }
    return isatty(STDIN_FILENO) ? shell_run(session) : batch_run_file(session, STDIN_FILENO);
}

/* Does the server let nobody in without a password? Only who may type one is asked for it. */
static bool wants_password(struct session *session)
{
    struct weir_reply reply;
    const struct weir_query query = {.text = slice_text("SELECT 1")};
    if (session->options.password != NULL || !isatty(STDIN_FILENO) || !isatty(STDERR_FILENO)) {
        return false;
    }
    struct err *err = weir_client_query(session->client, &query, &reply);
    bool wants = err_code(err) == ERR_AUTHENTICATION || err_code(err) == ERR_REQUIRED_PASSWORD;
    err_free(err); /* what else is wrong the first statement will say */
    return wants;
}

/* Opens the connection; with a password that was asked for where that is wanted. */
static struct err *open_client(struct session *session, bool ask)
{
    static char password[PASSWORD_BYTES];
    struct err *err = ask ? NULL : weir_client_open(&session->options, &session->client);
    if (err != NULL || (!ask && !wants_password(session))) {
        return err;
    }
    if (!password_ask(session->options.user == NULL ? "default" : session->options.user, password)) {
        return ask ? err_new(ERR_REQUIRED_PASSWORD, "there is no terminal to type a password at, or nobody typed one; "
                                                    "--password=PASSWORD and $WEIR_PASSWORD are the other ways")
                   : NULL;
    }
    session->options.password = password;
    weir_client_close(session->client);
    session->client = NULL;
    return weir_client_open(&session->options, &session->client);
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
    if (arguments.version) {
        return puts("weir client " WEIR_VERSION) < 0;
    }
    if (session.format == NULL) {
        session.format = arguments.vertical ? "Vertical" : isatty(STDOUT_FILENO) ? "PrettyCompact" : "TabSeparated";
    }
    struct err *err = open_client(&session, arguments.ask_password);
    if (err != NULL) {
        weir_client_close(session.client);
        return session_complain(err);
    }
    if (!arguments.no_progress && (arguments.progress || isatty(STDERR_FILENO))) {
        session.progress = progress_create(&session.options);
    }
    code = run(&session, &arguments);
    progress_destroy(session.progress);
    weir_client_close(session.client);
    return code;
}
