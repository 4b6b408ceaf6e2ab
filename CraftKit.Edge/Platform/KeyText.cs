using System.Text.RegularExpressions;

namespace CraftKit.Edge.Platform;

/// <summary>Keeps keys out of what is shown: whoever gives a key where its id belongs must not find it in an error message.</summary>
internal static partial class KeyText
{
    /// <summary>The text with of every key only what is kept to know it by: its scheme and five characters.</summary>
    public static string Mask(string text) => Keys().Replace(text, static key => $"{key.ValueSpan[..13]}…");

    [GeneratedRegex("ck_(?:live|acct)_[0-9A-Za-z]{6,}")]
    private static partial Regex Keys();
}
