using System.Diagnostics;
using System.Runtime.Versioning;
using CraftKit.Edge.Platform;
using Xunit;

namespace CraftKit.Edge.Tests.Platform;

/// <summary>Two open files of one process exclude each other just as two processes do, so most rules need no second process.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ProcessLockTests : IDisposable
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _parent = new();
    private readonly DataFolder _folder;

    public ProcessLockTests() => _folder = DataFolder.Open(_parent["data"]);

    public void Dispose() => _parent.Dispose();

    [Fact]
    public void A_second_serve_is_refused_at_once()
    {
        using var first = Serve(Long);
        var start = Stopwatch.GetTimestamp();
        var refusal = Assert.Throws<EdgeException>(() => Serve(Long));
        Assert.Contains("another craftkit-edge is serving this data folder", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(1, refusal.ExitCode);
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(5), "it waited");
    }

    [Fact]
    public void A_command_is_told_at_once_that_the_folder_is_served()
    {
        using var serve = Serve(Long);
        Assert.Null(Command(Long));
    }

    [Fact]
    public async Task A_serve_waits_for_a_command()
    {
        var command = Command(Long);
        var serve = Task.Run(() => Serve(Long));
        await Task.Delay(Short);
        Assert.False(serve.IsCompleted);
        command!.Dispose();
        (await serve).Dispose();
    }

    [Fact]
    public async Task A_command_waits_for_another_command()
    {
        var first = Command(Long);
        var second = Task.Run(() => Command(Long));
        await Task.Delay(Short);
        Assert.False(second.IsCompleted);
        first!.Dispose();
        (await second)!.Dispose();
    }

    [Fact]
    public void Patience_with_a_command_ends()
    {
        using var command = Command(Long);
        var refusal = Assert.Throws<EdgeException>(() => Serve(Short));
        Assert.Contains("another command holds this data folder", refusal.Message, StringComparison.Ordinal);
        Assert.Throws<EdgeException>(() => Command(Short));
    }

    [Fact]
    public void Waiting_can_be_cancelled()
    {
        using var command = Command(Long);
        using var cancelled = new CancellationTokenSource(Short);
        Assert.Throws<OperationCanceledException>(() => ProcessLock.TakeToServe(_folder, TimeProvider.System, Long, cancelled.Token));
    }

    [Fact]
    public void A_released_folder_can_be_taken_again()
    {
        Serve(Short).Dispose();
        Command(Short)!.Dispose();
        Serve(Short).Dispose();
    }

    [Fact]
    public void What_a_dead_server_left_in_the_lock_file_refuses_nobody()
    {
        File.WriteAllText(_folder.LockPath, "serve  \n");
        Command(Short)!.Dispose();
        File.WriteAllText(_folder.LockPath, "serve  \n");
        Serve(Short).Dispose();
    }

    [Fact]
    public void A_holder_that_has_not_said_its_role_yet_is_waited_for()
    {
        using var foreign = DataFolder.CreateOwned(_folder.LockPath);
        Assert.True(FileLock.TryTake(foreign));
        Assert.Throws<EdgeException>(() => Command(Short));
    }

    [Fact]
    public void A_role_that_changes_between_two_looks_is_not_taken_for_a_server()
    {
        // A command has just taken the lock of a server that died: for an instant the file still says serve.
        using var foreign = DataFolder.CreateOwned(_folder.LockPath);
        Assert.True(FileLock.TryTake(foreign));
        RandomAccess.Write(foreign, "serve  \n"u8, 0);
        var clock = new ClockWithLooks(look =>
        {
            if (look == 2)
                RandomAccess.Write(foreign, "command\n"u8, 0);
        });
        var refusal = Assert.Throws<EdgeException>(() => ProcessLock.TryTakeForCommand(_folder, clock, Short, CancellationToken.None));
        Assert.Contains("another command holds", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_lock_file_is_its_owners_alone()
    {
        using var serve = Serve(Short);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder.LockPath));
    }

    [Fact]
    public void A_child_process_does_not_keep_the_lock()
    {
        var serve = Serve(Short);
        using var child = Process.Start(new ProcessStartInfo("sleep", ["60"]))!;
        try
        {
            serve.Dispose();
            Serve(Short).Dispose();
        }
        finally
        {
            child.Kill();
        }
    }

    [Fact]
    public async Task The_lock_is_flocks_and_a_killed_process_loses_it()
    {
        // One process holds the lock through flock(1) and then just reads; nobody cleans up after its SIGKILL.
        using var holder = Process.Start(new ProcessStartInfo("sh", ["-c", "exec 9<>\"$1\"; flock 9; printf 'serve  \\n' >&9; echo held; exec cat", "sh", _folder.LockPath])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Assert.Equal("held", await holder.StandardOutput.ReadLineAsync());
        Assert.Throws<EdgeException>(() => Serve(Long));
        holder.Kill();
        await holder.WaitForExitAsync();
        Serve(Short).Dispose();
    }

    [Fact]
    public void One_at_a_time_holds_the_folder_however_many_come()
    {
        var inside = 0;
        var most = 0;
        Parallel.For(0, 40, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            using var command = Command(Long);
            most = Math.Max(most, Interlocked.Increment(ref inside));
            Thread.Sleep(1);
            Interlocked.Decrement(ref inside);
        });
        Assert.Equal(1, most);
    }

    private ProcessLock Serve(TimeSpan patience) => ProcessLock.TakeToServe(_folder, TimeProvider.System, patience, CancellationToken.None);

    private ProcessLock? Command(TimeSpan patience) => ProcessLock.TryTakeForCommand(_folder, TimeProvider.System, patience, CancellationToken.None);

    // The lock looks at the clock once before it tries and once after each reading of the role.
    private sealed class ClockWithLooks(Action<int> onLook) : TimeProvider
    {
        private int _looks;

        public override long GetTimestamp()
        {
            onLook(++_looks);
            return base.GetTimestamp();
        }
    }
}
