using System.Globalization;
using MediaAspire.Api.Http;
using MediaAspire.Api.S3.Lifecycle;
using MediaAspire.Api.S3.Locks;
using MediaAspire.Api.S3.Lookup;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Objects;

namespace MediaAspire.Api.S3.Objects;

/// <summary>GetObject and HeadObject: return an object, a range of it, or one of its parts.</summary>
internal sealed class GetObject(
    ObjectLookup lookup, ObjectReader reader, IS3Authorizer authorizer, ExpirationHeader expiration) : IS3Operation
{
    public async Task ExecuteAsync(S3Request request, CancellationToken cancellationToken)
    {
        var action = request.Parameter("versionId") is null ? "s3:GetObject" : "s3:GetObjectVersion";
        var check = authorizer.AuthorizeObject(request, action, request.Bucket, request.Key);
        ObjectResponse.CheckOverrides(request);
        var partNumber = ReadPartNumber(request);

        var located = request.IsHead && partNumber is null
            ? new(await lookup.FindAsync(request, check, cancellationToken), File: null, Parts: [])
            : await lookup.LocateAsync(request, check, cancellationToken);
        var version = located.Version;
        if (!CheckConditions(request, version))
        {
            return;
        }

        var selection = partNumber is { } number
            ? SelectPart(located, number)
            : SelectRange(request, version);
        await SendAsync(request, located, selection, cancellationToken);
    }

    private static int? ReadPartNumber(S3Request request)
    {
        if (request.Parameter("partNumber") is not { } text)
        {
            return null;
        }

        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > 10_000)
        {
            throw S3Errors.InvalidArgument(
                "partNumber", text, "Part number must be an integer between 1 and 10000, inclusive").ToException();
        }

        return request.Header("Range") is null
            ? number
            : throw S3Errors.InvalidRequest("Cannot specify both Range header and partNumber query parameter").ToException();
    }

    /// <returns><see langword="true"/> to send the object; <see langword="false"/> when the response is already complete.</returns>
    private static bool CheckConditions(S3Request request, ObjectVersion version)
    {
        var conditions = new ReadConditions(
            request.Header("If-Match"),
            request.Header("If-None-Match"),
            request.Header("If-Modified-Since"),
            request.Header("If-Unmodified-Since"));
        switch (conditions.Evaluate(version.ETag, version.ModifiedAt))
        {
            case ConditionOutcome.PreconditionFailed:
                throw S3Errors.PreconditionFailed(conditions.FailedHeader).ToException();

            case ConditionOutcome.NotModified:
                ObjectResponse.WriteValidators(request, version);
                request.Response.StatusCode = StatusCodes.Status304NotModified;
                return false;

            default:
                return true;
        }
    }

    private static Selection SelectRange(S3Request request, ObjectVersion version)
    {
        var whole = new ByteRange(0, version.Size);
        if (request.Header("Range") is not { } header || !AllowsRange(request, version))
        {
            return new(whole, IsPartial: false, version.Attributes.Checksum);
        }

        // As in S3, a request for several ranges gets the whole object.
        return ByteRanges.Select(header, version.Size, maxRanges: 1) switch
        {
            null => new(whole, IsPartial: false, version.Attributes.Checksum),
            [var range] => new(range, IsPartial: true, Checksum: null),
            _ => throw ObjectErrors.InvalidRange(header, version.Size).ToException(),
        };
    }

    private static bool AllowsRange(S3Request request, ObjectVersion version) =>
        request.Header("If-Range") is not { } condition
        || condition.Trim().Trim('"') == version.ETag
        || condition.Trim() == version.ModifiedAt.ToString("R", CultureInfo.InvariantCulture);

    private static Selection SelectPart(LocatedObject located, int number)
    {
        var version = located.Version;
        if (version.PartCount is null)
        {
            return number == 1
                ? new(new(0, version.Size), IsPartial: version.Size > 0, version.Attributes.Checksum)
                : throw ObjectErrors.InvalidPart(number).ToException();
        }

        var part = located.Parts.FirstOrDefault(part => part.Number == number) ?? throw ObjectErrors.InvalidPart(number).ToException();
        var checksum = part.Checksum is { } value && version.Attributes.Checksum is { } whole ? whole with { Value = value } : null;
        return new(new(part.Offset, part.Size), IsPartial: part.Size > 0, checksum) { IsPart = true };
    }

    private async Task SendAsync(S3Request request, LocatedObject located, Selection selection, CancellationToken cancellationToken)
    {
        if (request.IsHead)
        {
            Describe(request, located.Version, selection);
            return;
        }

        // Nothing is written before the first bytes have arrived: until then a failure still gets a status.
        await using var range = await reader.OpenAsync(located, selection.Range.Offset, selection.Range.Length, cancellationToken);
        Describe(request, located.Version, selection);
        await range.SendAsync(request.Response.BodyWriter, cancellationToken);
    }

    private void Describe(S3Request request, ObjectVersion version, Selection selection)
    {
        var response = request.Response;
        ObjectResponse.WriteValidators(request, version);
        ObjectResponse.WriteAttributes(request, version);
        LockHeaders.Write(request, version, authorizer);
        expiration.Set(response, request.Bucket, version);
        response.ContentLength = selection.Range.Length;
        if (version.PartCount is { } count && request.Parameter("partNumber") is not null)
        {
            response.Headers["x-amz-mp-parts-count"] = count.ToString(CultureInfo.InvariantCulture);
        }

        // The checksum of a part is always sent.
        if (selection.IsPart || string.Equals(request.Header("x-amz-checksum-mode"), "ENABLED", StringComparison.OrdinalIgnoreCase))
        {
            ObjectResponse.WriteChecksum(response.Headers, selection.Checksum);
        }

        if (selection.IsPartial)
        {
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = selection.Range.ToContentRange(version.Size);
        }
    }

    /// <param name="Range">The bytes to send.</param>
    /// <param name="IsPartial">A value indicating whether the response is 206 (Partial Content).</param>
    /// <param name="Checksum">The checksum of exactly these bytes; <see langword="null"/> when it is unknown.</param>
    private readonly record struct Selection(ByteRange Range, bool IsPartial, StoredChecksum? Checksum)
    {
        public bool IsPart { get; init; }
    }
}
