using System.Runtime.CompilerServices;
using System.Text;
using CraftKit.Edge.Catalog;
using CraftKit.Edge.Dedupe;
using CraftKit.Edge.Events;
using CraftKit.Edge.Journal;
using CraftKit.Edge.Metrics;
using CraftKit.Edge.Storage;

namespace CraftKit.Edge.Service;

/// <summary>The service of one data folder: catalog, window, journal and store, wired.</summary>
/// <remarks>
/// <see cref="Record"/> is the way of an event and never waits; <see cref="RecordBulk"/> is the same way for one of many. The record is complete in the journal before the claim decides, so whoever is told
/// "duplicate" duplicates an event that is there, and nothing that may fail comes after the claim.
/// </remarks>
internal sealed class EdgeService : IEdgeGateway, IDisposable
{
    private const double HighWater = 0.8;

    /// <summary>An answer of durability fsync waits this long for its commit before it gives up with 503.</summary>
    private static readonly TimeSpan CommitPatience = TimeSpan.FromSeconds(5);

    /// <summary>A read waits this long for the writer (docs/API.md, "engagement").</summary>
    private static readonly TimeSpan ReadPatience = TimeSpan.FromSeconds(2);

    /// <summary>A bulk request waits for a writer that gets nowhere at most this long.</summary>
    private static readonly TimeSpan BulkPatience = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan BulkPoll = TimeSpan.FromMilliseconds(2);

    /// <summary>What bulk requests let lie in the journal before they wait: two of the writer's batches, so that it always finds the next one, and
    /// so little that a reader who waits for the writer hardly notices.</summary>
    private const long BulkBacklogBytes = 8 << 20;

    private readonly ServiceParts _parts;
    private readonly CatalogFollower _catalog;
    private readonly ApiKeyAuthenticator _authenticator;
    private readonly DedupeWindow _window;
    private readonly JournalFile _journal;
    private readonly EventWriter _writer;
    private readonly CommitSignal _signal;
    private readonly EventReaderPool _readers;
    private readonly TimeProvider _clock;
    private readonly DateTimeOffset _startedAt;
    private readonly bool _waitForCommit;
    private readonly long _bulkBacklog;
    private readonly long _bulkLimit;
    private volatile bool _stopping;

    /// <summary>Takes over the parts that <see cref="ServiceStart"/> opened; the writer runs.</summary>
    public EdgeService(ServiceParts parts)
    {
        _parts = parts;
        _catalog = parts.Catalog;
        _authenticator = parts.Authenticator;
        _window = parts.Window;
        _journal = parts.Journal;
        _writer = parts.Writer;
        _signal = parts.Signal;
        _readers = parts.Readers;
        Events = parts.Events;
        _clock = parts.Clock;
        _startedAt = _clock.GetUtcNow();
        _waitForCommit = parts.WaitForCommit;
        _bulkBacklog = Math.Min(BulkBacklogBytes, _journal.CapacityBytes / 4);
        _bulkLimit = _journal.CapacityBytes / 2;
    }

    public AdminGateway Admin => _parts.Admin;

    public EventMeter Events { get; }

    public AuthenticationStatus Authenticate(ReadOnlySpan<char> authorization, out object? project)
    {
        var status = _authenticator.Authenticate(authorization, out var found);
        project = found;
        return status;
    }

    public RecordStatus Record(
        object project,
        ReadOnlySpan<byte> renderId,
        EventType type,
        ClientAddress address,
        bool hasUserAgent,
        ReadOnlySpan<byte> userAgent,
        ReadOnlySpan<byte> metadata,
        out ValueTask commit)
    {
        commit = default;
        Span<byte> share = stackalloc byte[EventRecord.MaxIdLength];
        if (!TryFind(project, renderId, type, address, share, out var prepared))
            return RecordStatus.RenderNotFound;
        var status = Decide(prepared, hasUserAgent, userAgent, metadata, long.MaxValue, out var position);
        if (position != 0)
            commit = CommitAsync(position);
        return status;
    }

    public bool TryPrepare(
        object project, ReadOnlySpan<byte> renderId, EventType type, ClientAddress address, Span<byte> share, out PreparedEvent prepared)
    {
        if (!TryFind(project, renderId, type, address, share, out prepared))
            return false;
        _window.Prefetch(prepared.Key);
        return true;
    }

    public RecordStatus RecordBulk(
        in PreparedEvent prepared, bool hasUserAgent, ReadOnlySpan<byte> userAgent, ReadOnlySpan<byte> metadata, out long commit) =>
        Decide(prepared, hasUserAgent, userAgent, metadata, _bulkLimit, out commit);

    public ValueTask CommitAsync(long commit) => new(_signal.WaitAsync(commit).WaitAsync(CommitPatience, _clock));

    public bool IsBehind => _journal.UsedBytes > _bulkBacklog;

    public async ValueTask<bool> CatchUpAsync(CancellationToken cancellation)
    {
        var committed = _signal.Position;
        var since = _clock.GetTimestamp();
        while (IsBehind)
        {
            // In a small journal the mark is below what makes the writer hurry by itself. One that failed keeps its own pace.
            if (_writer.Failure is null)
                _signal.Wake();
            await Task.Delay(BulkPoll, _clock, cancellation).ConfigureAwait(false);
            if (_signal.Position != committed)
                (committed, since) = (_signal.Position, _clock.GetTimestamp());
            else if (_clock.GetElapsedTime(since) >= BulkPatience)
                return false;
        }

        return true;
    }

    public async ValueTask<Engagement?> ReadEngagementAsync(object project, string renderId, CancellationToken cancellation)
    {
        var owner = (Project)project;
        var id = Encoding.UTF8.GetBytes(renderId);
        if (!HasRender(owner, id))
            return null;
        // Everything acknowledged before now lies below the tail; once that is committed, counts and rows have it.
        await _signal.WaitAsync(_journal.TailPosition).WaitAsync(ReadPatience, _clock, cancellation).ConfigureAwait(false);
        var tally = _parts.Store.Ledger.Read(owner.IdUtf8, id);
        var recent = _readers.ReadRecent(tally.Last, Engagement.MaxRecent);
        return new Engagement(tally.Viewed, tally.Downloaded, tally.Printed, tally.LinkOpens, recent);
    }

    public IReadOnlyList<string> NotReadyReasons()
    {
        var reasons = new List<string>();
        if (_stopping)
            reasons.Add("shutting down");
        if (_writer.Failure is not null)
            reasons.Add("storage not writable");
        if (_journal.UsedBytes > _journal.CapacityBytes * HighWater)
            reasons.Add("journal above its high-water mark");
        if (_catalog.IsStale)
            reasons.Add("catalog stale");
        return reasons;
    }

    public ServiceFigures ReadFigures()
    {
        var today = _parts.Store.Days.Today;
        var day = DayCounts.DayOf(_clock.GetUtcNow());
        return new ServiceFigures
        {
            StartedAt = _startedAt,
            NotReadyReasons = NotReadyReasons(),

            // Until the writer comes by after midnight, what it has shown is yesterday.
            Today = today.Day == day ? today : DayFigures.None(day),
            Window = new WindowFigures(_window.Count, _parts.MaxKeys, _window.Tables, _window.Bytes),
            Journal = new JournalFigures(_journal.UsedBytes, _journal.CapacityBytes, _writer.Oldest, _parts.Replay),
            Writer = new WriterFigures(_writer.Behind, _writer.Failure, _writer.Meter),
            SetAside = _parts.Refused.Count,
            WalBytes = _writer.WalBytes,
            Catalog = _catalog.Current.Counts,
            CatalogAge = _catalog.Age,
        };
    }

    /// <summary>How many renders the catalog holds.</summary>
    public int Renders => _catalog.Current.Renders.Count;

    /// <summary>From now on the service says that it is not ready; it still answers.</summary>
    public void BeginStop() => _stopping = true;

    /// <summary>Drains the journal and closes everything. No request may be under way any more.</summary>
    /// <returns>False when not all could be drained in <paramref name="timeout"/>; the rest stays in the journal for the next start.</returns>
    public bool Stop(TimeSpan timeout)
    {
        var drained = _writer.Stop(timeout);
        if (drained)
            Dispose();
        return drained;
    }

    public void Dispose() => _parts.Dispose();

    /// <summary>The way of an event, single or one of many. No room is taken for it where more bytes than <paramref name="limit"/> wait in the
    /// journal; everything below the position <paramref name="commit"/>, if it is not 0, must be committed before the outcome is told.</summary>
    private RecordStatus Decide(
        in PreparedEvent prepared, bool hasUserAgent, ReadOnlySpan<byte> userAgent, ReadOnlySpan<byte> metadata, long limit, out long commit)
    {
        commit = 0;
        if (_window.TryFindLive(prepared.Key, out var claimedAt))
        {
            commit = CommitOfClaim(claimedAt);
            Events.CountDuplicate(prepared.Type);
            return RecordStatus.Duplicate;
        }

        var projectId = ((Project)prepared.Project).IdUtf8;
        var size = EventRecord.SizeOf(projectId.Length, prepared.RenderId.Length, prepared.Share.Length, userAgent.Length, metadata.Length);
        if (!_window.HasRoom)
            return Refuse(RefusalReason.WindowFull);
        if ((limit != long.MaxValue && _journal.UsedBytes > limit) || _journal.TryReserve(size, out var slot) != AppendStatus.Reserved)
            return Refuse(RefusalReason.JournalFull);

        // From here to the publication nothing throws: these are copies of checked lengths into reserved bytes.
        var timestamp = _clock.GetTimestamp();
        var id = EventId.Create(
            _clock.GetUtcNow().ToUnixTimeMilliseconds(), (ulong)Random.Shared.NextInt64(), (ulong)Random.Shared.NextInt64(long.MinValue, long.MaxValue));
        EventRecord.Write(
            slot.Payload, id, prepared.Address, timestamp, prepared.Type, projectId, prepared.RenderId, prepared.Share, hasUserAgent, userAgent, metadata);
        slot.Publish();

        ClaimStatus claim;
        try
        {
            claim = _window.Claim(prepared.Key, out claimedAt);
        }
        catch (OutOfMemoryException)
        {
            // Only a table that has to grow allocates. The claim was not made, so the record is nobody's.
            slot.MarkVoid();
            return Refuse(RefusalReason.WindowFull);
        }
        if (claim == ClaimStatus.Recorded)
        {
            slot.MarkWon(claimedAt - timestamp);
            commit = CommitOf(slot.Position + 1);
            Events.CountRecorded(prepared.Type);
            return RecordStatus.Recorded;
        }
        slot.MarkVoid();
        commit = CommitOfClaim(claimedAt);
        Events.CountDuplicate(prepared.Type);
        return RecordStatus.Duplicate;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryFind(
        object project, ReadOnlySpan<byte> renderId, EventType type, ClientAddress address, Span<byte> share, out PreparedEvent prepared)
    {
        var owner = (Project)project;
        if (!_catalog.Current.TryFindRender(owner, renderId, share, out var shareLength))
        {
            prepared = default;
            return false;
        }

        share = share[..shareLength];
        prepared = new PreparedEvent(owner, renderId, share, type, address, DedupeWindow.KeyOf(type, owner.IdUtf8, share, renderId, address));
        return true;
    }

    private RecordStatus Refuse(RefusalReason reason)
    {
        Events.CountRefused(reason);
        return RecordStatus.Unavailable;
    }

    private bool HasRender(Project owner, byte[] id)
    {
        Span<byte> share = stackalloc byte[EventRecord.MaxIdLength];
        return _catalog.Current.TryFindRender(owner, id, share, out _);
    }

    private long CommitOf(long position) => _waitForCommit ? position : 0;

    /// <summary>The commit of the event whose claim was met. Its record was published before its claim, so it lies below the tail of now.</summary>
    private long CommitOfClaim(long claimedAt) =>
        _waitForCommit && claimedAt > _writer.CommittedClaims ? _journal.TailPosition : 0;
}
