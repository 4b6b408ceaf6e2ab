using CraftKit.Edge.Service;
using Microsoft.AspNetCore.Http;

namespace CraftKit.Edge.Http;

/// <summary><c>/healthz</c> and <c>/readyz</c>, which both planes answer without a key.</summary>
internal sealed class Probes(IEdgeGateway gateway)
{
    private static readonly ApiAnswer Healthy = new(StatusCodes.Status200OK, """{"status":"ok"}"""u8.ToArray());
    private static readonly ApiAnswer Ready = new(StatusCodes.Status200OK, """{"ready":true}"""u8.ToArray());

    /// <summary>Whether the process answers: it does.</summary>
    public static ApiAnswer Health => Healthy;

    /// <summary>Whether the service can do its work, and if not, why.</summary>
    public ApiAnswer Readiness()
    {
        var reasons = gateway.NotReadyReasons();
        return reasons.Count == 0 ? Ready : new ApiAnswer(StatusCodes.Status503ServiceUnavailable, ApiJson.Write(reasons, static (json, reasons) =>
        {
            json.WriteStartObject();
            json.WriteBoolean("ready"u8, false);
            json.WriteStartArray("reasons"u8);
            foreach (var reason in reasons)
                json.WriteStringValue(reason);
            json.WriteEndArray();
            json.WriteEndObject();
        }));
    }
}
