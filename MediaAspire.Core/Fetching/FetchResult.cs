namespace MediaAspire.Core.Fetching;

/// <summary>A download to make.</summary>
/// <param name="Url">The address, as <see cref="UrlRules.Read"/> returned it.</param>
/// <param name="MaxBytes">The most bytes of the body.</param>
public sealed record FetchRequest(Uri Url, long MaxBytes)
{
    /// <summary>Gets the entity tag of what is known already, as its origin sent it.</summary>
    public string? KnownETag { get; init; }

    /// <summary>Gets the <c>Last-Modified</c> of what is known already, as its origin sent it.</summary>
    public string? KnownLastModified { get; init; }
}

/// <summary>The result of a download: bytes, the news that they did not change, or a failure.</summary>
/// <param name="Failure">The failure; <see langword="null"/> after a success.</param>
public sealed record FetchResult(FetchFailure? Failure)
{
    /// <summary>Gets a value indicating whether the origin still has what is known already, so that no bytes were written.</summary>
    public bool IsUnchanged { get; init; }

    /// <summary>Gets the number of bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>Gets the entity tag, as the origin sent it; <see langword="null"/> without one.</summary>
    public string? ETag { get; init; }

    /// <summary>Gets the <c>Last-Modified</c>, as the origin sent it; <see langword="null"/> without one.</summary>
    public string? LastModified { get; init; }

    /// <summary>Gets the time for which caches may keep the response; <see langword="null"/> when the origin does not say it.</summary>
    public TimeSpan? Freshness { get; init; }
}

/// <summary>The reason why there are no bytes.</summary>
/// <param name="Kind">Whose fault it is.</param>
/// <param name="Code">A stable name.</param>
/// <param name="Message">A sentence for the client. It says nothing about hosts that the client cannot reach itself.</param>
public sealed record FetchFailure(FetchFailureKind Kind, string Code, string Message);

/// <summary>The kinds of failures.</summary>
public enum FetchFailureKind
{
    /// <summary>The address is not one to fetch from; another attempt has the same result.</summary>
    Refused,

    /// <summary>The origin answered, but not with bytes that are accepted.</summary>
    Rejected,

    /// <summary>The origin did not answer, or broke off.</summary>
    Unavailable,
}
