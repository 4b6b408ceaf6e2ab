using System.Text.RegularExpressions;
using Xunit;

namespace CraftKit.Edge.Tests.Binary;

/// <summary>A process that has a database open through SQLite opens it in no other way (docs/ARCHITECTURE.md): the descriptor's close would drop SQLite's locks, and the
/// next command to end would delete the log in use.</summary>
public sealed partial class OpeningTests
{
    [Fact]
    public async Task Serving_process_and_commands_open_the_databases_through_sqlite_alone()
    {
        await using var folder = await ServedFolder.CreateAsync();
        var logs = Directory.CreateDirectory(Path.Combine(folder.FolderPath, "logs")).FullName;
        var told = new Told();
        await folder.StartAsync();
        await folder.StopAsync();
        await folder.StartAsync(under: Calls("serve"));
        using (var client = folder.Connect())
        {
            var n = 0;
            foreach (var command in Commands(folder))
            {
                for (var i = 0; i < 20; i++)
                    Assert.True((await told.PostAsync(client, DedupeScope.Number(n++)))!.IsRecorded);
                await client.GetAsync("/v1/renders/r0/engagement");
                var result = await EdgeProcess.RunAsync(folder.FolderPath, command.Arguments, input: command.Input, under: Calls($"command-{n}"));
                Assert.True(result.ExitCode == 0, $"{string.Join(' ', command.Arguments)}: {result}");
            }
        }
        await folder.StopAsync();

        // The same without a server, when commands drain and check reads the journal.
        foreach (var arguments in new string[][] { ["events", "export"], ["check", "--full"], ["project", "list"] })
            Assert.Equal(0, (await EdgeProcess.RunAsync(folder.FolderPath, arguments, under: Calls($"alone-{arguments[0]}"))).ExitCode);
        told.AssertKept(await folder.ExportAsync(), onlyTold: true);

        var opened = 0;
        foreach (var log in Directory.GetFiles(logs))
        {
            foreach (var call in (await Trace.ReadAsync(log)).Calls.Where(call => Database().IsMatch(call.Text) && call.Succeeded))
            {
                opened++;
                Assert.True(IsOfSqlite(call), $"{Path.GetFileName(log)}: {call.Text}\n{string.Join('\n', call.Stack)}");
            }
        }
        Assert.True(opened > 40, $"the trace saw {opened} openings only");

        IReadOnlyList<string> Calls(string name) => Strace.CallsWithStacks(Path.Combine(logs, name), "open,openat,openat2,creat", DatabaseFiles(folder.DataPath));
    }

    [Fact]
    public async Task A_creation_is_the_only_other_opening_and_comes_before_sqlites()
    {
        using var empty = new Platform.TemporaryFolder();
        var log = empty["calls"];
        await using (var server = EdgeProcess.Start(
            empty.FolderPath,
            ["serve", "--url", "http://127.0.0.1:0", "--admin-url", ""],
            under: Strace.CallsWithStacks(log, "open,openat,openat2,creat,close", DatabaseFiles(empty["data"]))))
        {
            await server.WaitForErrorAsync("events on ");
            server.Signal("TERM");
            Assert.Equal(0, (await server.WaitAsync()).ExitCode);
        }
        var calls = (await Trace.ReadAsync(log)).Calls.Where(call => call.Succeeded && Database().IsMatch(call.Text)).ToList();
        foreach (var name in new[] { "catalog.db", "events.db" })
        {
            var openings = calls.Where(call => call.Name != "close" && call.Text.Contains($"/{name}\"", StringComparison.Ordinal)).ToList();
            var creation = Assert.Single(openings, call => !IsOfSqlite(call));
            Assert.Contains("O_EXCL", creation.Text, StringComparison.Ordinal);
            var closed = calls.First(call => call.Name == "close" && call.Begin > creation.Begin && call.Text.Contains($"/{name}>", StringComparison.Ordinal));
            Assert.True(openings.Where(call => call != creation).All(call => call.Begin > closed.End), $"{name} was open through SQLite while its creation was closed");
        }
    }

    [Fact]
    public async Task Thousands_of_rows_survive_a_kill_while_commands_come_and_go_beside_the_server()
    {
        var told = new Told();
        await using var folder = await ServedFolder.CreateAsync();
        await folder.StartAsync();
        var load = new EventLoad(told, seed: 1);
        var running = load.RunAsync(() => folder.Connect(), CancellationToken.None);
        foreach (var command in Commands(folder).Concat(Commands(folder)))
        {
            var result = await EdgeProcess.RunAsync(folder.FolderPath, command.Arguments, input: command.Input);
            Assert.True(result.ExitCode == 0, $"{string.Join(' ', command.Arguments)}: {result}");
            SqliteShell.Run(folder.DataFile("events.db"), "SELECT count(*) FROM events");
        }
        while (load.Sent < 6000)
            await Task.Delay(10);
        await folder.Server.KillAsync();
        await running;
        Assert.True(told.RecordedCount > 2000, $"{told.RecordedCount} rows are too few to tell");
        Assert.Equal(0, (await folder.RunAsync("check", "--full")).ExitCode);
        told.AssertKept(await folder.ExportAsync());
    }

    private static IEnumerable<(string[] Arguments, string Input)> Commands(ServedFolder folder)
    {
        var id = $"q{Guid.NewGuid():N}";
        yield return (["project", "add", "Q", "--id", id], "");
        yield return (["project", "list"], "");
        yield return (["key", "create", "--project", id], "");
        yield return (["key", "list"], "");
        yield return (["render", "add", id, "--project", id, "--share", "s"], "");
        yield return (["render", "list", "--project", id], "");
        yield return (["render", "import", "-"], $$"""{"id":"{{id}}-2","projectId":"{{id}}"}""");
        yield return (["render", "delete", id], "");
        yield return (["events", "export"], "");
        yield return (["events", "export", "--format", "csv", "--out", Path.Combine(folder.FolderPath, "events.csv")], "");
        yield return (["check"], "");
        yield return (["check", "--full"], "");
        yield return (["project", "delete", id], "");
        yield return (["version"], "");
    }

    /// <summary>Whether the C library's function was called by SQLite's library, wherever that was loaded from.</summary>
    private static bool IsOfSqlite(Trace.Call call) =>
        call.Stack.Find(frame => !frame.Contains("/libc.so", StringComparison.Ordinal))?.Contains("libe_sqlite3", StringComparison.Ordinal) ?? false;

    private static IEnumerable<string> DatabaseFiles(string dataPath) =>
        from name in new[] { "catalog.db", "events.db" }
        from suffix in new[] { "", "-wal", "-shm", "-journal" }
        select Path.Combine(dataPath, name + suffix);

    [GeneratedRegex(@"/(catalog|events)\.db(-wal|-shm|-journal)?["">]")]
    private static partial Regex Database();
}
