namespace CraftKit.Edge.Transport;

/// <summary>How long sockets wait for a thread that serves them: the time that every request waits before anything of ours runs.</summary>
internal interface ILoopLag : IDisposable
{
    /// <summary>The latest measurement; while one is overdue, how long it has been so.</summary>
    TimeSpan Last { get; }

    /// <summary>The longest lag since this was asked last, for a reader that samples at its own pace.</summary>
    TimeSpan TakeMax();
}
