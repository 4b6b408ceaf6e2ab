namespace CraftKit.Edge.Bench.Statistics;

/// <summary>Compares two things that were measured in the same rounds: a ratio for each round, and the spread of these. What disturbs a whole
/// round, such as a slower processor, then does not count.</summary>
internal static class PairedRatio
{
    /// <summary>The spread of value / other, over the rounds in which both have a value.</summary>
    /// <param name="values">A value a round; null where the round was left out.</param>
    /// <param name="others">The same of what it is compared with.</param>
    public static Spread Of(IReadOnlyList<double?> values, IReadOnlyList<double?> others) =>
        Spread.Of(values.Zip(others).Where(pair => pair is { First: not null, Second: > 0 }).Select(pair => pair.First!.Value / pair.Second!.Value));
}
