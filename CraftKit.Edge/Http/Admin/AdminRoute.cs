using System.Text;
using CraftKit.Edge.Events;
using Microsoft.AspNetCore.Http;

namespace CraftKit.Edge.Http.Admin;

/// <summary>One path of the admin plane, with its methods.</summary>
internal sealed class AdminRoute
{
    private const string Id = "{}";

    private readonly string[] _segments;
    private readonly List<(string Method, AdminHandler Handler)> _methods = [];
    private ApiAnswer? _methodNotAllowed;

    /// <param name="pattern">The path; <c>{}</c> as a segment stands for an id.</param>
    /// <param name="needsKey">Whether an account key has to be presented.</param>
    public AdminRoute(string pattern, bool needsKey = true)
    {
        _segments = pattern[1..].Split('/');
        NeedsKey = needsKey;
        Name = pattern.Replace(Id, "{id}", StringComparison.Ordinal);
    }

    /// <summary>What the path is called in the metrics.</summary>
    public string Name { get; }

    /// <summary>Whether an account key has to be presented.</summary>
    public bool NeedsKey { get; }

    /// <summary>The answer to a method that the path does not take.</summary>
    public ApiAnswer MethodNotAllowed => _methodNotAllowed ??= ApiError.MethodNotAllowed(
        string.Join(", ", _methods.Select(entry => entry.Method == HttpMethods.Get ? "GET, HEAD" : entry.Method)));

    /// <summary>Adds a method; GET answers HEAD too.</summary>
    public AdminRoute On(string method, AdminHandler handler)
    {
        _methods.Add((method, handler));
        return this;
    }

    /// <summary>Who answers the method; null when nobody does. Methods are case-sensitive (RFC 9110, 9.1).</summary>
    public AdminHandler? HandlerOf(string method)
    {
        var asked = method == HttpMethods.Head ? HttpMethods.Get : method;
        return _methods.FirstOrDefault(entry => entry.Method == asked).Handler;
    }

    /// <summary>Whether this is the path.</summary>
    /// <param name="path">Behind its first slash.</param>
    /// <param name="ids">The ids in it; null for a segment that can be no id, and so names nothing.</param>
    public bool TryMatch(ReadOnlySpan<char> path, out string?[] ids)
    {
        ids = [];
        Span<byte> id = stackalloc byte[EventRecord.MaxIdLength];
        for (var i = 0; i < _segments.Length; i++)
        {
            var segment = PathText.Next(ref path, out var more);
            if (more != (i < _segments.Length - 1))
                return false;
            if (_segments[i] != Id)
            {
                if (!PathText.IsWord(segment, _segments[i]))
                    return false;
                continue;
            }

            if (segment.IsEmpty)
                return false;
            ids = [.. ids, PathText.TryReadId(segment, id, out var length) ? Encoding.ASCII.GetString(id[..length]) : null];
        }

        return true;
    }
}
