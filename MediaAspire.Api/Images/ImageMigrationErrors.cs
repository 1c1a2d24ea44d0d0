using MediaAspire.Api.Problems;
using MediaAspire.Core.Images;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Images;

/// <summary>The problems of <c>/admin/images/migration</c>; <c>code</c> is stable for clients.</summary>
internal static class ImageMigrationErrors
{
    public static ProblemHttpResult UnknownStore(string? store) => Problem.Of(
        StatusCodes.Status400BadRequest,
        "store-unknown",
        $"\"{Problem.Shorten(store ?? "")}\" is not a store of images. "
        + $"Send {{\"to\": \"{StoreNames.Of(ImageStore.Chunks)}\"}} or {{\"to\": \"{StoreNames.Of(ImageStore.S3)}\"}}.");

    public static ProblemHttpResult InvalidRate(long rate) => Problem.Of(
        StatusCodes.Status400BadRequest, "rate-invalid", $"\"bytesPerSecond\" must be at least 1, not {rate}.");

    public static ProblemHttpResult OtherActive() => Problem.Of(
        StatusCodes.Status409Conflict, "migration-active", "Another migration is running or paused. Wait until it ends, or cancel it.");

    public static ProblemHttpResult WrongState(string verb) => Problem.Of(
        StatusCodes.Status409Conflict,
        "migration-wrong-state",
        $"There is no migration to {verb}. GET /admin/images/migration shows the state of the latest.");
}
