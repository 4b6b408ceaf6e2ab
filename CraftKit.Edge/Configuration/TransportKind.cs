namespace CraftKit.Edge.Configuration;

/// <summary>What carries the data plane's connections.</summary>
internal enum TransportKind
{
    /// <summary>What this version holds for the best: <see cref="Sockets"/>.</summary>
    Auto,

    /// <summary>The service's own transport over Linux' epoll.</summary>
    Epoll,

    /// <summary>The platform's own sockets.</summary>
    Sockets,
}
