using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Xunit;

namespace CraftKit.Edge.Tests.Binary;

/// <summary>Bulk requests to a serving process, item by item what came back.</summary>
internal static class BulkLoad
{
    /// <summary>The results of an answer that may have been cut off: those that came whole.</summary>
    public static List<string> ResultsOf(string received)
    {
        const string Start = "{\"results\":[";
        var results = new List<string>();
        var body = received.IndexOf(Start, StringComparison.Ordinal);
        for (var from = body + Start.Length; body >= 0 && from < received.Length && received[from] == '{';)
        {
            var depth = 0;
            var end = from;
            do
            {
                depth += received[end] == '{' ? 1 : received[end] == '}' ? -1 : 0;
                end++;
            }
            while (depth > 0 && end < received.Length);
            if (depth > 0)
                break;
            results.Add(received[from..end]);
            from = end + 1;
        }

        return results;
    }

    /// <summary>An item of a scope.</summary>
    public static string Item(DedupeScope scope, long n) =>
        $$$"""{"renderId":"{{{scope.RenderId}}}","eventType":"{{{scope.EventType}}}","metadata":{"n":{{{n}}}},"sourceIp":"{{{scope.SourceIp}}}"}""";

    /// <summary>Sends items as lines and takes what comes, until the answer or the connection has ended.</summary>
    /// <returns>The results that came whole, and whether all of the answer did.</returns>
    public static async Task<(List<string> Results, bool IsWhole)> PostAsync(IPEndPoint server, string apiKey, IReadOnlyList<string> items)
    {
        var body = Encoding.UTF8.GetBytes(string.Concat(items.Select(item => item + "\n")));
        var head = Encoding.ASCII.GetBytes(
            $"POST /v1/events HTTP/1.1\r\nHost: edge\r\nAuthorization: Bearer {apiKey}\r\nConnection: close\r\nContent-Type: application/x-ndjson\r\nContent-Length: {body.Length}\r\n\r\n");
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var received = new MemoryStream();
        try
        {
            await socket.ConnectAsync(server);
            var sending = SendAsync(socket, (byte[])[.. head, .. body]);
            var buffer = new byte[64 * 1024];
            int count;
            while ((count = await socket.ReceiveAsync(buffer)) > 0)
                received.Write(buffer, 0, count);
            await sending;
        }
        catch (SocketException)
        {
            // Cut off: what came before it counts.
        }

        var text = Unchunk(Encoding.UTF8.GetString(received.ToArray()), out var isWhole);
        return (ResultsOf(text), isWhole);
    }

    /// <summary>The code of an item's error; null for one without.</summary>
    public static string? ErrorOf(string result)
    {
        using var json = JsonDocument.Parse(result);
        return json.RootElement.TryGetProperty("error", out var error) ? error.GetProperty("code").GetString() : null;
    }

    private static async Task SendAsync(Socket socket, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            while (!bytes.IsEmpty)
                bytes = bytes[await socket.SendAsync(bytes)..];
        }
        catch (SocketException)
        {
            // The process is gone; the receiving side tells.
        }
    }

    /// <summary>The text of a chunked answer as far as it came.</summary>
    private static string Unchunk(string answer, out bool isWhole)
    {
        isWhole = false;
        var position = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        if (position < 4)
            return "";
        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        var text = new StringBuilder();
        while (true)
        {
            var line = answer.IndexOf("\r\n", position, StringComparison.Ordinal);
            if (line < 0)
                return text.ToString();
            var length = Convert.ToInt32(answer[position..line], 16);
            if (length == 0)
            {
                isWhole = true;
                return text.ToString();
            }

            text.Append(answer, line + 2, Math.Min(length, answer.Length - line - 2));
            position = line + 2 + length + 2;
            if (position > answer.Length)
                return text.ToString();
        }
    }
}
