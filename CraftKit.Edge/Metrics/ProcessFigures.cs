namespace CraftKit.Edge.Metrics;

/// <summary>What the process takes of the machine. Cheap to read.</summary>
/// <param name="ResidentBytes">Its memory that is in RAM.</param>
/// <param name="Cpu">Processor time that it has used, in user and system mode.</param>
/// <param name="HeapBytes">Its objects, those included that are garbage and not yet collected.</param>
internal readonly record struct ProcessFigures(long ResidentBytes, TimeSpan Cpu, long HeapBytes)
{
    /// <summary>Those of this moment.</summary>
    public static ProcessFigures Read() => new(Environment.WorkingSet, Environment.CpuUsage.TotalTime, GC.GetTotalMemory(forceFullCollection: false));
}
