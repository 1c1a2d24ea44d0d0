using System.Globalization;
using MediaAspire.Api.Files;
using MediaAspire.Core.Files;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Uploads;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.Uploads;

/// <summary>The part of requests on uploads that does not depend on the protocol.</summary>
internal sealed class UploadFinder(UploadSessions sessions, IOptionsMonitor<UploadSessionOptions> options)
{
    /// <summary>The longest time that the response to the last bytes waits for what becomes of them.</summary>
    private static readonly TimeSpan s_resultWithin = TimeSpan.FromSeconds(20);

    /// <summary>Gets the address of an upload for a sender.</summary>
    public static string AddressOf(HttpRequest request, UploadSender sender, UploadSession session) =>
        $"{request.PathBase}/uploads/{session.Id}{sender.Query(request)}";

    /// <summary>Names the result of a completed upload in the response.</summary>
    public static void WriteResult(HttpResponse response, UploadSession session)
    {
        if (UploadResultResponse.Of(session) is { } result)
        {
            response.Headers[UploadHeaders.Result] = result.Address;
        }
    }

    /// <summary>Finds an upload that the sender sees and may write.</summary>
    /// <param name="sender">The sender.</param>
    /// <param name="id">The id as the client wrote it.</param>
    /// <param name="settles">A value indicating whether an append that is under way is ended first, so that the offset is final.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<(UploadSession? Session, IResult? Problem)> FindAsync(
        UploadSender sender, string id, bool settles, CancellationToken cancellationToken)
    {
        if (!UploadSessionId.TryParse(id, out var parsed)
            || await sessions.FindAsync(parsed, cancellationToken) is not { } session || !sender.Sees(session))
        {
            return (null, UploadErrors.NotFound(id));
        }

        if (sender.Allow(session.Target) is { } forbidden)
        {
            return (null, forbidden);
        }

        // Only for those who may: it ends a request of another sender.
        return !settles || session.State != UploadSessionState.Receiving ? (session, null)
            : await sessions.SettleAsync(parsed, cancellationToken) is { } settled ? (settled, null)
            : (null, UploadErrors.NotFound(id));
    }

    /// <summary>Creates an upload. That of a signed address is found when an earlier request has created it.</summary>
    public async Task<(UploadSession? Session, IResult? Problem)> CreateAsync(
        UploadSender sender, NewUploadSession upload, CancellationToken cancellationToken)
    {
        var largest = Math.Min(upload.MaxLength ?? long.MaxValue, options.CurrentValue.MaxLength);
        if (upload.Length > largest)
        {
            return (null, UploadErrors.TooLarge(largest));
        }

        upload = upload with { MaxLength = largest };
        if (sender.Grant is not { } grant)
        {
            return (await sessions.CreateAsync(upload, cancellationToken), null);
        }

        var id = new UploadSessionId(grant.Upload);
        return await sessions.FindOrCreateAsync(id, upload, cancellationToken) is { } session
            ? (session, null)
            : (null, UploadErrors.NotFound(id.ToString()));
    }

    /// <summary>
    /// Appends the body of the request that has created an upload. When it breaks off, the client has no address to continue at, so that
    /// the upload is removed; a signed address names it.
    /// </summary>
    public async Task<(UploadSession? Session, IResult? Problem)> AppendFirstAsync(
        HttpContext http,
        UploadSender sender,
        UploadSession session,
        IReadOnlyList<DeclaredChecksum> checksums,
        AppendEnd end,
        int mismatchStatus,
        CancellationToken cancellationToken)
    {
        var isKept = false;
        try
        {
            var appended = await AppendAsync(http, session, offset: 0, checksums, end, mismatchStatus, cancellationToken);
            isKept = appended.Problem is null;
            return appended;
        }
        finally
        {
            if (!isKept && sender.Grant is null)
            {
                using var limit = new CancellationTokenSource(options.CurrentValue.CommitWithin);
                await sessions.CancelAsync(session.Id, limit.Token);
            }
        }
    }

    /// <summary>Appends the body of a request.</summary>
    /// <param name="http">The request.</param>
    /// <param name="session">The upload.</param>
    /// <param name="offset">The offset that the client named.</param>
    /// <param name="checksums">The checksums of the body; all must match.</param>
    /// <param name="end">What the end of the body means.</param>
    /// <param name="mismatchStatus">The status for a body with another checksum.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The upload afterwards, or the problem; the response then has the offset.</returns>
    public async Task<(UploadSession? Session, IResult? Problem)> AppendAsync(
        HttpContext http,
        UploadSession session,
        long offset,
        IReadOnlyList<DeclaredChecksum> checksums,
        AppendEnd end,
        int mismatchStatus,
        CancellationToken cancellationToken)
    {
        UploadRequest.AllowLongBody(http.Request);
        await using var verified = VerifiedBody.Of(http.Request, checksums);
        AppendResult appended;
        try
        {
            appended = await sessions.AppendAsync(
                session.Id,
                offset,
                verified ?? http.Request.Body,
                new AppendOptions
                {
                    ContentLength = http.Request.ContentLength,
                    Completes = end == AppendEnd.Completes,
                    StaysOpen = end == AppendEnd.StaysOpen,
                    IsAtomic = verified is not null,
                },
                cancellationToken);
        }
        catch (FileWriteException failure)
        {
            return (null, FileErrors.WriteFailed(failure));
        }

        if (appended.Session is not null)
        {
            http.Response.Headers[UploadHeaders.Offset] = appended.Offset.ToString(CultureInfo.InvariantCulture);
        }

        return appended.Outcome switch
        {
            AppendOutcome.Appended => (await FinishAsync(appended.Session!, cancellationToken), null),
            AppendOutcome.Interrupted => (null, UploadErrors.Interrupted()),
            AppendOutcome.TakenOver => (null, UploadErrors.TakenOver()),
            AppendOutcome.NotFound => (null, UploadErrors.NotFound(session.Id.ToString())),
            AppendOutcome.WrongOffset => (null, UploadErrors.WrongOffset(appended.Offset, offset)),
            AppendOutcome.TooLarge => (null, session.Length is { } length
                ? UploadErrors.ExceedsLength(length)
                : UploadErrors.TooLarge(session.MaxLength)),
            AppendOutcome.TooManyPieces => (null, UploadErrors.TooManyAppends(options.CurrentValue.MaxPieces)),
            AppendOutcome.Closed => (null, Closed(appended, offset)),
            AppendOutcome.InParts => (null, UploadErrors.InParts()),
            AppendOutcome.ChecksumMismatch => (null, UploadErrors.Checksum(verified!.Mismatch, mismatchStatus)),
            _ => throw new System.Diagnostics.UnreachableException($"Unknown outcome {appended.Outcome} of an append."),
        };
    }

    /// <summary>Waits a little for what becomes of an upload that has all its bytes.</summary>
    public async Task<UploadSession> FinishAsync(UploadSession session, CancellationToken cancellationToken) =>
        session.State == UploadSessionState.Completing
            ? await sessions.WaitAsync(session.Id, s_resultWithin, cancellationToken) ?? session
            : session;

    /// <summary>Removes an unfinished upload and its bytes.</summary>
    public async Task<IResult> CancelAsync(UploadSession session, CancellationToken cancellationToken) =>
        await sessions.CancelAsync(session.Id, cancellationToken) switch
        {
            CancelOutcome.NotFound => UploadErrors.NotFound(session.Id.ToString()),
            CancelOutcome.Finished => UploadErrors.Finished(),
            _ => TypedResults.NoContent(),
        };

    private static ProblemHttpResult Closed(AppendResult appended, long offset) => appended switch
    {
        { Session.State: UploadSessionState.Failed } => UploadErrors.Failed(appended.Session.Failure!),
        _ when appended.Offset != offset => UploadErrors.WrongOffset(appended.Offset, offset),
        _ => UploadErrors.Completed(isFinal: false),
    };
}

/// <summary>The meanings of the end of a body.</summary>
internal enum AppendEnd
{
    /// <summary>The upload is complete when it has its length.</summary>
    ByLength,

    /// <summary>The upload is complete.</summary>
    Completes,

    /// <summary>The upload is not complete, whatever its length is.</summary>
    StaysOpen,
}
