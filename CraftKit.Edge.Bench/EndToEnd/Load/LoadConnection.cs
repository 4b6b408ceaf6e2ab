using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace CraftKit.Edge.Bench.EndToEnd.Load;

/// <summary>One connection of <see cref="SocketClient"/>: at most one request is under way.</summary>
internal sealed unsafe class LoadConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private string _begun = "";

    /// <exception cref="SocketException">Nobody listens.</exception>
    public LoadConnection(Uri url)
    {
        _socket.Connect(url.Host, url.Port);
        Socket = (int)_socket.SafeHandle.DangerousGetHandle();
    }

    /// <summary>The system's number of the socket.</summary>
    public int Socket { get; }

    /// <summary>When the request that is under way was sent, <see cref="System.Diagnostics.Stopwatch"/>'s ticks.</summary>
    public long SentAt { get; private set; }

    /// <summary>Sends a request.</summary>
    /// <exception cref="InvalidOperationException">The connection does not take it.</exception>
    public void Send(byte* request, int length, long now)
    {
        SentAt = now;
        for (var sent = 0; sent < length;)
        {
            var more = Epoll.Send(Socket, request + sent, length - sent);
            if (more > 0)
                sent += more;
            else if (Marshal.GetLastSystemError() is not (Epoll.TryAgain or Epoll.Interrupted) and var error)
                throw new InvalidOperationException($"A request could not be sent: {Marshal.GetPInvokeErrorMessage(error)}");
        }
    }

    /// <summary>Reads what there is of the answer.</summary>
    /// <exception cref="InvalidOperationException">The server closed the connection.</exception>
    public LoadAnswer Read(byte* buffer, int length, AnswerLengths lengths)
    {
        var read = Epoll.Receive(Socket, buffer, length);
        if (read <= 0)
        {
            return read < 0 && Marshal.GetLastSystemError() is Epoll.TryAgain or Epoll.Interrupted
                ? LoadAnswer.NotYet
                : throw new InvalidOperationException("The server closed a connection.");
        }

        // The two answers differ in their length already; the byte before the body's end says that it is one of them.
        if (_begun.Length == 0 && read == lengths.Recorded && Ends(buffer, read, "true}"u8))
            return LoadAnswer.Recorded;
        return _begun.Length == 0 && read == lengths.Duplicate && Ends(buffer, read, "false}"u8)
            ? LoadAnswer.Duplicate
            : ReadSlowly(new ReadOnlySpan<byte>(buffer, read));
    }

    public void Dispose() => _socket.Dispose();

    private static bool Ends(byte* buffer, int length, ReadOnlySpan<byte> end) =>
        new ReadOnlySpan<byte>(buffer, length).EndsWith(end);

    private LoadAnswer ReadSlowly(ReadOnlySpan<byte> more)
    {
        _begun += Encoding.Latin1.GetString(more);
        if (!OneByOne.IsWhole(Encoding.Latin1.GetBytes(_begun)))
            return LoadAnswer.NotYet;
        var whole = _begun;
        _begun = "";
        return !whole.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal) ? LoadAnswer.Refused
            : Answer.Read(whole).IsRecorded ? LoadAnswer.Recorded
            : LoadAnswer.Duplicate;
    }
}
