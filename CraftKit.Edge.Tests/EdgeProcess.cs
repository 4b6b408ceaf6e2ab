using System.Diagnostics;
using System.Text;
using CraftKit.Edge.Configuration;
using Xunit;

namespace CraftKit.Edge.Tests;

/// <summary>What a process that has ended left behind.</summary>
internal sealed record EdgeResult(int ExitCode, string Output, string Error);

/// <summary>The real program as a process of its own: the binary that the environment variable <c>CRAFTKIT_EDGE_BINARY</c> names, or the
/// built assembly beside the tests. No configuration of the test run's environment reaches it.</summary>
internal sealed class EdgeProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _output = new(), _error = new();
    private readonly Task _readers;

    // Completed and replaced at each line, so that a waiter looks again.
    private TaskCompletionSource _moreLines = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private EdgeProcess(Process process)
    {
        _process = process;
        _readers = Task.WhenAll(ReadAsync(process.StandardOutput, _output), ReadAsync(process.StandardError, _error));
    }

    /// <summary>The process's id.</summary>
    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Standard output so far.</summary>
    public string Output => Read(_output);

    /// <summary>Standard error so far.</summary>
    public string Error => Read(_error);

    /// <summary>Whether a published binary is tested, not the assembly of the build.</summary>
    public static bool IsBinary => BinaryPath is not null;

    private static string? BinaryPath => Environment.GetEnvironmentVariable("CRAFTKIT_EDGE_BINARY") is { Length: > 0 } path ? path : null;

    /// <summary>Starts it.</summary>
    /// <param name="folder">The working folder.</param>
    /// <param name="arguments">The command line.</param>
    /// <param name="environment">Variables besides those of the test run.</param>
    /// <param name="keepInput">Whether standard input stays open for <see cref="WriteInputAsync"/>.</param>
    /// <param name="under">A command line that runs the program, put before it; it must end by becoming the program, so that its process id
    /// is the program's.</param>
    public static EdgeProcess Start(
        string folder,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        bool keepInput = false,
        IReadOnlyList<string>? under = null)
    {
        var process = new Process { StartInfo = Under(under, StartInfo(folder, arguments, environment)) };
        process.Start();
        if (!keepInput)
            process.StandardInput.Close();
        return new EdgeProcess(process);
    }

    /// <summary>Runs it to its end.</summary>
    public static async Task<EdgeResult> RunAsync(
        string folder,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        string? input = null,
        IReadOnlyList<string>? under = null)
    {
        await using var process = Start(folder, arguments, environment, keepInput: true, under);
        await process.WriteInputAsync(input ?? "");
        return await process.WaitAsync();
    }

    /// <summary>How it would be started: for tests that put it into a shell's pipeline or start it in a way of their own.</summary>
    public static ProcessStartInfo StartInfo(string folder, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(BinaryPath ?? "dotnet")
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        if (!IsBinary)
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "craftkit-edge.dll"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var inherited in start.Environment.Keys.Where(name => name.StartsWith(EnvironmentLayer.Prefix, StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(inherited);
        if (Environment.GetEnvironmentVariable("CRAFTKIT_EDGE_TEST_TRANSPORT") is { Length: > 0 } transport)
            start.Environment[EnvironmentLayer.Prefix + "TRANSPORT"] = transport;
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        return start;
    }

    /// <summary>Writes standard input and closes it.</summary>
    public async Task WriteInputAsync(string text)
    {
        try
        {
            await _process.StandardInput.WriteAsync(text);
            _process.StandardInput.Close();
        }
        catch (IOException) when (_process.HasExited)
        {
            // It ended without reading all of its input; the exit code tells the test.
        }
    }

    /// <summary>Waits until a line of standard output contains <paramref name="part"/>, and returns the line.</summary>
    public Task<string> WaitForOutputAsync(string part) => WaitForLineAsync(_output, part);

    /// <summary>Waits until a line of standard error contains <paramref name="part"/>, and returns the line.</summary>
    public Task<string> WaitForErrorAsync(string part) => WaitForLineAsync(_error, part);

    /// <summary>Waits for its end.</summary>
    public async Task<EdgeResult> WaitAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
            await _readers.WaitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"still running after {Patience}; output: {Output} error: {Error}");
        }

        return new EdgeResult(_process.ExitCode, Output, Error);
    }

    /// <summary>SIGKILL: no code of the process runs any more.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Sends a signal by its name (TERM, INT, STOP, CONT) and does not wait.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", ["-s", name, $"{_process.Id}"]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    private static ProcessStartInfo Under(IReadOnlyList<string>? under, ProcessStartInfo start)
    {
        if (under is null)
            return start;
        foreach (var argument in under.Skip(1).Append(start.FileName).Reverse())
            start.ArgumentList.Insert(0, argument);
        start.FileName = under[0];
        return start;
    }

    private static string Read(StringBuilder text)
    {
        lock (text)
            return text.ToString();
    }

    private async Task<string> WaitForLineAsync(StringBuilder text, string part)
    {
        var deadline = Task.Delay(Patience);
        while (true)
        {
            var more = Volatile.Read(ref _moreLines).Task;
            var isOver = _readers.IsCompleted;
            var line = Read(text).Split('\n').FirstOrDefault(line => line.Contains(part, StringComparison.Ordinal));
            if (line is not null)
                return line.TrimEnd('\r');
            if (isOver || deadline.IsCompleted)
                throw new TimeoutException($"no line with \"{part}\"; output: {Output} error: {Error}");
            await Task.WhenAny(more, deadline, _readers);
        }
    }

    private async Task ReadAsync(StreamReader reader, StringBuilder text)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (text)
                text.Append(line).Append('\n');
            Interlocked.Exchange(ref _moreLines, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        }
    }
}
