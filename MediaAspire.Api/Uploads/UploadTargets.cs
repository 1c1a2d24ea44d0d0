using MediaAspire.Api.Files;
using MediaAspire.Api.Http;
using MediaAspire.Api.Ownership;
using MediaAspire.Api.Problems;
using MediaAspire.Api.S3.Objects;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Api.Security;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Images.Uploads;
using MediaAspire.Core.Uploads;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace MediaAspire.Api.Uploads;

/// <summary>Reads what becomes of the bytes of a new upload, and checks that its sender may create that.</summary>
internal sealed class UploadTargets(
    OwnerSelector owners,
    ObjectTargets objects,
    MediaTargets media,
    IOptions<Files.FileOptions> files,
    IOptionsMonitor<ImageUploadOptions> images)
{
    public const string DefaultContentType = "application/octet-stream";

    public const string DefaultFilename = "upload";

    private static readonly MediaPartTarget s_media = new(default, 1);

    /// <summary>Reads the target of an upload.</summary>
    /// <param name="http">The request.</param>
    /// <param name="sender">Its sender.</param>
    /// <param name="fields">What the client told.</param>
    /// <param name="length">The number of bytes; <see langword="null"/> while it is not known.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The upload to create, or the problem with the request.</returns>
    /// <exception cref="Core.Quotas.QuotaExceededException">The upload does not fit into the owner's quota.</exception>
    public async Task<(NewUploadSession? Upload, ProblemHttpResult? Problem)> ReadAsync(
        HttpContext http, UploadSender sender, UploadFields fields, long? length, CancellationToken cancellationToken)
    {
        if (!ContentTypes.TryNormalize(fields[UploadFields.Names.ContentType], DefaultContentType, out var contentType))
        {
            return (null, UploadErrors.InvalidTarget(
                $"\"{Problem.Shorten(fields[UploadFields.Names.ContentType]!)}\" is not a valid media type."));
        }

        var (upload, problem) = await ReadTargetAsync(http, sender, fields, contentType, length, cancellationToken);
        if (upload is null)
        {
            return (null, problem);
        }

        if ((sender.Allow(upload.Target) ?? CheckGrant(sender.Grant, contentType)) is { } forbidden)
        {
            return (null, forbidden);
        }

        if (fields[UploadFields.Names.Sha256] is { } text)
        {
            if (!DeclaredDigests.TryParse(text, out var sha256))
            {
                return (null, UploadErrors.InvalidTarget($"\"{Problem.Shorten(text)}\" is not a SHA-256 in hexadecimal or base64."));
            }

            if (upload.Sha256 is { } declared && !declared.Equals(sha256))
            {
                return (null, UploadErrors.InvalidTarget($"The part was declared with the SHA-256 {declared}, not {sha256}."));
            }

            upload = upload with { Sha256 = sha256 };
        }

        return (upload with { MaxLength = Least(upload.MaxLength, sender.Grant?.MaxSize) }, null);
    }

    private static long? Least(long? first, long? second) =>
        first is null || second is null ? first ?? second : Math.Min(first.Value, second.Value);

    private Task<(NewUploadSession? Upload, ProblemHttpResult? Problem)> ReadTargetAsync(
        HttpContext http,
        UploadSender sender,
        UploadFields fields,
        string contentType,
        long? length,
        CancellationToken cancellationToken)
    {
        var kind = fields[UploadFields.Names.Target]
            ?? (fields[UploadFields.Names.Media] is not null ? "media"
                : fields[UploadFields.Names.Bucket] is not null ? "object"
                : "file");
        return kind switch
        {
            "file" => ReadFileAsync(sender, fields, contentType, length, cancellationToken),
            "image" => ReadImageAsync(sender, fields, length, cancellationToken),
            // A key without the right does not learn whether an item exists.
            "media" when sender.Allow(s_media) is { } forbidden => Refuse(forbidden),
            "media" => media.ReadAsync(CallerOf(sender), sender.Initiator, fields, contentType, length, cancellationToken),
            "object" => ReadObjectAsync(http, sender, fields, contentType, cancellationToken),
            _ => RefuseTarget($"\"{Problem.Shorten(kind)}\" is not a target. Use file, image, media or object."),
        };
    }

    private async Task<(NewUploadSession? Upload, ProblemHttpResult? Problem)> ReadFileAsync(
        UploadSender sender, UploadFields fields, string contentType, long? length, CancellationToken cancellationToken)
    {
        var filename = fields[UploadFields.Names.Filename] ?? DefaultFilename;
        if (Filename.Check(filename, files.Value.MaxFilenameBytes) is { } reason)
        {
            return (null, UploadErrors.InvalidFilename(reason));
        }

        var selected = await SelectAsync(sender, fields, length, cancellationToken);
        return selected.Problem is { } problem
            ? (null, problem)
            : (new(new FileTarget(filename, contentType), sender.Initiator) { Owner = selected.Owner, MaxLength = files.Value.MaxSize }, null);
    }

    private async Task<(NewUploadSession? Upload, ProblemHttpResult? Problem)> ReadImageAsync(
        UploadSender sender, UploadFields fields, long? length, CancellationToken cancellationToken)
    {
        var selected = await SelectAsync(sender, fields, length, cancellationToken);
        return selected.Problem is { } problem
            ? (null, problem)
            : (new(new ImageTarget(new UploadWishes()), sender.Initiator)
            {
                Owner = selected.Owner,
                MaxLength = images.CurrentValue.MaxSize,
            }, null);
    }

    private async Task<(NewUploadSession? Upload, ProblemHttpResult? Problem)> ReadObjectAsync(
        HttpContext http, UploadSender sender, UploadFields fields, string contentType, CancellationToken cancellationToken)
    {
        if (fields[UploadFields.Names.Bucket] is not { } bucketName || fields[UploadFields.Names.Key] is not { } key)
        {
            return (null, UploadErrors.InvalidTarget("The target object needs \"bucket\" and \"key\"."));
        }

        if (OwnerSelector.Select(CallerOf(sender), fields[UploadFields.Names.Owner], out var owner) is { } problem)
        {
            return (null, problem);
        }

        try
        {
            var given = new HeaderDictionary { [HeaderNames.ContentType] = contentType };
            var (bucket, attributes) = await objects.JudgeAsync(http, bucketName, key, owner?.Value, given, cancellationToken);
            return (
                new(new ObjectTarget(bucket.Id, key, attributes), sender.Initiator) { Owner = owner ?? new OwnerId(bucket.OwnerId) }, null);
        }
        catch (S3Exception refused)
        {
            // A sender without a right does not learn whether the bucket exists.
            return (null, refused.Error.Status is StatusCodes.Status404NotFound or StatusCodes.Status403Forbidden
                ? UploadErrors.BucketNotFound(bucketName)
                : Problem.Of(refused.Error.Status, "object-refused", $"{refused.Error.Code}: {refused.Error.Message}"));
        }
    }

    private ValueTask<SelectedOwner> SelectAsync(
        UploadSender sender, UploadFields fields, long? length, CancellationToken cancellationToken) =>
        owners.SelectForWriteAsync(CallerOf(sender), fields[UploadFields.Names.Owner], length ?? 0, objects: 1, cancellationToken);

    private static Caller CallerOf(UploadSender sender) =>
        new(CallerKind.ApiKey, KeyId: null, sender.Owner) { Scopes = sender.Scopes };

    private static ProblemHttpResult? CheckGrant(UploadGrant? grant, string contentType)
    {
        if (grant?.ContentType is not { } wanted)
        {
            return null;
        }

        var type = contentType.Split(';')[0].Trim();
        var isAllowed = wanted.EndsWith("/*", StringComparison.Ordinal)
            ? type.StartsWith(wanted[..^1], StringComparison.OrdinalIgnoreCase)
            : type.Equals(wanted, StringComparison.OrdinalIgnoreCase);
        return isAllowed ? null
            : UploadErrors.GrantForbids($"The signed address allows uploads of type {wanted}, not {Problem.Shorten(type)}.");
    }

    private static Task<(NewUploadSession? Upload, ProblemHttpResult? Problem)> RefuseTarget(string detail) =>
        Refuse(UploadErrors.InvalidTarget(detail));

    private static Task<(NewUploadSession? Upload, ProblemHttpResult? Problem)> Refuse(ProblemHttpResult problem) =>
        Task.FromResult<(NewUploadSession?, ProblemHttpResult?)>((null, problem));
}
