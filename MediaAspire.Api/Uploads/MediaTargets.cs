using System.Globalization;
using MediaAspire.Api.Media;
using MediaAspire.Api.Security;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Media;
using MediaAspire.Core.Media.Uploads;
using MediaAspire.Core.Uploads;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using MediaUploadErrors = MediaAspire.Api.Media.UploadErrors;

namespace MediaAspire.Api.Uploads;

/// <summary>Reads the media item that an upload becomes a part of, or the item that it becomes, by the rules of <c>/media</c>.</summary>
internal sealed class MediaTargets(IMediaStore store, IOptions<MediaUploadOptions> options, TimeProvider time)
{
    // Of a new item whose content is not known yet; its rules do not depend on the value.
    private static readonly string s_anySha256 = new('0', 64);

    /// <summary>Reads the target of an upload.</summary>
    /// <param name="sender">The sender.</param>
    /// <param name="initiator">Its name in the record of the upload.</param>
    /// <param name="fields">What the client told.</param>
    /// <param name="contentType">The media type.</param>
    /// <param name="length">The number of bytes; <see langword="null"/> while it is not known.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<(NewUploadSession? Upload, ProblemHttpResult? Problem)> ReadAsync(
        Caller sender, string initiator, UploadFields fields, string contentType, long? length, CancellationToken cancellationToken) =>
        fields[UploadFields.Names.Media] is { } id
            ? ReadPartAsync(sender, initiator, id, fields[UploadFields.Names.Part], length, cancellationToken)
            : ReadNewAsync(sender, initiator, fields, contentType, length, cancellationToken);

    private async Task<(NewUploadSession? Upload, ProblemHttpResult? Problem)> ReadPartAsync(
        Caller sender, string initiator, string id, string? part, long? length, CancellationToken cancellationToken)
    {
        if (!MediaId.TryParse(id, out var mediaId))
        {
            return (null, MediaErrors.InvalidId(id));
        }

        if (!int.TryParse(part ?? "1", NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return (null, MediaErrors.InvalidPart(part!));
        }

        if (await store.FindAsync(mediaId, cancellationToken) is not { RemovedAt: null } item)
        {
            return (null, MediaErrors.NotFound(mediaId));
        }

        if (MediaOwners.BoundTo(sender) is { } bound && bound != item.Owner)
        {
            return (null, MediaErrors.OwnerForbidden());
        }

        if (item.Parts.FirstOrDefault(each => each.Number == number) is not { } wanted)
        {
            return (null, MediaErrors.PartNotFound(mediaId, number, item.Parts.Length));
        }

        if (item.Status != MediaStatus.Pending || wanted.State != MediaPartState.Pending)
        {
            return (null, MediaUploadErrors.NotPending(item));
        }

        if (item.ExpiresAt <= time.GetUtcNow())
        {
            return (null, MediaUploadErrors.OfState(new FinishResult(FinishStatus.Expired, item)));
        }

        if (length is { } told && told != wanted.Size)
        {
            return (null, UploadErrors.InvalidTarget($"Part {number} was declared with {wanted.Size} bytes, not {told}."));
        }

        return (
            new(new MediaPartTarget(mediaId, number), initiator)
            {
                Owner = new OwnerId(item.Owner.Value),
                MaxLength = wanted.Size,
                Sha256 = wanted.Sha256,
            },
            null);
    }

    private async Task<(NewUploadSession? Upload, ProblemHttpResult? Problem)> ReadNewAsync(
        Caller sender, string initiator, UploadFields fields, string contentType, long? length, CancellationToken cancellationToken)
    {
        if (MediaOwners.Select(sender, fields[UploadFields.Names.Owner], out var owner) is { } forbidden)
        {
            return (null, forbidden);
        }

        var input = new NewMediaInput
        {
            Name = fields[UploadFields.Names.Filename] ?? UploadTargets.DefaultFilename,
            Kind = fields[UploadFields.Names.Kind],
            Access = fields[UploadFields.Names.Access],
            Alias = fields[UploadFields.Names.Alias],
            Description = fields[UploadFields.Names.Description],
            Tags = fields[UploadFields.Names.Tags]?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
        };
        var whole = input with { ContentType = contentType, Size = length ?? 0, Sha256 = s_anySha256 };
        if (!NewMediaRules.TryParse(whole, options.Value, out var media, out var fault))
        {
            return (null, MediaErrors.InvalidField(fault));
        }

        // The item decides when it is created; a client must not send all bytes before it learns this.
        if (MediaAlias.TryParse(input.Alias, out var alias)
            && await store.FindByAliasAsync(owner, alias, cancellationToken) is { } holder)
        {
            return (null, MediaErrors.AliasTaken(new AliasConflict(owner, holder.Id)));
        }

        return (
            new(new NewMediaTarget(MediaId.New(time), owner, input, media.Parts[0].ContentType), initiator)
            {
                Owner = new OwnerId(owner.Value),
                MaxLength = options.Value.MaxSizeOf(media.Kind),
            },
            null);
    }
}
