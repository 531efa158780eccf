/*
 * web_assets.h: the pages and what they are made of: bytes in the program, bundled from server/web/ when it is built
 * (scripts/web-assets).
 */
#ifndef SERVER_WEB_ASSETS_H
#define SERVER_WEB_ASSETS_H

#include <stdbool.h>
#include <stddef.h>

struct web_asset {
    const char *path;
    const char *content_type;
    const char *etag; /* without quotes */
    bool lasting;     /* its name says what is in it: it never changes */
    const char *plain;
    size_t plain_bytes;
    const char *gzip;
    size_t gzip_bytes;
};

extern const struct web_asset web_assets[];
extern const size_t web_asset_count;

#endif
