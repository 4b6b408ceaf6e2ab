namespace CraftKit.Edge.Storage;

/// <summary>The table <c>key_uses</c> of <c>events.db</c>: when each key was last used.</summary>
internal static class KeyUseTable
{
    /// <summary>Gives every stored time to <paramref name="uses"/>.</summary>
    /// <exception cref="Platform.EdgeException">Storage failed.</exception>
    public static void Restore(SqliteFile file, KeyUses uses)
    {
        foreach (var (keyId, minute) in Read(file))
            uses.Restore(keyId, minute);
    }

    /// <summary>Writes the times that are behind, in a transaction of its own. For the thread that writes the file, between batches.</summary>
    /// <returns>Whether there were any.</returns>
    /// <exception cref="Platform.EdgeException">Storage failed; they stay behind.</exception>
    public static bool Write(SqliteFile file, KeyUses uses)
    {
        var behind = uses.Behind();
        if (behind.Count == 0)
            return false;
        using var transaction = file.BeginImmediate();
        using var put = file.Prepare("INSERT INTO key_uses VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE SET used_at = excluded.used_at");
        foreach (var (keyId, minute) in behind)
            put.BindText(1, keyId).Bind(2, minute.ToUnixTimeMilliseconds()).Run();
        transaction.Commit();
        uses.Stored(behind);
        return true;
    }

    /// <summary>The stored times of a data folder's events database; none when there is no such file yet, or it is of a version that had none.
    /// </summary>
    /// <exception cref="Platform.EdgeException">The file is foreign, damaged or newer, or cannot be read.</exception>
    public static Dictionary<string, DateTimeOffset> Read(string path)
    {
        if (!File.Exists(path))
            return [];
        using var file = SqliteFile.Open(path, EventSchema.Schema, SqliteAccess.ReadOnly, SqliteSynchronous.Normal);
        return file.SchemaVersion < EventSchema.KeyUsesVersion ? [] : Read(file);
    }

    private static Dictionary<string, DateTimeOffset> Read(SqliteFile file)
    {
        var uses = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        using var select = file.Prepare("SELECT id, used_at FROM key_uses");
        while (select.Step())
            uses.Add(select.ColumnText(0)!, DateTimeOffset.FromUnixTimeMilliseconds(select.ColumnInt64(1)));
        return uses;
    }
}
