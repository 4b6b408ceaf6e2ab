using CraftKit.Edge.Platform;
using SQLitePCL;

namespace CraftKit.Edge.Storage;

/// <summary>What SQLite answered, kept as the inner exception of the line for the operator, for code that must tell failures
/// apart.</summary>
internal sealed class SqliteFault : Exception
{
    private SqliteFault(int code, string message)
        : base(message) => Code = code;

    /// <summary>SQLite's extended result code.</summary>
    public int Code { get; }

    /// <summary>SQLite's primary result code, such as <see cref="raw.SQLITE_BUSY"/>.</summary>
    public int PrimaryCode => Code & 0xFF;

    /// <summary>The primary result code behind <paramref name="exception"/>; <see cref="raw.SQLITE_OK"/> when SQLite was not involved.</summary>
    public static int PrimaryCodeOf(EdgeException exception) => exception.InnerException is SqliteFault fault ? fault.PrimaryCode : raw.SQLITE_OK;

    /// <summary>The line for the operator: what failed on which file, and what to do.</summary>
    public static EdgeException Describe(string path, int code, string detail)
    {
        detail = detail.ReplaceLineEndings(" ");
        var line = (code & 0xFF) switch
        {
            raw.SQLITE_FULL => $"{path}: the disk is full; free space and try again",
            raw.SQLITE_READONLY => $"{path}: cannot be written ({detail}); check the file system and the permissions of the file and its folder",
            raw.SQLITE_CANTOPEN or raw.SQLITE_PERM or raw.SQLITE_AUTH =>
                $"{path}: cannot be opened ({detail}); check that it exists and that this user may read and write it and its folder",
            raw.SQLITE_IOERR => $"{path}: I/O error {code} ({detail}); check the disk, its free space and the system's log",
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_PROTOCOL =>
                $"{path}: another process kept it locked for too long; try again when that one is done",
            raw.SQLITE_CORRUPT => $"{path}: the database is damaged ({detail}); move it away with its -wal file and restore a backup",
            raw.SQLITE_NOTADB => $"{path}: not a database of craftkit-edge ({detail}); move it away or choose another data folder",
            raw.SQLITE_NOMEM => $"{path}: out of memory; give the process more",
            _ => $"{path}: SQLite error {code} ({detail}); this is a fault of craftkit-edge, please report it",
        };
        return new EdgeException(line, inner: new SqliteFault(code, detail));
    }
}
