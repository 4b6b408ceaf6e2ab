using System.Buffers;
using System.Text.Json;
using CraftKit.Edge.Events;
using CraftKit.Edge.Json;

namespace CraftKit.Edge.Cli;

/// <summary>Exported events as JSON lines: the fields of an event in the engagement answer, with <c>renderId</c> and <c>projectId</c>
/// (docs/API.md).</summary>
/// <param name="destination">Where the lines go.</param>
internal sealed class EventJsonLines(Stream destination) : IEventFormat
{
    private const int FlushAt = 64 * 1024;

    private readonly ArrayBufferWriter<byte> _buffer = new(FlushAt + 8192);
    private readonly ArrayBufferWriter<byte> _metadata = new();
    private Utf8JsonWriter? _json;

    public void Write(ExportedEvent exported)
    {
        _json ??= new Utf8JsonWriter(_buffer, new JsonWriterOptions { SkipValidation = true });
        _json.Reset(_buffer);
        _json.WriteStartObject();
        _json.WriteString("id"u8, exported.Id.ToString());
        _json.WriteString("eventType"u8, EventTypeName.Of(exported.Type));
        _json.WriteString("actorKind"u8, ExportedEvent.ActorKind);
        _json.WriteString("renderId"u8, exported.RenderId);
        _json.WriteString("projectId"u8, exported.ProjectId);
        _json.WriteString("shareId"u8, exported.ShareId);
        _json.WriteString("sourceIp"u8, exported.SourceIp.ToString());
        _json.WriteString("userAgent"u8, exported.UserAgent);
        _json.WritePropertyName("metadata"u8);
        if (exported.Metadata is { IsEmpty: false } metadata)
        {
            _metadata.ResetWrittenCount();
            MetadataText.WriteOneLine(metadata.Span, _metadata);
            _json.WriteRawValue(_metadata.WrittenSpan, skipInputValidation: true);
        }
        else
        {
            _json.WriteNullValue();
        }

        _json.WriteString("createdAt"u8, TimeText.Of(exported.CreatedAt));
        _json.WriteEndObject();
        _json.Flush();
        _buffer.Write("\n"u8);
        if (_buffer.WrittenCount >= FlushAt)
            Flush();
    }

    public void Flush()
    {
        destination.Write(_buffer.WrittenSpan);
        _buffer.ResetWrittenCount();
        destination.Flush();
    }
}
