using System.Security.Cryptography;
using System.Text;
using Xunit;

namespace CraftKit.Edge.Tests.Binary;

/// <summary>A damaged journal is named by <c>check</c>, never stops the start, and costs what is damaged alone (docs/API.md, guarantee 9).</summary>
public sealed class DamagedJournalTests
{
    private const int Events = 200;

    private Told _told = new();

    [Fact]
    public async Task What_a_crash_left_is_found_and_stored_when_nothing_is_damaged()
    {
        await using var folder = await CreateWithFullJournalAsync();
        var check = await folder.RunAsync("check");
        Assert.Equal((0, ""), (check.ExitCode, check.Error));
        Assert.Contains($" {Events} events not stored yet", check.Output, StringComparison.Ordinal);
        Assert.Equal("0", SqliteShell.Run(folder.DataFile("events.db"), "SELECT count(*) FROM events"));
        _told.AssertKept(await folder.ExportAsync());
        Assert.Contains(" 0 events not stored yet", await folder.OkAsync("check", "--full"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flipped_byte_costs_its_event_alone()
    {
        await using var folder = await CreateWithFullJournalAsync();
        var place = PlaceOf(folder, n: 100);
        Change(folder, place, bytes => bytes[0] ^= 0x20);
        await AssertNamedAsync(folder);
        var stored = await StartAndExportAsync(folder, isWhole: false);
        Assert.Equal(Enumerable.Range(1, Events).Where(n => n != 100).Select(n => (long)n), stored.Select(one => one.N));

        // The damage was set aside, so the folder is sound again.
        await folder.StopAsync();
        var check = await folder.RunAsync("check", "--full");
        Assert.True(check.ExitCode == 0, check.ToString());
        Assert.Contains(
            Directory.GetFiles(folder.DataPath),
            path => Path.GetFileName(path) != "events.journal" && File.ReadAllBytes(path).AsSpan().IndexOf("192.0.2.100"u8) < 0 && path.Contains("journal", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_journal_that_was_cut_off_costs_what_is_missing()
    {
        await using var folder = await CreateWithFullJournalAsync();
        var place = PlaceOf(folder, n: 150);
        using (var journal = File.OpenWrite(folder.DataFile("events.journal")))
            journal.SetLength(place);
        await AssertNamedAsync(folder);
        var stored = await StartAndExportAsync(folder, isWhole: false);
        Assert.Equal(Enumerable.Range(1, 149).Select(n => (long)n), stored.Select(one => one.N));
    }

    [Theory]
    [InlineData("foreign")]
    [InlineData("head")]
    public async Task A_journal_that_is_none_is_named_and_set_aside(string fault)
    {
        await using var folder = await CreateWithFullJournalAsync();
        var path = folder.DataFile("events.journal");
        switch (fault)
        {
            case "foreign":
                File.WriteAllBytes(path, RandomNumberGenerator.GetBytes(1 << 20));
                break;
            default:
                Change(folder, 0, head => RandomNumberGenerator.Fill(head.AsSpan(0, 64)));
                break;
        }
        await AssertNamedAsync(folder);
        var stored = await StartAndExportAsync(folder, isWhole: false);
        Assert.True(stored.Count <= Events, "events were made up");
        using var client = folder.Connect();
        Assert.True((await _told.PostAsync(client, new DedupeScope("r39", "printed", "203.0.113.1")))!.IsRecorded);
        Assert.Contains(await folder.ExportAsync(), one => one.SourceIp == "203.0.113.1");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_journal_that_lost_every_byte_is_told(bool isThere)
    {
        await using var folder = await ServedFolder.CreateAsync();
        Assert.Equal(0, (await folder.RunAsync("check")).ExitCode);
        await folder.StartAsync();
        using (var client = folder.Connect())
            Assert.True((await _told.PostAsync(client, DedupeScope.Number(1)))!.IsRecorded);
        await folder.StopAsync();
        File.Delete(folder.DataFile("events.journal"));
        if (isThere)
            File.WriteAllBytes(folder.DataFile("events.journal"), []);
        await AssertNamedAsync(folder);
        await folder.StartAsync();
        Assert.Contains("events.journal: missing or empty", folder.Server.Error, StringComparison.Ordinal);
        using var again = folder.Connect();
        Assert.True((await _told.PostAsync(again, DedupeScope.Number(1).ToLike()))!.IsDuplicate);
        Assert.True((await _told.PostAsync(again, DedupeScope.Number(2)))!.IsRecorded);
        await folder.StopAsync();
        _told.AssertKept(await folder.ExportAsync());
        Assert.Equal(0, (await folder.RunAsync("check")).ExitCode);
    }

    [Fact]
    public async Task Random_damage_never_stops_the_start_and_never_makes_an_event_up()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var round = 0; round < 4; round++)
        {
            await using var folder = await CreateWithFullJournalAsync();
            var (first, last) = (PlaceOf(folder, 1) - 500, PlaceOf(folder, Events) + 500);
            for (var flips = 1 << random.Next(8); flips > 0; flips--)
                Change(folder, random.NextInt64(0, 3) == 0 ? random.NextInt64(0, last) : random.NextInt64(first, last), bytes => bytes[0] ^= (byte)random.Next(1, 256));
            var stored = await StartAndExportAsync(folder, isWhole: null);
            Assert.Equal(stored.Count, stored.DistinctBy(one => one.N).Count());
            Assert.All(stored, one => Assert.Equal(_told.ScopeOf(one.N), new DedupeScope(one.RenderId, one.EventType, one.SourceIp)));
        }
    }

    [Fact]
    public async Task Beside_a_server_check_says_what_it_left_out()
    {
        await using var folder = await ServedFolder.CreateAsync();
        await folder.StartAsync();
        using var client = folder.Connect();
        Assert.True((await _told.PostAsync(client, DedupeScope.Number(1)))!.IsRecorded);
        foreach (var arguments in new string[][] { ["check"], ["check", "--full"] })
        {
            var check = await folder.RunAsync(arguments);
            Assert.Equal((0, ""), (check.ExitCode, check.Error));
            Assert.Contains("being served", check.Output, StringComparison.Ordinal);
            var pages = arguments is [_, "--full"] ? "the structure of its [0-9,]+ bytes is whole" : "left out beside a serving process: ";
            Assert.Matches($"(?m)^ok     events\\.db: {pages}", check.Output);
            Assert.Matches($"(?m)^ok     catalog\\.db: {pages}", check.Output);
            Assert.Matches("(?m)^ok     events\\.journal: .*left out beside a serving process: ", check.Output);
        }
    }

    /// <summary>A folder that a process was killed in while nobody could store: every event is in the journal and none in the database.</summary>
    private async Task<ServedFolder> CreateWithFullJournalAsync()
    {
        var folder = await ServedFolder.CreateAsync();
        _told = new Told();
        try
        {
            await folder.StartAsync();
            using var others = SqliteShell.LockForWriting(folder.DataFile("events.db"));
            using var client = folder.Connect();
            for (var n = 0; n < Events; n++)
                Assert.True((await _told.PostAsync(client, DedupeScope.Number(n)))!.IsRecorded);
            await folder.Server.KillAsync();
            return folder;
        }
        catch
        {
            await folder.DisposeAsync();
            throw;
        }
    }

    private static async Task AssertNamedAsync(ServedFolder folder)
    {
        // Looking changes nothing: the second look finds the same.
        for (var look = 0; look < 2; look++)
        {
            var check = await folder.RunAsync("check");
            Assert.True(check.ExitCode == 1, check.ToString());
            Assert.Matches("(?m)^FAULT  events\\.journal: ", check.Output);
        }
    }

    private static async Task<List<StoredEvent>> StartAndExportAsync(ServedFolder folder, bool? isWhole)
    {
        await folder.StartAsync();
        if (isWhole is { } whole)
            Assert.Equal(!whole, folder.Server.Error.Contains("set aside", StringComparison.Ordinal));
        return await folder.ExportAsync();
    }

    /// <summary>Where the metadata of an event stands in the journal.</summary>
    private static long PlaceOf(ServedFolder folder, int n)
    {
        var place = File.ReadAllBytes(folder.DataFile("events.journal")).AsSpan().IndexOf(Encoding.ASCII.GetBytes($$"""{"n":{{n}}}"""));
        Assert.True(place > 0, $"event {n} is not in the journal");
        return place;
    }

    private static void Change(ServedFolder folder, long place, Action<byte[]> change)
    {
        using var journal = File.Open(folder.DataFile("events.journal"), FileMode.Open, FileAccess.ReadWrite);
        var bytes = new byte[64];
        journal.Position = place;
        journal.ReadExactly(bytes);
        change(bytes);
        journal.Position = place;
        journal.Write(bytes);
    }
}
