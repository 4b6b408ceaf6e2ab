namespace CraftKit.Edge.Http;

/// <summary>The routes of the data plane.</summary>
internal enum Route : byte
{
    /// <summary>None of them.</summary>
    Unknown,

    /// <summary><c>POST /v1/renders/{id}/events</c></summary>
    Events,

    /// <summary><c>POST /v1/events</c></summary>
    Bulk,

    /// <summary><c>GET /v1/renders/{id}/engagement</c></summary>
    Engagement,

    /// <summary><c>GET /healthz</c></summary>
    Health,

    /// <summary><c>GET /readyz</c></summary>
    Ready,
}

/// <summary>What the routes are called in the metrics.</summary>
internal static class RouteName
{
    /// <summary>What a path without a route counts under, on either plane.</summary>
    public const string None = "none";

    /// <summary>The names, in the order of the numbers.</summary>
    public static IEnumerable<string> All => Enum.GetValues<Route>().Select(Of);

    private static string Of(Route route) => route switch
    {
        Route.Events => "/v1/renders/{id}/events",
        Route.Bulk => "/v1/events",
        Route.Engagement => "/v1/renders/{id}/engagement",
        Route.Health => "/healthz",
        Route.Ready => "/readyz",
        _ => None,
    };
}
