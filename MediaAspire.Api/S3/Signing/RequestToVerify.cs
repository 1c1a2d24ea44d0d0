using Microsoft.AspNetCore.Http.Features;

namespace MediaAspire.Api.S3.Signing;

/// <summary>The signed elements of a request.</summary>
/// <param name="Method">The method, in upper case.</param>
/// <param name="RawPath">The path as in the request line, still percent-encoded.</param>
/// <param name="RawQuery">The query as in the request line, without the question mark; may be empty.</param>
/// <param name="Headers">The headers as they were sent, including Host.</param>
internal readonly record struct RequestToVerify(string Method, string RawPath, string RawQuery, IHeaderDictionary Headers)
{
    /// <summary>Gets the time for which its address may not cause look-ups of keys in the database; zero when it may.</summary>
    public TimeSpan LookupsRefusedFor { get; init; }

    /// <summary>Creates it from the target as the client sent it: the signed path cannot be derived from a decoded one.</summary>
    public static RequestToVerify From(HttpRequest request)
    {
        var target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var (path, query) = SplitTarget(target);
        return new(request.Method, path, query, request.Headers);
    }

    /// <example><c>/bucket/key?acl</c>, and through a forward proxy <c>http://host/bucket/key?acl</c></example>
    public static (string RawPath, string RawQuery) SplitTarget(string target)
    {
        if (!target.StartsWith('/') && target.IndexOf("://", StringComparison.Ordinal) is > 0 and var scheme)
        {
            var path = target.AsSpan(scheme + 3).IndexOfAny('/', '?');
            target = path < 0 ? "/" : target[(scheme + 3 + path)..];
        }

        var question = target.IndexOf('?', StringComparison.Ordinal);
        var rawPath = question < 0 ? target : target[..question];
        return (rawPath.Length == 0 ? "/" : rawPath, question < 0 ? "" : target[(question + 1)..]);
    }
}
