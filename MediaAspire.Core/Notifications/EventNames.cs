namespace MediaAspire.Core.Notifications;

/// <summary>The names of the events that rules select, as S3 writes them.</summary>
public static class EventNames
{
    public const string Prefix = "s3:";

    public const string ObjectCreated = "s3:ObjectCreated:*";

    private static readonly string[] s_events =
    [
        "s3:ObjectCreated:Put", "s3:ObjectCreated:Post", "s3:ObjectCreated:Copy", "s3:ObjectCreated:CompleteMultipartUpload",
        "s3:ObjectRemoved:Delete", "s3:ObjectRemoved:DeleteMarkerCreated",
        "s3:LifecycleExpiration:Delete", "s3:LifecycleExpiration:DeleteMarkerCreated",
    ];

    /// <summary>Gets every name that a rule may have: the events, and their groups with an asterisk.</summary>
    public static IReadOnlyList<string> All { get; } = [.. s_events, .. s_events.Select(GroupOf).Distinct()];

    /// <summary>Determines whether two names of <see cref="All"/> stand for a common event.</summary>
    public static bool Overlap(string left, string right) =>
        left == right
        || (left.EndsWith('*') && GroupOf(right) == left)
        || (right.EndsWith('*') && GroupOf(left) == right);

    private static string GroupOf(string name) => name[..(name.LastIndexOf(':') + 1)] + "*";
}
