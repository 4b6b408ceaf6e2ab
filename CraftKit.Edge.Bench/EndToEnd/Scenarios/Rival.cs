namespace CraftKit.Edge.Bench.EndToEnd.Scenarios;

/// <summary>What the service is measured beside.</summary>
internal enum Rival
{
    /// <summary>The endpoint that does nothing.</summary>
    Static,

    /// <summary>nginx that returns the answer, where it is installed.</summary>
    Nginx,

    /// <summary>The usual way to build the service.</summary>
    Usual,

    /// <summary>The same with one prepared command behind a lock and no sync for each event.</summary>
    UsualTuned,
}
