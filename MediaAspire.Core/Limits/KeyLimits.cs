namespace MediaAspire.Core.Limits;

/// <summary>The limits of one key.</summary>
/// <param name="RequestsPerSecond">The requests that it may send each second; <see langword="null"/> for those of the settings.</param>
/// <param name="Burst">
/// The requests that it may send at once after a pause; <see langword="null"/> for two seconds of its rate, and without one.
/// </param>
/// <param name="MaxConcurrent">
/// The requests with a body, and those without, that a process serves for it at once; <see langword="null"/> for those of the settings.
/// </param>
public sealed record KeyLimits(double? RequestsPerSecond, int? Burst, int? MaxConcurrent)
{
    public const double MinRequestsPerSecond = 0.01;

    public const double MaxRequestsPerSecond = 1_000_000;

    public const int MaxBurst = 10_000_000;

    /// <summary>Gets the rate; <see langword="null"/> for that of the settings.</summary>
    public RateLimit? Rate { get; } = RequestsPerSecond is { } rate ? RateLimit.Of(rate, Burst) : null;

    public static KeyLimits None { get; } = new(null, null, null);
}

/// <summary>A key with limits of its own.</summary>
/// <param name="IsAccessKey">A value indicating whether it is an access key of S3, or else an API key.</param>
/// <param name="Id">The public id.</param>
public readonly record struct LimitedKey(bool IsAccessKey, string Id);
