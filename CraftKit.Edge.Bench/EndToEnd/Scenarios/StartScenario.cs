using System.Diagnostics;
using System.Net.Sockets;
using CraftKit.Edge.Bench.EndToEnd.Load;
using CraftKit.Edge.Bench.EndToEnd.Results;
using CraftKit.Edge.Bench.EndToEnd.Servers;

namespace CraftKit.Edge.Bench.EndToEnd.Scenarios;

/// <summary>From the start of the process to its first answer; the port opens only when journal and window are whole. The files are in the
/// system's page cache.</summary>
internal sealed class StartScenario : Scenario
{
    private static readonly byte[] Request = "GET /healthz HTTP/1.1\r\nHost: edge.example\r\n\r\n"u8.ToArray();

    public override ScenarioResult Run(Workbench bench)
    {
        var empty = bench.Service("empty");
        empty.Provision();
        var renders = bench.Service("renders", folder: PreparedFolder.Of(renders: 1_000_000, events: 0).FolderPath);
        var events = bench.Service("events", folder: PreparedFolder.Of(EventKeys.Renders, events: 10_000_000).FolderPath);
        return bench.Result(this) with
        {
            Figures =
            [
                Measure("empty", empty),
                Measure("1 M renders", renders),
                Measure("10 M events in the last window", events),
            ],
        };

        Figure Measure(string name, ServiceServer service)
        {
            FirstAnswer(service); // a first time for the page cache
            return bench.Tell(new Figure($"start to first answer: {name}", "ms", bench.Repeat(() => FirstAnswer(service))));
        }
    }

    private static double FirstAnswer(ServiceServer service)
    {
        var start = Stopwatch.GetTimestamp();
        service.Start(waits: false);
        while (!IsAnswered(service))
            Thread.Sleep(1);
        var time = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        service.Stop();
        return time;
    }

    private static bool IsAnswered(ServiceServer service)
    {
        service.ThrowIfEnded();
        using var client = new TcpClient();
        try
        {
            client.Connect("127.0.0.1", service.Url.Port);
        }
        catch (SocketException)
        {
            return false;
        }

        client.GetStream().Write(Request);
        return client.GetStream().ReadByte() == 'H';
    }
}
