using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CraftKit.Edge.Platform;

/// <summary>The few file calls of the system that .NET has no name for.</summary>
internal static unsafe partial class PosixFile
{
    private const int CurrentDirectory = -100;
    private const uint TypeAsked = 0x0001, OwnerAsked = 0x0008 | 0x0010;
    private const ushort TypeBits = 0xF000, RegularType = 0x8000;
    private const uint GroupAndOthers = 0x3F; // 077
    private const uint OwnerReadWrite = 0x180; // 0600
    private const int ErrorNoEntry = 2, ErrorExists = 17;

    // Linux' numbers; the one that differs between the architectures is picked at run time.
    private const int ReadWrite = 2, Create = 0x40, Exclusive = 0x80, CloseOnExec = 0x80000;

    private static readonly int NoFollow = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? 0x8000 : 0x20000;

    /// <summary>Takes group and others every right on what this process creates from here on, whatever the umask was. Does nothing on
    /// Windows, where the folder's access list is inherited.</summary>
    public static void RestrictCreation()
    {
        if (!OperatingSystem.IsWindows())
            _ = Umask(GroupAndOthers);
    }

    /// <summary>The user and group that own a file or folder, links followed; null where the system does not tell (all but Linux).</summary>
    /// <exception cref="EdgeException">The file cannot be looked at.</exception>
    public static (uint User, uint Group)? OwnerOf(string path)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        return TryLook(path, OwnerAsked, out var result)
            ? (result.User, result.Group)
            : throw new EdgeException($"{path}: cannot be looked at ({Marshal.GetLastPInvokeErrorMessage()})");
    }

    /// <summary>Whether a path leads to an ordinary file, links followed: not to a device, a pipe, a folder or nothing. Elsewhere than on
    /// Linux everything outside <c>/dev</c> that is a file counts.</summary>
    public static bool IsRegularFile(string path) => OperatingSystem.IsLinux()
        ? TryLook(path, TypeAsked, out var result) && (result.Mode & TypeBits) == RegularType
        : File.Exists(path) && !path.StartsWith("/dev/", StringComparison.Ordinal);

    /// <summary>The user in whose name this process acts; 0 is root. 0 on Windows.</summary>
    public static uint EffectiveUser() => OperatingSystem.IsWindows() ? 0 : GetEffectiveUser();

    /// <summary>As root, gives a file just created to the owner of its folder, so that a command run with <c>sudo</c> leaves nothing that the
    /// service cannot open; anybody else owns what he creates. On the handle, never on the path: a path may lead elsewhere by now.</summary>
    /// <exception cref="EdgeException">The system refuses.</exception>
    public static void GiveToOwnerOfFolder(SafeFileHandle file, string path)
    {
        if (EffectiveUser() != 0 || OwnerOf(Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/") is not { } owner)
            return;
        if (ChangeOwnerOf(file, owner.User, owner.Group) != 0)
            throw new EdgeException($"{path}: cannot be given the owner of its folder ({Marshal.GetLastPInvokeErrorMessage()}); run the command as that owner");
    }

    /// <summary>Opens a file for reading and writing; creates it empty, 0600, when it is not there. A symbolic link in its place is not
    /// followed on Linux. The handle is not inherited by child processes, and no lock of .NET's is on it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="isNew">Whether this call created it.</param>
    /// <exception cref="IOException">The system refuses.</exception>
    public static SafeFileHandle OpenOrCreate(string path, out bool isNew)
    {
        if (!OperatingSystem.IsLinux())
            return OpenOrCreatePortably(path, out isNew);
        while (true)
        {
            var file = OpenFile(path, ReadWrite | CloseOnExec | Create | Exclusive, OwnerReadWrite);
            isNew = !file.IsInvalid;
            if (isNew)
                return file;
            if (Marshal.GetLastPInvokeError() == ErrorExists)
            {
                file = OpenFile(path, ReadWrite | CloseOnExec | NoFollow, 0);
                if (!file.IsInvalid)
                    return file;
            }

            // Gone between the two calls: once more. Anything else is final.
            if (Marshal.GetLastPInvokeError() != ErrorNoEntry || !Directory.Exists(Path.GetDirectoryName(path)))
                throw new IOException(Marshal.GetLastPInvokeErrorMessage());
        }
    }

    private static bool TryLook(string path, uint asked, out StatxBuffer result)
    {
        fixed (StatxBuffer* buffer = &result)
            return StatxCall(CurrentDirectory, path, 0, asked, buffer) == 0;
    }

    private static SafeFileHandle OpenOrCreatePortably(string path, out bool isNew)
    {
        isNew = !File.Exists(path);
        if (isNew)
        {
            var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite | FileShare.Delete };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            new FileStream(path, options).Dispose();
        }

        return File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle OpenFile(string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial uint Umask(uint mask);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUser();

    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    private static partial int ChangeOwnerOf(SafeFileHandle file, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatxCall(int directory, string path, int flags, uint mask, StatxBuffer* result);

    // statx has one layout on every architecture, which stat has not.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct StatxBuffer
    {
        [FieldOffset(20)]
        public uint User;

        [FieldOffset(24)]
        public uint Group;

        [FieldOffset(28)]
        public ushort Mode;
    }
}
