using System.Text;
using CraftKit.Edge.Cli;
using CraftKit.Edge.Configuration;
using CraftKit.Edge.Platform;

namespace CraftKit.Edge;

/// <summary>The composition root: runs the command line and turns what goes wrong into one line and an exit code.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        // Before the first file: whatever this process creates is its owner's alone.
        PosixFile.RestrictCreation();
        StandardStream.Reserve();
        var output = new StreamWriter(StandardStream.OpenOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 32 * 1024);
        try
        {
            var exitCode = await EdgeCommandLine.RunAsync(arguments, output).ConfigureAwait(false);
            output.Flush();
            return exitCode;
        }
        catch (BrokenPipeException)
        {
            // The reader had enough (| head): nothing went wrong, and there is nobody to tell.
            return 0;
        }
        catch (EdgeException e)
        {
            return Fail(e.Message, e, e.ExitCode);
        }
        catch (OperationCanceledException e)
        {
            return Fail("stopped by a signal before the end", e, exitCode: 1);
        }
        catch (Exception e)
        {
            return Fail($"unexpected {e.GetType().Name}: {e.Message}", e, exitCode: 1);
        }
    }

    private static int Fail(string message, Exception exception, int exitCode)
    {
        var line = $"{EdgeCommandLine.ProgramName}: {TerminalText.Escape(KeyText.Mask(message))}\n";
        // One line is the rule; who debugs asks for more.
        if (Environment.GetEnvironmentVariable(EnvironmentLayer.Prefix + "LOG__LEVEL") is "Debug" or "Trace")
            line += KeyText.Mask($"{exception}\n");
        try
        {
            StandardStream.OpenError().Write(Encoding.UTF8.GetBytes(line));
        }
        catch (Exception e) when (e is IOException or EdgeException)
        {
            // Standard error is gone too: there is nobody left to tell but the exit code.
        }

        return exitCode;
    }
}
