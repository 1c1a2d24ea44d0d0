namespace MediaAspire.Core.Limits;

/// <summary>The rate at which a sender may send requests: a token bucket.</summary>
/// <param name="PerSecond">Tokens that are added each second, more than 0; a request takes one.</param>
/// <param name="Burst">The number of tokens that can be saved up, at least 1: the most requests at once.</param>
public readonly record struct RateLimit(double PerSecond, int Burst)
{
    /// <summary>Creates a limit whose burst is two seconds of its rate unless one is given.</summary>
    public static RateLimit Of(double perSecond, int? burst = null) =>
        new(perSecond, burst ?? (int)Math.Clamp(Math.Ceiling(perSecond * 2), 1, int.MaxValue));

    /// <summary>Gets the time in which an empty bucket gets its first token.</summary>
    internal TimeSpan TimeOfOne => TimeSpan.FromSeconds(1 / PerSecond);
}
