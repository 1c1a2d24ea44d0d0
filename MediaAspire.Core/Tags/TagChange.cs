using System.Text.Json.Serialization;
using MediaAspire.Core.Jobs;
using MediaAspire.Core.Media;

namespace MediaAspire.Core.Tags;

/// <summary>A rename or a deletion of a tag over all items of an owner.</summary>
/// <param name="Id">The id of the change.</param>
/// <param name="Owner">The owner.</param>
/// <param name="Tag">The tag that goes.</param>
/// <param name="NewTag">The tag that takes its place; <see langword="null"/> for a deletion.</param>
/// <param name="Total">The number of items that had the tag when the change began.</param>
/// <param name="Done">The number of items that were changed.</param>
/// <param name="CreatedAt">The time of the request.</param>
/// <param name="FinishedAt">The time at which no item had the tag any more; <see langword="null"/> before it.</param>
public sealed record TagChange(
    Guid Id, MediaOwner Owner, string Tag, string? NewTag, long Total, long Done, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt);

/// <summary>The payload of the job that applies a <see cref="TagChange"/>.</summary>
/// <param name="Change">The id of the change.</param>
public sealed record ApplyTagChange(Guid Change)
{
    public static JobKind<ApplyTagChange> Kind { get; } = new("tag-change", TagJobJson.Default.ApplyTagChange);

    /// <summary>Makes the job; at most one waits for each change.</summary>
    public NewJob ToJob(TimeProvider time) => Kind.Create(this, time) with { UniqueKey = Change.ToString("N") };
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ApplyTagChange))]
internal sealed partial class TagJobJson : JsonSerializerContext;
