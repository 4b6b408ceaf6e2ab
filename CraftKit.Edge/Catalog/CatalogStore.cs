using CraftKit.Edge.Storage;

namespace CraftKit.Edge.Catalog;

/// <summary>Account keys, projects, keys and renders in <c>catalog.db</c>: the one implementation of their rules, for the command line and the
/// admin plane alike.</summary>
/// <remarks>
/// A store belongs to one thread at a time; a command opens one for its operation, which takes well under a millisecond. Changes are
/// transactions that wait for those of other processes, and are durable when the call returns. The serving process sees them through its
/// <see cref="CatalogFollower"/>.
/// </remarks>
internal sealed class CatalogStore : IDisposable
{
    private readonly SqliteFile _file;

    private CatalogStore(SqliteFile file, TimeProvider time)
    {
        _file = file;
        AccountKeys = new AccountKeyTable(file, time);
        Projects = new ProjectTable(file, time);
        Keys = new KeyTable(file, time, Projects);
        Renders = new RenderTable(file, time, Projects);
    }

    public AccountKeyTable AccountKeys { get; }

    public ProjectTable Projects { get; }

    public KeyTable Keys { get; }

    public RenderTable Renders { get; }

    /// <summary>Whether the file is gone from its path, or another one is there: open a new store then.</summary>
    public bool HasMoved => _file.HasMoved;

    /// <summary>Opens the catalog of a data folder, and creates it when it is not there yet.</summary>
    /// <param name="dataDirectory">An existing folder.</param>
    /// <param name="time">Gives the times that are stored.</param>
    /// <param name="migrate">Whether an older catalog may be brought up to date: by the process that serves, nobody else.</param>
    /// <exception cref="Platform.EdgeException">The file is foreign, damaged or of another version, or cannot be opened or created.</exception>
    public static CatalogStore Open(string dataDirectory, TimeProvider time, bool migrate = false)
    {
        var file = SqliteFile.Open(
            Path.Combine(dataDirectory, CatalogSchema.FileName),
            CatalogSchema.Schema,
            migrate ? SqliteAccess.Migrate : SqliteAccess.ReadWrite,
            SqliteSynchronous.Full);

        // A bulk import leaves a WAL as large as itself behind, which nobody needs any more.
        file.Execute("PRAGMA journal_size_limit=16777216");
        return new CatalogStore(file, time);
    }

    /// <summary>Counts what counts.</summary>
    /// <param name="renders">How many renders there are: the catalog in memory knows, and here a million rows would have to be read.</param>
    public CatalogCounts Count(long renders) => new(
        _file.QueryInt64("SELECT count(*) FROM projects WHERE deleted_at IS NULL"),
        _file.QueryInt64("SELECT count(*) FROM keys JOIN projects ON projects.number=keys.project WHERE revoked_at IS NULL AND deleted_at IS NULL"),
        renders);

    public void Dispose() => _file.Dispose();

    /// <summary>The number for the change that the running transaction makes.</summary>
    internal static long NextChange(SqliteFile file) => file.QueryInt64("UPDATE counter SET last_change=last_change+1 RETURNING last_change");

    /// <summary>A stored time; null for NULL.</summary>
    internal static DateTimeOffset? TimeOrNull(SqliteStatement row, int column) => row.IsNull(column) ? null : Time(row, column);

    /// <summary>A stored time.</summary>
    internal static DateTimeOffset Time(SqliteStatement row, int column) => DateTimeOffset.FromUnixTimeMilliseconds(row.ColumnInt64(column));

    /// <summary>This moment as it is stored and read back: whole milliseconds.</summary>
    internal static DateTimeOffset Now(TimeProvider time) => DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
}
