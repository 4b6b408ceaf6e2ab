using CraftKit.Edge.Bench.EndToEnd.Load;
using CraftKit.Edge.Bench.EndToEnd.Servers;

namespace CraftKit.Edge.Bench.EndToEnd;

/// <summary>The service beside others under one load.</summary>
internal sealed class LoadScenario : Scenario
{
    /// <summary>Of ten requests so many are new events, the others repeat events that are live.</summary>
    public required int NewInTen { get; init; }

    /// <summary>Events that are live before the first round.</summary>
    public int LiveKeys { get; init; } = EventKeys.Renders;

    /// <summary>Connections of the client.</summary>
    public int Connections { get; init; } = 32;

    /// <summary>Bytes of metadata in a request.</summary>
    public int MetadataBytes { get; init; } = 200;

    /// <summary>Whether nginx takes part where it is installed.</summary>
    public bool HasNginx { get; init; }

    /// <summary>Whether the usual way takes part.</summary>
    public bool HasUsual { get; init; }

    public override ScenarioResult Run(Workbench bench)
    {
        var service = bench.Service("service");
        var provisioned = service.Provision();
        List<Server> servers = [service, new StaticServer(bench.Programs.Static)];
        if (HasNginx && NginxServer.IsInstalled)
            servers.Add(new NginxServer(bench.Folder("nginx")));
        if (HasUsual)
            servers.Add(new UsualServer(bench.Programs.Usual, bench.Folder("usual"), provisioned));
        var plan = new ContestPlan
        {
            Client = bench.Client,
            Traffic = new Traffic(LiveKeys, NewInTen),
            Template = new RequestTemplate("edge.example", provisioned.Key, MetadataBytes),
            RequestsPath = bench.RequestsPath,
            Connections = Connections,
            Rounds = bench.Rounds,
            Time = bench.Time,
        };
        try
        {
            servers.ForEach(server => server.Start());
            var results = new Contest(plan, servers, bench.Say).Run();
            servers.ForEach(server => server.Stop());
            foreach (var (server, result) in servers.Zip(results))
                result.Events.Count(server.CountEvents());
            return new ScenarioResult(Name, About, bench.Client.Name, Connections, bench.Time.TotalSeconds, results);
        }
        finally
        {
            servers.ForEach(server => server.Dispose());
        }
    }
}
