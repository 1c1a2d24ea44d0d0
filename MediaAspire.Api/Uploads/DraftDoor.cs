using System.Globalization;
using MediaAspire.Api.Audit;
using MediaAspire.Api.Http;
using MediaAspire.Core.Uploads;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Uploads;

/// <summary>Uploads by the IETF's "Resumable Uploads for HTTP", draft-ietf-httpbis-resumable-upload-15.</summary>
/// <remarks>
/// Kestrel cannot send the interim response 104, which is a SHOULD. A client learns the address by a creation with <c>?0</c>: "careful".
/// Requests of the older interop versions 5 and 6 are understood, too: their fields have the same meaning.
/// </remarks>
internal sealed class DraftDoor(UploadSessions sessions, UploadTargets targets, UploadFinder finder, UploadLimits limits)
{
    private const int LastOfTusJsClient = 6;

    // Interop version 5 is of a draft that had no media type for appends.
    private const long VersionWithoutMediaType = 5;

    private const string BooleanRule = "?1 or ?0";
    private const string DigestRule = "a dictionary of algorithms and byte sequences, such as sha-256=:…:";

    /// <summary>Determines whether a request creates an upload. A value of another type "MUST" be ignored.</summary>
    public static bool Creates(HttpRequest request) => UploadRequest.ReadBoolean(request.Headers[UploadHeaders.Complete]) is not null;

    /// <summary>Prepares the response: a failure tells that the upload is not complete, unless something else is known.</summary>
    public static void Begin(HttpContext http) => http.Response.OnStarting(
        static state =>
        {
            var response = (HttpResponse)state;
            if (response.StatusCode >= StatusCodes.Status400BadRequest && !response.Headers.ContainsKey(UploadHeaders.Complete))
            {
                response.Headers[UploadHeaders.Complete] = StructuredFields.Write(false);
            }

            return Task.CompletedTask;
        },
        http.Response);

    /// <summary>Creates an upload, with its first bytes where the request has a body.</summary>
    public async Task<IResult> CreateAsync(HttpContext http, UploadSender sender, CancellationToken cancellationToken)
    {
        var headers = http.Request.Headers;
        var completes = UploadRequest.ReadBoolean(headers[UploadHeaders.Complete])!.Value;
        if (UploadRequest.ReadInteger(headers[UploadHeaders.Length]) > limits.MaxSize)
        {
            return TooLarge(http.Response, limits.MaxSize);
        }

        if (ReadLength(http.Request, offset: 0, completes, out var length) is { } inconsistent)
        {
            return inconsistent;
        }

        if (!DeclaredChecksum.TryReadDigests(headers[UploadHeaders.ContentDigest], out var digests))
        {
            return UploadErrors.InvalidHeader(UploadHeaders.ContentDigest, headers[UploadHeaders.ContentDigest], DigestRule);
        }

        var (fields, metadata, problem) = ReadFields(http.Request);
        if (problem is not null)
        {
            return problem;
        }

        if (sender.Grant is { } grant)
        {
            fields = fields!.With(grant.Target);
        }

        var (wanted, refusal) = await targets.ReadAsync(http, sender, fields!, length, cancellationToken);
        if (wanted is null)
        {
            return refusal!;
        }

        var most = Math.Min(wanted.MaxLength ?? long.MaxValue, limits.MaxSize);
        if (length > most || http.Request.ContentLength > most)
        {
            return TooLarge(http.Response, most);
        }

        if (http.Request.ContentLength > length)
        {
            return UploadErrors.InconsistentLength(
                $"The body has {http.Request.ContentLength} bytes, but the upload has a length of {length}.");
        }

        // To the end: a client that is gone would leave an upload whose address nobody knows.
        var created = await finder.CreateAsync(
            sender, wanted with { Length = length, Metadata = UploadMemory.Of(fields!, metadata) }, CancellationToken.None);
        if (created.Problem is not null)
        {
            return created.Problem;
        }

        var session = created.Session!;
        if (session.State == UploadSessionState.Receiving && (completes || UploadRequest.HasBody(http.Request)))
        {
            var (appended, failure) = await finder.AppendFirstAsync(
                http, sender, session, digests, EndOf(http.Request, completes), StatusCodes.Status400BadRequest, cancellationToken);
            if (failure is not null)
            {
                return await RefuseAsync(http, session, failure, cancellationToken);
            }

            session = appended!;
        }

        http.Response.Headers.Location = UploadFinder.AddressOf(http.Request, sender, session);
        http.GetAuditDetails().Resource = $"/uploads/{session.Id}";
        session = await finder.FinishAsync(session, cancellationToken);
        return Answer(http.Response, session, StatusCodes.Status201Created, StatusCodes.Status201Created);
    }

    /// <summary>Answers with the offset: "clients have to be able to use received offsets".</summary>
    public IResult Head(HttpContext http, UploadSession session)
    {
        if (Unexpected(http.Request) is { } problem)
        {
            return problem;
        }

        WriteState(http.Response, session);
        return HttpMethods.IsHead(http.Request.Method)
            ? TypedResults.NoContent()
            : TypedResults.Ok(UploadResponse.Of(session));
    }

    /// <summary>Appends the body of the request.</summary>
    public async Task<IResult> AppendAsync(HttpContext http, UploadSession session, CancellationToken cancellationToken)
    {
        var headers = http.Request.Headers;
        var needsType = UploadRequest.ReadInteger(headers[UploadHeaders.InteropVersion]) != VersionWithoutMediaType;
        if (needsType && !UploadRequest.HasContentType(http.Request, UploadHeaders.PartialUpload))
        {
            return UploadErrors.UnsupportedContentType(http.Request.ContentType, UploadHeaders.PartialUpload);
        }

        if (UploadRequest.ReadInteger(headers[UploadHeaders.Offset]) is not { } offset)
        {
            return UploadRequest.InvalidNumber(UploadHeaders.Offset, headers[UploadHeaders.Offset]);
        }

        if (UploadRequest.ReadBoolean(headers[UploadHeaders.Complete]) is not { } completes)
        {
            return UploadErrors.InvalidHeader(UploadHeaders.Complete, Text(headers[UploadHeaders.Complete]), BooleanRule);
        }

        if (!DeclaredChecksum.TryReadDigests(headers[UploadHeaders.ContentDigest], out var digests))
        {
            return UploadErrors.InvalidHeader(UploadHeaders.ContentDigest, headers[UploadHeaders.ContentDigest], DigestRule);
        }

        // "The server can choose to replay the final response to the client if the request to append to the completed upload is valid."
        if (session.State != UploadSessionState.Receiving)
        {
            return completes && offset == session.Offset && !UploadRequest.HasBody(http.Request)
                ? Final(http.Response, await finder.FinishAsync(session, cancellationToken))
                : Refuse(http.Response, session, offset);
        }

        if (offset != session.Offset)
        {
            return Refuse(http.Response, session, offset);
        }

        if (ReadLength(http.Request, offset, completes, out var length) is { } inconsistent)
        {
            return inconsistent;
        }

        if (length is { } told && session.Length is null && await SetLengthAsync(http, session, told, cancellationToken) is { } unset)
        {
            return unset;
        }

        if (length is not null && session.Length is { } known && length != known)
        {
            return UploadErrors.InconsistentLength($"The upload has a length of {known} bytes, which cannot become {length}.");
        }

        var (appended, refusal) = await finder.AppendAsync(
            http, session, offset, digests, EndOf(http.Request, completes), StatusCodes.Status400BadRequest, cancellationToken);
        if (refusal is not null)
        {
            return await RefuseAsync(http, session, refusal, cancellationToken);
        }

        return Answer(http.Response, appended!, StatusCodes.Status204NoContent, StatusCodes.Status200OK);
    }

    private IResult Final(HttpResponse response, UploadSession session) =>
        Answer(response, session, StatusCodes.Status204NoContent, StatusCodes.Status200OK);

    /// <summary>Writes the response to bytes that were accepted: the result of a complete upload, or the progress of another.</summary>
    private IResult Answer(HttpResponse response, UploadSession session, int status, int finalStatus)
    {
        var isComplete = session.State != UploadSessionState.Receiving;
        response.Headers[UploadHeaders.Complete] = StructuredFields.Write(isComplete);
        response.Headers[UploadHeaders.Offset] = session.Offset.ToString(CultureInfo.InvariantCulture);
        response.Headers.CacheControl = "no-store";
        if (!isComplete)
        {
            response.Headers[UploadHeaders.Limit] = limits.Describe(session);
            return TypedResults.StatusCode(status);
        }

        if (session.Failure is { } failure)
        {
            // "4xx or 5xx status codes indicate in this case that the representation was fully transmitted, but an error occurred".
            return UploadErrors.NotProcessed(failure);
        }

        UploadFinder.WriteResult(response, session);
        if (session.Sha256 is { } sha256)
        {
            response.Headers[UploadHeaders.ReprDigest] = $"sha-256={StructuredFields.Write(sha256.Bytes.Span)}";
        }

        return TypedResults.Json(UploadResponse.Of(session), statusCode: finalStatus);
    }

    // "The offset could match the length, but the upload can still be incomplete." tus-js-client, which speaks the interop versions 5 and
    // 6, says ?0 with the last piece of a file.
    private static AppendEnd EndOf(HttpRequest request, bool completes) =>
        completes ? AppendEnd.Completes
        : UploadRequest.ReadInteger(request.Headers[UploadHeaders.InteropVersion]) <= LastOfTusJsClient ? AppendEnd.ByLength
        : AppendEnd.StaysOpen;

    private static string? Text(Microsoft.Extensions.Primitives.StringValues field) => field.Count == 0 ? null : field.ToString();

    /// <summary>Reads the length that a request tells, in one or two ways: "their indicated lengths MUST match".</summary>
    private static ProblemHttpResult? ReadLength(HttpRequest request, long offset, bool completes, out long? length)
    {
        length = UploadRequest.ReadInteger(request.Headers[UploadHeaders.Length]);
        if (!completes || request.ContentLength is not { } content)
        {
            return null;
        }

        if (length is { } told && told != offset + content)
        {
            return UploadErrors.InconsistentLength(
                $"Upload-Length is {told}, but the upload would be complete with {offset + content} bytes.");
        }

        length = offset + content;
        return null;
    }

    private static (UploadFields? Fields, string? Metadata, IResult? Problem) ReadFields(HttpRequest request)
    {
        var headers = request.Headers;

        // Not of the draft, but tus-js-client sends it in this mode, too.
        string? metadata = headers[UploadHeaders.Metadata];
        if (!TusMetadata.TryRead(metadata, out var values))
        {
            return (null, null, UploadErrors.InvalidHeader(UploadHeaders.Metadata, metadata, TusMetadata.Rule));
        }

        if (!DeclaredChecksum.TryReadDigests(headers[UploadHeaders.ReprDigest], out var digests))
        {
            return (null, null, UploadErrors.InvalidHeader(UploadHeaders.ReprDigest, headers[UploadHeaders.ReprDigest], DigestRule));
        }

        var sha256 = digests.FirstOrDefault(digest => digest.Algorithm == "sha256")?.Value;
        var type = UploadRequest.HasContentType(request, UploadHeaders.PartialUpload) ? null : request.ContentType;
        return (
            UploadFields.Read(
                request.Query,
                values,
                (UploadFields.Names.ContentType, type),
                (UploadFields.Names.Filename, UploadRequest.ReadFilename(request)),
                (UploadFields.Names.Sha256, sha256 is null ? null : Convert.ToHexStringLower(sha256))),
            metadata,
            null);
    }

    private static ProblemHttpResult? Unexpected(HttpRequest request)
    {
        string[] ofBodies = [UploadHeaders.Offset, UploadHeaders.Complete];
        return ofBodies.FirstOrDefault(request.Headers.ContainsKey) is { } name
            ? UploadErrors.UnexpectedHeader(name, "it belongs to requests with bytes. A request for the offset does not have it.")
            : null;
    }

    // "When a request is rejected because limits were violated, the response SHOULD include the Upload-Limit header field".
    private static ProblemHttpResult TooLarge(HttpResponse response, long most)
    {
        response.Headers[UploadHeaders.Limit] = UploadLimits.Describe(most);
        return UploadErrors.TooLarge(most);
    }

    private static ProblemHttpResult Refuse(HttpResponse response, UploadSession session, long offset)
    {
        response.Headers[UploadHeaders.Offset] = session.Offset.ToString(CultureInfo.InvariantCulture);
        return offset == session.Offset ? UploadErrors.Completed(isFinal: false) : UploadErrors.WrongOffset(session.Offset, offset);
    }

    private void WriteState(HttpResponse response, UploadSession session)
    {
        var headers = response.Headers;
        headers.CacheControl = "no-store";
        headers[UploadHeaders.Offset] = session.Offset.ToString(CultureInfo.InvariantCulture);
        headers[UploadHeaders.Complete] = StructuredFields.Write(session.State != UploadSessionState.Receiving);
        headers[UploadHeaders.Limit] = limits.Describe(session);
        if (session.Length is { } length)
        {
            headers[UploadHeaders.Length] = length.ToString(CultureInfo.InvariantCulture);
        }
    }

    private async Task<IResult?> SetLengthAsync(
        HttpContext http, UploadSession session, long length, CancellationToken cancellationToken)
    {
        if (length > session.MaxLength)
        {
            http.Response.Headers[UploadHeaders.Limit] = limits.Describe(session);
            return UploadErrors.TooLarge(session.MaxLength);
        }

        // Its append completes it; a length that completes it now would refuse that.
        if (length == session.Offset)
        {
            return null;
        }

        return (await sessions.SetLengthAsync(session.Id, length, cancellationToken)).Outcome switch
        {
            LengthOutcome.Set => null,
            LengthOutcome.NotFound => UploadErrors.NotFound(session.Id.ToString()),
            _ => UploadErrors.InconsistentLength($"{length} is not a possible length of the upload, which has {session.Offset} bytes."),
        };
    }

    /// <summary>
    /// Answers an append that was refused. "the server MUST prevent the offset from exceeding the upload length by rejecting the request
    /// once the offset exceeds the length, marking the upload resource invalid and rejecting any further interaction with it."
    /// </summary>
    private async Task<IResult> RefuseAsync(HttpContext http, UploadSession session, IResult refusal, CancellationToken cancellationToken)
    {
        if (refusal is not IStatusCodeHttpResult { StatusCode: StatusCodes.Status413PayloadTooLarge })
        {
            return refusal;
        }

        http.Response.Headers[UploadHeaders.Limit] = limits.Describe(session);
        if (session.Length is not { } length)
        {
            return refusal;
        }

        await sessions.CancelAsync(session.Id, cancellationToken);
        return UploadErrors.Invalidated(length);
    }
}
