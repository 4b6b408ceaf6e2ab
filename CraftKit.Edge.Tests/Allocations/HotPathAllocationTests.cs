using System.Net;
using System.Text;
using CraftKit.Edge.Catalog;
using CraftKit.Edge.Configuration;
using CraftKit.Edge.Events;
using CraftKit.Edge.Http;
using CraftKit.Edge.Service;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace CraftKit.Edge.Tests.Allocations;

public sealed class HotPathAllocationTests : IDisposable
{
    private const int Operations = 3000;

    private readonly AssembledService _assembled = new();
    private readonly EdgeService _service;
    private readonly byte[] _renderId = Encoding.ASCII.GetBytes(AssembledService.RenderId);
    private readonly object _project;

    public HotPathAllocationTests()
    {
        _service = _assembled.Service;
        Assert.Equal(AuthenticationStatus.Granted, _service.Authenticate(_assembled.Authorization, out var project));
        _project = project!;
    }

    [Fact]
    public void Recording_a_duplicate_allocates_nothing()
    {
        Assert.Equal(RecordStatus.Recorded, Record(0));
        var duplicates = 0;

        Assert.Equal(0, AllocatedBytes.Of(Operations, _ => duplicates += Record(0) == RecordStatus.Duplicate ? 1 : 0));
        Assert.Equal(1000 + Operations, duplicates);
    }

    [Fact]
    public void Recording_a_new_event_allocates_nothing()
    {
        var recorded = 0;

        Assert.Equal(0, AllocatedBytes.Of(Operations, i => recorded += Record(i) == RecordStatus.Recorded ? 1 : 0));
        Assert.Equal(1000 + Operations, recorded);
    }

    [Fact]
    public void A_request_for_an_unknown_render_allocates_nothing()
    {
        var refused = 0;

        Assert.Equal(0, AllocatedBytes.Of(Operations, _ => refused += Record(0, "01980000-0000-7000-8000-00000000000f"u8) == RecordStatus.RenderNotFound ? 1 : 0));
        Assert.Equal(1000 + Operations, refused);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4000)]
    public void Deciding_a_whole_request_allocates_nothing_from_however_many_clients(int clients)
    {
        var endpoint = new EventsEndpoint(_service, TrustedProxies.None, 64 * 1024, NullLogger.Instance);
        var body = """{"eventType":"viewed","metadata":{"source":"dashboard"}}"""u8.ToArray();
        var peers = Enumerable.Range(0, clients).Select(i => new IPAddress([10, 0, (byte)(i >> 8), (byte)i])).ToArray();
        var connection = new HttpConnectionFeature();
        var request = new HttpRequestFeature { Method = "POST", RawTarget = $"/v1/renders/{AssembledService.RenderId}/events" };
        request.Headers.Authorization = _assembled.Authorization;
        request.Headers.UserAgent = "curl/8.14.1";
        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(request);
        features.Set<IHttpConnectionFeature>(connection);
        var context = new RequestContext();
        var answered = 0;

        Assert.Equal(0, AllocatedBytes.Of(Operations, i =>
        {
            connection.RemoteIpAddress = peers[i % clients];
            context.Reset(features);
            if (_service.Authenticate(context.Authorization, out var project) == AuthenticationStatus.Granted)
            {
                context.Project = project;
                answered += endpoint.Decide(context, body, out _).Status == 200 ? 1 : 0;
            }

            context.Clear();
        }));
        Assert.Equal(1000 + Operations, answered);
    }

    public void Dispose() => _assembled.Dispose();

    private RecordStatus Record(int client) => Record(client, _renderId);

    private RecordStatus Record(int client, ReadOnlySpan<byte> renderId) => _service.Record(
        _project, renderId, EventType.Viewed, ClientAddress.FromIPv4((uint)client), true, "curl/8.14.1"u8, """{"source":"test"}"""u8, out _);
}
