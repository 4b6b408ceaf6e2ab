namespace CraftKit.Edge.Transport;

/// <summary>One direction of a connection, as <see cref="PipeWait{TResult}"/> asks it when its user's wait ends.</summary>
internal interface IPipeWaiter<TResult>
{
    /// <summary>What the wait ends with instead of a result; null while all is well.</summary>
    Exception? Failure { get; }

    /// <summary>The result at this moment.</summary>
    /// <param name="isCanceled">Whether somebody asked for the wait's end.</param>
    TResult TakeResult(bool isCanceled);

    /// <summary>The user takes the end of his wait, and owns the direction again.</summary>
    void OnTaken();
}
