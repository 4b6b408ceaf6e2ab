using CraftKit.Edge.Events;
using CraftKit.Edge.Journal;
using CraftKit.Edge.Platform;
using Microsoft.Extensions.Logging;

namespace CraftKit.Edge.Storage;

/// <summary>Journal records on their way into the store as one transaction, with those set aside that the database refuses.</summary>
/// <remarks>Serves the writer and the replay at start alike; reused from batch to batch.</remarks>
internal sealed class EventBatch(EventStore store, RefusedEvents refused, ILogger log)
{
    private const int MaxRecords = 20_000;
    private const long MaxBytes = 4 << 20;

    // Kept until a commit: a batch that starts again must not write their lines again.
    private readonly HashSet<long> _setAside = [];
    private long _lastSequence;
    private bool _begun;

    /// <summary>Records taken into the batch.</summary>
    public int Records { get; private set; }

    /// <summary>Those of them that became rows; the others were set aside.</summary>
    public int Rows { get; private set; }

    /// <summary>Bytes of their payloads.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether it is time to commit.</summary>
    public bool IsFull => Records >= MaxRecords || Bytes >= MaxBytes;

    /// <summary>Whether so much came that more may be expected at once.</summary>
    public bool IsLarge => Records >= MaxRecords || Bytes >= MaxBytes / 8;

    /// <summary>Takes a won record.</summary>
    /// <returns>False when the database dropped the whole transaction over it: call <see cref="Rollback"/> and begin again at the last mark.</returns>
    /// <exception cref="EdgeException">Storage failed.</exception>
    public bool Add(in JournalRecord record, int boot)
    {
        Begin();
        Records++;
        Bytes += record.Payload.Length;
        if (_setAside.Contains(record.Position))
            return true;
        if (!EventRecord.TryRead(record.Payload, out var fields))
        {
            SetAside(record, "not an event of this version");
            return true;
        }
        var status = store.Insert(record.Position, fields, boot, fields.Timestamp + record.ClaimDelay, out var refusal);
        if (status == InsertStatus.Stored)
            (_lastSequence, Rows) = (record.Position, Rows + 1);
        else
            SetAside(record, refusal!);
        return status != InsertStatus.RefusedAndRolledBack;
    }

    /// <summary>Commits what was taken, with how far the journal is stored by it; also without records.</summary>
    /// <exception cref="EdgeException">Storage failed.</exception>
    public void Commit(JournalMark mark)
    {
        Begin();
        store.Commit(mark, _lastSequence);
        _setAside.Clear();
        Clear();
    }

    /// <summary>Drops what was taken.</summary>
    public void Rollback()
    {
        store.Rollback();
        Clear();
    }

    private void Begin()
    {
        if (_begun)
            return;
        store.Begin();
        _lastSequence = store.LastSequence;
        _begun = true;
    }

    private void Clear() => (_begun, Records, Rows, Bytes) = (false, 0, 0, 0);

    private void SetAside(in JournalRecord record, string reason)
    {
        refused.Append(record.Position, record.Payload, reason);
        _setAside.Add(record.Position);
        log.LogError(
            "the database refused the event at journal position {Position} ({Reason}); it was set aside in {File}",
            record.Position, TerminalText.Escape(reason), RefusedEvents.FileName);
    }
}
