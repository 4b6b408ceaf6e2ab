using CraftKit.Edge.Storage;
using CraftKit.Edge.Tests.Platform;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace CraftKit.Edge.Tests.Storage;

public sealed class KeyUsesTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 5, 3, 10, 20, 30, 500, TimeSpan.Zero);
    private static readonly DateTimeOffset Minute = new(2026, 5, 3, 10, 20, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(Start);
    private readonly KeyUses _uses;

    public KeyUsesTests() => _uses = new KeyUses(_time);

    private string EventsPath => _folder["events.db"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_use_is_told_by_its_minute_and_one_in_the_same_minute_changes_nothing()
    {
        Assert.Null(_uses.LastUse("k"));
        _uses.Of("k").Mark();
        Assert.Equal(Minute, _uses.LastUse("k"));
        _time.Advance(TimeSpan.FromSeconds(29));
        _uses.Of("k").Mark();
        Assert.Equal(Minute, _uses.LastUse("k"));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(Minute, _uses.LastUse("k"));
        _uses.Of("k").Mark();
        Assert.Equal(Minute.AddMinutes(1), _uses.LastUse("k"));
        Assert.Null(_uses.LastUse("other"));
    }

    [Fact]
    public void A_key_is_behind_from_a_use_in_another_minute_until_that_is_stored()
    {
        _ = _uses.Of("never");
        _uses.Of("k").Mark();
        Assert.Equal([("k", Minute)], _uses.Behind());
        Assert.Equal([("k", Minute)], _uses.Behind());
        _uses.Stored(_uses.Behind());
        Assert.Empty(_uses.Behind());
        _uses.Of("k").Mark();
        Assert.Empty(_uses.Behind());

        _time.Advance(TimeSpan.FromMinutes(1));
        _uses.Of("k").Mark();
        var behind = _uses.Behind();
        _time.Advance(TimeSpan.FromMinutes(1));
        _uses.Of("k").Mark();
        Assert.Equal(Minute.AddMinutes(2), _uses.LastUse("k"));
        _uses.Stored(behind);
        Assert.Equal([("k", Minute.AddMinutes(2))], _uses.Behind());
    }

    [Fact]
    public void Stored_uses_come_back_and_count_until_the_next_use()
    {
        _uses.Of("a").Mark();
        _uses.Of("b").Mark();
        using (var store = EventStore.Open(EventsPath, SqliteSynchronous.Off, SqliteAccess.Migrate, _uses))
        {
            Assert.True(store.WriteKeyUses());
            Assert.False(store.WriteKeyUses());
        }

        var restored = new KeyUses(_time);
        using (var store = EventStore.Open(EventsPath, SqliteSynchronous.Off, SqliteAccess.Migrate, restored))
        {
            Assert.Equal(Minute, restored.LastUse("a"));
            Assert.False(store.WriteKeyUses());
            _time.Advance(TimeSpan.FromHours(1));
            restored.Of("a").Mark();
            Assert.True(store.WriteKeyUses());
        }

        Assert.Equal([("a", Minute.AddHours(1)), ("b", Minute)], KeyUseTable.Read(EventsPath).OrderBy(use => use.Key).Select(use => (use.Key, use.Value)));
    }

    [Fact]
    public void Where_storage_fails_the_uses_stay_behind()
    {
        _uses.Of("k").Mark();
        using var store = EventStore.Open(EventsPath, SqliteSynchronous.Off, SqliteAccess.Migrate, _uses);
        store.File.Execute("CREATE TRIGGER broken BEFORE INSERT ON key_uses BEGIN SELECT RAISE(ABORT, 'no'); END");
        Assert.Throws<Edge.Platform.EdgeException>(() => store.WriteKeyUses());
        store.File.Execute("DROP TRIGGER broken");

        Assert.True(store.WriteKeyUses());
        Assert.Equal(Minute, KeyUseTable.Read(EventsPath)["k"]);
    }

    [Fact]
    public void A_folder_without_events_and_a_database_of_the_version_before_have_none()
    {
        Assert.Empty(KeyUseTable.Read(EventsPath));
        SqliteFile.Open(EventsPath, EventSchema.Schema with { Migrations = [EventSchema.Schema.Migrations[0]] }, SqliteAccess.ReadWrite, SqliteSynchronous.Off).Dispose();
        Assert.Empty(KeyUseTable.Read(EventsPath));
    }

    [Fact]
    public async Task No_use_is_lost_between_marks_and_looks()
    {
        var use = _uses.Of("k");
        for (var round = 0; round < 300; round++)
        {
            // Whatever the looks before it took, a mark that is done is seen by the next look.
            using var stop = new CancellationTokenSource();
            var looks = Task.Run(() =>
            {
                while (!stop.IsCancellationRequested)
                    _ = _uses.LastUse("k");
            });
            _time.Advance(TimeSpan.FromMinutes(1));
            use.Mark();
            Assert.Equal(Minute.AddMinutes(round + 1), _uses.LastUse("k"));
            await stop.CancelAsync();
            await looks;
        }
    }
}
