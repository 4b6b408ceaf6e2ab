using SQLitePCL;

namespace CraftKit.Edge.Storage;

/// <summary>Keeps the write-ahead log of <c>events.db</c> bounded.</summary>
/// <remarks>Left to itself, SQLite starts its log from the beginning only in a moment without readers, and overlapping short readers leave none. So the
/// writer checkpoints with RESTART, which waits for the readers of the old log while new ones already read the new state. Ours hold a snapshot at
/// most 50 ms; a foreign one that holds longer makes the call give up, and the log grows on until it lets go.</remarks>
internal sealed class WalCheckpoint(SqliteFile file, long limitBytes)
{
    private const int PagesWritten = 9; // SQLITE_DBSTATUS_CACHE_WRITE
    private const int WaitMilliseconds = 250;

    private readonly long _pageSize = file.QueryInt64("PRAGMA page_size");
    private long _limitPages;
    private long _pages;

    /// <summary>The size that the log has reached since it last began anew, in bytes.</summary>
    public long WalBytes => Volatile.Read(ref _pages) * _pageSize;

    /// <summary>The last attempt was held back by a reader.</summary>
    public bool HeldBack { get; private set; }

    /// <summary>After a commit: checkpoints when the log has passed its limit.</summary>
    /// <param name="busyMilliseconds">The busy timeout to put back afterwards.</param>
    /// <exception cref="Platform.EdgeException">Storage failed.</exception>
    public void AfterCommit(int busyMilliseconds)
    {
        if (_limitPages == 0)
            _limitPages = limitBytes / _pageSize;
        // In WAL mode the pages that the cache wrote out are the frames that the log gained.
        _ = raw.sqlite3_db_status(file.Handle, PagesWritten, out var written, out _, 1);
        Volatile.Write(ref _pages, _pages + written);
        if (_pages >= _limitPages)
            Run(busyMilliseconds);
    }

    /// <summary>Checkpoints now, syncing the log and the database, and lets the log begin anew.</summary>
    /// <returns>Whether all of the log is in the database.</returns>
    /// <exception cref="Platform.EdgeException">Storage failed.</exception>
    public bool Run(int busyMilliseconds)
    {
        _ = raw.sqlite3_busy_timeout(file.Handle, WaitMilliseconds);
        var code = raw.sqlite3_wal_checkpoint_v2(file.Handle, "main", raw.SQLITE_CHECKPOINT_RESTART, out var inLog, out var done);
        _ = raw.sqlite3_busy_timeout(file.Handle, busyMilliseconds);
        HeldBack = (code & 0xFF) == raw.SQLITE_BUSY;
        if (code != raw.SQLITE_OK && !HeldBack)
            throw file.Failure(code);
        // Held back, the next attempt comes when the log has grown by another quarter.
        _limitPages = limitBytes / _pageSize;
        if (HeldBack)
            _limitPages = _pages + (_limitPages / 4);
        else
            Volatile.Write(ref _pages, 0);
        return !HeldBack && done >= inLog;
    }
}
