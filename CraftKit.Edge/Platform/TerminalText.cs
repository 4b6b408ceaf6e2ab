using System.Globalization;
using System.Text;

namespace CraftKit.Edge.Platform;

/// <summary>Makes text from outside harmless on a terminal, in a log and in a table.</summary>
internal static class TerminalText
{
    /// <summary>The text with everything that would act instead of show written as <c>\u001b</c>: control characters (a line break too),
    /// characters that turn the writing direction or break lines, and halves of surrogate pairs.</summary>
    public static string Escape(string text)
    {
        var first = 0;
        while (first < text.Length && !MustEscape(text, first))
            first++;
        if (first == text.Length)
            return text;
        var result = new StringBuilder(text.Length + 16).Append(text, 0, first);
        for (var i = first; i < text.Length; i++)
        {
            if (MustEscape(text, i))
                result.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[i]:x4}");
            else
                result.Append(text[i]);
        }

        return result.ToString();
    }

    private static bool MustEscape(string text, int index)
    {
        var character = text[index];
        if (character is >= ' ' and <= '~')
            return false;
        if (char.IsHighSurrogate(character))
            return index + 1 == text.Length || !char.IsLowSurrogate(text[index + 1]);
        if (char.IsLowSurrogate(character))
            return index == 0 || !char.IsHighSurrogate(text[index - 1]);
        return char.IsControl(character) || IsInvisible(character);
    }

    // Marks, embeddings, overrides and isolates of direction; line and paragraph separators; the byte order mark.
    private static bool IsInvisible(char character) =>
        character is '\u061C' or (>= '\u200B' and <= '\u200F') or (>= '\u2028' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\uFEFF';
}
