using CraftKit.Edge.Storage;

namespace CraftKit.Edge.Catalog;

/// <summary>The API keys of a <see cref="CatalogStore"/>; of each only a hash is stored.</summary>
internal sealed class KeyTable
{
    /// <summary>The longest name in UTF-16 units.</summary>
    public const int MaxNameLength = 200;

    /// <summary>The name of a key that was given none.</summary>
    public const string DefaultName = "API key";

    private const string Select =
        "SELECT keys.id, projects.id, keys.name, prefix, keys.created_at, revoked_at FROM keys JOIN projects ON projects.number=keys.project";

    private readonly SqliteFile _file;
    private readonly TimeProvider _time;
    private readonly ProjectTable _projects;

    internal KeyTable(SqliteFile file, TimeProvider time, ProjectTable projects)
    {
        _file = file;
        _time = time;
        _projects = projects;
    }

    /// <summary>Makes a key for a project that lives.</summary>
    /// <param name="projectId">The project.</param>
    /// <param name="name">1 to 200 UTF-16 units; null for <see cref="DefaultName"/>.</param>
    /// <returns>The key in plain text, which can never be had again.</returns>
    public CatalogResult<CreatedKey> Create(string projectId, string? name = null)
    {
        name ??= DefaultName;
        if (name.Length is 0 or > MaxNameLength)
            return CatalogRefusal.InvalidName("key name", MaxNameLength);
        using var transaction = _file.BeginImmediate();
        if (_projects.Find(projectId) is not { } row)
            return CatalogRefusal.ProjectNotFound(projectId);
        if (row.Project.DeletedAt is not null)
            return CatalogRefusal.ProjectDeleted(projectId);
        var plaintext = ApiKey.Create();
        var key = new CatalogKey(CatalogId.Create(_time), projectId, name, ApiKey.PrefixOf(plaintext), CatalogStore.Now(_time), null);
        using var insert = _file.Prepare("INSERT INTO keys(id, project, name, prefix, sha256, created_at, change) VALUES (?,?,?,?,?,?,?)");
        insert.BindText(1, key.Id).Bind(2, row.Number).BindText(3, name).BindText(4, key.Prefix).BindBlob(5, ApiKey.Hash(plaintext))
            .Bind(6, key.CreatedAt.ToUnixTimeMilliseconds()).Bind(7, CatalogStore.NextChange(_file)).Run();
        transaction.Commit();
        return new CreatedKey(key, plaintext);
    }

    /// <summary>The keys of a project, or of all, newest first; revoked ones and those of deleted projects too.</summary>
    /// <param name="projectId">The project; null for all.</param>
    /// <param name="after">The id of the one before the first; null from the newest.</param>
    /// <param name="limit">The most that are wanted.</param>
    public CatalogResult<CatalogKey[]> List(string? projectId = null, string? after = null, int limit = int.MaxValue)
    {
        if (projectId is not null && _projects.Find(projectId) is null)
            return CatalogRefusal.ProjectNotFound(projectId);
        using var select = _file.Prepare($"""
            {Select}
            WHERE keys.number<ifnull((SELECT number FROM keys WHERE id=?2), {long.MaxValue}) AND (?1 IS NULL OR projects.id=?1)
            ORDER BY keys.number DESC LIMIT ?3
            """);
        select.BindText(1, projectId).BindText(2, after).Bind(3, limit);
        var keys = new List<CatalogKey>();
        while (select.Step())
            keys.Add(Read(select));
        return keys.ToArray();
    }

    /// <summary>Revokes a key for good.</summary>
    /// <param name="id">The key.</param>
    /// <param name="projectId">The project whose key it has to be; null for any.</param>
    public CatalogResult<CatalogKey> Revoke(string id, string? projectId = null)
    {
        if (!CatalogId.IsValid(id))
            return CatalogRefusal.KeyNotFound(id);
        using var transaction = _file.BeginImmediate();
        using var select = _file.Prepare($"{Select} WHERE keys.id=?");
        if (!select.BindText(1, id).Step())
            return CatalogRefusal.KeyNotFound(id);
        var key = Read(select);
        select.Reset();
        if (projectId is not null && key.ProjectId != projectId)
            return CatalogRefusal.KeyNotFound(id);
        if (key.RevokedAt is not null)
            return CatalogRefusal.KeyRevoked(id);
        key = key with { RevokedAt = CatalogStore.Now(_time) };
        using var update = _file.Prepare("UPDATE keys SET revoked_at=?, change=? WHERE id=?");
        update.Bind(1, key.RevokedAt.Value.ToUnixTimeMilliseconds()).Bind(2, CatalogStore.NextChange(_file)).BindText(3, id).Run();
        transaction.Commit();
        return key;
    }

    private static CatalogKey Read(SqliteStatement row) => new(
        row.ColumnText(0)!, row.ColumnText(1)!, row.ColumnText(2)!, row.ColumnText(3)!,
        CatalogStore.Time(row, 4), CatalogStore.TimeOrNull(row, 5));
}
