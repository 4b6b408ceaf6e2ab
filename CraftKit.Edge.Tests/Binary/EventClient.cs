using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CraftKit.Edge.Tests.Binary;

/// <summary>One connection to a serving process, kept open from request to request and opened again after a failure.</summary>
internal sealed class EventClient(IPEndPoint server, string apiKey) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly byte[] _received = new byte[64 * 1024];
    private Socket? _socket;

    /// <summary>The API key that requests present.</summary>
    public string ApiKey => apiKey;

    /// <summary>Sends an event.</summary>
    /// <returns>The answer; null when the connection ended before a whole one came.</returns>
    public Task<Answer?> PostAsync(DedupeScope scope, long n, int padding = 0) =>
        PostAsync(scope.RenderId, scope.EventType, scope.SourceIp, $$"""{"n":{{n}}{{(padding == 0 ? "" : $",\"padding\":\"{new string('x', padding)}\"")}}}""");

    /// <inheritdoc cref="PostAsync(DedupeScope, long, int)"/>
    public Task<Answer?> PostAsync(string render, string type, string address, string metadata)
    {
        var body = $$"""{"eventType":"{{type}}","metadata":{{metadata}}}""";
        return SendAsync(
            $"POST /v1/renders/{render}/events HTTP/1.1\r\nHost: edge\r\nAuthorization: Bearer {ApiKey}\r\nX-Forwarded-For: {address}\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");
    }

    /// <summary>Reads a path.</summary>
    public Task<Answer?> GetAsync(string path) =>
        SendAsync($"GET {path} HTTP/1.1\r\nHost: edge\r\nAuthorization: Bearer {ApiKey}\r\n\r\n");

    /// <summary>Sends a whole request and reads its answer.</summary>
    public async Task<Answer?> SendAsync(string request)
    {
        using var deadline = new CancellationTokenSource(Patience);
        try
        {
            if (_socket is null)
            {
                _socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await _socket.ConnectAsync(server, deadline.Token);
            }
            ReadOnlyMemory<byte> rest = Encoding.UTF8.GetBytes(request);
            while (!rest.IsEmpty)
                rest = rest[await _socket.SendAsync(rest, deadline.Token)..];
            var answer = await ReceiveAsync(deadline.Token);
            if (answer is null || answer.Head.Contains("\r\nConnection: close\r\n", StringComparison.OrdinalIgnoreCase))
                Dispose();
            return answer;
        }
        catch (SocketException)
        {
            Dispose();
            return null;
        }
    }

    public void Dispose()
    {
        _socket?.Dispose();
        _socket = null;
    }

    private async Task<Answer?> ReceiveAsync(CancellationToken cancellation)
    {
        var (count, end, length) = (0, -1, 0);
        while (end < 0 || count < end + length)
        {
            var more = await _socket!.ReceiveAsync(_received.AsMemory(count), cancellation);
            if (more == 0)
                return null;
            count += more;
            if (end >= 0 || (end = _received.AsSpan(0, count).IndexOf("\r\n\r\n"u8)) < 0)
                continue;
            end += 4;
            length = LengthIn(Encoding.Latin1.GetString(_received, 0, end));
        }
        var head = Encoding.Latin1.GetString(_received, 0, end);
        return new Answer(int.Parse(head.AsSpan(9, 3), CultureInfo.InvariantCulture), head, Encoding.UTF8.GetString(_received, end, length));
    }

    private static int LengthIn(string head)
    {
        const string Name = "\r\nContent-Length: ";
        var start = head.IndexOf(Name, StringComparison.OrdinalIgnoreCase) + Name.Length;
        return int.Parse(head.AsSpan(start, head.IndexOf('\r', start) - start), CultureInfo.InvariantCulture);
    }
}
