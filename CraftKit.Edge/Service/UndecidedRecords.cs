using CraftKit.Edge.Dedupe;
using CraftKit.Edge.Events;
using CraftKit.Edge.Journal;
using CraftKit.Edge.Storage;

namespace CraftKit.Edge.Service;

/// <summary>Decides the claims that a crash left undecided: at most one a thread that was appending.</summary>
internal sealed class UndecidedRecords(EventStore store, TimeSpan window, Func<Guid, int> bootNumber)
{
    /// <summary>Stored rows are this much out of the order of their claims at most.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(30);

    private readonly Dictionary<DedupeKey, List<Claim>> _claims = [];

    /// <summary>The positions of the undecided records that duplicate another event.</summary>
    public HashSet<long> FindLosers(JournalRecovery recovery)
    {
        var losers = new HashSet<long>();
        var undecided = ReadUndecided(recovery);
        if (undecided.Count == 0)
            return losers;
        foreach (var (_, key, _) in undecided)
            _claims.TryAdd(key, []);
        ReadWon(recovery);
        ReadStored(undecided);
        foreach (var (position, key, claim) in undecided)
        {
            var others = _claims[key];
            if (others.Exists(other => IsWithinWindow(claim, other)))
                losers.Add(position);
            else
                others.Add(claim);
        }
        return losers;
    }

    private List<(long Position, DedupeKey Key, Claim Claim)> ReadUndecided(JournalRecovery recovery)
    {
        var undecided = new List<(long, DedupeKey, Claim)>();
        recovery.Rewind();
        while (recovery.TryRead(out var record))
        {
            if (record.Decision == JournalDecision.Undecided && EventRecord.TryRead(record.Payload, out var fields))
                undecided.Add((record.Position, KeyOf(fields), ClaimOf(record, fields)));
        }
        return undecided;
    }

    private void ReadWon(JournalRecovery recovery)
    {
        recovery.Rewind();
        while (recovery.TryRead(out var record))
        {
            if (record.Decision == JournalDecision.Won && EventRecord.TryRead(record.Payload, out var fields)
                && _claims.TryGetValue(KeyOf(fields), out var claims))
            {
                claims.Add(ClaimOf(record, fields));
            }
        }
    }

    /// <summary>Reads back in the store as far as a window may reach from the oldest undecided record.</summary>
    private void ReadStored(List<(long Position, DedupeKey Key, Claim Claim)> undecided)
    {
        var oldest = undecided.MinBy(record => record.Claim.Wall).Claim;
        using var rows = new StoredClaims(store);
        while (rows.TryRead(out var key, out var boot, out var claimed, out var createdAt))
        {
            var claim = new Claim(boot, claimed, createdAt);
            if (Distance(oldest, claim) >= window + Slack)
                break;
            if (_claims.TryGetValue(key, out var claims))
                claims.Add(claim);
        }
    }

    private bool IsWithinWindow(Claim one, Claim other) => Distance(one, other) < window;

    /// <summary>The time between two claims: by the boot's clock when both are of one boot, else by the wall clock.</summary>
    private static TimeSpan Distance(Claim one, Claim other) =>
        (one.Boot == other.Boot ? TimeSpan.FromTicks(one.Claimed - other.Claimed) : one.Wall - other.Wall).Duration();

    private static DedupeKey KeyOf(in EventRecord fields) =>
        DedupeWindow.KeyOf(fields.Type, fields.ProjectId, fields.ShareId, fields.RenderId, fields.Address);

    private Claim ClaimOf(in JournalRecord record, in EventRecord fields) =>
        new(bootNumber(record.BootId), fields.Timestamp + record.ClaimDelay, fields.Id.CreatedAt);

    private readonly record struct Claim(int Boot, long Claimed, DateTimeOffset Wall);
}
