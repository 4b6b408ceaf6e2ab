using System.Globalization;
using System.Text.Json;

namespace CraftKit.Edge.Json;

/// <summary>What is wrong with a value, in the words of Zod 3, which CraftKit itself answers with.</summary>
internal static class ZodWords
{
    /// <summary>A member that has to be there is absent.</summary>
    public const string Required = "Required";

    /// <summary>A text is not of the form that it must have.</summary>
    public const string Invalid = "Invalid";

    /// <summary>The value is of another type.</summary>
    /// <param name="expected">The type that it should have.</param>
    /// <param name="received">How the value begins.</param>
    public static string Expected(string expected, JsonTokenType received) => $"Expected {expected}, received {JsonRules.NameOf(received)}";

    /// <summary>What is wrong with the length of a text in UTF-16 units; null when nothing is.</summary>
    public static string? LengthFault(int length, int max) => length switch
    {
        0 => "String must contain at least 1 character(s)",
        _ when length > max => string.Create(CultureInfo.InvariantCulture, $"String must contain at most {max} character(s)"),
        _ => null,
    };

    /// <summary>What is wrong with a whole number that comes as text, as from a query; null when nothing is.</summary>
    public static string? NumberFault(string text, int min, int max, out int number)
    {
        number = 0;
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || double.IsNaN(value))
            return "Expected number, received nan";
        if (value < min)
            return string.Create(CultureInfo.InvariantCulture, $"Number must be greater than or equal to {min}");
        if (value > max)
            return string.Create(CultureInfo.InvariantCulture, $"Number must be less than or equal to {max}");
        if (!double.IsInteger(value))
            return "Expected integer, received float";
        number = (int)value;
        return null;
    }
}
