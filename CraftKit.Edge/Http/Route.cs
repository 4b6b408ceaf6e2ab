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
