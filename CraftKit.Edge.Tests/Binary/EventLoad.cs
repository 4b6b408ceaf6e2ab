namespace CraftKit.Edge.Tests.Binary;

/// <summary>Several connections that send new events and duplicates of recent ones, each as fast as it is answered, until the server is gone or they are told to
/// end.</summary>
internal sealed class EventLoad(Told told, int seed)
{
    private const int Connections = 6;

    private long _lastScope = seed * 1_000_000L;
    private int _sent;

    /// <summary>Requests sent so far.</summary>
    public int Sent => Volatile.Read(ref _sent);

    /// <summary>Runs until <paramref name="end"/>, or until a connection fails for each of them.</summary>
    public Task RunAsync(Func<EventClient> connect, CancellationToken end) =>
        Task.WhenAll(Enumerable.Range(0, Connections).Select(number => Task.Run(() => RunOneAsync(connect, new Random(seed + number), end), CancellationToken.None)));

    private async Task RunOneAsync(Func<EventClient> connect, Random random, CancellationToken end)
    {
        using var client = connect();
        while (!end.IsCancellationRequested)
        {
            // A scope that another connection may be claiming at this very moment, an old one, or a new one.
            var newest = Volatile.Read(ref _lastScope);
            var scope = random.Next(10) switch
            {
                < 3 => newest,
                < 5 => Math.Max(seed * 1_000_000L, newest - random.Next(200)),
                _ => Interlocked.Increment(ref _lastScope),
            };
            var chosen = DedupeScope.Number(scope);
            Interlocked.Increment(ref _sent);
            if (await told.PostAsync(client, random.Next(3) == 0 ? chosen.ToLike() : chosen) is null)
                return;
        }
    }
}
