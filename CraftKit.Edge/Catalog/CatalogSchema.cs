using CraftKit.Edge.Storage;

namespace CraftKit.Edge.Catalog;

/// <summary>The tables of <c>catalog.db</c>.</summary>
/// <remarks>
/// Times are Unix milliseconds. Every row carries the number of its last change, drawn from one counter, and no row is ever taken
/// away: deleting marks it. So who has seen everything up to a number finds what is new by index alone. Renders stand in the order
/// of their ids, which is the order of listings and of imports.
/// </remarks>
internal static class CatalogSchema
{
    /// <summary>The name of the file in the data folder.</summary>
    public const string FileName = "catalog.db";

    private const string Version1 = """
        CREATE TABLE counter (last_change INTEGER NOT NULL);
        INSERT INTO counter VALUES (0);

        CREATE TABLE projects (
            number     INTEGER PRIMARY KEY,
            id         TEXT NOT NULL UNIQUE,
            slug       TEXT NOT NULL UNIQUE,
            name       TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            deleted_at INTEGER,
            change     INTEGER NOT NULL UNIQUE
        ) STRICT;

        CREATE TABLE keys (
            number     INTEGER PRIMARY KEY,
            id         TEXT NOT NULL UNIQUE,
            project    INTEGER NOT NULL REFERENCES projects,
            name       TEXT NOT NULL,
            prefix     TEXT NOT NULL,
            sha256     BLOB NOT NULL UNIQUE,
            created_at INTEGER NOT NULL,
            revoked_at INTEGER,
            change     INTEGER NOT NULL UNIQUE
        ) STRICT;

        CREATE TABLE renders (
            id         TEXT PRIMARY KEY,
            project    INTEGER NOT NULL,
            share      TEXT,
            created_at INTEGER NOT NULL,
            deleted_at INTEGER,
            change     INTEGER NOT NULL UNIQUE
        ) STRICT, WITHOUT ROWID;
        """;

    private const string Version2 = """
        CREATE TABLE account_keys (
            number     INTEGER PRIMARY KEY,
            id         TEXT NOT NULL UNIQUE,
            name       TEXT NOT NULL,
            prefix     TEXT NOT NULL,
            sha256     BLOB NOT NULL UNIQUE,
            created_at INTEGER NOT NULL,
            revoked_at INTEGER,
            change     INTEGER NOT NULL UNIQUE
        ) STRICT;
        """;

    /// <summary>The first version with the table <c>account_keys</c>.</summary>
    public const int AccountKeysVersion = 2;

    /// <summary>"CKec" in ASCII.</summary>
    public static SqliteSchema Schema { get; } = new(0x434B6563, [Version1, Version2]);
}
