/*
 * url_site.c: the part of a host that somebody registered: firstSignificantSubdomain, cutToFirstSignificantSubdomain
 * and their forms.
 *
 * rule     the last two labels, or three where the last two are one public suffix ("co.uk"); longer suffixes, rules
 *          with '*' and capital letters are not looked at, as in ClickHouse
 * source   the Public Suffix List as libpsl was built with it, which decides about a few names that ClickHouse's copy
 *          of the list, of another day, has or has not
 * thread   any, no shared state
 */
#include "query/functions/row.h"
#include "query/functions/url.h"

#include <libpsl.h>

enum site { SITE_RFC = 1, SITE_WWW = 2, SITE_CUT = 4 };

#define SUFFIX_MAX 128U
#define NO_NAME    "zz--no-name." /* a label that no rule but '*' holds for */

static bool is_suffix(const char *name)
{
    return psl_is_public_suffix2(psl_builtin(), name, PSL_TYPE_ANY) == 1;
}

/* Are these two labels a suffix by a rule of their own, not by one with '*'? */
static bool is_second_level(struct slice labels)
{
    char name[SUFFIX_MAX + sizeof(NO_NAME)] = NO_NAME;
    char *labels_at = name + sizeof(NO_NAME) - 1;
    if (labels.length >= SUFFIX_MAX || memchr(labels.data, '\0', labels.length) != NULL) {
        return false;
    }
    memcpy(labels_at, labels.data, labels.length);
    labels_at[labels.length] = '\0';
    if (!is_suffix(labels_at) || is_suffix(name)) {
        return false;
    }
    const char *dot = strchr(labels_at, '.');
    if (dot == NULL) {
        return false;
    }
    size_t rest = strlen(dot + 1) + 1;
    memmove(labels_at, dot + 1, rest);
    return !is_suffix(name);
}

static struct err *run_site(struct row_call *call, union row_value *out)
{
    struct slice host = url_domain(call->arguments[0].text, (call->tag & SITE_RFC) != 0, (call->tag & SITE_WWW) == 0);
    const char *begin = host.data;
    const char *end = begin + host.length;
    const char *dots[3] = {NULL, NULL, NULL};
    out->text = slice_of("", 0);
    if (host.length == 0) {
        return NULL;
    }
    const char *stop = end[-1] == '.' ? end - 1 : end;
    uint32_t found = 0;
    for (const char *at = stop; at > begin && found < 3;) {
        at = memrchr(begin, '.', (size_t)(at - begin));
        if (at == NULL) {
            break;
        }
        dots[found++] = at;
    }
    const char *first = begin;
    const char *last = stop;
    if (found == 1) {
        last = dots[0];
    } else if (found > 1) {
        bool three = is_second_level(slice_of(dots[1] + 1, (size_t)(stop - dots[1] - 1)));
        last = three ? dots[1] : dots[0];
        first = three ? (found == 3 ? dots[2] + 1 : begin) : dots[1] + 1;
    }
    if (last > first) {
        out->text = slice_of(first, (size_t)(((call->tag & SITE_CUT) != 0 ? end : last) - first));
    }
    return NULL;
}

#define SITE(name, tag, about) ROW(name, false, 1, 1, tag, "s", TYPE_STRING, run_site, about)
static const struct row_function rows[] = {
    SITE("firstSignificantSubdomain", 0, "The label of a URL's host that somebody registered: 'b' of a.b.co.uk."),
    SITE("firstSignificantSubdomainRFC", SITE_RFC, "As firstSignificantSubdomain, of URLs as RFC 3986 has them."),
    SITE("cutToFirstSignificantSubdomain", SITE_CUT, "The host from the label on that somebody registered: 'b.co.uk'."),
    SITE("cutToFirstSignificantSubdomainRFC", SITE_CUT | SITE_RFC,
         "As cutToFirstSignificantSubdomain, of URLs as RFC 3986 has them."),
    SITE("cutToFirstSignificantSubdomainWithWWW", SITE_CUT | SITE_WWW,
         "As cutToFirstSignificantSubdomain; 'www.' counts as a label."),
    SITE("cutToFirstSignificantSubdomainWithWWWRFC", SITE_CUT | SITE_WWW | SITE_RFC,
         "As cutToFirstSignificantSubdomainWithWWW, of URLs as RFC 3986 has them."),
};
const struct function_group functions_url_site = {NULL, 0, NULL, 0, rows, sizeof(rows) / sizeof(rows[0])};
