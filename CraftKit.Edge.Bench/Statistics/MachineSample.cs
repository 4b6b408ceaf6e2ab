namespace CraftKit.Edge.Bench.Statistics;

/// <summary>What the machine has done up to some moment.</summary>
/// <param name="Time">By its processors.</param>
/// <param name="Processes">By its processes.</param>
internal readonly record struct MachineSample(MachineTime Time, ProcessTable Processes)
{
    /// <summary>Now.</summary>
    public static MachineSample Take() => new(MachineTime.Read(), ProcessTable.Read());

    /// <summary>What others did between two moments.</summary>
    public static ForeignLoad Between(MachineSample start, MachineSample end) => ForeignLoad.Of(end.Time - start.Time, end.Processes - start.Processes);
}
