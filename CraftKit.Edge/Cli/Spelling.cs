namespace CraftKit.Edge.Cli;

/// <summary>Finds what somebody meant to type.</summary>
internal static class Spelling
{
    /// <summary>The name that is nearest to a mistyped one, if any is near: a third of its letters may be wrong, missing, too many or
    /// swapped with their neighbour, or it is the beginning of one name alone.</summary>
    public static string? Nearest(string typed, IEnumerable<string> names)
    {
        string? nearest = null, begun = null;
        var least = int.MaxValue;
        var begins = 0;
        foreach (var name in names)
        {
            if (typed.Length >= 2 && name.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
                (begun, begins) = (name, begins + 1);
            if (Distance(typed.ToLowerInvariant(), name) is var distance && distance < least)
                (nearest, least) = (name, distance);
        }

        return begins == 1 ? begun : least <= Math.Max(1, typed.Length / 3) && least < typed.Length ? nearest : null;
    }

    /// <summary>The fewest changes of one letter, or swaps of two neighbours, that make one word the other (optimal string
    /// alignment).</summary>
    public static int Distance(string from, string to)
    {
        var distances = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
        {
            for (var j = 0; j <= to.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    distances[i, j] = i + j;
                    continue;
                }

                var least = distances[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                least = Math.Min(least, Math.Min(distances[i - 1, j], distances[i, j - 1]) + 1);
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                    least = Math.Min(least, distances[i - 2, j - 2] + 1);
                distances[i, j] = least;
            }
        }

        return distances[from.Length, to.Length];
    }
}
