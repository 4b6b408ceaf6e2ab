namespace CraftKit.Edge.Transport;

/// <summary>A feature of a connection: where its work goes on after waiting for bytes.</summary>
internal interface IContinuationFeature
{
    /// <summary>Whether in the thread pool, for work that takes long, rather than on the loop's thread. Counts from the next wait on.</summary>
    bool GoesOnInPool { get; set; }
}
