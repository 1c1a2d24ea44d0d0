using MediaAspire.Api.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Audit;

/// <summary>Every problem that has to do with the audit log; <c>code</c> is stable for clients.</summary>
internal static class AuditErrors
{
    public static ProblemHttpResult Unavailable() => Problem.Of(
        StatusCodes.Status503ServiceUnavailable,
        "audit-unavailable",
        "The change could not be recorded in the audit log, but may have been made. Check it, and try again later.");

    public static ProblemHttpResult InvalidTime(string name, string value) => Problem.Of(
        StatusCodes.Status400BadRequest, "time-invalid", $"'{name}' is '{value}'. Expected a time such as 2026-11-30T12:00:00Z.");

    public static ProblemHttpResult InvalidAddress(string value) => Problem.Of(
        StatusCodes.Status400BadRequest,
        "address-invalid",
        $"'{value}' is not an address or a network. Expected 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32.");

    public static ProblemHttpResult InvalidChoice(string name, string value, string choices) => Problem.Of(
        StatusCodes.Status400BadRequest, "filter-invalid", $"'{name}' is '{value}'. Expected {choices}.");

    public static ProblemHttpResult InvalidCursor(string value) => Problem.Of(
        StatusCodes.Status400BadRequest, "after-invalid", $"'{value}' is not the id of an event. Use the \"next\" of the previous page.");

    public static ProblemHttpResult InvalidLimit(int limit, int max) => Problem.Of(
        StatusCodes.Status400BadRequest, "limit-out-of-range", $"A page has 1 to {max} events, not {limit}.");
}
