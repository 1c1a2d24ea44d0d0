using MediaAspire.Core.Fetching;

namespace MediaAspire.Core.Images.Proxy;

/// <summary>A proxied address with its image and its freshness.</summary>
/// <param name="Image">Its content; <see langword="null"/> when there is none.</param>
/// <param name="Failure">The failure of the last fetch, while it is the answer; <see langword="null"/> otherwise.</param>
public sealed record ProxyEntry(ProxiedImage? Image, FetchFailure? Failure)
{
    /// <summary>Gets a value indicating whether the origin need not be asked now.</summary>
    public bool IsSettled => Image is { FreshFor.Ticks: > 0 } || Failure is not null;
}

/// <summary>The content of a proxied address.</summary>
/// <param name="Alias">The alias of the content.</param>
/// <param name="FreshFor">The time for which it is fresh; zero or less for content that is not.</param>
/// <param name="ETag">The entity tag of the origin; <see langword="null"/> without one.</param>
/// <param name="LastModified">The <c>Last-Modified</c> of the origin; <see langword="null"/> without one.</param>
public sealed record ProxiedImage(ImageAlias Alias, TimeSpan FreshFor, string? ETag, string? LastModified);
