namespace CraftKit.Edge.Tests.Http;

/// <summary>Damages texts at random.</summary>
internal static class Mutation
{
    /// <summary>A copy with up to two changes: a byte replaced, put in or taken out, or a few repeated.</summary>
    /// <param name="random">Chooses.</param>
    /// <param name="text">The text; not empty.</param>
    /// <param name="alphabet">What most bytes come from.</param>
    /// <param name="foreign">One byte in so many is any whatever.</param>
    public static byte[] Of(Random random, byte[] text, ReadOnlySpan<byte> alphabet, int foreign)
    {
        var bytes = text.ToList();
        for (var changes = random.Next(3); changes > 0; changes--)
        {
            var at = random.Next(bytes.Count);
            var other = random.Next(foreign) == 0 ? (byte)random.Next(256) : alphabet[random.Next(alphabet.Length)];
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] = other;
                    break;
                case 1:
                    bytes.Insert(at, other);
                    break;
                case 2:
                    bytes.RemoveAt(at);
                    break;
                default:
                    var length = Math.Min(random.Next(1, 8), bytes.Count - at);
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
            }
        }

        return [.. bytes];
    }
}
