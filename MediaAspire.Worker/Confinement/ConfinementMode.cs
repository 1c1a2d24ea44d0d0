namespace MediaAspire.Worker.Confinement;

/// <summary>The ways to keep programs that read hostile bytes from files and from the network.</summary>
public enum ConfinementMode
{
    /// <summary>As far as the kernel can. The log and the health check say what it cannot.</summary>
    Auto,

    /// <summary>Always: without a kernel that can, no such program is started.</summary>
    Required,

    /// <summary>Never.</summary>
    Off,
}
