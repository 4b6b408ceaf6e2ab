using CraftKit.Edge.Dedupe;

namespace CraftKit.Edge.Service;

/// <summary>Lets the window give back the memory of expired keys, every few seconds, on a thread of its own.</summary>
internal sealed class WindowSweeper : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>How often an empty window is looked at.</summary>
    private static readonly TimeSpan IntervalWhenEmpty = TimeSpan.FromSeconds(5);

    private readonly DedupeWindow _window;
    private readonly ManualResetEvent _stop = new(false);
    private readonly Thread _thread;

    /// <summary>Starts sweeping.</summary>
    public WindowSweeper(DedupeWindow window)
    {
        _window = window;
        _thread = new Thread(Run) { Name = "window sweeper", IsBackground = true };
        _thread.Start();
    }

    public void Dispose()
    {
        _stop.Set();
        _thread.Join();
        _stop.Dispose();
    }

    private void Run()
    {
        while (!_stop.WaitOne(_window.Tables == 0 ? IntervalWhenEmpty : Interval))
        {
            try
            {
                _window.Sweep();
            }
            catch (OutOfMemoryException)
            {
                // Nothing is lost by a table that stays as it was; there may be memory the next time.
            }
        }
    }
}
