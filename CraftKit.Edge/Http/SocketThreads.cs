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
    public static void Configure()
    {
        SetDefault(InlineCompletions, "1");
        SetDefault(ThreadCount, Math.Max(1, Environment.ProcessorCount - 1).ToString(CultureInfo.InvariantCulture));
    }

    private static void SetDefault(string name, string value)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name)))
            Environment.SetEnvironmentVariable(name, value);
    }
}
