namespace MediaAspire.Core.Jobs;

/// <summary>Which jobs a free worker takes first. A kind's less urgent jobs wait while more urgent ones of any kind are due.</summary>
public enum JobPriority
{
    /// <summary>Somebody waits for it.</summary>
    High = 0,

    Normal = 1,

    /// <summary>Whenever there is nothing else to do.</summary>
    Low = 2,
}
