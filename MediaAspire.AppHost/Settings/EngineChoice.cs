namespace MediaAspire.AppHost.Settings;

/// <summary>The way in which PostgreSQL and Redis run.</summary>
internal enum EngineChoice
{
    /// <summary>Containers if a container runtime responds, processes otherwise.</summary>
    Auto,

    /// <summary>Containers, through the runtime that Aspire drives.</summary>
    Containers,

    /// <summary>Programs of this machine, with private data directories.</summary>
    Processes,
}
