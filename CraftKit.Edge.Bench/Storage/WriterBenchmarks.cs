using BenchmarkDotNet.Attributes;
using CraftKit.Edge.Bench.Journal;
using CraftKit.Edge.Journal;
using CraftKit.Edge.Platform;
using CraftKit.Edge.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace CraftKit.Edge.Bench.Storage;

/// <summary>The writer as it runs in the service: journal, thread, batches, a sync a second, checkpoints, and the counts written behind. All on the
/// working folder's disk. Warm: every render has a row already. Figures are elapsed time per event from the first append to the last commit;
/// a million divided by the microseconds is the rate that the service can sustain.</summary>
[InvocationCount(1, 1)]
[MaxIterationCount(20)]
public class WriterBenchmarks
{
    private const int Events = 200_000;

    private readonly byte[] _payload = new byte[SampleEvents.Size];
    private RandomNumbers _random = new(1);
    private BenchFolder _folder = null!;
    private EventStore _store = null!;
    private JournalFile _journal = null!;
    private CommitSignal _signal = null!;
    private EventWriter _writer = null!;
    private long _number;

    [Params(1_000, 1_000_000)]
    public int Renders { get; set; }

    [GlobalSetup]
    public void Open()
    {
        _folder = new BenchFolder();
        _store = EventStore.Open(_folder[EventSchema.FileName], SqliteSynchronous.Normal, SqliteAccess.Migrate);
        var options = new EventWriterOptions(SyncEveryCommit: false, TimeSpan.FromSeconds(1), _store.BootNumber(BootTimeProvider.BootId));
        _journal = OpenJournal.In(_folder);
        _signal = new CommitSignal();
        _writer = new EventWriter(
            _store, _journal, new RefusedEvents(_folder[RefusedEvents.FileName]), _signal, options, new BootTimeProvider(), NullLogger.Instance);
        _writer.Start();
        for (var render = 0; render < Renders; render++)
            Append(render);
        WaitUntilStored();
    }

    [GlobalCleanup]
    public void Close()
    {
        if (!_writer.Stop(TimeSpan.FromMinutes(1)))
            throw new InvalidOperationException("The writer did not drain its journal within a minute.");
        _store.Dispose();
        _journal.Dispose();
        _signal.Dispose();
        _folder.Dispose();
    }

    /// <summary>Events of random renders, appended as fast as the journal has room, until all are committed.</summary>
    [Benchmark(OperationsPerInvoke = Events)]
    public void StoreThroughJournal()
    {
        for (var i = 0; i < Events; i++)
            Append(_random.Next(Renders));
        WaitUntilStored();
    }

    private void Append(int render)
    {
        SampleEvents.Write(_payload, render, _number++);
        OpenJournal.Append(_journal, _payload);
    }

    private void WaitUntilStored() => _signal.WaitAsync(_journal.TailPosition).GetAwaiter().GetResult();
}
