using System.Text.Json;
using CraftKit.Edge.Json;
using CraftKit.Edge.Metrics;
using CraftKit.Edge.Platform;
using CraftKit.Edge.Service;
using CraftKit.Edge.Storage;

namespace CraftKit.Edge.Http.Admin;

/// <summary>The figures of the dashboard as JSON (docs/API.md, "Figures").</summary>
internal static class StatsJson
{
    /// <summary>Reads and writes everything.</summary>
    /// <param name="json">Takes the object.</param>
    /// <param name="gateway">The service.</param>
    /// <param name="time">The clock.</param>
    /// <param name="recent">The last seconds.</param>
    public static void Write(this Utf8JsonWriter json, IEdgeGateway gateway, TimeProvider time, RecentTraffic recent)
    {
        var figures = gateway.ReadFigures();
        var (recorded, duplicates) = gateway.Events.Totals();
        json.WriteStartObject();
        json.WriteString("time"u8, TimeText.Of(time.GetUtcNow()));
        json.WriteString("version"u8, ProgramVersion.Current.Number);
        json.WriteString("startedAt"u8, TimeText.Of(figures.StartedAt));
        json.WriteBoolean("ready"u8, figures.NotReadyReasons.Count == 0);
        json.WriteStartArray("reasons"u8);
        foreach (var reason in figures.NotReadyReasons)
            json.WriteStringValue(reason);
        json.WriteEndArray();
        json.WriteNumber("recorded"u8, recorded);
        json.WriteNumber("duplicates"u8, duplicates);
        json.WriteSeconds(recent);
        json.WriteToday(figures.Today);
        json.WriteLatency(recent);
        json.WriteParts(figures);
        json.WriteProcess();
        json.WriteNumber("socketLoopLagSeconds"u8, recent.LongestLag.TotalSeconds);
        json.WriteEndObject();
    }

    private static void WriteSeconds(this Utf8JsonWriter json, RecentTraffic recent)
    {
        Span<long> recorded = stackalloc long[RecentTraffic.Seconds], duplicates = stackalloc long[RecentTraffic.Seconds];
        recent.CopyTo(recorded, duplicates);
        json.WriteStartObject("seconds"u8);
        json.WriteStartArray("recorded"u8);
        foreach (var events in recorded)
            json.WriteNumberValue(events);
        json.WriteEndArray();
        json.WriteStartArray("duplicates"u8);
        foreach (var events in duplicates)
            json.WriteNumberValue(events);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteToday(this Utf8JsonWriter json, DayFigures today)
    {
        json.WriteStartObject("today"u8);
        json.WriteNumber("viewed"u8, today.Viewed);
        json.WriteNumber("downloaded"u8, today.Downloaded);
        json.WriteNumber("printed"u8, today.Printed);
        json.WriteEndObject();
        json.WriteStartArray("busiest"u8);
        foreach (var render in today.Busiest)
        {
            json.WriteStartObject();
            json.WriteString("projectId"u8, render.ProjectId);
            json.WriteString("renderId"u8, render.RenderId);
            json.WriteNumber("events"u8, render.Events);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteLatency(this Utf8JsonWriter json, RecentTraffic recent)
    {
        Span<long> durations = stackalloc long[LatencyBuckets.Count];
        if (recent.Durations(durations) == 0)
        {
            json.WriteNull("latency"u8);
            return;
        }

        json.WriteStartObject("latency"u8);
        json.WriteNumber("p50"u8, LatencyBuckets.All.Quantile(durations, 0.5) / TimeSpan.TicksPerSecond);
        json.WriteNumber("p99"u8, LatencyBuckets.All.Quantile(durations, 0.99) / TimeSpan.TicksPerSecond);
        json.WriteNumber("p999"u8, LatencyBuckets.All.Quantile(durations, 0.999) / TimeSpan.TicksPerSecond);
        json.WriteEndObject();
    }

    private static void WriteParts(this Utf8JsonWriter json, ServiceFigures figures)
    {
        json.WriteStartObject("window"u8);
        json.WriteNumber("keys"u8, figures.Window.Keys);
        json.WriteNumber("maxKeys"u8, figures.Window.MaxKeys);
        json.WriteNumber("tables"u8, figures.Window.Tables);
        json.WriteNumber("bytes"u8, figures.Window.Bytes);
        json.WriteEndObject();
        json.WriteStartObject("journal"u8);
        json.WriteNumber("usedBytes"u8, figures.Journal.UsedBytes);
        json.WriteNumber("capacityBytes"u8, figures.Journal.CapacityBytes);
        json.WriteNumber("oldestSeconds"u8, figures.Journal.Oldest.TotalSeconds);
        json.WriteEndObject();
        json.WriteStartObject("writer"u8);
        json.WriteNumber("behindSeconds"u8, figures.Writer.Behind.TotalSeconds);
        json.WriteNumber("behindLimitSeconds"u8, EventWriter.BehindLimit.TotalSeconds);
        json.WriteNumber("rows"u8, figures.Writer.Meter.Rows);
        json.WriteNumber("batches"u8, figures.Writer.Meter.Batches);
        json.WriteString("failure"u8, figures.Writer.Failure);
        json.WriteEndObject();
        json.WriteStartObject("wal"u8);
        json.WriteNumber("bytes"u8, figures.WalBytes);
        json.WriteNumber("limitBytes"u8, EventWriter.WalLimitBytes);
        json.WriteEndObject();
        json.WriteStartObject("catalog"u8);
        json.WriteNumber("projects"u8, figures.Catalog.Projects);
        json.WriteNumber("keys"u8, figures.Catalog.Keys);
        json.WriteNumber("renders"u8, figures.Catalog.Renders);
        json.WriteNumber("ageSeconds"u8, figures.CatalogAge.TotalSeconds);
        json.WriteEndObject();
    }

    private static void WriteProcess(this Utf8JsonWriter json)
    {
        var process = ProcessFigures.Read();
        json.WriteStartObject("process"u8);
        json.WriteNumber("residentBytes"u8, process.ResidentBytes);
        json.WriteNumber("cpuSeconds"u8, process.Cpu.TotalSeconds);
        json.WriteNumber("gcBytes"u8, process.HeapBytes);
        json.WriteEndObject();
    }
}
