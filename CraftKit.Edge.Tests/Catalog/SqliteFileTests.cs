using System.Collections.Concurrent;
using System.Security.Cryptography;
using CraftKit.Edge.Platform;
using CraftKit.Edge.Storage;
using SQLitePCL;
using Xunit;

namespace CraftKit.Edge.Tests.Catalog;

public sealed class SqliteFileTests : IDisposable
{
    private static readonly SqliteSchema One = new(0x1234, ["CREATE TABLE t(a INTEGER, b TEXT, c BLOB)"]);
    private static readonly SqliteSchema Two = One with { Migrations = [.. One.Migrations, "ALTER TABLE t ADD COLUMN d"] };

    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TemporaryFolder _folder = new();

    private string FilePath => _folder.PathOf("some #1?.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_embedded_library_answers_with_a_version_that_is_safe_to_ship()
    {
        SqliteNative.Initialize(null);

        Assert.True(Version.Parse(SqliteNative.Version) >= new Version(3, 51, 3), SqliteNative.Version);
        Assert.Contains("e_sqlite3", File.ReadAllText("/proc/self/maps"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_file_is_private_and_in_WAL_mode_with_large_pages()
    {
        using var file = Open(One, SqliteAccess.ReadWrite);

        Assert.Equal(Private, ModeOf(FilePath));
        Assert.Equal(Private, ModeOf(FilePath + "-wal"));
        Assert.Equal(16384, file.QueryInt64("PRAGMA page_size"));
        Assert.Equal(1, file.QueryInt64("PRAGMA user_version"));
        Assert.Equal(1, file.QueryInt64("SELECT count(*) FROM pragma_journal_mode WHERE journal_mode='wal'"));
    }

    [Fact]
    public void A_statement_brings_back_what_was_bound()
    {
        using var file = Open(One, SqliteAccess.ReadWrite);
        using (var insert = file.Prepare("INSERT INTO t VALUES (?,?,?)"))
        {
            insert.Bind(1, long.MinValue).BindText(2, "tëxt"u8).BindBlob(3, [1, 0, 2]).Run();
            insert.BindNull(1).BindText(2, ""u8).BindBlob(3, []).Run();
        }

        using var select = file.Prepare("SELECT a,b,c,typeof(b),typeof(c) FROM t ORDER BY rowid");
        Assert.True(select.Step());
        Assert.Equal(long.MinValue, select.ColumnInt64(0));
        Assert.Equal("tëxt", select.ColumnText(1));
        Assert.Equal([1, 0, 2], select.ColumnBytes(2).ToArray());
        Assert.True(select.Step());
        Assert.True(select.IsNull(0));
        Assert.Equal("", select.ColumnText(1));
        Assert.Equal("text", select.ColumnText(3));
        Assert.Equal("blob", select.ColumnText(4));
        Assert.False(select.Step());
    }

    [Fact]
    public void A_statement_allocates_nothing_once_prepared()
    {
        using var file = Open(One, SqliteAccess.ReadWrite);
        using var insert = file.Prepare("INSERT INTO t VALUES (?,?,?)");
        using var select = file.Prepare("SELECT a,b,c FROM t");
        using var transaction = file.BeginImmediate();
        long before = 0, bytes = 0;
        for (var i = 0; i < 100; i++)
        {
            if (i == 50)
                before = GC.GetAllocatedBytesForCurrentThread();
            insert.Bind(1, i).BindText(2, "text"u8).BindBlob(3, "blob"u8).Run();
            while (select.Step())
                bytes += select.ColumnInt64(0) + select.ColumnBytes(1).Length + select.ColumnBytes(2).Length;
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal((99 * 100 * 101 / 6) + (5050 * 8), bytes);
    }

    [Fact]
    public void A_transaction_that_was_not_committed_leaves_nothing()
    {
        using var file = Open(One, SqliteAccess.ReadWrite);
        using (file.BeginImmediate())
            file.Execute("INSERT INTO t VALUES (1,2,3)");

        Assert.Equal(0, file.QueryInt64("SELECT count(*) FROM t"));
    }

    [Fact]
    public void An_older_file_is_migrated_only_by_who_may()
    {
        Open(One, SqliteAccess.ReadWrite).Dispose();
        var before = Hash();

        var failure = Assert.Throws<EdgeException>(() => Open(Two, SqliteAccess.ReadWrite));
        Assert.Contains("serve", failure.Message, StringComparison.Ordinal);
        Assert.Equal(before, Hash());
        using (var reader = Open(Two, SqliteAccess.ReadOnly))
            Assert.Equal(1, reader.SchemaVersion);
        using var file = Open(Two, SqliteAccess.Migrate);
        Assert.Equal(2, file.QueryInt64("PRAGMA user_version"));
        Assert.Equal(4, file.QueryInt64("SELECT count(*) FROM pragma_table_info('t')"));
    }

    [Theory]
    [InlineData(SqliteAccess.ReadOnly)]
    [InlineData(SqliteAccess.ReadWrite)]
    [InlineData(SqliteAccess.Migrate)]
    internal void A_newer_file_is_refused_and_left_untouched(SqliteAccess access)
    {
        Open(Two, SqliteAccess.ReadWrite).Dispose();
        AssertRefused(access, "newer");
    }

    [Fact]
    public void A_newer_file_with_a_WAL_that_a_crash_left_is_refused_and_left_untouched()
    {
        using (var file = Open(Two, SqliteAccess.ReadWrite))
        {
            file.Execute("INSERT INTO t(a) VALUES (7)");

            // What a crash leaves: the copies are taken while nothing writes, by another name.
            foreach (var suffix in (string[])["", "-wal"])
                File.Copy(FilePath + suffix, _folder.PathOf("crashed.db") + suffix);
        }

        var path = _folder.PathOf("crashed.db");
        var before = (Hash(path), Hash(path + "-wal"));
        Assert.Throws<EdgeException>(() => SqliteFile.Open(path, One, SqliteAccess.Migrate, SqliteSynchronous.Normal));
        Assert.Equal(before, (Hash(path), Hash(path + "-wal")));
    }

    [Theory]
    [InlineData(SqliteAccess.ReadOnly)]
    [InlineData(SqliteAccess.ReadWrite)]
    internal void A_foreign_database_is_refused_and_left_untouched(SqliteAccess access)
    {
        SqliteFile.Open(FilePath, One with { ApplicationId = 99 }, SqliteAccess.ReadWrite, SqliteSynchronous.Off).Dispose();
        AssertRefused(access, "another program");
    }

    [Theory]
    [InlineData(SqliteAccess.ReadOnly)]
    [InlineData(SqliteAccess.ReadWrite)]
    internal void A_file_that_is_no_database_is_refused_and_left_untouched(SqliteAccess access)
    {
        File.WriteAllText(FilePath, new string('x', 5000));
        AssertRefused(access, "not a database");
    }

    [Theory]
    [InlineData(SqliteAccess.ReadOnly)]
    [InlineData(SqliteAccess.ReadWrite)]
    internal void A_truncated_database_is_refused_and_left_untouched(SqliteAccess access)
    {
        using (var file = Open(One, SqliteAccess.ReadWrite))
            file.Execute("INSERT INTO t VALUES (1,2,randomblob(100000))");
        using (var bytes = new FileStream(FilePath, FileMode.Open))
            bytes.SetLength(16384 + 100);
        AssertRefused(access, "damaged");
    }

    [Fact]
    public void A_missing_file_is_not_created_by_a_reader()
    {
        Assert.Throws<EdgeException>(() => Open(One, SqliteAccess.ReadOnly));
        Assert.False(File.Exists(FilePath));
    }

    [Fact]
    public void Many_threads_may_open_a_file_that_is_not_there_yet()
    {
        var failures = new ConcurrentQueue<Exception>();
        var threads = Enumerable.Range(0, 8).Select(i => new Thread(() =>
        {
            try
            {
                using var file = Open(Two, SqliteAccess.Migrate);
                file.Execute($"INSERT INTO t(a) VALUES ({i})");
            }
            catch (EdgeException e)
            {
                failures.Enqueue(e);
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        Assert.Empty(failures);

        using var reader = Open(Two, SqliteAccess.ReadOnly);
        Assert.Equal(8, reader.QueryInt64("SELECT count(*) FROM t"));
    }

    [Fact]
    public void A_failure_names_the_file_and_keeps_the_code()
    {
        using var file = Open(One, SqliteAccess.ReadWrite);
        file.Execute("CREATE UNIQUE INDEX i ON t(a); INSERT INTO t(a) VALUES (1)");

        var failure = Assert.Throws<EdgeException>(() => file.Execute("INSERT INTO t(a) VALUES (1)"));
        Assert.StartsWith(FilePath + ": ", failure.Message, StringComparison.Ordinal);
        Assert.Equal(raw.SQLITE_CONSTRAINT, SqliteFault.PrimaryCodeOf(failure));
        Assert.DoesNotContain('\n', failure.Message);
    }

    private void AssertRefused(SqliteAccess access, string word)
    {
        var before = Hash();
        var failure = Assert.Throws<EdgeException>(() => Open(One, access));
        Assert.Contains(word, failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, failure.ExitCode);
        Assert.Equal(before, Hash());
        if (access != SqliteAccess.ReadOnly)
            Assert.Equal([FilePath], Directory.GetFiles(_folder.FullPath));
    }

    private SqliteFile Open(SqliteSchema schema, SqliteAccess access) => SqliteFile.Open(FilePath, schema, access, SqliteSynchronous.Normal);

    private static UnixFileMode ModeOf(string path) => OperatingSystem.IsWindows() ? Private : File.GetUnixFileMode(path);

    private string Hash() => Hash(FilePath);

    private static string Hash(string path) => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)));
}
