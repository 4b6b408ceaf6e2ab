using System.Runtime.InteropServices;

namespace CraftKit.Edge.Platform;

/// <summary>Keeps a folder's files in one hand: what root creates there gets the folder's owner, so that a command run with
/// <c>sudo</c> leaves nothing that the service cannot open.</summary>
internal static unsafe partial class FileOwner
{
    private const int CurrentDirectory = -100;
    private const uint UserAndGroup = 0x0008 | 0x0010;

    /// <summary>Gives <paramref name="path"/> the owner and group of the folder that it is in. Does nothing unless root runs this on
    /// Linux.</summary>
    /// <exception cref="EdgeException">The system refuses.</exception>
    public static void TakeFromFolder(string path)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            return;
        var folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";
        Statx stat;
        if (StatxCall(CurrentDirectory, folder, 0, UserAndGroup, &stat) != 0
            || ChangeOwner(path, stat.User, stat.Group) != 0)
        {
            throw new EdgeException(
                $"{path}: cannot be given the owner of its folder ({Marshal.GetLastPInvokeErrorMessage()}); run the command as that owner");
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatxCall(int directory, string path, int flags, uint mask, Statx* result);

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwner(string path, uint user, uint group);

    // statx has one layout on every architecture, which stat has not.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Statx
    {
        [FieldOffset(20)]
        public uint User;

        [FieldOffset(24)]
        public uint Group;
    }
}
