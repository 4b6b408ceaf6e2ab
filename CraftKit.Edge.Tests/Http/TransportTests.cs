using CraftKit.Edge.Configuration;
using Xunit;

namespace CraftKit.Edge.Tests.Http;

/// <summary>Tests of a server that are run over both transports: a class runs them over our own, its heir over the other one.</summary>
public abstract class TransportTests : IAsyncLifetime
{
    private protected RunningServer Server { get; private set; } = null!;

    private protected virtual TransportKind Transport => TransportKind.Epoll;

    public async ValueTask InitializeAsync() => Server = await RunningServer.StartAsync(Transport);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
