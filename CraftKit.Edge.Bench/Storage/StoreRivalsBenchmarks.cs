using System.Globalization;
using BenchmarkDotNet.Attributes;
using CraftKit.Edge.Journal;
using CraftKit.Edge.Platform;
using CraftKit.Edge.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace CraftKit.Edge.Bench.Storage;

/// <summary>The store beside what one would otherwise write: 20,000 events of 1,000 renders into SQLite in WAL mode with <c>synchronous=NORMAL</c>, on the
/// working folder's disk. Figures are per event. The others keep neither counts nor a journal position.</summary>
[InvocationCount(1, 1)]
[MinIterationCount(5)]
[MaxIterationCount(10)]
public class StoreRivalsBenchmarks
{
    private const int Events = 20_000;
    private const int Renders = 1_000;
    private const int BusyMilliseconds = 1000;
    private const long WalLimitBytes = 16 << 20;

    private readonly Batches _records = new();
    private BenchFolder _folder = null!;
    private EventStore _store = null!;
    private EventBatch _batch = null!;
    private WalCheckpoint _checkpoint = null!;
    private SqliteConnection _connection = null!;
    private int _boot;
    private long _number;

    [GlobalSetup(Target = nameof(Batched))]
    public void OpenStore()
    {
        _folder = new BenchFolder();
        _store = EventStore.Open(_folder[EventSchema.FileName], SqliteSynchronous.Normal, SqliteAccess.Migrate);
        _boot = _store.BootNumber(BootTimeProvider.BootId);
        _batch = new EventBatch(_store, new RefusedEvents(_folder[RefusedEvents.FileName]), NullLogger.Instance);
        _checkpoint = new WalCheckpoint(_store.File, WalLimitBytes);
    }

    [GlobalSetup(Targets = [nameof(OneInsertEach), nameof(EfCore)])]
    public void OpenDatabase()
    {
        _folder = new BenchFolder();
        SqliteNative.Initialize(null);
        _connection = new SqliteConnection($"Data Source={_folder["rival.db"]}");
        _connection.Open();
        using var setup = _connection.CreateCommand();
        setup.CommandText = $"PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; {StoredEvent.Table}";
        setup.ExecuteNonQuery();
    }

    [GlobalCleanup(Target = nameof(Batched))]
    public void CloseStore()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [GlobalCleanup(Targets = [nameof(OneInsertEach), nameof(EfCore)])]
    public void CloseDatabase()
    {
        _connection.Dispose();
        _folder.Dispose();
    }

    /// <summary>The writer's batch.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Events)]
    public void Batched()
    {
        for (var row = 0; row < Events; row++)
        {
            if (!_batch.Add(_records.Next(row % Renders), _boot))
                throw new InvalidOperationException("The store refused an event and rolled the batch back.");
        }

        _batch.Commit(new JournalMark(1, 1, _records.Position));
        _checkpoint.AfterCommit(BusyMilliseconds);
    }

    /// <summary>One INSERT a request with Microsoft.Data.Sqlite, prepared once.</summary>
    [Benchmark(OperationsPerInvoke = Events)]
    public void OneInsertEach()
    {
        using var insert = _connection.CreateCommand();
        insert.CommandText = StoredEvent.Insert;
        string[] names = ["$id", "$render", "$type", "$share", "$ip", "$agent", "$metadata", "$time"];
        foreach (var name in names)
            insert.Parameters.Add(new SqliteParameter(name, SqliteType.Text));
        insert.Prepare();
        for (var row = 0; row < Events; row++)
        {
            var stored = Next(row);
            string[] values = [stored.Id, stored.RenderId, stored.Type, stored.ShareId, stored.Ip, stored.UserAgent, stored.Metadata, stored.Time];
            for (var i = 0; i < values.Length; i++)
                insert.Parameters[i].Value = values[i];
            insert.ExecuteNonQuery();
        }
    }

    /// <summary>EF Core, a SaveChanges for 1,000 events.</summary>
    [Benchmark(OperationsPerInvoke = Events)]
    public void EfCore()
    {
        for (var row = 0; row < Events;)
        {
            using var context = new StoredEvents(_connection);
            for (var end = row + 1_000; row < end; row++)
                context.Events.Add(Next(row));
            context.SaveChanges();
        }
    }

    private StoredEvent Next(int row)
    {
        var number = _number++;
        return new StoredEvent
        {
            Id = $"01980000-0000-7000-c000-{number:x12}",
            RenderId = $"{SampleEvents.RenderIds}{row % Renders:x12}",
            Type = "viewed",
            ShareId = "01980000-0000-7000-b000-000000000001",
            Ip = $"198.51.100.{number & 0xFF}",
            UserAgent = "Mozilla/5.0 (X)",
            Metadata = """{"source":"dashboard-ab"}""",
            Time = DateTime.UtcNow.ToString("O", CultureInfo.InvariantCulture),
        };
    }
}
