namespace MediaAspire.Core.Limits;

/// <summary>Token buckets by name.</summary>
internal interface ITokenSource
{
    /// <summary>Takes tokens from a bucket; a bucket that is not known yet is full.</summary>
    /// <param name="name">The bucket.</param>
    /// <param name="limit">Its rate and size.</param>
    /// <param name="wanted">The number of tokens wanted, at least 1.</param>
    /// <returns>The tokens taken, and with none the time until there is one.</returns>
    /// <exception cref="TokensUnavailableException">The source did not answer.</exception>
    Task<TokenGrant> TakeAsync(string name, RateLimit limit, int wanted);
}

/// <param name="Tokens">The tokens taken, 0 to the number wanted.</param>
/// <param name="RetryAfter">With no token the time until there is one.</param>
internal readonly record struct TokenGrant(int Tokens, TimeSpan RetryAfter);

/// <summary>The source of tokens did not answer.</summary>
internal sealed class TokensUnavailableException(string message, Exception innerException) : Exception(message, innerException);
