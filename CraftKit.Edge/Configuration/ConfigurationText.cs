using System.Globalization;

namespace CraftKit.Edge.Configuration;

/// <summary>How values are written in the configuration.</summary>
internal static class ConfigurationText
{
    /// <summary>A duration as <c>[d.]hh:mm:ss[.fffffff]</c>, without the fraction's trailing zeros.</summary>
    public static string Of(TimeSpan duration)
    {
        var text = duration.ToString("c", CultureInfo.InvariantCulture);
        return duration.Ticks % TimeSpan.TicksPerSecond == 0 ? text : text.TrimEnd('0');
    }

    /// <summary>Reads <c>[d.]hh:mm:ss[.fffffff]</c>. The shorter forms that .NET would take (<c>5</c> for five days, <c>00:05</c> for five
    /// minutes) are refused: whoever writes them likely means another unit.</summary>
    public static bool TryDuration(string text, out TimeSpan duration)
    {
        duration = default;
        return text.AsSpan().Count(':') == 2 && TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out duration);
    }
}
