using System.Text;
using CraftKit.Edge.Events;
using CraftKit.Edge.Journal;
using CraftKit.Edge.Storage;
using Xunit;

namespace CraftKit.Edge.Tests.Storage;

/// <summary>A store in a folder of its own, and events to put into it.</summary>
internal sealed class StoredEvents : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("craftkit-edge-store-");
    private long _position = 8;

    public StoredEvents() => Store = Open();

    public EventStore Store { get; private set; }

    public string EventsPath => Path.Combine(_folder.FullName, EventSchema.FileName);

    public static byte[] Payload(string project, string render, EventType type, string? share, byte host, string? metadata = null, int number = 0)
    {
        var ids = (Encoding.ASCII.GetBytes(project), Encoding.ASCII.GetBytes(render), Encoding.ASCII.GetBytes(share ?? ""));
        var body = Encoding.UTF8.GetBytes(metadata ?? "");
        var payload = new byte[EventRecord.SizeOf(ids.Item1.Length, ids.Item2.Length, ids.Item3.Length, 0, body.Length)];
        EventRecord.Write(
            payload, EventId.Create(1_700_000_000_000 + number, (ulong)number, (ulong)number), ClientAddress.FromIPv4(0xC0000200u | host), 1000 + number, type,
            ids.Item1, ids.Item2, ids.Item3, false, default, body);
        return payload;
    }

    /// <summary>Inserts into the batch under way.</summary>
    public InsertStatus Insert(byte[] payload, out long sequence, out string? refusal)
    {
        Assert.True(EventRecord.TryRead(payload, out var record));
        sequence = _position;
        _position += 64;
        return Store.Insert(sequence, record, 1, record.Timestamp, out refusal);
    }

    /// <summary>One event in a batch of its own.</summary>
    public long Add(string project, string render, EventType type = EventType.Viewed, string? share = null, string? metadata = null)
    {
        Store.Begin();
        Assert.Equal(InsertStatus.Stored, Insert(Payload(project, render, type, share, 1, metadata), out var sequence, out _));
        Commit(sequence);
        return sequence;
    }

    public void Commit(long last) => Store.Commit(new JournalMark(1, 1, _position), last);

    public RenderTally Tally(string project, string render) =>
        Store.Ledger.Read(Encoding.ASCII.GetBytes(project), Encoding.ASCII.GetBytes(render));

    /// <summary>Closes without writing the counts, as a killed process does, and opens again.</summary>
    public void Reopen()
    {
        Store.Dispose();
        Store = Open();
    }

    public void Dispose()
    {
        Store.Dispose();
        _folder.Delete(recursive: true);
    }

    private EventStore Open()
    {
        var store = EventStore.Open(EventsPath, SqliteSynchronous.Off, SqliteAccess.Migrate);
        store.BootNumber(Guid.Empty);
        return store;
    }
}
