using System.Text;
using CraftKit.Edge.Configuration;
using CraftKit.Edge.Platform;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace CraftKit.Edge.Service;

/// <summary>The log of a serving process: one line an entry on stderr, so that stdout carries only what a user asked for.</summary>
internal static class Logging
{
    /// <summary>The loggers that the configuration asks for.</summary>
    public static ILoggerFactory Create(LogSection section)
    {
        // The console's own writer sets the keypad mode of the terminal (see StandardStream).
        if (StandardStream.IsOutputTerminal)
            Console.SetError(new StreamWriter(StandardStream.OpenError(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true });
        return LoggerFactory.Create(logging => Configure(logging, section));
    }

    private static void Configure(ILoggingBuilder logging, LogSection section)
    {
        logging.SetMinimumLevel(section.Level);
        logging.AddConsole(console =>
        {
            console.LogToStandardErrorThreshold = LogLevel.Trace;
            console.FormatterName = section.Format == LogFormat.Json ? ConsoleFormatterNames.Json : TextLogFormatter.FormatterName;
        });
        if (section.Format == LogFormat.Json)
        {
            logging.AddJsonConsole(json =>
            {
                json.UseUtcTimestamp = true;
                json.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
            });
        }
        else
        {
            logging.Services.AddSingleton<ConsoleFormatter, TextLogFormatter>();
        }
    }
}
