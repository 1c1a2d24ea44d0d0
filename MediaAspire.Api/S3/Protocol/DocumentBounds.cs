namespace MediaAspire.Api.S3.Protocol;

/// <summary>The bounds of one kind of document. Reading ends at the first element beyond them.</summary>
/// <param name="MaxElements">The maximum number of elements.</param>
internal sealed record DocumentBounds(int MaxElements)
{
    /// <summary>The maximum depth of elements; no document of S3 comes near it.</summary>
    public const int MaxDepth = 32;

    /// <summary>The maximum number of attributes of one element; a grantee has two.</summary>
    public const int MaxAttributes = 16;

    /// <summary>The maximum length of a name or of the value of an attribute.</summary>
    public const int MaxNameLength = 1024;

    /// <summary>The maximum length of a text. A key has 1,024 bytes; a longer one is an error of its own.</summary>
    public const int MaxTextLength = 16 * 1024;

    /// <summary>Gets the bounds of a setting with a few values: versioning, ownership, retention, a location.</summary>
    public static DocumentBounds Setting { get; } = new(100);

    /// <summary>Gets the bounds of tags and access control lists, which have at most 100 entries.</summary>
    public static DocumentBounds List { get; } = new(1_000);

    /// <summary>Gets the bounds of CORS rules: S3 accepts 64 KiB, which has space for 2,000 elements.</summary>
    public static DocumentBounds CorsRules { get; } = new(4_096);

    /// <summary>Gets the bounds of notifications: 100 rules with a target, a dozen events and two filters.</summary>
    public static DocumentBounds NotificationRules { get; } = new(4_096);

    /// <summary>Gets the bounds of a deletion: 1,000 entries with a key, a version and three conditions.</summary>
    public static DocumentBounds Deletion { get; } = new(8_192);

    /// <summary>Gets the bounds of lifecycle rules: 1,000 rules, most of them with a filter and several actions.</summary>
    public static DocumentBounds LifecycleRules { get; } = new(65_536);

    /// <summary>Gets the bounds of a completion: 10,000 parts with a number, a tag, a size and a checksum of each kind.</summary>
    public static DocumentBounds Completion { get; } = new(131_072);
}
