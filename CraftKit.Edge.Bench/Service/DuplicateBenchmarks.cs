using System.Net;
using System.Text;
using BenchmarkDotNet.Attributes;
using CraftKit.Edge.Catalog;
using CraftKit.Edge.Events;
using CraftKit.Edge.Service;

namespace CraftKit.Edge.Bench.Service;

/// <summary>The hot path in one piece for a duplicate: over 64 renders in turn, whose events are all live. Warm: everything; what a render of many
/// costs more is in <see cref="Dedupe.WindowLookBenchmarks"/> and <see cref="Catalog.RenderLookupBenchmarks"/>.</summary>
public class DuplicateBenchmarks
{
    private static readonly IPAddress Peer = IPAddress.Parse("203.0.113.7");

    private const int Renders = 64;

    private readonly string[] _targets = new string[Renders];
    private readonly byte[][] _ids = new byte[Renders][];
    private ServedFolder _served = null!;
    private PreparedRequest _request = null!;
    private object _project = null!;
    private int _next;

    [GlobalSetup]
    public void Start()
    {
        _served = new ServedFolder();
        _request = new PreparedRequest(_served) { Peer = Peer };
        if (_served.Service.Authenticate(_served.Authorization, out var project) != AuthenticationStatus.Granted)
            throw new InvalidOperationException("The key is not granted.");
        _project = project!;
        for (var render = 0; render < Renders; render++)
        {
            _targets[render] = PreparedRequest.TargetOf(render);
            _ids[render] = Encoding.ASCII.GetBytes(ServedFolder.RenderId(render));
            if (RecordOf(render) != RecordStatus.Recorded)
                throw new InvalidOperationException("The first event of a render was not recorded.");
        }
    }

    [GlobalCleanup]
    public void Stop() => _served.Dispose();

    /// <summary>Authentication, body of 123 bytes, path, user agent, render, window: a request without the server's part.</summary>
    [Benchmark(Baseline = true)]
    public int Request()
    {
        _request.Target = _targets[_next++ & (Renders - 1)];
        return _request.Send().Status;
    }

    /// <summary>The service's part of it: render and window.</summary>
    [Benchmark]
    public bool Record() => RecordOf(_next++ & (Renders - 1)) == RecordStatus.Duplicate;

    private RecordStatus RecordOf(int render) => _served.Service.Record(
        _project, _ids[render], EventType.Viewed, ClientAddress.FromIPv4(0xCB00_7107), true, "curl/8"u8, default, out _);
}
