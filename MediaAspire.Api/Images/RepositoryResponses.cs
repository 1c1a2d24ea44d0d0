using System.Text.Json.Serialization;
using MediaAspire.Core.Images;

namespace MediaAspire.Api.Images;

/// <param name="Limit">The most hashes of a page.</param>
/// <param name="Current">The first hash of this page.</param>
/// <param name="Next">The value of <c>from</c> for the next page; missing on the last one.</param>
/// <param name="Prev">The value of <c>from</c> for the page before; missing on the first one.</param>
/// <param name="Hashes">The hashes.</param>
public sealed record HashPageResponse(
    [property: JsonPropertyName("limit")] int Limit,
    [property: JsonPropertyName("current"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Current,
    [property: JsonPropertyName("next"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Next,
    [property: JsonPropertyName("prev"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Prev,
    [property: JsonPropertyName("hashes")] IReadOnlyList<HashResponse> Hashes);

/// <param name="Hex">The key of the image by its content: SHA-256 in hexadecimal, size in bytes, and format.</param>
/// <param name="Aliases">The aliases, the oldest first.</param>
/// <param name="Details">The properties of the image.</param>
public sealed record HashResponse(
    [property: JsonPropertyName("hex")] string Hex,
    [property: JsonPropertyName("aliases")] IReadOnlyList<string> Aliases,
    [property: JsonPropertyName("details")] ImageDetailsResponse Details)
{
    internal static HashResponse Of(HashedImage hashed) => new(
        hashed.Image.Hash.ToString(), [.. hashed.Aliases.Select(alias => alias.Value)], ImageDetailsResponse.Of(hashed.Image));
}

/// <param name="Msg"><c>ok</c>.</param>
/// <param name="Hex">The key of the image by its content.</param>
/// <param name="Aliases">The aliases, the oldest first.</param>
public sealed record AliasesResponse(
    [property: JsonPropertyName("msg")] string Msg,
    [property: JsonPropertyName("hex")] string Hex,
    [property: JsonPropertyName("aliases")] IReadOnlyList<string> Aliases)
{
    internal static AliasesResponse Of(ImageHash hash, IEnumerable<ImageAlias> aliases) =>
        new("ok", hash.ToString(), [.. aliases.Select(alias => alias.Value)]);
}

/// <param name="Msg"><c>ok</c>.</param>
/// <param name="Store"><c>chunks</c> or <c>s3</c>.</param>
/// <param name="Identifier">The id of the file, or the key of the object.</param>
/// <param name="Blob">The id of the blob, which stays when the bytes move to the other store.</param>
public sealed record IdentifierResponse(
    [property: JsonPropertyName("msg")] string Msg,
    [property: JsonPropertyName("store")] string Store,
    [property: JsonPropertyName("identifier")] string Identifier,
    [property: JsonPropertyName("blob")] Guid Blob)
{
    internal static IdentifierResponse Of(ImageBlob blob) => new(
        "ok", blob.File is null ? "s3" : "chunks", blob.File?.ToString() ?? blob.ObjectKey!, blob.Id.Value);
}

/// <param name="Msg"><c>ok</c>.</param>
/// <param name="Deleted">The number of variants.</param>
public sealed record DeletedVariantsResponse(
    [property: JsonPropertyName("msg")] string Msg, [property: JsonPropertyName("deleted")] int Deleted);

/// <param name="Alias">The alias of the image that is sent, with 404, for one that does not exist.</param>
public sealed record NotFoundRequest([property: JsonPropertyName("alias")] string Alias);

/// <param name="FileId">The file, which stays as it is.</param>
/// <param name="Alias">The alias to make; random by default.</param>
/// <param name="Owner">The owner of the alias; none by default.</param>
public sealed record ImportRequest(
    [property: JsonPropertyName("file_id")] Guid FileId,
    [property: JsonPropertyName("alias")] string? Alias = null,
    [property: JsonPropertyName("owner")] string? Owner = null);

/// <param name="State"><c>running</c>, <c>done</c> or <c>failed</c>.</param>
/// <param name="DryRun">The run only reports.</param>
/// <param name="Total">The number of images to look at.</param>
/// <param name="Progress">The number of images that were looked at.</param>
/// <param name="Missing">The number of images whose bytes are missing; without a dry run they are deleted.</param>
/// <param name="StartedAt">The time of the start.</param>
/// <param name="EndedAt">The time of the end.</param>
/// <param name="Error">The reason why it failed.</param>
public sealed record PruneResponse(
    [property: JsonPropertyName("state")] string State,
    [property: JsonPropertyName("dry_run")] bool DryRun,
    [property: JsonPropertyName("total")] long Total,
    [property: JsonPropertyName("progress")] long Progress,
    [property: JsonPropertyName("missing")] long Missing,
    [property: JsonPropertyName("started_at")] DateTimeOffset StartedAt,
    [property: JsonPropertyName("ended_at")] DateTimeOffset? EndedAt,
    [property: JsonPropertyName("error")] string? Error)
{
    internal static PruneResponse Of(ImagePrune run) =>
        new(run.State, run.IsDryRun, run.Total, run.Done, run.Missing, run.StartedAt, run.EndedAt, run.Error);
}

/// <param name="Images">The ids of images without an alias.</param>
/// <param name="Blobs">The ids of blobs that no image and no variant has.</param>
/// <param name="Objects">The objects of this page of the store that no blob has.</param>
/// <param name="Next">The value of <c>after</c> for the next page of the store; missing on the last one.</param>
public sealed record OrphansResponse(
    [property: JsonPropertyName("images")] IReadOnlyList<Guid> Images,
    [property: JsonPropertyName("blobs")] IReadOnlyList<Guid> Blobs,
    [property: JsonPropertyName("objects")] IReadOnlyList<OrphanObject> Objects,
    [property: JsonPropertyName("next"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Next);

/// <param name="Key">The key of the object.</param>
/// <param name="Size">Length in bytes.</param>
/// <param name="LastModified">The time by the store's clock.</param>
public sealed record OrphanObject(
    [property: JsonPropertyName("key")] string Key,
    [property: JsonPropertyName("size")] long Size,
    [property: JsonPropertyName("last_modified")] DateTimeOffset LastModified);
