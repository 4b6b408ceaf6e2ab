using CraftKit.Edge.Bench.Statistics;
using Xunit;

namespace CraftKit.Edge.Tests.Bench;

/// <summary>Whose work a machine did, from samples of /proc.</summary>
public sealed class ForeignLoadTests
{
    private const int Self = 100;

    [Fact]
    public void Time_of_the_processors_is_read_in_seconds_and_guests_are_not_counted_twice()
    {
        var time = MachineTime.Parse("cpu  1000 100 300 2000 50 0 50 25 400 0");

        Assert.Equal(new MachineTime(35.25, 20.5, 0.25), time);
        Assert.Equal(14.5, time.Busy, 9);
    }

    [Theory]
    [InlineData("")]
    [InlineData("cpu0 1 2 3 4 5 6 7 8 9 10")]
    [InlineData("cpu  1 2 3")]
    public void Another_line_is_refused(string line) => Assert.Throws<FormatException>(() => MachineTime.Parse(line));

    [Fact]
    public void Processes_belong_to_the_one_that_they_descend_from()
    {
        var table = ProcessTable.Of(
            [
                Stat(1, "init", parent: 0, ticks: 1000),
                Stat(2, "kworker/0:1 (x) y", parent: 0, ticks: 30, flags: 0x0020_8040),
                Stat(Self, "bench", parent: 1, ticks: 50, ofEndedChildren: 20),
                Stat(101, "server", parent: Self, ticks: 200),
                Stat(102, "worker ) 9 R 1", parent: 101, ticks: 300),
                Stat(103, "dotnet build", parent: 1, ticks: 400),
            ],
            Self);

        Assert.Equal(5.7, table.Own, 9);
        Assert.Equal(0.3, table.Kernel, 9);
        Assert.Equal(14, table.Foreign, 9);
    }

    [Fact]
    public void Somebody_elses_process_is_noticed_even_when_it_began_and_ended_in_between()
    {
        ProcessTable At(int server, int shell) => ProcessTable.Of(
            [Stat(Self, "bench", 1, 10), Stat(101, "server", Self, server), Stat(200, "sh", 1, 5, ofEndedChildren: shell)], Self);

        var load = ForeignLoad.Of(new MachineTime(10, 5, 0), At(server: 450, shell: 60) - At(server: 0, shell: 10));

        Assert.Equal(0.05, load.Foreign, 9);
        Assert.Equal(0, load.Unexplained, 9);
        Assert.True(load.IsTooMuch);
    }

    [Fact]
    public void One_s_own_work_and_the_kernel_s_for_it_are_not_foreign()
    {
        var load = ForeignLoad.Of(new MachineTime(10, 1, 0.1), new ProcessTable(Own: 8, Kernel: 0.8, Foreign: 0.1));

        Assert.Equal(0.01, load.Foreign, 9);
        Assert.False(load.IsTooMuch);
    }

    [Fact]
    public void Time_that_the_hypervisor_took_and_time_that_nobody_accounts_for_count_against_a_round()
    {
        Assert.True(ForeignLoad.Of(new MachineTime(10, 5, 0.5), new ProcessTable(4.5, 0, 0)).IsTooMuch);
        Assert.True(ForeignLoad.Of(new MachineTime(10, 2, 0), new ProcessTable(6, 0, 0)).IsTooMuch);
        Assert.False(ForeignLoad.Of(new MachineTime(10, 2, 0), new ProcessTable(7.5, 0, 0)).IsTooMuch);
        Assert.False(ForeignLoad.Of(default, default).IsTooMuch);
    }

    [Fact]
    public void Resident_memory_leaves_out_the_mapping_that_is_named()
    {
        string[] lines =
        [
            "55d0c0000000-55d0c0100000 r-xp 00000000 fe:00 12 /opt/craftkit-edge", "Size:  1024 kB", "Rss:       1000 kB", "VmFlags: rd ex",
            "7f0000000000-7f0004000000 rw-s 00000000 fe:00 13 /data/events.journal", "Rss:      65536 kB",
            "ffe000000000-ffe000001000 rw-p 00000000 00:00 0 ", "Rss:         24 kB", "Pss: 5 kB",
        ];

        Assert.Equal(1024 * 1024, ResidentMemory.Of(lines, except: "/events.journal"));
    }

    private static string Stat(int id, string name, int parent, int ticks, uint flags = 0x0040_0000, int ofEndedChildren = 0) =>
        $"{id} ({name}) S {parent} 1 1 0 -1 {flags} 1 2 3 4 {ticks / 2} {ticks - (ticks / 2)} {ofEndedChildren} 0 20 0 1 0 100 0 0";
}
