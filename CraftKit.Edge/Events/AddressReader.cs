using System.Buffers.Binary;

namespace CraftKit.Edge.Events;

/// <summary>Reads the text of an IP address strictly, without allocating: IPv4 as four decimal octets, IPv6 as RFC 4291 writes it, with
/// <c>::</c> and an IPv4 tail, without a scope.</summary>
/// <remarks><see cref="System.Net.IPAddress"/> is too lenient to decide whom an event comes from: it takes <c>1</c>,
/// <c>203.0.113</c>, <c>0x7f.1</c> and octal octets for addresses and keeps scopes.</remarks>
internal static class AddressReader
{
    private const int Groups = 8;

    /// <summary>Reads <paramref name="text"/> as one address and nothing else.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, out ClientAddress address)
    {
        if (text.Contains(':'))
            return TryReadIPv6(text, out address);
        var read = TryReadIPv4(text, out var bits);
        address = ClientAddress.FromIPv4(bits);
        return read;
    }

    /// <summary>Reads four decimal octets; a leading zero is refused, since half of the world reads it as octal.</summary>
    public static bool TryReadIPv4(ReadOnlySpan<char> text, out uint bits)
    {
        bits = 0;
        var position = 0;
        for (var octet = 0; octet < 4; octet++)
        {
            if (octet > 0 && (position >= text.Length || text[position++] != '.'))
                return false;
            var start = position;
            var value = 0u;
            while (position < text.Length && position - start < 3 && char.IsAsciiDigit(text[position]))
                value = (value * 10) + (uint)(text[position++] - '0');
            if (position == start || value > 255 || (text[start] == '0' && position - start > 1))
                return false;
            bits = (bits << 8) | value;
        }

        return position == text.Length;
    }

    /// <summary>Reads eight groups of one to four hexadecimal digits; <c>::</c> once for at least one group of zeros; the last two
    /// groups may be written as IPv4.</summary>
    public static bool TryReadIPv6(ReadOnlySpan<char> text, out ClientAddress address)
    {
        address = default;
        Span<ushort> groups = stackalloc ushort[Groups];
        var count = 0;
        var gap = -1;
        var rest = text;
        if (rest.StartsWith("::"))
        {
            gap = 0;
            rest = rest[2..];
        }

        while (!rest.IsEmpty)
        {
            if (count == Groups)
                return false;
            var end = rest.IndexOf(':');
            var group = end < 0 ? rest : rest[..end];
            if (end < 0 && group.Contains('.'))
            {
                if (count > Groups - 2 || !TryReadIPv4(group, out var tail))
                    return false;
                groups[count++] = (ushort)(tail >> 16);
                groups[count++] = (ushort)tail;
                break;
            }

            if (!TryReadGroup(group, out groups[count]))
                return false;
            count++;
            if (end < 0)
                break;
            rest = rest[(end + 1)..];
            if (rest.IsEmpty)
                return false;
            if (rest[0] == ':')
            {
                if (gap >= 0)
                    return false;
                gap = count;
                rest = rest[1..];
            }
        }

        if (gap < 0 ? count != Groups : count >= Groups)
            return false;
        address = Assemble(groups, count, gap);
        return true;
    }

    private static ClientAddress Assemble(ReadOnlySpan<ushort> groups, int count, int gap)
    {
        Span<byte> bytes = stackalloc byte[ClientAddress.Size];
        bytes.Clear();
        var zeros = Groups - count;
        for (var i = 0; i < count; i++)
            BinaryPrimitives.WriteUInt16BigEndian(bytes[(2 * (gap >= 0 && i >= gap ? i + zeros : i))..], groups[i]);
        return ClientAddress.Read(bytes);
    }

    private static bool TryReadGroup(ReadOnlySpan<char> text, out ushort group)
    {
        group = 0;
        if (text.Length is 0 or > 4)
            return false;
        foreach (var character in text)
        {
            if (!char.IsAsciiHexDigit(character))
                return false;
            group = (ushort)((group << 4) | HexValue(character));
        }

        return true;
    }

    private static int HexValue(char digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
