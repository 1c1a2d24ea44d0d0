namespace MediaAspire.AppHost.Engines;

/// <summary>How PostgreSQL and Redis are run.</summary>
internal enum EngineChoice
{
    /// <summary>Containers where a container runtime answers, processes elsewhere.</summary>
    Auto,

    /// <summary>Containers, through the runtime that Aspire drives.</summary>
    Containers,

    /// <summary>Programs of this machine with private data directories.</summary>
    Processes,
}
