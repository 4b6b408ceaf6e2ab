using CraftKit.Edge.Storage;

namespace CraftKit.Edge.Catalog;

/// <summary>The projects of a <see cref="CatalogStore"/>.</summary>
internal sealed class ProjectTable
{
    /// <summary>The longest name of a new project in UTF-16 units.</summary>
    public const int MaxNewNameLength = 120;

    /// <summary>The longest name that a project can be given later, in UTF-16 units.</summary>
    public const int MaxNameLength = 200;

    private const string Columns = "id, slug, name, created_at, updated_at, deleted_at, number";

    private readonly SqliteFile _file;
    private readonly TimeProvider _time;

    internal ProjectTable(SqliteFile file, TimeProvider time)
    {
        _file = file;
        _time = time;
    }

    /// <summary>Adds a project.</summary>
    /// <param name="name">1 to 120 UTF-16 units, stored as it is.</param>
    /// <param name="id">Its id; null for a fresh UUIDv7.</param>
    public CatalogResult<CatalogProject> Add(string name, string? id = null)
    {
        if (name.Length is 0 or > MaxNewNameLength)
            return CatalogRefusal.InvalidName("project name", MaxNewNameLength);
        if (id is not null && !CatalogId.IsValid(id))
            return CatalogRefusal.InvalidId("project id", id);
        id ??= CatalogId.Create(_time);
        using var transaction = _file.BeginImmediate();
        if (Find(id) is not null)
            return new CatalogRefusal(CatalogFault.ProjectExists, $"project '{id}': exists already, or did and was deleted; choose another id");
        var now = CatalogStore.Now(_time);
        var project = new CatalogProject(id, FreeSlug(name), name, now, now, null);
        using var insert = _file.Prepare("INSERT INTO projects(id, slug, name, created_at, updated_at, change) VALUES (?,?,?,?,?,?)");
        insert.BindText(1, id).BindText(2, project.Slug).BindText(3, name)
            .Bind(4, now.ToUnixTimeMilliseconds()).Bind(5, now.ToUnixTimeMilliseconds()).Bind(6, CatalogStore.NextChange(_file)).Run();
        transaction.Commit();
        return project;
    }

    /// <summary>The projects, newest first.</summary>
    /// <param name="includeDeleted">Whether deleted ones are among them.</param>
    /// <param name="after">The id of the one before the first; null from the newest.</param>
    /// <param name="limit">The most that are wanted.</param>
    public IReadOnlyList<CatalogProject> List(bool includeDeleted = false, string? after = null, int limit = int.MaxValue)
    {
        using var select = _file.Prepare($"""
            SELECT {Columns} FROM projects
            WHERE number<ifnull((SELECT number FROM projects WHERE id=?1), {long.MaxValue}) {(includeDeleted ? "" : "AND deleted_at IS NULL")}
            ORDER BY number DESC LIMIT ?2
            """);
        select.BindText(1, after).Bind(2, limit);
        var projects = new List<CatalogProject>();
        while (select.Step())
            projects.Add(Read(select));
        return projects;
    }

    /// <summary>A project that lives.</summary>
    public CatalogResult<CatalogProject> Get(string id) => Find(id) switch
    {
        null => CatalogRefusal.ProjectNotFound(id),
        { Project.DeletedAt: not null } => CatalogRefusal.ProjectDeleted(id),
        var row => row.Project,
    };

    /// <summary>A project that lives, as requests see it; null when there is none.</summary>
    public Project? FindLive(string id) =>
        Find(id) is { Project.DeletedAt: null } row ? new Project(checked((int)row.Number), row.Project.Id, deleted: false) : null;

    /// <summary>Gives a project another name of 1 to 200 UTF-16 units; its slug stays.</summary>
    public CatalogResult<CatalogProject> Rename(string id, string name)
    {
        if (name.Length is 0 or > MaxNameLength)
            return CatalogRefusal.InvalidName("project name", MaxNameLength);
        return Update(id, project => project with { Name = name, UpdatedAt = CatalogStore.Now(_time) });
    }

    /// <summary>Deletes a project for good, softly: its keys answer 403 from now on, its renders stay its own.</summary>
    public CatalogResult<CatalogProject> Delete(string id)
    {
        var now = CatalogStore.Now(_time);
        return Update(id, project => project with { UpdatedAt = now, DeletedAt = now });
    }

    /// <summary>A project with its number in the file, deleted or not; null when there is none.</summary>
    internal ProjectRow? Find(string id)
    {
        // Also keeps what cannot be an id, such as half a surrogate pair, away from the encoder.
        if (!CatalogId.IsValid(id))
            return null;
        using var select = _file.Prepare($"SELECT {Columns} FROM projects WHERE id=?");
        return select.BindText(1, id).Step() ? new ProjectRow(Read(select), select.ColumnInt64(6)) : null;
    }

    private CatalogResult<CatalogProject> Update(string id, Func<CatalogProject, CatalogProject> change)
    {
        using var transaction = _file.BeginImmediate();
        var found = Get(id);
        if (found.Fault != CatalogFault.None)
            return found;
        var project = change(found.Value);
        using var update = _file.Prepare("UPDATE projects SET name=?, updated_at=?, deleted_at=?, change=? WHERE id=?");
        update.BindText(1, project.Name).Bind(2, project.UpdatedAt.ToUnixTimeMilliseconds()).Bind(4, CatalogStore.NextChange(_file)).BindText(5, id);
        if (project.DeletedAt is { } deletedAt)
            update.Bind(3, deletedAt.ToUnixTimeMilliseconds());
        update.Run();
        transaction.Commit();
        return project;
    }

    private string FreeSlug(string name)
    {
        var slug = Slug.Of(name);
        using var taken = _file.Prepare("SELECT 1 FROM projects WHERE slug=?");
        var free = slug;
        for (var n = 1; IsTaken(free); n++)
            free = $"{slug}-{n}";
        return free;

        bool IsTaken(string candidate)
        {
            var found = taken.BindText(1, candidate).Step();
            taken.Reset();
            return found;
        }
    }

    private static CatalogProject Read(SqliteStatement row) => new(
        row.ColumnText(0)!, row.ColumnText(1)!, row.ColumnText(2)!,
        CatalogStore.Time(row, 3), CatalogStore.Time(row, 4), CatalogStore.TimeOrNull(row, 5));
}
