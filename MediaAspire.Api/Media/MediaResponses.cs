using System.Collections.Immutable;
using System.Text.Json;
using MediaAspire.Core.Media;

namespace MediaAspire.Api.Media;

/// <summary>Makes the answers about items. Empty and false fields are left out.</summary>
internal static class MediaResponses
{
    /// <summary>Makes the answer about an item.</summary>
    /// <param name="item">The item.</param>
    /// <param name="parts">Its parts, with the addresses that the sender may use.</param>
    public static MediaResponse Of(MediaItem item, IReadOnlyList<MediaPartResponse> parts) => new(
        item.Id.Value, item.Owner.Value, MediaKinds.NameOf(item.Kind), MediaStatuses.NameOf(item.Status), item.IsPublic ? "public" : "private",
        item.Name, item.Size, item.Tags, item.Version, item.CreatedAt, item.UpdatedAt, parts)
    {
        Alias = item.Alias?.Value,
        Description = item.Description,
        Website = item.Website,
        Categories = Given(item.Categories),
        Capabilities = Given(item.Capabilities),
        Custom = item.Custom.IsEmpty
            ? null
            : item.Custom.ToDictionary(field => field.Key, field => field.Value.Text ?? (object)field.Value.Number),
        Player = Parse(item.Player),
        Width = item.Width,
        Height = item.Height,
        Unlisted = Given(item.IsUnlisted),
        Temporary = Given(item.IsTemporary),
        DirectOnly = Given(item.IsDirectOnly),
        Immutable = Given(item.IsImmutable),
        Parent = item.Parent?.Value,
        References = item.References.IsEmpty ? null : [.. item.References.Select(id => id.Value)],
        Details = Parse(item.Details),
        Error = item.Failure is { } failure ? new(failure.Code, failure.Message, failure.Count) : null,
        UploadedAt = item.UploadedAt,
        ReadyAt = item.ReadyAt,
        ExpiresAt = item.ExpiresAt,
        RemovedAt = item.RemovedAt,
    };

    /// <summary>Makes the answer about a part, without addresses.</summary>
    public static MediaPartResponse Of(MediaPart part) =>
        new(part.Number, part.Type, part.ContentType, part.Size, part.Sha256.ToString(), MediaPartStates.NameOf(part.State));

    private static ImmutableArray<string>? Given(ImmutableArray<string> values) => values.IsEmpty ? null : values;

    private static bool? Given(bool value) => value ? true : null;

    private static JsonElement? Parse(string? json) =>
        json is null ? null : JsonSerializer.Deserialize(json, MediaJson.Default.JsonElement);
}
