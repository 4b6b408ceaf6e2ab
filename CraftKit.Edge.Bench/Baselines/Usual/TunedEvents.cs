using Microsoft.Data.Sqlite;

namespace CraftKit.Edge.Bench.Baselines.Usual;

/// <summary>The table of events, tuned: one connection with one prepared command behind a lock, without a sync for each event.</summary>
internal sealed class TunedEvents : IEvents, IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insert;
    private readonly Lock _lock = new();

    public TunedEvents(string path)
    {
        SQLitePCL.raw.SetProvider(new SQLitePCL.SQLite3Provider_e_sqlite3());
        _connection = new SqliteConnection($"Data Source={path}");
        _connection.Open();
        using var schema = _connection.CreateCommand();
        schema.CommandText = """
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = NORMAL;
            CREATE TABLE IF NOT EXISTS events (
              sequence INTEGER PRIMARY KEY, id BLOB NOT NULL, render TEXT NOT NULL, type TEXT NOT NULL, share TEXT, address TEXT NOT NULL,
              user_agent TEXT, metadata TEXT, created_at INTEGER NOT NULL);
            """;
        schema.ExecuteNonQuery();
        _insert = _connection.CreateCommand();
        _insert.CommandText = """
            INSERT INTO events (id, render, type, share, address, user_agent, metadata, created_at)
            VALUES ($id, $render, $type, $share, $address, $user_agent, $metadata, $created_at)
            """;
        foreach (var name in (string[])["$id", "$render", "$type", "$share", "$address", "$user_agent", "$metadata", "$created_at"])
            _insert.Parameters.Add(new SqliteParameter { ParameterName = name });
        _insert.Prepare();
    }

    /// <summary>Stores one event in a transaction of its own.</summary>
    public void Insert(string render, string type, string? share, string address, string? userAgent, string? metadata)
    {
        lock (_lock)
        {
            object?[] values =
                [Guid.CreateVersion7().ToByteArray(), render, type, share, address, userAgent, metadata, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()];
            for (var i = 0; i < values.Length; i++)
                _insert.Parameters[i].Value = values[i] ?? DBNull.Value;
            _insert.ExecuteNonQuery();
        }
    }

    public void Dispose()
    {
        _insert.Dispose();
        _connection.Dispose();
    }
}
