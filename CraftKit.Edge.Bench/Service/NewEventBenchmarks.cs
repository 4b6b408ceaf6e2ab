using System.Net;
using System.Text;
using BenchmarkDotNet.Attributes;
using CraftKit.Edge.Catalog;
using CraftKit.Edge.Events;
using CraftKit.Edge.Service;

namespace CraftKit.Edge.Bench.Service;

/// <summary>The hot path in one piece for new events: bursts of 20,000, each render from a new address in turn, while the writer stores them on
/// another thread. Before each burst the journal is drained, because a rate that the store cannot sustain would only fill it. Growth of the
/// window is in it. Warm: code, key, renders.</summary>
[InvocationCount(1, 1)]
[MaxIterationCount(30)]
public class NewEventBenchmarks
{
    private const int Burst = 20_000;

    private readonly IPAddress[] _peers = new IPAddress[1 << 12];
    private readonly string[] _targets = new string[ServedFolder.Renders];
    private readonly byte[][] _ids = new byte[ServedFolder.Renders][];
    private ServedFolder _served = null!;
    private PreparedRequest _request = null!;
    private object _project = null!;
    private int _next;

    [GlobalSetup]
    public void Start()
    {
        _served = new ServedFolder();
        _request = new PreparedRequest(_served);
        if (_served.Service.Authenticate(_served.Authorization, out var project) != AuthenticationStatus.Granted)
            throw new InvalidOperationException("The key is not granted.");
        _project = project!;
        for (var i = 0; i < _peers.Length; i++)
            _peers[i] = new IPAddress([10, 0, (byte)(i >> 8), (byte)i]);
        for (var render = 0; render < ServedFolder.Renders; render++)
        {
            _targets[render] = PreparedRequest.TargetOf(render);
            _ids[render] = Encoding.ASCII.GetBytes(ServedFolder.RenderId(render));
        }
    }

    [GlobalCleanup]
    public void Stop() => _served.Dispose();

    [IterationSetup]
    public void Drain() => _served.Service.ReadEngagementAsync(_project, ServedFolder.RenderId(0), CancellationToken.None).AsTask().GetAwaiter().GetResult();

    /// <summary>Authentication, body of 123 bytes, path, user agent, render, window, journal, claim: a request without the server's part.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Burst)]
    public int Request()
    {
        var answered = 0;
        for (var i = 0; i < Burst; i++, _next++)
        {
            _request.Target = _targets[_next & (ServedFolder.Renders - 1)];
            _request.Peer = _peers[_next / ServedFolder.Renders];
            answered += _request.Send().Status == 200 ? 1 : 0;
        }

        return answered == Burst ? answered : throw new InvalidOperationException($"Only {answered} of {Burst} events were taken.");
    }

    /// <summary>The service's part of it: render, window, journal, claim.</summary>
    [Benchmark(OperationsPerInvoke = Burst)]
    public int Record()
    {
        var recorded = 0;
        for (var i = 0; i < Burst; i++, _next++)
        {
            var address = ClientAddress.FromIPv4((uint)(_next / ServedFolder.Renders));
            var status = _served.Service.Record(
                _project, _ids[_next & (ServedFolder.Renders - 1)], EventType.Viewed, address, true, "curl/8"u8, """{"source":"bench"}"""u8, out _);
            recorded += status == RecordStatus.Recorded ? 1 : 0;
        }

        return recorded == Burst ? recorded : throw new InvalidOperationException($"Only {recorded} of {Burst} events were recorded.");
    }
}
