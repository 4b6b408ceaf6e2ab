using CraftKit.Edge.Journal;

namespace CraftKit.Edge.Bench.Journal;

/// <summary>A thread that drains a journal every millisecond, as often as a busy writer commits. Ends before its journal is closed.</summary>
internal sealed class DrainingReader : IDisposable
{
    private readonly JournalReader _reader;
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;

    /// <summary>Starts draining.</summary>
    public DrainingReader(JournalFile journal)
    {
        _reader = journal.Reader;
        _thread = new Thread(Run) { IsBackground = true, Name = "draining reader" };
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
        while (!_stop.Wait(1))
            OpenJournal.Drain(_reader);
    }
}
