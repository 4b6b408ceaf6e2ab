using System.Text;
using CraftKit.Edge.Events;
using CraftKit.Edge.Journal;
using CraftKit.Edge.Platform;
using SQLitePCL;

namespace CraftKit.Edge.Storage;

/// <summary>The one connection that writes <c>events.db</c>, with everything that a batch needs prepared.</summary>
/// <remarks>Used by one thread at a time: first by the start (recovery), then by the writer. A batch is <see cref="Begin"/>,
/// <see cref="Insert"/>…, <see cref="Commit"/>; after any exception <see cref="Rollback"/>. The transaction that stores the rows stores the journal
/// position behind them too, which is what makes the replay after a crash exact.</remarks>
internal sealed class EventStore : IDisposable
{
    /// <summary>Waiting longer for a foreign lock is left to the writer's retries, so that a stop is never held up.</summary>
    private const int BusyMilliseconds = 1000;

    private readonly SqliteFile _file;
    private readonly SqliteStatement _insertEvent;
    private readonly SqliteStatement _insertRender;
    private readonly SqliteStatement _insertProject;
    private readonly SqliteStatement _updateRender;
    private readonly SqliteStatement _updateState;
    private readonly SqliteStatement _updateCounted;
    private readonly Dictionary<string, int> _projects = [];
    private readonly List<string> _projectsOfBatch = [];
    private readonly bool _full;
    private readonly KeyUses? _keyUses;

    private EventStore(SqliteFile file, bool full, KeyUses? keyUses)
    {
        _file = file;
        _full = full;
        _keyUses = keyUses;
        _insertEvent = file.Prepare("INSERT INTO events VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)");
        _insertRender = file.Prepare("INSERT INTO renders VALUES (?1, ?2, ?3, 0, 0, 0, 0, 0)");
        _insertProject = file.Prepare("INSERT INTO projects VALUES (?1, ?2)");
        _updateRender = file.Prepare("UPDATE renders SET viewed = ?2, downloaded = ?3, printed = ?4, link_opens = ?5, last = ?6 WHERE number = ?1");
        _updateState = file.Prepare("UPDATE state SET lineage = ?1, epoch = ?2, position = ?3");
        _updateCounted = file.Prepare("UPDATE state SET counted = ?1");
        Days = new DayCounts(file);
    }

    /// <summary>The counts of all renders with events.</summary>
    public RenderLedger Ledger { get; } = new();

    /// <summary>The counts of today.</summary>
    public DayCounts Days { get; }

    /// <summary>How far the journal is stored; all zero before the first one.</summary>
    public JournalMark Mark { get; private set; }

    /// <summary>The newest stored event's sequence, 0 without one.</summary>
    public long LastSequence { get; private set; }

    /// <summary>The database file.</summary>
    public SqliteFile File => _file;

    /// <summary>Opens or creates the store, migrates it and loads the counts.</summary>
    /// <param name="path">The file.</param>
    /// <param name="synchronous">When commits wait for the disk.</param>
    /// <param name="access">What may be done with the file.</param>
    /// <param name="keyUses">Gets the stored uses of keys, and is written behind; null when keys do not matter.</param>
    /// <exception cref="EdgeException">The file is foreign, damaged or newer, or storage fails.</exception>
    public static EventStore Open(string path, SqliteSynchronous synchronous, SqliteAccess access, KeyUses? keyUses = null)
    {
        var file = SqliteFile.Open(path, EventSchema.Schema, access, synchronous);
        try
        {
            _ = raw.sqlite3_busy_timeout(file.Handle, BusyMilliseconds);
            file.Execute("PRAGMA wal_autocheckpoint=0");
            // This SQLite checks foreign keys unless told otherwise, which is a look into the renders for every event: at a million renders at
            // random six times the cost of the insert. The numbers that rows name come from the ledger, which knows them to be stored.
            file.Execute("PRAGMA foreign_keys=OFF");
            var store = new EventStore(file, synchronous == SqliteSynchronous.Full, keyUses);
            store.Load();
            return store;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The number under which rows name a boot; adds it when it is new. Outside a batch.</summary>
    public int BootNumber(Guid id)
    {
        using var insert = _file.Prepare("INSERT OR IGNORE INTO boots (id) VALUES (?1)");
        insert.BindText(1, id.ToString()).Run();
        using var select = _file.Prepare("SELECT number FROM boots WHERE id = ?1");
        select.BindText(1, id.ToString());
        select.Step();
        return (int)select.ColumnInt64(0);
    }

    /// <summary>Begins a batch.</summary>
    public void Begin() => _file.Execute("BEGIN IMMEDIATE");

    /// <summary>Stores one event in the batch under way.</summary>
    /// <param name="sequence">Its journal position.</param>
    /// <param name="record">The event.</param>
    /// <param name="boot">From <see cref="BootNumber"/>.</param>
    /// <param name="claimed">When its window began, time since that boot in 100 ns.</param>
    /// <param name="refusal">SQLite's reason when the event was refused.</param>
    /// <exception cref="EdgeException">Storage failed; the event is innocent.</exception>
    public InsertStatus Insert(long sequence, in EventRecord record, int boot, long claimed, out string? refusal)
    {
        refusal = null;
        var render = Ledger.Find(record.ProjectId, record.RenderId);
        if (render == 0)
            render = Ledger.Add(record.ProjectId, record.RenderId, default, stored: false);
        if (!Ledger.IsStored(render))
        {
            var code = InsertRender(render, record);
            if (code != raw.SQLITE_DONE)
                return Refused(code, out refusal);
            Ledger.Stage(render, default);
        }

        var tally = Ledger.Tally(render);
        Span<byte> bytes = stackalloc byte[EventId.Size];
        record.Id.Write(bytes);
        _insertEvent.Bind(1, sequence).BindBlob(2, bytes).Bind(3, render).Bind(4, tally.Last).Bind(5, (long)record.Type);
        if (record.HasShare)
            _insertEvent.BindText(6, record.ShareId);
        else
            _insertEvent.BindNull(6);
        record.Address.Write(bytes);
        _insertEvent.BindBlob(7, record.Address.IsIPv4 ? bytes[12..] : bytes);
        if (record.HasUserAgent)
            _insertEvent.BindText(8, record.UserAgent);
        else
            _insertEvent.BindNull(8);
        if (record.HasMetadata)
            _insertEvent.BindText(9, record.Metadata);
        else
            _insertEvent.BindNull(9);
        _insertEvent.Bind(10, boot).Bind(11, claimed);
        var result = _insertEvent.TryStep();
        if (result != raw.SQLITE_DONE)
            return Refused(result, out refusal);
        Ledger.Stage(render, tally.With(record.Type, record.HasShare, sequence));
        Days.Stage(render, record.Type, record.Id);
        return InsertStatus.Stored;
    }

    /// <summary>Commits the batch together with how far the journal is stored by it.</summary>
    /// <param name="mark">Every record below its position is stored, void or set aside.</param>
    /// <param name="lastSequence">The newest stored event, or what <see cref="LastSequence"/> was.</param>
    /// <exception cref="EdgeException">Storage failed; nothing of the batch counts.</exception>
    public void Commit(JournalMark mark, long lastSequence)
    {
        Days.WriteStaged();
        BindMark(mark).Run();
        _file.Execute("COMMIT");
        Ledger.Apply();
        Days.Apply();
        _projectsOfBatch.Clear();
        Mark = mark;
        LastSequence = lastSequence;
    }

    /// <summary>Waits until all that was committed is on the disk, by a commit that SQLite syncs.</summary>
    /// <exception cref="EdgeException">The disk refused; nothing new counts as synced.</exception>
    public void Sync()
    {
        if (!_full)
            _file.Execute("PRAGMA synchronous=FULL");
        try
        {
            // A commit syncs only what it writes, and SQLite writes no page for a row that gets the values that it has. So the row is changed and
            // changed back, which makes a commit of the same state.
            using var transaction = _file.BeginImmediate();
            BindMark(Mark with { Position = Mark.Position + 1 }).Run();
            BindMark(Mark).Run();
            transaction.Commit();
        }
        finally
        {
            if (!_full)
                _file.Execute("PRAGMA synchronous=NORMAL");
        }
    }

    /// <summary>Waits until all that was committed is on the disk, without the help of SQLite: for when it can commit nothing.</summary>
    /// <exception cref="EdgeException">The disk refused.</exception>
    public void SyncLog()
    {
        try
        {
            // The system syncs the file, whoever wrote to it. SQLite has no locks on this file that closing it would drop: they are on the others.
            using var log = System.IO.File.OpenHandle(_file.FilePath + "-wal", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            RandomAccess.FlushToDisk(log);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new EdgeException($"{_file.FilePath}-wal: {fault.Message}", inner: fault);
        }
    }

    /// <summary>Drops the batch under way, whatever state a failure left it in.</summary>
    public void Rollback()
    {
        Ledger.Discard();
        Days.Discard();
        foreach (var project in _projectsOfBatch)
            _projects.Remove(project);
        _projectsOfBatch.Clear();
        // Some failures have rolled back by themselves. A rollback that fails leaves the next BEGIN to fail and be reported.
        if (raw.sqlite3_get_autocommit(_file.Handle) == 0)
            _ = raw.sqlite3_exec(_file.Handle, "ROLLBACK");
    }

    /// <summary>Writes up to <paramref name="limit"/> render rows that are behind, after <paramref name="after"/>, in a transaction of its own.</summary>
    /// <returns>The last number written, 0 when none is left.</returns>
    /// <exception cref="EdgeException">Storage failed; the rows stay behind.</exception>
    public int WriteCounts(int after, int limit)
    {
        var committed = false;
        using var transaction = _file.BeginImmediate();
        try
        {
            var last = 0;
            for (var number = Ledger.NextDirty(after); number != 0; number = Ledger.NextDirty(number))
            {
                var tally = Ledger.Tally(number);
                _updateRender.Bind(1, number).Bind(2, tally.Viewed).Bind(3, tally.Downloaded).Bind(4, tally.Printed)
                    .Bind(5, tally.LinkOpens).Bind(6, tally.Last).Run();
                last = number;
                if (--limit == 0)
                    break;
            }
            transaction.Commit();
            committed = true;
            return last;
        }
        finally
        {
            Ledger.CommitWritten(committed);
        }
    }

    /// <summary>Notes that every render row now holds at least the events up to <paramref name="sequence"/>.</summary>
    /// <exception cref="EdgeException">Storage failed.</exception>
    public void SetCounted(long sequence) => _updateCounted.Bind(1, sequence).Run();

    /// <summary>Writes the uses of keys that are behind, in a transaction of its own.</summary>
    /// <returns>Whether there were any.</returns>
    /// <exception cref="EdgeException">Storage failed; they stay behind.</exception>
    public bool WriteKeyUses() => _keyUses is not null && KeyUseTable.Write(_file, _keyUses);

    public void Dispose()
    {
        _insertEvent.Dispose();
        _insertRender.Dispose();
        _insertProject.Dispose();
        _updateRender.Dispose();
        _updateState.Dispose();
        _updateCounted.Dispose();
        Days.Dispose();
        _file.Dispose();
    }

    private SqliteStatement BindMark(JournalMark mark) => _updateState.Bind(1, mark.Lineage).Bind(2, mark.Epoch).Bind(3, mark.Position);

    private int InsertRender(int render, in EventRecord record)
    {
        var id = Encoding.ASCII.GetString(record.ProjectId);
        if (!_projects.TryGetValue(id, out var project))
        {
            project = _projects.Count + 1;
            var code = _insertProject.Bind(1, project).BindText(2, record.ProjectId).TryStep();
            if (code != raw.SQLITE_DONE)
                return code;
            _projects.Add(id, project);
            _projectsOfBatch.Add(id);
        }
        return _insertRender.Bind(1, render).Bind(2, project).BindText(3, record.RenderId).TryStep();
    }

    private InsertStatus Refused(int code, out string refusal)
    {
        var failure = _file.Failure(code);
        // What speaks of the row, and not of the disk, the lock or the memory. A plain error is what a trigger's failing expression gives.
        if ((code & 0xFF) is not (raw.SQLITE_CONSTRAINT or raw.SQLITE_TOOBIG or raw.SQLITE_MISMATCH or raw.SQLITE_RANGE or raw.SQLITE_ERROR))
            throw failure;
        refusal = failure.InnerException?.Message ?? failure.Message;
        return raw.sqlite3_get_autocommit(_file.Handle) == 0 ? InsertStatus.Refused : InsertStatus.RefusedAndRolledBack;
    }

    private void Load()
    {
        if (_keyUses is not null)
            KeyUseTable.Restore(_file, _keyUses);
        long counted;
        using (var state = _file.Prepare("SELECT lineage, epoch, position, counted FROM state WHERE id = 0"))
        {
            if (!state.Step())
                throw Damaged("no state row");
            Mark = new JournalMark(state.ColumnInt64(0), state.ColumnInt64(1), state.ColumnInt64(2));
            counted = state.ColumnInt64(3);
            state.Reset();
        }
        LastSequence = _file.QueryInt64("SELECT max(sequence) FROM events");

        using (var projects = _file.Prepare("SELECT number, id FROM projects ORDER BY number"))
        {
            while (projects.Step())
                _projects.Add(projects.ColumnText(1)!, (int)projects.ColumnInt64(0));
        }
        var projectIds = _projects.ToDictionary(project => project.Value, project => Encoding.ASCII.GetBytes(project.Key));

        using (var renders = _file.Prepare("SELECT number, project, id, viewed, downloaded, printed, link_opens, last FROM renders ORDER BY number"))
        {
            while (renders.Step())
            {
                var tally = new RenderTally(
                    renders.ColumnInt64(3), renders.ColumnInt64(4), renders.ColumnInt64(5), renders.ColumnInt64(6), renders.ColumnInt64(7));
                // A render whose row the database once refused has left its number unused.
                while (Ledger.Count + 1 < renders.ColumnInt64(0))
                    Ledger.AddVacant();
                if (!projectIds.TryGetValue((int)renders.ColumnInt64(1), out var project)
                    || Ledger.Add(project, renders.ColumnBytes(2), tally, stored: true) != renders.ColumnInt64(0))
                {
                    throw Damaged("table renders");
                }
            }
        }

        using var events = _file.Prepare("SELECT render, type, share IS NOT NULL, sequence FROM events WHERE sequence > ?1 ORDER BY sequence");
        events.Bind(1, counted);
        while (events.Step())
        {
            var render = events.ColumnInt64(0);
            if (render < 1 || render > Ledger.Count)
                throw Damaged("table events");
            Ledger.Complete((int)render, (EventType)events.ColumnInt64(1), events.ColumnInt64(2) != 0, events.ColumnInt64(3));
        }
    }

    private EdgeException Damaged(string what) =>
        new($"{_file.FilePath}: the database is damaged ({what}); move it away with its -wal file and restore a backup");
}
