using CraftKit.Edge.Events;
using CraftKit.Edge.Metrics;
using CraftKit.Edge.Service;

namespace CraftKit.Edge.Http.Admin;

/// <summary>Every metric of the service as Prometheus takes it (docs/API.md, "Metrics").</summary>
internal static class MetricsPage
{
    /// <summary>Reads and writes everything.</summary>
    public static byte[] Write(IEdgeGateway gateway, ServerMeasures server, RecentTraffic recent)
    {
        var text = new PrometheusText();
        WriteRequests(text, server);
        WriteEvents(text, gateway.Events);
        ServiceMetrics.Write(text, gateway.ReadFigures());
        text.Gauge("craftkit_edge_socket_loop_lag_seconds", "Longest time in the last minute that a request waited for a socket thread.")
            .Add(recent.LongestLag.TotalSeconds);
        ProcessMetrics.Write(text);
        return text.ToBytes();
    }

    private static void WriteRequests(PrometheusText text, ServerMeasures server)
    {
        text.Counter("craftkit_edge_http_requests_total", "Requests that were answered, or refused by the server itself (route \"refused\").");
        WriteRequests(text, "data", server.DataRequests);
        WriteRequests(text, "admin", server.AdminRequests);

        text.Histogram(
            "craftkit_edge_http_request_duration_seconds", "Time from the head of a request on the data plane to the end of its answer.");
        Span<long> buckets = stackalloc long[LatencyBuckets.Count];
        var routes = server.DataRequests.Routes;
        for (var route = 0; route < routes.Count; route++)
        {
            if (routes[route] != RequestMeter.Refused)
                text.Add(buckets, server.DataRequests.Durations(route, buckets), ("route", routes[route]));
        }
    }

    private static void WriteRequests(PrometheusText text, string plane, RequestMeter requests)
    {
        for (var route = 0; route < requests.Routes.Count; route++)
        {
            for (var slot = 0; slot < HttpStatus.Count; slot++)
            {
                var count = requests.Requests(route, slot);
                if (count > 0 || HttpStatus.IsAlwaysShown(slot))
                    text.Add(count, ("plane", plane), ("route", requests.Routes[route]), ("status", HttpStatus.NameOf(slot)));
            }
        }
    }

    private static void WriteEvents(PrometheusText text, EventMeter events)
    {
        text.Counter("craftkit_edge_events_recorded_total", "Events that were recorded.");
        foreach (var type in EventMeter.Types)
            text.Add(events.RecordedOf(type), ("type", EventTypeName.Of(type)));
        text.Counter("craftkit_edge_events_duplicate_total", "Events that duplicated one of their dedupe window.");
        foreach (var type in EventMeter.Types)
            text.Add(events.DuplicatesOf(type), ("type", EventTypeName.Of(type)));
        text.Counter("craftkit_edge_events_refused_total", "Events that were answered with 503 because there was no room for them.");
        text.Add(events.RefusedFor(RefusalReason.JournalFull), ("reason", "journal_full"));
        text.Add(events.RefusedFor(RefusalReason.WindowFull), ("reason", "window_full"));
    }
}
