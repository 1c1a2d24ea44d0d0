using MediaAspire.Api.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Admin;

/// <summary>Every problem of the notification routes; <c>code</c> is stable for clients.</summary>
internal static class NotificationErrors
{
    public static ProblemHttpResult NotFound(string target) => Problem.Of(
        StatusCodes.Status404NotFound, "notification-target-not-found",
        $"Target '{Problem.Shorten(target)}' is not in the settings (Notifications:Targets), and has no events.");

    public static ProblemHttpResult InvalidState(string state) => Problem.Of(
        StatusCodes.Status400BadRequest, "notification-state-invalid",
        $"'{Problem.Shorten(state)}' is not a state of events. Use pending, delivered or dead.");

    public static ProblemHttpResult NotReplayable(string state) => Problem.Of(
        StatusCodes.Status400BadRequest, "notification-state-invalid",
        $"Events in the state '{Problem.Shorten(state)}' cannot be replayed. Use delivered or dead, or leave \"only\" out for both.");

    public static ProblemHttpResult InvalidLimit(int limit, int max) => Problem.Of(
        StatusCodes.Status400BadRequest, "limit-out-of-range", $"A page has 1 to {max} events, not {limit}.");

    public static ProblemHttpResult InvalidRange() => Problem.Of(
        StatusCodes.Status400BadRequest, "notification-range-invalid",
        "Send {\"from\": 1} with the first sequence number, at least 0, and optionally \"to\" with the last one.");
}
