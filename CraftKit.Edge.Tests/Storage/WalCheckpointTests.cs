using CraftKit.Edge.Events;
using CraftKit.Edge.Storage;
using Xunit;

namespace CraftKit.Edge.Tests.Storage;

public sealed class WalCheckpointTests : IDisposable
{
    private const long Limit = 1 << 20;
    private const int BusyMilliseconds = 1000;

    private static readonly string Metadata = $$"""{"text":"{{new string('x', 2000)}}"}""";

    private readonly StoredEvents _events = new();
    private readonly WalCheckpoint _checkpoint;

    public WalCheckpointTests() => _checkpoint = new WalCheckpoint(_events.Store.File, Limit);

    private long LogBytes => new FileInfo(_events.EventsPath + "-wal").Length;

    public void Dispose() => _events.Dispose();

    [Fact]
    public async Task The_log_stays_bounded_while_overlapping_readers_leave_no_moment_without_one()
    {
        using var stop = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(() => Read(stop.Token), TaskCreationOptions.LongRunning)).ToArray();
        long most = 0;
        for (var batch = 0; batch < 200; batch++)
        {
            Write(50);
            most = Math.Max(most, LogBytes);
        }
        await stop.CancelAsync();
        var reads = await Task.WhenAll(readers);
        var written = 200L * 50 * Metadata.Length;
        Assert.True(most <= 4 * Limit, $"the log had {most:N0} bytes for {written:N0} written and a limit of {Limit:N0}");
        Assert.All(reads, count => Assert.True(count > 10, "the readers did not read"));
    }

    [Fact]
    public void A_reader_that_holds_on_is_told_of_and_the_log_begins_anew_once_it_lets_go()
    {
        using (var foreign = SqliteFile.Open(_events.EventsPath, EventSchema.Schema, SqliteAccess.ReadOnly, SqliteSynchronous.Normal))
        {
            Write(1);
            using var snapshot = foreign.BeginRead();
            foreign.QueryInt64("SELECT count(*) FROM events");
            while (_checkpoint.WalBytes < 2 * Limit)
                Write(50);
            Assert.True(_checkpoint.HeldBack);
        }
        for (var batch = 0; batch < 50; batch++)
            Write(10);
        Assert.False(_checkpoint.HeldBack);
        Assert.True(_checkpoint.WalBytes < 2 * Limit, $"{_checkpoint.WalBytes:N0}");
    }

    // Each holds a snapshot for some milliseconds, and as there are four, somebody always does.
    private int Read(CancellationToken stop)
    {
        using var file = SqliteFile.Open(_events.EventsPath, EventSchema.Schema, SqliteAccess.ReadOnly, SqliteSynchronous.Normal);
        var reads = 0;
        for (; !stop.IsCancellationRequested; reads++)
        {
            using var snapshot = file.BeginRead();
            file.QueryInt64("SELECT max(sequence) FROM events");
            Thread.Sleep(5);
        }
        return reads;
    }

    private void Write(int events)
    {
        _events.Store.Begin();
        long last = 0;
        for (var i = 0; i < events; i++)
            Assert.Equal(InsertStatus.Stored, _events.Insert(StoredEvents.Payload("p", "r", EventType.Viewed, null, 1, Metadata), out last, out _));
        _events.Commit(last);
        _checkpoint.AfterCommit(BusyMilliseconds);
    }
}
