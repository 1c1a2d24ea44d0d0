namespace MediaAspire.Core.Media.Redis;

/// <summary>The state of the copy in Redis, as a query of PostgreSQL told it.</summary>
/// <param name="Number">Grows with each generation; for people.</param>
/// <param name="Nonce">Names the generation; empty before the first.</param>
/// <param name="IsHot">
/// A value indicating whether processes may read the generation. False also when it was opened on another run of the database server: the
/// database may have been restored.
/// </param>
/// <param name="Reason">Why it was closed, a sentence.</param>
/// <param name="ChangedAt">The time at which it was opened or closed.</param>
public sealed record MetadataGeneration(long Number, string Nonce, bool IsHot, string Reason, DateTimeOffset ChangedAt)
{
    /// <summary>Gets the name of the generation's script.</summary>
    internal byte[] ScriptHash { get; } = GenerationScript.HashOf(Nonce);
}
