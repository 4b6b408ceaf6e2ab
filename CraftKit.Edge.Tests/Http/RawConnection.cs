using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
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
        while ((end = Received.IndexOf("\r\n\r\n"u8)) < 0)
            Assert.True(await ReceiveMoreAsync(), $"the connection ended within a head: '{Encoding.Latin1.GetString([.. _received])}'");
        var lines = Encoding.Latin1.GetString(_received.GetRange(0, end).ToArray()).Split("\r\n");
        _received.RemoveRange(0, end + 4);
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2)).Select(pair => KeyValuePair.Create(pair[0], pair[1])).ToList();
        var response = new RawResponse(lines[0], headers, "");
        if (headOnly || response.Status == 100)
            return response;
        if (response.Header("Transfer-Encoding") == "chunked")
            return response with { Body = Encoding.UTF8.GetString(await ReceiveChunksAsync()) };
        var length = int.Parse(response.Header("Content-Length") ?? "0", CultureInfo.InvariantCulture);
        return response with { Body = Encoding.UTF8.GetString(await ReceiveBytesAsync(length)) };
    }

    /// <summary>Reads what there is of an answer's bytes until they contain <paramref name="text"/>, and leaves them to be read.</summary>
    public async Task ReceiveUntilAsync(string text)
    {
        while (Received.IndexOf(Encoding.UTF8.GetBytes(text)) < 0)
            Assert.True(await ReceiveMoreAsync(), $"the connection ended before '{text}' came: '{Encoding.Latin1.GetString([.. _received])}'");
    }

    /// <summary>What has come and was not read.</summary>
    public string Pending => Encoding.Latin1.GetString([.. _received]);

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

    private Span<byte> Received => CollectionsMarshal.AsSpan(_received);

    private async Task<byte[]> ReceiveChunksAsync()
    {
        var body = new List<byte>();
        while (true)
        {
            int end;
            while ((end = Received.IndexOf("\r\n"u8)) < 0)
                Assert.True(await ReceiveMoreAsync(), $"the connection ended within an answer that began: '{Encoding.UTF8.GetString([.. body])}'");
            var length = int.Parse(Encoding.ASCII.GetString(Received[..end]), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            _received.RemoveRange(0, end + 2);
            body.AddRange(await ReceiveBytesAsync(length));
            Assert.Equal("\r\n"u8.ToArray(), await ReceiveBytesAsync(2));
            if (length == 0)
                return [.. body];
        }
    }

    private async Task<byte[]> ReceiveBytesAsync(int count)
    {
        while (_received.Count < count)
            Assert.True(await ReceiveMoreAsync(), "the connection ended within a body");
        var bytes = _received.GetRange(0, count).ToArray();
        _received.RemoveRange(0, count);
        return bytes;
    }

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
