using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CraftKit.Edge.Platform;

/// <summary>The calls on files of Linux that .NET does not offer. Only for where <see cref="OperatingSystem.IsLinux"/> holds.</summary>
internal static unsafe partial class LinuxFile
{
    /// <summary>errno: no space left on device.</summary>
    public const int NoSpace = 28;

    /// <summary>errno: the file system cannot do that.</summary>
    public const int NotSupported = 95;

    /// <summary>errno: invalid argument; what some file systems answer instead of <see cref="NotSupported"/>.</summary>
    public const int InvalidArgument = 22;

    private const int AtWorkingFolder = -100;
    private const int AtEmptyPath = 0x1000;
    private const uint StatxBasic = 0x07FF;
    private const uint GetFlags = 0x8008_6601;
    private const uint SetFlags = 0x4008_6602;
    private const int NoCopyOnWrite = 0x0080_0000;
    private const int OpenReadOnlyCloseOnExec = 0x80000;

    /// <summary>The space of a file system and which kind it is; zeros when it does not tell.</summary>
    public static (long Kind, long FreeBytes) FileSystemOf(SafeFileHandle file)
    {
        StatFs status;
        return FStatFs(file, &status) == 0 ? (status.Type, (long)status.BlocksAvailable * status.BlockSize) : (0, 0);
    }

    /// <summary>Bytes of storage that the file really has, whatever its length; -1 when the file system does not tell.</summary>
    public static long AllocatedBytes(SafeFileHandle file)
    {
        Statx status;
        return StatxFile(file, "", AtEmptyPath, StatxBasic, &status) == 0 ? (long)status.Blocks * 512 : -1;
    }

    /// <summary>The stamp of the file at a path; it is not opened.</summary>
    /// <param name="path">In the system's encoding, with a zero byte behind it.</param>
    public static FileStamp StampOf(ReadOnlySpan<byte> path)
    {
        Statx status;
        fixed (byte* start = path)
        {
            return StatxPath(AtWorkingFolder, start, 0, StatxBasic, &status) == 0
                ? new FileStamp(status.Inode, status.Size, status.ModifiedSeconds, status.ModifiedNanoseconds)
                : default;
        }
    }

    /// <summary>Allocates blocks for the whole file. Returns 0 or an errno.</summary>
    public static int Allocate(SafeFileHandle file, long bytes) => PosixFallocate(file, 0, bytes);

    /// <summary>Whether the file's pages are overwritten in place; null when the file system knows no such flag.</summary>
    public static bool? IsNoCopyOnWrite(SafeFileHandle file)
    {
        var flags = 0;
        return Ioctl(file, GetFlags, &flags) == 0 ? (flags & NoCopyOnWrite) != 0 : null;
    }

    /// <summary>Asks for pages to be overwritten in place; only takes on an empty file. Ask <see cref="IsNoCopyOnWrite"/> whether it did.</summary>
    public static void SetNoCopyOnWrite(SafeFileHandle file)
    {
        var flags = 0;
        if (Ioctl(file, GetFlags, &flags) != 0)
            return;
        flags |= NoCopyOnWrite;
        _ = Ioctl(file, SetFlags, &flags);
    }

    /// <summary>Makes a rename in the folder survive a power loss. Returns 0 or an errno.</summary>
    public static int SyncFolder(string folder)
    {
        var descriptor = Open(folder, OpenReadOnlyCloseOnExec);
        if (descriptor < 0)
            return Marshal.GetLastPInvokeError();
        var error = FSync(descriptor) == 0 ? 0 : Marshal.GetLastPInvokeError();
        _ = Close(descriptor);

        // A file system that cannot sync folders keeps them consistent by itself or not at all.
        return error == InvalidArgument ? 0 : error;
    }

    [LibraryImport("libc", EntryPoint = "fstatfs", SetLastError = true)]
    private static partial int FStatFs(SafeFileHandle file, StatFs* status);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatxFile(SafeFileHandle file, string path, int flags, uint mask, Statx* status);

    [LibraryImport("libc", EntryPoint = "statx")]
    private static partial int StatxPath(int folder, byte* path, int flags, uint mask, Statx* status);

    [LibraryImport("libc", EntryPoint = "posix_fallocate")]
    private static partial int PosixFallocate(SafeFileHandle file, long offset, long bytes);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Ioctl(SafeFileHandle file, nuint request, int* argument);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);

    // One layout on every 64-bit architecture that .NET runs Linux on.
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct StatFs
    {
        [FieldOffset(0)]
        public long Type;

        [FieldOffset(8)]
        public long BlockSize;

        [FieldOffset(32)]
        public ulong BlocksAvailable;
    }

    // statx has one layout on every architecture, which stat has not.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Statx
    {
        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(40)]
        public ulong Size;

        [FieldOffset(48)]
        public ulong Blocks;

        [FieldOffset(112)]
        public long ModifiedSeconds;

        [FieldOffset(120)]
        public uint ModifiedNanoseconds;
    }
}
