using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using BenchmarkDotNet.Attributes;
using CraftKit.Edge.Bench.Service;
using CraftKit.Edge.Configuration;
using CraftKit.Edge.Http;
using CraftKit.Edge.Http.Bulk;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging.Abstractions;

namespace CraftKit.Edge.Bench.Http;

/// <summary>A bulk request of 10,000 items of some 150 bytes, from its whole body to its whole answer, the HTTP server left out; figures are per
/// item. Before each burst of new events the journal is drained, because a rate that the store cannot sustain would only fill it. Growth of
/// the window is in it. Warm: code, key, renders; for duplicates the window too.</summary>
[InvocationCount(1, 1)]
[MaxIterationCount(30)]
public class BulkBenchmarks
{
    private const int WarmUps = 60;

    private readonly int[] _addresses = new int[BulkEndpoint.MaxItems];
    private ServedFolder _served = null!;
    private BulkWorker _worker = null!;
    private BulkEndpoint _endpoint = null!;
    private object _project = null!;
    private byte[] _body = null!;
    private int _burst;

    /// <summary>Whether the items are an array or lines.</summary>
    [Params(false, true)]
    public bool IsArray { get; set; }

    [GlobalSetup]
    public void Start()
    {
        _served = new ServedFolder();
        _worker = new BulkWorker();
        if (!TrustedProxies.TryParse(["127.0.0.1"], out var proxies, out var reason))
            throw new InvalidOperationException(reason);
        _endpoint = new BulkEndpoint(_served.Service, _worker, proxies, 8 << 20, 64 * 1024, NullLogger.Instance);
        _served.Service.Authenticate(_served.Authorization, out var project);
        _project = project!;
        WriteBody();

        // One iteration is too short for the compiler to take an interest.
        for (var i = 0; i < WarmUps; i++)
            Post();
    }

    [GlobalCleanup]
    public void Stop()
    {
        _worker.Dispose();
        _served.Dispose();
    }

    [IterationSetup(Target = nameof(NewEvents))]
    public void Prepare()
    {
        // Every item comes from an address that no burst before had.
        _burst++;
        var next = string.Create(CultureInfo.InvariantCulture, $"{100 + (_burst / 100)}.{100 + (_burst % 100)}");
        foreach (var address in _addresses)
            Encoding.ASCII.GetBytes(next, _body.AsSpan(address));
        _served.Service.ReadEngagementAsync(_project, ServedFolder.RenderId(0), CancellationToken.None).AsTask().GetAwaiter().GetResult();
    }

    /// <summary>All of them are recorded.</summary>
    [Benchmark(OperationsPerInvoke = BulkEndpoint.MaxItems)]
    public long NewEvents() => Post();

    /// <summary>None of them is: the same body as just before.</summary>
    [Benchmark(OperationsPerInvoke = BulkEndpoint.MaxItems)]
    public long Duplicates() => Post();

    /// <summary>Only where one item ends and the next begins.</summary>
    [Benchmark(OperationsPerInvoke = BulkEndpoint.MaxItems)]
    public int Framing()
    {
        using var framing = new BulkFraming(64 * 1024);
        ReadOnlySpan<byte> rest = _body;
        var items = 0;
        while (framing.Next(ref rest, out _) == FramingStatus.Item)
            items++;
        return items == BulkEndpoint.MaxItems ? items : throw new InvalidOperationException($"{items} items");
    }

    private void WriteBody()
    {
        var body = new MemoryStream();
        for (var item = 0; item < BulkEndpoint.MaxItems; item++)
        {
            body.Write(!IsArray ? default : item == 0 ? "["u8 : ","u8);
            body.Write(Encoding.ASCII.GetBytes($$$"""{"renderId":"{{{ServedFolder.RenderId(item % ServedFolder.Renders)}}}","eventType":"viewed","metadata":{"source":"dashboard-ab"},"sourceIp":""" + '"'));
            _addresses[item] = (int)body.Length;
            body.Write(Encoding.ASCII.GetBytes($"100.100.{100 + (item / ServedFolder.Renders)}.100\"}}"));
            if (!IsArray)
                body.WriteByte((byte)'\n');
        }

        if (IsArray)
            body.WriteByte((byte)']');
        _body = body.ToArray();
    }

    private long Post()
    {
        var exchange = new Exchange(_body, _served.Authorization);
        _endpoint.HandleAsync(exchange.Context).GetAwaiter().GetResult();
        return exchange.Answered > 17 * BulkEndpoint.MaxItems ? exchange.Answered : throw new InvalidOperationException("Not all items were answered.");
    }

    /// <summary>A request that has arrived whole, and an answer that nobody keeps.</summary>
    private sealed class Exchange : IRequestBodyPipeFeature, IHttpResponseBodyFeature
    {
        private readonly CountingWriter _writer = new();

        public Exchange(byte[] body, string authorization)
        {
            Reader = PipeReader.Create(new ReadOnlySequence<byte>(body));
            var request = new HttpRequestFeature { Method = "POST", RawTarget = "/v1/events" };
            request.Headers.Authorization = authorization;
            request.Headers.UserAgent = "Mozilla/5.0 (X)";
            var features = new FeatureCollection();
            features.Set<IHttpRequestFeature>(request);
            features.Set<IHttpConnectionFeature>(new HttpConnectionFeature { RemoteIpAddress = IPAddress.Loopback });
            features.Set<IHttpRequestLifetimeFeature>(new HttpRequestLifetimeFeature());
            features.Set<IHttpResponseFeature>(new HttpResponseFeature());
            features.Set<IRequestBodyPipeFeature>(this);
            features.Set<IHttpResponseBodyFeature>(this);
            Context.Reset(features);
        }

        public RequestContext Context { get; } = new();

        public long Answered => _writer.Bytes;

        public PipeReader Reader { get; }

        public Stream Stream => throw new NotSupportedException();

        public PipeWriter Writer => _writer;

        public Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

        public Task CompleteAsync() => Task.CompletedTask;

        public void DisableBuffering()
        {
        }

        public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    }

    private sealed class CountingWriter : PipeWriter
    {
        private readonly byte[] _buffer = new byte[64 * 1024];

        public long Bytes { get; private set; }

        public override void Advance(int bytes) => Bytes += bytes;

        public override Memory<byte> GetMemory(int sizeHint = 0) => _buffer;

        public override Span<byte> GetSpan(int sizeHint = 0) => _buffer;

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => new(new FlushResult(false, false));

        public override void CancelPendingFlush()
        {
        }

        public override void Complete(Exception? exception = null)
        {
        }
    }
}
