using System.Globalization;

namespace CraftKit.Edge.Bench.EndToEnd.Load;

/// <summary>Events by number: number n is of render n mod <see cref="Renders"/>, from the address that has the number n / <see cref="Renders"/>.
/// So each number is a dedupe key of its own, and every request is of the same length.</summary>
internal static class EventKeys
{
    /// <summary>Renders over which events are spread.</summary>
    public const int Renders = 1000;

    /// <summary>Addresses 203.1xx.1xx.1xx.</summary>
    public const int Addresses = 1_000_000;

    /// <summary>The id of a render.</summary>
    public static string RenderId(int render) => string.Create(CultureInfo.InvariantCulture, $"01980000-0000-7000-8000-{render:x12}");

    /// <summary>The share of a render.</summary>
    public static string ShareId(int render) => string.Create(CultureInfo.InvariantCulture, $"01980000-0000-7000-b000-{render:x12}");

    /// <summary>The render of an event.</summary>
    public static int RenderOf(long number) => (int)(number % Renders);

    /// <summary>The address of an event, 15 characters.</summary>
    public static string AddressOf(long number)
    {
        var address = number / Renders;
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(address, Addresses);
        return string.Create(CultureInfo.InvariantCulture, $"203.{100 + (address / 10_000)}.{100 + (address / 100 % 100)}.{100 + (address % 100)}");
    }
}
