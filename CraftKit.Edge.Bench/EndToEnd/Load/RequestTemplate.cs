using System.Text;

namespace CraftKit.Edge.Bench.EndToEnd.Load;

/// <summary>The bytes of a request, of which only render and address differ from one to the next.</summary>
internal sealed class RequestTemplate
{
    private readonly byte[] _bytes;
    private readonly int _renderAt;
    private readonly int _addressAt;

    /// <param name="host">The Host header's value.</param>
    /// <param name="key">The API key.</param>
    /// <param name="metadataBytes">Size of the metadata object; 0 for none.</param>
    public RequestTemplate(string host, string key, int metadataBytes)
    {
        var body = BodyOf(metadataBytes);
        var text = $"""
            POST /v1/renders/{EventKeys.RenderId(0)}/events HTTP/1.1
            Host: {host}
            User-Agent: partner-backend/1.4
            Accept: application/json
            Authorization: Bearer {key}
            X-Forwarded-For: {EventKeys.AddressOf(0)}
            Content-Type: application/json
            Content-Length: {body.Length}

            {body}
            """.ReplaceLineEndings("\r\n");
        _bytes = Encoding.ASCII.GetBytes(text);
        _renderAt = text.IndexOf(EventKeys.RenderId(0), StringComparison.Ordinal);
        _addressAt = text.IndexOf(EventKeys.AddressOf(0), StringComparison.Ordinal);
    }

    /// <summary>Bytes of every request.</summary>
    public int Length => _bytes.Length;

    /// <summary>Writes the request of an event.</summary>
    public void Write(Span<byte> destination, long number)
    {
        _bytes.CopyTo(destination);
        Encoding.ASCII.GetBytes(EventKeys.RenderId(EventKeys.RenderOf(number)), destination[_renderAt..]);
        Encoding.ASCII.GetBytes(EventKeys.AddressOf(number), destination[_addressAt..]);
    }

    /// <summary>An event's body with a metadata object of so many bytes, in members of usual length.</summary>
    public static string BodyOf(int metadataBytes)
    {
        if (metadataBytes == 0)
            return """{"eventType":"viewed"}""";
        const string Start = """{"source":"dashboard","page":3""", End = ",\"note\":\"", Member = ",\"field\":\"0123456789 abcdef\"";
        var metadata = new StringBuilder(Start);
        while (metadata.Length + Member.Length + End.Length + 2 <= metadataBytes)
            metadata.Append(Member);
        metadata.Append(End).Append('x', Math.Max(0, metadataBytes - metadata.Length - 2)).Append("\"}");
        return $$"""{"eventType":"viewed","metadata":{{metadata}}}""";
    }
}
