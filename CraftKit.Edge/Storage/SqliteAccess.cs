namespace CraftKit.Edge.Storage;

/// <summary>What a process may do with a database file that it opens.</summary>
internal enum SqliteAccess
{
    /// <summary>Reads; the file must be there. An older schema is taken as it is: <see cref="SqliteFile.SchemaVersion"/> tells.</summary>
    ReadOnly,

    /// <summary>Reads and writes; creates a missing file with the current schema. An older schema is refused.</summary>
    ReadWrite,

    /// <summary>Reads and writes, creates, and brings an older schema up to date: for the process that serves, nobody else.</summary>
    Migrate,
}
