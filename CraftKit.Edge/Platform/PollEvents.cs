namespace CraftKit.Edge.Platform;

/// <summary>What an <see cref="EventPoll"/> watches for and tells, with the system's numbers.</summary>
[Flags]
internal enum PollEvents : uint
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>There is something to read, the end included.</summary>
    Readable = 0x001,

    /// <summary>Urgent data has arrived.</summary>
    Urgent = 0x002,

    /// <summary>There is room to write.</summary>
    Writable = 0x004,

    /// <summary>The connection has failed. Told always, whether watched for or not.</summary>
    Failed = 0x008,

    /// <summary>Both directions have ended. Told always, whether watched for or not.</summary>
    HungUp = 0x010,

    /// <summary>The other end sends no more.</summary>
    PeerClosed = 0x2000,

    /// <summary>Tells each change once, instead of what is the case at each wait.</summary>
    EdgeTriggered = 1u << 31,
}
