using System.Globalization;
using MediaAspire.Api.Audit;
using MediaAspire.Core.Uploads;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace MediaAspire.Api.Uploads;

/// <summary>Uploads by tus 1.0.0, see <see href="https://tus.io/protocols/resumable-upload"/>.</summary>
internal sealed class TusDoor(
    UploadSessions sessions, UploadTargets targets, TusConcatenation concatenation, UploadFinder finder, UploadLimits limits)
{
    private const string LengthRule = "Send Upload-Length, or Upload-Defer-Length: 1 when it is not known yet, and not both.";

    /// <summary>Determines whether a request speaks tus, also when it forgets to name the version.</summary>
    public static bool Speaks(HttpRequest request) => UploadHeaders.IsTus(request)
        || UploadRequest.HasContentType(request, UploadHeaders.TusContentType)
        || request.Headers.ContainsKey(UploadHeaders.DeferLength)
        || request.Headers.ContainsKey(UploadHeaders.Concat)
        || request.Headers.ContainsKey(UploadHeaders.Checksum)
        || (request.Headers.ContainsKey(UploadHeaders.Length) && !request.Headers.ContainsKey(UploadHeaders.Complete));

    /// <summary>Prepares the response, whatever it will be, and refuses other versions.</summary>
    /// <returns>The problem; <see langword="null"/> for none.</returns>
    public static IResult? Begin(HttpContext http)
    {
        http.Response.OnStarting(
            static state =>
            {
                ((HttpResponse)state).Headers[UploadHeaders.TusResumable] = UploadHeaders.TusVersion;
                return Task.CompletedTask;
            },
            http.Response);
        string? version = http.Request.Headers[UploadHeaders.TusResumable];
        if (version == UploadHeaders.TusVersion)
        {
            return null;
        }

        http.Response.Headers[UploadHeaders.TusVersions] = UploadHeaders.TusVersion;
        return UploadErrors.UnsupportedVersion(version);
    }

    /// <summary>Creates an upload, with its first bytes where the request has a body.</summary>
    public async Task<IResult> CreateAsync(HttpContext http, UploadSender sender, CancellationToken cancellationToken)
    {
        var headers = http.Request.Headers;
        string? metadata = headers[UploadHeaders.Metadata];
        if (!TusMetadata.TryRead(metadata, out var values))
        {
            return UploadErrors.InvalidHeader(UploadHeaders.Metadata, metadata, TusMetadata.Rule);
        }

        var fields = UploadFields.Read(http.Request.Query, values);
        if (sender.Grant is { } grant)
        {
            fields = fields.With(grant.Target);
        }

        string? concat = headers[UploadHeaders.Concat];
        if (concat?.StartsWith(TusConcatenation.FinalPrefix, StringComparison.Ordinal) == true)
        {
            return await concatenation.CreateAsync(http, sender, fields, metadata, concat, cancellationToken);
        }

        if (concat is not (null or TusConcatenation.Partial))
        {
            return UploadErrors.InvalidHeader(UploadHeaders.Concat, concat, "partial, or final; and the addresses of partial uploads");
        }

        if (ReadLength(headers, out var length) is { } wrongLength)
        {
            return wrongLength;
        }

        var hasBody = UploadRequest.HasBody(http.Request);
        if (hasBody && !UploadRequest.HasContentType(http.Request, UploadHeaders.TusContentType))
        {
            return UploadErrors.UnsupportedContentType(http.Request.ContentType, UploadHeaders.TusContentType);
        }

        if (ReadChecksum(headers, out var checksums) is { } wrongChecksum)
        {
            return wrongChecksum;
        }

        var (wanted, problem) = await targets.ReadAsync(http, sender, fields, length, cancellationToken);
        if (wanted is null)
        {
            return problem!;
        }

        var most = Math.Min(wanted.MaxLength ?? long.MaxValue, limits.MaxSize);
        if ((length ?? http.Request.ContentLength) > most)
        {
            return UploadErrors.TooLarge(most);
        }

        if (http.Request.ContentLength > length)
        {
            return UploadErrors.ExceedsLength(length.Value);
        }

        // To the end: a client that is gone would leave an upload whose address nobody knows.
        var created = await finder.CreateAsync(
            sender,
            wanted with { Length = length, IsPartial = concat is not null, Metadata = UploadMemory.Of(fields, metadata, concat) },
            CancellationToken.None);
        if (created.Problem is not null)
        {
            return created.Problem;
        }

        var session = created.Session!;
        if (hasBody)
        {
            var (appended, refusal) = await finder.AppendFirstAsync(
                http, sender, session, checksums, AppendEnd.ByLength, UploadErrors.ChecksumMismatchStatus, cancellationToken);
            if (refusal is not null)
            {
                return refusal;
            }

            session = appended!;
            http.Response.Headers[UploadHeaders.Offset] = Text(session.Offset);
        }
        else
        {
            session = await finder.FinishAsync(session, cancellationToken);
        }

        if (session.Failure is { } failure)
        {
            return UploadErrors.NotProcessed(failure);
        }

        WriteExpiry(http.Response, session);
        return Created(http, sender, session);
    }

    /// <summary>Answers with the offset, and with what the client told when it created the upload.</summary>
    public static IResult Head(HttpContext http, UploadSession session)
    {
        if (session.State == UploadSessionState.Failed)
        {
            return TypedResults.StatusCode(StatusCodes.Status410Gone);
        }

        var headers = http.Response.Headers;
        headers.CacheControl = "no-store";
        headers[UploadHeaders.Offset] = Text(session.Offset);
        if (session.Length is { } length)
        {
            headers[UploadHeaders.Length] = Text(length);
        }
        else
        {
            headers[UploadHeaders.DeferLength] = "1";
        }

        if (UploadMemory.TusMetadataOf(session) is { } metadata)
        {
            headers[UploadHeaders.Metadata] = metadata;
        }

        if (UploadMemory.TusConcatOf(session) is { } concat)
        {
            headers[UploadHeaders.Concat] = concat;
        }

        WriteExpiry(http.Response, session);
        return TypedResults.StatusCode(StatusCodes.Status200OK);
    }

    /// <summary>Appends the body of the request.</summary>
    public async Task<IResult> AppendAsync(HttpContext http, UploadSession session, CancellationToken cancellationToken)
    {
        var headers = http.Request.Headers;
        if (!UploadRequest.HasContentType(http.Request, UploadHeaders.TusContentType))
        {
            return UploadErrors.UnsupportedContentType(http.Request.ContentType, UploadHeaders.TusContentType);
        }

        if (!UploadRequest.TryReadNumber(headers[UploadHeaders.Offset], out var offset))
        {
            return UploadRequest.InvalidNumber(UploadHeaders.Offset, headers[UploadHeaders.Offset]);
        }

        if (ReadChecksum(headers, out var checksums) is { } wrongChecksum)
        {
            return wrongChecksum;
        }

        if (session.State == UploadSessionState.Failed)
        {
            return UploadErrors.Failed(session.Failure!);
        }

        if (session.Parts.Count > 0)
        {
            return UploadErrors.Completed(isFinal: true);
        }

        if (headers.ContainsKey(UploadHeaders.Length))
        {
            // "the Server MUST respond with the 409 Conflict status without modifying the upload resource", so without its length.
            if (offset != session.Offset)
            {
                http.Response.Headers[UploadHeaders.Offset] = Text(session.Offset);
                return UploadErrors.WrongOffset(session.Offset, offset);
            }

            var (known, problem) = await SetLengthAsync(session, headers, cancellationToken);
            if (problem is not null)
            {
                return problem;
            }

            session = known!;
        }

        // The length alone has completed it, or the response to an earlier request was lost.
        if (session is { Failure: null, State: not UploadSessionState.Receiving } && offset == session.Offset)
        {
            http.Response.Headers[UploadHeaders.Offset] = Text(session.Offset);
            return await UploadRequest.IsEmptyAsync(http.Request, cancellationToken)
                ? Appended(http.Response, await finder.FinishAsync(session, cancellationToken))
                : UploadErrors.Completed(isFinal: false);
        }

        var (appended, refusal) = await finder.AppendAsync(
            http, session, offset, checksums, AppendEnd.ByLength, UploadErrors.ChecksumMismatchStatus, cancellationToken);
        return refusal ?? Appended(http.Response, appended!);
    }

    /// <summary>Writes the response to a request that has created an upload.</summary>
    internal static IResult Created(HttpContext http, UploadSender sender, UploadSession session)
    {
        UploadFinder.WriteResult(http.Response, session);
        http.GetAuditDetails().Resource = $"/uploads/{session.Id}";
        http.Response.Headers.Location = UploadFinder.AddressOf(http.Request, sender, session);
        return TypedResults.StatusCode(StatusCodes.Status201Created);
    }

    /// <summary>Writes the time when an unfinished upload expires.</summary>
    internal static void WriteExpiry(HttpResponse response, UploadSession session)
    {
        if ((session.State == UploadSessionState.Receiving || session.IsPartial) && session.ExpiresAt is { } expiry)
        {
            response.Headers[UploadHeaders.Expires] = HeaderUtilities.FormatDate(expiry);
        }
    }

    private static IResult Appended(HttpResponse response, UploadSession session)
    {
        response.Headers[UploadHeaders.Offset] = Text(session.Offset);
        if (session.Failure is { } failure)
        {
            // All bytes have arrived, and did not become what was wanted: a client must not take that for a success.
            return UploadErrors.NotProcessed(failure);
        }

        WriteExpiry(response, session);
        UploadFinder.WriteResult(response, session);
        return TypedResults.NoContent();
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static ProblemHttpResult? ReadLength(IHeaderDictionary headers, out long? length)
    {
        length = null;
        var isDeferred = headers.ContainsKey(UploadHeaders.DeferLength);
        if (isDeferred && headers[UploadHeaders.DeferLength] != "1")
        {
            return UploadErrors.InvalidHeader(UploadHeaders.DeferLength, headers[UploadHeaders.DeferLength].ToString(), "1");
        }

        if (isDeferred == headers.ContainsKey(UploadHeaders.Length))
        {
            return UploadErrors.InvalidHeader(
                UploadHeaders.Length, isDeferred ? headers[UploadHeaders.Length].ToString() : null, $"clear. {LengthRule}");
        }

        if (isDeferred)
        {
            return null;
        }

        if (!UploadRequest.TryReadNumber(headers[UploadHeaders.Length], out var known))
        {
            return UploadRequest.InvalidNumber(UploadHeaders.Length, headers[UploadHeaders.Length]);
        }

        length = known;
        return null;
    }

    private static ProblemHttpResult? ReadChecksum(IHeaderDictionary headers, out IReadOnlyList<DeclaredChecksum> checksums)
    {
        checksums = [];
        if (!headers.TryGetValue(UploadHeaders.Checksum, out var text))
        {
            return null;
        }

        if (!DeclaredChecksum.TryRead(text, out var checksum))
        {
            return UploadErrors.InvalidHeader(
                UploadHeaders.Checksum, text, $"one of {DeclaredChecksum.Algorithms} and its value in base64, separated by a space");
        }

        checksums = [checksum];
        return null;
    }

    /// <summary>Sets the length of an upload, where it is told after the creation. "Once set the length MUST NOT be changed."</summary>
    private async Task<(UploadSession? Session, IResult? Problem)> SetLengthAsync(
        UploadSession session, IHeaderDictionary headers, CancellationToken cancellationToken)
    {
        if (!UploadRequest.TryReadNumber(headers[UploadHeaders.Length], out var length))
        {
            return (null, UploadRequest.InvalidNumber(UploadHeaders.Length, headers[UploadHeaders.Length]));
        }

        if (length > session.MaxLength)
        {
            return (null, UploadErrors.TooLarge(session.MaxLength));
        }

        if (session.Length is { } known)
        {
            return known == length
                ? (session, null)
                : (null, UploadErrors.InconsistentLength($"The upload has a length of {known} bytes, which cannot become {length}."));
        }

        return await sessions.SetLengthAsync(session.Id, length, cancellationToken) switch
        {
            { Outcome: LengthOutcome.Set, Session: { } changed } => (changed, null),
            { Outcome: LengthOutcome.Set or LengthOutcome.NotFound } => (null, UploadErrors.NotFound(session.Id.ToString())),
            _ => (null, UploadErrors.InconsistentLength(
                $"{length} is not a possible length of the upload: it has {session.Offset} bytes, or another length.")),
        };
    }
}
