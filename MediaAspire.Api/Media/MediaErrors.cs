using MediaAspire.Api.Problems;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Media;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Media;

/// <summary>The problems of the media routes; <c>code</c> is stable for clients.</summary>
internal static class MediaErrors
{
    public static ProblemHttpResult InvalidId(string id) => Problem.Of(
        StatusCodes.Status400BadRequest, "media-id-invalid",
        $"\"{Problem.Shorten(id)}\" is not the id of a media item; ids are UUIDs such as 01936f3e-9c5a-7cc1-8f1e-3a1d8b0c4e55.");

    public static ProblemHttpResult NotFound(MediaId id) => Problem.Of(
        StatusCodes.Status404NotFound, "media-not-found", $"Media item {id} does not exist.");

    public static ProblemHttpResult MalformedBody(string? path) => Problem.Of(
        StatusCodes.Status400BadRequest, "request-malformed",
        path is null or "$"
            ? "The body is not a JSON object of this request. Unknown fields are refused."
            : $"The body has an unknown field or a value of another type at '{Problem.Shorten(path)}'.");

    public static ProblemHttpResult UnsupportedBody(string? contentType) => Problem.Of(
        StatusCodes.Status415UnsupportedMediaType, "media-type-unsupported",
        $"The body must be application/json, not \"{Problem.Shorten(contentType ?? "nothing")}\".");

    public static ProblemHttpResult BodyTooLarge(long limit) => Problem.Of(
        StatusCodes.Status413PayloadTooLarge, "body-too-large", $"The body may have at most {limit} bytes.");

    public static ProblemHttpResult OwnerRequired() => Problem.Of(
        StatusCodes.Status400BadRequest, "media-owner-required",
        "The key is bound to no owner. Name the owner of the item in 'owner'.");

    public static ProblemHttpResult OwnerForbidden(string named, OwnerId bound) => Problem.Of(
        StatusCodes.Status403Forbidden, "owner-forbidden",
        $"The key belongs to owner '{bound}' and cannot act for '{Problem.Shorten(named)}'. Leave the owner out, or use a key that is bound "
            + "to no owner.");

    public static ProblemHttpResult InvalidOwner(string owner) => Problem.Of(
        StatusCodes.Status400BadRequest, "media-owner-invalid",
        $"\"{Problem.Shorten(owner)}\" is not the owner of media: {MediaOwner.Rule}.");

    public static ProblemHttpResult InvalidAlias(string alias) => Problem.Of(
        StatusCodes.Status400BadRequest, "media-alias-invalid", $"\"{Problem.Shorten(alias)}\" is not an alias: {MediaAlias.Rule}.");

    public static ProblemHttpResult InvalidEvents(string reason) => Problem.Of(
        StatusCodes.Status400BadRequest, "media-events-invalid",
        $"{Problem.Shorten(reason)} Send a notification of S3, one in the envelope of SNS, or {{\"key\": \"media/…\"}}.");

    /// <summary>Creates the problem of a key that is bound to an owner, where objects of every owner are reported.</summary>
    public static ProblemHttpResult EventsOfAllOwners() => Problem.Of(
        StatusCodes.Status403Forbidden, "owner-forbidden",
        "The API key acts for one owner, and events concern the media of all owners. Use a key without an owner.");

    /// <summary>Creates the problem of an alias that another item of the owner has.</summary>
    public static ProblemHttpResult AliasTaken(AliasConflict conflict)
    {
        const string code = "media-alias-taken";

        return TypedResults.Problem(
            $"Item {conflict.Id} of owner '{conflict.Owner}' has this alias already. Choose another, or take it from that item first.",
            statusCode: StatusCodes.Status409Conflict,
            type: Problem.TypeOf(code),
            extensions: [new("code", code), new("id", conflict.Id.Value), new("owner", conflict.Owner.Value)]);
    }
}
