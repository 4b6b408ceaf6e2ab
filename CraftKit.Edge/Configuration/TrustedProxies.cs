using System.Globalization;
using CraftKit.Edge.Events;

namespace CraftKit.Edge.Configuration;

/// <summary>The proxies whose <c>X-Forwarded-For</c> is believed: addresses and CIDR ranges.</summary>
/// <remarks>An IPv4 address and its IPv4-mapped IPv6 form are one address, here as everywhere. An IPv6 range wider than the mapped
/// block (<c>::/0</c>) therefore holds no IPv4 address: who trusts all of IPv4 says <c>0.0.0.0/0</c>.</remarks>
internal sealed class TrustedProxies
{
    private const int MappedPrefixLength = 96;

    private readonly Range[] _ranges;

    private TrustedProxies(Range[] ranges) => _ranges = ranges;

    /// <summary>Trusts nobody.</summary>
    public static TrustedProxies None { get; } = new([]);

    /// <summary>Whether nobody is trusted, so that no header need be looked at.</summary>
    public bool IsEmpty => _ranges.Length == 0;

    /// <summary>Reads the configured addresses and ranges.</summary>
    /// <param name="entries">Such as <c>10.0.0.1</c>, <c>10.0.0.0/8</c>, <c>fd00::/8</c>.</param>
    /// <param name="proxies">The set; <see cref="None"/> when an entry cannot be read.</param>
    /// <param name="reason">What is wrong with which entry, in one line; null when all is well.</param>
    public static bool TryParse(IEnumerable<string> entries, out TrustedProxies proxies, out string? reason)
    {
        var ranges = new List<Range>();
        foreach (var entry in entries)
        {
            if (!TryParse(entry, out var range, out reason))
            {
                proxies = None;
                return false;
            }

            ranges.Add(range);
        }

        proxies = ranges.Count == 0 ? None : new TrustedProxies([.. ranges]);
        reason = null;
        return true;
    }

    /// <summary>Whether <paramref name="address"/> is one of them.</summary>
    public bool Contains(ClientAddress address)
    {
        foreach (ref readonly var range in _ranges.AsSpan())
        {
            if (range.Contains(address))
                return true;
        }

        return false;
    }

    private static bool TryParse(string entry, out Range range, out string? reason)
    {
        range = default;
        var slash = entry.IndexOf('/', StringComparison.Ordinal);
        var text = slash < 0 ? entry : entry[..slash];
        if (!AddressReader.TryRead(text, out var address))
        {
            reason = $"\"{entry}\" is neither an IP address nor a range ADDRESS/BITS";
            return false;
        }

        // The width is counted as it was written: ::ffff:10.0.0.0/104 and 10.0.0.0/8 are the same range.
        var writtenAsIPv4 = !text.Contains(':', StringComparison.Ordinal);
        var width = writtenAsIPv4 ? 32 : 128;
        var prefix = width;
        if (slash >= 0 && (!int.TryParse(entry.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out prefix) || prefix > width))
        {
            reason = $"\"{entry}\" has a number of bits that is not 0 to {width}";
            return false;
        }

        range = new Range(address, writtenAsIPv4 ? prefix + MappedPrefixLength : prefix);
        if (range.Network != address)
        {
            reason = $"\"{entry}\" has bits set beyond its first {prefix}; did you mean {range.Network}/{prefix}?";
            return false;
        }

        reason = null;
        return true;
    }

    private readonly struct Range
    {
        private readonly ulong _highMask, _lowMask;
        private readonly bool _holdsIPv4;

        public Range(ClientAddress address, int prefix)
        {
            // A shift by 64 or more is taken modulo 64 by the processor, hence the cases.
            _highMask = prefix switch { 0 => 0, >= 64 => ulong.MaxValue, _ => ulong.MaxValue << (64 - prefix) };
            _lowMask = prefix switch { <= 64 => 0, _ => ulong.MaxValue << (128 - prefix) };
            _holdsIPv4 = prefix >= MappedPrefixLength;
            Network = Masked(address);
        }

        public ClientAddress Network { get; }

        public bool Contains(ClientAddress address) => (_holdsIPv4 || !address.IsIPv4) && Masked(address) == Network;

        private ClientAddress Masked(ClientAddress address) => new(address.High & _highMask, address.Low & _lowMask);
    }
}
