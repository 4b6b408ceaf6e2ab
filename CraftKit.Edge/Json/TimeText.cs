using System.Globalization;

namespace CraftKit.Edge.Json;

/// <summary>Points in time as the API writes them and as the command line takes them.</summary>
internal static class TimeText
{
    private static readonly string[] Forms =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", "yyyy-MM-dd'T'HH:mmzzz",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm'Z'",
        "yyyy-MM-dd",
    ];

    /// <summary>Bytes of a time as <see cref="Of"/> and <see cref="Write"/> give it.</summary>
    public const int Length = 24;

    private const string Form = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary><c>2026-05-03T10:20:00.000Z</c>: UTC, to the millisecond.</summary>
    public static string Of(DateTimeOffset time) => time.UtcDateTime.ToString(Form, CultureInfo.InvariantCulture);

    /// <summary>Likewise, into at least <see cref="Length"/> bytes.</summary>
    public static void Write(DateTimeOffset time, Span<byte> text) => time.UtcDateTime.TryFormat(text, out _, Form, CultureInfo.InvariantCulture);

    /// <summary>Reads ISO 8601 with an offset or <c>Z</c>; a date alone is its midnight in UTC. A time without either is refused: it would
    /// mean another moment on another machine.</summary>
    public static bool TryParse(string text, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
}
