using System.Security.Cryptography;
using CraftKit.Edge.Events;

namespace CraftKit.Edge.Dedupe;

/// <summary>The dedupe window: who claims a key first within a window has recorded, everyone else has a duplicate. Exact, lock-free, and
/// without allocation except where a table is replaced.</summary>
/// <remarks>
/// Invariants, each of them a test's name:
/// <list type="bullet">
/// <item>Two claims of one key are recorded at least one window apart, whatever the threads do.</item>
/// <item>A duplicate is told only when a recorded claim of the key is live.</item>
/// <item>A duplicate does not extend the window.</item>
/// <item>A key is never forgotten while it is live; at the limit there is no room instead.</item>
/// </list>
/// <see cref="Shards"/> says why the first two hold.
/// </remarks>
internal sealed class DedupeWindow
{
    /// <summary>The shortest window.</summary>
    public static readonly TimeSpan MinWindow = TimeSpan.FromSeconds(1);

    /// <summary>The longest window.</summary>
    public static readonly TimeSpan MaxWindow = TimeSpan.FromHours(24);

    /// <summary>A sweep replaces a table when one in this many of its keys has expired; at the limit of keys fewer will do.</summary>
    private const int Share = 2, ShareAtLimit = 16;

    private const int VisitsAWindow = 4;

    /// <summary>Slots that one request looks at when there is no room: some 20 microseconds.</summary>
    private const int EffortAtLimit = 8192;

    private static readonly long ProcessSeed = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));

    private readonly Shards _shards;
    private readonly long _window;
    private readonly long _maxKeys;
    private long _sweptAt;
    private int _cursor;

    /// <summary>An empty window.</summary>
    /// <param name="clock">Its timestamps count 100 ns; they never go back.</param>
    /// <param name="window">1 s to 24 h.</param>
    /// <param name="maxKeys">Keys, live or expired and not yet purged, from which on there is no room; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The window or the number of keys is out of range.</exception>
    /// <exception cref="ArgumentException">The clock counts in other units.</exception>
    public DedupeWindow(TimeProvider clock, TimeSpan window, long maxKeys)
        : this(clock, window, maxKeys, WindowShape.For(maxKeys))
    {
    }

    /// <summary>An empty window of a given shape.</summary>
    /// <inheritdoc cref="DedupeWindow(TimeProvider, TimeSpan, long)"/>
    internal DedupeWindow(TimeProvider clock, TimeSpan window, long maxKeys, WindowShape shape)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(window, MinWindow);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(window, MaxWindow);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxKeys, 1);
        if (clock.TimestampFrequency != TimeSpan.TicksPerSecond)
            throw new ArgumentException($"timestamps of 100 ns are needed, this clock has {clock.TimestampFrequency} a second", nameof(clock));
        _shards = new Shards(clock, window.Ticks, shape);
        _window = window.Ticks;
        _maxKeys = maxKeys;
        _sweptAt = _shards.Now;
    }

    /// <summary>Keys in the window, expired ones that were not purged yet included; while others claim, a moment old.</summary>
    public long Count => _shards.Keys;

    /// <summary>Bytes of memory that the window takes.</summary>
    public long Bytes => _shards.Bytes;

    /// <summary>Bytes of memory that the window is about to give back.</summary>
    public long GarbageBytes => _shards.GarbageBytes;

    /// <summary>Tables that hold anything, at most one a shard.</summary>
    public int Tables => (int)_shards.Tables;

    /// <summary>Tables that were replaced since the start, for growth or for a purge.</summary>
    public long Rebuilds => _shards.Rebuilds;

    /// <summary>Whether a new key may be claimed: false at the limit of keys, after as many shards as a request may well pay for were
    /// looked through for expired ones. The window forgets nothing for want of room: who is told false answers 503 instead of
    /// journalling.</summary>
    /// <remarks>A limit to a few keys: of several threads each may be told true for the last free one.</remarks>
    public bool HasRoom => Count < _maxKeys || PurgeSome();

    /// <summary>The key of an event, under this process' random seed.</summary>
    /// <param name="type">What happened.</param>
    /// <param name="projectId">The project's id.</param>
    /// <param name="shareId">The share that the render has at the moment of the claim; empty without one.</param>
    /// <param name="renderId">The render's id; it counts only without a share, in a name space of its own.</param>
    /// <param name="address">Where the event came from.</param>
    /// <exception cref="ArgumentOutOfRangeException">An id is longer than <see cref="EventRecord.MaxIdLength"/> bytes.</exception>
    public static DedupeKey KeyOf(
        EventType type, ReadOnlySpan<byte> projectId, ReadOnlySpan<byte> shareId, ReadOnlySpan<byte> renderId, ClientAddress address) =>
        DedupeKey.Of(ProcessSeed, type, projectId, shareId, renderId, address);

    /// <summary>Whether a claim of the key is live. False decides nothing, <see cref="Claim(in DedupeKey, out long)"/> does.</summary>
    /// <param name="key">The event's key.</param>
    /// <param name="claimedAt">The timestamp of the live claim; negative when it was made before the boot.</param>
    public bool TryFindLive(in DedupeKey key, out long claimedAt) => _shards.TryFindLive(key, out claimedAt, default(Uninterrupted));

    /// <summary>Has the memory fetched that a look for the key begins with. It is in no cache as a rule, and comes while the caller does something
    /// else.</summary>
    public void Prefetch(in DedupeKey key) => _shards.Prefetch(key);

    /// <summary>Claims the key, or finds out who did. The claim is the caller's for one window and cannot be given back.</summary>
    /// <param name="key">The event's key.</param>
    /// <param name="claimedAt">The timestamp of the claim that stands, this one's or the one that it duplicates; negative when that was
    /// made before the boot.</param>
    public ClaimStatus Claim(in DedupeKey key, out long claimedAt) => _shards.Claim(key, out claimedAt, default(Uninterrupted));

    /// <summary>Puts a claim of an earlier process back. Of two for one key the later stands; one that has expired is left out, and one
    /// of the future counts as made now.</summary>
    /// <param name="key">The event's key.</param>
    /// <param name="claimedAt">The claim's timestamp, by this clock; negative when it was made before the boot.</param>
    public void Restore(in DedupeKey key, long claimedAt) => _shards.Restore(key, claimedAt);

    /// <summary>Replaces tables that hold mostly expired keys, so that memory goes back once traffic has ended. For one maintenance
    /// thread, every few seconds: a call visits as many shards as are due since the last one, each shard four times a window, and near
    /// the limit of keys every shard.</summary>
    public void Sweep()
    {
        var now = _shards.Now;
        var elapsed = Math.Min(now - _sweptAt, _window);
        var crowded = Count >= _maxKeys - (_maxKeys / 8);
        var due = crowded ? _shards.Number : Math.Min(_shards.Number, (_shards.Number * elapsed * VisitsAWindow / _window) + 1);
        _sweptAt = now;
        for (; due > 0; due--)
            _shards.Purge(NextShard(), crowded ? ShareAtLimit : Share);
        _shards.Rest();
    }

    /// <summary>Purges shard after shard until there is room, or until a request has paid enough.</summary>
    private bool PurgeSome()
    {
        try
        {
            return PurgeWhilePaid();
        }
        catch (OutOfMemoryException)
        {
            // A purge needs room for what is live before it can free the rest.
            return false;
        }
    }

    private bool PurgeWhilePaid()
    {
        var effort = 0;
        for (var visits = _shards.Number; visits > 0 && effort < EffortAtLimit; visits--)
        {
            effort += _shards.Purge(NextShard(), ShareAtLimit);
            if (Count < _maxKeys)
                return true;
        }

        return false;
    }

    // Atomic so that threads share the round instead of each walking the same shards; it orders nothing.
    private int NextShard() => Interlocked.Increment(ref _cursor) & (_shards.Number - 1);
}
