using System.Net;
using System.Text;
using CraftKit.Edge.Catalog;
using CraftKit.Edge.Configuration;
using CraftKit.Edge.Events;
using CraftKit.Edge.Http;
using CraftKit.Edge.Metrics;
using CraftKit.Edge.Service;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace CraftKit.Edge.Tests.Http;

public sealed class EventRouteAllocationTests
{
    [Fact]
    public void A_good_event_allocates_nothing_of_ours()
    {
        Assert.True(TrustedProxies.TryParse(["10.0.0.0/8"], out var proxies, out _));
        var endpoint = new EventsEndpoint(new CountingGateway(), proxies, 65_536, NullLogger.Instance);
        var context = new RequestContext();
        context.Reset(FeaturesOf());
        var body = Encoding.UTF8.GetBytes("""{"eventType":"viewed","metadata":{"a":[1,"\u00e9"]}}""");
        var before = 0L;
        var answered = 0;
        for (var i = 0; i < 4_000; i++)
        {
            if (i == 2_000)
                before = GC.GetAllocatedBytesForCurrentThread();
            answered += context.ReadPath().Route == Route.Events
                && context.Authorization.Length > 0
                && endpoint.Decide(context, body, out var commit).Status == 200
                && commit.IsCompletedSuccessfully ? 1 : 0;
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(4_000, answered);
    }

    private static FeatureCollection FeaturesOf()
    {
        var request = new HttpRequestFeature { RawTarget = "/v1/renders/0197_render-A/events?x=1", Method = "POST" };
        request.Headers.Authorization = "Bearer " + InMemoryGateway.Key;
        request.Headers.UserAgent = "Mozilla/5.0 (caf\u00c3\u00a9)";
        request.Headers["X-Forwarded-For"] = "198.51.100.1, 203.0.113.7:80, 10.1.2.3";
        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(request);
        features.Set<IHttpConnectionFeature>(new HttpConnectionFeature { RemoteIpAddress = IPAddress.Parse("10.0.0.1") });
        return features;
    }

    private sealed class CountingGateway : IEdgeGateway
    {
        public AdminGateway Admin => throw new NotSupportedException();

        public EventMeter Events { get; } = new();

        public AuthenticationStatus Authenticate(ReadOnlySpan<char> authorization, out object? project) => throw new NotSupportedException();

        public RecordStatus Record(
            object project,
            ReadOnlySpan<byte> renderId,
            EventType type,
            ClientAddress address,
            bool hasUserAgent,
            ReadOnlySpan<byte> userAgent,
            ReadOnlySpan<byte> metadata,
            out ValueTask commit)
        {
            commit = default;
            return address == ClientAddress.FromIPv4(0xCB007107) && renderId.Length == 13 && userAgent.Length == 19 ? RecordStatus.Recorded : RecordStatus.Unavailable;
        }

        public bool TryPrepare(
            object project, ReadOnlySpan<byte> renderId, EventType type, ClientAddress address, Span<byte> share, out PreparedEvent prepared) =>
            throw new NotSupportedException();

        public RecordStatus RecordBulk(
            in PreparedEvent prepared, bool hasUserAgent, ReadOnlySpan<byte> userAgent, ReadOnlySpan<byte> metadata, out long commit) =>
            throw new NotSupportedException();

        public ValueTask CommitAsync(long commit) => throw new NotSupportedException();

        public bool IsBehind => throw new NotSupportedException();

        public ValueTask<bool> CatchUpAsync(CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<Engagement?> ReadEngagementAsync(object project, string renderId, CancellationToken cancellation) => throw new NotSupportedException();

        public ServiceFigures ReadFigures() => throw new NotSupportedException();

        public IReadOnlyList<string> NotReadyReasons() => [];
    }
}
