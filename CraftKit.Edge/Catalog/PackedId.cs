using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.CompilerServices;

namespace CraftKit.Edge.Catalog;

/// <summary>An id in 16 bytes and a form, so that a million of them fit in little memory without an object each.</summary>
/// <remarks>
/// <code>
/// form    High, Low
///    0    no id
/// 1-16    the id itself, of so many characters, padded with zeros
/// 17-64   an id of so many characters that stands in a separate text; Low is the offset there
///   65    a UUID in its canonical lower-case text, as 16 bytes
/// </code>
/// Of each id there is exactly one packed form: a UUID in upper case is text like any other, hence another id. Both words are in
/// network order, so that UUIDs compare like their texts.
/// </remarks>
internal readonly record struct PackedId(ulong High, ulong Low, byte Form)
{
    /// <summary>The form of a UUID.</summary>
    public const byte Uuid = 65;

    private const int UuidLength = 36;
    private const int InlineLength = 16;

    /// <summary>Whether the id stands in a separate text.</summary>
    public bool IsLong => Form is > InlineLength and < Uuid;

    /// <summary>The length of the id as text; 0 for no id.</summary>
    public int Length => Form == Uuid ? UuidLength : Form;

    /// <summary>Packs an id of at most 64 bytes. Of a long one only the form is set: the text goes where the caller keeps it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PackedId Pack(ReadOnlySpan<byte> id) =>
        id.Length == UuidLength && TryPackUuid(id, out var packed) ? packed : PackText(id);

    /// <summary>The same id when its text stands at <paramref name="offset"/>.</summary>
    public PackedId At(int offset) => this with { Low = (uint)offset };

    /// <summary>The text of a long id.</summary>
    public ReadOnlySpan<byte> LongText(ReadOnlySpan<byte> text) => text.Slice((int)Low, Form);

    /// <summary>Writes the id as text.</summary>
    /// <param name="text">Where long ids stand.</param>
    /// <param name="destination">At least 64 bytes.</param>
    /// <returns>The length of the id.</returns>
    [SkipLocalsInit]
    public int Unpack(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        if (IsLong)
        {
            LongText(text).CopyTo(destination);
            return Form;
        }

        if (Form == Uuid)
        {
            UnpackUuid(destination);
            return UuidLength;
        }

        Span<byte> bytes = stackalloc byte[InlineLength];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Low);
        bytes[..Form].CopyTo(destination);
        return Form;
    }

    /// <summary>A hash of the id that the seed makes unpredictable.</summary>
    /// <param name="longText">The text of a long id; otherwise not looked at.</param>
    /// <param name="seed">The same for all ids that meet.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Hash(ReadOnlySpan<byte> longText, ulong seed)
    {
        if (IsLong)
            return XxHash3.HashToUInt64(longText, (long)seed);

        // Folding the 128 bits of a product mixes each word's bits over all of the result; the second product spreads the
        // differences of ids that count up (r-000001, r-000002) to the top, where the shard is chosen.
        var high = Math.BigMul(High ^ seed, Low ^ 0x9E37_79B9_7F4A_7C15 ^ Form, out var low);
        high = Math.BigMul(high ^ low ^ seed, 0xD6E8_FEB8_6659_FD93, out low);
        return high ^ low;
    }

    private static PackedId PackText(ReadOnlySpan<byte> id)
    {
        if (id.Length > InlineLength)
            return new PackedId(0, 0, (byte)id.Length);
        Span<byte> bytes = stackalloc byte[InlineLength];
        bytes.Clear();
        id.CopyTo(bytes);
        return new PackedId(Read(bytes, 0), Read(bytes, 8), (byte)id.Length);
    }

    private static bool TryPackUuid(ReadOnlySpan<byte> id, out PackedId packed)
    {
        packed = default;
        if (id[8] != '-' || id[13] != '-' || id[18] != '-' || id[23] != '-')
            return false;

        // 32 digits in four words of eight: 01234567-8901-2345-6789-012345678901.
        var second = ((ulong)ReadUInt32(id, 9) << 32) | ReadUInt32(id, 14);
        var third = ((ulong)ReadUInt32(id, 19) << 32) | ReadUInt32(id, 24);
        if (!TryPackDigits(Read(id, 0), out var a) || !TryPackDigits(second, out var b)
            || !TryPackDigits(third, out var c) || !TryPackDigits(Read(id, 28), out var d))
        {
            return false;
        }

        packed = new PackedId(((ulong)a << 32) | b, ((ulong)c << 32) | d, Uuid);
        return true;
    }

    /// <summary>Spelled out, because formatting a Guid takes ten times as long.</summary>
    private void UnpackUuid(Span<byte> destination)
    {
        destination = destination[..UuidLength];
        var second = UnpackDigits((uint)High);
        var third = UnpackDigits((uint)(Low >> 32));
        BinaryPrimitives.WriteUInt64BigEndian(destination, UnpackDigits((uint)(High >> 32)));
        destination[8] = (byte)'-';
        BinaryPrimitives.WriteUInt32BigEndian(destination[9..], (uint)(second >> 32));
        destination[13] = (byte)'-';
        BinaryPrimitives.WriteUInt32BigEndian(destination[14..], (uint)second);
        destination[18] = (byte)'-';
        BinaryPrimitives.WriteUInt32BigEndian(destination[19..], (uint)(third >> 32));
        destination[23] = (byte)'-';
        BinaryPrimitives.WriteUInt32BigEndian(destination[24..], (uint)third);
        BinaryPrimitives.WriteUInt64BigEndian(destination[28..], UnpackDigits((uint)Low));
    }

    /// <summary>Turns eight lower-case hexadecimal digits, the first in the highest byte, into their value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryPackDigits(ulong digits, out uint value)
    {
        const ulong Ones = 0x0101_0101_0101_0101;

        // Bit 6 tells letters from figures. No sum below leaves its byte.
        var nibbles = (digits & (Ones * 0x0F)) + (((digits >> 6) & Ones) * 9);

        // Whatever is no such digit does not come out again when the nibbles are written back.
        var letters = ((nibbles + (Ones * 6)) >> 4) & Ones;
        var valid = (nibbles & (Ones * 0xF0)) == 0 && nibbles + (Ones * '0') + (letters * ('a' - '0' - 10)) == digits;

        var pairs = (nibbles | (nibbles >> 4)) & 0x00FF_00FF_00FF_00FF;
        var quads = (pairs | (pairs >> 8)) & 0x0000_FFFF_0000_FFFF;
        value = (uint)(quads | (quads >> 16));
        return valid;
    }

    /// <summary>The way back: the steps of <see cref="TryPackDigits"/> from the last to the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong UnpackDigits(uint value)
    {
        const ulong Ones = 0x0101_0101_0101_0101;
        var quads = (value | ((ulong)value << 16)) & 0x0000_FFFF_0000_FFFF;
        var pairs = (quads | (quads << 8)) & 0x00FF_00FF_00FF_00FF;
        var nibbles = (pairs | (pairs << 4)) & (Ones * 0x0F);
        var letters = ((nibbles + (Ones * 6)) >> 4) & Ones;
        return nibbles + (Ones * '0') + (letters * ('a' - '0' - 10));
    }

    private static ulong Read(ReadOnlySpan<byte> source, int offset) => BinaryPrimitives.ReadUInt64BigEndian(source[offset..]);

    private static uint ReadUInt32(ReadOnlySpan<byte> source, int offset) => BinaryPrimitives.ReadUInt32BigEndian(source[offset..]);
}
