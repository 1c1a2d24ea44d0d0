using MediaAspire.Api.Problems;
using MediaAspire.Core.Media;
using MediaAspire.Core.Media.Uploads;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Media;

/// <summary>The problems of uploads of media; <c>code</c> is stable for clients.</summary>
internal static class UploadErrors
{
    private const string RenewHint = "Ask for new addresses with POST /media/{id}/uploads, and upload again.";

    public static ProblemHttpResult InvalidExpires() => MediaErrors.InvalidField(FieldFault.Of("expires", "must be 1 to 86,400 seconds"));

    public static ProblemHttpResult OfState(FinishResult result) => result.Status switch
    {
        FinishStatus.OtherOwner => MediaErrors.OwnerForbidden(),
        FinishStatus.Expired => Problem.Of(
            StatusCodes.Status410Gone, UploadCodes.Expired,
            $"The upload of item {result.Item!.Id} expired at {result.Item.ExpiresAt:O}. Create the item again."),
        FinishStatus.NotUploaded => WithParts(
            StatusCodes.Status409Conflict,
            "not-uploaded",
            $"The object store does not have part {string.Join(", ", result.Missing)} of item {result.Item!.Id}. Upload it first.",
            result.Missing.Select(number => new PartProblemResponse(number, "not-uploaded", null))),
        FinishStatus.Refused => WithParts(
            StatusCodes.Status422UnprocessableEntity,
            result.Refused[0].Code,
            $"{string.Join(' ', result.Refused.Select(finding => finding.Reason))} The object was removed, and the item waits for another "
                + $"upload. {RenewHint}",
            result.Refused.Select(finding => new PartProblemResponse(finding.Part.Number, finding.Code, finding.Reason))),
        _ => throw new InvalidOperationException($"{result.Status} is not a problem."),
    };

    public static ProblemHttpResult NotPending(MediaItem item) => Problem.Of(
        StatusCodes.Status409Conflict, "media-uploaded",
        $"Item {item.Id} has all its parts, and no upload is expected. Create another item for other bytes.");

    private static ProblemHttpResult WithParts(int status, string code, string detail, IEnumerable<PartProblemResponse> parts) =>
        TypedResults.Problem(
            detail, statusCode: status, type: Problem.TypeOf(code), extensions: [new("code", code), new("parts", parts.ToArray())]);
}

/// <param name="Number">The number of the part.</param>
/// <param name="Code">A stable name in kebab-case.</param>
/// <param name="Reason">A sentence for people.</param>
public sealed record PartProblemResponse(int Number, string Code, string? Reason);
