using CraftKit.Edge.Journal;

namespace CraftKit.Edge.Bench.Storage;

/// <summary>Records as if they had been read from a journal: positions go up, each record has its own render.</summary>
internal sealed class Batches
{
    private readonly byte[] _payload = new byte[SampleEvents.Size];
    private long _number;

    /// <summary>Where the next record would start; the position to commit with.</summary>
    public long Position => 64 + (_number * 256);

    /// <summary>The next record, valid until the one after it is asked for.</summary>
    /// <param name="render">Its render's number.</param>
    public JournalRecord Next(int render)
    {
        SampleEvents.Write(_payload, render, _number);
        var start = Position;
        _number++;
        return new JournalRecord
        {
            Position = start,
            EndPosition = Position,
            Payload = _payload,
            Decision = JournalDecision.Won,
            ClaimDelay = 1,
        };
    }
}
