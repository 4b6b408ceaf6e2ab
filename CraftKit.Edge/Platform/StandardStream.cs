using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CraftKit.Edge.Platform;

/// <summary>The process's standard output and standard error as plain streams. .NET's console passes over a broken pipe in silence, so
/// that <c>craftkit-edge events export | head</c> would go on to the last event for nobody, and it sets the keypad mode of a terminal
/// that we only write a line to.</summary>
internal sealed unsafe partial class StandardStream : Stream
{
    private const int Output = 1, Error = 2;
    private const int ErrorInterrupted = 4, ErrorBrokenPipe = 32;
    private const short PollOut = 4;
    private const nuint GetWindowSize = 0x5413;

    private static readonly List<SafeFileHandle> Reserved = [];

    private readonly int _descriptor;

    private StandardStream(int descriptor) => _descriptor = descriptor;

    /// <summary>Whether standard error is a terminal.</summary>
    public static bool IsErrorTerminal => OperatingSystem.IsWindows() ? !Console.IsErrorRedirected : IsTerminal(Error) == 1;

    /// <summary>Whether standard output is a terminal.</summary>
    public static bool IsOutputTerminal => OperatingSystem.IsWindows() ? !Console.IsOutputRedirected : IsTerminal(Output) == 1;

    /// <summary>The width of the terminal that standard output is, in columns; without limit when it is none or has no width.</summary>
    public static int OutputColumns
    {
        get
        {
            if (!IsOutputTerminal)
                return int.MaxValue;
            if (!OperatingSystem.IsLinux())
                return Console.WindowWidth;
            WindowSize size;
            return WindowSizeCall(Output, GetWindowSize, &size) == 0 && size.Columns > 0 ? size.Columns : int.MaxValue;
        }
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Fills the places of standard streams that whoever started us has closed. Otherwise the next file opened takes the place,
    /// and an error message is written into a database. What fills them cannot be written, so output still fails as it
    /// should.</summary>
    public static void Reserve()
    {
        if (OperatingSystem.IsWindows())
            return;
        while (true)
        {
            // The lowest free number is taken each time.
            var file = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            if (file.DangerousGetHandle() > Error)
            {
                file.Dispose();
                return;
            }

            Reserved.Add(file);
        }
    }

    /// <summary>Standard output, unbuffered. Nothing is closed when the stream is disposed.</summary>
    public static Stream OpenOutput() => OperatingSystem.IsWindows() ? Console.OpenStandardOutput() : new StandardStream(Output);

    /// <summary>Standard error, unbuffered. Nothing is closed when the stream is disposed.</summary>
    public static Stream OpenError() => OperatingSystem.IsWindows() ? Console.OpenStandardError() : new StandardStream(Error);

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <summary>Writes all of it.</summary>
    /// <exception cref="BrokenPipeException">The reader has gone.</exception>
    /// <exception cref="EdgeException">The system refuses, as on a full disk.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            nint written;
            fixed (byte* bytes = buffer)
                written = WriteCall(_descriptor, bytes, buffer.Length);
            if (written >= 0)
            {
                buffer = buffer[(int)written..];
                continue;
            }

            var error = Marshal.GetLastPInvokeError();
            if (error == ErrorBrokenPipe)
                throw new BrokenPipeException();
            if (error == (OperatingSystem.IsMacOS() ? 35 : 11))
                WaitForRoom();
            else if (error != ErrorInterrupted)
                throw new EdgeException($"{(_descriptor == Output ? "standard output" : "standard error")}: cannot be written ({Marshal.GetPInvokeErrorMessage(error)})");
        }
    }

    // Somebody who shares the pipe with us may have made it non-blocking; we still mean to block.
    private void WaitForRoom()
    {
        var poll = new PollEntry { Descriptor = _descriptor, Events = PollOut };
        _ = PollCall(&poll, 1, timeout: -1);
    }

    [LibraryImport("libc", EntryPoint = "isatty")]
    private static partial int IsTerminal(int descriptor);

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int WindowSizeCall(int descriptor, nuint request, WindowSize* size);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int PollCall(PollEntry* entries, nuint count, int timeout);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteCall(int descriptor, byte* bytes, nint length);

    private struct WindowSize
    {
        public ushort Rows;
        public ushort Columns;
        public ushort Width;
        public ushort Height;
    }

    private struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
