using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;

namespace CraftKit.Edge.Configuration;

/// <summary>The range of a number or a <see cref="TimeSpan"/>, both ends allowed. Unlike the framework's range it says which end was
/// passed, and it calls the property by its configuration key.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class WithinAttribute : ValidationAttribute
{
    private readonly IComparable _minimum;
    private readonly IComparable _maximum;

    /// <summary>A range of whole numbers.</summary>
    public WithinAttribute(long minimum, long maximum) => (_minimum, _maximum) = (minimum, maximum);

    /// <summary>A range of durations, each written <c>[d.]hh:mm:ss[.fff]</c>.</summary>
    public WithinAttribute(string minimum, string maximum) => (_minimum, _maximum) =
        (TimeSpan.Parse(minimum, CultureInfo.InvariantCulture), TimeSpan.Parse(maximum, CultureInfo.InvariantCulture));

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        var given = value is int number ? (long)number : value;
        if (_minimum.CompareTo(given) > 0)
            return Fault(validationContext, $"{Text(given)} is below {Text(_minimum)}");
        return _maximum.CompareTo(given) < 0 ? Fault(validationContext, $"{Text(given)} is above {Text(_maximum)}") : ValidationResult.Success;
    }

    // The display name is the path of properties from the options' type: EdgeOptions.Journal.CapacityBytes.
    private static ValidationResult Fault(ValidationContext context, string problem) =>
        new($"{string.Join('.', context.DisplayName.Split('.').Skip(1).Select(JsonNamingPolicy.CamelCase.ConvertName))}: {problem}");

    private static string Text(object? value) => value is TimeSpan duration ? ConfigurationText.Of(duration) : $"{value}";
}
