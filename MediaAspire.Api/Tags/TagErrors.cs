using MediaAspire.Api.Problems;
using MediaAspire.Core.Media;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Tags;

/// <summary>The problems of the tag routes; <c>code</c> is stable for clients.</summary>
internal static class TagErrors
{
    public static ProblemHttpResult Invalid(string field) => Problem.Of(
        StatusCodes.Status400BadRequest, "tag-invalid", $"\"{field}\" must have {MediaTags.Rule}.");

    public static ProblemHttpResult InvalidLimit(int limit, int max) => Problem.Of(
        StatusCodes.Status400BadRequest, "limit-invalid", $"The limit {limit} is not a number from 1 to {max}.");

    public static ProblemHttpResult SameName(string tag) => Problem.Of(
        StatusCodes.Status400BadRequest, "tag-unchanged", $"The tag '{tag}' has this name already, after both were normalized.");

    public static ProblemHttpResult NotFound(string tag) => Problem.Of(
        StatusCodes.Status404NotFound, "tag-not-found", $"The tag '{tag}' does not exist.");

    public static ProblemHttpResult ChangeNotFound(Guid id) => Problem.Of(
        StatusCodes.Status404NotFound, "tag-change-not-found",
        $"The change {id} of a tag does not exist. Changes of few items are finished at once, and others are forgotten after a week.");
}
