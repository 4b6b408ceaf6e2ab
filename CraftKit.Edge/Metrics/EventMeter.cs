using CraftKit.Edge.Events;
using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Metrics;

/// <summary>Counts what became of events since the start of the process, whichever route they came by.</summary>
internal sealed class EventMeter
{
    // The numbers of the types are 1 to 3; their cells lie behind these.
    private const int Recorded = -1, Duplicate = 2, Refusals = 6, Cells = 8;

    private readonly ThreadCells _cells = new(Cells);

    /// <summary>The types, in the order of their numbers.</summary>
    public static IReadOnlyList<EventType> Types { get; } = [EventType.Viewed, EventType.Downloaded, EventType.Printed];

    /// <summary>Counts an event that was recorded.</summary>
    public void CountRecorded(EventType type) => _cells.Mine[Recorded + (int)type]++;

    /// <summary>Counts a duplicate.</summary>
    public void CountDuplicate(EventType type) => _cells.Mine[Duplicate + (int)type]++;

    /// <summary>Counts an event that found no room.</summary>
    public void CountRefused(RefusalReason reason) => _cells.Mine[Refusals + (int)reason]++;

    /// <summary>Events of a type that were recorded.</summary>
    public long RecordedOf(EventType type) => _cells.Sum(Recorded + (int)type);

    /// <summary>Duplicates of a type.</summary>
    public long DuplicatesOf(EventType type) => _cells.Sum(Duplicate + (int)type);

    /// <summary>Events that found no room for a reason.</summary>
    public long RefusedFor(RefusalReason reason) => _cells.Sum(Refusals + (int)reason);

    /// <summary>Events that were recorded, and duplicates, together.</summary>
    public long Answered
    {
        get
        {
            var (recorded, duplicates) = Totals();
            return recorded + duplicates;
        }
    }

    /// <summary>Events that were recorded, and duplicates, of all types.</summary>
    public (long Recorded, long Duplicates) Totals()
    {
        Span<long> sums = stackalloc long[Refusals];
        _cells.Sum(0, sums);
        return (sums[0] + sums[1] + sums[2], sums[3] + sums[4] + sums[5]);
    }
}
