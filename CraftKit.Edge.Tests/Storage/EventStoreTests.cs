using CraftKit.Edge.Events;
using CraftKit.Edge.Storage;
using Xunit;

namespace CraftKit.Edge.Tests.Storage;

public sealed class EventStoreTests : IDisposable
{
    private readonly StoredEvents _events = new();

    public void Dispose() => _events.Dispose();

    [Fact]
    public void Counts_follow_the_types_and_the_shares()
    {
        _events.Add("p", "r", EventType.Viewed, "s");
        _events.Add("p", "r", EventType.Viewed);
        _events.Add("p", "r", EventType.Downloaded, "s");
        var last = _events.Add("p", "r", EventType.Printed);
        Assert.Equal(new RenderTally(2, 1, 1, 1, last), _events.Tally("p", "r"));
    }

    [Fact]
    public void Equal_render_ids_of_two_projects_are_counted_apart()
    {
        _events.Add("p", "r");
        _events.Add("q", "r");
        _events.Add("q", "r");
        Assert.Equal(1, _events.Tally("p", "r").Viewed);
        Assert.Equal(2, _events.Tally("q", "r").Viewed);
    }

    [Fact]
    public void A_batch_under_way_is_not_counted_for_readers()
    {
        _events.Add("p", "r");
        _events.Store.Begin();
        _events.Insert(StoredEvents.Payload("p", "r", EventType.Viewed, null, 1), out var sequence, out _);
        Assert.Equal(1, _events.Tally("p", "r").Viewed);
        _events.Commit(sequence);
        Assert.Equal(2, _events.Tally("p", "r").Viewed);
    }

    [Fact]
    public void A_batch_rolled_back_leaves_no_trace_and_can_be_done_again()
    {
        var first = _events.Add("p", "r");
        _events.Store.Begin();
        _events.Insert(StoredEvents.Payload("new", "other", EventType.Viewed, null, 1), out _, out _);
        _events.Insert(StoredEvents.Payload("p", "r", EventType.Viewed, null, 1), out _, out _);
        _events.Store.Rollback();
        Assert.Equal(new RenderTally(1, 0, 0, 0, first), _events.Tally("p", "r"));
        Assert.Equal(default, _events.Tally("new", "other"));
        var second = _events.Add("new", "other");
        _events.Reopen();
        Assert.Equal(new RenderTally(1, 0, 0, 0, second), _events.Tally("new", "other"));
    }

    [Fact]
    public void Counts_that_were_not_written_are_completed_from_the_events_at_start()
    {
        _events.Add("p", "r", EventType.Viewed, "s");
        _events.Add("p", "r", EventType.Printed);
        var last = _events.Add("p", "q", EventType.Downloaded);
        _events.Reopen();
        Assert.Equal(1, _events.Tally("p", "r").Viewed);
        Assert.Equal(1, _events.Tally("p", "r").LinkOpens);
        Assert.Equal(1, _events.Tally("p", "r").Printed);
        Assert.Equal(new RenderTally(0, 1, 0, 0, last), _events.Tally("p", "q"));
    }

    [Fact]
    public void Counts_written_part_of_the_way_are_not_counted_twice()
    {
        for (var i = 0; i < 5; i++)
            _events.Add("p", $"r{i}");
        // A pass that was cut off after two rows: those hold what the others do not.
        Assert.Equal(2, _events.Store.WriteCounts(0, 2));
        for (var i = 0; i < 5; i++)
            _events.Add("p", $"r{i}");
        _events.Reopen();
        for (var i = 0; i < 5; i++)
            Assert.Equal(2, _events.Tally("p", $"r{i}").Viewed);
    }

    [Fact]
    public void After_a_whole_pass_nothing_is_left_behind()
    {
        for (var i = 0; i < 5; i++)
            _events.Add("p", $"r{i}");
        var last = _events.Store.LastSequence;
        Assert.Equal(5, _events.Store.WriteCounts(0, 100));
        Assert.Equal(0, _events.Store.WriteCounts(5, 100));
        _events.Store.SetCounted(last);
        Assert.Equal(0, _events.Store.Ledger.DirtyCount);
        _events.Reopen();
        Assert.Equal(0, _events.Store.Ledger.DirtyCount);
        Assert.Equal(1, _events.Tally("p", "r4").Viewed);
    }

    [Fact]
    public void An_event_that_a_trigger_refuses_leaves_the_others_in_the_batch()
    {
        _events.Store.File.Execute("CREATE TRIGGER refuse BEFORE INSERT ON events WHEN NEW.metadata = '{\"bad\":1}' BEGIN SELECT RAISE(ABORT, 'not that'); END");
        _events.Store.Begin();
        Assert.Equal(InsertStatus.Stored, _events.Insert(StoredEvents.Payload("p", "r", EventType.Viewed, null, 1), out _, out _));
        Assert.Equal(InsertStatus.Refused, _events.Insert(StoredEvents.Payload("p", "r", EventType.Viewed, null, 2, """{"bad":1}"""), out _, out var refusal));
        Assert.Equal(InsertStatus.Stored, _events.Insert(StoredEvents.Payload("p", "r", EventType.Viewed, null, 3), out var last, out _));
        _events.Commit(last);
        Assert.Contains("not that", refusal);
        Assert.Equal(2, _events.Tally("p", "r").Viewed);
        Assert.Equal(2, _events.Store.File.QueryInt64("SELECT count(*) FROM events"));
    }

    [Fact]
    public void A_trigger_that_rolls_everything_back_is_told_apart()
    {
        _events.Store.File.Execute("CREATE TRIGGER refuse BEFORE INSERT ON events WHEN NEW.metadata = '{}' BEGIN SELECT RAISE(ROLLBACK, 'all of it'); END");
        _events.Store.Begin();
        _events.Insert(StoredEvents.Payload("p", "r", EventType.Viewed, null, 1), out _, out _);
        Assert.Equal(InsertStatus.RefusedAndRolledBack, _events.Insert(StoredEvents.Payload("p", "r", EventType.Viewed, null, 2, "{}"), out _, out _));
        _events.Store.Rollback();
        _events.Add("p", "r");
        Assert.Equal(1, _events.Tally("p", "r").Viewed);
    }

    [Fact]
    public void A_render_whose_row_was_refused_does_not_make_the_database_look_damaged()
    {
        _events.Store.File.Execute("CREATE TRIGGER refuse BEFORE INSERT ON renders WHEN NEW.id = 'bad' BEGIN SELECT RAISE(ABORT, 'not that'); END");
        _events.Store.Begin();
        Assert.Equal(InsertStatus.Refused, _events.Insert(StoredEvents.Payload("p", "bad", EventType.Viewed, null, 1), out _, out _));
        _events.Insert(StoredEvents.Payload("p", "good", EventType.Viewed, null, 1), out var last, out _);
        _events.Commit(last);
        _events.Reopen();
        Assert.Equal(1, _events.Tally("p", "good").Viewed);
    }

    [Fact]
    public void Recent_events_are_the_newest_of_the_render_newest_first()
    {
        for (var i = 0; i < 40; i++)
        {
            _events.Add("p", "r", EventType.Viewed, null, $$"""{"n":{{i}}}""");
            _events.Add("p", "other");
        }
        using var readers = new EventReaderPool(_events.EventsPath);
        var recent = readers.ReadRecent(_events.Tally("p", "r").Last, 25);
        Assert.Equal(Enumerable.Range(15, 25).Reverse().Select(n => $$"""{"n":{{n}}}"""), recent.Select(e => System.Text.Encoding.UTF8.GetString(e.Metadata!)));
    }

    [Fact]
    public void An_export_reads_every_event_in_the_order_of_recording_page_by_page()
    {
        for (var i = 0; i < 300; i++)
            _events.Add(i % 3 == 0 ? "p" : "q", $"r{i % 7}");
        using var reader = EventReader.Open(_events.EventsPath);
        var all = Export(reader, new EventFilter(null, null, null, null));
        Assert.Equal(300, all.Count);
        Assert.Equal(100, Export(reader, new EventFilter("p", null, null, null)).Count);
        Assert.All(Export(reader, new EventFilter("q", "r1", null, null)), e => Assert.Equal(("q", "r1"), (e.ProjectId, e.RenderId)));
    }

    private static List<ExportedEvent> Export(EventReader reader, EventFilter filter)
    {
        var all = new List<ExportedEvent>();
        var page = new List<ExportedEvent>();
        var sequence = 0L;
        bool more;
        do
        {
            more = reader.ReadPage(ref sequence, page, filter, TimeProvider.System);
            all.AddRange(page);
        }
        while (more);
        return all;
    }
}
