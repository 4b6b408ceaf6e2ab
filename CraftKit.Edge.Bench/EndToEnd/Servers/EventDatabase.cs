using CraftKit.Edge.Storage;
using Microsoft.Data.Sqlite;

namespace CraftKit.Edge.Bench.EndToEnd.Servers;

/// <summary>Looks into an <c>events.db</c> from outside, through SQLite as any other program would.</summary>
internal static class EventDatabase
{
    /// <summary>How many events are committed; 0 while there is no database.</summary>
    public static long Count(string path)
    {
        if (!File.Exists(path))
            return 0;
        SqliteNative.Initialize(null);
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM events";
        return (long)command.ExecuteScalar()!;
    }
}
