namespace CraftKit.Edge.Storage;

/// <summary>What was stored of a UTC day, as of some commit. Immutable.</summary>
/// <param name="Day">Days since 1970-01-01.</param>
/// <param name="Viewed">Events of type viewed.</param>
/// <param name="Downloaded">Events of type downloaded.</param>
/// <param name="Printed">Events of type printed.</param>
/// <param name="Busiest">The renders with the most of them, at most <see cref="BusiestRenders.Most"/>, the busiest first.</param>
internal sealed record DayFigures(int Day, long Viewed, long Downloaded, long Printed, IReadOnlyList<BusyRender> Busiest)
{
    /// <summary>A day without events.</summary>
    public static DayFigures None(int day) => new(day, 0, 0, 0, []);
}

/// <summary>A render and its events of a day.</summary>
/// <param name="ProjectId">Its project.</param>
/// <param name="RenderId">Its id.</param>
/// <param name="Events">How many, of all types.</param>
internal sealed record BusyRender(string ProjectId, string RenderId, long Events);
