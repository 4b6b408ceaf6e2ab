using System.Globalization;

namespace CraftKit.Edge.Configuration;

/// <summary>A key of the configuration and what its value must look like before its range is asked for.</summary>
/// <param name="Name">The path with dots, as documented: <c>journal.capacityBytes</c>.</param>
/// <param name="Kind">The type of the value.</param>
/// <param name="Words">The words of a <see cref="ValueKind.Word"/>.</param>
internal sealed record ConfigurationKey(string Name, ValueKind Kind, params string[] Words)
{
    /// <summary>What the key takes, for an error message: "a whole number".</summary>
    public string Expected => Kind switch
    {
        ValueKind.Int32 or ValueKind.Int64 or ValueKind.Int64OrNull => "a whole number",
        ValueKind.Flag => "true or false",
        ValueKind.Duration => "a duration hh:mm:ss",
        ValueKind.Word => string.Join(", ", Words[..^1]) + " or " + Words[^1],
        ValueKind.TextList => "a list of strings",
        _ => "a string",
    };

    /// <summary>What is wrong with the text as a value of this key's type; null when nothing is.</summary>
    public string? FindFault(string text)
    {
        switch (Kind)
        {
            case ValueKind.Int32 or ValueKind.Int64 or ValueKind.Int64OrNull:
                if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                    && (Kind != ValueKind.Int32 || number is >= int.MinValue and <= int.MaxValue))
                {
                    return null;
                }

                var digits = text.AsSpan(text.StartsWith('-') ? 1 : 0);
                return !digits.IsEmpty && digits.IndexOfAnyExceptInRange('0', '9') < 0 ? $"{text} is out of range" : Unexpected(text);
            case ValueKind.Flag:
                return text.Equals("true", StringComparison.OrdinalIgnoreCase) || text.Equals("false", StringComparison.OrdinalIgnoreCase)
                    ? null
                    : Unexpected(text);
            case ValueKind.Duration:
                return ConfigurationText.TryDuration(text, out _) ? null : Unexpected(text);
            case ValueKind.Word:
                return Words.Contains(text, StringComparer.OrdinalIgnoreCase) ? null : Unexpected(text);
            case ValueKind.FilePath:
                return text.Contains('\0', StringComparison.Ordinal) ? "a path cannot contain the character NUL" : null;
            default:
                return null;
        }
    }

    private string Unexpected(string text) => $"expected {Expected}, found \"{text}\"";
}
