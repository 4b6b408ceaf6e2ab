using System.Buffers;
using System.Text.Json;
using CraftKit.Edge.Events;
using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Storage;

/// <summary>The file beside the database that takes events which the database refuses for their own sake, one JSON object a line, so that nothing
/// acknowledged is lost and the writer goes on with the others.</summary>
/// <remarks>A line is on the disk before the journal position moves past its event. A crash between the two writes the line again at the next start:
/// the event's id tells.</remarks>
internal sealed class RefusedEvents(string path)
{
    /// <summary>The file's name in the data folder.</summary>
    public const string FileName = "events.refused.jsonl";

    private long _count;

    /// <summary>Events set aside since the start.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>Appends a record and waits until it is on the disk.</summary>
    /// <param name="sequence">Its journal position.</param>
    /// <param name="payload">The journal's bytes; written as Base64 when they are not a readable event.</param>
    /// <param name="reason">Why it was refused.</param>
    /// <exception cref="EdgeException">The file cannot be written.</exception>
    public void Append(long sequence, ReadOnlySpan<byte> payload, string reason)
    {
        var line = new ArrayBufferWriter<byte>(payload.Length + 512);
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            json.WriteNumber("sequence", sequence);
            json.WriteString("reason", reason);
            if (EventRecord.TryRead(payload, out var record))
            {
                json.WriteString("id", record.Id.ToString());
                json.WriteString("eventType", EventTypeName.Of(record.Type));
                json.WriteString("projectId", record.ProjectId);
                json.WriteString("renderId", record.RenderId);
                WriteOptional(json, "shareId"u8, record.HasShare, record.ShareId);
                json.WriteString("sourceIp", record.Address.ToString());
                WriteOptional(json, "userAgent"u8, record.HasUserAgent, record.UserAgent);
                json.WritePropertyName("metadata");
                // As a string, verbatim: an object could hold line breaks, and the file is one event a line.
                if (record.HasMetadata)
                    json.WriteStringValue(record.Metadata);
                else
                    json.WriteNullValue();
                json.WriteString("createdAt", record.Id.CreatedAt.UtcDateTime);
            }
            else
            {
                json.WriteBase64String("payload", payload);
            }
            json.WriteEndObject();
        }
        line.Write("\n"u8);

        try
        {
            var isNew = !File.Exists(path);
            using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
            if (isNew)
                PosixFile.GiveToOwnerOfFolder(file.SafeFileHandle, path);
            file.Write(line.WrittenSpan);
            file.Flush(flushToDisk: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EdgeException($"{path}: cannot be written ({e.Message.ReplaceLineEndings(" ")}); free space or mend its permissions", inner: e);
        }
        Interlocked.Increment(ref _count);
    }

    private static void WriteOptional(Utf8JsonWriter json, ReadOnlySpan<byte> name, bool present, ReadOnlySpan<byte> value)
    {
        if (present)
            json.WriteString(name, value);
        else
            json.WriteNull(name);
    }
}
