using CraftKit.Edge.Events;
using static CraftKit.Edge.Http.PathText;

namespace CraftKit.Edge.Http;

/// <summary>The path of a request target as it was sent (<see cref="PathText"/>), and the route of the data plane that it names; the query is
/// cut off.</summary>
internal readonly ref struct RequestPath
{
    private readonly ReadOnlySpan<char> _id;

    private RequestPath(Route route, ReadOnlySpan<char> id)
    {
        Route = route;
        _id = id;
    }

    /// <summary>The route.</summary>
    public Route Route { get; }

    /// <summary>Reads a request target.</summary>
    public static RequestPath Read(ReadOnlySpan<char> target)
    {
        if (!TrySplit(target, out var rest, out _))
            return default;
        var first = Next(ref rest, out var more);
        if (!more)
            return new RequestPath(IsWord(first, "healthz") ? Route.Health : IsWord(first, "readyz") ? Route.Ready : Route.Unknown, default);
        if (!IsWord(first, "v1"))
            return default;
        var second = Next(ref rest, out more);
        if (!more)
            return new RequestPath(IsWord(second, "events") ? Route.Bulk : Route.Unknown, default);
        if (!IsWord(second, "renders"))
            return default;
        var id = Next(ref rest, out more);
        var last = Next(ref rest, out var evenMore);
        if (id.IsEmpty || !more || evenMore)
            return default;
        return new RequestPath(IsWord(last, "events") ? Route.Events : IsWord(last, "engagement") ? Route.Engagement : Route.Unknown, id);
    }

    /// <summary>Writes the decoded id.</summary>
    /// <param name="destination">At least <see cref="EventRecord.MaxIdLength"/> bytes.</param>
    /// <param name="length">The bytes written.</param>
    /// <returns>False when the segment decodes to nothing that could be an id, and so names no render.</returns>
    public bool TryReadId(Span<byte> destination, out int length) => PathText.TryReadId(_id, destination, out length);
}
