using System.IO.Hashing;
using System.Runtime.CompilerServices;
using CraftKit.Edge.Events;

namespace CraftKit.Edge.Dedupe;

/// <summary>The identity of an event for the window: a seeded 128-bit hash of everything that tells two events apart.</summary>
/// <remarks>
/// One half picks the shard. The other, the fingerprint, is kept in the slot and gives the position as well, because a slot must be
/// found a new place when its table is copied and the fingerprint is all that it holds of the key. Two keys are taken for one only when
/// all 64 bits of the fingerprint and the bits of the shard agree: with 10 M live keys about 1 in 10^16 new keys, and nobody outside
/// can look for such a pair, because the seed never leaves the process.
/// <code>
/// hashed bytes: offset size  meaning
///                    0    1  event type
///                    1    1  scope kind: 1 share, 2 render
///                    2    1  length of the project id
///                    3    1  length of the scope id
///                    4   16  address, IPv4 as mapped IPv6
///                   20    -  project id, scope id
/// </code>
/// The lengths stand in front, so no two different events spell the same bytes.
/// </remarks>
internal readonly struct DedupeKey
{
    private const int FixedSize = 4 + ClientAddress.Size;
    private const byte ShareScope = 1, RenderScope = 2;

    /// <summary>Puts a key together from the two halves of its hash; the values that mean empty and tombstone in a slot are moved out
    /// of the way.</summary>
    public DedupeKey(ulong shard, ulong fingerprint)
    {
        Shard = shard;
        Fingerprint = fingerprint <= Slot.Tombstone ? fingerprint + Slot.Tombstone + 1 : fingerprint;
    }

    /// <summary>The half that picks the shard.</summary>
    public ulong Shard { get; }

    /// <summary>The half that stands in the slot; never <see cref="Slot.Empty"/> nor <see cref="Slot.Tombstone"/>.</summary>
    public ulong Fingerprint { get; }

    /// <summary>The key of an event under a seed. The render stands in, in a name space of its own, when
    /// <paramref name="shareId"/> is empty.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An id is longer than <see cref="EventRecord.MaxIdLength"/> bytes.</exception>
    [SkipLocalsInit]
    public static DedupeKey Of(
        long seed,
        EventType type,
        ReadOnlySpan<byte> projectId,
        ReadOnlySpan<byte> shareId,
        ReadOnlySpan<byte> renderId,
        ClientAddress address)
    {
        var scopeKind = shareId.IsEmpty ? RenderScope : ShareScope;
        var scopeId = shareId.IsEmpty ? renderId : shareId;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(projectId.Length, EventRecord.MaxIdLength, nameof(projectId));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(scopeId.Length, EventRecord.MaxIdLength, nameof(renderId));

        Span<byte> bytes = stackalloc byte[FixedSize + (2 * EventRecord.MaxIdLength)];
        bytes[0] = (byte)type;
        bytes[1] = scopeKind;
        bytes[2] = (byte)projectId.Length;
        bytes[3] = (byte)scopeId.Length;
        address.Write(bytes[4..]);
        projectId.CopyTo(bytes[FixedSize..]);
        scopeId.CopyTo(bytes[(FixedSize + projectId.Length)..]);
        var hash = XxHash128.HashToUInt128(bytes[..(FixedSize + projectId.Length + scopeId.Length)], seed);
        return new DedupeKey((ulong)(hash >> 64), (ulong)hash);
    }
}
