using MediaAspire.Api.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Admin;

/// <summary>The problems of the routes of limits; <c>code</c> is stable for clients.</summary>
internal static class KeyLimitErrors
{
    public static ProblemHttpResult NotFound(string id) => Problem.Of(
        StatusCodes.Status404NotFound, "key-not-found", $"Key '{Problem.Shorten(id)}' does not exist.");

    public static ProblemHttpResult OutOfRange(string name, double value, double min, double max) => Problem.Of(
        StatusCodes.Status400BadRequest, "limit-invalid",
        FormattableString.Invariant($"\"{name}\" is {value}; it must be {min} to {max}, or null for the value of the settings."));

    public static ProblemHttpResult BurstAlone() => Problem.Of(
        StatusCodes.Status400BadRequest, "limit-invalid", "\"burst\" has no effect without \"requestsPerSecond\". Set both, or neither.");
}
