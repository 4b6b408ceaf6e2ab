using System.Diagnostics;
using CraftKit.Edge.Tests.Platform;
using Xunit;

namespace CraftKit.Edge.Tests.Binary;

/// <summary>The window's length, exactly, through restarts, reboots and settings of the wall clock (docs/API.md, "window").</summary>
/// <remarks>The wall clock is moved for one process by a library that is loaded before the C library, and a reboot is another boot id mounted over the system's in a
/// mount namespace of the process: neither changes the machine.</remarks>
[Collection(Undisturbed.Name)]
public sealed class WindowTests
{
    private const string TwoSeconds = ", \"dedupe\": { \"window\": \"00:00:02\" }";

    private readonly DedupeScope _scope = new("r0", "viewed", "192.0.2.1");

    [Fact]
    public async Task After_the_window_the_same_event_records_again_and_a_duplicate_does_not_extend_it()
    {
        await using var folder = await ServedFolder.CreateAsync(TwoSeconds);
        await folder.StartAsync();
        using var client = folder.Connect();
        var n = 0;
        for (var round = 0; round < 3; round++)
        {
            // The claim lies between these two.
            var before = Stopwatch.GetTimestamp();
            Assert.True((await client.PostAsync(_scope, ++n))!.IsRecorded);
            var after = Stopwatch.GetTimestamp();
            while (true)
            {
                var asked = Stopwatch.GetElapsedTime(after);
                var answer = await client.PostAsync(_scope.ToLike(), ++n);
                var answered = Stopwatch.GetElapsedTime(before);
                if (answer!.IsRecorded)
                {
                    Assert.True(answered >= TimeSpan.FromSeconds(2), $"the window ended after {answered}");
                    break;
                }
                Assert.True(answer.IsDuplicate, answer.ToString());
                Assert.True(asked <= TimeSpan.FromSeconds(2), $"the window still stood after {asked}");
            }
            await Task.Delay(2100);
        }
    }

    [Fact]
    public async Task A_restart_inside_the_window_neither_shortens_nor_extends_it()
    {
        const int Seconds = 6;
        await using var folder = await ServedFolder.CreateAsync(TwoSeconds.Replace("02", "06", StringComparison.Ordinal));
        await folder.StartAsync();
        var before = Stopwatch.GetTimestamp();
        using (var client = folder.Connect())
            Assert.True((await client.PostAsync(_scope, 1))!.IsRecorded);
        var after = Stopwatch.GetTimestamp();
        for (var restart = 0; restart < 2; restart++)
        {
            await folder.Server.KillAsync();
            await folder.StartAsync();
        }
        using var again = folder.Connect();
        var duplicates = 0;
        while (true)
        {
            var asked = Stopwatch.GetElapsedTime(after);
            var answer = await again.PostAsync(_scope, 2);
            var answered = Stopwatch.GetElapsedTime(before);
            if (answer!.IsRecorded)
            {
                Assert.True(answered >= TimeSpan.FromSeconds(Seconds), $"the window ended after {answered}");
                break;
            }
            Assert.True(asked <= TimeSpan.FromSeconds(Seconds), $"the window still stood after {asked}");
            duplicates++;
            await Task.Delay(5);
        }
        Assert.True(duplicates > 0, "the restarts took longer than the window");
    }

    [Theory]
    [InlineData(-86_400)]
    [InlineData(86_400)]
    public async Task A_setting_of_the_wall_clock_moves_no_window_through_a_restart(int seconds)
    {
        using var clock = new TemporaryFolder();
        await using var folder = await ServedFolder.CreateAsync();
        await folder.StartAsync();
        using (var client = folder.Connect())
            Assert.True((await client.PostAsync(_scope, 1))!.IsRecorded);
        await folder.StopAsync();
        await folder.StartAsync(await ShiftedClock.EnvironmentAsync(clock, seconds));
        using var again = folder.Connect();
        Assert.True((await again.PostAsync(_scope, 2))!.IsDuplicate);
        Assert.True((await again.PostAsync(_scope with { EventType = "printed" }, 3))!.IsRecorded);
        var stored = await folder.ExportAsync();
        Assert.InRange((stored[1].CreatedAt - stored[0].CreatedAt).TotalSeconds, seconds - 1, seconds + 60);
        await folder.StopAsync();
        await folder.StartAsync();
        using var third = folder.Connect();
        Assert.True((await third.PostAsync(_scope, 4))!.IsDuplicate);
        Assert.True((await third.PostAsync(_scope with { EventType = "printed" }, 5))!.IsDuplicate);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(240, true)]
    [InlineData(400, false)]
    [InlineData(-5000, true)]
    public async Task After_a_reboot_the_age_is_that_of_the_wall_clock(int seconds, bool isDuplicate)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can mount");
        using var clock = new TemporaryFolder();
        await using var folder = await ServedFolder.CreateAsync();
        await folder.StartAsync();
        using (var client = folder.Connect())
            Assert.True((await client.PostAsync(_scope, 1))!.IsRecorded);
        await folder.Server.KillAsync();

        // The window is rebuilt from the store or, as here, by way of the journal.
        File.WriteAllText(clock["boot_id"], "6b0a7f3e-4c1d-4e2b-9a55-0123456789ab\n");
        await folder.StartAsync(
            await ShiftedClock.EnvironmentAsync(clock, seconds),
            ["unshare", "--mount", "bash", "-c", "mount --bind \"$0\" /proc/sys/kernel/random/boot_id && exec \"$@\"", clock["boot_id"]]);
        using var again = folder.Connect();
        var answer = await again.PostAsync(_scope, 2);
        Assert.True(isDuplicate ? answer!.IsDuplicate : answer!.IsRecorded, answer!.ToString());
        Assert.Equal(isDuplicate ? 1 : 2, (await folder.ExportAsync()).Count);
    }
}
