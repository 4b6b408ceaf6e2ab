using System.Security.Cryptography;
using Xunit;

namespace CraftKit.Edge.Tests.Binary;

/// <summary>A damaged, foreign or newer database is refused with exit code 1 in one line and left as it was, and <c>check</c> names it (docs/API.md, guarantees 9
/// and 10).</summary>
public sealed class DamagedDatabaseTests
{
    private const int PageSize = 16384;

    [Theory]
    [InlineData("events.db", "garbage", "not a database")]
    [InlineData("catalog.db", "garbage", "not a database")]
    [InlineData("events.db", "foreign", "another program")]
    [InlineData("catalog.db", "foreign", "another program")]
    [InlineData("events.db", "newer", "newer craftkit-edge")]
    [InlineData("catalog.db", "newer", "newer craftkit-edge")]
    [InlineData("events.db", "cut", "damaged")]
    [InlineData("catalog.db", "cut", "damaged")]
    public async Task A_database_that_cannot_be_used_is_refused_and_left_as_it_was(string name, string fault, string reason)
    {
        await using var folder = await CreateStoppedAsync();
        var path = folder.DataFile(name);
        switch (fault)
        {
            case "garbage":
                File.WriteAllBytes(path, RandomNumberGenerator.GetBytes(100_000));
                break;
            case "foreign":
                File.Delete(path);
                SqliteShell.Run(path, "CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)");
                break;
            case "newer":
                SqliteShell.Run(path, "PRAGMA user_version=99");
                break;
            default:
                using (var file = File.OpenWrite(path))
                    file.SetLength(file.Length / PageSize / 2 * PageSize);
                break;
        }

        await AssertRefusedUntouchedAsync(folder, name, reason);
    }

    [Theory]
    [InlineData("events.db", "state")]
    [InlineData("events.db", "renders")]
    [InlineData("catalog.db", "keys")]
    [InlineData("catalog.db", "renders")]
    public async Task A_database_with_a_damaged_page_is_refused_and_left_as_it_was(string name, string table)
    {
        await using var folder = await CreateStoppedAsync();
        Overwrite(folder.DataFile(name), RootPageOf(folder, name, table));
        await AssertRefusedUntouchedAsync(folder, name, "damaged");
    }

    [Fact]
    public async Task A_damaged_database_is_left_as_it_was_also_with_the_log_of_a_crash_beside_it()
    {
        await using var folder = await CreateStoppedAsync();
        await folder.StartAsync();
        using (var client = folder.Connect())
        {
            for (var n = 100; n < 150; n++)
                Assert.True((await client.PostAsync(DedupeScope.Number(n), n))!.IsRecorded);
            await Task.Delay(500);
        }
        await folder.Server.KillAsync();
        Assert.True(new FileInfo(folder.DataFile("events.db-wal")).Length > 0, "the crash left no log");
        using (var file = File.OpenWrite(folder.DataFile("events.db")))
        {
            // Its name and its log are whole, but every page that is not in the log.
            file.Position = PageSize;
            file.Write(RandomNumberGenerator.GetBytes((int)file.Length - PageSize));
        }
        await AssertRefusedUntouchedAsync(folder, "events.db", "damaged");
    }

    [Theory]
    [InlineData("events.db", "events")]
    [InlineData("catalog.db", "projects")]
    public async Task Check_names_a_damaged_page(string name, string table)
    {
        await using var folder = await CreateStoppedAsync();
        Assert.Equal(0, (await folder.RunAsync("check")).ExitCode);
        Overwrite(folder.DataFile(name), RootPageOf(folder, name, table));
        foreach (var arguments in new string[][] { ["check"], ["check", "--full"] })
        {
            var result = await folder.RunAsync(arguments);
            Assert.Equal((1, ""), (result.ExitCode, result.Error));
            Assert.Matches($"(?m)^FAULT  {name.Replace(".", "\\.", StringComparison.Ordinal)}: ", result.Output);
        }
    }

    private static async Task<ServedFolder> CreateStoppedAsync()
    {
        var folder = await ServedFolder.CreateAsync();
        await folder.StartAsync();
        using (var client = folder.Connect())
        {
            for (var n = 0; n < 100; n++)
                Assert.True((await client.PostAsync(DedupeScope.Number(n), n))!.IsRecorded);
        }
        await folder.StopAsync();
        return folder;
    }

    /// <summary>Neither a serving process nor a command changes, adds or takes away a byte of the folder's databases and journal.</summary>
    private static async Task AssertRefusedUntouchedAsync(ServedFolder folder, string name, string reason)
    {
        var before = Contents(folder);
        var serve = await folder.RunAsync("serve");
        Assert.True(serve.ExitCode == 1, serve.ToString());
        Assert.Equal("", serve.Output);
        Assert.Matches("^craftkit-edge: [^\n]+\n$", serve.Error);
        Assert.Contains(folder.DataFile(name), serve.Error, StringComparison.Ordinal);
        Assert.Contains(reason, serve.Error, StringComparison.Ordinal);
        AssertUntouched(before, folder, name);

        var check = await folder.RunAsync("check", "--full");
        Assert.Equal((1, ""), (check.ExitCode, check.Error));
        Assert.Matches($"(?m)^FAULT  {name.Replace(".", "\\.", StringComparison.Ordinal)}: ", check.Output);
        AssertUntouched(before, folder, name);
    }

    private static void AssertUntouched(Dictionary<string, string> before, ServedFolder folder, string name)
    {
        // Of the other database SQLite may come and go as it likes, and a shared-memory file holds no data.
        var after = Contents(folder);
        foreach (var file in new[] { name, name + "-wal", "events.journal" })
            Assert.True(before.GetValueOrDefault(file) == after.GetValueOrDefault(file), $"{file} was {(before.ContainsKey(file) ? after.ContainsKey(file) ? "changed" : "deleted" : "created")}");
    }

    private static Dictionary<string, string> Contents(ServedFolder folder) =>
        // SQLite leaves an empty log where a connection that only reads was the last; it says nothing.
        Directory.GetFiles(folder.DataPath).Where(path => new FileInfo(path).Length > 0).ToDictionary(path => Path.GetFileName(path), path => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path))));

    private static long RootPageOf(ServedFolder folder, string name, string table) =>
        long.Parse(SqliteShell.Run(folder.DataFile(name), $"SELECT rootpage FROM sqlite_schema WHERE name = '{table}'"), System.Globalization.CultureInfo.InvariantCulture);

    private static void Overwrite(string path, long page)
    {
        using var file = File.OpenWrite(path);
        file.Position = (page - 1) * PageSize;
        file.Write(RandomNumberGenerator.GetBytes(PageSize));
    }
}
