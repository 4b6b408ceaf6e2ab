using CraftKit.Edge.Bench.EndToEnd.Load;
using CraftKit.Edge.Bench.Statistics;

namespace CraftKit.Edge.Bench.EndToEnd.Results;

/// <summary>One server in one round.</summary>
internal sealed record RoundResult
{
    /// <summary>The number of the round; what has the same number is compared.</summary>
    public required int Round { get; init; }

    /// <summary>What the client saw.</summary>
    public required LoadResult Load { get; init; }

    /// <summary>CPU seconds of the server's processes, from the first request until it was at rest again: what it left for later is
    /// counted.</summary>
    public required double CpuSeconds { get; init; }

    /// <summary>Seconds from the end of the load until the server was at rest.</summary>
    public required double RestSeconds { get; init; }

    /// <summary>What others used of the machine.</summary>
    public required ForeignLoad Others { get; init; }

    /// <summary>Answers a second.</summary>
    public double Rate => Load.Rate;

    /// <summary>Microseconds of CPU for a request, of the server.</summary>
    public double CpuMicroseconds => CpuSeconds * 1e6 / Load.Answered;

    /// <summary>Microseconds of CPU for a request, of the client.</summary>
    public double ClientMicroseconds => Load.ClientSeconds * 1e6 / Load.Answered;

    /// <summary>How often the client waited, for each request. To wake it costs the server: where processors are virtual, as much as the
    /// request.</summary>
    public double ClientSleeps => (double)Load.ClientSleeps / Load.Answered;
}
