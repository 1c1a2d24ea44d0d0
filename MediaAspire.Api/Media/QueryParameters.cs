using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Media;

/// <summary>Checks the query of routes whose parameters change what is done: a misspelt one must not be ignored.</summary>
internal static class QueryParameters
{
    /// <summary>Finds the first parameter that a route does not have.</summary>
    /// <param name="request">The request.</param>
    /// <param name="known">The names of the route's parameters.</param>
    /// <returns>The problem with the request; <see langword="null"/> for none.</returns>
    public static ProblemHttpResult? Refuse(HttpRequest request, params string[] known) =>
        request.Query.Keys.FirstOrDefault(name => !known.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } unknown
            ? ProcessingErrors.UnknownParameter(unknown, known)
            : null;
}
