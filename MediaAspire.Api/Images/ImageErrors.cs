using MediaAspire.Api.Problems;
using MediaAspire.Core.Images;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Images;

/// <summary>The problems of the image routes; <c>code</c> is stable for clients.</summary>
internal static class ImageErrors
{
    public static ProblemHttpResult InvalidAlias(string alias) => Problem.Of(
        StatusCodes.Status400BadRequest, "alias-invalid", $"\"{Problem.Shorten(alias)}\" is not an alias: {ImageAlias.Rule}.");

    public static ProblemHttpResult AliasNotFound(ImageAlias alias) => Problem.Of(
        StatusCodes.Status404NotFound, "alias-not-found", $"Image '{alias}' does not exist.");
}
