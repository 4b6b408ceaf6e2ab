using System.Diagnostics;
using System.Runtime.InteropServices;
using CraftKit.Edge.Tests.Catalog;
using CraftKit.Edge.Tests.Metrics;
using Xunit;

namespace CraftKit.Edge.Tests.Http.Admin;

/// <summary>The metrics of the process are true. It is the one of all tests, so nothing else runs beside this.</summary>
[Collection(Alone.Name)]
public sealed class ProcessMetricsTests
{
    [Fact]
    public async Task The_process_and_its_collector_move_with_what_the_process_does()
    {
        const int Bytes = 128 << 20, Handles = 300, Threads = 40;
        await using var server = await AdminServer.StartAsync();

        // What tests before this one left is not to go, and take memory with it, between the two looks.
        for (var round = 0; round < 2; round++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        var before = await ScrapeAsync(server);
        using var process = Process.GetCurrentProcess();
        Assert.Equal((process.StartTime.ToUniversalTime() - DateTime.UnixEpoch).TotalSeconds, Value(before, "process_start_time_seconds"), 1.0);

        var memory = Marshal.AllocHGlobal(Bytes);
        var handles = Enumerable.Range(0, Handles).Select(_ => File.OpenHandle("/dev/null")).ToList();
        using var stop = new ManualResetEventSlim();
        var threads = Enumerable.Range(0, Threads).Select(_ => new Thread(() => stop.Wait())).ToList();
        try
        {
            unsafe
            {
                new Span<byte>((void*)memory, Bytes).Fill(1);
            }

            threads.ForEach(thread => thread.Start());
            for (var used = Environment.CpuUsage.TotalTime; Environment.CpuUsage.TotalTime - used < TimeSpan.FromMilliseconds(50);)
                Thread.SpinWait(1000);
            var heap = new byte[8 << 20];
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);
            var after = await ScrapeAsync(server);

            Assert.True(Value(after, "process_resident_memory_bytes") > Value(before, "process_resident_memory_bytes") + (Bytes / 2));
            Assert.True(Value(after, "process_cpu_seconds_total") >= Value(before, "process_cpu_seconds_total") + 0.04);

            // Connections and the thread pool's threads may go meanwhile.
            Assert.True(Value(after, "process_open_fds") >= Value(before, "process_open_fds") + (Handles / 2));
            Assert.True(Value(after, "process_threads") >= Value(before, "process_threads") + (Threads / 2));
            Assert.True(Value(after, "gc_heap_bytes") >= heap.Length);
            Assert.True(Value(after, "gc_allocated_bytes_total") >= Value(before, "gc_allocated_bytes_total") + heap.Length);
            Assert.True(Value(after, "gc_pause_seconds_total") > Value(before, "gc_pause_seconds_total"));
            foreach (var generation in new[] { 0, 1, 2 })
                Assert.True(Collections(after, generation) > Collections(before, generation), $"generation {generation}");
            Assert.Equal(3, after.Labels["generation"].Distinct().Count());
            GC.KeepAlive(heap);
        }
        finally
        {
            stop.Set();
            threads.ForEach(thread => thread.Join());
            handles.ForEach(handle => handle.Dispose());
            Marshal.FreeHGlobal(memory);
        }
    }

    private static double Collections(Scrape scrape, int generation) => Value(scrape, $"gc_collections_total{{generation=\"{generation}\"}}");

    private static double Value(Scrape scrape, string series) => scrape["craftkit_edge_" + series];

    private static async Task<Scrape> ScrapeAsync(AdminServer server) => new((await server.SendAsync("GET", "/metrics", key: "")).Expect(200).Body);
}
