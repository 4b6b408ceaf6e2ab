using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text;
using Xunit;

namespace CraftKit.Edge.Tests.Binary;

/// <summary>What of the outside reaches files and logs, and who may read them (docs/API.md, guarantee 8).</summary>
[UnsupportedOSPlatform("windows")]
public sealed class PrivacyTests
{
    private static readonly Dictionary<string, string> EverythingLogged = new() { ["CRAFTKIT_EDGE__LOG__LEVEL"] = "Trace" };

    [Fact]
    public async Task Folder_and_files_are_their_owners_alone_whatever_the_umask()
    {
        string[] wide = ["bash", "-c", "umask 0; exec \"$@\"", "bash"];
        await using var folder = await ServedFolder.CreateAsync();
        Directory.Delete(folder.DataPath, recursive: true);
        await using (var demo = EdgeProcess.Start(folder.FolderPath, ["serve", "--demo"], under: wide))
        {
            await demo.WaitForOutputAsync("curl ");
            AssertPrivate(folder);
            foreach (var command in new string[][] { ["events", "export"], ["check", "--full"], ["project", "add", "Q"], ["render", "import", "-"] })
            {
                var result = await EdgeProcess.RunAsync(folder.FolderPath, command, input: "", under: wide);
                Assert.True(result.ExitCode == 0, result.ToString());
                AssertPrivate(folder);
            }
            await demo.KillAsync();
        }
        AssertPrivate(folder);

        // What a damaged journal and a refused event leave is private too.
        using (var journal = File.OpenWrite(folder.DataFile("events.journal")))
        {
            journal.Position = 8192;
            journal.Write(Encoding.ASCII.GetBytes(new string('x', 8192)));
        }
        await folder.StartAsync(under: wide);
        AssertPrivate(folder);
        await folder.StopAsync();
        AssertPrivate(folder);
    }

    [Fact]
    public async Task What_root_makes_gets_the_folders_owner()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can make files for others");
        await using var folder = await ServedFolder.CreateAsync();
        Directory.Delete(folder.DataPath, recursive: true);
        Directory.CreateDirectory(folder.DataPath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await RunAsync("chown", "65534:65534", folder.DataPath);
        await folder.OkAsync("project", "add", "P", "--id", "p");
        Assert.Empty(await StrangersAsync(folder));
        await folder.StartAsync();
        Assert.Empty(await StrangersAsync(folder));
        await folder.Server.KillAsync();
        Assert.Empty(await StrangersAsync(folder));
        await folder.OkAsync("events", "export");
        await folder.OkAsync("check", "--full");
        Assert.Empty(await StrangersAsync(folder));
    }

    [Fact]
    public async Task A_key_is_nowhere_but_in_the_answer_that_shows_it()
    {
        await using var folder = await ServedFolder.CreateAsync();
        const string Unknown = "ck_live_ThisKeyIsKnownToNobodyAtAll0123456789";
        var log = new StringBuilder();
        await folder.StartAsync(EverythingLogged);
        using (var client = folder.Connect())
        using (var stranger = folder.Connect(Unknown))
        {
            for (var n = 0; n < 50; n++)
            {
                Assert.True((await client.PostAsync(DedupeScope.Number(n), n))!.IsRecorded);
                Assert.Equal(401, (await stranger.PostAsync(DedupeScope.Number(n), n))!.Status);
            }
            Assert.Equal(404, (await client.GetAsync("/v1/nothing"))!.Status);
            Assert.Equal(200, (await client.GetAsync("/v1/renders/r0/engagement"))!.Status);
            using var faulty = new EventClient(folder.EndPoint, folder.ApiKey);
            Assert.Equal(400, (await faulty.SendAsync($"POST /v1/renders/r0/events HTTP/1.1\r\nAuthorization: Bearer {folder.ApiKey}\r\n\r\n"))!.Status);
        }
        log.Append(await folder.OkAsync("key", "list", "--json")).Append(await folder.OkAsync("check", "--full"));
        log.Append((await folder.RunAsync("key", "revoke", folder.ApiKey)).Error.Replace(folder.ApiKey, "the argument", StringComparison.Ordinal));
        await folder.Server.KillAsync();
        AssertNowhere(folder, folder.Server.Error + log, folder.ApiKey, Unknown);
        await folder.StartAsync(EverythingLogged);
        var stopped = await folder.StopAsync();
        AssertNowhere(folder, stopped.Error + stopped.Output, folder.ApiKey, Unknown);
    }

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    public async Task No_control_character_of_the_outside_reaches_a_terminal(string format)
    {
        const string Hostile = "\u001b[2J\u0007\u009b31m\u007f";
        await using var folder = await ServedFolder.CreateAsync($", \"log\": {{ \"level\": \"Trace\", \"format\": \"{format}\" }}");
        await folder.OkAsync("project", "add", "x" + Hostile);
        var data = Path.Combine(folder.FolderPath, "data" + Hostile);
        Directory.Move(folder.DataPath, data);
        await folder.StartAsync(arguments: ["--data", data]);
        using (var client = folder.Connect())
        {
            Assert.True((await client.PostAsync("r0", "viewed", "192.0.2.1", $$"""{"n":1,"s":"{{"\u009b\u007f"}}"}"""))!.IsRecorded);
            foreach (var request in new[]
            {
                $"GET /{Hostile} HTTP/1.1\r\nHost: edge\r\n\r\n",
                $"GET /%1b%5b2J HTTP/1.1\r\nHost: edge\r\n\r\n",
                $"G{Hostile}T / HTTP/1.1\r\nHost: edge\r\n\r\n",
                $"GET / HTTP/1.1\r\nHost: edge{Hostile}\r\n\r\n",
                $"GET / HTTP/1.1\r\nX-{Hostile}: 1\r\nHost: edge\r\n\r\n",
                $"POST /v1/renders/r0/events HTTP/1.1\r\nHost: edge\r\nUser-Agent: {Hostile}\r\nAuthorization: Bearer {Hostile}\r\nContent-Length: 0\r\n\r\n",
            })
            {
                using var other = folder.Connect();
                Assert.InRange((await other.SendAsync(request))?.Status ?? 400, 400, 404);
            }
        }
        var text = new StringBuilder();
        foreach (var command in new[] { "events export", "events export --format csv", "check", "project list", "render list --project p", "key list", "serve" })
        {
            var result = await folder.RunAsync([.. command.Split(' '), "--data", data]);
            text.Append(result.Output).Append(result.Error);
        }
        var stopped = await folder.StopAsync();
        text.Append(stopped.Error).Append(stopped.Output);
        var raw = text.ToString().Replace("\r\n", "\n", StringComparison.Ordinal).Where(character => char.IsControl(character) && character != '\n').ToList();
        Assert.True(raw.Count == 0, $"{string.Join(' ', raw.Distinct().Select(character => $"U+{(int)character:X4}"))} in: {text}");
    }

    private static void AssertPrivate(ServedFolder folder)
    {
        Assert.Equal("700", Convert.ToString((int)File.GetUnixFileMode(folder.DataPath), 8));
        foreach (var path in Directory.GetFileSystemEntries(folder.DataPath))
            Assert.True(Convert.ToString((int)File.GetUnixFileMode(path), 8) == "600", $"{path}: {File.GetUnixFileMode(path)}");
    }

    private static void AssertNowhere(ServedFolder folder, string log, params string[] keys)
    {
        foreach (var key in keys)
        {
            // Of a key only the public prefix is kept.
            var secret = key["ck_live_12345".Length..];
            Assert.DoesNotContain(secret, log, StringComparison.Ordinal);
            foreach (var path in Directory.GetFiles(folder.DataPath))
                Assert.True(File.ReadAllBytes(path).AsSpan().IndexOf(Encoding.ASCII.GetBytes(secret)) < 0, $"{path} holds a key");
        }
    }

    private static async Task<string[]> StrangersAsync(ServedFolder folder) =>
        (await RunAsync("find", folder.DataPath, "(", "-not", "-uid", "65534", "-o", "-not", "-gid", "65534", ")")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static async Task<string> RunAsync(params string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
