namespace CraftKit.Edge.Storage;

/// <summary>The identity and the history of one kind of database file.</summary>
/// <param name="ApplicationId">Stands in the file's header and tells our files from foreign ones; never 0.</param>
/// <param name="Migrations">SQL scripts; the one at index <c>i</c> leads from version <c>i</c> to <c>i + 1</c>. A new file runs them
/// all. Only ever add to the end.</param>
internal sealed record SqliteSchema(int ApplicationId, IReadOnlyList<string> Migrations)
{
    /// <summary>The version that this program writes (<c>PRAGMA user_version</c>).</summary>
    public int Version => Migrations.Count;
}
