namespace MediaAspire.Core.Rebalancing;

/// <summary>What came of an order to start, pause, resume or cancel a rebalance.</summary>
public enum RebalanceChange
{
    /// <summary>It is done; a running worker follows within moments.</summary>
    Done,

    /// <summary>There is no such rebalance.</summary>
    NotFound,

    /// <summary>Its state does not allow it; nothing was changed.</summary>
    WrongState,

    /// <summary>Another one is running or paused; nothing was changed.</summary>
    OtherActive,
}
