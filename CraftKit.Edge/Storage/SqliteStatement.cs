using System.Runtime.CompilerServices;
using System.Text;
using SQLitePCL;

namespace CraftKit.Edge.Storage;

/// <summary>A prepared statement over borrowed bytes: nothing is allocated once it is prepared.</summary>
/// <remarks>Belongs to the one thread that uses its <see cref="SqliteFile"/> at the time. Parameters count from 1, columns from 0.</remarks>
internal sealed unsafe class SqliteStatement : IDisposable
{
    private const uint PreparePersistent = 1;

    // SQLITE_TRANSIENT: SQLite copies the value before the call returns, so a span over the stack or a movable array will do.
    private const nint Transient = -1;

    private readonly SqliteFile _file;
    private nint _statement;

    internal SqliteStatement(SqliteFile file, string sql)
    {
        _file = file;
        var bytes = Encoding.UTF8.GetBytes(sql);
        nint statement;
        fixed (byte* start = bytes)
            file.Check(SqliteCalls.Prepare(file.Pointer, start, bytes.Length, PreparePersistent, &statement, null));
        _statement = statement;
    }

    /// <summary>Goes to the next row.</summary>
    /// <returns>True with a row, false when the statement is done; it is then reset and may be bound again.</returns>
    /// <exception cref="Platform.EdgeException">SQLite failed; the statement is reset.</exception>
    public bool Step()
    {
        var code = TryStep();
        if (code == raw.SQLITE_ROW)
            return true;
        if (code != raw.SQLITE_DONE)
            throw _file.Failure(code);
        return false;
    }

    /// <summary>Like <see cref="Step"/>, but a failure is a result.</summary>
    /// <returns><see cref="raw.SQLITE_ROW"/>, <see cref="raw.SQLITE_DONE"/>, or an extended error code; the statement is reset after all
    /// but the first.</returns>
    public int TryStep()
    {
        var code = SqliteCalls.Step(_statement);

        // The reset repeats the code of a failed step, which says nothing new.
        if (code != raw.SQLITE_ROW)
            _ = SqliteCalls.Reset(_statement);
        return code;
    }

    /// <summary>Runs a statement whose rows, if any, are of no interest.</summary>
    /// <exception cref="Platform.EdgeException">SQLite failed.</exception>
    public void Run()
    {
        if (Step())
            Reset();
    }

    /// <summary>Ends a statement before its last row; it may then be bound again. Bound values stay.</summary>
    public void Reset() => _ = SqliteCalls.Reset(_statement);

    public SqliteStatement Bind(int parameter, long value)
    {
        _file.Check(SqliteCalls.BindInt64(_statement, parameter, value));
        return this;
    }

    public SqliteStatement BindNull(int parameter)
    {
        _file.Check(SqliteCalls.BindNull(_statement, parameter));
        return this;
    }

    /// <summary>Binds a BLOB; an empty span is an empty BLOB, not NULL.</summary>
    public SqliteStatement BindBlob(int parameter, ReadOnlySpan<byte> value)
    {
        byte none = 0;
        fixed (byte* start = value)
            _file.Check(SqliteCalls.BindBlob(_statement, parameter, start is null ? &none : start, value.Length, Transient));
        return this;
    }

    /// <summary>Binds TEXT given in UTF-8; an empty span is an empty text, not NULL.</summary>
    public SqliteStatement BindText(int parameter, ReadOnlySpan<byte> utf8)
    {
        byte none = 0;
        fixed (byte* start = utf8)
            _file.Check(SqliteCalls.BindText(_statement, parameter, start is null ? &none : start, utf8.Length, Transient));
        return this;
    }

    /// <summary>Binds TEXT, or NULL for null.</summary>
    public SqliteStatement BindText(int parameter, string? value) =>
        value is null ? BindNull(parameter) : BindText(parameter, Encoding.UTF8.GetBytes(value));

    public bool IsNull(int column) => SqliteCalls.ColumnType(_statement, column) == raw.SQLITE_NULL;

    public long ColumnInt64(int column) => SqliteCalls.ColumnInt64(_statement, column);

    /// <summary>The bytes of a BLOB or, in UTF-8, of a TEXT; empty for NULL. Valid until the next step or reset.</summary>
    /// <remarks>The databases are UTF-8, so SQLite hands out its own bytes for a TEXT too, unconverted.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> ColumnBytes(int column)
    {
        // In this order: sqlite3_column_bytes is the length of what the call before it returned.
        var start = SqliteCalls.ColumnBlob(_statement, column);
        return new ReadOnlySpan<byte>(start, SqliteCalls.ColumnBytes(_statement, column));
    }

    /// <summary>A TEXT; null for NULL.</summary>
    public string? ColumnText(int column) => IsNull(column) ? null : Encoding.UTF8.GetString(ColumnBytes(column));

    public void Dispose()
    {
        // Finalizing repeats the failure of the last step, which its caller has seen.
        _ = SqliteCalls.Finalize(_statement);
        _statement = 0;
    }
}
