namespace CraftKit.Edge.Platform;

/// <summary>Which file systems a file may be mapped on that is written for years and must never fail on a write.</summary>
/// <remarks>
/// Refused: network file systems and shared folders of virtual machines (a mapped page may be lost with the connection, and a lock
/// may be none) and those that write every page to a new place and know no exception from that (a full disk then ends the process
/// with SIGBUS). FUSE is judged by the name that the mount table gives: what is known to be remote is refused, anything else is let
/// pass, because local ones (NTFS, encrypted folders, containers' overlays) cannot be told from unknown remote ones.
/// </remarks>
internal static class FileSystemKind
{
    /// <summary>btrfs copies on write unless the file says otherwise.</summary>
    public const long Btrfs = 0x9123_683E;

    private const long Fuse = 0x6573_5546;

    private static readonly string[] RemoteFuse =
    [
        "sshfs", "glusterfs", "s3fs", "rclone", "ceph", "gcsfuse", "goofys", "juicefs", "mount-s3", "mountpoint-s3", "blobfuse",
        "curlftpfs", "davfs", "nfs", "smb",
    ];

    /// <summary>Why a file system is refused, as the end of a sentence; null when it is not.</summary>
    public static string? Refusal(long kind, string path)
    {
        var name = kind switch
        {
            0x6969 => "NFS",
            0x517B => "SMB",
            0xFF53_4D42 => "CIFS",
            0xFE53_4D42 => "SMB",
            0x5346_414F or 0x6B41_4653 => "AFS",
            0x00C3_6400 => "Ceph",
            0x7375_7245 => "Coda",
            0x0102_1997 => "9p",
            0x0BD0_0BD0 => "Lustre",
            0x786F_4256 => "vboxsf",
            Fuse => MountedKind(path) is { } mounted && IsRemoteFuse(mounted) ? mounted : null,
            _ => null,
        };
        if (name is not null)
            return $"is a network file system ({name})";

        name = kind switch
        {
            0x2FC1_2FC1 => "ZFS",
            0x3434 => "NILFS2",
            _ => null,
        };
        return name is null ? null : $"copies every page on write ({name})";
    }

    /// <summary>Whether a type from the mount table, such as <c>fuse.sshfs</c>, is known to be remote.</summary>
    public static bool IsRemoteFuse(string mountedKind)
    {
        var name = mountedKind[(mountedKind.IndexOf('.', StringComparison.Ordinal) + 1)..];
        return RemoteFuse.Any(remote => name.StartsWith(remote, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The type that the mount table names for the mount that the path lies on, such as <c>fuse.sshfs</c>.</summary>
    private static string? MountedKind(string path)
    {
        const string MountTable = "/proc/self/mountinfo";
        if (!File.Exists(MountTable))
            return null;
        var (longest, kind) = (0, (string?)null);
        foreach (var line in File.ReadLines(MountTable))
        {
            // "36 35 98:0 / /mount/point rw,noatime master:1 - fuse.sshfs host:/ rw"; later lines lie over earlier ones.
            var separator = line.IndexOf(" - ", StringComparison.Ordinal);
            var fields = line.Split(' ');
            if (separator < 0 || fields.Length < 5)
                continue;
            var point = fields[4].Replace("\\040", " ", StringComparison.Ordinal);
            if (point.Length >= longest && (path == point || path.StartsWith(point.TrimEnd('/') + "/", StringComparison.Ordinal)))
                (longest, kind) = (point.Length, line[(separator + 3)..].Split(' ')[0]);
        }

        return kind;
    }
}
