using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CraftKit.Edge.Platform;

/// <summary>A file mapped into memory as a whole, shared and writable. What is written there belongs to the kernel at once: it
/// survives the process, and after <see cref="Sync"/> a power loss too.</summary>
internal sealed unsafe partial class MappedFile : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly string _name;

    /// <summary>Maps <paramref name="file"/> and takes it over; <paramref name="name"/> is what messages call it.</summary>
    /// <exception cref="EdgeException">The system refuses the mapping.</exception>
    public MappedFile(SafeFileHandle file, string name)
    {
        _name = name;
        try
        {
            Length = RandomAccess.GetLength(file);
            _file = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false);
            _view = _file.CreateViewAccessor(0, Length, MemoryMappedFileAccess.ReadWrite);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _file?.Dispose();
            file.Dispose();
            throw new EdgeException($"{name}: cannot be mapped into memory ({failure.Message}); check limits on address space", inner: failure);
        }

        byte* start = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        Start = start;
    }

    /// <summary>The first byte.</summary>
    public byte* Start { get; }

    /// <summary>Bytes of the file.</summary>
    public long Length { get; }

    /// <summary>Waits until a range is on the disk.</summary>
    /// <param name="offset">First byte.</param>
    /// <param name="bytes">Length.</param>
    /// <param name="rewrite">Write the pages again though the kernel may count them as clean: what it does after a sync that failed,
    /// so that the next would report success for what is not on the disk.</param>
    /// <exception cref="EdgeException">The disk failed; nothing of the range counts as synced.</exception>
    public void Sync(long offset, long bytes, bool rewrite = false)
    {
        var first = offset / Environment.SystemPageSize * Environment.SystemPageSize;
        bytes = Math.Min(offset + bytes, Length) - first;
        if (rewrite)
            Touch(first, bytes);
        if (OperatingSystem.IsWindows())
        {
            _view.Flush();
            return;
        }

        var syncAndWait = OperatingSystem.IsMacOS() ? 0x10 : 4;
        if (MSync(Start + first, (nuint)bytes, syncAndWait) != 0)
            throw new EdgeException($"{_name}: sync of {bytes:N0} bytes failed ({Marshal.GetLastPInvokeErrorMessage()}); check the disk");
    }

    /// <summary>Dirties every page of a range without changing it, whoever writes to it meanwhile: adding 0 is atomic.</summary>
    public void Touch(long offset, long bytes)
    {
        for (var page = offset; page < Math.Min(offset + bytes, Length); page += Environment.SystemPageSize)
            Interlocked.Add(ref *(long*)(Start + page), 0);
    }

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "msync", SetLastError = true)]
    private static partial int MSync(byte* address, nuint bytes, int flags);
}
