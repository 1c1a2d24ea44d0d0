using MediaAspire.Core.Limits;

namespace MediaAspire.Api.Limits;

/// <summary>The sender of a request, as limits see it.</summary>
/// <param name="KeyId">The public id of its key; <see langword="null"/> for a sender without one, which its address stands for.</param>
internal readonly record struct LimitedSender(string? KeyId)
{
    /// <summary>Gets the rate of its key; <see langword="null"/> for that of the settings.</summary>
    public RateLimit? Rate { get; init; }

    /// <summary>Gets the number of requests of each kind that its key may have at once; <see langword="null"/> for that of the settings.</summary>
    public int? MaxConcurrent { get; init; }
}
