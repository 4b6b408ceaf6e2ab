using System.Text;
using System.Text.Json;
using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Configuration;

/// <summary>Reads the configuration file: strict JSON, so no comments, no trailing commas, no key twice, and each value of the type that
/// its key has (a number in quotes is not a number).</summary>
internal ref struct JsonLayer
{
    private readonly string _origin;
    private readonly string _folder;
    private readonly List<Setting> _settings = [];
    private Utf8JsonReader _reader;

    private JsonLayer(ReadOnlySpan<byte> json, string origin, string folder)
    {
        _origin = origin;
        _folder = folder;
        _reader = new Utf8JsonReader(json, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Disallow, AllowTrailingCommas = false });
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file; relative paths in it are relative to its folder.</param>
    /// <param name="origin">What errors call it.</param>
    /// <exception cref="EdgeException">The file cannot be read or has a fault (exit code 2).</exception>
    public static IReadOnlyList<Setting> Read(string path, string origin)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw ConfigurationFault.At(origin, "there is no such file", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw ConfigurationFault.At(origin, $"cannot be read ({e.Message})", e);
        }

        return Read(bytes, origin, Path.GetDirectoryName(Path.GetFullPath(path)) ?? path);
    }

    /// <summary>Reads the text of a file.</summary>
    public static IReadOnlyList<Setting> Read(ReadOnlySpan<byte> json, string origin, string folder)
    {
        if (json.StartsWith("\uFEFF"u8))
            json = json[3..];
        var layer = new JsonLayer(json, origin, folder);
        try
        {
            layer._reader.Read();
            if (layer._reader.TokenType != JsonTokenType.StartObject)
                throw ConfigurationFault.At(origin, $"expected an object, found {layer.Found()}");
            layer.ReadSection("");
            layer._reader.Read(); // Anything after the object throws here.
            return layer._settings;
        }
        catch (JsonException e)
        {
            throw ConfigurationFault.At(origin, $"line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: not valid JSON: {Reason(e)}", e);
        }
        catch (InvalidOperationException e)
        {
            // The reader's way to say that a string's bytes are no UTF-8 or its escapes no UTF-16.
            throw ConfigurationFault.At(origin, "not valid JSON: a string is not valid Unicode", e);
        }
    }

    private static string Reason(JsonException e)
    {
        var end = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? e.Message : e.Message[..end];
    }

    private void ReadSection(string prefix)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            var part = _reader.GetString()!;
            var name = prefix + part;
            if (!seen.Add(part))
                throw ConfigurationFault.At(_origin, name, "given twice");
            // A dot is how we write nesting, not a way to spell it in the file.
            if (part.Contains('.', StringComparison.Ordinal))
                throw Unknown(name);
            _reader.Read();
            if (ConfigurationKeys.IsSection(name))
            {
                if (_reader.TokenType != JsonTokenType.StartObject)
                    throw Unexpected(name, "an object");
                ReadSection(name + '.');
            }
            else
            {
                _settings.Add(ReadValue(ConfigurationKeys.Find(name) ?? throw Unknown(name)));
            }
        }
    }

    private Setting ReadValue(ConfigurationKey key)
    {
        var token = _reader.TokenType;
        switch (key.Kind)
        {
            case ValueKind.Int64OrNull when token == JsonTokenType.Null:
                return Setting.Of(key, "0", _origin, _folder);
            case ValueKind.Int32 or ValueKind.Int64 or ValueKind.Int64OrNull when token == JsonTokenType.Number:
                return Setting.Of(key, Encoding.ASCII.GetString(_reader.ValueSpan), _origin, _folder);
            case ValueKind.Flag when token is JsonTokenType.True or JsonTokenType.False:
                return Setting.Of(key, token == JsonTokenType.True ? "true" : "false", _origin, _folder);
            case ValueKind.TextList when token == JsonTokenType.StartArray:
                return new Setting(key, ReadList(key), _origin);
            case ValueKind.Text or ValueKind.FilePath or ValueKind.Duration or ValueKind.Word when token == JsonTokenType.String:
                return Setting.Of(key, _reader.GetString()!, _origin, _folder);
            default:
                throw Unexpected(key.Name, key.Expected);
        }
    }

    private List<string> ReadList(ConfigurationKey key)
    {
        var values = new List<string>();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            if (_reader.TokenType != JsonTokenType.String)
                throw Unexpected(key.Name, key.Expected);
            values.Add(_reader.GetString()!);
        }

        return values;
    }

    private readonly EdgeException Unexpected(string name, string expected) =>
        ConfigurationFault.At(_origin, name, $"expected {expected}, found {Found()}");

    private readonly EdgeException Unknown(string name) =>
        ConfigurationFault.At(_origin, name, ConfigurationKeys.Find(name, StringComparison.OrdinalIgnoreCase) is { } meant && meant.Name != name
            ? $"unknown key; it is spelled {meant.Name}"
            : "unknown key");

    private readonly string Found() => _reader.TokenType switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "true or false",
        _ => "null",
    };
}
