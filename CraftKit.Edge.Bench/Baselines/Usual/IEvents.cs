namespace CraftKit.Edge.Bench.Baselines.Usual;

/// <summary>Where events go.</summary>
internal interface IEvents
{
    /// <summary>Stores one event in a transaction of its own.</summary>
    void Insert(string render, string type, string? share, string address, string? userAgent, string? metadata);
}
