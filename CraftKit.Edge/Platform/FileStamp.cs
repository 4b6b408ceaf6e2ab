namespace CraftKit.Edge.Platform;

/// <summary>Which file stands at a path, and when it was written to last. All zero when there is none, or the system does not tell.</summary>
/// <param name="Inode">The file's number in its file system.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Seconds">Its time by the wall clock, Unix seconds.</param>
/// <param name="Nanoseconds">The rest of it.</param>
internal readonly record struct FileStamp(ulong Inode, ulong Bytes, long Seconds, uint Nanoseconds)
{
    /// <summary>Whether there is a file, last written to before <paramref name="time"/>.</summary>
    public bool IsOlder(DateTimeOffset time) => Inode != 0 && Seconds < time.ToUnixTimeSeconds();
}
