using System.Globalization;
using MediaAspire.Api.Audit;
using MediaAspire.Api.Files;
using MediaAspire.Api.Limits;
using MediaAspire.Api.Security;
using MediaAspire.Core.Files;
using MediaAspire.Core.Uploads;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.Uploads;

/// <summary>Uploads in parts: <c>/uploads/parts</c>, and the parts and the completion of an upload.</summary>
internal static class UploadPartEndpoints
{
    public static void MapUploadParts(this RouteGroupBuilder uploads)
    {
        uploads.MapPost("/parts", Create).WithName("CreateUploadInParts").RequireAuthorization(Policies.UploadsWrite)
            .WithSummary("Begin an upload in parts, and get addresses that take the parts without a key, in any order")
            .AddOpenApiOperationTransformer((operation, _, _) => UploadOpenApi.DescribeParts(operation))
            .Produces<UploadPartsResponse>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge).ProducesProblem(StatusCodes.Status507InsufficientStorage);
        uploads.MapPost("/{id}/parts", Sign).WithName("SignUploadParts").RequireAuthorization(Policies.UploadsWrite)
            .WithSummary("Get new addresses for the parts that are missing")
            .Produces<UploadPartsResponse>().ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        uploads.MapPut("/{id}/parts/{number}", Put).WithName("PutUploadPart").RequireAuthorization(Policies.UploadsWrite).LimitTransfers()
            .WithSummary("Send a part, in the place of the one that has its number")
            .AddOpenApiOperationTransformer((operation, _, _) => UploadOpenApi.DescribePart(operation))
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status411LengthRequired)
            .ProducesProblem(UploadErrors.ChecksumMismatchStatus);
        uploads.MapPost("/{id}/complete", Complete).WithName("CompleteUploadInParts").RequireAuthorization(Policies.UploadsWrite)
            .WithSummary("Complete an upload in parts that has them all")
            .Produces<UploadResponse>().ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<IResult> Create(
        HttpContext http,
        CreateUploadPartsRequest request,
        UploadSenders senders,
        UploadTargets targets,
        UploadFinder finder,
        UploadPartSigning signing,
        IOptions<UploadSigningOptions> options,
        CancellationToken cancellationToken)
    {
        var (sender, lifetime, problem) = await FindSignerAsync(
            http, senders, options.Value, request.ExpiresIn, "A signed address is for one upload, and begins no other.", cancellationToken);
        if (sender is null)
        {
            return problem!;
        }

        if (request.Size < 1 || UploadPartSigning.SizeOf(request.Size, request.PartSize) is not { } partSize)
        {
            return UploadErrors.InvalidPartSize(
                $"{request.Size} bytes do not make 1 to {UploadPartSigning.MostParts} parts of {request.PartSize} bytes. "
                + "Parts have at least 64 KiB.");
        }

        var fields = UploadFields.Read(http.Request.Query, request.Fields);
        var (wanted, refusal) = await targets.ReadAsync(http, sender, fields, request.Size, cancellationToken);
        if (wanted is null)
        {
            return refusal!;
        }

        // To the end: a client that is gone would leave an upload whose address nobody knows.
        var (session, failure) = await finder.CreateAsync(
            sender,
            wanted with { Length = request.Size, PartSize = partSize, Metadata = UploadMemory.Of(fields) },
            CancellationToken.None);
        if (session is null)
        {
            return failure!;
        }

        http.GetAuditDetails().Resource = $"/uploads/{session.Id}";
        http.Response.Headers.CacheControl = "no-store";
        var count = (int)((request.Size + partSize - 1) / partSize);
        return TypedResults.Created(
            $"/uploads/{session.Id}", signing.Sign(session, http.GetCaller().KeyId, Enumerable.Range(1, count), lifetime));
    }

    private static async Task<IResult> Sign(
        HttpContext http,
        string id,
        SignUploadPartsRequest? request,
        UploadSenders senders,
        UploadFinder finder,
        UploadSessions sessions,
        UploadPartSigning signing,
        IOptions<UploadSigningOptions> options,
        CancellationToken cancellationToken)
    {
        var (sender, lifetime, problem) = await FindSignerAsync(
            http, senders, options.Value, request?.ExpiresIn, "A signed address is for one upload, and signs no other.", cancellationToken);
        if (sender is null)
        {
            return problem!;
        }

        var (session, missing) = await FindAsync(finder, sender, id, cancellationToken);
        if (session is null)
        {
            return missing!;
        }

        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(signing.Sign(
            session, http.GetCaller().KeyId, await MissingAsync(sessions, session, cancellationToken), lifetime));
    }

    private static async Task<IResult> Put(
        HttpContext http,
        string id,
        string number,
        UploadSenders senders,
        UploadFinder finder,
        UploadSessions sessions,
        CancellationToken cancellationToken)
    {
        var isNumber = int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var part) && part > 0;
        var (sender, problem) = await senders.FindAsync(http, cancellationToken, isNumber ? part : -1);
        if (sender is null)
        {
            return problem!;
        }

        var (session, missing) = await FindAsync(finder, sender, id, cancellationToken);
        if (session is null)
        {
            return missing!;
        }

        if (!isNumber || session.LengthOfPart(part) is not { } length)
        {
            return UploadErrors.PartNotFound(session, number);
        }

        // The length of a signed address is that of the part, unless the upload was continued in parts of another size.
        if (http.Request.ContentLength != length || (sender.Grant?.Length ?? length) != length)
        {
            return UploadErrors.PartLength(length, http.Request.ContentLength);
        }

        if (!DeclaredChecksum.TryReadDigests(http.Request.Headers[UploadHeaders.ContentDigest], out var digests))
        {
            return UploadErrors.InvalidHeader(
                UploadHeaders.ContentDigest, http.Request.Headers[UploadHeaders.ContentDigest], "a dictionary such as sha-256=:…:");
        }

        UploadRequest.AllowLongBody(http.Request);
        await using var verified = VerifiedBody.Of(http.Request, digests);
        try
        {
            var put = await sessions.PutPartAsync(session, part, verified ?? http.Request.Body, cancellationToken);
            if (put.Outcome != PartOutcome.Stored)
            {
                return put.Outcome == PartOutcome.NoSuchPart
                    ? UploadErrors.PartNotFound(session, number)
                    : UploadErrors.Completed(isFinal: false);
            }

            if (put.ETag is { } etag)
            {
                http.Response.Headers.ETag = $"\"{etag}\"";
            }

            return TypedResults.NoContent();
        }
        catch (ChecksumMismatchException mismatch)
        {
            return UploadErrors.Checksum(mismatch, UploadErrors.ChecksumMismatchStatus);
        }
        catch (FileWriteException failure)
        {
            return FileErrors.WriteFailed(failure);
        }
    }

    private static async Task<IResult> Complete(
        HttpContext http,
        string id,
        UploadSenders senders,
        UploadFinder finder,
        UploadSessions sessions,
        CancellationToken cancellationToken)
    {
        var (sender, problem) = await senders.FindAsync(http, cancellationToken, part: 0);
        if (sender is null)
        {
            return problem!;
        }

        // A repeated request finds the result.
        var (session, missing) = await finder.FindAsync(sender, id, settles: false, cancellationToken);
        if (session is null)
        {
            return missing!;
        }

        if (session.State == UploadSessionState.Receiving)
        {
            if (session.PartSize is null)
            {
                return UploadErrors.NotInParts();
            }

            var completed = await sessions.CompleteAsync(session.Id, cancellationToken);
            if (completed.Outcome == Core.Uploads.CompletionOutcome.Incomplete)
            {
                return UploadErrors.PartsMissing(await MissingAsync(sessions, session, cancellationToken));
            }

            if (completed.Session is not { } ended)
            {
                return UploadErrors.NotFound(id);
            }

            session = ended;
        }

        session = await finder.FinishAsync(session, cancellationToken);
        if (session.Failure is { } failure)
        {
            return UploadErrors.NotProcessed(failure);
        }

        UploadFinder.WriteResult(http.Response, session);
        return TypedResults.Ok(UploadResponse.Of(session));
    }

    /// <summary>Finds the sender of a request for addresses, who must have a key, and the time for which they are to be valid.</summary>
    private static async Task<(UploadSender? Signer, TimeSpan Lifetime, IResult? Problem)> FindSignerAsync(
        HttpContext http,
        UploadSenders senders,
        UploadSigningOptions options,
        double? expiresIn,
        string refusal,
        CancellationToken cancellationToken)
    {
        var (sender, problem) = await senders.FindAsync(http, cancellationToken);
        return sender is null ? (null, default, problem)
            : sender.Grant is not null ? (null, default, UploadErrors.GrantForbids(refusal))
            : options.LifetimeOf(expiresIn) is { } lifetime ? (sender, lifetime, null)
            : (null, default, UploadErrors.InvalidLifetime(options.MaxLifetime));
    }

    private static async Task<(UploadSession? Session, IResult? Problem)> FindAsync(
        UploadFinder finder, UploadSender sender, string id, CancellationToken cancellationToken)
    {
        var (session, missing) = await finder.FindAsync(sender, id, settles: false, cancellationToken);
        return session switch
        {
            null => (null, missing),
            { State: not UploadSessionState.Receiving } => (null, UploadErrors.Completed(isFinal: false)),
            { PartSize: null } => (null, UploadErrors.NotInParts()),
            _ => (session, null),
        };
    }

    private static async Task<IReadOnlyList<int>> MissingAsync(
        UploadSessions sessions, UploadSession session, CancellationToken cancellationToken)
    {
        var stored = (await sessions.ListPartsAsync(session.Id, cancellationToken)).ToHashSet();
        var count = (int)((session.Length!.Value + session.PartSize!.Value - 1) / session.PartSize.Value);
        return [.. Enumerable.Range(1, count).Where(number => !stored.Contains(number))];
    }
}
