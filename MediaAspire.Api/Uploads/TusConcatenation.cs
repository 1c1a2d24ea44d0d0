using MediaAspire.Core.Ids;
using MediaAspire.Core.Uploads;

namespace MediaAspire.Api.Uploads;

/// <summary>The extension "concatenation" of tus: several partial uploads become one.</summary>
internal sealed class TusConcatenation(UploadSessions sessions, UploadTargets targets, UploadFinder finder)
{
    public const string Partial = "partial";
    public const string FinalPrefix = "final;";

    // Their addresses are in one header, which is at most 32 KiB with all others.
    private const int MostParts = 500;

    /// <summary>Creates the upload that consists of others.</summary>
    public async Task<IResult> CreateAsync(
        HttpContext http,
        UploadSender sender,
        UploadFields fields,
        string? metadata,
        string concat,
        CancellationToken cancellationToken)
    {
        if (http.Request.Headers.ContainsKey(UploadHeaders.Length) || http.Request.Headers.ContainsKey(UploadHeaders.DeferLength))
        {
            return UploadErrors.UnexpectedHeader(
                UploadHeaders.Length, "the length of a final upload is the sum of those of its partial uploads. Leave it out.");
        }

        if (sender.Grant is not null)
        {
            return UploadErrors.GrantForbids("A signed address is for one upload, which cannot consist of others.");
        }

        var addresses = concat[FinalPrefix.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (addresses.Length is 0 or > MostParts)
        {
            return UploadErrors.InvalidConcat($"Upload-Concat has {addresses.Length} addresses. It must have 1 to {MostParts}.");
        }

        var parts = new List<UploadSessionId>(addresses.Length);
        long length = 0;
        foreach (var address in addresses)
        {
            // Absolute or relative, on whichever name of this server the client used.
            if (!UploadSessionId.TryParse(IdOf(address), out var id)
                || await sessions.FindAsync(id, cancellationToken) is not { IsPartial: true } part || !sender.Sees(part))
            {
                return UploadErrors.InvalidConcat($"\"{Problems.Problem.Shorten(address)}\" is not the address of a partial upload.");
            }

            if (part.State != UploadSessionState.Completed)
            {
                return UploadErrors.PartsUnfinished();
            }

            parts.Add(id);
            length += part.Length!.Value;
        }

        var (wanted, problem) = await targets.ReadAsync(http, sender, fields, length, cancellationToken);
        if (wanted is null)
        {
            return problem!;
        }

        if (length > wanted.MaxLength)
        {
            return UploadErrors.TooLarge(wanted.MaxLength.Value);
        }

        var upload = wanted with { Length = length, Metadata = UploadMemory.Of(fields, metadata, concat) };
        return await sessions.ConcatenateAsync(upload, parts, cancellationToken) is { Session: { } session }
            ? TusDoor.Created(http, sender, await finder.FinishAsync(session, cancellationToken))
            : UploadErrors.PartsUnfinished();
    }

    private static string IdOf(string address)
    {
        var path = address.Split('?')[0];
        return path[(path.LastIndexOf('/') + 1)..];
    }
}
