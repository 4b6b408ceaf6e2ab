using Microsoft.Data.Sqlite;

namespace CraftKit.Edge.Bench.Baselines.Usual;

/// <summary>The table of events as the library's introduction has it: a pooled connection and a command for each event, and SQLite's own defaults in WAL
/// mode.</summary>
internal sealed class Events : IEvents
{
    private readonly string _connectionString;

    public Events(string path)
    {
        SQLitePCL.raw.SetProvider(new SQLitePCL.SQLite3Provider_e_sqlite3());
        _connectionString = $"Data Source={path}";
        using var connection = new SqliteConnection(_connectionString);
        connection.Open();
        using var schema = connection.CreateCommand();
        schema.CommandText = """
            PRAGMA journal_mode = WAL;
            CREATE TABLE IF NOT EXISTS events (
              sequence INTEGER PRIMARY KEY, id BLOB NOT NULL, render TEXT NOT NULL, type TEXT NOT NULL, share TEXT, address TEXT NOT NULL,
              user_agent TEXT, metadata TEXT, created_at INTEGER NOT NULL);
            """;
        schema.ExecuteNonQuery();
    }

    public void Insert(string render, string type, string? share, string address, string? userAgent, string? metadata)
    {
        using var connection = new SqliteConnection(_connectionString);
        connection.Open();
        using var insert = connection.CreateCommand();
        insert.CommandText = """
            INSERT INTO events (id, render, type, share, address, user_agent, metadata, created_at)
            VALUES ($id, $render, $type, $share, $address, $user_agent, $metadata, $created_at)
            """;
        insert.Parameters.AddWithValue("$id", Guid.CreateVersion7().ToByteArray());
        insert.Parameters.AddWithValue("$render", render);
        insert.Parameters.AddWithValue("$type", type);
        insert.Parameters.AddWithValue("$share", (object?)share ?? DBNull.Value);
        insert.Parameters.AddWithValue("$address", address);
        insert.Parameters.AddWithValue("$user_agent", (object?)userAgent ?? DBNull.Value);
        insert.Parameters.AddWithValue("$metadata", (object?)metadata ?? DBNull.Value);
        insert.Parameters.AddWithValue("$created_at", DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        insert.ExecuteNonQuery();
    }
}
