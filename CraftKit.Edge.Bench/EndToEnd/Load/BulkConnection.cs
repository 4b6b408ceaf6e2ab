using System.Net.Sockets;
using CraftKit.Edge.Bench.EndToEnd.Servers;

namespace CraftKit.Edge.Bench.EndToEnd.Load;

/// <summary>One connection that sends bulk requests one after the other, and takes the answers on a thread of its own while it sends.</summary>
internal sealed class BulkConnection : IDisposable
{
    private static readonly byte[] Recorded = """{"recorded":true}"""u8.ToArray();

    private readonly TcpClient _client;
    private readonly NetworkStream _stream;
    private readonly byte[] _buffer = new byte[256 * 1024];

    public BulkConnection(Server server)
    {
        _client = new TcpClient(server.Url.Host, server.Url.Port) { NoDelay = true };
        _stream = _client.GetStream();
    }

    /// <summary>Sends a request and takes its whole answer.</summary>
    /// <exception cref="InvalidOperationException">Not every event of it was recorded.</exception>
    public void Send(byte[] request)
    {
        var answer = Task.Run(Receive);
        _stream.Write(request);
        var recorded = answer.GetAwaiter().GetResult();
        if (recorded != BulkBody.Items)
            throw new InvalidOperationException($"{recorded} of {BulkBody.Items} events of a bulk request were recorded.");
    }

    public void Dispose() => _client.Dispose();

    // An answer that is cut between two reads would be missed, so the last bytes of one are looked at again with the next.
    private int Receive()
    {
        var (recorded, kept) = (0, 0);
        while (true)
        {
            var count = _stream.Read(_buffer, kept, _buffer.Length - kept);
            if (count == 0)
                throw new InvalidOperationException("The server closed the connection before its answer was whole.");
            var bytes = _buffer.AsSpan(0, kept + count);
            var isLast = bytes.EndsWith("\r\n0\r\n\r\n"u8);
            var taken = 0;
            for (int at; (at = bytes[taken..].IndexOf(Recorded)) >= 0; taken += at + Recorded.Length)
                recorded++;
            if (isLast)
                return recorded;
            kept = Math.Min(bytes.Length - taken, Recorded.Length - 1);
            bytes[^kept..].CopyTo(_buffer);
        }
    }
}
