namespace CraftKit.Edge.Bench.EndToEnd.Load;

/// <summary>Requests made beforehand, one after the other in a file, all of one length. Clients read them into their memory before the clock
/// starts, so that to send one costs them no more than to send a fixed text.</summary>
internal sealed class RequestFile : IDisposable
{
    private const int ChunkRequests = 4096;
    private readonly long[] _numbers;

    /// <summary>Writes the file.</summary>
    /// <param name="path">Where; an old one is replaced.</param>
    /// <param name="template">The bytes.</param>
    /// <param name="numbers">The events in the order in which they are sent.</param>
    public RequestFile(string path, RequestTemplate template, long[] numbers)
    {
        Path = path;
        Template = template;
        _numbers = numbers;
        var chunk = new byte[ChunkRequests * template.Length];
        using var file = File.Create(path);
        for (var start = 0; start < numbers.Length; start += ChunkRequests)
        {
            var count = Math.Min(ChunkRequests, numbers.Length - start);
            for (var i = 0; i < count; i++)
                template.Write(chunk.AsSpan(i * template.Length), numbers[start + i]);
            file.Write(chunk, 0, count * template.Length);
        }
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>How a request is written.</summary>
    public RequestTemplate Template { get; }

    /// <summary>How many requests there are.</summary>
    public int Count => _numbers.Length;

    /// <summary>The event of the request that is sent as the n-th; after the last one the first comes again.</summary>
    public long NumberOf(long sent) => _numbers[sent % _numbers.Length];

    /// <summary>How many of the requests that were sent are of events with a number from <paramref name="first"/> on.</summary>
    public long CountFrom(long first, long sent) => _numbers.Take((int)Math.Min(sent, _numbers.Length)).LongCount(number => number >= first);

    public void Dispose() => File.Delete(Path);
}
