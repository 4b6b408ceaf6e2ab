namespace CraftKit.Edge.Bench;

/// <summary>Does the same work on two threads at once: the caller's and one of its own. A round costs some microseconds besides, so the
/// work should take milliseconds.</summary>
internal sealed class TwoThreads : IDisposable
{
    private readonly Barrier _barrier = new(2);
    private readonly Thread _second;
    private readonly Action<int> _work;
    private bool _ending;

    /// <summary>Starts the second thread.</summary>
    /// <param name="work">Gets the number of its thread, 0 or 1.</param>
    public TwoThreads(Action<int> work)
    {
        _work = work;
        _second = new Thread(Run) { IsBackground = true, Name = "second benchmark thread" };
        _second.Start();
    }

    /// <summary>Returns when both are done.</summary>
    public void Run()
    {
        if (Thread.CurrentThread != _second)
        {
            _barrier.SignalAndWait();
            _work(0);
            _barrier.SignalAndWait();
            return;
        }

        while (true)
        {
            // The barrier orders this read after the write of the thread that asked for the round.
            _barrier.SignalAndWait();
            if (_ending)
                return;
            _work(1);
            _barrier.SignalAndWait();
        }
    }

    public void Dispose()
    {
        _ending = true;
        _barrier.SignalAndWait();
        _second.Join();
        _barrier.Dispose();
    }
}
