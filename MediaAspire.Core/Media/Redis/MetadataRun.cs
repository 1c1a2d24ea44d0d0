namespace MediaAspire.Core.Media.Redis;

/// <summary>A comparison or a rebuild of the two stores.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Kind">One of <see cref="MetadataRunKinds"/>.</param>
/// <param name="State"><c>waiting</c>, <c>running</c>, <c>done</c> or <c>failed</c>.</param>
/// <param name="Source">The nonce of the generation that an import reads; <see langword="null"/> for others.</param>
/// <param name="IsDryRun">A value indicating whether an import only counts.</param>
/// <param name="RequestedAt">The time of the request.</param>
/// <param name="StartedAt">The time at which a worker began; <see langword="null"/> before it.</param>
/// <param name="EndedAt">The time at which it ended; <see langword="null"/> before it.</param>
/// <param name="ItemsTotal">The items there were at the start.</param>
/// <param name="ItemsDone">The items that were dealt with.</param>
/// <param name="Counts">The items by their findings: see <see cref="MetadataFindings"/>.</param>
/// <param name="Examples">A few items of each finding.</param>
/// <param name="Error">Why it failed; <see langword="null"/> when it did not.</param>
public sealed record MetadataRun(
    Guid Id,
    string Kind,
    string State,
    string? Source,
    bool IsDryRun,
    DateTimeOffset RequestedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt,
    long ItemsTotal,
    long ItemsDone,
    IReadOnlyDictionary<string, long> Counts,
    IReadOnlyList<MetadataExample> Examples,
    string? Error);

/// <summary>An item with its finding.</summary>
/// <param name="Id">The item.</param>
/// <param name="Finding">One of <see cref="MetadataFindings"/>.</param>
/// <param name="PostgresVersion">Its version in PostgreSQL; <see langword="null"/> when it does not exist there.</param>
/// <param name="RedisVersion">Its version in Redis; <see langword="null"/> when it is absent there.</param>
public sealed record MetadataExample(Guid Id, string Finding, long? PostgresVersion, long? RedisVersion);

/// <summary>The kinds of runs.</summary>
public static class MetadataRunKinds
{
    /// <summary>Compares every item, and changes nothing.</summary>
    public const string Compare = "compare";

    /// <summary>Compares every item, and puts into Redis what is missing or wrong there.</summary>
    public const string Fill = "fill";

    /// <summary>Opens an empty generation, and fills it.</summary>
    public const string ToRedis = "to-redis";

    /// <summary>Imports into PostgreSQL what only an old generation in Redis has, or has newer.</summary>
    public const string ToPostgres = "to-postgres";
}

/// <summary>The findings about an item.</summary>
public static class MetadataFindings
{
    /// <summary>Both stores have the same.</summary>
    public const string Equal = "equal";

    /// <summary>Redis does not have it; reads get it from PostgreSQL. In an import: PostgreSQL does not have it.</summary>
    public const string Missing = "missing";

    /// <summary>Redis has an older version. In an import: PostgreSQL has one.</summary>
    public const string Older = "older";

    /// <summary>Redis has a newer version. In an import: PostgreSQL has one, which stays.</summary>
    public const string Newer = "newer";

    /// <summary>Redis has the same version with other fields, or a value of another build.</summary>
    public const string Different = "different";

    /// <summary>Redis has an item that PostgreSQL does not have.</summary>
    public const string Extra = "extra";

    /// <summary>An item that was imported.</summary>
    public const string Imported = "imported";

    /// <summary>An item that was imported without its alias, which another item has by now.</summary>
    public const string ImportedWithoutAlias = "imported-without-alias";

    /// <summary>An item that could not be imported: the quota of its owner does not allow it, or its number of parts has changed.</summary>
    public const string Refused = "refused";

    /// <summary>Gets the findings that a comparison must not have.</summary>
    public static IReadOnlyList<string> Differences { get; } = [Older, Newer, Different, Extra];
}
