using System.Text;

namespace CraftKit.Edge.Bench.EndToEnd.Load;

/// <summary>A bulk request as bytes, which is made once and then written over for the next events: to make each anew would keep a processor, and this
/// process' garbage collector, busy at the cost of who is measured.</summary>
internal sealed class BulkBody
{
    /// <summary>Events of one request; each render has as many of them.</summary>
    public const int Items = 10_000;

    private readonly byte[] _request;
    private readonly int _addressAt;
    private readonly int _itemLength;

    /// <summary>A request for whose events <see cref="Of"/> has to be called.</summary>
    /// <param name="key">The API key.</param>
    public BulkBody(string key)
    {
        var body = new StringBuilder();
        for (var item = 0; item < Items; item++)
        {
            body.Append("{\"renderId\":\"").Append(EventKeys.RenderId(EventKeys.RenderOf(item)))
                .Append("\",\"eventType\":\"viewed\",\"metadata\":{\"source\":\"dashboard-ab\"},\"sourceIp\":\"").Append(EventKeys.AddressOf(item)).Append("\"}\n");
        }

        var text = $"""
            POST /v1/events HTTP/1.1
            Host: edge.example
            User-Agent: Mozilla/5.0 (X)
            Authorization: Bearer {key}
            Content-Type: application/x-ndjson
            Content-Length: {body.Length}


            """.ReplaceLineEndings("\r\n") + body;
        _request = Encoding.ASCII.GetBytes(text);
        _addressAt = text.IndexOf(EventKeys.AddressOf(0), StringComparison.Ordinal);
        _itemLength = body.Length / Items;
    }

    /// <summary>The request for <see cref="Items"/> events, as lines; it stands until the next call.</summary>
    /// <param name="first">The number of the first one, of the first render; see <see cref="EventKeys"/>.</param>
    public ReadOnlySpan<byte> Of(long first)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(EventKeys.RenderOf(first), 0, nameof(first));
        for (var round = 0; round < Items; round += EventKeys.Renders)
        {
            var address = EventKeys.AddressOf(first + round);
            for (var item = round; item < round + EventKeys.Renders; item++)
                Encoding.ASCII.GetBytes(address, _request.AsSpan(_addressAt + (item * _itemLength)));
        }

        return _request;
    }
}
