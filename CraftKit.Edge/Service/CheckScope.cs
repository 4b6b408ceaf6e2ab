namespace CraftKit.Edge.Service;

/// <summary>How far a check goes.</summary>
/// <param name="Full">Whether everything is read.</param>
/// <param name="IsServed">Whether another process serves the folder: then no snapshot may be held for long.</param>
/// <param name="Clock">Measures how long one is held.</param>
/// <param name="Cancellation">Ends the check.</param>
internal sealed record CheckScope(bool Full, bool IsServed, TimeProvider Clock, CancellationToken Cancellation)
{
    /// <summary>A snapshot of a served database is held this long at most.</summary>
    public static readonly TimeSpan MaxSnapshot = TimeSpan.FromMilliseconds(30);

    /// <summary>A check that is not full looks at rows for this long at most.</summary>
    public static readonly TimeSpan MaxLook = TimeSpan.FromSeconds(2);

    /// <summary>Databases above this size are not checked page by page unless the check is full.</summary>
    public const long MaxQuickBytes = 256L << 20;
}
