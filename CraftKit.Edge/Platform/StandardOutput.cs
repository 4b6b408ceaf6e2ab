using System.Runtime.InteropServices;

namespace CraftKit.Edge.Platform;

/// <summary>The process's standard output as a stream that says when nobody reads any more. .NET's own passes over a broken pipe in
/// silence, so that <c>craftkit-edge events export | head</c> would go on to the last event for nobody.</summary>
internal sealed unsafe partial class StandardOutput : Stream
{
    private const int Descriptor = 1;
    private const int ErrorInterrupted = 4, ErrorBrokenPipe = 32;
    private const short PollOut = 4;

    private StandardOutput()
    {
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

    /// <summary>The stream, unbuffered. Nothing is closed when it is disposed.</summary>
    public static Stream Open() => OperatingSystem.IsWindows() ? Console.OpenStandardOutput() : new StandardOutput();

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
                written = WriteCall(Descriptor, bytes, buffer.Length);
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
                throw new EdgeException($"standard output: cannot be written ({Marshal.GetPInvokeErrorMessage(error)})");
        }
    }

    // Somebody who shares the pipe with us may have made it non-blocking; we still mean to block.
    private static void WaitForRoom()
    {
        var poll = new PollEntry { Descriptor = Descriptor, Events = PollOut };
        _ = PollCall(&poll, 1, timeout: -1);
    }

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int PollCall(PollEntry* entries, nuint count, int timeout);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteCall(int descriptor, byte* bytes, nint length);

    private struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
