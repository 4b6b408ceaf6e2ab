using System.Text;
using CraftKit.Edge.Platform;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CraftKit.Edge.Storage;

/// <summary>An open database file, opened the way that every database of ours is: private from its creation, in WAL mode, waiting
/// for locks rather than failing, and only if it is ours.</summary>
/// <remarks>
/// <para>A connection is used by one thread at a time. The process opens a database in no other way than through SQLite, not even to
/// read it: closing any descriptor of the file would drop SQLite's locks on it.</para>
/// <para>What is not ours, damaged, or of a newer version is refused before anything is written: the look at the file happens on a
/// connection that cannot write.</para>
/// </remarks>
internal sealed class SqliteFile : IDisposable
{
    /// <summary>How long a statement waits for the lock of another connection.</summary>
    public static readonly TimeSpan BusyTimeout = TimeSpan.FromSeconds(30);

    private const int PageSize = 16384;

    // A file is created by opening and closing it. No other thread may open it through SQLite in between, see the remarks.
    private static readonly Lock OpeningGate = new();

    private readonly SqliteConnection _connection;
    private readonly sqlite3 _database;

    private SqliteFile(string path, SqliteConnection connection)
    {
        FilePath = path;
        _connection = connection;
        _database = connection.Handle!;
        Pointer = _database.DangerousGetHandle();
    }

    public string FilePath { get; }

    /// <summary>SQLitePCL's handle, for the calls that this type does not offer.</summary>
    public sqlite3 Handle => _database;

    /// <summary>The version of the schema in the file; below the program's only when opened read-only.</summary>
    public int SchemaVersion { get; private set; }

    /// <summary>Rows that the statement before changed.</summary>
    public long Changes => SqliteCalls.Changes(Pointer);

    /// <summary>Whether the file is gone from its path, or another one is there: what is read and written here is then an orphan.</summary>
    public unsafe bool HasMoved
    {
        get
        {
            const int FileControlHasMoved = 20;

            // Where the platform cannot tell, the answer stays no.
            var moved = 0;
            _ = SqliteCalls.FileControl(Pointer, null, FileControlHasMoved, &moved);
            return moved != 0;
        }
    }

    internal nint Pointer { get; }

    /// <summary>Opens a database file.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="schema">Whose file it has to be.</param>
    /// <param name="access">What may be done with it.</param>
    /// <param name="synchronous">When commits wait for the disk.</param>
    /// <exception cref="EdgeException">The file is missing (read-only), foreign, damaged, of a newer version, of an older one that this
    /// caller may not migrate, or cannot be opened; it is left as it was.</exception>
    public static SqliteFile Open(string path, SqliteSchema schema, SqliteAccess access, SqliteSynchronous synchronous)
    {
        SqliteNative.Initialize(Path.GetDirectoryName(Path.GetFullPath(path)));
        if (access == SqliteAccess.ReadOnly)
            return OpenReadOnly(path, schema);
        Probe(path, schema, access);
        var file = Connect(path, SqliteOpenMode.ReadWrite, create: true);
        try
        {
            file.Prepare(schema, access, synchronous);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Prepares a statement for many uses.</summary>
    public SqliteStatement Prepare(string sql) => new(this, sql);

    /// <summary>Runs a script of statements.</summary>
    public void Execute(string sql) => Check(raw.sqlite3_exec(_database, sql));

    /// <summary>The first column of the only row.</summary>
    public long QueryInt64(string sql)
    {
        using var statement = Prepare(sql);
        return statement.Step() ? statement.ColumnInt64(0) : 0;
    }

    /// <summary>Begins a transaction that holds the right to write from its first moment, so that it never fails half way because
    /// another connection wrote.</summary>
    public SqliteTransaction BeginImmediate()
    {
        Execute("BEGIN IMMEDIATE");
        return new SqliteTransaction(this);
    }

    /// <summary>Begins a transaction that reads one state of the database; keep it short, it holds checkpoints back.</summary>
    public SqliteTransaction BeginRead()
    {
        Execute("BEGIN");
        return new SqliteTransaction(this);
    }

    /// <summary>The line for the operator about the failure that SQLite just answered.</summary>
    public EdgeException Failure(int code)
    {
        // A primary code only says less than the connection knows, unless the connection is about something else.
        var extended = raw.sqlite3_extended_errcode(_database);
        return SqliteFault.Describe(
            FilePath,
            (extended & 0xFF) == (code & 0xFF) ? extended : code,
            (extended & 0xFF) == (code & 0xFF) ? raw.sqlite3_errmsg(_database).utf8_to_string() : raw.sqlite3_errstr(code).utf8_to_string());
    }

    public void Dispose() => _connection.Dispose();

    internal void Check(int code)
    {
        if (code != raw.SQLITE_OK)
            throw Failure(code);
    }

    private static SqliteFile OpenReadOnly(string path, SqliteSchema schema)
    {
        if (!File.Exists(path))
            throw new EdgeException($"{path}: not found; check the data folder");
        var file = Connect(path, SqliteOpenMode.ReadOnly, create: false);
        try
        {
            file.SchemaVersion = file.CheckIdentity(schema);
            if (file.SchemaVersion == 0)
                throw new EdgeException($"{path}: empty; let craftkit-edge serve create it");
            file.Execute("PRAGMA query_only=ON");
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Looks whose file it is without being able to change it. A connection that may write could roll a foreign file's
    /// journal back, or checkpoint its WAL when it closes.</summary>
    private static void Probe(string path, SqliteSchema schema, SqliteAccess access)
    {
        if (!File.Exists(path))
            return;

        // Without a WAL nobody has it open, and "immutable" leaves no -wal and -shm beside what is not ours.
        if (!File.Exists(path + "-wal"))
        {
            try
            {
                using var unused = Connect($"file:{Escape(Path.GetFullPath(path))}?immutable=1", SqliteOpenMode.ReadOnly, create: false, path);
                unused.RefuseOlder(unused.CheckIdentity(schema), schema, access);
                return;
            }
            catch (EdgeException) when (File.Exists(path + "-wal"))
            {
                // Somebody opened it meanwhile, so what was seen may be half of a change: look again, with locks.
            }
        }

        using var file = Connect(path, SqliteOpenMode.ReadOnly, create: false);
        try
        {
            file.RefuseOlder(file.CheckIdentity(schema), schema, access);
        }
        catch (EdgeException e) when (e.InnerException is SqliteFault { Code: raw.SQLITE_READONLY_ROLLBACK })
        {
            // A crash in the middle of the file's creation: it cannot be read before SQLite has rolled it back.
        }
    }

    private static SqliteFile Connect(string name, SqliteOpenMode mode, bool create, string? path = null)
    {
        path ??= name;
        // Unpooled: a pool would keep the file open, and its locks taken, after it was closed here.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = name, Mode = mode, Pooling = false }.ToString());
        try
        {
            lock (OpeningGate)
            {
                if (create)
                    CreatePrivately(path);
                connection.Open();
            }

            // The busy timeout comes before every pragma: reading a WAL that is being recovered already has to wait.
            _ = raw.sqlite3_busy_timeout(connection.Handle, (int)BusyTimeout.TotalMilliseconds);
            _ = raw.sqlite3_extended_result_codes(connection.Handle, 1);
            return new SqliteFile(path, connection);
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw SqliteFault.Describe(path, e.SqliteExtendedErrorCode, e.Message);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void CreatePrivately(string path)
    {
        // "Create new" opens nothing when the file is there, so it closes nothing either.
        if (File.Exists(path))
            return;
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            using var created = new FileStream(path, options);
            PosixFile.GiveToOwnerOfFolder(created.SafeFileHandle, path);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was faster; the file is as good as ours.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EdgeException($"{path}: cannot be created ({e.Message.ReplaceLineEndings(" ")}); check the data folder and its permissions", inner: e);
        }
    }

    /// <summary>Checks that the file is one of <paramref name="schema"/>'s and not newer.</summary>
    /// <returns>Its version; 0 for a file that has nothing in it yet.</returns>
    private int CheckIdentity(SqliteSchema schema)
    {
        // One state of the file, also while another process is creating it.
        if (raw.sqlite3_get_autocommit(_database) != 0)
        {
            using var transaction = BeginRead();
            return CheckIdentity(schema);
        }

        var application = QueryInt64("PRAGMA application_id");
        var version = QueryInt64("PRAGMA user_version");
        if (application == 0 && version == 0 && QueryInt64("SELECT count(*) FROM sqlite_schema") == 0)
            return 0;
        if (application != schema.ApplicationId)
            throw new EdgeException($"{FilePath}: a database of another program; move it away or choose another data folder");
        if (version > schema.Version)
        {
            throw new EdgeException(
                $"{FilePath}: written by a newer craftkit-edge (schema {version}, this program knows {schema.Version}); run that version, or restore a backup");
        }

        return (int)version;
    }

    private void Prepare(SqliteSchema schema, SqliteAccess access, SqliteSynchronous synchronous)
    {
        var version = CheckIdentity(schema);
        RefuseOlder(version, schema, access);
        if (version == 0)
            Execute($"PRAGMA page_size={PageSize}");
        EnterWal();
        Execute($"PRAGMA synchronous={(int)synchronous}; PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY");
        if (version < schema.Version)
            Migrate(schema);
        SchemaVersion = schema.Version;
    }

    /// <summary>Two connections that change a new file's mode at once may find each other in the way, and SQLite does not wait then:
    /// waiting with a lock held would never end.</summary>
    private void EnterWal()
    {
        var deadline = Environment.TickCount64 + (long)BusyTimeout.TotalMilliseconds;
        while (true)
        {
            var code = raw.sqlite3_exec(_database, "PRAGMA journal_mode=WAL");
            if ((code & 0xFF) != raw.SQLITE_BUSY || Environment.TickCount64 > deadline)
            {
                Check(code);
                return;
            }

            Thread.Sleep(5);
        }
    }

    private void RefuseOlder(int version, SqliteSchema schema, SqliteAccess access)
    {
        if (version != 0 && version < schema.Version && access != SqliteAccess.Migrate)
        {
            throw new EdgeException(
                $"{FilePath}: schema {version} is older than this program's {schema.Version}; start craftkit-edge serve once, which migrates it");
        }
    }

    private void Migrate(SqliteSchema schema)
    {
        using var transaction = BeginImmediate();

        // Another process may have created or migrated the file while this one waited for the lock.
        for (var version = CheckIdentity(schema); version < schema.Version; version++)
            Execute(schema.Migrations[version]);
        Execute($"PRAGMA application_id={schema.ApplicationId}; PRAGMA user_version={schema.Version}");
        transaction.Commit();
    }

    private static string Escape(string path)
    {
        var escaped = new StringBuilder(path.Length + 8);
        if (OperatingSystem.IsWindows())
            escaped.Append('/');
        foreach (var c in path)
        {
            _ = c switch
            {
                '%' => escaped.Append("%25"),
                '?' => escaped.Append("%3f"),
                '#' => escaped.Append("%23"),
                '\\' when OperatingSystem.IsWindows() => escaped.Append('/'),
                _ => escaped.Append(c),
            };
        }

        return escaped.ToString();
    }
}
