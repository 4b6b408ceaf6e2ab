using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace CraftKit.Edge.Http;

/// <summary>Connection middleware that gives the server's own refusals the JSON body of every other error.</summary>
internal sealed class RefusalBodies(ConnectionDelegate next)
{
    /// <summary>Serves one connection.</summary>
    public async Task OnConnectionAsync(ConnectionContext connection)
    {
        var transport = connection.Transport;
        connection.Transport = new DuplexPipe(transport.Input, new RefusalBodyWriter(transport.Output));
        try
        {
            await next(connection);
        }
        finally
        {
            connection.Transport = transport;
        }
    }

    private sealed record DuplexPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
