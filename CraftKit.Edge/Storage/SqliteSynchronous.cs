namespace CraftKit.Edge.Storage;

/// <summary>When SQLite waits for the disk (<c>PRAGMA synchronous</c>); the values are SQLite's.</summary>
internal enum SqliteSynchronous
{
    /// <summary>Never: a power loss may corrupt the file. For tests and scratch files.</summary>
    Off = 0,

    /// <summary>At checkpoints: a power loss may take the last commits back, never half of one.</summary>
    Normal = 1,

    /// <summary>At every commit: what was committed survives a power loss.</summary>
    Full = 2,
}
