using CraftKit.Edge.Bench.Journal;
using CraftKit.Edge.Journal;
using CraftKit.Edge.Platform;
using CraftKit.Edge.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace CraftKit.Edge.Bench.Storage;

/// <summary>A journal and the writer that empties it into a database, as in the service: a sync a second, checkpoints, and the counts written behind. Every
/// render has a row already. One thread appends.</summary>
internal sealed class WritingJournal : IDisposable
{
    private const int Behind = 100_000;

    private readonly byte[] _payload = new byte[SampleEvents.Size];
    private readonly EventStore _store;
    private readonly JournalFile _journal;
    private readonly CommitSignal _signal = new();
    private readonly EventWriter _writer;
    private long _number;
    private long _caughtUpWith;

    /// <summary>Starts the writer.</summary>
    /// <param name="folder">The data folder; made if it is not there.</param>
    /// <param name="renders">The number of renders that get a row.</param>
    public WritingJournal(string folder, int renders)
    {
        Directory.CreateDirectory(folder);
        _store = EventStore.Open(Path.Combine(folder, EventSchema.FileName), SqliteSynchronous.Normal, SqliteAccess.Migrate);
        var options = new EventWriterOptions(SyncEveryCommit: false, TimeSpan.FromSeconds(1), _store.BootNumber(BootTimeProvider.BootId));
        _journal = OpenJournal.In(folder);
        _writer = new EventWriter(
            _store, _journal, new RefusedEvents(Path.Combine(folder, RefusedEvents.FileName)), _signal, options, new BootTimeProvider(), NullLogger.Instance);
        _writer.Start();
        for (var render = 0; render < renders; render++)
        {
            Prepare(render);
            Append();
        }

        WaitUntilStored();
    }

    /// <summary>Writes the next event, of a render, where <see cref="Append"/> finds it.</summary>
    public void Prepare(int render) => SampleEvents.Write(_payload, render, _number++);

    /// <summary>Appends the event; waits while the journal is full.</summary>
    public void Append() => OpenJournal.Append(_journal, _payload);

    /// <summary>Waits while the writer is more than half a journal behind.</summary>
    public void LetItCatchUp()
    {
        if (_number - _caughtUpWith < Behind)
            return;
        WaitUntilStored();
        _caughtUpWith = _number;
    }

    /// <summary>Waits until all that was appended is committed.</summary>
    public void WaitUntilStored() => _signal.WaitAsync(_journal.TailPosition).GetAwaiter().GetResult();

    public void Dispose()
    {
        if (!_writer.Stop(TimeSpan.FromMinutes(1)))
            throw new InvalidOperationException("The writer did not drain its journal within a minute.");
        _store.Dispose();
        _journal.Dispose();
        _signal.Dispose();
    }
}
