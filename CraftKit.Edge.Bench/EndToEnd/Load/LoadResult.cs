namespace CraftKit.Edge.Bench.EndToEnd.Load;

/// <summary>What a client saw of a server during one round.</summary>
internal sealed record LoadResult
{
    /// <summary>How long it was, by the client's clock.</summary>
    public required double Seconds { get; init; }

    /// <summary>Requests written, the first ones of the file in its order.</summary>
    public required long Sent { get; init; }

    /// <summary>Answers read whole. What is missing to <see cref="Sent"/> was under way when the time was over.</summary>
    public required long Answered { get; init; }

    /// <summary>Answers with <c>{"recorded":true}</c>.</summary>
    public required long Recorded { get; init; }

    /// <summary>Answers other than 200, and requests that ended in a fault of the connection.</summary>
    public required long Refused { get; init; }

    /// <summary>CPU seconds of the client.</summary>
    public required double ClientSeconds { get; init; }

    /// <summary>How often the client waited for answers.</summary>
    public required long ClientSleeps { get; init; }

    /// <summary>Half of the answers came within so many microseconds.</summary>
    public required double P50 { get; init; }

    /// <summary>99 of 100.</summary>
    public required double P99 { get; init; }

    /// <summary>999 of 1,000.</summary>
    public required double P999 { get; init; }

    /// <summary>Answers a second.</summary>
    public double Rate => Answered / Seconds;

    /// <summary>Requests whose answer the client did not wait for at the end.</summary>
    public long CutOff => Sent - Answered - Refused;
}
