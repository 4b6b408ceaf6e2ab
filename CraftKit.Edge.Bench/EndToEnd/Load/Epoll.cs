using System.Runtime.InteropServices;

namespace CraftKit.Edge.Bench.EndToEnd.Load;

/// <summary>The calls to the C library that <see cref="SocketClient"/> makes for every request: no more than these, and nothing around them.</summary>
internal static unsafe partial class Epoll
{
    /// <summary>EAGAIN: there is nothing yet.</summary>
    public const int TryAgain = 11;

    /// <summary>EINTR: a signal came in between.</summary>
    public const int Interrupted = 4;

    private const int Add = 1; // EPOLL_CTL_ADD
    private const uint Readable = 1; // EPOLLIN
    private const int AtOnce = 0x40 | 0x4000; // MSG_DONTWAIT | MSG_NOSIGNAL

    // struct epoll_event is packed on x86-64 and nowhere else: 32 bits of events, then 64 of which 32 are used here.
    private static readonly int EventBytes = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;

    /// <summary>A new set of sockets.</summary>
    /// <exception cref="InvalidOperationException">The system refuses.</exception>
    public static int Create() => Check(epoll_create1(0), nameof(epoll_create1));

    /// <summary>Adds a socket, to be told of by a number when it has something to read.</summary>
    /// <exception cref="InvalidOperationException">The system refuses.</exception>
    public static void Watch(int epoll, int socket, int number)
    {
        var interest = stackalloc byte[EventBytes];
        *(uint*)interest = Readable;
        *(int*)(interest + EventBytes - sizeof(long)) = number;
        Check(epoll_ctl(epoll, Add, socket, interest), nameof(epoll_ctl));
    }

    /// <summary>Bytes that <see cref="Wait"/> needs for so many events.</summary>
    public static int BytesFor(int events) => events * EventBytes;

    /// <summary>Waits until sockets have something to read.</summary>
    /// <returns>How many have; 0 when the time was over or a signal came.</returns>
    /// <exception cref="InvalidOperationException">The system refuses.</exception>
    public static int Wait(int epoll, byte* events, int most, int milliseconds)
    {
        var count = epoll_wait(epoll, events, most, milliseconds);
        return count >= 0 || Marshal.GetLastSystemError() == Interrupted ? Math.Max(0, count) : Check(count, nameof(epoll_wait));
    }

    /// <summary>The number of the socket that an event is of.</summary>
    public static int NumberOf(byte* events, int index) => *(int*)(events + ((index + 1) * EventBytes) - sizeof(long));

    /// <summary>Sends without waiting; below 0 the error is <see cref="Marshal.GetLastSystemError"/>, asked for at once.</summary>
    public static int Send(int socket, byte* bytes, int length) => (int)send(socket, bytes, length, AtOnce);

    /// <summary>Reads without waiting; 0 at the end, below 0 as <see cref="Send"/>.</summary>
    public static int Receive(int socket, byte* bytes, int length) => (int)recv(socket, bytes, length, AtOnce);

    /// <summary>Gives a set back.</summary>
    public static void Close(int epoll) => Check(close(epoll), nameof(close));

    private static int Check(int result, string call) =>
        result >= 0 ? result : throw new InvalidOperationException($"{call}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastSystemError())}");

    [LibraryImport("libc")]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc")]
    private static partial int epoll_ctl(int epoll, int operation, int socket, byte* interest);

    [LibraryImport("libc")]
    private static partial int epoll_wait(int epoll, byte* events, int most, int milliseconds);

    [LibraryImport("libc")]
    private static partial nint send(int socket, byte* bytes, nint length, int flags);

    [LibraryImport("libc")]
    private static partial nint recv(int socket, byte* bytes, nint length, int flags);

    [LibraryImport("libc")]
    private static partial int close(int file);
}
