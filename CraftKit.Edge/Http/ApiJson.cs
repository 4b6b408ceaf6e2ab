using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CraftKit.Edge.Http;

/// <summary>Writes the JSON of an answer.</summary>
internal static class ApiJson
{
    // The answers are application/json, never part of a page: nothing beyond JSON's own rules needs an escape, and quotes in messages
    // stay readable. Control characters are escaped all the same.
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The bytes that <paramref name="write"/> writes about <paramref name="state"/>.</summary>
    public static byte[] Write<TState>(TState state, Action<Utf8JsonWriter, TState> write)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, Options))
            write(writer, state);
        return buffer.WrittenSpan.ToArray();
    }
}
