namespace MediaAspire.Core.Rebalancing;

/// <summary>The outcome of starting, pausing, resuming or cancelling a rebalance.</summary>
public enum RebalanceChange
{
    /// <summary>It is done; a running worker notices within moments.</summary>
    Done,

    /// <summary>The rebalance does not exist.</summary>
    NotFound,

    /// <summary>Its state does not allow it; nothing was changed.</summary>
    WrongState,

    /// <summary>Another one is running or paused; nothing was changed.</summary>
    OtherActive,
}
