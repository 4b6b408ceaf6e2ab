namespace CraftKit.Edge.Storage;

/// <summary>Counts events by render, and knows the renders with the most of them: 4 bytes a render, and a comparison an event. For one thread.</summary>
/// <remarks>Counts only grow, so a render gets among the most only by an event of its own: comparing it then with the least of them is enough to have
/// them right at any time.</remarks>
internal sealed class BusiestRenders
{
    /// <summary>How many are known as the busiest.</summary>
    public const int Most = 10;

    private readonly (int Number, int Events)[] _top = new (int, int)[Most];
    private int[] _events = [];
    private int _known;

    // Of the busiest, once there are enough of them: who has not more is none.
    private int _least;

    /// <summary>Counts an event.</summary>
    /// <param name="number">The render's number, 1 or more (<see cref="RenderLedger"/>).</param>
    public void Count(int number)
    {
        if (number >= _events.Length)
            Array.Resize(ref _events, Math.Max(number + 1, _events.Length * 2));
        var events = ++_events[number];
        if (events > _least)
            Place(number, events);
    }

    /// <summary>Forgets all counts.</summary>
    public void Clear()
    {
        Array.Clear(_events);
        (_known, _least) = (0, 0);
    }

    /// <summary>The busiest, the one with the most events first; of equals the one that was there first.</summary>
    public List<(int Number, int Events)> ToList() => [.. _top.Take(_known).OrderByDescending(entry => entry.Events)];

    private void Place(int number, int events)
    {
        var (at, least) = (0, 0);
        for (; at < _known && _top[at].Number != number; at++)
        {
            if (_top[at].Events < _top[least].Events)
                least = at;
        }

        if (at == Most)
            at = least;
        else if (at == _known)
            _known++;
        _top[at] = (number, events);
        if (_known < Most)
            return;
        _least = int.MaxValue;
        foreach (var entry in _top)
            _least = Math.Min(_least, entry.Events);
    }
}
