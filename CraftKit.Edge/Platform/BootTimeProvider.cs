using System.Runtime.InteropServices;

namespace CraftKit.Edge.Platform;

/// <summary>The wall clock of the system, and timestamps that count time since boot, suspension included, in units of 100 ns.</summary>
/// <remarks>The dedupe window lives on the timestamps: nobody's setting of the wall clock moves them, and two processes of one boot
/// share their origin, so a restart does not move the window either. <see cref="BootId"/> tells boots apart.</remarks>
internal sealed partial class BootTimeProvider : TimeProvider
{
    /// <summary>Timestamps a second.</summary>
    public const long Frequency = TimeSpan.TicksPerSecond;

    private const int ClockBoottime = 7;

    public override long TimestampFrequency => Frequency;

    /// <summary>An identity of the running boot; two processes see the same one exactly when their timestamps share an origin.</summary>
    public static Guid BootId { get; } = ReadBootId();

    public override long GetTimestamp()
    {
        if (OperatingSystem.IsLinux())
        {
            // CLOCK_BOOTTIME always exists on the kernels that .NET runs on; the call goes through the vDSO and cannot fail.
            ClockGetTime(ClockBoottime, out var time);
            return (time.Seconds * Frequency) + (time.Nanoseconds / 100);
        }

        // Windows counts sleep here, and macOS' uptime clock of the runtime is the nearest that the platform offers.
        return Environment.TickCount64 * TimeSpan.TicksPerMillisecond;
    }

    private static Guid ReadBootId()
    {
        if (OperatingSystem.IsLinux())
            return Guid.Parse(File.ReadAllText("/proc/sys/kernel/random/boot_id").AsSpan().Trim());

        // Without a boot id of the system, the moment of the boot to ten seconds stands in.
        var boot = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - Environment.TickCount64;
        return new Guid((int)(boot / 10_000), 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    [SuppressGCTransition]
    private static partial int ClockGetTime(int clock, out Timespec time);

    private struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
