using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using CraftKit.Edge.Metrics;
using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Http.Bulk;

/// <summary>The one thread on which bulk requests are decided. It gives way to the socket threads, and the requests on it take turns.</summary>
/// <remarks>
/// One thread: on few processors a second would take from the event route and the writer what it gave. What a bulk request has to wait for completes anywhere, mostly on a
/// socket thread, so after every such wait the request comes back by <see cref="EnterAsync"/>.
/// </remarks>
internal sealed class BulkWorker : IDisposable
{
    /// <summary>A tenth of an ordinary thread's share where both want the same processor.</summary>
    private const int Niceness = 10;

    private readonly ConcurrentQueue<Action> _queue = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly Thread _thread;
    private volatile bool _stopped;

    private readonly EventTraffic? _singles;

    /// <summary>Starts the thread.</summary>
    /// <param name="singles">The single events that it gives way to; null when there are none.</param>
    public BulkWorker(EventTraffic? singles = null)
    {
        _singles = singles;
        _thread = new Thread(Run) { Name = "bulk worker", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Goes on on the worker's thread; at once for who is there already. Allocates nothing of its own.</summary>
    /// <exception cref="OperationCanceledException">The worker has stopped (thrown by the <c>await</c>): nothing may be recorded any more.</exception>
    public Entry EnterAsync() => new(this, takesTurn: false);

    /// <summary>Lets the others have their turn first: other bulk requests, and while single events come in, the socket threads. Bulk is twice as
    /// fast without pauses, but then the kernel gives it whole ticks for which events wait.</summary>
    /// <remarks>For who is on the worker's thread.</remarks>
    /// <inheritdoc cref="EnterAsync" path="/exception"/>
    public Entry TakeTurnAsync()
    {
        _singles?.GiveWay();
        return new Entry(this, takesTurn: true);
    }

    /// <summary>Ends the thread after the piece of work in hand. Requests that are still under way fail when they come back.</summary>
    public void Dispose()
    {
        _stopped = true;
        _wake.Set();
        _thread.Join();
        RunQueued();
    }

    private void Run()
    {
        BackgroundThread.LowerPriority(Niceness);
        while (!_stopped)
        {
            if (_queue.TryDequeue(out var continuation))
                continuation();
            else
                _wake.WaitOne();
        }
    }

    private void Post(Action continuation)
    {
        _queue.Enqueue(continuation);

        // The worker looks into the queue again before it waits. The event remembers a call that comes between the two.
        if (Thread.CurrentThread != _thread)
            _wake.Set();

        // The exchange that takes the place in the queue is a full fence before this read of the flag, and the join one between the flag and
        // Dispose's last look: so one of the two sees the other, and no entry stays behind. Each goes to one taker.
        if (_stopped)
            RunQueued();
    }

    /// <summary>Lets what is queued fail.</summary>
    private void RunQueued()
    {
        while (_queue.TryDequeue(out var continuation))
            ThreadPool.UnsafeQueueUserWorkItem(static continuation => continuation(), continuation, preferLocal: false);
    }

    /// <summary>The awaitable of <see cref="EnterAsync"/>.</summary>
    internal readonly struct Entry(BulkWorker worker, bool takesTurn) : ICriticalNotifyCompletion
    {
        public bool IsCompleted => Thread.CurrentThread == worker._thread && (!takesTurn || worker._queue.IsEmpty);

        public Entry GetAwaiter() => this;

        public void GetResult()
        {
            if (worker._stopped)
                throw new OperationCanceledException("The service is stopping.");
        }

        public void OnCompleted(Action continuation) => worker.Post(continuation);

        public void UnsafeOnCompleted(Action continuation) => worker.Post(continuation);
    }
}
