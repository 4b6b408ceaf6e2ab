using System.Globalization;
using CraftKit.Edge.Platform;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace CraftKit.Edge.Service;

/// <summary>The log as text: one line an entry, and nothing in it that acts on a terminal, whoever named the folder or sent the text that an entry
/// quotes. The console's own formatter lets control characters through.</summary>
internal sealed class TextLogFormatter() : ConsoleFormatter(FormatterName)
{
    /// <summary>What the console knows it by.</summary>
    public const string FormatterName = "edge-text";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        textWriter.Write(DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        textWriter.Write(NameOf(logEntry.LogLevel));
        textWriter.Write(logEntry.Category);
        textWriter.Write(": ");
        WriteOnOneLine(textWriter, logEntry.Formatter(logEntry.State, logEntry.Exception));
        if (logEntry.Exception is { } exception)
        {
            textWriter.Write(' ');
            WriteOnOneLine(textWriter, exception.ToString());
        }
        textWriter.Write('\n');
    }

    private static void WriteOnOneLine(TextWriter writer, string text) => writer.Write(TerminalText.Escape(text.ReplaceLineEndings(" ")));

    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => " trce: ",
        LogLevel.Debug => " dbug: ",
        LogLevel.Information => " info: ",
        LogLevel.Warning => " warn: ",
        LogLevel.Error => " fail: ",
        _ => " crit: ",
    };
}
