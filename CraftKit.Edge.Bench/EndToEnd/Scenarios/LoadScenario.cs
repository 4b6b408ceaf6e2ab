using CraftKit.Edge.Bench.EndToEnd.Contests;
using CraftKit.Edge.Bench.EndToEnd.Load;
using CraftKit.Edge.Bench.EndToEnd.Results;
using CraftKit.Edge.Bench.EndToEnd.Servers;

namespace CraftKit.Edge.Bench.EndToEnd.Scenarios;

/// <summary>The service beside others under one load.</summary>
internal sealed class LoadScenario : Scenario
{
    /// <summary>Of ten requests so many are new events, the others repeat events that are live.</summary>
    public required int NewInTen { get; init; }

    /// <summary>Connections of the client.</summary>
    public int Connections { get; init; } = 32;

    /// <summary>Bytes of metadata in a request.</summary>
    public int MetadataBytes { get; init; } = 200;

    /// <summary>Whether everything is encrypted.</summary>
    public bool IsHttps { get; init; }

    /// <summary>Whether more is sent than the disk takes, so that some events are refused: their number only our own client knows.</summary>
    public bool CountsRefusals { get; init; }

    /// <summary>What the service is measured beside. nginx shows, with each script, what the client could reach.</summary>
    public IReadOnlyList<Rival> Rivals { get; init; } = [Rival.Static, Rival.Nginx];

    public override ScenarioResult Run(Workbench bench)
    {
        var certificate = IsHttps ? new TlsFiles(bench.Folder("tls")) : null;
        var service = bench.Service("service", certificate);
        var provisioned = service.Provision();
        var template = new RequestTemplate("edge.example", provisioned.Key, MetadataBytes);
        var traffic = new Traffic(EventKeys.Renders, NewInTen);
        IEnumerable<Server> servers = [service, .. Rivals.Where(IsHere).Select(rival => Make(rival, bench, provisioned, certificate))];
        var plan = bench.Plan(Connections) with { Client = CountsRefusals ? new SocketClient() : bench.Client };
        return bench.Result(this, plan, new Contest(plan, [.. servers.Select(server => new Contestant(server, template, traffic))], bench.Say).Run());
    }

    private static bool IsHere(Rival rival) => rival != Rival.Nginx || NginxServer.IsInstalled;

    private static Server Make(Rival rival, Workbench bench, Provisioned provisioned, TlsFiles? certificate) => rival switch
    {
        Rival.Static => new StaticServer(bench.Programs.Static, certificate),
        Rival.Nginx => new NginxServer(bench.Folder("nginx")),
        _ => new UsualServer(bench.Programs.Usual, bench.Folder($"{rival}"), provisioned, rival == Rival.UsualTuned),
    };
}
