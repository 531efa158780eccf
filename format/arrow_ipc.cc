/*
 * arrow_ipc.cc: see arrow_ipc.h. The library of flatbuffers is C++, and made of headers.
 */
#include "format/arrow_ipc.h"

#include "arrow_generated.h"

#include <cstring>
#include <string>
#include <vector>

namespace
{

using flatbuffers::FlatBufferBuilder;
using flatbuffers::Offset;
using flatbuffers::Vector;

static_assert(sizeof(arrow::FieldNode) == sizeof(arrow_node) && sizeof(arrow::Buffer) == sizeof(arrow_extent),
              "copied as they are");

/* ---- reading */

arrow_text text_of(const flatbuffers::String *text)
{
    return text == nullptr ? arrow_text{nullptr, 0} : arrow_text{text->c_str(), text->size()};
}

template <typename Item> Item *allocate(const arrow_memory *memory, size_t count)
{
    void *bytes = memory->alloc(memory->user, (count + 1) * sizeof(Item));
    return bytes == nullptr ? nullptr : new (bytes) Item[count + 1]();
}

const char no_memory[] = "memory is out for its metadata";

/* The type's parameters. */
const char *read_type(const arrow::Field *from, arrow_field *field)
{
    const auto kind = static_cast<unsigned>(from->type_type());
    if (kind == ARROW_NONE || kind >= ARROW_KINDS || from->type() == nullptr) {
        return "a field has no type, or one that is not known";
    }
    field->kind = static_cast<arrow_kind>(kind);
    switch (field->kind) {
    case ARROW_INT:
        field->bits = from->type_as_Int()->bit_width();
        field->is_signed = from->type_as_Int()->is_signed();
        break;
    case ARROW_FLOAT:
        field->bits = 16 << (static_cast<int>(from->type_as_FloatingPoint()->precision()) & 3);
        break;
    case ARROW_DECIMAL:
        field->bits = from->type_as_Decimal()->bit_width();
        field->precision = from->type_as_Decimal()->precision();
        field->scale = from->type_as_Decimal()->scale();
        break;
    case ARROW_DATE:
        field->unit = static_cast<int32_t>(from->type_as_Date()->unit());
        break;
    case ARROW_TIME:
        field->unit = static_cast<int32_t>(from->type_as_Time()->unit());
        field->bits = from->type_as_Time()->bit_width();
        break;
    case ARROW_TIMESTAMP:
        field->unit = static_cast<int32_t>(from->type_as_Timestamp()->unit());
        field->zone = text_of(from->type_as_Timestamp()->timezone());
        break;
    case ARROW_DURATION:
        field->unit = static_cast<int32_t>(from->type_as_Duration()->unit());
        break;
    case ARROW_UNION:
        field->unit = from->type_as_Union()->mode() == arrow::UnionMode::Dense ? 1 : 0;
        break;
    case ARROW_FIXED_BINARY:
        field->width = from->type_as_FixedSizeBinary()->byte_width();
        break;
    case ARROW_FIXED_LIST:
        field->width = from->type_as_FixedSizeList()->list_size();
        break;
    default:
        break;
    }
    if (field->unit < 0 || field->unit > 3 || (field->kind == ARROW_DATE && field->unit > 1)) {
        return "a time has a unit that is none";
    }
    return nullptr;
}

const char *read_fields(const Vector<Offset<arrow::Field>> *from, const arrow_memory *memory, arrow_field **fields,
                        uint32_t *count)
{
    *count = from == nullptr ? 0 : from->size();
    *fields = allocate<arrow_field>(memory, *count);
    if (*fields == nullptr) {
        return no_memory;
    }
    for (uint32_t k = 0; k < *count; k++) {
        const arrow::Field *one = from->Get(k);
        arrow_field *field = &(*fields)[k];
        field->name = text_of(one->name());
        field->nullable = one->nullable();
        const char *wrong = read_type(one, field);
        if (wrong == nullptr) {
            wrong = read_fields(one->children(), memory, &field->children, &field->child_count);
        }
        if (wrong != nullptr) {
            return wrong;
        }
        if (const arrow::DictionaryEncoding *dictionary = one->dictionary()) {
            const arrow::Int *index = dictionary->index_type();
            field->is_dictionary = true;
            field->dictionary = dictionary->id();
            field->index_bits = index == nullptr ? 32 : index->bit_width();
            field->index_signed = index == nullptr || index->is_signed();
        }
        for (uint32_t i = 0; one->custom_metadata() != nullptr && i < one->custom_metadata()->size(); i++) {
            const arrow::KeyValue *pair = one->custom_metadata()->Get(i);
            if (pair->key() != nullptr && pair->key()->str() == "ARROW:extension:name") {
                field->extension = text_of(pair->value());
            }
        }
    }
    return nullptr;
}

/* Hostile ones need not be aligned for what they hold. */
template <typename From, typename Item> void copy_items(const Vector<From> *from, Item *to)
{
    static_assert(sizeof(Item) == 8 || sizeof(Item) == 16, "as the wire has it");
    if (from != nullptr) {
        std::memcpy(static_cast<void *>(to), from->Data(), from->size() * sizeof(Item));
    }
}

const char *read_batch(const arrow::RecordBatch *from, const arrow_memory *memory, arrow_batch *batch)
{
    if (from == nullptr) {
        return "a batch has no data";
    }
    batch->row_count = from->length();
    batch->node_count = from->nodes() == nullptr ? 0 : from->nodes()->size();
    batch->buffer_count = from->buffers() == nullptr ? 0 : from->buffers()->size();
    batch->variadic_count = from->variadic_buffer_counts() == nullptr ? 0 : from->variadic_buffer_counts()->size();
    arrow_node *nodes = allocate<arrow_node>(memory, batch->node_count);
    arrow_extent *buffers = allocate<arrow_extent>(memory, batch->buffer_count);
    int64_t *variadic = allocate<int64_t>(memory, batch->variadic_count);
    if (nodes == nullptr || buffers == nullptr || variadic == nullptr) {
        return no_memory;
    }
    copy_items(from->nodes(), nodes);
    copy_items(from->buffers(), buffers);
    copy_items(from->variadic_buffer_counts(), variadic);
    batch->nodes = nodes;
    batch->buffers = buffers;
    batch->variadic = variadic;
    if (const arrow::BodyCompression *compression = from->compression()) {
        switch (compression->codec()) {
        case arrow::CompressionType::LZ4_FRAME:
            batch->codec = ARROW_LZ4;
            break;
        case arrow::CompressionType::ZSTD:
            batch->codec = ARROW_ZSTD;
            break;
        default:
            return "its body is compressed in a way that is not known; there are lz4_frame and zstd";
        }
    }
    return nullptr;
}

/* ---- writing */

Offset<void> write_type(FlatBufferBuilder &builder, const arrow_field &field)
{
    const auto time = static_cast<arrow::TimeUnit>(field.unit);
    switch (field.kind) {
    case ARROW_INT:
        return arrow::CreateInt(builder, field.bits, field.is_signed).Union();
    case ARROW_FLOAT:
        return arrow::CreateFloatingPoint(builder,
                                          field.bits == 64 ? arrow::Precision::DOUBLE : arrow::Precision::SINGLE)
            .Union();
    case ARROW_BINARY:
        return arrow::CreateBinary(builder).Union();
    case ARROW_UTF8:
        return arrow::CreateUtf8(builder).Union();
    case ARROW_BOOL:
        return arrow::CreateBool(builder).Union();
    case ARROW_DECIMAL:
        return arrow::CreateDecimal(builder, field.precision, field.scale, field.bits).Union();
    case ARROW_DATE:
        return arrow::CreateDate(builder, static_cast<arrow::DateUnit>(field.unit)).Union();
    case ARROW_TIMESTAMP:
        return arrow::CreateTimestamp(builder, time, builder.CreateString(field.zone.data, field.zone.length)).Union();
    case ARROW_LIST:
        return arrow::CreateList(builder).Union();
    case ARROW_STRUCT:
        return arrow::CreateStruct(builder).Union();
    case ARROW_FIXED_BINARY:
        return arrow::CreateFixedSizeBinary(builder, field.width).Union();
    case ARROW_MAP:
        return arrow::CreateMap(builder).Union();
    case ARROW_DURATION:
        return arrow::CreateDuration(builder, time).Union();
    default: /* all that is written stands above, but */
        return arrow::CreateNull(builder).Union();
    }
}

Offset<Vector<Offset<arrow::Field>>> write_fields(FlatBufferBuilder &builder, const arrow_field *fields, uint32_t count)
{
    std::vector<Offset<arrow::Field>> written;
    for (uint32_t k = 0; k < count; k++) {
        const arrow_field &field = fields[k];
        Offset<Vector<Offset<arrow::Field>>> children = write_fields(builder, field.children, field.child_count);
        Offset<void> type = write_type(builder, field);
        Offset<arrow::DictionaryEncoding> dictionary = 0;
        Offset<Vector<Offset<arrow::KeyValue>>> metadata = 0;
        if (field.is_dictionary) {
            dictionary = arrow::CreateDictionaryEncoding(
                builder, field.dictionary, arrow::CreateInt(builder, field.index_bits, field.index_signed));
        }
        if (field.extension.length > 0) {
            const std::string name(field.extension.data, field.extension.length);
            std::vector<Offset<arrow::KeyValue>> pairs;
            pairs.push_back(arrow::CreateKeyValueDirect(builder, "ARROW:extension:name", name.c_str()));
            pairs.push_back(arrow::CreateKeyValueDirect(builder, "ARROW:extension:metadata", ""));
            metadata = builder.CreateVector(pairs);
        }
        Offset<flatbuffers::String> name = builder.CreateString(field.name.data, field.name.length);
        written.push_back(arrow::CreateField(builder, name, field.nullable, static_cast<arrow::Type>(field.kind), type,
                                             dictionary, children, metadata));
    }
    return builder.CreateVector(written);
}

/* The prefix, what the builder holds, and zeros up to the next multiple of ARROW_ALIGN. */
size_t finish(FlatBufferBuilder &builder, Offset<arrow::Message> message, const arrow_out *out)
{
    static const char zeros[ARROW_ALIGN] = {};
    builder.Finish(message);
    const size_t bytes = builder.GetSize(), padding = (ARROW_ALIGN - bytes % ARROW_ALIGN) % ARROW_ALIGN;
    const uint32_t prefix[] = {ARROW_CONTINUATION, static_cast<uint32_t>(bytes + padding)};
    out->append(out->user, prefix, sizeof(prefix));
    out->append(out->user, builder.GetBufferPointer(), bytes);
    out->append(out->user, zeros, padding);
    return sizeof(prefix) + bytes + padding;
}

Offset<Vector<const arrow::Block *>> write_blocks(FlatBufferBuilder &builder, const arrow_block *blocks, uint32_t count)
{
    std::vector<arrow::Block> written;
    for (uint32_t k = 0; k < count; k++) {
        written.emplace_back(blocks[k].offset, blocks[k].metadata_bytes, blocks[k].body_bytes);
    }
    return builder.CreateVectorOfStructs(written);
}

} // namespace

const char *arrow_read_message(const void *bytes, size_t length, const struct arrow_memory *memory,
                               struct arrow_message *out)
{
    flatbuffers::Verifier verifier(static_cast<const uint8_t *>(bytes), length, ARROW_DEPTH_MAX, ARROW_TABLES_MAX);
    *out = {};
    if (!arrow::VerifyMessageBuffer(verifier)) {
        return "its metadata are damaged, or are none of Arrow's";
    }
    const arrow::Message *message = arrow::GetMessage(bytes);
    if (message->version() < arrow::MetadataVersion::V4 || message->version() > arrow::MetadataVersion::V5) {
        return "its metadata have another version than V4 and V5";
    }
    out->body_bytes = message->body_length();
    if (message->header() == nullptr) {
        return "it has no header";
    }
    switch (message->header_type()) {
    case arrow::MessageHeader::Schema: {
        const arrow::Schema *schema = message->header_as_Schema();
        if (schema->endianness() != arrow::Endianness::Little) {
            return "its values are big-endian; only little-endian ones are read";
        }
        out->header = ARROW_SCHEMA;
        return read_fields(schema->fields(), memory, &out->fields, &out->field_count);
    }
    case arrow::MessageHeader::DictionaryBatch: {
        const arrow::DictionaryBatch *dictionary = message->header_as_DictionaryBatch();
        out->header = ARROW_DICTIONARY_BATCH;
        out->dictionary = dictionary->id();
        out->is_delta = dictionary->is_delta();
        return read_batch(dictionary->data(), memory, &out->batch);
    }
    case arrow::MessageHeader::RecordBatch:
        out->header = ARROW_RECORD_BATCH;
        return read_batch(message->header_as_RecordBatch(), memory, &out->batch);
    default:
        return "it is no schema, no dictionary and no record batch";
    }
}

size_t arrow_write_schema(const struct arrow_out *out, const struct arrow_field *fields, uint32_t count)
{
    FlatBufferBuilder builder;
    Offset<arrow::Schema> schema =
        arrow::CreateSchema(builder, arrow::Endianness::Little, write_fields(builder, fields, count));
    return finish(
        builder,
        arrow::CreateMessage(builder, arrow::MetadataVersion::V5, arrow::MessageHeader::Schema, schema.Union()), out);
}

size_t arrow_write_batch(const struct arrow_out *out, const struct arrow_batch *batch, int64_t body_bytes,
                         const int64_t *dictionary, bool is_delta)
{
    FlatBufferBuilder builder;
    std::vector<arrow::FieldNode> nodes;
    std::vector<arrow::Buffer> buffers;
    Offset<arrow::BodyCompression> compression = 0;
    for (uint32_t k = 0; k < batch->node_count; k++) {
        nodes.emplace_back(batch->nodes[k].length, batch->nodes[k].null_count);
    }
    for (uint32_t k = 0; k < batch->buffer_count; k++) {
        buffers.emplace_back(batch->buffers[k].offset, batch->buffers[k].length);
    }
    if (batch->codec != ARROW_PLAIN) {
        compression = arrow::CreateBodyCompression(
            builder, batch->codec == ARROW_ZSTD ? arrow::CompressionType::ZSTD : arrow::CompressionType::LZ4_FRAME);
    }
    Offset<Vector<const arrow::FieldNode *>> node_list = builder.CreateVectorOfStructs(nodes);
    Offset<Vector<const arrow::Buffer *>> buffer_list = builder.CreateVectorOfStructs(buffers);
    Offset<arrow::RecordBatch> data =
        arrow::CreateRecordBatch(builder, batch->row_count, node_list, buffer_list, compression);
    Offset<void> header = data.Union();
    if (dictionary != nullptr) {
        header = arrow::CreateDictionaryBatch(builder, *dictionary, data, is_delta).Union();
    }
    return finish(builder,
                  arrow::CreateMessage(builder, arrow::MetadataVersion::V5,
                                       dictionary == nullptr ? arrow::MessageHeader::RecordBatch
                                                             : arrow::MessageHeader::DictionaryBatch,
                                       header, body_bytes),
                  out);
}

size_t arrow_write_footer(const struct arrow_out *out, const struct arrow_field *fields, uint32_t count,
                          const struct arrow_block *dictionaries, uint32_t dictionary_count,
                          const struct arrow_block *batches, uint32_t batch_count)
{
    FlatBufferBuilder builder;
    Offset<arrow::Schema> schema =
        arrow::CreateSchema(builder, arrow::Endianness::Little, write_fields(builder, fields, count));
    Offset<Vector<const arrow::Block *>> dictionary_list = write_blocks(builder, dictionaries, dictionary_count);
    Offset<Vector<const arrow::Block *>> batch_list = write_blocks(builder, batches, batch_count);
    builder.Finish(arrow::CreateFooter(builder, arrow::MetadataVersion::V5, schema, dictionary_list, batch_list));
    out->append(out->user, builder.GetBufferPointer(), builder.GetSize());
    return builder.GetSize();
}
