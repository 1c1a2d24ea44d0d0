namespace MediaAspire.Api.Problems;

/// <summary>Describes the problems of routes in the reference.</summary>
internal static class ProblemDescriptions
{
    /// <summary>Adds the statuses of the problems that a route may answer with.</summary>
    public static RouteHandlerBuilder ProducesProblems(this RouteHandlerBuilder route, params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses)
        {
            route.ProducesProblem(status);
        }

        return route;
    }
}
