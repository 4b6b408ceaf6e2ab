using System.Text;

namespace CraftKit.Edge.Bench.EndToEnd.Load;

/// <summary>Bulk requests as bytes.</summary>
internal static class BulkBody
{
    /// <summary>Events of one request.</summary>
    public const int Items = 10_000;

    /// <summary>A request with the events from a number on, as lines.</summary>
    /// <param name="key">The API key.</param>
    /// <param name="first">The number of the first one; see <see cref="EventKeys"/>.</param>
    public static byte[] Request(string key, long first)
    {
        var body = new StringBuilder();
        for (var number = first; number < first + Items; number++)
        {
            body.Append("{\"renderId\":\"").Append(EventKeys.RenderId(EventKeys.RenderOf(number)))
                .Append("\",\"eventType\":\"viewed\",\"metadata\":{\"source\":\"dashboard-ab\"},\"sourceIp\":\"").Append(EventKeys.AddressOf(number)).Append("\"}\n");
        }

        return Encoding.ASCII.GetBytes($"""
            POST /v1/events HTTP/1.1
            Host: edge.example
            User-Agent: Mozilla/5.0 (X)
            Authorization: Bearer {key}
            Content-Type: application/x-ndjson
            Content-Length: {body.Length}


            """.ReplaceLineEndings("\r\n") + body);
    }
}
