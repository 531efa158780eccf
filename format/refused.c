/* refused.c: their names, as system.formats of ClickHouse has them. */
#include "format/refused.h"

#include <string.h>
#include <strings.h>

static bool is_one_of(struct slice name, const char *const *names, size_t count)
{
    for (size_t k = 0; k < count; k++) {
        if (strlen(names[k]) == name.length && strncasecmp(names[k], name.data, name.length) == 0) {
            return true;
        }
    }
    return false;
}

bool format_is_refused(struct slice name)
{
    static const char *const names[] = {
        "Avro",
        "AvroConfluent",
        "BSONEachRow",
        "Buffers",
        "CapnProto",
        "CustomSeparatedIgnoreSpaces",
        "CustomSeparatedIgnoreSpacesWithNames",
        "CustomSeparatedIgnoreSpacesWithNamesAndTypes",
        "DWARF",
        "Form",
        "GeoJSON",
        "Hash",
        "HiveText",
        "MsgPack",
        "MySQLDump",
        "MySQLWire",
        "Npy",
        "ODBCDriver2",
        "One",
        "ORC",
        "ParquetMetadata",
        "PNG",
        "PostgreSQLWire",
        "Protobuf",
        "ProtobufList",
        "ProtobufSingle",
        "Puffin",
        "PuffinMetadata",
        "Regexp",
        "Template",
        "TemplateIgnoreSpaces",
    };
    return is_one_of(name, names, sizeof(names) / sizeof(names[0]));
}
