using BenchmarkDotNet.Attributes;
using CraftKit.Edge.Journal;
using CraftKit.Edge.Platform;
using CraftKit.Edge.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace CraftKit.Edge.Bench.Storage;

/// <summary>The writer's batch of 20,000 rows into a real events.db on the working folder's disk: inserts, tallies, commit, and the checkpoint
/// when one is due; no sync of its own and no pass over the counts, which <see cref="WriterBenchmarks"/> has. Warm: every render has a row
/// already, of the tallies what the caches hold. Figures are per row.</summary>
[InvocationCount(2, 1)]
[MaxIterationCount(20)]
public class BatchBenchmarks
{
    private const int Rows = 20_000;
    private const int BusyMilliseconds = 1000;
    private const long WalLimitBytes = 16 << 20;

    private readonly Batches _records = new();
    private RandomNumbers _random = new(1);
    private BenchFolder _folder = null!;
    private EventStore _store = null!;
    private EventBatch _batch = null!;
    private WalCheckpoint _checkpoint = null!;
    private int _boot;

    [Params(1_000, 1_000_000)]
    public int Renders { get; set; }

    [GlobalSetup]
    public void Open()
    {
        _folder = new BenchFolder();
        _store = EventStore.Open(_folder[EventSchema.FileName], SqliteSynchronous.Normal, SqliteAccess.Migrate);
        _boot = _store.BootNumber(BootTimeProvider.BootId);
        _batch = new EventBatch(_store, new RefusedEvents(_folder[RefusedEvents.FileName]), NullLogger.Instance);
        _checkpoint = new WalCheckpoint(_store.File, WalLimitBytes);
        for (var render = 0; render < Renders; render++)
        {
            Add(render);
            if (_batch.IsFull)
                Commit();
        }

        Commit();
    }

    [GlobalCleanup]
    public void Close()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    /// <summary>One batch of events of random renders; writing the 200 bytes of each event, some 40 ns, is in it.</summary>
    [Benchmark(OperationsPerInvoke = Rows)]
    public void StoreBatch()
    {
        for (var row = 0; row < Rows; row++)
            Add(_random.Next(Renders));
        Commit();
    }

    private void Add(int render)
    {
        if (!_batch.Add(_records.Next(render), _boot))
            throw new InvalidOperationException("The store refused an event and rolled the batch back.");
    }

    private void Commit()
    {
        _batch.Commit(new JournalMark(1, 1, _records.Position));
        _checkpoint.AfterCommit(BusyMilliseconds);
    }
}
