using System.Globalization;
using CraftKit.Edge.Events;
using CraftKit.Edge.Platform;
using CraftKit.Edge.Storage;
using Xunit;

namespace CraftKit.Edge.Tests.Storage;

public sealed class DayCountsTests : IDisposable
{
    private const int MillisecondsPerDay = 86_400_000;

    /// <summary>The day of <see cref="StoredEvents.Payload"/>'s ids, 2023-11-14.</summary>
    private const int Day = 19_675;

    private readonly StoredEvents _events = new();

    private DayFigures Today => _events.Store.Days.Today;

    public void Dispose() => _events.Dispose();

    [Fact]
    public void Events_count_by_type_on_the_day_of_their_id_whenever_they_are_stored()
    {
        _events.Store.Days.Show(Day);
        Add("r", EventType.Viewed);
        Add("r", EventType.Viewed, day: 1);
        Add("r", EventType.Printed);
        Add("q", EventType.Downloaded);
        _events.Store.Days.Show(Day);
        Assert.Equal((Day, 1, 1, 1), (Today.Day, Today.Viewed, Today.Downloaded, Today.Printed));
        Assert.Equal([("p", "r", 2), ("p", "q", 1)], Today.Busiest.Select(render => (render.ProjectId, render.RenderId, render.Events)));

        _events.Store.Days.Show(Day + 1);
        Assert.Equal((Day + 1, 1, 0, 0), (Today.Day, Today.Viewed, Today.Downloaded, Today.Printed));
        Assert.Equal([("r", 1)], Today.Busiest.Select(render => (render.RenderId, render.Events)));
        Add("r", EventType.Printed);
        _events.Store.Days.Show(Day + 1);
        Assert.Equal((1, 0), (Today.Viewed, Today.Printed));
        _events.Store.Days.Show(Day);
        Assert.Equal(2, Today.Printed);
    }

    [Fact]
    public void Nothing_counts_of_a_batch_that_was_rolled_back()
    {
        _events.Store.Days.Show(Day);
        Add("r", EventType.Viewed);
        _events.Store.Begin();
        _events.Insert(StoredEvents.Payload("p", "r", EventType.Viewed, null, 1), out _, out _);
        _events.Store.Rollback();
        Add("r", EventType.Viewed);
        _events.Store.Days.Show(Day);
        Assert.Equal(2, Today.Viewed);
        Assert.Equal(2, Today.Busiest.Single().Events);
        Assert.Equal(2, StoredOn(Day));
    }

    [Fact]
    public void The_table_fails_with_the_batch_and_the_batch_with_the_table()
    {
        _events.Store.Days.Show(Day);
        _events.Store.File.Execute("CREATE TRIGGER broken BEFORE UPDATE OF viewed ON state BEGIN SELECT RAISE(ABORT, 'no'); END");
        _events.Store.Begin();
        _events.Insert(StoredEvents.Payload("p", "r", EventType.Viewed, null, 1), out var sequence, out _);
        Assert.Throws<EdgeException>(() => _events.Commit(sequence));
        _events.Store.Rollback();
        Assert.Equal(0, _events.Store.File.QueryInt64("SELECT count(*) FROM events"));
        _events.Store.File.Execute("DROP TRIGGER broken");
        Add("r", EventType.Viewed);
        _events.Store.Days.Show(Day);
        Assert.Equal((1, 1), (Today.Viewed, StoredOn(Day)));

        _events.Store.File.Execute("CREATE TRIGGER broken BEFORE INSERT ON days BEGIN SELECT RAISE(ABORT, 'no'); END");
        _events.Store.Begin();
        _events.Insert(StoredEvents.Payload("p", "r", EventType.Viewed, null, 1, number: MillisecondsPerDay), out sequence, out _);
        Assert.Throws<EdgeException>(() => _events.Commit(sequence));
        _events.Store.Rollback();
        Assert.Throws<EdgeException>(() => _events.Store.Days.Show(Day + 1));
        Assert.Equal((Day, 1), (Today.Day, Today.Viewed));
        _events.Store.File.Execute("DROP TRIGGER broken");
        _events.Store.Days.Show(Day + 1);
        Assert.Equal((Day + 1, 0, 1, 0), (Today.Day, Today.Viewed, StoredOn(Day), StoredOn(Day + 1)));
    }

    [Fact]
    public void Counts_and_busiest_renders_are_there_again_after_a_kill()
    {
        for (var i = 0; i < 30; i++)
            Add($"r{i % 7}", EventType.Viewed, day: i % 3 == 2 ? -1 : 0);
        _events.Store.Days.Show(Day);
        var before = Today;
        Assert.Equal(20, before.Viewed);

        _events.Reopen();
        _events.Store.Days.Show(Day);
        Assert.Equal(before with { Busiest = [] }, Today with { Busiest = [] });
        Assert.Equal(before.Busiest.Select(render => (render.RenderId, render.Events)).Order(), Today.Busiest.Select(render => (render.RenderId, render.Events)).Order());
        Add("r0", EventType.Printed);
        _events.Store.Days.Show(Day);
        Assert.Equal((20, 1, 21), (Today.Viewed, Today.Printed, StoredOn(Day)));
    }

    [Fact]
    public void A_day_of_too_many_events_begins_without_its_busiest_renders()
    {
        _events.Store.Days.Show(Day);
        Add("old", EventType.Viewed);
        _events.Store.File.Execute($"UPDATE state SET viewed = {DayCounts.MaxRestored + 1}");
        _events.Reopen();
        _events.Store.Days.Show(Day);
        Assert.Equal(DayCounts.MaxRestored + 1, Today.Viewed);
        Assert.Empty(Today.Busiest);
        Add("new", EventType.Viewed);
        _events.Store.Days.Show(Day);
        Assert.Equal((DayCounts.MaxRestored + 2, "new"), (Today.Viewed, Today.Busiest.Single().RenderId));
    }

    [Theory]
    [InlineData(1, 12)]
    [InlineData(2, 40)]
    [InlineData(3, 2000)]
    public void The_busiest_are_those_with_the_most_events(int seed, int renders)
    {
        var random = new Random(seed);
        var busiest = new BusiestRenders();
        for (var round = 0; round < 2; round++)
        {
            var counts = new Dictionary<int, int>();
            for (var i = 0; i < 5000; i++)
            {
                // A few are met more often than the others, and which ones changes.
                var render = 1 + ((random.Next(renders) * random.Next(renders) / renders) + (i / 1000)) % renders;
                counts[render] = counts.GetValueOrDefault(render) + 1;
                busiest.Count(render);
                if (i % 97 != 0)
                    continue;
                var list = busiest.ToList();
                Assert.Equal(counts.Values.OrderDescending().Take(BusiestRenders.Most), list.Select(entry => entry.Events));
                Assert.All(list, entry => Assert.Equal(counts[entry.Number], entry.Events));
                Assert.Equal(list.Count, list.Select(entry => entry.Number).Distinct().Count());
            }

            busiest.Clear();
            Assert.Empty(busiest.ToList());
        }
    }

    [Fact]
    public async Task A_database_of_the_version_before_is_migrated_with_the_events_of_today()
    {
        // What is today must not change between the events and the migration.
        if (DateTimeOffset.UtcNow.TimeOfDay > new TimeSpan(23, 59, 50))
            await Task.Delay(TimeSpan.FromSeconds(11), TestContext.Current.CancellationToken);
        var path = Path.Combine(Path.GetDirectoryName(_events.EventsPath)!, "old.db");
        var now = DateTimeOffset.UtcNow;
        using (var old = SqliteFile.Open(path, EventSchema.Schema with { Migrations = [.. EventSchema.Schema.Migrations.Take(2)] }, SqliteAccess.ReadWrite, SqliteSynchronous.Off))
        {
            old.Execute("INSERT INTO boots VALUES (1, '00000000-0000-0000-0000-000000000000'); INSERT INTO projects VALUES (1, 'p'); INSERT INTO renders VALUES (1, 1, 'r', 0, 0, 0, 0, 0)");
            var midnight = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
            Insert(old, 8, midnight.AddDays(-1), 1);
            Insert(old, 16, midnight.AddMilliseconds(-1), 1);
            Insert(old, 24, midnight, 1);
            Insert(old, 32, now, 1);
            Insert(old, 40, now, 3);
        }

        using var store = EventStore.Open(path, SqliteSynchronous.Off, SqliteAccess.Migrate);
        Assert.Equal(3, store.File.QueryInt64("PRAGMA user_version"));
        store.Days.Show(DayCounts.DayOf(now));
        Assert.Equal((2, 0, 1), (store.Days.Today.Viewed, store.Days.Today.Downloaded, store.Days.Today.Printed));
        Assert.Equal(3, store.Days.Today.Busiest.Single().Events);
        Assert.Equal(3, store.File.QueryInt64("SELECT viewed + downloaded + printed + (SELECT count(*) FROM days) FROM state"));
    }

    private static void Insert(SqliteFile file, long sequence, DateTimeOffset createdAt, int type)
    {
        var id = new byte[EventId.Size];
        EventId.Create(createdAt.ToUnixTimeMilliseconds(), 1, 1).Write(id);
        file.Execute(string.Create(CultureInfo.InvariantCulture, $"INSERT INTO events VALUES ({sequence}, X'{Convert.ToHexString(id)}', 1, 0, {type}, NULL, X'C0000201', NULL, NULL, 1, 0)"));
    }

    /// <param name="render">The render.</param>
    /// <param name="type">The type.</param>
    /// <param name="day">Days after <see cref="Day"/>.</param>
    private void Add(string render, EventType type, int day = 0)
    {
        _events.Store.Begin();
        Assert.Equal(InsertStatus.Stored, _events.Insert(StoredEvents.Payload("p", render, type, null, 1, number: day * MillisecondsPerDay), out var sequence, out _));
        _events.Commit(sequence);
    }

    private long StoredOn(int day) => _events.Store.File.QueryInt64(
        $"SELECT (SELECT coalesce(sum(events), 0) FROM days WHERE day = {day}) + (SELECT coalesce(sum(viewed + downloaded + printed), 0) FROM state WHERE day = {day})");
}
