using CraftKit.Edge.Events;
using CraftKit.Edge.Journal;
using CraftKit.Edge.Metrics;
using CraftKit.Edge.Platform;
using Microsoft.Extensions.Logging;

namespace CraftKit.Edge.Storage;

/// <summary>The one thread that takes events out of the journal and stores them.</summary>
/// <remarks>
/// A batch's rows and the journal position behind them are one transaction; only after it has committed are the counts shown, the journal's bytes
/// given back and the waiters released, in this order. When storage fails the batch is rolled back, the journal keeps everything, and the batch is
/// tried again until it succeeds: nothing else is needed to resume.
/// With durability <c>journal</c> a commit is not synced by itself; at least once every flush interval everything committed so far is. With
/// <c>fsync</c> every commit is.
/// </remarks>
internal sealed class EventWriter : IDisposable
{
    /// <summary>The size of the write-ahead log from which on it is checkpointed.</summary>
    public const long WalLimitBytes = 16 << 20;

    /// <summary>How long an event waits in the journal at most while the writer keeps up (docs/API.md, "Guarantees").</summary>
    public static readonly TimeSpan BehindLimit = TimeSpan.FromSeconds(1);

    private const int BusyMilliseconds = 1000;
    private const int Niceness = 5;

    /// <summary>How often the uses of keys are looked at; what changed of them to the minute is written then.</summary>
    private static readonly TimeSpan KeyUsesEvery = TimeSpan.FromSeconds(5);

    /// <summary>How long an event may lie in the journal before the writer looks, when nobody waits for it. An event is stored within a second
    /// (docs/API.md, "Guarantees").</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    /// <summary>How long the writer rests after a look that found nothing; the next append wakes it.</summary>
    private static readonly TimeSpan Rest = KeyUsesEvery;

    /// <summary>Stands for a time at which everything had been stored, while the writer rests: it is so still.</summary>
    private const long Resting = long.MaxValue;

    private static readonly TimeSpan Undecided = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan MinRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DaysRetry = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(10);

    private readonly EventStore _store;
    private readonly JournalFile _journal;
    private readonly JournalReader _reader;
    private readonly EventBatch _batch;
    private readonly CommitSignal _signal;
    private readonly EventWriterOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly WalCheckpoint _checkpoint;
    private readonly CountsPass _counts;
    private readonly SyncSchedule _sync;
    private readonly Thread _thread;
    private readonly Action _wake;

    private volatile bool _stopping;
    private volatile string? _failure;
    private long _committedClaims = long.MinValue;
    private long _lastKeyUses;
    private long _daysFailedAt;
    private long _caughtUpAt;
    private long _oldest;
    private TimeSpan _retry = MinRetry;
    private long _lastReport = long.MinValue;

    /// <summary>Prepares the thread; <see cref="Start"/> begins.</summary>
    public EventWriter(
        EventStore store,
        JournalFile journal,
        RefusedEvents refused,
        CommitSignal signal,
        EventWriterOptions options,
        TimeProvider clock,
        ILogger log)
    {
        _store = store;
        _journal = journal;
        _reader = journal.Reader;
        _batch = new EventBatch(store, refused, log);
        _signal = signal;
        _options = options;
        _clock = clock;
        _log = log;
        _checkpoint = new WalCheckpoint(store.File, WalLimitBytes);
        _counts = new CountsPass(store, _checkpoint, BusyMilliseconds);
        _sync = new SyncSchedule(store, _reader, _checkpoint, options.FlushInterval, BusyMilliseconds, clock);
        _caughtUpAt = _lastKeyUses = clock.GetTimestamp();
        _wake = signal.Wake;
        _thread = new Thread(Run) { Name = "event writer", IsBackground = true };
    }

    /// <summary>Why storage does not work at the moment, one line; null while it works.</summary>
    public string? Failure => _failure;

    /// <summary>Every event whose window began at or before this time is committed (durability fsync: and synced).</summary>
    /// <remarks>Acquire: pairs with the release after the commit, so that who sees the time may rely on the rows.</remarks>
    public long CommittedClaims => Volatile.Read(ref _committedClaims);

    /// <summary>What it has stored since it started.</summary>
    public WriterMeter Meter { get; } = new();

    /// <summary>The time since all that there was had been stored; 0 while there is nothing to store. No acknowledged event has waited longer.</summary>
    /// <remarks>An append that ends the writer's rest counts from when the writer has woken.</remarks>
    public TimeSpan Behind
    {
        get
        {
            // A number for metrics; nothing is published by it.
            var caughtUpAt = Volatile.Read(ref _caughtUpAt);
            return caughtUpAt == Resting || _journal.UsedBytes == 0 ? TimeSpan.Zero : _clock.GetElapsedTime(caughtUpAt);
        }
    }

    /// <summary>The age of the oldest record that is not stored; until the writer has met it, what it can be at most. 0 without one.</summary>
    public TimeSpan Oldest
    {
        get
        {
            // A number for metrics; nothing is published by it. It is asked first: a record that is stored meanwhile leaves an empty journal.
            var oldest = Volatile.Read(ref _oldest);
            var behind = Behind;
            return behind == TimeSpan.Zero || oldest == 0 ? behind : _clock.GetElapsedTime(oldest);
        }
    }

    /// <summary>Bytes in the write-ahead log.</summary>
    public long WalBytes => _checkpoint.WalBytes;

    /// <summary>Starts the thread.</summary>
    public void Start() => _thread.Start();

    /// <summary>Drains what the journal holds, writes the counts, syncs, and ends the thread.</summary>
    /// <returns>False when that took longer than <paramref name="timeout"/> or storage failed: what is left stays in the journal for the next
    /// start.</returns>
    public bool Stop(TimeSpan timeout)
    {
        _stopping = true;
        _signal.Wake();
        return _thread.Join(timeout) && _failure is null;
    }

    public void Dispose() => Stop(TimeSpan.Zero);

    private void Run()
    {
        // Where nobody waits for a commit, requests go first. Its share where one thread wants the same processor is a quarter, some 200,000 events
        // a second.
        if (!_options.SyncEveryCommit)
            BackgroundThread.LowerPriority(Niceness);
        while (true)
        {
            TimeSpan wait;
            try
            {
                // Read before draining: what was appended before the stop is then drained by this very round.
                var stopping = _stopping;
                wait = Drain();
                WriteKeyUsesWhenDue(stopping);
                _sync.SyncWhenDue(inAnyCase: stopping);
                _counts.Write(all: stopping);
                Recovered();
                ShowDays();
                if (wait == TimeSpan.Zero)
                    continue;
                if (stopping && _store.Mark.Position >= _journal.TailPosition)
                    return;
                if (stopping)
                    wait = Undecided;
                else if (_sync.IsBehind)
                    wait = Shorter(wait, UntilSync());
                if (wait > Poll && _journal.CallOnAppend(_wake) != _reader.Position)
                    wait = Poll;
                if (wait > Poll)
                {
                    RestUntilAppend(wait);
                    continue;
                }
            }
            catch (EdgeException failure)
            {
                _batch.Rollback();
                _reader.Rewind();
                Failed(failure);
                if (_stopping)
                    return;
                wait = _retry;
                _retry = _retry * 2 < MaxRetry ? _retry * 2 : MaxRetry;
            }
            _signal.WaitForWork(wait);
        }
    }

    /// <summary>Waits while there is nothing to store.</summary>
    private void RestUntilAppend(TimeSpan atMost)
    {
        Volatile.Write(ref _caughtUpAt, Resting); // read by Behind
        _signal.WaitForWork(atMost);
        Volatile.Write(ref _caughtUpAt, _clock.GetTimestamp());
    }

    /// <summary>Stores one batch.</summary>
    /// <returns>How long the writer may wait before it looks again.</returns>
    private TimeSpan Drain()
    {
        // In this order: a claim at or before this time was journalled before it, so its record lies below the tail read next.
        var claims = _clock.GetTimestamp();
        var tail = _journal.TailPosition;
        var pace = WriterPace.For(_journal.UsedBytes, _journal.CapacityBytes, _stopping || _options.SyncEveryCommit);
        var status = ReadStatus.None;
        while (!_batch.IsFull && !pace.IsEnough(_batch.Records) && (status = _reader.TryRead(out var record)) == ReadStatus.Record)
        {
            if (_batch.Records == 0 && EventRecord.TryRead(record.Payload, out var first))
                Volatile.Write(ref _oldest, first.Timestamp); // read by Oldest
            if (!_batch.Add(record, _options.Boot))
            {
                _batch.Rollback();
                _reader.Rewind();
                return TimeSpan.Zero;
            }
            pace.Took(_batch.Records);
        }

        var isLarge = _batch.IsLarge || pace.IsEnough(_batch.Records);
        var end = _reader.Position;
        var rest = Rest;
        if (end != _store.Mark.Position)
        {
            rest = Poll;

            // Void records alone are worth a transaction too: their bytes can then be given back.
            _counts.Add(_batch.Records);
            var rows = _batch.Rows;
            var start = _clock.GetTimestamp();
            _batch.Commit(_journal.MarkAt(end));
            if (rows > 0)
                Meter.Count(rows, _clock.GetElapsedTime(start));
            _sync.Committed(isSynced: _options.SyncEveryCommit);
            _reader.Release(end);
            Volatile.Write(ref _oldest, 0);
        }
        if (end >= tail)
        {
            // Release: the rows of these claims are committed before the time is seen.
            Volatile.Write(ref _committedClaims, claims);
            Volatile.Write(ref _caughtUpAt, claims);
        }
        _signal.Advance(end);
        _checkpoint.AfterCommit(BusyMilliseconds);
        if (isLarge)
            return TimeSpan.Zero;
        // A claim takes a microsecond; only a thread that lost its processor in the middle of one makes the writer come back.
        return status == ReadStatus.Undecided ? Undecided : rest;
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    /// <summary>How long to wait for a sync, in the whole milliseconds that an event waits for; when it is due already, it could not be done.</summary>
    private TimeSpan UntilSync() => _sync.UntilDue is var left && left > TimeSpan.Zero ? left + Undecided : Poll;

    /// <summary>Shows the counts of the day. They are figures to look at: whatever keeps them from being read, storing goes on.</summary>
    private void ShowDays()
    {
        if (_daysFailedAt != 0 && _clock.GetElapsedTime(_daysFailedAt) < DaysRetry)
            return;
        _daysFailedAt = 0;
        try
        {
            _store.Days.Show(DayCounts.DayOf(_clock.GetUtcNow()));
        }
        catch (EdgeException failure)
        {
            _daysFailedAt = _clock.GetTimestamp();
            _log.LogWarning("the counts of the day cannot be read, events are stored all the same: {Failure}", failure.Message);
        }
    }

    private void WriteKeyUsesWhenDue(bool stopping)
    {
        if (!stopping && _clock.GetElapsedTime(_lastKeyUses) < KeyUsesEvery)
            return;
        _lastKeyUses = _clock.GetTimestamp();
        if (!_store.WriteKeyUses())
            return;
        _sync.Committed(isSynced: false);
        _checkpoint.AfterCommit(BusyMilliseconds);
    }

    private void Recovered()
    {
        if (_failure is null)
            return;
        _failure = null;
        _retry = MinRetry;
        _lastReport = long.MinValue;
        _log.LogInformation("storage works again");
    }

    private void Failed(EdgeException failure)
    {
        _failure = failure.Message;
        var now = _clock.GetTimestamp();
        if (_lastReport == long.MinValue || _clock.GetElapsedTime(_lastReport, now) >= ReportEvery)
        {
            _lastReport = now;
            _log.LogError("storage failed, events stay in the journal: {Failure}", failure.Message);
        }
        try
        {
            // Nobody comes by later in a stop.
            _sync.SyncWithoutCommit(inAnyCase: _stopping);
        }
        catch (EdgeException syncFailure)
        {
            _log.LogError("what is not stored or not synced yet cannot be synced: {Failure}", syncFailure.Message);
        }
    }
}
