/*
 * url.h: the host of a URL, for the functions that look at it.
 */
#ifndef QUERY_FUNCTIONS_URL_H
#define QUERY_FUNCTIONS_URL_H

#include "base/slice.h"

#include <stdbool.h>

/* As domain, domainRFC and domainWithoutWWW find it; a part of the URL, or empty. */
struct slice url_domain(struct slice url, bool rfc, bool without_www);

#endif
