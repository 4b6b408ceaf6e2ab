namespace CraftKit.Edge.Configuration;

/// <summary>What carries the data plane's connections.</summary>
internal enum TransportKind
{
    /// <summary><see cref="Epoll"/> on Linux, <see cref="Sockets"/> elsewhere.</summary>
    Auto,

    /// <summary>The service's own transport over Linux' epoll.</summary>
    Epoll,

    /// <summary>The platform's own sockets.</summary>
    Sockets,
}
