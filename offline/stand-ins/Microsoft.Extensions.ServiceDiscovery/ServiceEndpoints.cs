using Microsoft.Extensions.Primitives;

namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>The endpoints of one service as configured at one moment; callers take turns over them.</summary>
internal sealed class ServiceEndpoints(Uri[] addresses, IChangeToken changed)
{
    private int _next = -1;

    /// <summary>Gets whether configuration has changed since.</summary>
    public bool IsStale => changed.HasChanged;

    /// <summary>Gets whether nothing is configured, so that the name is left to DNS.</summary>
    public bool IsEmpty => addresses.Length == 0;

    public Uri Next() => addresses[(uint)Interlocked.Increment(ref _next) % (uint)addresses.Length];
}
