using System.Diagnostics;
using CraftKit.Edge.Bench.EndToEnd.Load;
using CraftKit.Edge.Bench.Statistics;

namespace CraftKit.Edge.Bench.EndToEnd.Servers;

/// <summary>A server under load: its processes and its address.</summary>
internal abstract class Server : IDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RestPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RestStep = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(30);

    private Process? _process;

    /// <param name="name">What it is called in results.</param>
    /// <param name="certificate">What it speaks https with; null for http.</param>
    protected Server(string name, TlsFiles? certificate = null)
    {
        Name = name;
        Certificate = certificate;
    }

    /// <summary>What it is called in results.</summary>
    public string Name { get; }

    /// <summary>Where it answers.</summary>
    public Uri Url { get; private set; } = null!;

    /// <summary>What it speaks https with; null for http.</summary>
    public TlsFiles? Certificate { get; }

    /// <summary>The lengths of its answers, which a probe found out.</summary>
    public AnswerLengths Answers { get; set; }

    /// <summary>Its process.</summary>
    public int ProcessId => Started.Id;

    /// <summary>CPU seconds of all its processes up to now.</summary>
    public double CpuSeconds => ProcessIds.Sum(ProcessTime.Of);

    /// <summary>The processes that do the work.</summary>
    protected virtual IEnumerable<int> ProcessIds => [ProcessId];

    /// <summary>Its process, once started.</summary>
    protected Process Started => _process ?? throw new InvalidOperationException($"{Name} was not started.");

    /// <summary>Events in its database, counted by SQLite itself; null where there is none. The server may serve meanwhile.</summary>
    public virtual long? CountEvents() => null;

    /// <summary>Starts it, and returns when it listens.</summary>
    /// <param name="waits">False returns at once.</param>
    /// <exception cref="InvalidOperationException">It ended, or did not listen within a minute.</exception>
    public void Start(bool waits = true)
    {
        Url = new Uri($"{(Certificate is null ? "http" : "https")}://127.0.0.1:{LocalPorts.Free()}");
        _process = StartProcess();
        if (waits)
            WaitUntilListening();
    }

    /// <summary>Does nothing while the process runs.</summary>
    /// <exception cref="InvalidOperationException">It has ended.</exception>
    public void ThrowIfEnded()
    {
        if (Started.HasExited)
            throw new InvalidOperationException($"{Name} ended with exit code {Started.ExitCode}.");
    }

    /// <summary>Waits until it has nothing left to do, ten seconds at most.</summary>
    /// <returns>How long that took.</returns>
    public TimeSpan WaitForRest()
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < RestPatience)
        {
            var (before, at) = (CpuSeconds, clock.Elapsed);
            Thread.Sleep(RestStep);
            if (CpuSeconds - before < 0.02 * (clock.Elapsed - at).TotalSeconds)
                return at;
        }

        return clock.Elapsed;
    }

    /// <summary>SIGTERM, and the end of the process.</summary>
    public void Stop()
    {
        if (_process is null)
            return;
        if (!_process.HasExited)
        {
            using var kill = Process.Start("kill", ["-s", "TERM", $"{_process.Id}"]);
            kill.WaitForExit();
            if (!_process.WaitForExit(StopPatience))
            {
                _process.Kill(entireProcessTree: true);
                _process.WaitForExit();
                throw new InvalidOperationException($"{Name} did not end within {StopPatience.TotalSeconds:0} s of SIGTERM.");
            }
        }

        _process.Dispose();
        _process = null;
    }

    public void Dispose() => Stop();

    /// <summary>Starts the process, which is to listen at <see cref="Url"/>.</summary>
    protected abstract Process StartProcess();

    /// <summary>Starts a program; what it writes goes to the console.</summary>
    protected static Process StartProcess(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        // In the program's own folder: the hosts of the baselines watch all that lies below the one they start in, and every write of another
        // server's database there would wake them.
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Path.GetDirectoryName(Path.GetFullPath(program)) };
        foreach (var name in start.Environment.Keys.Where(IsSetting).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private void WaitUntilListening()
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            ThrowIfEnded();
            if (LocalPorts.IsListening(Url.Port))
                return;
            if (clock.Elapsed > StartPatience)
                throw new InvalidOperationException($"{Name} did not listen within {StartPatience.TotalSeconds:0} s.");
            Thread.Sleep(10);
        }
    }

    // What steers a runtime or the service must not come from the shell that runs the benchmark.
    private static bool IsSetting(string name) =>
        name.StartsWith("CRAFTKIT_EDGE__", StringComparison.OrdinalIgnoreCase) || name.StartsWith("DOTNET_SYSTEM_NET_", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("ASPNETCORE_", StringComparison.OrdinalIgnoreCase) || name is "DOTNET_ENVIRONMENT";
}
