using BenchmarkDotNet.Attributes;

namespace CraftKit.Edge.Bench.Storage;

/// <summary>The writer as it runs in the service (<see cref="WritingJournal"/>), on the working folder's disk. Warm: every render has a row already.
/// Figures are elapsed time per event from the first append to the last commit; a million divided by the microseconds is the rate that the service can
/// sustain.</summary>
[InvocationCount(1, 1)]
[MaxIterationCount(20)]
public class WriterBenchmarks
{
    private const int Events = 200_000;

    private RandomNumbers _random = new(1);
    private BenchFolder _folder = null!;
    private WritingJournal _writing = null!;

    [Params(1_000, 1_000_000)]
    public int Renders { get; set; }

    [GlobalSetup]
    public void Open()
    {
        _folder = new BenchFolder();
        _writing = new WritingJournal(_folder.FolderPath, Renders);
    }

    [GlobalCleanup]
    public void Close()
    {
        _writing.Dispose();
        _folder.Dispose();
    }

    /// <summary>Events of random renders, appended as fast as the journal has room, until all are committed.</summary>
    [Benchmark(OperationsPerInvoke = Events)]
    public void StoreThroughJournal()
    {
        for (var i = 0; i < Events; i++)
        {
            _writing.Prepare(_random.Next(Renders));
            _writing.Append();
        }

        _writing.WaitUntilStored();
    }
}
