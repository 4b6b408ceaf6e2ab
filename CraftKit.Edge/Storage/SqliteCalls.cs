using System.Runtime.InteropServices;

namespace CraftKit.Edge.Storage;

/// <summary>The SQLite calls that are made once or more a row, imported directly: SQLitePCL's go through a virtual call and take
/// and release a SafeHandle each time, which costs more than most of these functions do.</summary>
/// <remarks>Connections have no mutex (SqliteNative), so the suppressed transitions below cannot block: each of these calls
/// reads or writes a few words of the statement.</remarks>
internal static unsafe partial class SqliteCalls
{
    [LibraryImport(SqliteNative.Library, EntryPoint = "sqlite3_prepare_v3")]
    public static partial int Prepare(nint database, byte* sql, int length, uint flags, nint* statement, byte** tail);

    [LibraryImport(SqliteNative.Library, EntryPoint = "sqlite3_finalize")]
    public static partial int Finalize(nint statement);

    [LibraryImport(SqliteNative.Library, EntryPoint = "sqlite3_step")]
    public static partial int Step(nint statement);

    [LibraryImport(SqliteNative.Library, EntryPoint = "sqlite3_reset")]
    public static partial int Reset(nint statement);

    [LibraryImport(SqliteNative.Library, EntryPoint = "sqlite3_bind_blob")]
    public static partial int BindBlob(nint statement, int index, byte* value, int length, nint destructor);

    [LibraryImport(SqliteNative.Library, EntryPoint = "sqlite3_bind_text")]
    public static partial int BindText(nint statement, int index, byte* value, int length, nint destructor);

    [LibraryImport(SqliteNative.Library, EntryPoint = "sqlite3_bind_int64")]
    [SuppressGCTransition]
    public static partial int BindInt64(nint statement, int index, long value);

    [LibraryImport(SqliteNative.Library, EntryPoint = "sqlite3_bind_null")]
    [SuppressGCTransition]
    public static partial int BindNull(nint statement, int index);

    [LibraryImport(SqliteNative.Library, EntryPoint = "sqlite3_column_type")]
    [SuppressGCTransition]
    public static partial int ColumnType(nint statement, int column);

    [LibraryImport(SqliteNative.Library, EntryPoint = "sqlite3_column_int64")]
    [SuppressGCTransition]
    public static partial long ColumnInt64(nint statement, int column);

    [LibraryImport(SqliteNative.Library, EntryPoint = "sqlite3_column_blob")]
    [SuppressGCTransition]
    public static partial byte* ColumnBlob(nint statement, int column);

    [LibraryImport(SqliteNative.Library, EntryPoint = "sqlite3_column_bytes")]
    [SuppressGCTransition]
    public static partial int ColumnBytes(nint statement, int column);

    [LibraryImport(SqliteNative.Library, EntryPoint = "sqlite3_file_control")]
    public static partial int FileControl(nint database, byte* schema, int operation, void* argument);

    [LibraryImport(SqliteNative.Library, EntryPoint = "sqlite3_changes64")]
    [SuppressGCTransition]
    public static partial long Changes(nint database);
}
