namespace MediaAspire.Api.Security;

/// <summary>Finds the key in a request's headers.</summary>
internal static class ApiKeyHeaders
{
    public const string Name = "X-Api-Key";

    private const string BearerPrefix = "Bearer ";

    // Parameters of these names carry keys elsewhere. In a URL, a key ends up in histories, logs and Referer headers.
    private static readonly string[] s_parameters = ["api_key", "apikey", "api-key", "access_token", "x-api-key"];

    /// <summary>Reads the key from <c>X-Api-Key</c> or <c>Authorization: Bearer</c>.</summary>
    /// <param name="headers">The request's headers.</param>
    /// <param name="text">The key; <see langword="null"/> when the request has none.</param>
    /// <returns><see langword="false"/> when there are several, or the authorization is of another scheme.</returns>
    public static bool TryRead(IHeaderDictionary headers, out string? text)
    {
        text = null;
        var (keys, authorizations) = (headers[Name], headers.Authorization);
        switch (keys.Count, authorizations.Count)
        {
            case (0, 0):
                return true;
            case (1, 0):
                text = keys[0] ?? "";
                return true;
            case (0, 1) when authorizations[0] is { } authorization
                && authorization.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase):
                text = authorization[BearerPrefix.Length..];
                return true;
            default:
                return false;
        }
    }

    /// <summary>Gets a value indicating whether the URL has a key in its query.</summary>
    public static bool IsInQuery(HttpRequest request)
    {
        if (!request.QueryString.HasValue)
        {
            return false;
        }

        foreach (var (name, values) in request.Query)
        {
            if (s_parameters.Contains(name, StringComparer.OrdinalIgnoreCase)
                || (name.Equals("key", StringComparison.OrdinalIgnoreCase)
                    && values.Any(value => value?.StartsWith(Core.ApiKeys.ApiKeyFormat.Prefix, StringComparison.Ordinal) == true)))
            {
                return true;
            }
        }

        return false;
    }
}
