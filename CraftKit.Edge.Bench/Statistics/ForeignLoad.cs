namespace CraftKit.Edge.Bench.Statistics;

/// <summary>How much of a machine somebody else used while something was measured, as shares of all its processors.</summary>
/// <param name="Foreign">What processes used that have nothing to do with it.</param>
/// <param name="Stolen">What the hypervisor gave to other machines.</param>
/// <param name="Unexplained">What the processors were busy with beyond all processes: interrupts, and whoever the process table does not
/// show.</param>
internal readonly record struct ForeignLoad(double Foreign, double Stolen, double Unexplained)
{
    /// <summary>More than this from other processes or the hypervisor, and a measurement does not count. A machine at rest is never quite
    /// idle, so it cannot be 0.</summary>
    public const double Tolerated = 0.02;

    /// <summary>More than this unexplained, and a measurement does not count. A server that sleeps and wakes for each request causes some 6 % of it by
    /// itself.</summary>
    public const double ToleratedUnexplained = 0.12;

    /// <summary>Whether the measurement is to be left out.</summary>
    public bool IsTooMuch => Foreign > Tolerated || Stolen > Tolerated || Unexplained > ToleratedUnexplained;

    /// <summary>Shares of a span of time.</summary>
    /// <param name="machine">What the processors did in it.</param>
    /// <param name="processes">What the processes did in it.</param>
    public static ForeignLoad Of(MachineTime machine, ProcessTable processes) => machine.Total <= 0 ? default : new ForeignLoad(
        Math.Max(0, processes.Foreign) / machine.Total,
        machine.Stolen / machine.Total,
        Math.Max(0, machine.Busy - processes.Own - processes.Kernel - processes.Foreign) / machine.Total);
}
