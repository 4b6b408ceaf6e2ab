namespace CraftKit.Edge.Bench.EndToEnd.Load;

/// <summary>Bytes of a server's two answers, heads included.</summary>
/// <param name="Recorded">Of <c>{"recorded":true}</c>.</param>
/// <param name="Duplicate">Of <c>{"recorded":false}</c>.</param>
internal readonly record struct AnswerLengths(int Recorded, int Duplicate)
{
    /// <summary>The lengths of both by that of <c>{"recorded":false}</c>: the other is a letter shorter, and its length has as many digits.</summary>
    public static AnswerLengths ByDuplicate(int length) => new(length - 1, length);

    /// <summary>How many of so many answers, which were so many bytes together, said that the event was recorded.</summary>
    /// <exception cref="InvalidOperationException">The bytes cannot be those of such answers.</exception>
    public long RecordedIn(long answers, long bytes)
    {
        var (shorter, rest) = Math.DivRem((answers * Duplicate) - bytes, Duplicate - Recorded);
        return rest == 0 && shorter >= 0 && shorter <= answers
            ? shorter
            : throw new InvalidOperationException($"{answers} answers of {Recorded} or {Duplicate} bytes cannot be {bytes} bytes.");
    }
}
