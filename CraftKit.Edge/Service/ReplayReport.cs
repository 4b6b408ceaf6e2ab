namespace CraftKit.Edge.Service;

/// <summary>What a start found in the journal.</summary>
/// <param name="Records">Records that it took out and stored, or set aside.</param>
/// <param name="DamagedBytes">Bytes that it could not read.</param>
internal readonly record struct ReplayReport(long Records, long DamagedBytes);
