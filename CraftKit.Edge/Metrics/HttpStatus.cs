namespace CraftKit.Edge.Metrics;

/// <summary>The HTTP statuses that are counted apart; whatever else there may be is counted as one, so that the number of series is fixed.</summary>
internal static class HttpStatus
{
    /// <summary>How many are told apart, the one for all others included.</summary>
    public const int Count = 19;

    // 499 is the server's own for a client that left before it was answered.
    private static ReadOnlySpan<short> Known => [200, 201, 400, 401, 403, 404, 405, 408, 409, 411, 413, 414, 422, 431, 499, 500, 503, 505];

    /// <summary>The place of a status, from 0.</summary>
    public static int SlotOf(int status)
    {
        if (status == 200)
            return 0;
        var slot = Known.IndexOf((short)status);
        return slot < 0 ? Count - 1 : slot;
    }

    /// <summary>What the place is called.</summary>
    public static string NameOf(int slot) => slot == Count - 1 ? "other" : Known[slot].ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Whether the series is shown before it has counted: alerts on rates see no first event in a series that begins with it.</summary>
    public static bool IsAlwaysShown(int slot) => slot < Count - 1 && Known[slot] is 200 or 500 or 503;
}
