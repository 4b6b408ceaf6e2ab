namespace CraftKit.Edge.Platform;

/// <summary>Who holds the lock of a data folder.</summary>
internal enum LockRole
{
    /// <summary>The lock file does not say yet: its holder has only just taken it.</summary>
    Unknown,

    /// <summary>The process that serves.</summary>
    Serve,

    /// <summary>A command that must not run beside a serving process, such as one that drains the journal.</summary>
    Command,
}
