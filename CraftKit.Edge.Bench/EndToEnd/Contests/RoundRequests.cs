using CraftKit.Edge.Bench.EndToEnd.Load;

namespace CraftKit.Edge.Bench.EndToEnd.Contests;

/// <summary>The requests of one round, made when they are first asked for: one file for all that are sent the same.</summary>
/// <param name="path">Where the files may lie; a number is put behind it.</param>
/// <param name="most">The most requests that a server can take in the round.</param>
internal sealed class RoundRequests(string path, int most) : IDisposable
{
    private readonly Dictionary<(RequestTemplate, Traffic), (RequestFile File, long FirstNew)> _files = [];

    /// <summary>The requests for a contestant, and the least number of an event that is new among them.</summary>
    public (RequestFile File, long FirstNew) For(Contestant contestant)
    {
        var key = (contestant.Template, contestant.Traffic);
        if (_files.TryGetValue(key, out var made))
            return made;
        var numbers = contestant.Traffic.Next(most, out var firstNew);
        return _files[key] = (new RequestFile($"{path}-{_files.Count}", contestant.Template, numbers), firstNew);
    }

    public void Dispose()
    {
        foreach (var (file, _) in _files.Values)
            file.Dispose();
    }
}
