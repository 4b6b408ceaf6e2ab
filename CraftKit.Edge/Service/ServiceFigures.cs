using CraftKit.Edge.Catalog;
using CraftKit.Edge.Metrics;
using CraftKit.Edge.Storage;

namespace CraftKit.Edge.Service;

/// <summary>How the service is at a moment: what the metrics and the dashboard tell. The figures are read one after the other, so they may be a few
/// events apart.</summary>
internal sealed record ServiceFigures
{
    /// <summary>When the service was ready to serve.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>See <see cref="IEdgeGateway.NotReadyReasons"/>.</summary>
    public required IReadOnlyList<string> NotReadyReasons { get; init; }

    /// <summary>What was stored since midnight UTC.</summary>
    public required DayFigures Today { get; init; }

    /// <summary>The dedupe window.</summary>
    public required WindowFigures Window { get; init; }

    /// <summary>The journal.</summary>
    public required JournalFigures Journal { get; init; }

    /// <summary>The event writer.</summary>
    public required WriterFigures Writer { get; init; }

    /// <summary>Events since the start that the database refused for their own sake.</summary>
    public required long SetAside { get; init; }

    /// <summary>Bytes in the write-ahead log of <c>events.db</c>; its limit is <see cref="EventWriter.WalLimitBytes"/>.</summary>
    public required long WalBytes { get; init; }

    /// <summary>What the catalog holds.</summary>
    public required CatalogCounts Catalog { get; init; }

    /// <summary>The time since the catalog was last looked at with success.</summary>
    public required TimeSpan CatalogAge { get; init; }
}

/// <summary>The dedupe window.</summary>
/// <param name="Keys">Keys in it, expired ones that were not purged yet included.</param>
/// <param name="MaxKeys">The most that it takes.</param>
/// <param name="Tables">Tables that hold them.</param>
/// <param name="Bytes">Memory that it takes.</param>
internal readonly record struct WindowFigures(long Keys, long MaxKeys, long Tables, long Bytes);

/// <summary>The journal.</summary>
/// <param name="UsedBytes">Bytes of what is not stored yet.</param>
/// <param name="CapacityBytes">The most that it takes.</param>
/// <param name="Oldest">The age of the oldest record that is not stored, see <see cref="EventWriter.Oldest"/>.</param>
/// <param name="Replay">What the start found in it.</param>
internal readonly record struct JournalFigures(long UsedBytes, long CapacityBytes, TimeSpan Oldest, ReplayReport Replay);

/// <summary>The event writer.</summary>
/// <param name="Behind">See <see cref="EventWriter.Behind"/>.</param>
/// <param name="Failure">Why storage does not work, null while it does.</param>
/// <param name="Meter">What it has stored.</param>
internal readonly record struct WriterFigures(TimeSpan Behind, string? Failure, WriterMeter Meter);
