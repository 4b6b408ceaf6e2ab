using System.Net;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace CraftKit.Edge.Tests.Http;

/// <summary>A client that sends any bytes whatever and reads answers one by one.</summary>
internal sealed class RawConnection : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly List<byte> _received = [];

    public Socket Socket => _socket;

    public static async Task<RawConnection> ConnectAsync(IPEndPoint endPoint)
    {
        var connection = new RawConnection();
        await connection._socket.ConnectAsync(endPoint, TestContext.Current.CancellationToken);
        return connection;
    }

    public async Task SendAsync(string latin1) => await SendAsync(Encoding.Latin1.GetBytes(latin1));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await _socket.SendAsync(bytes, TestContext.Current.CancellationToken)..];
    }

    /// <summary>Reads one answer; <paramref name="headOnly"/> for an answer to HEAD.</summary>
    public async Task<RawResponse> ReceiveAsync(bool headOnly = false)
    {
        int end;
        while ((end = CollectionsMarshalSpan().IndexOf("\r\n\r\n"u8)) < 0)
            Assert.True(await ReceiveMoreAsync(), $"the connection ended within a head: '{Encoding.Latin1.GetString([.. _received])}'");
        var lines = Encoding.Latin1.GetString(_received.GetRange(0, end).ToArray()).Split("\r\n");
        _received.RemoveRange(0, end + 4);
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2)).Select(pair => KeyValuePair.Create(pair[0], pair[1])).ToList();
        var response = new RawResponse(lines[0], headers, "");
        if (headOnly || response.Status == 100)
            return response;
        var length = int.Parse(response.Header("Content-Length") ?? "0", System.Globalization.CultureInfo.InvariantCulture);
        while (_received.Count < length)
            Assert.True(await ReceiveMoreAsync(), "the connection ended within a body");
        var body = Encoding.UTF8.GetString([.. _received.GetRange(0, length)]);
        _received.RemoveRange(0, length);
        return response with { Body = body };
    }

    /// <summary>Whether the server ends the connection with nothing more to say (a reset counts as an end).</summary>
    public async Task<bool> EndsAsync()
    {
        try
        {
            return _received.Count == 0 && !await ReceiveMoreAsync();
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
        {
            return true;
        }
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private Span<byte> CollectionsMarshalSpan() => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_received);

    private async Task<bool> ReceiveMoreAsync()
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Patience);
        var buffer = new byte[8192];
        var count = await _socket.ReceiveAsync(buffer, deadline.Token);
        _received.AddRange(buffer.AsSpan(0, count));
        return count > 0;
    }
}
