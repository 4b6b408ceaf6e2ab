using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Bench.EndToEnd.Load;

/// <summary>Threads of clients that are not measured, and give way to those that are.</summary>
internal static class Clients
{
    private const int Niceness = 19;

    /// <summary>Runs a client on a thread of its own.</summary>
    /// <returns>Its end.</returns>
    public static Task Run(Action client) => Task.Factory.StartNew(
        () =>
        {
            BackgroundThread.LowerPriority(Niceness);
            client();
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);
}
