using System.Collections.Concurrent;
using CraftKit.Edge.Catalog;
using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Service;

/// <summary>A thread of its own with <c>catalog.db</c> open, which does for the admin plane what has to wait for the disk or for another
/// process' lock, one job after the other.</summary>
/// <remarks>On the thread pool such a wait would take a thread from the data plane: accepting connections, bodies in pieces and engagement run
/// there, and the pool makes up for a blocked thread only after half a second. A request that waits for its turn here holds no thread.</remarks>
internal sealed class CatalogDesk : IDisposable
{
    /// <summary>How far a desk gives way to the socket threads: a bulk load or a long list takes what they leave.</summary>
    private const int Niceness = 10;

    /// <summary>A job that waits for a lock longer than this is left behind at the end of the process; SQLite rolls it back.</summary>
    private static readonly TimeSpan EndWithin = TimeSpan.FromSeconds(1);

    private readonly string _dataDirectory;
    private readonly TimeProvider _time;
    private readonly BlockingCollection<IJob> _jobs = [];
    private readonly Thread _thread;
    private CatalogStore? _store;

    /// <summary>Starts the thread; the file is opened by the first job.</summary>
    /// <param name="name">The thread's name.</param>
    /// <param name="dataDirectory">The folder of <c>catalog.db</c>.</param>
    /// <param name="time">Gives the times that are stored.</param>
    public CatalogDesk(string name, string dataDirectory, TimeProvider time)
    {
        _dataDirectory = dataDirectory;
        _time = time;
        _thread = new Thread(Run) { Name = name, IsBackground = true };
        _thread.Start();
    }

    private interface IJob
    {
        /// <summary>Does it. A failure goes to who waits for the result.</summary>
        /// <returns>Whether it went well.</returns>
        bool Do(Func<CatalogStore> store);
    }

    /// <summary>Has a job done.</summary>
    /// <param name="job">Runs on the desk's thread; it may keep nothing of the store.</param>
    /// <param name="cancellation">Takes back a job that has not begun.</param>
    /// <exception cref="EdgeException">Storage failed.</exception>
    /// <exception cref="ObjectDisposedException">The service has stopped.</exception>
    public Task<T> DoAsync<T>(Func<CatalogStore, T> job, CancellationToken cancellation)
    {
        var waiting = new Job<T>(job, cancellation);
        try
        {
            _jobs.Add(waiting, CancellationToken.None);
        }
        catch (InvalidOperationException stopped)
        {
            throw new ObjectDisposedException("The catalog is closed: the service stops.", stopped);
        }

        return waiting.Task;
    }

    public void Dispose()
    {
        _jobs.CompleteAdding();
        if (_thread.Join(EndWithin))
            _jobs.Dispose();
    }

    private void Run()
    {
        BackgroundThread.LowerPriority(Niceness);
        foreach (var job in _jobs.GetConsumingEnumerable())
        {
            // Whatever state a failure left the connection in, a new one is not in it.
            if (!job.Do(Open))
                Close();
        }

        Close();
    }

    private CatalogStore Open()
    {
        if (_store is { HasMoved: true })
            Close();
        return _store ??= CatalogStore.Open(_dataDirectory, _time, migrate: true);
    }

    private void Close()
    {
        _store?.Dispose();
        _store = null;
    }

    private sealed class Job<T>(Func<CatalogStore, T> job, CancellationToken cancellation)
        : TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously), IJob
    {
        public bool Do(Func<CatalogStore> store)
        {
            if (cancellation.IsCancellationRequested)
            {
                SetCanceled(cancellation);
                return true;
            }

            try
            {
                SetResult(job(store()));
                return true;
            }
            catch (Exception failure)
            {
                SetException(failure);
                return false;
            }
        }
    }
}
