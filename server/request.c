/*
 * request.c: what every transport gives of a request: its parameters by name.
 */
#include "server/request.h"

#include <strings.h>

struct slice request_parameter(const struct request *request, const char *name)
{
    for (uint32_t k = 0; k < request->parameter_count; k++) {
        if (strcmp(request->parameters[k].name, name) == 0) {
            return request->parameters[k].value;
        }
    }
    return (struct slice){0};
}

void request_each_parameter(const struct request *request,
                            void (*visit)(void *user, struct slice name, struct slice value), void *user)
{
    for (uint32_t k = 0; k < request->parameter_count; k++) {
        if (request->parameters[k].name[0] != ':') {
            visit(user, slice_text(request->parameters[k].name), request->parameters[k].value);
        }
    }
}

struct slice request_header(const struct request *request, const char *name)
{
    for (uint32_t k = 0; k < request->parameter_count; k++) {
        if (request->parameters[k].name[0] == ':' && strcasecmp(request->parameters[k].name + 1, name) == 0) {
            return request->parameters[k].value;
        }
    }
    return (struct slice){0};
}
