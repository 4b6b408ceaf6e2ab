using System.Text;
using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Catalog;

/// <summary>Tells by the times of <c>catalog.db</c> and its log whether a look into the database can be spared. They are asked of the folder, no
/// file is opened. Every commit of whatever process writes to the log, and so moves its time. For one thread at a time.</summary>
internal sealed class CatalogStamp(string path, TimeProvider time)
{
    /// <summary>How coarse the times of files may be: what is younger may change once more and keep its time.</summary>
    private static readonly TimeSpan Grain = TimeSpan.FromSeconds(2);

    /// <summary>Rests longer than this are not taken on trust, for a file system or a clock that nobody thought of.</summary>
    private static readonly TimeSpan Trust = TimeSpan.FromSeconds(5);

    private readonly byte[] _database = PathOf(path), _log = PathOf(path + "-wal");
    private (FileStamp Database, FileStamp Log) _looked;
    private long _lookedAt;
    private bool _isSettled;

    /// <summary>Whether the database is as it was at <see cref="Looked"/>. No when in doubt.</summary>
    public bool IsSame => _isSettled && time.GetElapsedTime(_lookedAt) < Trust && Read() == _looked;

    /// <summary>To be called before a look into the database: what changes from now on is seen by <see cref="IsSame"/>.</summary>
    public void Looked()
    {
        var now = time.GetUtcNow();
        _lookedAt = time.GetTimestamp();
        _looked = Read();

        // By a clock that was set back, files of the future count as young.
        _isSettled = _looked.Database.IsOlder(now - Grain) && (_looked.Log.IsOlder(now - Grain) || _looked.Log == default);
    }

    // As the system takes it, so that the usual look is two calls and nothing else.
    private static byte[] PathOf(string path) => Encoding.UTF8.GetBytes(path + '\0');

    private (FileStamp Database, FileStamp Log) Read() =>
        OperatingSystem.IsLinux() ? (LinuxFile.StampOf(_database), LinuxFile.StampOf(_log)) : default;
}
