using System.Diagnostics;
using Xunit;

namespace CraftKit.Edge.Tests.Binary;

/// <summary>The <c>sqlite3</c> command: another process and another program than the one under test.</summary>
internal sealed class SqliteShell : IDisposable
{
    private readonly Process _process;

    private SqliteShell(string path)
    {
        _process = Process.Start(new ProcessStartInfo("sqlite3", ["-batch", "-bail", path]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
    }

    /// <summary>Runs statements, and waits for locks.</summary>
    /// <returns>What they print.</returns>
    public static string Run(string path, string sql)
    {
        using var sqlite = Process.Start(new ProcessStartInfo("sqlite3", ["-batch", "-bail", "-cmd", ".timeout 5000", path, sql])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = sqlite.StandardOutput.ReadToEndAsync();
        var error = sqlite.StandardError.ReadToEnd();
        sqlite.WaitForExit();
        Assert.True(sqlite.ExitCode == 0, error);
        return output.Result.Trim();
    }

    /// <summary>Keeps everybody else from writing to a database until it is disposed.</summary>
    public static SqliteShell LockForWriting(string path)
    {
        var shell = new SqliteShell(path);
        shell._process.StandardInput.WriteLine(".timeout 5000\nBEGIN IMMEDIATE; SELECT 'locked';");
        shell._process.StandardInput.Flush();
        Assert.Equal("locked", shell._process.StandardOutput.ReadLine());
        return shell;
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
