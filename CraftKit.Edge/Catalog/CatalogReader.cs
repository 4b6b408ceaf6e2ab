using System.Text;
using CraftKit.Edge.Metrics;
using CraftKit.Edge.Platform;
using CraftKit.Edge.Storage;

namespace CraftKit.Edge.Catalog;

/// <summary>Reads <c>catalog.db</c> from the last change seen on, and makes the next snapshot of it. The first one reads everything.
/// For one thread at a time.</summary>
internal sealed class CatalogReader : IDisposable
{
    // A read transaction keeps the WAL from being reset; this many rows take some tens of milliseconds.
    private const int RowsPerTransaction = 32_768;

    // Changes are gathered before they go into the shards, because a few thousand of them touch every shard already. So many of
    // them take 40 MB until they are in.
    private const int RowsPerApply = 1 << 20;

    /// <summary>Renders that are read in one turn (<see cref="EventTraffic"/>): with the pauses, a change among many of another process still takes
    /// less than the 2 microseconds that docs/API.md ("Guarantees") allows.</summary>
    private const int TurnRenders = 256;

    private readonly SqliteFile _file;
    private readonly ulong _seed;
    private readonly KeyUses _uses;
    private readonly EventTraffic? _traffic;
    private readonly SqliteStatement _dataVersion, _lastChange, _projectRows, _keyRows, _allRenders, _renderRows;
    private readonly SqliteStatement? _accountKeyRows;
    private readonly Dictionary<long, Project> _projects = [];
    private readonly Dictionary<long, (KeyHash Hash, string Id, long Project)> _keys = [];
    private readonly Dictionary<long, (KeyHash Hash, KeyUse Use)> _accountKeys = [];
    private readonly RenderList _changes = new();
    private long _seen;

    /// <summary>Opens the file.</summary>
    /// <param name="path">The file, which must be there.</param>
    /// <param name="seed">For the snapshots' hash tables.</param>
    /// <param name="uses">Where the keys' uses are marked.</param>
    /// <param name="traffic">What reading changes gives way to; null for nothing.</param>
    /// <exception cref="EdgeException">It cannot be opened, or is not what it should be.</exception>
    public CatalogReader(string path, ulong seed, KeyUses uses, EventTraffic? traffic)
    {
        _traffic = traffic;
        _uses = uses;
        _file = SqliteFile.Open(path, CatalogSchema.Schema, SqliteAccess.ReadOnly, SqliteSynchronous.Full);
        try
        {
            _seed = seed;

            // Readers of a WAL hardly ever wait; who does not get through soon is tried again, and others wait behind this.
            _file.Execute("PRAGMA busy_timeout=1000");
            _dataVersion = _file.Prepare("PRAGMA data_version");
            _lastChange = _file.Prepare("SELECT last_change FROM counter");
            _projectRows = _file.Prepare("SELECT number, id, deleted_at IS NOT NULL FROM projects WHERE change>?1 AND change<=?2");
            _keyRows = _file.Prepare("SELECT number, id, project, sha256, revoked_at IS NOT NULL FROM keys WHERE change>?1 AND change<=?2");
            if (_file.SchemaVersion >= CatalogSchema.AccountKeysVersion)
                _accountKeyRows = _file.Prepare("SELECT number, id, sha256, revoked_at IS NOT NULL FROM account_keys WHERE change>?1 AND change<=?2");
            _allRenders = _file.Prepare($"SELECT id, share, project, deleted_at IS NOT NULL FROM renders WHERE id>?1 ORDER BY id LIMIT {RowsPerTransaction}");
            _renderRows = _file.Prepare($"""
                SELECT id, share, project, deleted_at IS NOT NULL, change FROM renders
                WHERE change>?1 AND change<=?2 ORDER BY change LIMIT {RowsPerTransaction}
                """);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>Whether the file is no longer the one at its path.</summary>
    public bool HasMoved => _file.HasMoved;

    /// <summary>A number that differs from the one before when another connection, of whatever process, has changed the file.</summary>
    public long ReadDataVersion() => ReadNumber(_dataVersion);

    /// <summary>Reads what is new.</summary>
    /// <param name="current">The snapshot that this reader made last; whatever for the first one.</param>
    /// <returns>The catalog as of some moment after the call began.</returns>
    /// <exception cref="EdgeException">The file cannot be read; the next call starts from the same place.</exception>
    public CatalogSnapshot Follow(CatalogSnapshot current)
    {
        // A pass that failed may have left half of its rows behind.
        _changes.Clear();
        long last;
        KeyIndex keys;
        AccountKeyIndex accountKeys;
        using (_file.BeginRead())
        {
            last = ReadNumber(_lastChange);

            // A number that goes back: an older state was restored into the file.
            if (last < _seen)
                Forget();
            var changed = ReadProjects(last) | ReadKeys(last);
            keys = changed || _seen == 0 ? IndexKeys() : current.Keys;
            accountKeys = ReadAccountKeys(last) || _seen == 0 ? new AccountKeyIndex(_accountKeys.Values) : current.AccountKeys;
        }

        // What changes from here on has a greater number than this pass reads, and is found by the next one.
        var renders = _seen == 0 ? ReadAllRenders() : ReadRenders(current.Renders, last);
        _seen = last;
        var projects = _projects.Values.Count(project => !project.Deleted);
        return new CatalogSnapshot(last, keys, accountKeys, renders) { Counts = new CatalogCounts(projects, keys.CountLive(), renders.Count) };
    }

    public void Dispose()
    {
        foreach (var statement in (SqliteStatement?[])[_dataVersion, _lastChange, _projectRows, _keyRows, _accountKeyRows, _allRenders, _renderRows])
            statement?.Dispose();
        _file.Dispose();
    }

    private static long ReadNumber(SqliteStatement statement)
    {
        var number = statement.Step() ? statement.ColumnInt64(0) : 0;
        statement.Reset();
        return number;
    }

    private void Forget()
    {
        _seen = 0;
        _projects.Clear();
        _keys.Clear();
        _accountKeys.Clear();
    }

    private bool ReadProjects(long last)
    {
        var changed = false;
        _projectRows.Bind(1, _seen).Bind(2, last);
        while (_projectRows.Step())
        {
            var number = _projectRows.ColumnInt64(0);
            var deleted = _projectRows.ColumnInt64(2) != 0;

            // Another name is nothing to requests: the object, and what was found out with it, stays.
            if (_projects.TryGetValue(number, out var known) && known.Deleted == deleted)
                continue;
            _projects[number] = new Project(checked((int)number), Encoding.ASCII.GetString(Id(_projectRows, 1)), deleted);
            changed = true;
        }

        return changed;
    }

    private bool ReadKeys(long last)
    {
        var changed = false;
        _keyRows.Bind(1, _seen).Bind(2, last);
        while (_keyRows.Step())
        {
            var number = _keyRows.ColumnInt64(0);
            var hash = _keyRows.ColumnBytes(3);
            if (hash.Length != ApiKey.HashSize)
                throw Damaged("a key without its hash");
            if (_keyRows.ColumnInt64(4) != 0)
                _keys.Remove(number);
            else
                _keys[number] = (KeyHash.Read(hash), Encoding.ASCII.GetString(Id(_keyRows, 1)), _keyRows.ColumnInt64(2));
            changed = true;
        }

        return changed;
    }

    private bool ReadAccountKeys(long last)
    {
        // A file of a version without them was restored under the running process.
        if (_accountKeyRows is null)
            return false;
        var changed = false;
        _accountKeyRows.Bind(1, _seen).Bind(2, last);
        while (_accountKeyRows.Step())
        {
            var number = _accountKeyRows.ColumnInt64(0);
            var hash = _accountKeyRows.ColumnBytes(2);
            if (hash.Length != ApiKey.HashSize)
                throw Damaged("an account key without its hash");
            if (_accountKeyRows.ColumnInt64(3) != 0)
                _accountKeys.Remove(number);
            else
                _accountKeys[number] = (KeyHash.Read(hash), _uses.Of(Encoding.ASCII.GetString(Id(_accountKeyRows, 1))));
            changed = true;
        }

        return changed;
    }

    private KeyIndex IndexKeys()
    {
        var index = new Dictionary<KeyHash, LiveKey>(_keys.Count);
        foreach (var (hash, id, project) in _keys.Values)
        {
            var owner = _projects.GetValueOrDefault(project) ?? throw Damaged("a key without its project");
            index[hash] = new LiveKey(id, owner) { Use = _uses.Of(id) };
        }

        return new KeyIndex(index);
    }

    /// <summary>In the order of the ids, which is the order of the table. At a stretch: this is the start, or a catalog in
    /// the place of another one, and what is served meanwhile is out of date.</summary>
    private RenderIndex ReadAllRenders()
    {
        var renders = RenderIndex.Empty(_seed);
        Span<byte> after = stackalloc byte[CatalogId.MaxLength];
        int afterLength = 0, rows;
        do
        {
            rows = 0;
            using (_file.BeginRead())
            {
                _allRenders.BindText(1, after[..afterLength]);
                while (_allRenders.Step())
                {
                    var id = AddRender(_allRenders);
                    if (++rows < RowsPerTransaction)
                        continue;
                    id.CopyTo(after);
                    afterLength = id.Length;
                }
            }

            renders = ApplyWhen(renders, rows < RowsPerTransaction, null);
        }
        while (rows == RowsPerTransaction);
        return renders;
    }

    /// <summary>In the order of the changes, and giving way to those who are served meanwhile.</summary>
    private RenderIndex ReadRenders(RenderIndex renders, long last)
    {
        var seen = _seen;
        int rows;
        do
        {
            rows = 0;
            using (_file.BeginRead())
            {
                _renderRows.Bind(1, seen).Bind(2, last);
                while (_renderRows.Step())
                {
                    AddRender(_renderRows);
                    seen = _renderRows.ColumnInt64(4);
                    if (++rows % TurnRenders == 0)
                        _traffic?.GiveWay();
                }
            }

            renders = ApplyWhen(renders, rows < RowsPerTransaction, _traffic);
        }
        while (rows == RowsPerTransaction);
        return renders;
    }

    private RenderIndex ApplyWhen(RenderIndex renders, bool done, EventTraffic? traffic)
    {
        if (!done && _changes.Count < RowsPerApply)
            return renders;
        renders = renders.Apply(_changes, traffic);
        _changes.Clear();
        return renders;
    }

    private ReadOnlySpan<byte> AddRender(SqliteStatement row)
    {
        var id = Id(row, 0);
        var share = row.ColumnBytes(1);
        if (!share.IsEmpty && !CatalogId.IsValid(share))
            throw Damaged("a render with an impossible share");
        _changes.Add(id, share, row.ColumnInt64(3) != 0 ? 0 : checked((int)row.ColumnInt64(2)));
        return id;
    }

    private ReadOnlySpan<byte> Id(SqliteStatement row, int column)
    {
        var id = row.ColumnBytes(column);
        return CatalogId.IsValid(id) ? id : throw Damaged("a row with an impossible id");
    }

    private EdgeException Damaged(string what) =>
        new($"{_file.FilePath}: the database is damaged ({what}); move it away with its -wal file and restore a backup");
}
