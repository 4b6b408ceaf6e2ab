using System.Text;
using CraftKit.Edge.Metrics;
using CraftKit.Edge.Storage;

namespace CraftKit.Edge.Catalog;

/// <summary>One import: compares the lines' renders with those in the database and stores what differs, all or nothing.</summary>
internal sealed class RenderImport : IDisposable
{
    private const int ProgressInterval = 16_384;

    /// <summary>Renders that are stored in one turn (<see cref="EventTraffic"/>).</summary>
    private const int TurnRenders = 64;

    private readonly SqliteFile _file;
    private readonly ProjectTable _projects;
    private readonly ImportBatch _batch;
    private readonly Action<ImportProgress>? _progress;
    private readonly EventTraffic? _traffic;
    private readonly long _now;
    private readonly SqliteStatement _insert, _select, _update;
    private readonly List<BadLine> _badLines = [];
    private int _added, _changed, _unchanged;
    private long _change;

    internal RenderImport(SqliteFile file, TimeProvider time, ProjectTable projects, ImportBatch batch, Action<ImportProgress>? progress, EventTraffic? traffic)
    {
        _traffic = traffic;
        _file = file;
        _projects = projects;
        _batch = batch;
        _progress = progress;
        _now = time.GetUtcNow().ToUnixTimeMilliseconds();
        _insert = file.Prepare("INSERT INTO renders(id, project, share, created_at, change) VALUES (?,?,?,?,?) ON CONFLICT(id) DO NOTHING");
        _select = file.Prepare("SELECT project, share, deleted_at IS NULL FROM renders WHERE id=?");
        _update = file.Prepare("UPDATE renders SET project=?2, share=?3, created_at=ifnull(?4, created_at), deleted_at=NULL, change=?5 WHERE id=?1");
    }

    private enum Fault : byte
    {
        Repeated,
        ProjectNotFound,
        ProjectDeleted,
        OtherProject,
    }

    /// <summary>Does it, once.</summary>
    public CatalogResult<ImportResult> Run()
    {
        // Sorting needs no lock yet.
        using var order = ImportOrder.Of(_batch, _traffic);
        using var transaction = _file.BeginImmediate();
        if (_batch.FixedProjectId is { } project && _projects.Get(project) is { Fault: not CatalogFault.None } refusal)
            return new CatalogRefusal(refusal.Fault, refusal.Message);
        _change = _file.QueryInt64("SELECT last_change FROM counter");
        Store(order, [.. _batch.ProjectIds.Select(_projects.Find)]);

        if (_batch.Faults.Count + _badLines.Count > 0)
            return new ImportResult(0, 0, 0, AllFaults());
        using var counter = _file.Prepare("UPDATE counter SET last_change=?");
        counter.Bind(1, _change).Run();
        transaction.Commit();
        return new ImportResult(_added, _changed, _unchanged, []);
    }

    public void Dispose()
    {
        _insert.Dispose();
        _select.Dispose();
        _update.Dispose();
    }

    private void Store(ImportOrder order, ProjectRow?[] projects)
    {
        Span<byte> id = stackalloc byte[CatalogId.MaxLength], last = stackalloc byte[CatalogId.MaxLength];
        var lastLength = 0;
        for (var i = 0; i < order.Count; i++)
        {
            var index = order[i];
            var entry = _batch.Renders.Entries[index];
            var length = entry.Id.Unpack(_batch.Renders.Text, id);
            if (id[..length].SequenceEqual(last[..lastLength]))
                Refuse(index, Fault.Repeated);
            else if (projects[entry.Project - 1] is not { } project)
                Refuse(index, Fault.ProjectNotFound);
            else if (project.Project.DeletedAt is not null)
                Refuse(index, Fault.ProjectDeleted);
            else
                Store(index, id[..length], project.Number);
            id[..length].CopyTo(last);
            lastLength = length;
            if (i % TurnRenders == TurnRenders - 1)
                _traffic?.GiveWay();
            if (i % ProgressInterval == ProgressInterval - 1)
                _progress?.Invoke(_batch.Progress with { Stored = i + 1 });
        }

        _progress?.Invoke(_batch.Progress with { Stored = order.Count });
    }

    private void Store(int index, ReadOnlySpan<byte> id, long project)
    {
        Span<byte> buffer = stackalloc byte[CatalogId.MaxLength];
        var share = buffer[.._batch.Renders.Entries[index].Share.Unpack(_batch.Renders.Text, buffer)];

        // Most imports add: so that is tried first, and only what is there already is looked at.
        Bind(_insert, id, project, share).Bind(4, _now).Run();
        if (_file.Changes == 1)
        {
            _change++;
            _added++;
            return;
        }

        _select.BindText(1, id).Step();
        var sameProject = _select.ColumnInt64(0) == project;
        var lives = _select.ColumnInt64(2) != 0;
        var sameShare = _batch.KeepsShare(index) || _select.ColumnBytes(1).SequenceEqual(share);
        _select.Reset();
        if (!lives)
        {
            Bind(_update, id, project, share).Bind(4, _now).Run();
            _change++;
            _added++;
        }
        else if (!sameProject)
        {
            Refuse(index, Fault.OtherProject);
        }
        else if (sameShare)
        {
            _unchanged++;
        }
        else
        {
            Bind(_update, id, project, share).BindNull(4).Run();
            _change++;
            _changed++;
        }
    }

    /// <summary>Binds all but the time, with the number that the change gets if it is one.</summary>
    private SqliteStatement Bind(SqliteStatement statement, ReadOnlySpan<byte> id, long project, ReadOnlySpan<byte> share)
    {
        statement.BindText(1, id).Bind(2, project).Bind(5, _change + 1);
        return share.IsEmpty ? statement.BindNull(3) : statement.BindText(3, share);
    }

    private void Refuse(int index, Fault fault) => _badLines.Add(new BadLine(_batch.LineOf(index), index, fault));

    private List<ImportFault> AllFaults() =>
        [.. _batch.Faults.Concat(_badLines.Select(bad => new ImportFault(bad.Line, [Describe(bad)]))).OrderBy(fault => fault.Line)];

    private string Describe(BadLine bad)
    {
        var entry = _batch.Renders.Entries[bad.Index];
        Span<byte> id = stackalloc byte[CatalogId.MaxLength];
        var render = Encoding.ASCII.GetString(id[..entry.Id.Unpack(_batch.Renders.Text, id)]);
        var project = _batch.ProjectIds.ElementAt(entry.Project - 1);
        return bad.Fault switch
        {
            Fault.Repeated => $"id '{render}' was given before",
            Fault.ProjectNotFound => $"project '{project}' not found",
            Fault.ProjectDeleted => $"project '{project}' was deleted",
            _ => $"render '{render}' belongs to another project",
        };
    }

    private readonly record struct BadLine(int Line, int Index, Fault Fault);
}
