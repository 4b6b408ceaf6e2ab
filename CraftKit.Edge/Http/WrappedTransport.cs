using System.IO.Pipelines;
using CraftKit.Edge.Metrics;
using Microsoft.AspNetCore.Connections;

namespace CraftKit.Edge.Http;

/// <summary>Connection middleware between the sockets and HTTP: reads take turns (<see cref="FairReader"/>), and the server's own
/// refusals carry JSON (<see cref="RefusalBodyWriter"/>).</summary>
/// <param name="next">What comes after.</param>
/// <param name="takesTurns">Whether the transport itself has the connections take turns.</param>
/// <param name="meter">Counts the refusals.</param>
internal sealed class WrappedTransport(ConnectionDelegate next, bool takesTurns, RequestMeter meter)
{
    /// <summary>Serves one connection.</summary>
    public async Task OnConnectionAsync(ConnectionContext connection)
    {
        var transport = connection.Transport;
        connection.Transport = new DuplexPipe(takesTurns ? transport.Input : new FairReader(transport.Input), new RefusalBodyWriter(transport.Output, meter));
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
