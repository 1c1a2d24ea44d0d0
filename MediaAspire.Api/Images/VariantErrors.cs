using MediaAspire.Api.Problems;
using MediaAspire.Core.Images;
using MediaAspire.Core.Images.Signing;
using MediaAspire.Core.Images.Variants;
using MediaAspire.Core.Imaging;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Images;

/// <summary>The problems of variants and signed addresses; <c>code</c> is stable for clients.</summary>
internal static class VariantErrors
{
    public static ProblemHttpResult Of(VariantFault fault) => Problem.Of(
        fault.Kind switch
        {
            VariantFaultKind.Invalid => StatusCodes.Status400BadRequest,
            VariantFaultKind.Forbidden => StatusCodes.Status403Forbidden,
            VariantFaultKind.NotFound => StatusCodes.Status404NotFound,
            _ => StatusCodes.Status422UnprocessableEntity,
        },
        fault.Code,
        fault.Message);

    /// <summary>Creates the problem of a picture that a variant cannot be made of.</summary>
    public static ProblemHttpResult Of(ImageFailure failure) =>
        Problem.Of(StatusCodes.Status422UnprocessableEntity, failure.Code, failure.Message);

    public static ProblemHttpResult NotAllowed(TransformationMode mode) => Problem.Of(
        StatusCodes.Status403Forbidden, "transformation-not-allowed",
        mode == TransformationMode.Presets
            ? "Only presets are allowed: send ?preset=NAME and nothing else but format=auto, or a signed address."
            : "Only signed addresses are allowed. Ask the owner of the image for one.");

    public static ProblemHttpResult SignatureRefused(SignatureOutcome outcome) => outcome == SignatureOutcome.Expired
        ? Problem.Of(StatusCodes.Status403Forbidden, "signature-expired", "The address has expired. Ask for a new one.")
        : InvalidSignature();

    public static ProblemHttpResult InvalidSignature() => Problem.Of(
        StatusCodes.Status403Forbidden, "signature-invalid",
        "The signature is not that of the address. Use the address exactly as it was signed.");

    public static ProblemHttpResult NotMade(ImageAlias alias) => Problem.Of(
        StatusCodes.Status404NotFound, "variant-not-found", $"This variant of image '{alias}' is not made yet. GET makes it.");

    public static ProblemHttpResult NoMotion(ImageAlias alias) => Problem.Of(
        StatusCodes.Status422UnprocessableEntity, "media-disallowed", $"Image '{alias}' is one picture, and has no motion.");

    /// <summary>Checks the work that a variant takes.</summary>
    /// <returns>The problem; <see langword="null"/> for none.</returns>
    public static ProblemHttpResult? RefuseWork(ImageRequest request, ImageDetails source) =>
        VariantSize.LargestOf(request, source).IsTooLarge ? TooLarge()
        : VariantSize.LargestBlurOf(request, source) > VariantSize.MaxBlur ? TooSlow()
        : null;

    private static ProblemHttpResult TooSlow() => Problem.Of(
        StatusCodes.Status422UnprocessableEntity, "variant-too-slow",
        "The blur would take too long: its sigma times the pixels of the picture may be "
        + $"{VariantSize.MaxBlur / 1_000_000} million. Resize first, or use a smaller sigma.");

    private static ProblemHttpResult TooLarge() => Problem.Of(
        StatusCodes.Status422UnprocessableEntity, "variant-too-large",
        $"The variant would have more than {VariantSize.MaxArea / 1_000_000} million pixels. Ask for a smaller one.");

    public static ProblemHttpResult Pending() => Problem.Of(
        StatusCodes.Status503ServiceUnavailable, "variant-pending", "The variant is not made yet, and the work goes on. Try again later.");

    public static ProblemHttpResult Busy() => Problem.Of(
        StatusCodes.Status503ServiceUnavailable, "variants-busy", "Too many variants are being made. Try again later.");

    public static ProblemHttpResult NoSigningKey() => Problem.Of(
        StatusCodes.Status409Conflict, "signing-key-missing",
        "There is no key to sign with. Set Images:Signing:Keys:ID to a secret of at least 32 characters.");

    public static ProblemHttpResult InvalidLifetime(TimeSpan longest) => Problem.Of(
        StatusCodes.Status400BadRequest, "lifetime-invalid",
        $"'expiresIn' must be a number of seconds from 1 to {longest.TotalSeconds:0}.");

    public static ProblemHttpResult InvalidSignRequest(string reason) => Problem.Of(
        StatusCodes.Status400BadRequest, "sign-request-invalid", reason);

    public static ProblemHttpResult UnsignedSource(string source) => Problem.Of(
        StatusCodes.Status403Forbidden, "imgproxy-source-forbidden",
        $"The source \"{Problem.Shorten(source)}\" is on another server. Sign the address, or use a key with images:write.");
}
