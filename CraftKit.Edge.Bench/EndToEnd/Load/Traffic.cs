namespace CraftKit.Edge.Bench.EndToEnd.Load;

/// <summary>Which events are sent: new ones, repeats of events that are live, or some of both. Every server gets the same events in the same
/// order.</summary>
internal sealed class Traffic
{
    // A file of more requests only costs the client memory. At random over the keys, so many of them are no easier to remember for the
    // server's caches than all.
    private const int MostRepeated = 200_000;

    private readonly int _newInTen;
    private readonly Random _random = new(1);
    private long _next;

    /// <param name="liveKeys">The events 0 to this - 1 are live before the first round.</param>
    /// <param name="newInTen">Of ten requests so many are new events, 0 to 10.</param>
    public Traffic(int liveKeys, int newInTen)
    {
        LiveKeys = liveKeys;
        _newInTen = newInTen;
        _next = liveKeys;
    }

    /// <summary>The events 0 to this - 1 are live before the first round.</summary>
    public int LiveKeys { get; }

    /// <summary>Whether requests run out: a new event is new only once.</summary>
    public bool IsUsedUp => _newInTen > 0;

    /// <summary>The events of one round, in their order.</summary>
    /// <param name="most">The most that a server can take in that time.</param>
    /// <param name="firstNew">The least number of an event that is new; all that are less are live.</param>
    public long[] Next(int most, out long firstNew)
    {
        firstNew = _next;
        var numbers = new long[IsUsedUp ? most : Math.Min(LiveKeys, MostRepeated)];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = i % 10 < _newInTen ? _next++
                : LiveKeys <= MostRepeated ? i % LiveKeys
                : _random.NextInt64(LiveKeys);
        }

        return numbers;
    }
}
