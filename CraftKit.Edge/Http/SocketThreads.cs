using System.Globalization;

namespace CraftKit.Edge.Http;

/// <summary>How the runtime's socket threads work in this process.</summary>
/// <remarks>Completions run on the threads that poll the sockets, one fewer than there are cores: more of them lose to fewer beside a
/// busy client. The runtime reads both settings once, with the first socket, so they must stand before it; it offers no other way to
/// say them. Whoever starts the process may say otherwise through the same variables.</remarks>
internal static class SocketThreads
{
    private const string InlineCompletions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";
    private const string ThreadCount = "DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT";

    /// <summary>Sets what the environment leaves open.</summary>
    /// <param name="threads">How many; 0 for one fewer than there are processors.</param>
    public static void Configure(int threads)
    {
        SetDefault(InlineCompletions, "1");
        SetDefault(ThreadCount, Count(threads).ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>The number of threads that <paramref name="threads"/> stands for.</summary>
    public static int Count(int threads) => threads != 0 ? threads : Math.Max(1, Environment.ProcessorCount - 1);

    private static void SetDefault(string name, string value)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name)))
            Environment.SetEnvironmentVariable(name, value);
    }
}
