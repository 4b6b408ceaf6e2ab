using SQLitePCL;

namespace CraftKit.Edge.Storage;

/// <summary>A transaction that is rolled back when it is disposed uncommitted.</summary>
internal ref struct SqliteTransaction
{
    private readonly SqliteFile _file;
    private bool _open;

    internal SqliteTransaction(SqliteFile file)
    {
        _file = file;
        _open = true;
    }

    /// <summary>Makes the changes stand.</summary>
    /// <exception cref="Platform.EdgeException">SQLite failed; the transaction is rolled back by <see cref="Dispose"/>.</exception>
    public void Commit()
    {
        _file.Execute("COMMIT");
        _open = false;
    }

    public void Dispose()
    {
        if (!_open)
            return;
        _open = false;

        // Some failures (a full disk, an I/O error) have rolled back by themselves, and rolling back again would be an error.
        if (raw.sqlite3_get_autocommit(_file.Handle) == 0)
            _file.Execute("ROLLBACK");
    }
}
