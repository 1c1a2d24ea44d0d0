using System.Text;

namespace MediaAspire.Api.Security;

/// <summary>Finds the key in a request's headers.</summary>
internal static class ApiKeyHeaders
{
    public const string Name = "X-Api-Key";

    private const string BearerPrefix = "Bearer ";
    private const string BasicPrefix = "Basic ";

    // A user name and a key of the longest form, with space to spare.
    private const int MaxBasicLength = 1024;

    // Parameters of these names carry keys elsewhere. In a URL, a key ends up in histories, logs and Referer headers.
    private static readonly string[] s_parameters = ["api_key", "apikey", "api-key", "access_token", "x-api-key"];

    /// <inheritdoc cref="TryRead(IHeaderDictionary, bool, out string?)"/>
    public static bool TryRead(IHeaderDictionary headers, out string? text) => TryRead(headers, acceptsBasic: false, out text);

    /// <summary>Reads the key from <c>X-Api-Key</c> or <c>Authorization: Bearer</c>.</summary>
    /// <param name="headers">The request's headers.</param>
    /// <param name="acceptsBasic">A value indicating whether the key may be the password of <c>Authorization: Basic</c>.</param>
    /// <param name="text">The key; <see langword="null"/> when the request has none.</param>
    /// <returns><see langword="false"/> when there are several, or the authorization is of another scheme.</returns>
    public static bool TryRead(IHeaderDictionary headers, bool acceptsBasic, out string? text)
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
            case (0, 1) when acceptsBasic && authorizations[0] is { } basic
                && basic.StartsWith(BasicPrefix, StringComparison.OrdinalIgnoreCase):
                return TryReadPassword(basic.AsSpan(BasicPrefix.Length), out text);
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

    // base64("user:password"). The user is of no meaning.
    private static bool TryReadPassword(ReadOnlySpan<char> credentials, out string? password)
    {
        password = null;
        Span<byte> bytes = stackalloc byte[MaxBasicLength];
        if (credentials.Length > MaxBasicLength
            || !Convert.TryFromBase64Chars(credentials, bytes, out var written)
            || bytes[..written].IndexOf((byte)':') is not (>= 0 and var colon))
        {
            return false;
        }

        password = Encoding.UTF8.GetString(bytes[(colon + 1)..written]);
        return true;
    }
}
