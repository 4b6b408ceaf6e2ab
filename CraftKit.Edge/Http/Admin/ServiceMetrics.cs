using CraftKit.Edge.Metrics;
using CraftKit.Edge.Service;
using CraftKit.Edge.Storage;

namespace CraftKit.Edge.Http.Admin;

/// <summary>The metrics of the window, the journal, the writer and the catalog.</summary>
internal static class ServiceMetrics
{
    /// <summary>Writes them.</summary>
    public static void Write(PrometheusText text, ServiceFigures figures)
    {
        text.Gauge("craftkit_edge_ready", "1 while the service is ready, as /readyz tells it.").Add(figures.NotReadyReasons.Count == 0 ? 1L : 0);
        WriteWindow(text, figures.Window);
        WriteJournal(text, figures);
        WriteWriter(text, figures);
        WriteCatalog(text, figures);
    }

    private static void WriteWindow(PrometheusText text, WindowFigures window)
    {
        text.Gauge("craftkit_edge_window_keys", "Dedupe keys in the window, expired ones that were not purged yet included.").Add(window.Keys);
        text.Gauge("craftkit_edge_window_keys_limit", "Dedupe keys from which on new events get 503.").Add(window.MaxKeys);
        text.Gauge("craftkit_edge_window_tables", "Tables that hold dedupe keys.").Add(window.Tables);
        text.Gauge("craftkit_edge_window_bytes", "Memory that the window takes.").Add(window.Bytes);
    }

    private static void WriteJournal(PrometheusText text, ServiceFigures figures)
    {
        var journal = figures.Journal;
        text.Gauge("craftkit_edge_journal_used_bytes", "Bytes of the journal that are not stored yet.").Add(journal.UsedBytes);
        text.Gauge("craftkit_edge_journal_capacity_bytes", "Bytes that the journal takes at most.").Add(journal.CapacityBytes);
        text.Gauge("craftkit_edge_journal_oldest_record_age_seconds", "Age of the oldest record that is not stored yet, 0 without one.")
            .Add(journal.Oldest.TotalSeconds);
        text.Counter("craftkit_edge_journal_replayed_records_total", "Events that the start found in the journal and stored.").Add(journal.Replay.Records);
        text.Counter("craftkit_edge_journal_damaged_bytes_total", "Bytes of the journal that the start could not read.").Add(journal.Replay.DamagedBytes);
        text.Counter("craftkit_edge_events_set_aside_total", "Events that the database refused for their own sake and that were set aside.").Add(figures.SetAside);
    }

    private static void WriteWriter(PrometheusText text, ServiceFigures figures)
    {
        var writer = figures.Writer;
        text.Counter("craftkit_edge_writer_rows_total", "Events that were stored.").Add(writer.Meter.Rows);
        text.Counter("craftkit_edge_writer_batches_total", "Transactions that stored them.").Add(writer.Meter.Batches);
        Span<long> commits = stackalloc long[LatencyBuckets.Count];
        var commitTicks = writer.Meter.Commits(commits);
        text.Histogram("craftkit_edge_writer_commit_duration_seconds", "Time that the commits of these transactions took.").Add(commits, commitTicks);
        text.Gauge("craftkit_edge_writer_behind_seconds", "Time since everything had been stored, 0 while nothing waits.").Add(writer.Behind.TotalSeconds);
        text.Gauge("craftkit_edge_storage_failing", "1 while nothing can be stored.").Add(writer.Failure is null ? 0L : 1);
        text.Gauge("craftkit_edge_wal_bytes", "Bytes in the write-ahead log of events.db.").Add(figures.WalBytes);
        text.Gauge("craftkit_edge_wal_limit_bytes", "Bytes from which on the write-ahead log is checkpointed.").Add(EventWriter.WalLimitBytes);
    }

    private static void WriteCatalog(PrometheusText text, ServiceFigures figures)
    {
        text.Gauge("craftkit_edge_catalog_projects", "Projects that are not deleted.").Add(figures.Catalog.Projects);
        text.Gauge("craftkit_edge_catalog_keys", "Keys of these projects that are not revoked.").Add(figures.Catalog.Keys);
        text.Gauge("craftkit_edge_catalog_renders", "Renders that are known.").Add(figures.Catalog.Renders);
        text.Gauge("craftkit_edge_catalog_age_seconds", "Time since the catalog was last looked at with success.").Add(figures.CatalogAge.TotalSeconds);
    }
}
