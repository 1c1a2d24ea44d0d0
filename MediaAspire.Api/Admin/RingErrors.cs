using MediaAspire.Api.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Admin;

/// <summary>Every problem that the ring route returns; <c>code</c> is stable for clients.</summary>
internal static class RingErrors
{
    public static ProblemHttpResult InvalidKey() => Problem.Of(
        StatusCodes.Status400BadRequest, "ring-key-invalid",
        "A key is an unsigned 64-bit number: decimal, or hexadecimal after 0x, such as 0x8000000000000000.");

    public static ProblemHttpResult InvalidArcs(int arcs) => Problem.Of(
        StatusCodes.Status400BadRequest,
        "ring-arcs-invalid",
        $"A map has 1 to {RingEndpoints.MaxArcs} arcs, and {arcs} is outside of that.");
}
