using System.Text.Json;
using System.Text.Json.Serialization;
using MediaAspire.Core.Tags;

namespace MediaAspire.Api.Tags;

/// <summary>A tag to create.</summary>
public sealed record CreateTagRequest
{
    /// <summary>Gets the tag, 1 to 20 characters. It is stored lower-cased and in the Unicode form NFKC.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the owner of the tag; a key that is bound to an owner may leave it out.</summary>
    public string? Owner { get; init; }
}

/// <summary>A new name of a tag.</summary>
public sealed record RenameTagRequest
{
    /// <summary>Gets the new name. When it is another tag's, the two become one.</summary>
    public required string Name { get; init; }
}

/// <summary>A tag.</summary>
/// <param name="Name">The tag, normalized.</param>
/// <param name="Count">The number of items that have it. Items that are unlisted or in the trash do not count.</param>
/// <param name="CreatedAt">The time at which the tag was created; <see langword="null"/> for one that only came with items.</param>
public sealed record TagResponse(string Name, long Count, DateTimeOffset? CreatedAt)
{
    internal static TagResponse Of(TagSummary tag) => new(tag.Name, tag.Items, tag.CreatedAt);
}

/// <summary>A page of tags.</summary>
/// <param name="Tags">The tags in the order of their code points.</param>
/// <param name="Next">The value of <c>after</c> for the next page; <see langword="null"/> on the last one.</param>
public sealed record TagsResponse(IReadOnlyList<TagResponse> Tags, string? Next);

/// <summary>A rename or a deletion of a tag.</summary>
/// <param name="Id">The id of the change.</param>
/// <param name="Tag">The old name.</param>
/// <param name="NewTag">The new name; <see langword="null"/> for a deletion.</param>
/// <param name="Total">The number of items that had the tag when the change began.</param>
/// <param name="Done">The number of items that were changed.</param>
/// <param name="FinishedAt">The time of the end; <see langword="null"/> before it.</param>
public sealed record TagChangeResponse(Guid Id, string Tag, string? NewTag, long Total, long Done, DateTimeOffset? FinishedAt)
{
    internal static TagChangeResponse Of(TagChange change) =>
        new(change.Id, change.Tag, change.NewTag, change.Total, change.Done, change.FinishedAt);
}

/// <summary>The JSON of the tag routes.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    NumberHandling = JsonNumberHandling.Strict,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(CreateTagRequest))]
[JsonSerializable(typeof(RenameTagRequest))]
[JsonSerializable(typeof(TagResponse))]
[JsonSerializable(typeof(TagsResponse))]
[JsonSerializable(typeof(TagChangeResponse))]
internal sealed partial class TagJson : JsonSerializerContext;
