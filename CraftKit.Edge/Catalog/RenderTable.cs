using CraftKit.Edge.Metrics;
using CraftKit.Edge.Platform;
using CraftKit.Edge.Storage;

namespace CraftKit.Edge.Catalog;

/// <summary>The renders of a <see cref="CatalogStore"/>.</summary>
internal sealed class RenderTable
{
    /// <summary>The most renders that one page of a listing holds.</summary>
    public const int MaxPage = 1000;

    /// <summary>Renders that are listed in one turn (<see cref="EventTraffic"/>).</summary>
    private const int TurnRenders = 64;

    private readonly SqliteFile _file;
    private readonly TimeProvider _time;
    private readonly ProjectTable _projects;

    internal RenderTable(SqliteFile file, TimeProvider time, ProjectTable projects)
    {
        _file = file;
        _time = time;
        _projects = projects;
    }

    /// <summary>Makes a render known, or changes the share of a known one.</summary>
    /// <param name="id">Its id; one that another project has is refused.</param>
    /// <param name="projectId">A project that lives.</param>
    /// <param name="share">What becomes of its share.</param>
    public CatalogResult<PutRender> Add(string id, string projectId, ShareChange share)
    {
        if (!CatalogId.IsValid(id))
            return CatalogRefusal.InvalidId("render id", id);
        if (share.Share is not null && !CatalogId.IsValid(share.Share))
            return CatalogRefusal.InvalidId("share id", share.Share);
        using var transaction = _file.BeginImmediate();
        if (_projects.Find(projectId) is not { } project)
            return CatalogRefusal.ProjectNotFound(projectId);
        if (project.Project.DeletedAt is not null)
            return CatalogRefusal.ProjectDeleted(projectId);
        if (Find(id) is not { } render)
        {
            var added = new CatalogRender(id, projectId, share.Apply(null), CatalogStore.Now(_time));
            Write(added, project.Number);
            transaction.Commit();
            return new PutRender(added, RenderChange.Added);
        }

        if (render.ProjectId != projectId)
            return CatalogRefusal.RenderOfAnotherProject(id);
        var changed = render with { ShareId = share.Apply(render.ShareId) };
        if (changed == render)
            return new PutRender(render, RenderChange.Unchanged);
        Write(changed, project.Number);
        transaction.Commit();
        return new PutRender(changed, RenderChange.Changed);
    }

    /// <summary>Takes over renders from JSON lines, all or nothing.</summary>
    /// <param name="lines">One object a line, <c>{"id","projectId","shareId"?}</c> in UTF-8; not closed.</param>
    /// <param name="progress">Called every few thousand lines or rows.</param>
    /// <exception cref="EdgeException">The database failed.</exception>
    /// <exception cref="IOException">The lines cannot be read.</exception>
    public ImportResult Import(Stream lines, Action<ImportProgress>? progress = null)
    {
        using var batch = new ImportBatch();
        batch.Read(lines, progress);
        return Import(batch, progress).Value;
    }

    /// <summary>Takes over a batch, all or nothing.</summary>
    /// <param name="batch">The whole batch; its project, if all lines have one, must live.</param>
    /// <param name="progress">Called every few thousand rows.</param>
    /// <param name="traffic">What it gives way to; null for nothing.</param>
    /// <exception cref="EdgeException">The database failed.</exception>
    public CatalogResult<ImportResult> Import(ImportBatch batch, Action<ImportProgress>? progress = null, EventTraffic? traffic = null)
    {
        using var import = new RenderImport(_file, _time, _projects, batch, progress, traffic);
        return import.Run();
    }

    /// <summary>A page of a project's renders in the order of their ids.</summary>
    /// <param name="projectId">A project that lives.</param>
    /// <param name="after">The id before the first one; null from the beginning.</param>
    /// <param name="limit">The most renders, 1 to <see cref="MaxPage"/>.</param>
    /// <param name="traffic">What it gives way to; null for nothing.</param>
    public CatalogResult<RenderPage> List(string projectId, string? after, int limit, EventTraffic? traffic = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxPage);
        if (after is not null && !CatalogId.IsValid(after))
            return CatalogRefusal.InvalidId("after", after);
        if (_projects.Find(projectId) is not { } project)
            return CatalogRefusal.ProjectNotFound(projectId);
        if (project.Project.DeletedAt is not null)
            return CatalogRefusal.ProjectDeleted(projectId);
        using var select = _file.Prepare(
            "SELECT id, share, created_at FROM renders WHERE id>? AND project=? AND deleted_at IS NULL ORDER BY id LIMIT ?");
        // One more than the page holds, which tells whether anything follows.
        select.BindText(1, after ?? "").Bind(2, project.Number).Bind(3, limit + 1);
        var renders = new RenderRows(projectId);
        while (select.Step())
        {
            if (renders.Count == limit)
                return new RenderPage(renders, renders[^1].Id);
            var id = select.ColumnBytes(0);
            var share = select.ColumnBytes(1);
            if (!CatalogId.IsValid(id) || (!share.IsEmpty && !CatalogId.IsValid(share)))
                throw new EdgeException($"{_file.FilePath}: the database is damaged (a render with an impossible id); move it away with its -wal file and restore a backup");
            renders.Add(id, share, CatalogStore.Time(select, 2));
            if (renders.Count % TurnRenders == 0)
                traffic?.GiveWay();
        }

        return new RenderPage(renders, null);
    }

    /// <summary>A render.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="projectId">The project whose render it has to be; null for any.</param>
    public CatalogResult<CatalogRender> Get(string id, string? projectId = null) =>
        Find(id) is { } render && (projectId ?? render.ProjectId) == render.ProjectId ? render : CatalogRefusal.RenderNotFound(id);

    /// <summary>Makes a render unknown. Its id is free again; its events stay its project's.</summary>
    /// <param name="id">The render.</param>
    /// <param name="projectId">The project whose render it has to be; null for any.</param>
    public CatalogResult<CatalogRender> Delete(string id, string? projectId = null)
    {
        using var transaction = _file.BeginImmediate();
        var found = Get(id, projectId);
        if (found.Fault != CatalogFault.None)
            return found;
        using var update = _file.Prepare("UPDATE renders SET deleted_at=?, change=? WHERE id=?");
        update.Bind(1, CatalogStore.Now(_time).ToUnixTimeMilliseconds()).Bind(2, CatalogStore.NextChange(_file)).BindText(3, id).Run();
        transaction.Commit();
        return found;
    }

    private CatalogRender? Find(string id)
    {
        if (!CatalogId.IsValid(id))
            return null;
        using var select = _file.Prepare("""
            SELECT projects.id, share, renders.created_at FROM renders JOIN projects ON projects.number=renders.project
            WHERE renders.id=? AND renders.deleted_at IS NULL
            """);
        return select.BindText(1, id).Step()
            ? new CatalogRender(id, select.ColumnText(0)!, select.ColumnText(1), CatalogStore.Time(select, 2))
            : null;
    }

    private void Write(CatalogRender render, long project)
    {
        using var insert = _file.Prepare("INSERT OR REPLACE INTO renders(id, project, share, created_at, change) VALUES (?,?,?,?,?)");
        insert.BindText(1, render.Id).Bind(2, project).BindText(3, render.ShareId)
            .Bind(4, render.CreatedAt.ToUnixTimeMilliseconds()).Bind(5, CatalogStore.NextChange(_file)).Run();
    }
}
