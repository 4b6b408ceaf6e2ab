using Xunit;

namespace CraftKit.Edge.Tests.Binary;

/// <summary>The counts of the day are figures to look at: what keeps them from being kept keeps no event from being stored.</summary>
public sealed class DayCountsTests
{
    [Fact]
    public async Task Counts_that_cannot_be_turned_to_the_new_day_hinder_nothing()
    {
        var told = new Told();
        await using var folder = await ServedFolder.CreateAsync();
        await folder.StartAsync();
        using (var client = folder.Connect())
            Assert.True((await told.PostAsync(client, DedupeScope.Number(0)))!.IsRecorded);
        await folder.StopAsync();

        // What is in the database is of yesterday, and a trigger refuses to begin today.
        SqliteShell.Run(folder.DataFile("events.db"), "UPDATE state SET day = day - 1; CREATE TRIGGER stuck BEFORE UPDATE OF day ON state BEGIN SELECT raise(ABORT, 'stuck'); END;");
        await folder.StartAsync();
        await folder.Server.WaitForErrorAsync("the counts of the day cannot be read");
        using (var client = folder.Connect())
        {
            for (var n = 1; n <= 200; n++)
                Assert.True((await told.PostAsync(client, DedupeScope.Number(n)))!.IsRecorded);
            Assert.Equal(200, (await client.GetAsync("/readyz"))!.Status);
        }

        await Task.Delay(1000, TestContext.Current.CancellationToken);
        told.AssertKept(await folder.ExportAsync(), onlyTold: true);
        var stopped = await folder.StopAsync();
        Assert.Contains("everything is stored", stopped.Error, StringComparison.Ordinal);

        // When that is over, today has all of them.
        SqliteShell.Run(folder.DataFile("events.db"), "DROP TRIGGER stuck");
        await folder.StartAsync();
        await folder.StopAsync();
        Assert.Equal("200", SqliteShell.Run(folder.DataFile("events.db"), "SELECT viewed + downloaded + printed + (SELECT ifnull(sum(events), 0) FROM days WHERE days.day = state.day) FROM state"));
        told.AssertKept(await folder.ExportAsync(), onlyTold: true);
    }
}
