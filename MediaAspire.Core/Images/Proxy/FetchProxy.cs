using System.Text.Json.Serialization;
using MediaAspire.Core.Jobs;

namespace MediaAspire.Core.Images.Proxy;

/// <summary>The job that fetches the content of a proxied address, or asks its origin whether it changed.</summary>
/// <param name="Url">The address.</param>
public sealed record FetchProxy(string Url)
{
    public static JobKind<FetchProxy> Kind { get; } = new("image-proxy", FetchProxyJson.Default.FetchProxy);

    /// <summary>Makes the job; at most one waits for an address.</summary>
    public static NewJob Of(ProxiedUrl url, TimeProvider time) =>
        Kind.Create(new(url.Url.AbsoluteUri), time) with { UniqueKey = url.Key, Priority = JobPriority.High };
}

[JsonSerializable(typeof(FetchProxy))]
internal sealed partial class FetchProxyJson : JsonSerializerContext;
