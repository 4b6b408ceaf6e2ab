using CraftKit.Edge.Bench.EndToEnd.Servers;

namespace CraftKit.Edge.Bench.EndToEnd.Load;

/// <summary>A closed loop: so many connections, each of which sends its next request when the answer to the one before is there.</summary>
internal interface ILoadClient
{
    /// <summary>What it is called in results.</summary>
    string Name { get; }

    /// <summary>Loads a server and returns when the time is over.</summary>
    /// <exception cref="InvalidOperationException">The client failed, or nothing was answered.</exception>
    LoadResult Run(Server server, RequestFile requests, int connections, TimeSpan time);
}
