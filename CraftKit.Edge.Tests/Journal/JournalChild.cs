using System.Buffers.Binary;
using System.Diagnostics;
using CraftKit.Edge.Journal;

namespace CraftKit.Edge.Tests.Journal;

/// <summary>A process of its own that works on a journal, to be killed or to die of SIGBUS without taking the tests along: the tests'
/// assembly, run once more with a startup hook of the runtime (<see cref="StartupHook"/>) that does this instead of testing.</summary>
internal static class JournalChild
{
    private const string Variable = "CRAFTKIT_TESTS_JOURNAL_CHILD";
    private const int MaxPayload = 1000;

    public static Process Start(string verb, string folder, params string[] arguments)
    {
        // The assembly and the host that runs this runtime, wherever the tests themselves were started from.
        var host = Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        var start = new ProcessStartInfo(host) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(typeof(JournalChild).Assembly.Location);
        start.Environment["DOTNET_STARTUP_HOOKS"] = typeof(JournalChild).Assembly.Location;
        start.Environment[Variable] = string.Join('\n', [verb, folder, .. arguments]);
        return Process.Start(start)!;
    }

    /// <summary>Starts, waits at most <paramref name="patience"/>, and says how it ended.</summary>
    public static (int ExitCode, string Output) Run(TimeSpan patience, string verb, string folder, params string[] arguments)
    {
        using var child = Start(verb, folder, arguments);
        var errors = child.StandardError.ReadToEndAsync();
        var output = child.StandardOutput.ReadToEndAsync();
        if (child.WaitForExit(patience))
            return (child.ExitCode, output.Result + errors.Result);
        child.Kill();
        child.WaitForExit();
        return (-1, $"{verb} did not end within {patience.TotalSeconds} s: {output.Result}{errors.Result}");
    }

    /// <summary>Does what <see cref="Start"/> asked for and ends the process.</summary>
    public static void RunAndExit()
    {
        var command = Environment.GetEnvironmentVariable(Variable)!.Split('\n');
        var (verb, folder, rest) = (command[0], command[1], command[2..]);
        try
        {
            switch (verb)
            {
                case "serve":
                    Serve(folder);
                    break;
                case "create":
                    OpenJournal(folder, long.Parse(rest[0])).Dispose();
                    break;
                default:
                    Fill(folder, long.Parse(rest[0]), int.Parse(rest[1]));
                    break;
            }

            Environment.Exit(0);
        }
        catch (CraftKit.Edge.Platform.EdgeException failure)
        {
            Console.Error.WriteLine(failure.Message);
            Environment.Exit(failure.ExitCode);
        }
    }

    /// <summary>What the service does, in small: recovers into a log, then appends from two threads and logs what it reads. Tells every
    /// record on the output once it is decided. Runs until it is killed.</summary>
    private static void Serve(string folder)
    {
        using var log = new StoreLog(folder);
        var output = Console.OpenStandardOutput();
        var options = Options(folder, 64 * 1024);
        JournalFile journal;
        using (var recovery = JournalRecovery.Open(options, log.Mark, TimeProvider.System))
        {
            while (recovery.TryRead(out var record))
                log.Store(BinaryPrimitives.ReadInt64LittleEndian(record.Payload), recovery.MarkAt(record.EndPosition), record.Decision);
            log.Store(0, recovery.MarkAt(recovery.EndPosition), JournalDecision.Void);
            if (recovery.Report.DamagedBytes > 0)
                throw new CraftKit.Edge.Platform.EdgeException($"{recovery.Report.DamagedBytes} damaged bytes after a kill");
            journal = JournalFile.StartEpoch(options, recovery, log.Mark!.Value);
        }

        var run = (long)Environment.ProcessId << 32;
        for (var t = 0; t < 2; t++)
        {
            var thread = t;
            new Thread(() => Append(journal, output, run | ((long)thread << 31))) { IsBackground = true }.Start();
        }

        while (true)
        {
            while (journal.Reader.TryRead(out var record) == ReadStatus.Record)
                log.Store(BinaryPrimitives.ReadInt64LittleEndian(record.Payload), journal.MarkAt(record.EndPosition), record.Decision);
            journal.Reader.Release(journal.Reader.Position);
            Thread.Yield();
        }
    }

    private static void Append(JournalFile journal, Stream output, long first)
    {
        var random = new Random();
        for (var id = first + 1; ; id++)
        {
            AppendStatus status;
            JournalSlot slot;
            while ((status = journal.TryReserve(8 + random.Next(800), out slot)) == AppendStatus.Full)
                Thread.Yield();
            BinaryPrimitives.WriteInt64LittleEndian(slot.Payload, id);
            slot.Payload[8..].Fill((byte)id);
            slot.Publish();
            if (id % 16 == 0)
            {
                slot.MarkVoid();
                continue;
            }

            slot.MarkWon(id % 1000);
            var line = BitConverter.GetBytes(id);
            lock (output)
                output.Write(line);
        }
    }

    /// <summary>Appends several times the journal's size, syncing now and then, with the records of each lap read and released.</summary>
    private static void Fill(string folder, long capacity, int laps)
    {
        using var journal = OpenJournal(folder, capacity);
        var payload = new byte[700];
        new Random(1).NextBytes(payload);
        for (long done = 0; done < capacity * laps;)
        {
            while (journal.TryReserve(payload.Length, out var slot) == AppendStatus.Reserved)
            {
                payload.CopyTo(slot.Payload);
                slot.Publish();
                slot.MarkWon(0);
                done += payload.Length;
            }

            journal.Reader.Sync();
            while (journal.Reader.TryRead(out var record) == ReadStatus.Record)
            {
                if (!record.Payload.SequenceEqual(payload))
                    throw new CraftKit.Edge.Platform.EdgeException("a record came back changed");
            }

            journal.Reader.Release(journal.Reader.Position);
        }
    }

    private static JournalFile OpenJournal(string folder, long capacity)
    {
        var options = Options(folder, capacity);
        using var recovery = JournalRecovery.Open(options, null, TimeProvider.System);
        return JournalFile.StartEpoch(options, recovery, recovery.MarkAt(recovery.EndPosition));
    }

    private static JournalOptions Options(string folder, long capacity) =>
        new() { Path = Path.Combine(folder, "events.journal"), CapacityBytes = capacity, MaxPayloadBytes = MaxPayload, BootId = JournalFixture.Boot };
}
