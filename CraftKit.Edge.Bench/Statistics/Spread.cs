namespace CraftKit.Edge.Bench.Statistics;

/// <summary>What repeated measurements of one thing amount to: the middle one, and how far apart the middle half of them lies.</summary>
/// <param name="Median">Half of them are at most this.</param>
/// <param name="Low">A quarter of them is at most this.</param>
/// <param name="High">Three quarters of them are at most this.</param>
/// <param name="Count">How many there were.</param>
internal readonly record struct Spread(double Median, double Low, double High, int Count)
{
    /// <summary>Of no measurement: not a number.</summary>
    public static readonly Spread None = new(double.NaN, double.NaN, double.NaN, 0);

    /// <summary>The spread of some values, in any order. Between two of them the quantiles are interpolated.</summary>
    public static Spread Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? None : new Spread(At(0.5), At(0.25), At(0.75), sorted.Length);

        double At(double quantile)
        {
            var place = quantile * (sorted.Length - 1);
            var below = (int)place;
            return below + 1 == sorted.Length ? sorted[below] : sorted[below] + ((place - below) * (sorted[below + 1] - sorted[below]));
        }
    }
}
