using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using CraftKit.Edge.Bench.EndToEnd.Servers;


namespace CraftKit.Edge.Bench.EndToEnd.Load;

/// <summary>One connection that sends a request, waits, and reads the whole answer.</summary>
internal sealed class OneByOne : IDisposable
{
    private static ReadOnlySpan<byte> Length => "Content-Length:"u8;

    private readonly TcpClient _client;
    private readonly Stream _stream;
    private byte[] _buffer = new byte[16 * 1024];

    /// <summary>Connects.</summary>
    /// <exception cref="InvalidOperationException">Nobody listens, or not the one who should.</exception>
    public OneByOne(Server server)
        : this(server.Url, server.Certificate, server.Name)
    {
    }

    /// <inheritdoc cref="OneByOne(Server)"/>
    public OneByOne(Uri url, TlsFiles? certificate = null, string? name = null)
    {
        _client = new TcpClient { NoDelay = true };
        try
        {
            _client.Connect(url.Host, url.Port);
            _stream = certificate is not null ? certificate.Encrypt(_client.GetStream()) : _client.GetStream();
        }
        catch (Exception fault) when (fault is SocketException or IOException or AuthenticationException)
        {
            throw new InvalidOperationException($"{name ?? url.ToString()} takes no connection: {fault.Message}", fault);
        }

        _stream.ReadTimeout = 30_000;
    }

    /// <summary>Sends an event and returns the answer.</summary>
    /// <exception cref="InvalidOperationException">There is none, or another than the two that there are.</exception>
    public Answer Ask(RequestTemplate template, long number)
    {
        var request = new byte[template.Length];
        template.Write(request, number);
        return Answer.Read(Ask(request));
    }

    /// <summary>Sends a request whose answer does not end.</summary>
    public void Begin(ReadOnlySpan<byte> request) => _stream.Write(request);

    /// <summary>Takes what has come of it, for some milliseconds.</summary>
    public void Drain()
    {
        if (_client.Client.Poll(TimeSpan.FromMilliseconds(5), SelectMode.SelectRead) && _stream.Read(_buffer) == 0)
            throw new InvalidOperationException("The server ended an answer that does not end.");
    }

    /// <summary>Sends, and returns the answer: head and body as text.</summary>
    /// <exception cref="InvalidOperationException">The connection ended before the answer.</exception>
    public string Ask(ReadOnlySpan<byte> request) => Encoding.Latin1.GetString(AskForBytes(request));

    /// <summary>Sends, and returns the answer as it came, until the next one. Allocates nothing once it has seen the largest answer: a collection stops
    /// all clients of this process, the one that measures too.</summary>
    /// <inheritdoc cref="Ask(ReadOnlySpan{byte})" path="/exception"/>
    public Span<byte> AskForBytes(ReadOnlySpan<byte> request)
    {
        _stream.Write(request);
        var length = 0;
        while (true)
        {
            if (length == _buffer.Length)
                Array.Resize(ref _buffer, length * 2);
            var read = _stream.Read(_buffer, length, _buffer.Length - length);
            if (read == 0)
                throw new InvalidOperationException("The server closed the connection before its answer was whole.");
            length += read;
            if (IsWhole(_buffer.AsSpan(0, length)))
                return _buffer.AsSpan(0, length);
        }
    }

    /// <summary>Whether an answer has come to its end, by its Content-Length or its last chunk.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return false;
        var head = answer[..(end + 2)];
        for (var rest = head; !rest.IsEmpty; rest = rest[(rest.IndexOf("\r\n"u8) + 2)..])
        {
            var line = rest[..rest.IndexOf("\r\n"u8)];
            if (line.Length > Length.Length && Ascii.EqualsIgnoreCase(line[..Length.Length], Length))
                return answer.Length == head.Length + 2 + int.Parse(line[Length.Length..], provider: null);
        }

        return answer.EndsWith("\r\n0\r\n\r\n"u8);
    }

    public void Dispose()
    {
        _stream.Dispose();
        _client.Dispose();
    }
}
