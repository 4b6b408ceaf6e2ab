using System.Net.Sockets;
using CraftKit.Edge.Bench.EndToEnd.Servers;

namespace CraftKit.Edge.Bench.EndToEnd.Load;

/// <summary>One connection that sends bulk requests one after the other, and takes the answers on a thread of its own while it sends.</summary>
internal sealed class BulkConnection : IDisposable
{
    private static readonly byte[] Recorded = """{"recorded":true}"""u8.ToArray();

    private readonly TcpClient _client;
    private readonly NetworkStream _stream;
    private int _recorded;
    private byte[] _buffer = new byte[256 * 1024];

    public BulkConnection(Server server)
    {
        _client = new TcpClient(server.Url.Host, server.Url.Port) { NoDelay = true };
        _stream = _client.GetStream();
    }

    /// <summary>Sends a request and takes its whole answer.</summary>
    /// <exception cref="InvalidOperationException">Not every event of it was recorded.</exception>
    public void Send(ReadOnlySpan<byte> request)
    {
        var answer = Clients.Run(() => _recorded = Receive());
        _stream.Write(request);
        answer.GetAwaiter().GetResult();
        if (_recorded != BulkBody.Items)
            throw new InvalidOperationException($"{_recorded} of {BulkBody.Items} events of a bulk request were recorded.");
    }

    public void Dispose() => _client.Dispose();

    private int Receive()
    {
        // The end of an answer looks like nothing within it: its results have no line breaks.
        var length = 0;
        do
        {
            if (length == _buffer.Length)
                Array.Resize(ref _buffer, length * 2);
            var count = _stream.Read(_buffer, length, _buffer.Length - length);
            if (count == 0)
                throw new InvalidOperationException("The server closed the connection before its answer was whole.");
            length += count;
        }
        while (!_buffer.AsSpan(0, length).EndsWith("\r\n0\r\n\r\n"u8));
        return CountRecorded(Chunks.Join(_buffer.AsSpan(0, length)));
    }

    private static int CountRecorded(ReadOnlySpan<byte> body)
    {
        var recorded = 0;
        for (int at; (at = body.IndexOf(Recorded)) >= 0; body = body[(at + Recorded.Length)..])
            recorded++;
        return recorded;
    }
}
