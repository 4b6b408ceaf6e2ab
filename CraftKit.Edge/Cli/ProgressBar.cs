using CraftKit.Edge.Platform;

namespace CraftKit.Edge.Cli;

/// <summary>A bar on the terminal, drawn on standard error so that it never mixes with results. There is none where no terminal
/// is.</summary>
internal sealed class ProgressBar : IDisposable
{
    private const int Width = 30;

    // Ten times a second is as often as an eye follows.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly TextWriter _terminal;
    private readonly TimeProvider _clock;
    private long? _lastShown;
    private int _lastLength;

    /// <summary>Draws on <paramref name="terminal"/>.</summary>
    internal ProgressBar(TextWriter terminal, TimeProvider clock)
    {
        _terminal = terminal;
        _clock = clock;
    }

    /// <summary>A bar on this process's terminal; null without one.</summary>
    public static ProgressBar? OnTerminal() =>
        StandardStream.IsErrorTerminal && Environment.GetEnvironmentVariable("TERM") != "dumb"
            ? new ProgressBar(new StreamWriter(StandardStream.OpenError()) { AutoFlush = true }, TimeProvider.System)
            : null;

    /// <summary>Draws how far the work is, unless that was done a moment ago.</summary>
    /// <param name="part">0 to 1; null when the whole is unknown.</param>
    /// <param name="text">What to say beside the bar; no control characters.</param>
    public void Show(double? part, string text)
    {
        if (_lastShown is { } last && _clock.GetElapsedTime(last) < Interval)
            return;
        _lastShown = _clock.GetTimestamp();
        var line = part is { } share
            ? $"[{new string('#', (int)(share * Width)).PadRight(Width)}] {(int)(share * 100),3}% {text}"
            : text;
        _terminal.Write('\r' + line.PadRight(_lastLength));
        _lastLength = line.Length;
    }

    /// <summary>Wipes the bar.</summary>
    public void Dispose()
    {
        if (_lastShown is not null)
            _terminal.Write('\r' + new string(' ', _lastLength) + '\r');
    }
}
