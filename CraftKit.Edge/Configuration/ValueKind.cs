namespace CraftKit.Edge.Configuration;

/// <summary>The type of a configuration value.</summary>
internal enum ValueKind
{
    /// <summary>Any string.</summary>
    Text,

    /// <summary>A string that names a file or folder; a relative one is made absolute where it was read.</summary>
    FilePath,

    /// <summary>A JSON number without fraction and exponent that 32 bits hold.</summary>
    Int32,

    /// <summary>A JSON number without fraction and exponent that 64 bits hold.</summary>
    Int64,

    /// <summary>As <see cref="Int64"/>; JSON <c>null</c> stands for 0.</summary>
    Int64OrNull,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Flag,

    /// <summary>A string <c>[d.]hh:mm:ss[.fffffff]</c>.</summary>
    Duration,

    /// <summary>A string out of the key's words, in any case.</summary>
    Word,

    /// <summary>An array of strings; in the environment one string with commas between, or one variable an element.</summary>
    TextList,
}
