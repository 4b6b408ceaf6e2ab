using System.Threading.Channels;
using BenchmarkDotNet.Attributes;
using CraftKit.Edge.Journal;

namespace CraftKit.Edge.Bench.Journal;

/// <summary>Appending 200 bytes: room taken, payload copied, checksum and word published, record decided. The file lies on the working folder's
/// disk. Warm: the few segments in use, since the one freed last is filled next. A full journal is waited for, and that wait counts.</summary>
public class AppendBenchmarks
{
    private const int PayloadBytes = 200;
    private const int Appends = 1 << 14;

    private readonly byte[] _payload = new byte[PayloadBytes];
    private BenchFolder _folder = null!;
    private JournalFile _journal = null!;
    private DrainingReader? _reader;
    private TwoThreads? _threads;
    private Channel<byte[]> _channel = null!;
    private Task _draining = Task.CompletedTask;

    [GlobalSetup(Targets = [nameof(AppendAndDrain), nameof(AppendVoidAndDrain)])]
    public void Open()
    {
        new Random(1).NextBytes(_payload);
        _folder = new BenchFolder();
        _journal = OpenJournal.In(_folder.FolderPath);
    }

    [GlobalSetup(Targets = [nameof(AppendBesideReader), nameof(AppendOnTwoThreadsBesideReader)])]
    public void OpenBesideReader()
    {
        Open();
        _reader = new DrainingReader(_journal);
        _threads = new TwoThreads(_ => AppendAll());
    }

    [GlobalSetup(Target = nameof(ChannelBesideReader))]
    public void OpenChannel()
    {
        new Random(1).NextBytes(_payload);
        _channel = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(250_000) { SingleReader = true });
        _draining = Task.Run(async () =>
        {
            await foreach (var _ in _channel.Reader.ReadAllAsync())
            {
            }
        });
    }

    [GlobalCleanup(Target = nameof(ChannelBesideReader))]
    public void CloseChannel()
    {
        _channel.Writer.Complete();
        _draining.GetAwaiter().GetResult();
    }

    [GlobalCleanup(Targets = [nameof(AppendAndDrain), nameof(AppendVoidAndDrain), nameof(AppendBesideReader), nameof(AppendOnTwoThreadsBesideReader)])]
    public void Close()
    {
        _threads?.Dispose();
        _reader?.Dispose();
        _journal.Dispose();
        _folder.Dispose();
    }

    /// <summary>The journal's whole cost of a record on one thread: append, read, zero and free.</summary>
    [Benchmark(OperationsPerInvoke = Appends)]
    public int AppendAndDrain()
    {
        AppendAll();
        return OpenJournal.Drain(_journal.Reader);
    }

    /// <summary>The same for records that lost their claim, which the reader passes over.</summary>
    [Benchmark(OperationsPerInvoke = Appends)]
    public int AppendVoidAndDrain()
    {
        for (var i = 0; i < Appends; i++)
        {
            var slot = OpenJournal.Reserve(_journal, PayloadBytes);
            _payload.CopyTo(slot.Payload);
            slot.Publish();
            slot.MarkVoid();
        }

        return OpenJournal.Drain(_journal.Reader);
    }

    /// <summary>One thread appends while another drains: what a request pays.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Appends)]
    public void AppendBesideReader() => AppendAll();

    /// <summary>Two threads append while a third drains; elapsed time per record of either.</summary>
    [Benchmark(OperationsPerInvoke = 2 * Appends)]
    public void AppendOnTwoThreadsBesideReader() => _threads!.Run();

    /// <summary>For comparison: a bounded System.Threading.Channels channel of as many records, each a copy of its own. The death of the process
    /// takes all of them.</summary>
    [Benchmark(OperationsPerInvoke = Appends)]
    public void ChannelBesideReader()
    {
        var wait = new SpinWait();
        for (var i = 0; i < Appends; i++)
        {
            var copy = _payload.AsSpan().ToArray();
            while (!_channel.Writer.TryWrite(copy))
                wait.SpinOnce();
        }
    }

    private void AppendAll()
    {
        for (var i = 0; i < Appends; i++)
            OpenJournal.Append(_journal, _payload);
    }
}
