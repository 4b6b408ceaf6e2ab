using System.Diagnostics;
using System.Globalization;
using CraftKit.Edge.Tests.Platform;
using Xunit;

namespace CraftKit.Edge.Tests.Binary;

/// <summary>A wall clock of one process that is ahead of the system's or behind it; the time since boot stays the system's.</summary>
internal static class ShiftedClock
{
    private const string Source = """
        #define _GNU_SOURCE
        #include <stdlib.h>
        #include <sys/syscall.h>
        #include <sys/time.h>
        #include <time.h>
        #include <unistd.h>

        static long shift(void)
        {
            const char *text = getenv("SHIFTED_CLOCK_SECONDS");
            return text ? atol(text) : 0;
        }

        int clock_gettime(clockid_t clock, struct timespec *time)
        {
            int result = (int)syscall(SYS_clock_gettime, clock, time);
            if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
                time->tv_sec += shift();
            return result;
        }

        int gettimeofday(struct timeval *time, void *zone)
        {
            struct timespec now;
            (void)zone;
            clock_gettime(CLOCK_REALTIME, &now);
            time->tv_sec = now.tv_sec;
            time->tv_usec = now.tv_nsec / 1000;
            return 0;
        }
        """;

    /// <summary>The variables that shift the wall clock of a process by <paramref name="seconds"/>.</summary>
    /// <param name="folder">Where the library is built.</param>
    /// <param name="seconds">Positive: ahead.</param>
    public static async Task<Dictionary<string, string>> EnvironmentAsync(TemporaryFolder folder, int seconds)
    {
        var library = folder["shifted-clock.so"];
        File.WriteAllText(folder["shifted-clock.c"], Source);
        using var compiler = Process.Start("cc", ["-shared", "-fPIC", "-O1", "-o", library, folder["shifted-clock.c"]]);
        await compiler.WaitForExitAsync();
        Assert.Equal(0, compiler.ExitCode);
        return new Dictionary<string, string> { ["LD_PRELOAD"] = library, ["SHIFTED_CLOCK_SECONDS"] = seconds.ToString(CultureInfo.InvariantCulture) };
    }
}
