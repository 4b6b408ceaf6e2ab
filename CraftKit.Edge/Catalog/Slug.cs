using System.Globalization;
using System.Text;

namespace CraftKit.Edge.Catalog;

/// <summary>A name in kebab-case (docs/API.md, "Projects").</summary>
internal static class Slug
{
    /// <summary>Marks are taken off letters, ASCII letters and digits stay in lower case, every run of anything else is one hyphen,
    /// none at the ends; <c>project</c> when nothing is left.</summary>
    public static string Of(string name)
    {
        var slug = new StringBuilder(name.Length);
        var character = (stackalloc char[2]);
        foreach (var rune in name.EnumerateRunes())
        {
            if (rune.IsAscii)
                Append(slug, (char)rune.Value);
            else if (!IsMark(rune))
            {
                var ascii = SlugLetters.Decompose(character[..rune.EncodeToUtf16(character)]);
                if (ascii.IsEmpty)
                    Append(slug, '-');
                foreach (var c in ascii)
                    Append(slug, c);
            }
        }

        if (slug.Length > 0 && slug[^1] == '-')
            slug.Length--;
        return slug.Length == 0 ? "project" : slug.ToString();
    }

    private static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    private static void Append(StringBuilder slug, char c)
    {
        if (char.IsAsciiLetterOrDigit(c))
            slug.Append(char.ToLowerInvariant(c));
        else if (slug.Length > 0 && slug[^1] != '-')
            slug.Append('-');
    }
}
