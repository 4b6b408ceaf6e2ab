using Microsoft.Extensions.Logging;

namespace CraftKit.Edge.Configuration;

/// <summary>Every key that there is. What is not here is refused wherever it is met.</summary>
internal static class ConfigurationKeys
{
    /// <summary>The keys in the order of the documentation.</summary>
    public static IReadOnlyList<ConfigurationKey> All { get; } =
    [
        new("url", ValueKind.Text),
        new("adminUrl", ValueKind.Text),
        new("adminInsecure", ValueKind.Flag),
        new("transport", ValueKind.Word, "auto", "epoll", "sockets"),
        new("transportThreads", ValueKind.Int32),
        new("dataDirectory", ValueKind.FilePath),
        new("trustedProxies", ValueKind.TextList),
        new("maxBodyBytes", ValueKind.Int32),
        new("durability", ValueKind.Word, "journal", "fsync"),
        new("bulk.maxBodyBytes", ValueKind.Int32),
        new("dedupe.window", ValueKind.Duration),
        new("dedupe.maxKeys", ValueKind.Int64OrNull),
        new("journal.capacityBytes", ValueKind.Int64),
        new("journal.flushInterval", ValueKind.Duration),
        new("retention.days", ValueKind.Int32),
        new("tls.certificate", ValueKind.FilePath),
        new("tls.key", ValueKind.FilePath),
        new("log.level", ValueKind.Word, Enum.GetNames<LogLevel>()),
        new("log.format", ValueKind.Word, "text", "json"),
    ];

    /// <summary>The key with exactly this name.</summary>
    public static ConfigurationKey? Find(string name) => Find(name, StringComparison.Ordinal);

    /// <summary>The key with this name.</summary>
    public static ConfigurationKey? Find(string name, StringComparison comparison)
    {
        foreach (var key in All)
        {
            if (key.Name.Equals(name, comparison))
                return key;
        }

        return null;
    }

    /// <summary>Whether keys stand below this name.</summary>
    public static bool IsSection(string name) => All.Any(key => key.Name.StartsWith(name + '.', StringComparison.Ordinal));
}
