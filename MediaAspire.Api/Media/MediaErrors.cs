using MediaAspire.Api.Problems;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Media;
using MediaAspire.Core.Media.Uploads;
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
        StatusCodes.Status400BadRequest, "json-malformed",
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
        $"The key belongs to owner '{bound}' and cannot act for '{Problem.Shorten(named)}'. Leave the owner out, or use a key "
            + "that is bound to no owner.");

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

    public static ProblemHttpResult InvalidField(FieldFault fault) => TypedResults.Problem(
        $"The field '{fault.Field}' {fault.Reason}.",
        statusCode: fault.Code == NewMediaRules.TooLarge ? StatusCodes.Status413PayloadTooLarge : StatusCodes.Status400BadRequest,
        type: Problem.TypeOf(fault.Code),
        extensions: [new("code", fault.Code), new("field", fault.Field)]);

    public static ProblemHttpResult UnknownFields(string? field, IEnumerable<string> known) => Problem.Of(
        StatusCodes.Status400BadRequest, "field-unknown",
        (field is null ? "Name the fields with ?fields=, separated by commas. " : $"\"{Problem.Shorten(field)}\" is not a field. ")
            + $"The fields are {string.Join(", ", known.Order(StringComparer.Ordinal))}.");

    public static ProblemHttpResult OwnerForbidden() => Problem.Of(
        StatusCodes.Status403Forbidden, "owner-forbidden",
        "The item belongs to another owner than the key. Use a key of that owner, or one that is bound to no owner.");

    public static ProblemHttpResult AliasNotFound(MediaOwner owner, MediaAlias alias) => Problem.Of(
        StatusCodes.Status404NotFound, "media-not-found", $"Owner '{owner}' has no item with the alias '{alias}'.");

    public static ProblemHttpResult NoAliases(MediaOwner owner) => Problem.Of(
        StatusCodes.Status404NotFound, "aliases-not-found", $"Owner '{owner}' has no item with an alias.");

    public static ProblemHttpResult PartNotFound(MediaId id, int number, int count) => Problem.Of(
        StatusCodes.Status404NotFound, "part-not-found", $"Item {id} has no part {number}; its parts are 1 to {count}.");

    public static ProblemHttpResult InvalidPart(string part) => Problem.Of(
        StatusCodes.Status400BadRequest, "part-invalid",
        $"\"{Problem.Shorten(part)}\" is not the number of a part. Give 'part' once, as a number from 1.");

    /// <summary>Creates the problem of a part that pictures cannot be made of.</summary>
    public static ProblemHttpResult NotVisual(MediaItem item, int? number) => Problem.Of(
        StatusCodes.Status422UnprocessableEntity, "media-not-visual",
        (number is null ? $"Item {item.Id} has no part" : $"Part {number} of item {item.Id} is not one")
            + " that was read as a picture or a video. Its details tell more; POST /media/{id}/process?force=true reads it again.");

    public static ProblemHttpResult VariantNotMade(MediaId id) => Problem.Of(
        StatusCodes.Status404NotFound, "variant-not-found", $"This variant of item {id} is not made yet. GET makes it.");

    public static ProblemHttpResult VariantLost(MediaId id) => Problem.Of(
        StatusCodes.Status404NotFound, "lost-file", $"The bytes of this variant of item {id} are lost.");

    public static ProblemHttpResult NotReady(MediaItem item) => Problem.Of(
        StatusCodes.Status412PreconditionFailed, "media-not-ready",
        $"Item {item.Id} is {MediaStatuses.NameOf(item.Status)}. Try again when its status is ready.");

    /// <summary>Creates the problem of a refused request for an item.</summary>
    public static ProblemHttpResult Of(MediaRefusal refusal) => refusal switch
    {
        { Reason: MediaRefusalReason.NotFound } => NotFound(refusal.Id),
        { Reason: MediaRefusalReason.OwnerForbidden } => OwnerForbidden(),
        { Reason: MediaRefusalReason.Unlisted } => Problem.Of(
            StatusCodes.Status418ImATeapot, "media-unlisted", $"Item {refusal.Id} is unlisted: it is neither changed nor removed."),
        { Reason: MediaRefusalReason.NotReady, Item: { } item } => NotReady(item),
        { Reason: MediaRefusalReason.Immutable } => Problem.Of(
            StatusCodes.Status400BadRequest, "media-immutable", $"Item {refusal.Id} is immutable: it is neither changed nor removed."),
        { Reason: MediaRefusalReason.VersionDiffers, Item: { } item } => Problem.Of(
            StatusCodes.Status412PreconditionFailed, "version-mismatch",
            $"Item {refusal.Id} has the version {item.Version}, which If-Match does not name. Read it again, and repeat the change."),
        { Reason: MediaRefusalReason.TooManyTags } => InvalidField(
            FieldFault.Of("tags", $"would give item {refusal.Id} more than {MediaTags.MaxCount} tags")),
        { Reason: MediaRefusalReason.ReferencesForbidden } => ReferencesForbidden(refusal.References),
        { Reason: MediaRefusalReason.Referenced } => Referenced(refusal),
        { Reason: MediaRefusalReason.AliasTaken, Conflict: { } conflict } => AliasTaken(conflict),
        _ => throw new System.Diagnostics.UnreachableException($"Unhandled refusal {refusal.Reason}."),
    };

    /// <summary>Creates the problem of an item that may not refer to others, with every reason.</summary>
    public static ProblemHttpResult ReferencesForbidden(IEnumerable<ReferenceFault> faults)
    {
        const string code = "media-references-forbidden";

        var reasons = faults.Select(fault => new ReferenceFaultResponse(fault.Id.Value, NameOf(fault.Reason))).ToArray();
        return TypedResults.Problem(
            "The item may not refer to these items: "
                + string.Join(", ", reasons.Take(5).Select(reason => $"{reason.Id} ({reason.Reason})")) + ".",
            statusCode: StatusCodes.Status403Forbidden,
            type: Problem.TypeOf(code),
            extensions: [new("code", code), new("references", reasons)]);
    }

    private static ProblemHttpResult Referenced(MediaRefusal refusal)
    {
        const string code = "media-referenced";

        return TypedResults.Problem(
            $"Item {refusal.Id} is referred to by {string.Join(", ", refusal.Referrers.Take(5))}. Nothing was changed. "
                + "Take the reference from that item first, or delete that item.",
            statusCode: StatusCodes.Status409Conflict,
            type: Problem.TypeOf(code),
            extensions: [new("code", code), new("referrers", refusal.Referrers.Select(id => id.Value).ToArray())]);
    }

    private static string NameOf(ReferenceReason reason) => reason switch
    {
        ReferenceReason.Itself => "itself",
        ReferenceReason.OtherOwner => "other-owner",
        ReferenceReason.NotReady => "not-ready",
        ReferenceReason.Nested => "nested",
        ReferenceReason.SpecialKind => "special-kind",
        ReferenceReason.Immutable => "immutable",
        ReferenceReason.PrivateOrUnlisted => "private-or-unlisted",
        ReferenceReason.Temporary => "temporary",
        _ => "referenced-elsewhere",
    };
}

/// <summary>A reason why an item may not refer to another one.</summary>
/// <param name="Id">The item that the reason is about.</param>
/// <param name="Reason">A stable name in kebab-case.</param>
public sealed record ReferenceFaultResponse(Guid Id, string Reason);
