using System.Net;
using System.Runtime.InteropServices;

namespace CraftKit.Edge.Platform;

/// <summary>The calls on sockets and event polls of Linux that .NET does not offer as they are. Only for where
/// <see cref="OperatingSystem.IsLinux"/> holds.</summary>
/// <remarks>
/// Each returns what the system returns, -1 for a failure, whose number <see cref="Error"/> tells right after. None suppresses the
/// change of the collector's mode: a send over loopback runs the receiver's half of TCP too, tens of microseconds in which a collection
/// would have to wait for it, for the few nanoseconds that the change costs.
/// </remarks>
internal static unsafe partial class LinuxSocket
{
    /// <summary>errno: interrupted by a signal before anything was done.</summary>
    public const int Interrupted = 4;

    /// <summary>errno: would have to wait.</summary>
    public const int Again = 11;

    /// <summary>errno: too many open files in the system.</summary>
    public const int SystemFilesExhausted = 23;

    /// <summary>errno: too many open files in the process.</summary>
    public const int FilesExhausted = 24;

    /// <summary>errno: the other end does not read any more.</summary>
    public const int BrokenPipe = 32;

    /// <summary>errno: a protocol error; what a connection may have met before it was accepted.</summary>
    public const int ProtocolError = 71;

    /// <summary>errno: the connection ended before it was accepted.</summary>
    public const int ConnectionAborted = 103;

    /// <summary>errno: the other end cut the connection.</summary>
    public const int ConnectionReset = 104;

    /// <summary>How to shut down: no more sending.</summary>
    public const int ShutSend = 1;

    /// <summary>The longest address of the internet families, in bytes.</summary>
    public const int MaxAddressBytes = 28;

    private const int CloseOnExec = 0x80000, NonBlocking = 0x800;
    private const int NoSignal = 0x4000;
    private const int ShutBoth = 2;
    private const int SocketLevel = 1, Linger = 13;
    private const ushort Internet = 2, Internet6 = 10;

    /// <summary>The errno of the call that just failed on this thread. The runtime keeps it when it has to stop the thread on its way back
    /// from a call, so nothing comes in between.</summary>
    public static int Error => Marshal.GetLastSystemError();

    /// <summary>What an errno means, in words.</summary>
    public static string Describe(int error) => Marshal.GetPInvokeErrorMessage(error);

    /// <summary>Takes the next connection; its socket does not block and is not inherited by child processes.</summary>
    /// <param name="listener">The listening socket.</param>
    /// <param name="address">Room for <see cref="MaxAddressBytes"/> of the peer's address.</param>
    public static int Accept(int listener, byte* address)
    {
        uint length = MaxAddressBytes;
        return Accept4(listener, address, &length, CloseOnExec | NonBlocking);
    }

    /// <summary>Receives what is there, at most <paramref name="count"/> bytes; 0 when the other end has closed.</summary>
    public static nint Receive(int socket, byte* buffer, nuint count) => Recv(socket, buffer, count, 0);

    /// <summary>Sends what there is room for, at most <paramref name="count"/> bytes.</summary>
    public static nint Send(int socket, byte* buffer, nuint count) => SendBytes(socket, buffer, count, NoSignal);

    /// <summary>Sends what there is room for of several pieces.</summary>
    public static nint Send(int socket, Piece* pieces, int count)
    {
        var message = new MessageHeader { Pieces = pieces, PieceCount = (nuint)count };
        return SendMessage(socket, &message, NoSignal);
    }

    /// <summary>Cuts a connection at once: the other end sees a reset, which it cannot take for the end of an answer. Calls on the socket fail
    /// from here on, and polls tell of it.</summary>
    /// <remarks>Connecting to no family dissolves a connection (connect(2)). Should it fail, the close does the same.</remarks>
    public static void Cut(int socket)
    {
        var linger = stackalloc int[2] { 1, 0 };
        _ = SetOption(socket, SocketLevel, Linger, linger, 2 * sizeof(int));
        var nowhere = stackalloc byte[16];
        new Span<byte>(nowhere, 16).Clear();
        if (Connect(socket, nowhere, 16) != 0)
            _ = Shutdown(socket, ShutBoth);
    }

    /// <summary>Reads an address of the internet families; null for another.</summary>
    public static IPEndPoint? ReadAddress(byte* address)
    {
        var port = (address[2] << 8) | address[3];
        return *(ushort*)address switch
        {
            Internet => new IPEndPoint(new IPAddress(new ReadOnlySpan<byte>(address + 4, 4)), port),
            Internet6 => new IPEndPoint(new IPAddress(new ReadOnlySpan<byte>(address + 8, 16), *(uint*)(address + 24)), port),
            _ => null,
        };
    }

    /// <summary>This end's address of a connection; null when the system does not tell.</summary>
    public static IPEndPoint? LocalAddress(int socket)
    {
        var address = stackalloc byte[MaxAddressBytes];
        uint length = MaxAddressBytes;
        return GetSockName(socket, address, &length) == 0 ? ReadAddress(address) : null;
    }

    /// <summary>Ends one or both directions of a connection.</summary>
    [LibraryImport("libc", EntryPoint = "shutdown")]
    public static partial int Shutdown(int socket, int how);

    /// <summary>Closes a descriptor. Never repeated: on Linux it is closed whatever this returns.</summary>
    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "accept4")]
    private static partial int Accept4(int socket, byte* address, uint* length, int flags);

    [LibraryImport("libc", EntryPoint = "connect")]
    private static partial int Connect(int socket, byte* address, uint length);

    [LibraryImport("libc", EntryPoint = "recv")]
    private static partial nint Recv(int socket, byte* buffer, nuint count, int flags);

    [LibraryImport("libc", EntryPoint = "send")]
    private static partial nint SendBytes(int socket, byte* buffer, nuint count, int flags);

    [LibraryImport("libc", EntryPoint = "sendmsg")]
    private static partial nint SendMessage(int socket, MessageHeader* message, int flags);

    [LibraryImport("libc", EntryPoint = "setsockopt")]
    private static partial int SetOption(int socket, int level, int option, void* value, uint length);

    [LibraryImport("libc", EntryPoint = "getsockname")]
    private static partial int GetSockName(int socket, byte* address, uint* length);

    /// <summary>A piece of what is sent in one call (the system's <c>iovec</c>).</summary>
    public struct Piece
    {
        /// <summary>Where it begins.</summary>
        public byte* Start;

        /// <summary>Its length in bytes.</summary>
        public nuint Length;
    }

    // The system's msghdr; the gaps that 64-bit alignment leaves are the compiler's to make, here as there.
    private struct MessageHeader
    {
        public void* Name;
        public uint NameLength;
        public Piece* Pieces;
        public nuint PieceCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }
}
