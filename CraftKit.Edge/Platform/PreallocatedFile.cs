using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CraftKit.Edge.Platform;

/// <summary>Creates files whose every byte has storage, so that writing to them through a mapping cannot fail for want of space.</summary>
internal static class PreallocatedFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Creates a file of zeros, readable by its owner alone. As root the folder's owner gets it.</summary>
    /// <param name="path">Must not exist.</param>
    /// <param name="bytes">Length of the file.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="advice">What the operator can do besides freeing space, such as <c>lower journal.capacityBytes</c>.</param>
    /// <exception cref="EdgeException">No space, or a file system that is refused; nothing is left behind.</exception>
    public static SafeFileHandle Create(string path, long bytes, string name, string advice)
    {
        var file = Open(path, name);
        try
        {
            if (OperatingSystem.IsLinux())
                AllocateOnLinux(file, path, bytes, name, advice);
            else
                RandomAccess.SetLength(file, bytes);
            return file;
        }
        catch (Exception failure)
        {
            file.Dispose();
            File.Delete(path);
            if (failure is IOException)
            {
                throw new EdgeException(
                    $"{name}: {bytes:N0} bytes could not be allocated ({failure.Message}); free space or {advice}", inner: failure);
            }

            throw;
        }
    }

    /// <summary>Why an existing file may not be mapped and written as if it came from <see cref="Create"/>, as the end of a sentence;
    /// null when it may. A copy that left out the zeros, or one on another file system, may not.</summary>
    public static string? Unfitness(SafeFileHandle file, string path)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        var (kind, _) = LinuxFile.FileSystemOf(file);
        if (FileSystemKind.Refusal(kind, Path.GetFullPath(path)) is { } refusal)
            return $"the file system {refusal}";
        if (kind == FileSystemKind.Btrfs && LinuxFile.IsNoCopyOnWrite(file) != true)
            return "it is copied on write";
        var length = RandomAccess.GetLength(file);
        var allocated = LinuxFile.AllocatedBytes(file);
        return allocated >= 0 && allocated < length ? $"only {allocated:N0} of {length:N0} bytes have storage" : null;
    }

    /// <summary>Makes what was renamed, created or deleted in the folder of <paramref name="path"/> survive a power loss.</summary>
    /// <exception cref="EdgeException">The sync failed.</exception>
    public static void SyncFolderOf(string path)
    {
        if (!OperatingSystem.IsLinux())
            return;
        var folder = FolderOf(path);
        var error = LinuxFile.SyncFolder(folder);
        if (error != 0)
            throw new EdgeException($"{folder}: the folder could not be synced ({Marshal.GetPInvokeErrorMessage(error)}); check the disk");
    }

    private static SafeFileHandle Open(string path, string name)
    {
        try
        {
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                Share = FileShare.ReadWrite | FileShare.Delete,
                BufferSize = 0,
            };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = OwnerOnly;
            return new FileStream(path, options).SafeFileHandle;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new EdgeException(
                $"{name}: cannot be created in {FolderOf(path)} ({failure.Message}); check the folder and its permissions", inner: failure);
        }
    }

    private static void AllocateOnLinux(SafeFileHandle file, string path, long bytes, string name, string advice)
    {
        var (kind, free) = LinuxFile.FileSystemOf(file);
        if (FileSystemKind.Refusal(kind, Path.GetFullPath(path)) is { } refusal)
            throw new EdgeException($"{name}: the file system of {FolderOf(path)} {refusal}; put the data folder on a local ext4 or xfs");
        PosixFile.GiveToOwnerOfFolder(file, path);
        LinuxFile.SetNoCopyOnWrite(file);
        if (kind == FileSystemKind.Btrfs && LinuxFile.IsNoCopyOnWrite(file) != true)
        {
            throw new EdgeException(
                $"{name}: the file system of {FolderOf(path)} copies every page on write (btrfs) and did not take the no-copy flag; "
                + "mount it without compression and checks for this folder, or put the data folder on ext4 or xfs");
        }

        // The call itself, not SetLength with a preallocation size: that reported success on ext2 with no block allocated.
        var error = LinuxFile.Allocate(file, bytes);
        if (error is LinuxFile.NotSupported or LinuxFile.InvalidArgument)
            error = WriteZeros(file, bytes);
        var allocated = LinuxFile.AllocatedBytes(file);
        if (error == 0 && (allocated < 0 || allocated >= bytes))
            return;
        if (error is 0 or LinuxFile.NoSpace)
            throw new EdgeException($"{name}: {bytes:N0} bytes needed, {free:N0} free on the file system; free space or {advice}");
        throw new EdgeException(
            $"{name}: {bytes:N0} bytes could not be allocated ({Marshal.GetPInvokeErrorMessage(error)}); check the disk or {advice}");
    }

    // For C libraries that do not stand in for a file system without the call.
    private static int WriteZeros(SafeFileHandle file, long bytes)
    {
        var zeros = new byte[1 << 16];
        try
        {
            for (var offset = 0L; offset < bytes; offset += zeros.Length)
                RandomAccess.Write(file, zeros.AsSpan(0, (int)Math.Min(zeros.Length, bytes - offset)), offset);
            return 0;
        }
        catch (IOException)
        {
            // Nearly always the disk; the caller compares what is allocated and says so with the numbers.
            return LinuxFile.NoSpace;
        }
    }

    private static string FolderOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path)) ?? Path.GetFullPath(path);
}
