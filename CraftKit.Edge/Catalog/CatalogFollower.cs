using CraftKit.Edge.Metrics;
using CraftKit.Edge.Platform;
using CraftKit.Edge.Storage;
using Microsoft.Extensions.Logging;

namespace CraftKit.Edge.Catalog;

/// <summary>Keeps the snapshot in memory up with <c>catalog.db</c>, whichever process changes it: a thread of its own looks every
/// 400 ms whether anybody did, and then reads only what is new.</summary>
/// <remarks>While the times of the files stand still, it does not even ask the database (<see cref="CatalogStamp"/>). A failure leaves
/// the last snapshot in use, is reported as staleness, and is tried again every second. A file that was replaced is opened anew and read
/// from its beginning; one that is missing is waited for.</remarks>
internal sealed class CatalogFollower : IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    /// <summary>Longer than any pass that keeps its time; beyond it, the thread hangs in a call of the system's.</summary>
    private static readonly TimeSpan StaleAfter = TimeSpan.FromSeconds(10);

    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly ulong _seed;
    private readonly KeyUses _uses;
    private readonly EventTraffic? _traffic;
    private readonly ILogger _logger;
    private readonly Lock _following = new();
    private readonly ManualResetEvent _stopping = new(false);
    private readonly Thread _thread;
    private readonly CatalogStamp _stamp;
    private CatalogReader? _reader;
    private long _dataVersion;
    private long _lastSuccess;
    private string? _failure;
    private bool _disposed;

    /// <summary>Prepares a follower; nothing is read before <see cref="Start"/>.</summary>
    /// <param name="dataDirectory">The folder of <c>catalog.db</c>.</param>
    /// <param name="time">Measures how old the last success is.</param>
    /// <param name="seed">Random, so that nobody can choose ids that meet in one place of the hash tables.</param>
    /// <param name="logger">Hears of failures and recoveries, once each.</param>
    /// <param name="uses">Where requests mark the keys that they use; null when nobody asks for it.</param>
    /// <param name="traffic">What reading many changes gives way to; null for nothing.</param>
    public CatalogFollower(string dataDirectory, TimeProvider time, ulong seed, ILogger logger, KeyUses? uses = null, EventTraffic? traffic = null)
    {
        _traffic = traffic;
        _uses = uses ?? new KeyUses(time);
        _path = Path.Combine(dataDirectory, CatalogSchema.FileName);
        _time = time;
        _seed = seed;
        _logger = logger;
        Root = new CatalogRoot(CatalogSnapshot.Empty(seed));
        _stamp = new CatalogStamp(_path, time);
        _thread = new Thread(Run) { IsBackground = true, Name = "catalog follower" };
    }

    /// <summary>Where the newest snapshot is published.</summary>
    public CatalogRoot Root { get; }

    /// <summary>The newest snapshot.</summary>
    public CatalogSnapshot Current => Root.Snapshot;

    /// <summary>Why the snapshot may be older than a second; null when it is not. One line.</summary>
    public string? StaleReason
    {
        get
        {
            // Pairs with the writes in TryFollow. The two need not be of one moment: each alone is a reason.
            if (Volatile.Read(ref _failure) is { } failure)
                return failure;
            var age = _time.GetElapsedTime(Volatile.Read(ref _lastSuccess));
            return age > StaleAfter ? $"{_path}: not read for {(long)age.TotalSeconds} s; check the disk and the load of the machine" : null;
        }
    }

    /// <summary>Whether <see cref="StaleReason"/> has one.</summary>
    public bool IsStale => StaleReason is not null;

    /// <summary>The time since the last successful look for changes.</summary>
    public TimeSpan Age => _time.GetElapsedTime(Volatile.Read(ref _lastSuccess)); // pairs with the writes as in StaleReason

    /// <summary>Loads the catalog, and follows it from then on.</summary>
    /// <exception cref="EdgeException">It cannot be loaded; nothing is followed.</exception>
    public void Start()
    {
        lock (_following)
            Follow();
        _thread.Start();
    }

    /// <summary>Brings the snapshot up to date before it returns, for a change of this process that is to count at once. May wait for
    /// a pass that is running; never call it on a socket thread.</summary>
    /// <returns>False when the file cannot be read now; the change counts as soon as it can.</returns>
    public bool Refresh()
    {
        lock (_following)
            return !_disposed && TryFollow();
    }

    public void Dispose()
    {
        _stopping.Set();
        if (_thread.IsAlive)
            _thread.Join();
        lock (_following)
        {
            _disposed = true;
            _reader?.Dispose();
            _reader = null;
        }

        _stopping.Dispose();
    }

    private void Run()
    {
        var interval = PollInterval;
        while (!_stopping.WaitOne(interval))
        {
            lock (_following)
                interval = IsUnchanged() || TryFollow() ? PollInterval : RetryInterval;
        }
    }

    private bool IsUnchanged()
    {
        if (_reader is null || !_stamp.IsSame)
            return false;
        Volatile.Write(ref _lastSuccess, _time.GetTimestamp()); // read by StaleReason
        return true;
    }

    private bool TryFollow()
    {
        try
        {
            Follow();
            return true;
        }
        catch (EdgeException e)
        {
            // Whatever state the connection is in, a new one is not in it.
            _reader?.Dispose();
            _reader = null;
            if (_failure is null)
                _logger.LogError("The catalog cannot be followed, the last state of it stays in use: {Reason}", e.Message);

            // The releasing write publishes the line whole to those who ask for readiness.
            Volatile.Write(ref _failure, e.Message);
            return false;
        }
    }

    private void Follow()
    {
        _stamp.Looked();
        if (_reader is { HasMoved: true })
        {
            _logger.LogWarning("{Path}: was moved or replaced; reading what is there now", _path);
            _reader.Dispose();
            _reader = null;
        }

        var isNew = _reader is null;
        _reader ??= new CatalogReader(_path, _seed, _uses, _traffic);

        // Taken before the pass: a change while it reads makes another number, and so another pass.
        var version = _reader.ReadDataVersion();
        if (isNew || version != _dataVersion)
        {
            Root.Publish(_reader.Follow(Root.Snapshot));
            _dataVersion = version;
        }

        if (_failure is not null)
            _logger.LogInformation("The catalog is followed again");

        // Read by StaleReason; the order of the two does not matter, see there.
        Volatile.Write(ref _lastSuccess, _time.GetTimestamp());
        Volatile.Write(ref _failure, null);
    }
}
