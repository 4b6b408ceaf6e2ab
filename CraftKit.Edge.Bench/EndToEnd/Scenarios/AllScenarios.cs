namespace CraftKit.Edge.Bench.EndToEnd.Scenarios;

/// <summary>All scenarios.</summary>
internal static class AllScenarios
{
    /// <summary>In the order in which they are run and written down.</summary>
    public static IReadOnlyList<Scenario> List { get; } =
    [
        new LoadScenario { Name = "duplicates", About = "every event a duplicate", NewInTen = 0 },
        new LoadScenario { Name = "new", About = "every event new and stored", NewInTen = 10 },
        new LoadScenario { Name = "mixed", About = "one event in ten new", NewInTen = 1 },
        new LoadScenario { Name = "usual", About = "every event new and stored, beside the usual way", NewInTen = 10, Rivals = [Rival.Usual, Rival.UsualTuned] },
        new LoadScenario { Name = "duplicates-1", About = "every event a duplicate, one connection", NewInTen = 0, Connections = 1 },
        new LoadScenario { Name = "new-1", About = "every event new and stored, one connection", NewInTen = 10, Connections = 1 },
        new LoadScenario { Name = "duplicates-256", About = "every event a duplicate, 256 connections", NewInTen = 0, Connections = 256 },
        new LoadScenario { Name = "new-256", About = "every event new and stored, 256 connections", NewInTen = 10, Connections = 256 },
        new LoadScenario { Name = "duplicates-0b", About = "every event a duplicate, without metadata", NewInTen = 0, MetadataBytes = 0 },
        new LoadScenario { Name = "new-0b", About = "every event new and stored, without metadata", NewInTen = 10, MetadataBytes = 0 },
        new LoadScenario { Name = "duplicates-8k", About = "every event a duplicate, 8 KiB of metadata", NewInTen = 0, MetadataBytes = 8192 },
        new LoadScenario
        {
            Name = "new-8k", About = "every event new and stored, 8 KiB of metadata", NewInTen = 10, MetadataBytes = 8192, Rivals = [Rival.Static], CountsRefusals = true,
        },
        new LoadScenario { Name = "https-duplicates", About = "every event a duplicate, https", NewInTen = 0, IsHttps = true, Rivals = [Rival.Static] },
        new LoadScenario { Name = "https-new", About = "every event new and stored, https", NewInTen = 10, IsHttps = true, Rivals = [Rival.Static] },
        new KeysScenario { Name = "keys", About = "every event a duplicate, at random over 10 M, 1 M and 1 k live keys" },
        new FsyncScenario { Name = "fsync", About = "every event new and stored, durability fsync beside journal, 256 connections" },
        new StartScenario { Name = "start", About = "from the start of the process to its first answer" },
        new MemoryScenario { Name = "memory", About = "resident memory at rest" },
        new AllocationsScenario { Name = "allocations", About = "what a request allocates" },
        new AdminScenario { Name = "admin", About = "events at 30 % of capacity while the admin plane is kept busy" },
        new BulkScenario { Name = "bulk", About = "bulk requests that keep the writer busy, every event new" },
        new GrowthScenario { Name = "growth", About = "the window from nothing to 10 M keys and back, in this process" },
        new AppendScenario { Name = "append", About = "appending to the journal beside the writer, in this process" },
        new WriterScenario { Name = "writer", About = "what the writer sustains, in this process" },
        new IdleScenario { Name = "idle", About = "CPU time at rest" },
    ];
}
