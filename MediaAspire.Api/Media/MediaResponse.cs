using System.Text.Json;
using System.Text.Json.Serialization;

namespace MediaAspire.Api.Media;

/// <summary>An item of the media catalog. Fields without a value are left out, by every route.</summary>
/// <param name="Id">The item's id.</param>
/// <param name="Owner">The owner, a name of the application's.</param>
/// <param name="Kind">The kind, such as <c>image</c>.</param>
/// <param name="Status"><c>pending</c>, <c>uploaded</c>, <c>processing</c>, <c>ready</c> or <c>failed</c>.</param>
/// <param name="Access"><c>public</c> or <c>private</c>.</param>
/// <param name="Name">The name, 1 to 75 characters.</param>
/// <param name="Size">The sum of the parts' sizes, in bytes.</param>
/// <param name="Tags">The tags, normalized.</param>
/// <param name="Version">The number of the item's state, which grows with each change; also its entity tag.</param>
/// <param name="CreatedAt">The time when the item was created.</param>
/// <param name="UpdatedAt">The time of the last change.</param>
/// <param name="Parts">The parts in the order of their numbers.</param>
public sealed record MediaResponse(
    Guid Id, string Owner, string Kind, string Status, string Access, string Name, long Size, IReadOnlyList<string> Tags, long Version,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, IReadOnlyList<MediaPartResponse> Parts)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Alias { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Description { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Website { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Categories { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Capabilities { get; init; }

    /// <summary>Gets the application's fields, strings and numbers; their names begin with <c>c_</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, object>? Custom { get; init; }

    /// <summary>Gets the settings of a player.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Player { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Width { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Height { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Unlisted { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Temporary { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? DirectOnly { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Immutable { get; init; }

    /// <summary>Gets the item that this one was cloned from.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? Parent { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Guid>? References { get; init; }

    /// <summary>Gets what processing found in the content.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Details { get; init; }

    /// <summary>Gets the last failure of processing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MediaFailureResponse? Error { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? UploadedAt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? ReadyAt { get; init; }

    /// <summary>Gets the time when a pending or temporary item is removed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Gets the time when the item was moved to the trash.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? RemovedAt { get; init; }
}

/// <param name="Number">From 1.</param>
/// <param name="Type">The role of the part in its item.</param>
/// <param name="ContentType">The media type, as declared.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">SHA-256 of all bytes, in lower-case hexadecimal, as declared.</param>
/// <param name="State"><c>pending</c>, <c>verifying</c> or <c>stored</c>.</param>
public sealed record MediaPartResponse(int Number, string Type, string ContentType, long Size, string Sha256, string State)
{
    /// <summary>Gets the upload that is still expected.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public UploadResponse? Upload { get; init; }

    /// <summary>Gets the uploads that are still expected of a part that is uploaded in parts.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MultipartUploadResponse? Multipart { get; init; }

    /// <summary>Gets the address of the bytes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DownloadResponse? Download { get; init; }
}

/// <summary>A request that uploads a part to the object store.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Url">The address, which needs no key.</param>
/// <param name="Headers">The headers that the request must have, exactly.</param>
/// <param name="ExpiresAt">The end of the permission.</param>
public sealed record UploadResponse(string Method, string Url, IReadOnlyDictionary<string, string> Headers, DateTimeOffset ExpiresAt);

/// <param name="Url">The address, which needs no key.</param>
/// <param name="ExpiresAt">The end of the permission; <see langword="null"/> for a public address.</param>
public sealed record DownloadResponse(string Url, DateTimeOffset? ExpiresAt);

/// <param name="Code">A stable name in kebab-case.</param>
/// <param name="Message">A sentence for people.</param>
/// <param name="Count">The number of failures since the last success.</param>
public sealed record MediaFailureResponse(string Code, string Message, int Count);
