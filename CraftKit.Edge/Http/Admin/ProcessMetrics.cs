using System.Diagnostics;
using System.Globalization;
using CraftKit.Edge.Metrics;

namespace CraftKit.Edge.Http.Admin;

/// <summary>The metrics of the process and of its garbage collector.</summary>
internal static class ProcessMetrics
{
    private const string Descriptors = "/proc/self/fd";

    /// <summary>Reads and writes them.</summary>
    public static void Write(PrometheusText text)
    {
        using var process = Process.GetCurrentProcess();
        var figures = ProcessFigures.Read();
        text.Gauge("craftkit_edge_process_resident_memory_bytes", "Memory of the process that is in RAM.").Add(figures.ResidentBytes);
        text.Counter("craftkit_edge_process_cpu_seconds_total", "Processor time that the process has used, in user and system mode.").Add(figures.Cpu.TotalSeconds);
        text.Gauge("craftkit_edge_process_start_time_seconds", "When the process started, Unix time.")
            .Add((process.StartTime.ToUniversalTime() - DateTime.UnixEpoch).TotalSeconds);
        text.Gauge("craftkit_edge_process_threads", "Threads of the process.").Add(process.Threads.Count);

        // One of them is the look itself.
        if (OperatingSystem.IsLinux())
            text.Gauge("craftkit_edge_process_open_fds", "File descriptors that the process has open.").Add(Directory.EnumerateFileSystemEntries(Descriptors).Count() - 1);

        text.Gauge("craftkit_edge_gc_heap_bytes", "Objects on the heap, garbage that was not collected yet included.").Add(figures.HeapBytes);
        text.Counter("craftkit_edge_gc_allocated_bytes_total", "Bytes that were allocated on the heap.").Add(GC.GetTotalAllocatedBytes());
        text.Counter("craftkit_edge_gc_collections_total", "Collections of a generation, those of an older one included.");
        for (var generation = 0; generation <= GC.MaxGeneration; generation++)
            text.Add(GC.CollectionCount(generation), ("generation", generation.ToString(CultureInfo.InvariantCulture)));

        text.Counter("craftkit_edge_gc_pause_seconds_total", "Time that the program stood still for collections.").Add(GC.GetTotalPauseDuration().TotalSeconds);
    }
}
