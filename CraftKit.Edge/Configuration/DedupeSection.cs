namespace CraftKit.Edge.Configuration;

/// <summary>Section <c>dedupe</c>: how long, and for how many keys, a recorded event makes duplicates of its like.</summary>
internal sealed record DedupeSection
{
    /// <summary>The most that <see cref="MaxKeys"/> can name: more than the largest machines hold.</summary>
    public const long MaxMaxKeys = 100_000_000_000;

    private const int BytesPerKey = 32;
    private const long LeastDerived = 100_000;

    /// <summary>The time from a recorded event in which its like is a duplicate, 1 s to 24 h.</summary>
    [Within("00:00:01", "1.00:00:00")]
    public TimeSpan Window { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The most keys remembered at a time; beyond it new events answer 503, none is forgotten. 0 (or <c>null</c> in the file)
    /// derives it from the machine, see <see cref="KeyLimit"/>.</summary>
    [Within(0, MaxMaxKeys)]
    public long MaxKeys { get; set; }

    /// <summary><see cref="MaxKeys"/> where it is given, otherwise what fits into a quarter of the memory that the machine or its
    /// container has, at 32 B a key; at least 100,000.</summary>
    public long KeyLimit => MaxKeys != 0 ? MaxKeys : Math.Max(LeastDerived, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4 / BytesPerKey);
}
